"""For every exercise of the course: the grader says of references, mistakes and variants what `check` says."""

from __future__ import annotations

import pytest

from coursekit.authoring.lesson import unanswered
from coursekit.grading.grade_notebook import Grader, blank
from coursekit.grading.models import unavailable
from coursekit.grading.paste import cells_of
from coursekit.grading.reading.extract import extract
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.check import examine
from nnutils.checks.faults import plain_source

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of mistakes that divide by zero
IMPORTS = "import numpy as np\nimport keras"
TOPICS = [topic for topic in lessons() if exercises_of(topic)]
SECONDS = 30  # trials of designs train on a slow machine, too
MOST = 3  # mistakes and variants of an exercise with Keras models; `course.py self-test` grades them all


@pytest.mark.parametrize("topic", TOPICS)
def test_solution_gets_all_and_stubs_get_nothing(runner, topic, sample):
    for secret in sample(topic, [None, "secret"]):
        grader, exercises = Grader(runner, secret), exercises_of(topic)
        answers = [f'{question.name} = "{question.answer}"' for question in questions_of(topic)]
        right, _ = grader.grade(
            [IMPORTS, *(plain_source(exercise.reference) for exercise in exercises), *answers], topic, "ann"
        )
        assert [item.name for item in right if item.points not in (item.max, None)] == []
        ungraded = [exercise.name for exercise in exercises if exercise.needs_keras and unavailable()]
        assert [item.name for item in right if item.points is None] == ungraded
        stubs, _ = grader.grade([IMPORTS, *map(unanswered, exercises)], topic, "ann")
        assert {item.status for item in stubs if item.points is not None} == {"not attempted"}


@pytest.mark.parametrize("topic", TOPICS)
def test_mistakes_and_variants_get_the_verdict_of_check(runner, topic, sample):
    for exercise in exercises_of(topic):
        most = MOST if exercise.needs_keras else None
        if exercise.needs_keras and unavailable():
            continue
        others = {other.name: other for other in blank(topic) if other.name != exercise.name}
        wrong, right = [mistake.function for mistake in exercise.mistakes], exercise.variants
        for function in sample(topic, [*wrong[:most], *right[:most]]):
            verdict = examine(exercise, function)
            notebook = extract(cells_of(function, exercise.name))
            items, _ = Grader(runner).grade_notebook(notebook, topic, "ann", earlier=others)
            item = next(graded for graded in items if graded.name == exercise.name)
            said = (item.mistake, item.cases, item.points == item.max)
            wanted = (verdict.mistake, verdict.cases, verdict.status == "passed")
            if exercise.kind == "design" and verdict.status == "deferred":  # its cases are its thresholds
                wanted = (None, (True,) * len(exercise.thresholds), True)
            assert said == wanted, (exercise.name, function.__name__, item)


SCHEMES = """
def init_std(fan_in, fan_out, scheme):
    {before}
    below = {{"he": fan_in / 2, "glorot": (fan_in + fan_out) / 2, "lecun": fan_in}}.get(scheme, 9)
    return below ** -0.5
"""


@pytest.mark.parametrize(
    "before, said",
    [
        ("if scheme not in ('he', 'glorot', 'lecun'): raise ValueError", ""),
        ("class Odd(ValueError): pass\n    if scheme not in ('he', 'glorot', 'lecun'): raise Odd('no')", ""),
        ("", "It should raise a ValueError where the docstring says so, and does not"),
        ("assert scheme in ('he', 'glorot', 'lecun')", "It should raise a ValueError where"),
    ],
)
def test_an_error_that_is_asked_for(runner, before, said):
    items, _ = Grader(runner).grade([SCHEMES.format(before=before)], "initialization", "ann")
    item = next(item for item in items if item.name == "init_std")
    assert (item.status, said in item.sentence) == ("partly right" if said else "passed", True)
    assert item.cases == (True,) * (len(item.cases) - 1) + (not said,)


def test_to_raise_always_is_no_answer(runner):
    cell = "def init_std(fan_in, fan_out, scheme):\n    raise ValueError(scheme)"
    items, _ = Grader(runner).grade([cell], "initialization", "ann")
    item = next(item for item in items if item.name == "init_std")
    assert (item.points, any(item.cases)) == (0, False)
    assert item.sentence.startswith("It raises ValueError")

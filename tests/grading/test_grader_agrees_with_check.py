"""For every exercise of the course: the grader says of references, mistakes and variants what `check` says."""

from __future__ import annotations

import pytest

from nnutils.authoring.lesson import STUB, split_answer
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.check import examine
from nnutils.checks.help import answer_source
from nnutils.grading.assess import MODELS, Grader, blank
from nnutils.grading.extract import extract
from nnutils.grading.paste import cells_of

NUMPY = "import numpy as np"
TOPICS = [topic for topic in lessons() if exercises_of(topic)]


@pytest.mark.parametrize("secret", [None, "secret"])
@pytest.mark.parametrize("topic", TOPICS)
def test_solution_gets_all_and_stubs_get_nothing(runner, topic, secret):
    grader, exercises = Grader(runner, secret), exercises_of(topic)
    answers = [f'{one.name} = "{one.answer}"' for one in questions_of(topic)]
    right, _ = grader.grade([NUMPY, *map(answer_source, exercises), *answers], topic, "ann")
    assert [item.name for item in right if item.points not in (item.max, None)] == []
    assert [item.name for item in right if item.points is None] == [
        one.name for one in exercises if {*one.allows} & {*MODELS}
    ]
    stubs, _ = grader.grade([NUMPY, *(f"{split_answer(one)[0]}\n{STUB}" for one in exercises)], topic, "ann")
    assert {item.status for item in stubs if item.points is not None} == {"not attempted"}


@pytest.mark.parametrize("topic", TOPICS)
def test_mistakes_and_variants_get_the_verdict_of_check(runner, topic):
    graded = [one for one in exercises_of(topic) if not {*one.allows} & {*MODELS}]
    for exercise in graded:
        others = {one.name: one for one in blank(topic, "") if one.name != exercise.name}
        for function in [*(mistake.function for mistake in exercise.mistakes), *exercise.variants]:
            verdict = examine(exercise, function)
            notebook = extract(cells_of(function, exercise.name))
            items, _ = Grader(runner).grade_notebook(notebook, topic, "ann", earlier=others)
            item = next(one for one in items if one.name == exercise.name)
            said = (item.mistake, item.cases, item.points == item.max)
            wanted = (verdict.mistake, verdict.cases, verdict.status == "passed")
            assert said == wanted, (exercise.name, function.__name__, item)

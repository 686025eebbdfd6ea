"""For every exercise of the course: the grader says of references, mistakes and variants what `check` says."""

from __future__ import annotations

import builtins
import inspect
import types

import pytest

from nnutils.authoring.lesson import STUB, split_answer
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.check import examine
from nnutils.checks.facts import _codes, _named
from nnutils.checks.help import answer_source
from nnutils.grading.assess import MODELS, Grader

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
    held, graded = 0, [one for one in exercises_of(topic) if not {*one.allows} & {*MODELS}]
    for exercise in graded:
        for function in [*(mistake.function for mistake in exercise.mistakes), *exercise.variants]:
            if not _stands_alone(function):
                continue
            verdict = examine(exercise, function)
            cells = [NUMPY, _renamed(function, exercise.name)]
            item = next(
                one for one in Grader(runner).grade(cells, topic, "ann")[0] if one.name == exercise.name
            )
            said = (item.mistake, item.cases, item.points == item.max)
            assert said == (verdict.mistake, verdict.cases, verdict.status == "passed"), (
                exercise.name,
                function.__name__,
                item,
            )
            held += 1
    assert held >= 5 or not graded


def _stands_alone(function: types.FunctionType) -> bool:
    """Whether the function can be pasted into a notebook: it uses NumPy and its arguments alone."""
    names = set(_named(function, {"LOAD_GLOBAL", "LOAD_NAME"}))
    closed = (
        not any(code.co_freevars for code in _codes(function.__code__))
        or "<locals>" not in function.__qualname__
    )
    return names <= {"np", *dir(builtins)} and closed and inspect.getsource(function).count("\ndef ") <= 1


def _renamed(function: types.FunctionType, name: str) -> str:
    """A function's source under another name and without its decorators."""
    lines = inspect.getsource(function).splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith("def "))
    return "".join(lines[start:]).replace(f"def {function.__name__}(", f"def {name}(", 1)

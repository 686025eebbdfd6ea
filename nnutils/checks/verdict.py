"""From what a function did to what its author is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.assess import assess
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.made import EarlierAnswer, Made
from nnutils.checks.raising import Raising, Unraised, told, unraised
from nnutils.checks.run import Failure, Run
from nnutils.checks.shown import sentence, show
from nnutils.checks.standard import Standard, Wrong


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer; `cases` tells each case's verdict.

    `status` is "passed", "failed", "not attempted", or in a released course "noted": it runs, and is looked at later.
    """

    status: str
    headline: str
    details: tuple[str, ...] = ()
    mistake: str | None = None
    cases: tuple[bool, ...] = ()

    @property
    def share(self) -> float:
        """The share of the cases that passed, for partial credit."""
        return sum(self.cases) / len(self.cases) if self.cases else 0.0


NOT_ATTEMPTED = Verdict("not attempted", "not attempted yet")


def judge(
    exercise: Exercise, cases: Sequence[Arguments], runs: Sequence[Run], standard: Standard | None = None
) -> Verdict:
    """The verdict on the runs of an answer over the exercise's cases; `standard` saves running the course's own again."""
    if runs and all(one.failure and one.failure.kind == "NotImplementedError" for one in runs):
        return NOT_ATTEMPTED
    wrong, found = assess(standard or Standard(exercise, cases), runs)
    passed = _passed(cases, wrong)
    if all(passed):
        return Verdict("passed", "passed", cases=passed)
    first = next(i for i, one in enumerate(wrong) if one is not None)
    detail = _detail(exercise, wrong[first], first, cases[first])
    if found is not None:
        return Verdict("failed", found.sentence, detail, found.name, passed)
    return Verdict("failed", *_split(detail), None, passed)


def _passed(cases: Sequence[Arguments], wrong: Sequence[Wrong]) -> tuple[bool, ...]:
    """Which cases count as passed. An error counts where another case is right: to raise always earns nothing."""
    right = [one is None for one in wrong]
    asks = [isinstance(case, Raising) for case in cases]
    any_other = all(asks) or any(one and not error for one, error in zip(right, asks, strict=True))
    return tuple(one and (any_other or not error) for one, error in zip(right, asks, strict=True))


def noted(exercise: Exercise, cases: Sequence[Arguments], runs: Sequence[Run]) -> Verdict:
    """The verdict on an answer that only grading can judge: does it run, and raise an error where it should?"""
    if all(one.failure and one.failure.kind == "NotImplementedError" for one in runs):
        return NOT_ATTEMPTED
    for case, one in zip(cases, runs, strict=True):
        wrong: Wrong = unraised(case, one) if isinstance(case, Raising) else one.failure
        if wrong is not None:
            return Verdict("failed", *_split(_words_and_lines(exercise, wrong)))
    return Verdict("noted", "it runs; whether it is right is looked at when it is graded")


def _detail(exercise: Exercise, wrong: Wrong, number: int, arguments: Arguments) -> tuple[str, ...]:
    return (*_words_and_lines(exercise, wrong), _case_line(exercise, number, arguments))


def _words_and_lines(exercise: Exercise, wrong: Wrong) -> tuple[str, ...]:
    lines = wrong.lines[-3:] if isinstance(wrong, Failure | Unraised) else ()
    words = _kind_words(wrong) if isinstance(wrong, Failure) else sentence(str(wrong), exercise.words)
    return (words, *(f"line {line}: `{text}`" for line, text in lines))


def _kind_words(failure: Failure) -> str:
    return f"It raises {told(failure)}"


def _split(detail: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return detail[0], detail[1:]


def _case_line(exercise: Exercise, number: int, arguments: Arguments) -> str:
    values = ", ".join(f"{name} = {_brief(value)}" for name, value in arguments.items())
    return f'Case {number + 1}: `{values}`. To try it yourself: `case("{exercise.name}", {number + 1})`'


def _brief(value: Any) -> str:
    if isinstance(value, np.random.Generator):
        return "a random generator"
    if isinstance(value, EarlierAnswer):
        return f"what {value.function} returned"
    if callable(value) or isinstance(value, Made):
        return "a function" if callable(value) else f"a {type(value).__name__.lower()}"
    return show(value)

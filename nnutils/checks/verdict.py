"""From what a function did to what its author is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.assess import Standard, Wrong, assess
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.run import Failure, Run
from nnutils.checks.shown import show
from nnutils.givens.made import EarlierAnswer, Made


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
    passed = tuple(one is None for one in wrong)
    if all(passed):
        return Verdict("passed", "passed", cases=passed)
    first = passed.index(False)
    detail = _detail(exercise, wrong[first], first, cases[first])
    if found is not None:
        return Verdict("failed", found.sentence, detail, found.name, passed)
    return Verdict("failed", *_split(detail), None, passed)


def noted(runs: Sequence[Run]) -> Verdict:
    """The verdict on an answer that only grading can judge: does it run?"""
    broken = next((one.failure for one in runs if one.failure), None)
    if broken is None:
        return Verdict("noted", "it runs; whether it is right is looked at when it is graded")
    if all(one.failure and one.failure.kind == "NotImplementedError" for one in runs):
        return NOT_ATTEMPTED
    where = tuple(f"line {line}: `{text}`" for line, text in broken.lines[-3:])
    return Verdict("failed", _kind_words(broken), where)


def _detail(exercise: Exercise, wrong: Wrong, number: int, arguments: Arguments) -> tuple[str, ...]:
    if isinstance(wrong, Failure):
        where = tuple(f"line {line}: `{text}`" for line, text in wrong.lines[-3:])
        return (f"{_kind_words(wrong)}", *where, _case_line(exercise, number, arguments))
    return (_sentence(str(wrong)), _case_line(exercise, number, arguments))


def _kind_words(failure: Failure) -> str:
    if failure.kind == "KeyboardInterrupt":
        return "You stopped it: does a loop never end?"
    return f"It raises {failure.kind}: {failure.message}".rstrip(": ")


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


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

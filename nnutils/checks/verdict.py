"""The verdict on an answer: what is wrong in words, which mistake explains it, and which cases passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.built_input import BuiltInput, EarlierAnswer
from nnutils.checks.diagnose import diagnose
from nnutils.checks.exercise import Arguments, Exercise, Raising
from nnutils.checks.expected import ExpectedResults, Unraised, Wrong
from nnutils.checks.run import Failure, Run
from nnutils.checks.shown import show
from nnutils.words import capital


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer; `cases` holds for each case whether it passed.

    `status` is "passed", "failed", "not attempted", or in a released course "deferred": whether it is right is told by grading.
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


def compare_with_expected(expected: ExpectedResults, runs: Sequence[Run]) -> Verdict:
    """The verdict on the runs of an answer, one run for each case of the expected results."""
    if runs and all(run.failure and run.failure.kind == "NotImplementedError" for run in runs):
        return NOT_ATTEMPTED
    exercise, cases = expected.exercise, expected.cases
    wrong = expected.wrong_in(runs)
    passed = _passed(cases, wrong)
    first = next((i for i, found in enumerate(wrong) if found is not None), None)
    if first is None and exercise.withheld:
        return Verdict("deferred", "it runs; whether it is right is looked at when it is graded")
    if first is None:
        return Verdict("passed", "passed", cases=passed)
    lines = (*_in_words(exercise, wrong[first]), _case_line(exercise, first, cases[first]))
    mistake = diagnose(expected, runs, wrong)
    if mistake is not None:
        return Verdict("failed", mistake.sentence, lines, mistake.name, passed)
    return Verdict("failed", lines[0], lines[1:], None, passed)


def _passed(cases: Sequence[Arguments], wrong: Sequence[Wrong]) -> tuple[bool, ...]:
    """Which cases count as passed. A right error counts only where a right result does, too: to raise always earns nothing."""
    right = [found is None for found in wrong]
    errors = [isinstance(case, Raising) for case in cases]
    any_result = all(errors) or any(ok and not error for ok, error in zip(right, errors, strict=True))
    return tuple(ok and (any_result or not error) for ok, error in zip(right, errors, strict=True))


def _in_words(exercise: Exercise, wrong: Wrong) -> tuple[str, ...]:
    lines = wrong.lines[-3:] if isinstance(wrong, Failure | Unraised) else ()
    words = f"It raises {wrong}" if isinstance(wrong, Failure) else capital(str(wrong), exercise.words)
    if isinstance(wrong, Failure) and wrong.kind == "NameError":
        words += ". If the kernel was restarted, run the cells above first"
    return (words, *(f"line {number}: `{text}`" for number, text in lines))


def _case_line(exercise: Exercise, number: int, arguments: Arguments) -> str:
    values = ", ".join(f"{name} = {_brief(value)}" for name, value in arguments.items())
    return f'Case {number + 1}: `{values}`. To try it yourself: `case("{exercise.name}", {number + 1})`'


def _brief(value: Any) -> str:
    if isinstance(value, np.random.Generator):
        return "a random generator"
    if isinstance(value, EarlierAnswer):
        return f"what {value.function} returned"
    if callable(value):
        return "a function"
    return f"a {type(value).__name__.lower()}" if isinstance(value, BuiltInput) else show(value)

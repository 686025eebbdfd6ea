"""From what a function did to what its author is told."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.compare import Difference, difference, show
from nnutils.checks.exercise import Arguments, Exercise, Mistake
from nnutils.checks.run import Failure, Run, run

SAME_MISTAKE = 1e-6


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer. `status` is "passed", "failed" or "not attempted"; `cases` tells each case's verdict."""

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


def judge(exercise: Exercise, cases: Sequence[Arguments], runs: Sequence[Run]) -> Verdict:
    """The verdict on the runs of an answer over the exercise's cases."""
    if runs and all(one.failure and one.failure.kind == "NotImplementedError" for one in runs):
        return NOT_ATTEMPTED
    expected = _expected(exercise, cases)
    wrong = [_what_is_wrong(exercise, *three) for three in zip(cases, runs, expected, strict=True)]
    passed = tuple(one is None for one in wrong)
    if all(passed):
        return Verdict("passed", "passed", cases=passed)
    first = passed.index(False)
    found = diagnose(exercise, cases, runs, passed)
    detail = _detail(exercise, wrong[first], first, cases[first])
    if found is not None:
        return Verdict("failed", found.sentence, detail, found.name, passed)
    return Verdict("failed", *_split(detail), None, passed)


def diagnose(
    exercise: Exercise, cases: Sequence[Arguments], runs: Sequence[Run], passed: Sequence[bool]
) -> Mistake | None:
    """The mistake whose results equal the answer's: in every case, else in every case that the answer got wrong."""
    wrong = [i for i, good in enumerate(passed) if not good]
    partly = None
    for mistake in exercise.mistakes:
        if mistake.symptom is not None and any(_shows(mistake, cases[i], runs[i]) for i in wrong):
            return mistake
        theirs = _silently(lambda function=mistake.function: run(function, cases))
        agree = [_same(a, b) for a, b in zip(theirs, runs, strict=True)]
        if all(agree):
            return mistake
        if partly is None and all(agree[i] for i in wrong) and not all(runs[i].failure for i in wrong):
            partly = mistake
    return partly


def _expected(exercise: Exercise, cases: Sequence[Arguments]) -> list[Any]:
    if exercise.judged:
        return [None] * len(cases)
    runs = _silently(lambda: run(exercise.reference, cases))
    broken = next((one.failure for one in runs if one.failure), None)
    if broken:
        raise RuntimeError(f"the reference of {exercise.name} fails on its own cases: {broken}")
    return [one.result for one in runs]


def _what_is_wrong(
    exercise: Exercise, arguments: Arguments, one: Run, expected: Any
) -> str | Failure | Difference | None:
    if one.failure is not None:
        return one.failure
    if exercise.judged:
        wrong: str | Difference | None = _silently(lambda: _judged(exercise, arguments, one.result))
    else:
        wrong = difference(expected, one.result, exercise.tolerance, names=exercise.returns)
    if wrong is None and one.changed:
        return f"the result is right, but the argument {_names(one.changed)} was changed in place: work on a copy"
    if wrong is None and not one.repeatable:
        return "called again with the same rng it gives another result: draw every random number from rng"
    if wrong is None and exercise.fresh and one.shared:
        return (
            f"a returned array shares its memory with the argument {_names(one.shared)}: return a new array"
        )
    return wrong


def _judged(exercise: Exercise, arguments: Arguments, result: Any) -> str | None:
    """What the judge says; a result that it cannot even read is wrong, too."""
    try:
        return exercise.verdict_on(arguments, result)
    except Exception as error:
        return (
            f"the result does not have the form that the docstring asks for ({type(error).__name__}: {error})"
        )


def _detail(
    exercise: Exercise, wrong: str | Failure | Difference | None, number: int, arguments: Arguments
) -> tuple[str, ...]:
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
    if callable(value):
        return "a function"
    return show(value)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _names(names: Sequence[str]) -> str:
    return " and ".join(names)


def _shows(mistake: Mistake, arguments: Arguments, one: Run) -> bool:
    if one.failure is not None or mistake.symptom is None:
        return False
    try:
        return bool(mistake.symptom(arguments, one.result))
    except Exception:  # a result of an unexpected form shows no symptom
        return False


def _same(theirs: Run, answer: Run) -> bool:
    if theirs.failure or answer.failure:
        return bool(theirs.failure and answer.failure) and theirs.failure.kind == answer.failure.kind  # type: ignore[union-attr]
    alike = difference(theirs.result, answer.result, SAME_MISTAKE) is None
    return alike and theirs.changed == answer.changed and theirs.repeatable == answer.repeatable


def _silently(work: Callable[[], Any]) -> Any:
    """Run the course's own code without NumPy's warnings: the mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return work()

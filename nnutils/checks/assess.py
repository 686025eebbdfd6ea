"""Hold what a function did against what the course's own functions do: what is wrong, and which mistake it is."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnutils.checks.compare import Difference, agree, difference
from nnutils.checks.exercise import Arguments, Exercise, Mistake
from nnutils.checks.run import Failure, Run, run, run_case
from nnutils.givens.sent import SentModel

SAME_MISTAKE = 1e-6


class Standard:
    """What the course's own functions make of the cases of an exercise: the reference, and the mistakes as far as asked for.

    Each runs once, however many answers are held against it.
    """

    def __init__(self, exercise: Exercise, cases: Sequence[Arguments]) -> None:
        self.exercise, self.cases = exercise, cases
        self._runs: dict[tuple[str, int], Run] = {}

    @functools.cached_property
    def expected(self) -> list[Any]:
        """The reference's results; None for each where results are judged by their properties."""
        if self.exercise.judged:
            return [None] * len(self.cases)
        if self.exercise.key is not None:
            return self.exercise.key.expected or []
        runs = _silently(lambda: run(self.exercise.reference, self.cases, self.exercise.part))
        broken = next((one.failure for one in runs if one.failure), None)
        if broken:
            raise RuntimeError(f"the reference of {self.exercise.name} fails on its own cases: {broken}")
        return [one.result for one in runs]

    def run_of(self, mistake: Mistake, number: int) -> Run:
        """What a mistake does in one case."""
        if self.exercise.key is not None:
            return self.exercise.key.mistakes[mistake.name][number]
        key = mistake.name, number
        if key not in self._runs:
            self._runs[key] = _silently(
                lambda: run_case(mistake.function, self.cases[number], self.exercise.part)
            )
        return self._runs[key]

    def runs_of(self, mistake: Mistake) -> list[Run]:
        """What a mistake does in every case."""
        return [self.run_of(mistake, number) for number in range(len(self.cases))]


class Conduct(str):
    """What is wrong with a right result: how it was come by."""


Wrong = str | Failure | Difference | None


def assess(standard: Standard, runs: Sequence[Run]) -> tuple[list[Wrong], Mistake | None]:
    """What is wrong in each case, and the mistake that explains it."""
    cases = zip(standard.cases, runs, standard.expected, strict=True)
    wrong = [_what_is_wrong(standard.exercise, *case) for case in cases]
    if all(one is None for one in wrong) and _ignores_rng(standard.cases, runs):
        wrong[0] = Conduct("it never draws from rng, which it is given: draw every random number from there")
    return wrong, (None if all(one is None for one in wrong) else diagnose(standard, runs, wrong))


def diagnose(standard: Standard, runs: Sequence[Run], wrong: Sequence[Wrong]) -> Mistake | None:
    """The mistake whose results equal the answer's: in every case, else in every case that the answer got wrong.

    How a result was come by must be the same, too, where that is all that is wrong with it; but an answer that makes a
    mistake in some cases may change its arguments besides.
    """
    bad = [i for i, one in enumerate(wrong) if one is not None]
    good = [i for i, one in enumerate(wrong) if one is None]
    conduct = [i for i in bad if isinstance(wrong[i], Conduct)]
    ran = any(runs[i].failure is None for i in bad)
    partly = None
    for mistake in standard.exercise.mistakes:
        if any(_shows(mistake, standard.cases[i], runs[i]) for i in bad):
            return mistake
        alike = functools.partial(_alike, standard, mistake, runs)
        if not all(map(alike, bad)):
            continue
        behaves = all(_behave_alike(standard, mistake, runs, i) for i in conduct)
        if behaves and all(map(alike, good)):
            return mistake
        if ran and (behaves or conduct != bad):
            partly = partly or mistake
    return partly


def _what_is_wrong(exercise: Exercise, arguments: Arguments, one: Run, expected: Any) -> Wrong:
    if one.failure is not None:
        return one.failure
    if exercise.judged:
        wrong: Wrong = _silently(lambda: _judged(exercise, arguments, one.result))
    else:
        wrong = difference(expected, one.result, exercise.tolerance, names=exercise.returns)
    return wrong if wrong is not None else _misconduct(exercise, one)


def _misconduct(exercise: Exercise, one: Run) -> Conduct | None:
    if one.changed:
        return Conduct(
            f"the result is right, but the argument {_names(one.changed)} was changed in place: work on a copy"
        )
    if not one.repeatable:
        return Conduct(
            "called again with the same rng it gives another result: draw every random number from rng"
        )
    if exercise.fresh and one.shared:
        return Conduct(
            f"a returned array shares its memory with the argument {_names(one.shared)}: return a new array"
        )
    return None


def _ignores_rng(cases: Sequence[Arguments], runs: Sequence[Run]) -> bool:
    """Whether a generator is given and no run drew from it. A single case may need no draw."""
    drew = [
        one.drew
        for one, case in zip(runs, cases, strict=True)
        if any(isinstance(value, np.random.Generator) for value in case.values())
    ]
    return bool(drew) and not any(drew)


def _judged(exercise: Exercise, arguments: Arguments, result: Any) -> str | None:
    """What the judge says; a result that it cannot even read is wrong, too."""
    try:
        return exercise.verdict_on(arguments, result)
    except Exception as error:
        return (
            f"the result does not have the form that the docstring asks for ({type(error).__name__}: {error})"
        )


def _shows(mistake: Mistake, arguments: Arguments, one: Run) -> bool:
    if one.failure is not None or mistake.symptom is None:
        return False
    try:
        return bool(mistake.symptom(arguments, one.result))
    except Exception:  # a result of an unexpected form shows no symptom
        return False


def _alike(standard: Standard, mistake: Mistake, runs: Sequence[Run], i: int) -> bool:
    """Whether a mistake comes to the answer's result in case i, or to the same error."""
    if callable(runs[i].result) or isinstance(runs[i].result, SentModel):
        return False  # two models or functions are never the same one, and a mistake's may take long to make
    one, other = standard.run_of(mistake, i), runs[i]
    if one.failure or other.failure:
        return _words_of(one.failure) == _words_of(other.failure)
    return agree(one.result, other.result, SAME_MISTAKE)


def _words_of(failure: Failure | None) -> tuple[str, str] | None:
    return (failure.kind, failure.message) if failure else None


def _behave_alike(standard: Standard, mistake: Mistake, runs: Sequence[Run], i: int) -> bool:
    """Whether a mistake and the answer do the same to their arguments in case i."""
    one, other = standard.run_of(mistake, i), runs[i]
    shared = not standard.exercise.fresh or one.shared == other.shared
    return shared and (one.changed, one.repeatable, one.drew) == (other.changed, other.repeatable, other.drew)


def _silently(work: Callable[[], Any]) -> Any:
    """Run the course's own code without NumPy's warnings: the mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return work()


def _names(names: Sequence[str]) -> str:
    return " and ".join(names)

"""Expected results: what the reference and the mistakes return for the cases, and how an answer's runs differ from that."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnutils.checks.compare import difference
from nnutils.checks.draws import GLOBAL, generators_in
from nnutils.checks.exercise import Arguments, Exercise, Mistake
from nnutils.checks.form import Difference, misfit
from nnutils.checks.raising import Raising, Unraised, told, unraised
from nnutils.checks.run import Failure, Run, run, run_case
from nnutils.checks.shown import a


class BrokenRule(str):
    """The value is right but a rule was broken: an argument changed, memory shared, random numbers drawn elsewhere."""


Wrong = str | Failure | Difference | Unraised | None


class ExpectedResults:
    """The cases of an exercise and the reference's results. Mistakes run when they are asked for.

    The reference and each mistake run once, however many answers are compared with them.
    """

    def __init__(self, exercise: Exercise, cases: Sequence[Arguments]) -> None:
        self.exercise, self.cases = exercise, cases
        self._runs: dict[tuple[str, int], Run] = {}
        self._wrong: dict[tuple[str, int], Wrong] = {}

    @functools.cached_property
    def runs(self) -> list[Run] | None:
        """What the reference does; None in a released course, and where it trains Keras models that are judged."""
        exercise = self.exercise
        if exercise.answer_key is not None or (exercise.judged and exercise.needs_keras):
            return None
        runs = silently(lambda: run(exercise.reference, self.cases, exercise.part))
        for case, one in zip(self.cases, runs, strict=True):
            broken = unraised(case, one) if isinstance(case, Raising) else one.failure and told(one.failure)
            if broken:
                raise RuntimeError(f"the reference of {exercise.name} fails on its own cases: {broken}")
        return runs

    @functools.cached_property
    def results(self) -> list[Any]:
        """The reference's results; None for each where results are judged by their properties."""
        if self.exercise.judged:
            return [None] * len(self.cases)
        if self.exercise.answer_key is not None:
            return self.exercise.answer_key.results or []
        return [one.result for one in self.runs or ()]

    def run_of(self, mistake: Mistake, number: int) -> Run:
        """What a mistake does in one case."""
        if self.exercise.answer_key is not None:
            return self.exercise.answer_key.mistakes[mistake.name][number]
        key = mistake.name, number
        if key not in self._runs:
            self._runs[key] = silently(
                lambda: run_case(mistake.function, self.cases[number], self.exercise.part)
            )
        return self._runs[key]

    def runs_of(self, mistake: Mistake) -> list[Run]:
        """What a mistake does in every case."""
        return [self.run_of(mistake, number) for number in range(len(self.cases))]

    def wrong_of(self, mistake: Mistake, number: int) -> Wrong:
        """What is wrong with a mistake in one case."""
        key = mistake.name, number
        if key not in self._wrong:
            self._wrong[key] = self._wrong_in_case(number, self.run_of(mistake, number))
        return self._wrong[key]

    def wrong_in(self, runs: Sequence[Run]) -> list[Wrong]:
        """What is wrong with an answer in each case; None where nothing is.

        Raises
        ------
        ValueError: there is not one run for each case.
        """
        if len(runs) != len(self.cases):
            raise ValueError(f"{len(runs)} runs of {len(self.cases)} cases")
        found = [self._wrong_in_case(number, run) for number, run in enumerate(runs)]
        careless = self._careless(runs)
        return [
            careless if wrong is None and generators_in(case) else wrong
            for case, wrong in zip(self.cases, found, strict=True)
        ]

    def _wrong_in_case(self, number: int, one: Run) -> Wrong:
        case = self.cases[number]
        if isinstance(case, Raising):
            return unraised(case, one)
        if one.failure is not None:
            return one.failure
        if one.lazy:
            got = f"{a(one.lazy)}, which gives its items one by one and only once: write list(...)"
            return Difference("lazy", "result", "a list, a tuple or an array", got)
        return self._wrong_result(number, one.result) or self._broken_rule(one)

    def _wrong_result(self, number: int, result: Any) -> Wrong:
        exercise = self.exercise
        if not exercise.judged:
            return difference(self.results[number], result, exercise.tolerance, names=exercise.returns)
        if self.runs is not None:
            odd = misfit(self.runs[number].result, result, names=exercise.returns)
            if odd is not None:
                return odd
        return silently(lambda: _verdict_of_judge(exercise, self.cases[number], result))

    def _broken_rule(self, one: Run) -> BrokenRule | None:
        if one.changed:
            what = (
                f"the argument {one.changed[0]} was"
                if len(one.changed) == 1
                else f"the arguments {_names(one.changed)} were"
            )
            return BrokenRule(f"the result is right, but {what} changed in place: work on a copy")
        if not one.repeatable:
            return BrokenRule(
                "called again with the same rng it gives another result: draw every random number from rng"
            )
        if one.elsewhere:
            source = GLOBAL.get(one.elsewhere) or f"a generator of its own ({one.elsewhere})"
            return BrokenRule(f"it uses {source}: draw every random number from rng, which it is given")
        if self.exercise.fresh and one.shared:
            return BrokenRule(
                f"a returned array shares its memory with the argument {_names(one.shared)}: return a new array"
            )
        return None

    def _careless(self, runs: Sequence[Run]) -> BrokenRule | None:
        """What is wrong where no case's result depends on the generator that it is given. A single one may need no draw."""
        numbers = [i for i, case in enumerate(self.cases) if generators_in(case) and runs[i].failure is None]
        theirs = [self.runs[i] for i in numbers] if self.runs else []
        if not numbers or (theirs and not any(one.drew for one in theirs)):
            return None
        if not any(runs[i].drew for i in numbers):
            return BrokenRule(
                "it never draws from rng, which it is given: draw every random number from there"
            )
        if any(one.varies for one in theirs) and not any(runs[i].varies for i in numbers):
            return BrokenRule("with another rng it gives the same result: draw every random number from rng")
        return None


def _verdict_of_judge(exercise: Exercise, arguments: Arguments, result: Any) -> str | None:
    """What the judge says; a result that it cannot even read is wrong, too."""
    try:
        return exercise.verdict_on(arguments, result)
    except Exception as error:
        return (
            f"the result does not have the form that the docstring asks for ({type(error).__name__}: {error})"
        )


def silently(work: Callable[[], Any]) -> Any:
    """Run the course's own code without NumPy's warnings: the mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return work()


def _names(names: Sequence[str]) -> str:
    return " and ".join(names)

"""Expected results: what the reference and the mistakes return for the cases, and what is wrong with an answer's runs."""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.compare import difference
from nnutils.checks.draws import GLOBAL, generators_in
from nnutils.checks.exercise import Arguments, Exercise, Mistake, Raising
from nnutils.checks.form import Difference, misfit
from nnutils.checks.run import Failure, Run, run, run_case
from nnutils.checks.shown import a, show


class BrokenRule(str):
    """The value is right but a rule was broken: an argument changed, memory shared, random numbers drawn elsewhere."""


@dataclass(frozen=True)
class Unraised:
    """A case asks for an error, and the answer returned something or raised another error."""

    kind: str  # the class of the error, with its article
    where: str  # for which arguments
    got: str  # what the answer did instead
    lines: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.where} it should raise {self.kind}, yours {self.got}"


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
        """The reference's runs. None in a released course, and where the exercise has a judge and trains Keras models."""
        exercise = self.exercise
        if exercise.answer_key is not None or (exercise.judged and exercise.needs_keras):
            return None
        with _silence():
            runs = run(exercise.reference, self.cases, exercise.part)
        for case, done in zip(self.cases, runs, strict=True):
            if broken := wrong_with_error(case, done):
                raise RuntimeError(f"the reference of {exercise.name} fails on its own cases: {broken}")
        return runs

    @functools.cached_property
    def results(self) -> list[Any]:
        """The reference's results. Each is None where the exercise has a judge."""
        if self.exercise.judged:
            return [None] * len(self.cases)
        if self.exercise.answer_key is not None:
            return self.exercise.answer_key.results or []
        return [done.result for done in self.runs or ()]

    def run_of(self, mistake: Mistake, number: int) -> Run:
        """The run of a mistake in one case."""
        if self.exercise.answer_key is not None:
            return self.exercise.answer_key.mistakes[mistake.name][number]
        place = mistake.name, number
        if place not in self._runs:
            with _silence():
                self._runs[place] = run_case(mistake.function, self.cases[number], self.exercise.part)
        return self._runs[place]

    def runs_of(self, mistake: Mistake) -> list[Run]:
        """The runs of a mistake in all cases."""
        return [self.run_of(mistake, number) for number in range(len(self.cases))]

    def wrong_of(self, mistake: Mistake, number: int) -> Wrong:
        """What is wrong with a mistake in one case."""
        place = mistake.name, number
        if place not in self._wrong:
            self._wrong[place] = self._wrong_in_case(number, self.run_of(mistake, number))
        return self._wrong[place]

    def wrong_in(self, runs: Sequence[Run]) -> list[Wrong]:
        """What is wrong with an answer in each case; None where nothing is.

        Raises
        ------
        ValueError: there is not one run for each case.
        """
        if len(runs) != len(self.cases):
            raise ValueError(f"{len(runs)} runs of {len(self.cases)} cases")
        found = [self._wrong_in_case(number, done) for number, done in enumerate(runs)]
        careless = self._never_depends_on_rng(runs)
        return [
            careless if wrong is None and generators_in(case) else wrong
            for case, wrong in zip(self.cases, found, strict=True)
        ]

    def _wrong_in_case(self, number: int, done: Run) -> Wrong:
        exercise, case = self.exercise, self.cases[number]
        if isinstance(case, Raising) or done.failure or exercise.withheld:
            return wrong_with_error(case, done)
        if done.lazy:
            got = f"{a(done.lazy)}, which gives its items one by one and only once: write list(...)"
            return Difference("lazy", "result", "a list, a tuple or an array", got)
        wrong: Wrong = None
        if not exercise.judged:
            wrong = difference(self.results[number], done.result, exercise.tolerance, names=exercise.returns)
        elif self.runs is not None and exercise.kind != "design":
            wrong = misfit(self.runs[number].result, done.result, names=exercise.returns)
        if exercise.judged and wrong is None:
            wrong = _verdict_of_judge(exercise, case, done.result)
        return wrong or self._broken_rule(done)

    def _broken_rule(self, done: Run) -> BrokenRule | None:
        changed, shared = " and ".join(done.changed), " and ".join(done.shared)
        if changed:
            what = f"argument {changed} was" if len(done.changed) == 1 else f"arguments {changed} were"
            return BrokenRule(f"the result is right, but the {what} changed in place: work on a copy")
        if not done.repeatable:
            return BrokenRule(
                "called again with the same rng it gives another result: draw every random number from rng"
            )
        if done.elsewhere:
            source = GLOBAL.get(done.elsewhere) or f"a generator of its own ({done.elsewhere})"
            return BrokenRule(f"it uses {source}: draw every random number from rng, which it is given")
        if self.exercise.fresh and shared:
            return BrokenRule(
                f"a returned array shares its memory with the argument {shared}: return a new array"
            )
        return None

    def _never_depends_on_rng(self, runs: Sequence[Run]) -> BrokenRule | None:
        """The broken rule where no result depends on rng. This is asked of all cases together: one case may need no draw."""
        cases = [i for i, case in enumerate(self.cases) if generators_in(case) and runs[i].failure is None]
        reference = [self.runs[i] for i in cases] if self.runs else []
        if not cases or self.exercise.withheld or (reference and not any(done.drew for done in reference)):
            return None
        if not any(runs[i].drew for i in cases):
            return BrokenRule(
                "it never draws from rng, which it is given: draw every random number from there"
            )
        if any(done.varies for done in reference) and not any(runs[i].varies for i in cases):
            return BrokenRule("with another rng it gives the same result: draw every random number from rng")
        return None


def raised(case: Raising, done: Run) -> bool:
    """Whether a run raised the error that the case asks for, or a subclass."""
    return done.failure is not None and case.kind.__name__ in done.failure.bases


def wrong_with_error(case: Arguments, done: Run) -> Failure | Unraised | None:
    """The error of a run that should raise none, or what a run did where the case asks for an error."""
    failure = done.failure
    if not isinstance(case, Raising) or (
        failure and not failure.bases
    ):  # without bases: the process was lost
        return failure
    if raised(case, done):
        return None
    got = f"raises {failure}" if failure else f"returned {show(done.result)}"
    return Unraised(a(case.kind.__name__), _where(case), got, failure.lines if failure else ())


def _where(case: Raising) -> str:
    """The arguments that an error is about: the strings, else all that are neither arrays nor functions."""
    plain = {k: v for k, v in case.items() if not isinstance(v, np.ndarray) and not callable(v)}
    texts = {name: value for name, value in plain.items() if isinstance(value, str)}
    return f"for {', '.join(f'{k} {show(v)}' for k, v in (texts or plain).items()) or 'this case'}"


def _verdict_of_judge(exercise: Exercise, case: Arguments, result: Any) -> str | None:
    """What the judge says. A result that makes the judge raise is wrong."""
    try:
        with _silence():
            return exercise.verdict_on(case, result)
    except Exception as error:
        return (
            f"the result does not have the form that the docstring asks for ({type(error).__name__}: {error})"
        )


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """No warnings of NumPy's: the course's own mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield

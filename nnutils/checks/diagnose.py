"""Which mistake explains what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nnutils.checks.compare import agree
from nnutils.checks.exercise import Mistake, Raising
from nnutils.checks.expected import BrokenRule, ExpectedResults, Unraised, Wrong, raised
from nnutils.checks.form import FORMS, Difference
from nnutils.checks.run import Failure, Run
from nnutils.checks.sent import SentModel

SAME_MISTAKE = 1e-6  # at most; never wider than the exercise's own tolerance


def diagnose(expected: ExpectedResults, runs: Sequence[Run], wrong: Sequence[Wrong]) -> Mistake | None:
    """The mistake that explains an answer, or None. `wrong` is what `expected.wrong_in(runs)` found.

    It is the first mistake that does in every case what the answer does; else the first whose symptom shows; else the only one
    that does the same in every case that is wrong.
    """
    if all(found is None for found in wrong):
        return None
    answer = _Answer(expected, runs, wrong)
    mistakes = expected.exercise.mistakes
    for fits in (answer.is_in_every_case, answer.shows):
        if found := next(filter(fits, mistakes), None):
            return found
    fitting = [*filter(answer.is_in_wrong_cases, mistakes)]
    return fitting[0] if len(fitting) == 1 else None


class _Answer:
    """A wrong answer, to compare mistakes with."""

    def __init__(self, expected: ExpectedResults, runs: Sequence[Run], wrong: Sequence[Wrong]) -> None:
        self.expected, self.runs, self.wrong = expected, runs, wrong
        self.right = [i for i, found in enumerate(wrong) if found is None]
        self.broken = [i for i, found in enumerate(wrong) if isinstance(found, BrokenRule)]
        self.bad = [i for i, found in enumerate(wrong) if found is not None]
        errors = BrokenRule | Failure | Unraised
        self.results = [i for i in self.bad if not isinstance(wrong[i], errors)]

    def is_in_every_case(self, mistake: Mistake) -> bool:
        """Whether the mistake does in every case what the answer does."""
        return self._all(self._explains, mistake, self.bad) and self._all(self._alike, mistake, self.right)

    def is_in_wrong_cases(self, mistake: Mistake) -> bool:
        """Whether the mistake does the same in the wrong cases, of which at least one has a wrong result or a broken rule.

        Where results are wrong, a rule that is broken in other cases need not be broken by the mistake.
        """
        besides = self.broken if self.results else []
        asked = [i for i in self.bad if i not in besides]
        return bool(self.results or self.broken) and (
            self._all(self._explains, mistake, asked) and self._all(self._alike, mistake, besides)
        )

    def shows(self, mistake: Mistake) -> bool:
        """Whether the mistake's symptom is true of a wrong result, and of every one where it is true of the mistake's own."""
        showing = [i for i in self.results if self._has_symptom(mistake, i, self.runs[i])]
        silent = [i for i in self.results if i not in showing]
        return bool(showing) and not any(
            self._has_symptom(mistake, i, self.expected.run_of(mistake, i)) for i in silent
        )

    def _all(self, test: Callable[[Mistake, int], bool], mistake: Mistake, cases: Sequence[int]) -> bool:
        return all(test(mistake, i) for i in cases)

    def _has_symptom(self, mistake: Mistake, i: int, run: Run) -> bool:
        wrong = self.wrong[i]
        of_form = isinstance(wrong, Difference) and (self.expected.exercise.judged or wrong.kind in FORMS)
        if mistake.symptom is None or run.failure is not None or of_form:
            return False
        try:
            return bool(mistake.symptom(self.expected.cases[i], run.result))
        except Exception:  # a result of an unexpected form shows no symptom
            return False

    def _explains(self, mistake: Mistake, i: int) -> bool:
        """Whether the mistake gives the answer's result in case i and is wrong there in the same way."""
        if not self._alike(mistake, i):
            return False
        theirs = self.expected.wrong_of(mistake, i)
        if not isinstance(self.wrong[i], BrokenRule):
            return theirs is not None and not isinstance(theirs, BrokenRule)
        mine, other = self.runs[i], self.expected.run_of(mistake, i)
        shared = not self.expected.exercise.fresh or mine.shared == other.shared
        return isinstance(theirs, BrokenRule) and shared and _behaviour(mine) == _behaviour(other)

    def _alike(self, mistake: Mistake, i: int) -> bool:
        """Whether the mistake gives the answer's result in case i, or the same error."""
        mine = self.runs[i]
        if callable(mine.result) or isinstance(mine.result, SentModel):
            return False  # two functions or models are never the same, and a mistake may take long to train its model
        other, case = self.expected.run_of(mistake, i), self.expected.cases[i]
        if isinstance(case, Raising) and raised(case, mine) and raised(case, other):
            return True
        if mine.failure or other.failure:
            return str(mine.failure) == str(other.failure)
        tolerance = min(SAME_MISTAKE, self.expected.exercise.tolerance)
        return mine.lazy == other.lazy and agree(other.result, mine.result, tolerance)


def _behaviour(run: Run) -> tuple[object, ...]:
    return run.changed, run.repeatable, run.drew, run.varies, bool(run.elsewhere)

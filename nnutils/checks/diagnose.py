"""Which mistake explains what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Sequence

from nnutils.checks.compare import agree
from nnutils.checks.exercise import Mistake
from nnutils.checks.form import FORMS, Difference
from nnutils.checks.raising import Raising, Unraised, raised
from nnutils.checks.run import Failure, Run
from nnutils.checks.sent import SentModel
from nnutils.checks.standard import Conduct, Standard, Wrong

SAME_MISTAKE = 1e-6  # at most; never wider than the exercise's own tolerance


def diagnose(standard: Standard, runs: Sequence[Run], wrong: Sequence[Wrong]) -> Mistake | None:
    """The mistake that explains an answer: its results are the answer's in every case, or its symptom shows, or, where no other
    mistake fits as well, its results are the answer's in every case that the answer got wrong.
    """
    held = _Held(standard, runs, wrong)
    mistakes = standard.exercise.mistakes
    found = next((one for one in mistakes if held.in_every_case(one)), None)
    found = found or next((one for one in mistakes if held.shows(one)), None)
    if found is None:
        fitting = [one for one in mistakes if held.in_bad_cases(one)]
        found = fitting[0] if len(fitting) == 1 else None
    return found


class _Held:
    """An answer, to be held against mistakes."""

    def __init__(self, standard: Standard, runs: Sequence[Run], wrong: Sequence[Wrong]) -> None:
        self.standard, self.runs, self.wrong = standard, runs, wrong
        self.bad = [i for i, one in enumerate(wrong) if one is not None]
        self.good = [i for i, one in enumerate(wrong) if one is None]
        self.results = [i for i in self.bad if not isinstance(wrong[i], Conduct | Failure | Unraised)]

    def in_every_case(self, mistake: Mistake) -> bool:
        """Whether the mistake does in every case what the answer does."""
        return all(self._explains(mistake, i) for i in self.bad) and all(
            self._alike(mistake, i) for i in self.good
        )

    def in_bad_cases(self, mistake: Mistake) -> bool:
        """Whether it does so in the cases that are wrong, at least one of them by its result or by how that was come by.

        An answer that makes a mistake in some cases may change its arguments besides.
        """
        conduct = [i for i in self.bad if isinstance(self.wrong[i], Conduct)]
        asked = [i for i in self.bad if i not in conduct] if self.results else self.bad
        others = [i for i in conduct if i not in asked]
        return bool(self.results or conduct) and (
            all(self._explains(mistake, i) for i in asked) and all(self._alike(mistake, i) for i in others)
        )

    def shows(self, mistake: Mistake) -> bool:
        """Whether the mistake's symptom shows in the results that are wrong, in all where it shows in the mistake's own."""
        showing = [i for i in self.results if self._shows(mistake, i, self.runs[i])]
        silent = [i for i in self.results if i not in showing]
        return bool(showing) and not any(
            self._shows(mistake, i, self.standard.run_of(mistake, i)) for i in silent
        )

    def _shows(self, mistake: Mistake, i: int, one: Run) -> bool:
        wrong = self.wrong[i]
        form = isinstance(wrong, Difference) and (self.standard.exercise.judged or wrong.kind in FORMS)
        if mistake.symptom is None or one.failure is not None or form:
            return False
        try:
            return bool(mistake.symptom(self.standard.cases[i], one.result))
        except Exception:  # a result of an unexpected form shows no symptom
            return False

    def _explains(self, mistake: Mistake, i: int) -> bool:
        """Whether the mistake comes to the answer's result in case i and is wrong there, in the same way."""
        if not self._alike(mistake, i):
            return False
        theirs = self.standard.wrong_of(mistake, i)
        if isinstance(self.wrong[i], Conduct):
            return isinstance(theirs, Conduct) and self._behaves(mistake, i)
        return theirs is not None and not isinstance(theirs, Conduct)

    def _alike(self, mistake: Mistake, i: int) -> bool:
        """Whether a mistake comes to the answer's result in case i, or to the same error."""
        result = self.runs[i].result
        if callable(result) or isinstance(result, SentModel):
            return (
                False  # two models or functions are never the same one, and a mistake's may take long to make
            )
        one, other, case = self.standard.run_of(mistake, i), self.runs[i], self.standard.cases[i]
        if isinstance(case, Raising) and raised(case, one) and raised(case, other):
            return True
        if one.failure or other.failure:
            return _words_of(one.failure) == _words_of(other.failure)
        tolerance = min(SAME_MISTAKE, self.standard.exercise.tolerance)
        return one.lazy == other.lazy and agree(one.result, other.result, tolerance)

    def _behaves(self, mistake: Mistake, i: int) -> bool:
        """Whether a mistake and the answer do the same to their arguments in case i."""
        one, other = self.standard.run_of(mistake, i), self.runs[i]
        shared = not self.standard.exercise.fresh or one.shared == other.shared
        return shared and _conduct(one) == _conduct(other)


def _conduct(one: Run) -> tuple[object, ...]:
    return one.changed, one.repeatable, one.drew, one.varies, bool(one.elsewhere)


def _words_of(failure: Failure | None) -> tuple[str, str] | None:
    return (failure.kind, failure.message) if failure else None

"""The marks of a class, made from the log as often as they are needed: of ten thousand none is held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from coursekit.grading.policy import Policy
from coursekit.grading.result import Mark, Result


@dataclass(frozen=True)
class Marks(Iterable[Mark]):
    """Marks that can be gone through several times; each pass makes them anew."""

    anew: Callable[[], Iterator[Mark]]

    def __iter__(self) -> Iterator[Mark]:
        return self.anew()


def marks_of(policy: Policy, results: Callable[[], Iterable[Result]]) -> Marks:
    """What the rules make of the results, which each call of `results` yields anew by student and lesson."""
    return Marks(lambda: policy.last(results()))

"""A design is tried: what it reaches on some cases and seeds, and how many of the thresholds that its lesson states."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnutils.words import sentence

if TYPE_CHECKING:
    from nnutils.checks.exercise import Arguments, Exercise

MALFORMED = "ValueError"  # what a trial raises for a design that has another form, or is over its budget


@dataclass(frozen=True)
class Trial:
    """How a design is tried: `function(design, seed, **arguments of the case)` returns its score, higher is better.

    `runs` is how many seeds are tried for each case. The function stands in the `given` of its lesson, so that a process can
    import it that holds no answers.
    """

    function: Callable[..., float]
    runs: int


@dataclass(frozen=True)
class Baseline:
    """A plain design, which must reach no threshold, and what it is called."""

    name: str
    function: Callable[..., Any]


def inputs(
    exercise: Exercise, cases: Sequence[Arguments], designs: Sequence[Any], seed: int
) -> list[Arguments]:
    """The arguments of every call of the trial: each case's design, with a seed of its own each time."""
    assert exercise.trial_of is not None
    seeds = np.random.default_rng(seed).integers(2**31, size=(len(cases), exercise.trial_of.runs))
    return [
        {"design": plain(design), "seed": int(own), **case}
        for case, design, row in zip(cases, designs, seeds, strict=True)
        for own in row
    ]


def plain(design: Any) -> Any:
    """A design with Python's numbers in the place of NumPy's: a product of small ones overflows, and fits every budget."""
    match design:
        case np.number():
            return design.item()
        case dict():
            return {key: plain(value) for key, value in design.items()}
        case list():
            return [plain(value) for value in design]
        case tuple():
            return tuple(plain(value) for value in design)
    return design


def score(exercise: Exercise, cases: Sequence[Arguments], designs: Sequence[Any], seed: int) -> float:
    """The mean score of designs, one for each case.

    Raises
    ------
    ValueError: a design has another form than the docstring asks for, or is over the budget; the message says which.
    """
    assert exercise.trial_of is not None
    calls = inputs(exercise, cases, designs, seed)
    return mean([exercise.trial_of.function(*arguments.values()) for arguments in calls])


def mean(scores: Sequence[float]) -> float:
    """The score of all calls together."""
    return float(np.mean([float(each) for each in scores]))


def reached(exercise: Exercise, value: float) -> tuple[bool, ...]:
    """For each threshold, whether the score reaches it."""
    return tuple(value >= threshold for threshold in exercise.thresholds)


def in_words(exercise: Exercise, value: float) -> str:
    """What was reached at grading, and what was asked for."""
    count, limits = sum(reached(exercise, value)), ", ".join(f"{limit:g}" for limit in exercise.thresholds)
    return (
        f"It reached {value:.3f} on data that the notebook does not hold: {count} of the thresholds {limits}."
    )


def hidden_seed(exercise: Exercise) -> int:
    """The seed at grading where the class has no secret: another one than the notebook's."""
    return zlib.crc32(f"hidden {exercise.name}".encode())


def malformed(message: str) -> str:
    """What is said of a design that the trial refuses."""
    return sentence(message or "the design does not have the form that the docstring asks for")

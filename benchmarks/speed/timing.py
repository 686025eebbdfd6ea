"""Timing contenders in turns: each round runs all of them once, so that a busy machine slows all of them.

The time is the process's CPU time, which does not count waiting. Ratios are taken within a round, pair by pair.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles
from typing import NamedTuple

Contender = tuple[Callable[[], object], int]  # what to call, and how many steps a call is
Clock = Callable[[], float]


class Row(NamedTuple):
    """Microseconds a step: median and quartiles. ratio: over the first contender. lead: nnutils' time over this contender's."""

    median: float
    low: float
    high: float
    ratio: float
    lead: float


def interleave(
    contenders: Mapping[str, Contender],
    rounds: int,
    ours: str | None = None,
    clock: Clock = time.process_time,
    seconds: float = 0.005,
) -> dict[str, Row]:
    """Measure all contenders in turns. ours: whose time `lead` compares with the others', by default the first one's.

    A turn repeats the call until it has taken `seconds`.
    """
    first = next(iter(contenders))
    repeats = {name: repeats_of(call, seconds, clock) for name, (call, _) in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (call, steps) in contenders.items():
            if steps == 1:
                call()  # brings the contender's arrays back into the cache, as in training
            turn = max(repeats[name], 3) if steps == 1 else repeats[name]
            times[name].append(measure(call, turn, clock) / steps)

    def ratio(above: str, below: str) -> float:
        return median(a / b for a, b in zip(times[above], times[below], strict=True))

    return {
        name: Row(*spread(turns), ratio(name, first), ratio(ours or first, name))
        for name, turns in times.items()
    }


def repeats_of(call: Callable[[], object], seconds: float, clock: Clock) -> int:
    """How many calls take so many seconds, after three that do not count, in which compilers work."""
    for _ in range(3):
        call()
    return max(1, int(seconds * 1e6 / max(measure(call, 1, clock), 1.0)))


def measure(call: Callable[[], object], repeats: int, clock: Clock = time.process_time) -> float:
    """Microseconds of a call, on average."""
    start = clock()
    for _ in range(repeats):
        call()
    return (clock() - start) * 1e6 / repeats


def spread(values: list[float]) -> tuple[float, float, float]:
    """The median and the quartiles."""
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return median(values), low, high


def milliseconds(call: Callable[[], object], times: int = 5) -> float:
    """CPU milliseconds of a call: the median of several, after one that does not count."""
    call()
    return median(measure(call, 1) / 1000 for _ in range(times))

"""Timing contenders in turns: each round runs all of them once, so that a busy neighbour slows all alike.

Process time counts what the process computed and not what it waited for; ratios are taken within a round.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles

Contender = tuple[Callable[[], object], int]  # what to call, and how many steps a call is
Row = dict[str, float]


def interleave(
    contenders: Mapping[str, Contender], rounds: int, base: str | None = None, seconds: float = 0.005
) -> dict[str, Row]:
    """Microseconds a step of every contender: median, quartiles ("low", "high"), "wall", and the ratio to the base.

    A turn repeats the call until it has taken so many seconds. The base is the first one if none is named.
    """
    base = base or next(iter(contenders))
    repeats = {name: calibrate(call, seconds) for name, (call, _) in contenders.items()}
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (call, steps) in contenders.items():
            turns[name].append(again(call, repeats[name], steps))
    rows = {}
    for name, both in turns.items():
        cpu, wall = zip(*both, strict=True)
        row = {**spread(cpu), "wall": median(wall)}
        row["ratio"] = median(a / b[0] for a, b in zip(cpu, turns[base], strict=True))
        rows[name] = row
    return rows


def calibrate(call: Callable[[], object], seconds: float) -> int:
    """How many calls take so many seconds, after three that are not counted (compilers work in them)."""
    for _ in range(3):
        call()
    cost, _ = turn(call, 1, 1)
    return max(1, int(seconds * 1e6 / max(cost, 1.0)))


def again(call: Callable[[], object], repeats: int, steps: int) -> tuple[float, float]:
    """A turn of at least three steps, after one that brings the contender's arrays back into the cache, as in training."""
    if steps == 1:
        call()
    return turn(call, max(repeats, 3) if steps == 1 else repeats, steps)


def turn(call: Callable[[], object], repeats: int, steps: int) -> tuple[float, float]:
    """Microseconds a step, of process time and of wall time."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        call()
    scale = 1e6 / (repeats * steps)
    return (time.process_time() - cpu) * scale, (time.perf_counter() - wall) * scale


def spread(values: tuple[float, ...] | list[float]) -> Row:
    """The median and the quartiles."""
    if len(values) < 2:
        return dict.fromkeys(("median", "low", "high"), values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return {"median": median(values), "low": low, "high": high}


def milliseconds(call: Callable[[], object], times: int = 5) -> Row:
    """Milliseconds of process time of one call, after one that is not counted."""
    call()
    return spread([turn(call, 1, 1)[0] / 1000 for _ in range(times)])

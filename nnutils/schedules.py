"""Learning rate schedules: each function gives the rate of one epoch or step, counted from 0."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import cos, floor, inf, isfinite, pi


def exponential_decay(
    lr0: float, base: float, epoch: float, every: float = 1, staircase: bool = False
) -> float:
    """lr0 base^(epoch / every), for example with base 0.95. staircase: the quotient is rounded down, so it falls in jumps."""
    periods = epoch / every
    return lr0 * base ** (floor(periods) if staircase else periods)


def power_decay(lr0: float, step: float, s: float, c: float = 1.0) -> float:
    """lr0 / (1 + step / s)^c. With c = 1 (inverse time) the rate is half of lr0 after s steps and a third after 2 s."""
    return lr0 / (1 + step / s) ** c


def piecewise_constant(boundaries: Sequence[float], values: Sequence[float], step: float) -> float:
    """values[i] up to boundaries[i], which is included; the last value after the last boundary (as in Keras)."""
    if len(values) != len(boundaries) + 1:
        raise ValueError(f"{len(boundaries)} boundaries need {len(boundaries) + 1} values, not {len(values)}")
    if any(late < early for early, late in zip(boundaries, boundaries[1:], strict=False)):
        raise ValueError(f"boundaries must rise: {list(boundaries)}")
    return float(values[bisect_left(boundaries, step)])


def reduce_on_plateau(
    losses: Sequence[float], lr0: float, factor: float = 0.5, patience: int = 5
) -> list[float]:
    """The rate of each epoch, from lr0 on. It is multiplied by factor when `patience` epochs brought no better loss."""
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for loss in losses:
        rates.append(lr)
        wait = 0 if loss < best else wait + 1
        best = min(best, loss)
        if wait >= patience:
            lr, wait = lr * factor, 0
    return rates


def one_cycle(step: float, total: float, lr_max: float, start: float = 0.0, tail: float = 0.0) -> float:
    """Straight lines: from start lr_max to lr_max and back in the first (1 - tail) total steps, then to 0 (Smith 2018).

    With start = tail = 0 a triangle: 0 at step 0, lr_max at total / 2, 0 at total. Beyond total the last rate stays.
    """
    cycle, low, step = (1 - tail) * total, start * lr_max, min(step, total)
    if step > cycle:
        return low * (total - step) / (total - cycle)
    return low + (lr_max - low) * (1 - abs(2 * step / cycle - 1))


def cosine(step: float, total: float, lr_max: float, lr_min: float = 0.0) -> float:
    """From lr_max at step 0 to lr_min at total along half a cosine wave (Loshchilov & Hutter 2017)."""
    share = min(step / total, 1.0)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * share)) / 2


def warmup_cosine(step: float, warmup: float, total: float, lr_max: float, lr_min: float = 0.0) -> float:
    """lr_max (step + 1) / warmup while step < warmup, then half a cosine wave from lr_max to lr_min at total."""
    if step < warmup:
        return lr_max * (step + 1) / warmup
    return cosine(step - warmup, total - warmup, lr_max, lr_min)


def suggest_lr(lrs: Sequence[float], losses: Sequence[float], beta: float = 0.9) -> float:
    """A tenth of the rate at the lowest smoothed loss of a range test, up to where that is not finite or over 4 times its lowest.

    lrs: the rates of the steps, rising; losses: those of their batches, above 0. beta: of the average, whose bias is corrected.
    The test is Smith's (2017), the limit of 4 fastai's.
    """
    v, lowest, best = 0.0, inf, lrs[0]
    for t, (lr, loss) in enumerate(zip(lrs, losses, strict=True), start=1):
        v = beta * v + (1 - beta) * loss
        smooth = v / (1 - beta**t)
        if not isfinite(smooth) or smooth > 4 * lowest:
            break
        if smooth < lowest:
            lowest, best = smooth, lr
    return float(best / 10)

"""Learning rate schedules: each function gives the rate of one epoch or step, counted from 0."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import cos, pi


def inverse_time_decay(lr0: float, rate: float, epoch: float) -> float:
    """lr0 / (1 + rate epoch)."""
    return lr0 / (1 + rate * epoch)


def exponential_decay(lr0: float, base: float, epoch: float) -> float:
    """lr0 base^epoch, for example with base 0.95."""
    return lr0 * base**epoch


def power_decay(lr0: float, step: float, s: float, c: float = 1.0) -> float:
    """lr0 / (1 + step / s)^c. With c = 1 the rate is half of lr0 after s steps and a third after 2 s."""
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


def one_cycle(step: float, total: float, lr_max: float) -> float:
    """0 at step 0, up to lr_max at total / 2, down to 0 at total, in straight lines (Smith 2018)."""
    return lr_max * max(0.0, 1 - abs(2 * step / total - 1))


def cosine(step: float, total: float, lr_max: float, lr_min: float = 0.0) -> float:
    """From lr_max at step 0 to lr_min at total along half a cosine wave (Loshchilov & Hutter 2017)."""
    share = min(step / total, 1.0)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * share)) / 2

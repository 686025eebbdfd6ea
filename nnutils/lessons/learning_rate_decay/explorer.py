"""The explorer of lesson 14: design a schedule, and see what it does to descent in a noisy bowl."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils import schedules
from nnutils.figures.explorer import Explorer, choice, log_slider, slider
from nnutils.figures.style import BLUE, GREY, label, panels

STEPS, WARMUP, RUNS = 200, 20, 200
STEEP = np.array([1.0, 10.0])
SMALL, LARGE = 1e-4, 1e4

Design = Callable[[float, float], Callable[[int], float]]

DESIGNS: dict[str, Design] = {  # (largest rate, share of it that is left at the end) → rate of a step
    "constant": lambda lr, left: lambda t: lr,
    "inverse time": lambda lr, left: lambda t: schedules.power_decay(lr, t, STEPS / max(1 / left - 1, 1e-9)),
    "exponential": lambda lr, left: lambda t: schedules.exponential_decay(lr, left, t, every=STEPS),
    "piecewise constant": lambda lr, left: (
        lambda t: schedules.piecewise_constant(
            [STEPS // 3, 2 * STEPS // 3], [lr, lr * left**0.5, lr * left], t
        )
    ),
    "line": lambda lr, left: lambda t: lr * (1 - (1 - left) * t / STEPS),
    "cosine": lambda lr, left: lambda t: schedules.cosine(t, STEPS, lr, lr * left),
    "warm-up, cosine": lambda lr, left: lambda t: schedules.warmup_cosine(t, WARMUP, STEPS, lr, lr * left),
    "triangle": lambda lr, left: lambda t: schedules.one_cycle(t, STEPS, lr, left),
}


def rates(kind: str, lr: float, left: float) -> NDArray:
    """The rate of each of the steps, (STEPS,)."""
    schedule = DESIGNS[kind](lr, left)
    return np.array([schedule(t) for t in range(STEPS)])


def descend(lrs: NDArray, noise: float) -> NDArray:
    """The mean cost after each step, (STEPS + 1, schedules), of 200 runs of gradient descent. lrs: (STEPS, schedules)."""
    draws = noise * np.random.default_rng(13).normal(size=(STEPS, 1, RUNS, 2))
    w = np.full((lrs.shape[1], RUNS, 2), [3.0, 1.0])
    costs = np.empty((STEPS + 1, lrs.shape[1]))
    with np.errstate(all="ignore"):  # a rate that is too large ends in inf, and the summary says so
        for t in range(STEPS + 1):
            costs[t] = (0.5 * STEEP * w**2).sum(-1).mean(-1)
            if t < STEPS:
                w = w - lrs[t, :, None, None] * (STEEP * w + draws[t])
    return np.clip(np.nan_to_num(costs, nan=LARGE), SMALL, LARGE)


class schedule_designer(Explorer):
    """A schedule and its cost, beside a constant rate of the same size."""

    title = "Design a schedule"
    try_this = (
        "lower the share that is left; set the noise to 0; compare line and triangle at a rate above 0.2."
    )
    notice = "how low the cost settles, how long that takes, and which schedules work with a first rate too large to be kept."

    def build(self) -> dict[str, Any]:
        self.figure, (left, right) = panels(1, 2, height=3.6)
        self.rates = [left.plot([], [], color=colour, linestyle=line, label=name)[0]
                      for name, colour, line in (("constant", GREY, "--"), ("yours", BLUE, "-"))]  # fmt: skip
        self.costs = [right.plot([], [], color=colour, linestyle=line, label=name)[0]
                      for name, colour, line in (("constant", GREY, "--"), ("yours", BLUE, "-"))]  # fmt: skip
        left.set(xlim=(0, STEPS), ylim=(0, 1.25))
        right.set(xlim=(0, STEPS), yscale="log", ylim=(1e-3, 1e3))
        left.legend(loc="upper right")
        right.legend(loc="lower left")
        label(left, "The schedule", "step", "learning rate / largest rate")
        label(right, "Mean cost of 200 runs", "step", "cost (log scale)")
        return {
            "kind": choice("schedule", list(DESIGNS), "inverse time"),
            "lr": log_slider("first (largest) rate", 0.15, -2, 0, 0.05),
            "left": log_slider("share left at the end", 0.03, -3, 0),
            "noise": slider("noise of the gradient", 2.0, 0, 5, 0.5),
        }

    def draw(self, kind: str, lr: float, left: float, noise: float) -> str:
        used = np.stack([np.full(STEPS, lr), rates(kind, lr, left)], axis=1)
        costs = descend(used, noise)
        for i in range(2):
            self.rates[i].set_data(np.arange(STEPS), used[:, i] / lr)
            self.costs[i].set_data(np.arange(STEPS + 1), costs[:, i])
        return (
            f"{kind}, first or largest rate {lr:.2g}: the last rate is {used[-1, 1]:.2g}; "
            f"mean cost at the end {_tell(costs[-1, 1])}, with the constant rate {_tell(costs[-1, 0])}."
        )


def _tell(cost: float) -> str:
    if not cost < LARGE:
        return "out of bounds (diverged)"
    return f"below {SMALL:g}" if cost <= SMALL else f"{cost:.2g}"

"""Explorer of lesson 01: how many dev examples tell two models apart?"""

from __future__ import annotations

from math import erf
from typing import Any

import numpy as np

from nnutils.figures.explorer import Explorer, log_slider, slider
from nnutils.figures.style import BLUE, GREEN, GREY, LINES, VERMILION, label, panels

SIZES = np.logspace(1, 5, 65)


def standard_error(n: float, better: float, worse: float, correlation: float) -> float:
    """The standard error of the measured difference of two error rates on n examples whose errors have a correlation."""
    a, b = better * (1 - better), worse * (1 - worse)
    return float(np.sqrt((a + b - 2 * correlation * np.sqrt(a * b)) / n))


def chance_of_better(n: float, better: float, worse: float, correlation: float = 0.0) -> float:
    """The chance that the better of two models is measured as the better one: normal approximation."""
    return (1 + erf((worse - better) / standard_error(n, better, worse, correlation) / np.sqrt(2))) / 2


class dev_set_size(Explorer):
    """Left: what a dev set may measure as the difference; right: the chance to choose the better model, over n.

    Sliders: dev size n, the better model's error, how much worse the other one is, and the correlation of their errors.
    """

    title = "How many dev examples tell two models apart?"
    try_this = "move n until the better model wins in 95 % of the dev sets; then halve the difference; then the correlation."
    notice = "half the difference needs four times the examples; models that fail together need fewer."

    def build(self) -> dict[str, Any]:
        self.figure, (self.bell, self.chance) = panels(1, 2, height=3.8)
        (self.line,) = self.bell.plot([], [], color=BLUE)
        self.fills = [
            *self.bell.fill([], [], color=BLUE, alpha=0.25, linewidth=0),
            *self.bell.fill([], [], color=VERMILION, alpha=0.5, hatch="///", linewidth=0),
        ]
        self.bell.axvline(0, color=GREY, linestyle=":")
        label(
            self.bell,
            "Left of 0 the worse one looks better",
            "measured difference (points)",
            "how often, highest = 1",
        )
        self.bell.set(ylim=(0, 1.1), yticks=[0, 0.5, 1])
        ones = np.ones(len(SIZES))
        (self.paired,) = self.chance.plot(SIZES, ones, color=BLUE, linestyle=LINES[0], label="same dev set")
        (self.separate,) = self.chance.plot(
            SIZES, ones, color=GREEN, linestyle=LINES[1], label="two dev sets"
        )
        (self.point,) = self.chance.plot([], [], "o", color=BLUE, markersize=10)
        self.chance.axhline(95, color=GREY, linestyle=":")
        self.chance.annotate("95 %", (10, 95.6), color=GREY, va="bottom")
        label(self.chance, "Does the better one win?", "dev examples n", "chance to choose the better (%)")
        self.chance.set(xscale="log", ylim=(48, 104), xlim=(9, 1.2e5))
        self.chance.minorticks_off()
        self.chance.legend(loc="lower right")
        return {
            "n": log_slider("dev examples n", 100, 1, 5),
            "error": slider("better's error", 0.10, 0.01, 0.40, 0.01),
            "difference": slider("difference", 0.01, 0.001, 0.05, 0.001, readout_format=".3f"),
            "correlation": slider("correlation", 0.65, 0.0, 0.9, 0.05),
        }

    def draw(self, n: float, error: float, difference: float, correlation: float) -> str:
        n, pair = round(n), (error, error + difference)
        spread = standard_error(n, *pair, correlation)
        self._move_bell(difference, spread)
        for line, shared in ((self.paired, correlation), (self.separate, 0.0)):
            line.set_ydata([100 * chance_of_better(size, *pair, shared) for size in SIZES])
        chance = chance_of_better(n, *pair, correlation)
        self.point.set_data([n], [100 * chance])
        return (
            f"With {n} dev examples, error rates of {100 * pair[0]:.1f} and {100 * pair[1]:.1f} %, and errors of correlation "
            f"{correlation:.2f}, the difference has a standard error of {100 * spread:.2f} points. The better model "
            f"wins in {100 * chance:.0f} % of the dev sets."
        )

    def _move_bell(self, difference: float, spread: float) -> None:
        x = np.linspace(difference - 4 * spread, difference + 4 * spread, 161)
        y = np.exp(-((x - difference) ** 2) / (2 * spread**2))
        self.line.set_data(100 * x, y)
        for fill, side in zip(self.fills, (x >= 0, x <= 0), strict=True):
            fill.set_visible(side.any())
            if side.any():
                edge = np.pad(x[side], 1, mode="edge")  # down to the axis at both ends
                fill.set_xy(np.column_stack([100 * edge, np.pad(y[side], 1)]))
        self.bell.set_xlim(100 * min(x[0], -spread), 100 * x[-1])

"""Explorer of lesson 01: how large must a dev set be?"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from nnutils.figures.explorer import Explorer, log_slider, slider
from nnutils.figures.style import BLUE, GREY, LINES, VERMILION, label, panels

SIZES = np.unique(np.logspace(1, 5, 33).astype(int))


def binomial(n: int, p: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts of errors k and their probabilities, for n examples with the error rate p, 0 < p < 1.

    P(k+1) / P(k) = (n - k) / (k + 1) * p / (1 - p), summed in logarithms; counts beyond 8 standard deviations are left out.
    """
    reach = 8 * np.sqrt(n * p * (1 - p)) + 8
    k = np.arange(max(0, int(n * p - reach)), min(n, int(n * p + reach)) + 1)
    log_ratio = np.log((n - k[:-1]) / (k[:-1] + 1) * p / (1 - p))
    log_p = np.concatenate([[0.0], np.cumsum(log_ratio)])
    weights = np.exp(log_p - log_p.max())
    return k, weights / weights.sum()


def chance_of_better(n: int, error: float, worse: float) -> float:
    """The chance that of two models the better one has fewer errors on n examples each; a tie counts as one half."""
    k, p = binomial(n, error)
    other_k, other_p = binomial(n, worse)
    above = np.concatenate([[0.0], np.cumsum(other_p[::-1])])[
        ::-1
    ]  # above[i]: P(the worse one's count >= other_k[i])
    more = above[np.searchsorted(other_k, k, side="right")]
    as_many = above[np.searchsorted(other_k, k, side="left")] - more
    return float(p @ (more + as_many / 2))


class dev_set_size(Explorer):
    """Left: the distributions of the two measured errors; right: the chance to choose the better model, over n.

    Sliders: dev size n, the better model's true error, and how much worse the other one is.
    """

    title = "How large must a dev set be?"
    try_this = "move n until the better model wins in 95 % of the dev sets; then halve the difference."
    notice = "half the difference needs four times the examples; a smaller error needs fewer."

    def build(self) -> dict[str, Any]:
        self.figure, (self.bells, self.chance) = panels(1, 2, height=3.8)
        self.lines = [
            self.bells.plot([], [], color=colour, linestyle=style, label=name)[0]
            for colour, style, name in zip(
                (BLUE, VERMILION), LINES, ("the better model", "the worse model"), strict=False
            )
        ]
        self.fills: list[PolyCollection] = []
        label(self.bells, "What the dev set may measure", "measured error (%)", "how often, highest = 1")
        self.bells.set(ylim=(0, 1.25), yticks=[0, 0.5, 1])
        self.bells.legend(loc="upper right", ncols=2)
        (self.curve,) = self.chance.plot(SIZES, np.ones(len(SIZES)), color=BLUE)
        (self.point,) = self.chance.plot([], [], "o", color=VERMILION, markersize=10)
        self.chance.axhline(95, color=GREY, linestyle=":")
        self.chance.annotate("95 %", (10, 95.6), color=GREY, va="bottom")
        label(self.chance, "Does the better one win?", "dev examples n", "chance to choose the better (%)")
        self.chance.set(xscale="log", ylim=(48, 104), xlim=(9, 1.2e5))
        self.chance.minorticks_off()
        return {
            "n": log_slider("dev examples n", 100, 1, 5),
            "error": slider("true error", 0.10, 0.01, 0.40, 0.01),
            "difference": slider("difference", 0.01, 0.001, 0.05, 0.001, readout_format=".3f"),
        }

    def draw(self, n: float, error: float, difference: float) -> str:
        n, worse = round(n), error + difference
        self._move_bells(n, (error, worse))
        chance = chance_of_better(n, error, worse)
        self.curve.set_ydata([100 * chance_of_better(int(size), error, worse) for size in SIZES])
        self.point.set_data([n], [100 * chance])
        spread = np.sqrt(error * (1 - error) / n)
        return (
            f"With {n} dev examples a model of {100 * error:.1f} % error is measured with a standard error of {100 * spread:.2f} "
            f"points. Against one that is {100 * difference:.1f} points worse, it wins in {100 * chance:.0f} % of the dev sets."
        )

    def _move_bells(self, n: int, errors: tuple[float, float]) -> None:
        for fill in self.fills:
            fill.remove()
        self.fills = []
        for line, p, colour in zip(self.lines, errors, (BLUE, VERMILION), strict=True):
            k, weights = binomial(n, p)
            x, y = 100 * k / n, weights / weights.max()
            line.set_data(x, y)
            self.fills.append(self.bells.fill_between(x, y, color=colour, alpha=0.25, linewidth=0))
        reach = 4 * np.sqrt(errors[1] * (1 - errors[1]) / n)
        self.bells.set_xlim(100 * max(0, errors[0] - reach), 100 * min(1, errors[1] + reach))

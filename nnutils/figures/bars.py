"""Bars with a point per run: the figure that several lessons compare accuracies with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from nnutils.figures.alt import amounts
from nnutils.figures.style import BLUE, FAINT, ORANGE, label, panels, show, styled

HATCHES = ("", "///", "..", "xx")
FILLS = (BLUE, ORANGE, FAINT)


@styled
def runs_compared(
    results: Mapping[str, Mapping[str, ArrayLike]], title: str, x: str, y: str = "accuracy (%)"
) -> None:
    """Bars of mean accuracies with a point per run. results: group on the x axis → {bar: accuracies, one per run}."""
    figure, axes = panels()
    bars = list(next(iter(results.values())))
    width = 0.8 / len(bars)
    for i, bar in enumerate(bars):
        place = np.arange(len(results)) + width * (i - (len(bars) - 1) / 2)
        runs = 100 * np.array([np.asarray(group[bar]) for group in results.values()])
        axes.bar(
            place, runs.mean(axis=1), width, label=bar, color=FILLS[i], hatch=HATCHES[i], edgecolor="white"
        )
        spread = np.linspace(-0.25, 0.25, runs.shape[1]) * width
        axes.plot((place[:, None] + spread).ravel(), runs.ravel(), "o", color="black", markersize=3.5)
    label(axes, title, x, y)
    axes.set_xticks(range(len(results)), list(results))
    axes.set(ylim=(0, 119), yticks=range(0, 101, 20))
    axes.legend(loc="upper center", ncols=len(bars))
    means = {bar: {group: 100 * np.asarray(of[bar]) for group, of in results.items()} for bar in bars}
    show(figure, "means: " + "; ".join(f"{bar}, {amounts(of)}" for bar, of in means.items()))

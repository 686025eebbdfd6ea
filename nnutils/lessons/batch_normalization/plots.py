"""Figures of lesson 15: what batch normalization does to z, to training, and to the settings that training tolerates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trend, trends
from nnutils.figures.bars import runs_compared
from nnutils.figures.pictures import picture_rows
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    label,
    look_of,
    panels,
    show,
    styled,
)

__all__ = ["drift", "noise", "picture_rows", "running", "runs_compared", "tolerance", "variance_shift"]


@styled
def drift(z: NDArray, title: str, y: str = "z") -> None:
    """The middle 90 % and the median of one unit's z while the network learns. z: (steps, m)."""
    low, middle, high = np.percentile(z, [5, 50, 95], axis=1)
    figure, axes = panels(height=2.9)
    steps = np.arange(len(z))
    axes.fill_between(steps, low, high, color=BLUE, alpha=0.25, label="9 of 10 digits")
    axes.plot(steps, middle, color=BLUE, label="the median")
    label(axes, title, "step of training", y)
    axes.set_xlim(0, len(z) - 1)
    axes.legend(loc="upper left", ncols=2, bbox_to_anchor=(0, 1.02))
    axes.margins(y=0.22)
    ends = f"between {number(low[0])} and {number(high[0])} at first, {number(low[-1])} and {number(high[-1])} at last"
    show(figure, f"the median goes {trend(middle)}; 9 of 10 digits lie {ends}")


@styled
def running(means: NDArray, averages: NDArray, whole: float) -> None:
    """One unit's mean in every batch, its running average, and at the end its mean over the whole training set."""
    figure, axes = panels(height=3.2)
    steps = np.arange(1, len(means) + 1)
    axes.plot(steps, means, ".", color=ORANGE, label="mean of one batch")
    axes.plot(steps, averages, color=BLUE, label="running average")
    axes.plot([len(means)], [whole], "D", color="black", label="mean of all examples, at the end")
    label(axes, "The running average follows the batches, and smooths", "step of training", "mean of z")
    low, high = min(means.min(), averages.min()), max(means.max(), averages.max())
    axes.set_ylim(low - 0.05 * (high - low), high + 0.25 * (high - low))
    axes.legend(loc="upper center", ncols=3)
    show(
        figure,
        f"{trends({'mean of one batch': means, 'running average': averages})}; all examples {number(whole)}",
    )


@styled
def tolerance(x: Sequence[float], accuracies: Mapping[str, NDArray], title: str, xlabel: str) -> None:
    """Accuracy over a setting, a point per seed and a line through the means. accuracies: name → (seeds, settings)."""
    figure, axes = panels()
    for i, (name, runs) in enumerate(accuracies.items()):
        look = {"color": COLOURS[i], "marker": MARKERS[i]}
        axes.plot(x, 100 * runs.mean(axis=0), linestyle=LINES[i], label=name, **look)
        axes.plot(np.tile(x, (len(runs), 1)).ravel(), 100 * runs.ravel(), linestyle="", alpha=0.35, **look)
    label(axes, title, xlabel, "training accuracy (%)")
    axes.set(xscale="log", ylim=(0, 119), yticks=range(0, 101, 20))
    axes.set_xticks(list(x), [f"{value:g}" for value in x])
    axes.minorticks_off()
    axes.legend(loc="upper center", ncols=len(accuracies))
    show(figure, "means: " + trends({name: 100 * runs.mean(axis=0) for name, runs in accuracies.items()}, x))


@styled
def noise(sizes: Sequence[int], spreads: ArrayLike, dev_losses: Mapping[str, NDArray]) -> None:
    """Left: how much the rest of a batch changes an example's output, over the batch size. Right: the dev loss for each size of
    the groups whose statistics are used, a line per seed.
    """
    figure, (left, right) = panels(1, 2, height=3.4)
    left.loglog(sizes, spreads, "o", color=BLUE, label="measured")
    roots = np.sqrt(np.asarray(sizes, float))
    guide = np.exp(np.mean(np.log(np.asarray(spreads) * roots))) / roots  # through the middle of the points
    left.loglog(sizes, guide, ":", color=GREY, label="falls as 1 / √B")
    label(left, "The rest of the batch moves an output", "batch size B", "standard deviation of its output")
    left.set_xticks(list(sizes), [str(size) for size in sizes])
    left.minorticks_off()
    left.set_yticks([0.05, 0.1, 0.2, 0.4], ["0.05", "0.1", "0.2", "0.4"])
    left.legend(loc="lower left")
    names = list(dev_losses)
    for i, losses in enumerate(np.array([dev_losses[name] for name in names]).T):
        right.plot(names, losses, **look_of(i))
    label(right, "A little of that noise helps", "statistics taken over", "dev loss (a line per seed)")
    right.margins(x=0.15)
    means = amounts({name: np.mean(losses) for name, losses in dev_losses.items()})
    show(figure, f"the deviation goes {trend(spreads, sizes)}; mean dev losses: {means}")


@styled
def variance_shift(named: Mapping[str, NDArray]) -> None:
    """Stored variance over the variance at test time, at each batch normalization. named: name → (seeds, layers)."""
    figure, axis = panels(height=2.8)
    axis.axhline(1, color=GREY, linewidth=1)
    for i, (name, ratios) in enumerate(named.items()):
        _seeds_and_mean(axis, ratios, i, name)
    axis.set_xticks(range(1, ratios.shape[1] + 1))
    axis.legend(loc="upper left", title="dropout", alignment="left")
    label(
        axis,
        "Dropout before a batch normalization: the stored variance is too large",
        "batch normalization, from the input on",
        "stored / at test time",
    )
    show(figure, "means: " + trends({name: ratios.mean(axis=0) for name, ratios in named.items()}))


def _seeds_and_mean(axis: Axes, rows: NDArray, i: int, name: str) -> None:
    """A band from the lowest to the highest row, and their mean."""
    x = range(1, rows.shape[1] + 1)
    low, high = rows.min(axis=0), rows.max(axis=0)
    axis.fill_between(x, low, high, color=COLOURS[i], alpha=0.2, linewidth=0)
    axis.plot(x, rows.mean(axis=0), **look_of(i), label=name)

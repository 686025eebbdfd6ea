"""Figures of lesson 14: what batch normalization does to z, to training, and to what it can be trained with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.plots.style import BLUE, COLOURS, GREY, LINES, MARKERS, ORANGE, label, panels, styled

HATCHES = ("", "///", "..")
FILLS = (BLUE, ORANGE, "#999999")


@styled
def drift(z: NDArray, title: str, y: str = "z") -> None:
    """The middle 90 % and the median of one unit's z while the network learns. z: (steps, m)."""
    low, middle, high = np.percentile(z, [5, 50, 95], axis=1)
    _, axes = panels(height=2.9)
    steps = np.arange(len(z))
    axes.fill_between(steps, low, high, color=BLUE, alpha=0.25, label="9 of 10 digits")
    axes.plot(steps, middle, color=BLUE, label="the median")
    label(axes, title, "step of training", y)
    axes.set_xlim(0, len(z) - 1)
    axes.legend(loc="upper left", ncols=2, bbox_to_anchor=(0, 1.02))
    axes.margins(y=0.22)


@styled
def running(means: NDArray, averages: NDArray, whole: float) -> None:
    """One unit's mean in every batch, its running average, and at the end its mean over the whole training set."""
    _, axes = panels(height=3.2)
    steps = np.arange(1, len(means) + 1)
    axes.plot(steps, means, ".", color=ORANGE, label="mean of one batch")
    axes.plot(steps, averages, color=BLUE, label="running average")
    axes.plot([len(means)], [whole], "D", color="black", label="mean of all examples, at the end")
    label(axes, "The running average follows, and smooths", "step of training", "mean of z")
    low, high = min(means.min(), averages.min()), max(means.max(), averages.max())
    axes.set_ylim(low - 0.05 * (high - low), high + 0.25 * (high - low))
    axes.legend(loc="upper center", ncols=3)


@styled
def tolerance(x: Sequence[float], accuracies: Mapping[str, NDArray], title: str, xlabel: str) -> None:
    """Accuracy over a setting, a point a seed and a line through the means. accuracies: name → (seeds, settings)."""
    _, axes = panels()
    for i, (name, runs) in enumerate(accuracies.items()):
        look = {"color": COLOURS[i], "marker": MARKERS[i]}
        axes.plot(x, 100 * runs.mean(axis=0), linestyle=LINES[i], label=name, **look)
        axes.plot(np.tile(x, (len(runs), 1)).ravel(), 100 * runs.ravel(), linestyle="", alpha=0.35, **look)
    label(axes, title, xlabel, "training accuracy (%)")
    axes.set(xscale="log", ylim=(0, 119), yticks=range(0, 101, 20))
    axes.set_xticks(list(x), [f"{value:g}" for value in x])
    axes.minorticks_off()
    axes.legend(loc="upper center", ncols=len(accuracies))


@styled
def noise(sizes: Sequence[int], spreads: ArrayLike, dev_losses: Mapping[str, NDArray]) -> None:
    """Left how far company moves an example, over the batch size; right the dev loss, a line a seed from group to group."""
    _, (left, right) = panels(1, 2, height=3.4)
    left.loglog(sizes, spreads, "o", color=BLUE, label="measured")
    guide = np.asarray(spreads)[0] * np.sqrt(sizes[0] / np.asarray(sizes, float))
    left.loglog(sizes, guide, ":", color=GREY, label="falls as 1 / √B")
    label(left, "Company moves an example", "batch size B", "standard deviation of its output")
    left.set_xticks(list(sizes), [str(size) for size in sizes])
    left.minorticks_off()
    left.set_yticks([0.05, 0.1, 0.2, 0.4], ["0.05", "0.1", "0.2", "0.4"])
    left.legend(loc="lower left")
    names = list(dev_losses)
    for i, losses in enumerate(np.array([dev_losses[name] for name in names]).T):
        right.plot(names, losses, color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i])
    label(right, "A little of that noise helps", "statistics taken over", "dev loss (a line a seed)")
    right.margins(x=0.15)


@styled
def shifted(results: Mapping[str, Mapping[str, ArrayLike]]) -> None:
    """Bars of dev accuracies with a point a seed. results: group on the x axis → {bar: accuracies}."""
    _, axes = panels()
    bars = list(next(iter(results.values())))
    width = 0.8 / len(bars)
    for i, bar in enumerate(bars):
        place = np.arange(len(results)) + width * (i - (len(bars) - 1) / 2)
        runs = 100 * np.array([np.asarray(group[bar]) for group in results.values()])
        axes.bar(
            place, runs.mean(axis=1), width, label=bar, color=FILLS[i], hatch=HATCHES[i], edgecolor="white"
        )
        across = np.linspace(-0.25, 0.25, runs.shape[1]) * width
        axes.plot((place[:, None] + across).ravel(), runs.ravel(), "o", color="black", markersize=3.5)
    label(axes, "New averages undo the shift, the old ones do not", "network", "dev accuracy (%)")
    axes.set_xticks(range(len(results)), list(results))
    axes.set(ylim=(0, 119), yticks=range(0, 101, 20))
    axes.legend(loc="upper center", ncols=len(bars))


@styled
def picture_rows(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of digits, (n, 64) each, on one scale of grey, with a name in front of every row."""
    figure, axes = panels(len(rows), len(next(iter(rows.values()))), height=0.4 + 0.95 * len(rows))
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        for one, pixels in zip(line, pictures, strict=True):
            one.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
            one.set(xticks=[], yticks=[])
            one.spines[:].set_visible(True)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, fontweight="bold", fontsize=12)

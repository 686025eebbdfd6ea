"""Figures of lesson 15: scales, points of a search, the map of a loss, and searches side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    SEQUENTIAL,
    VERMILION,
    label,
    panels,
    styled,
)

FILLS, HATCHES = (ORANGE, BLUE), ("///", "")


@styled
def per_decade(draws: Mapping[str, ArrayLike], edges: Sequence[float], title: str, x: str) -> None:
    """Which share of the draws falls into each decade. draws: name → values; edges: powers of ten."""
    _, axes = panels(height=3.2)
    names = [f"{low:g} to {high:g}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
    width = 0.8 / len(draws)
    for i, (name, values) in enumerate(draws.items()):
        counts = np.histogram(np.asarray(values), edges)[0]
        place = np.arange(len(names)) + width * (i - (len(draws) - 1) / 2)
        share = 100 * counts / counts.sum()
        axes.bar(place, share, width, label=name, color=FILLS[i], hatch=HATCHES[i], edgecolor="white")
    label(axes, title, x, "share of the draws (%)")
    axes.set_xticks(range(len(names)), names)
    axes.set(ylim=(0, 119), yticks=range(0, 101, 20))
    axes.legend(loc="upper center", ncols=len(draws))


@styled
def two_searches(points: Mapping[str, NDArray], losses: Mapping[str, NDArray]) -> None:
    """Above where the points lie, below their losses over the learning rate. points: name → (n, 2): rate and epsilon."""
    _, axes = panels(2, 2, height=5.2, sharex=True, sharey="row")
    for i, (name, where) in enumerate(points.items()):
        look = {"color": FILLS[::-1][i], "marker": MARKERS[i], "linestyle": ""}
        axes[0, i].plot(where[:, 0], where[:, 1], **look)
        axes[1, i].plot(where[:, 0], losses[name], **look)
        different = len(np.unique(where[:, 0].round(12)))
        label(axes[0, i], f"{name}: {different} learning rates", "", "Adam's ε" if i == 0 else "")
        label(
            axes[1, i], f"What these {len(where)} runs found", "learning rate", "dev loss" if i == 0 else ""
        )
        axes[0, i].set(xscale="log", yscale="log")
        axes[1, i].set(ylim=(0, 2.6))
        for one in axes[:, i]:
            one.minorticks_off()


def _map(axes: Any, rates: NDArray, windows: NDArray, losses: NDArray) -> Any:
    """The loss over learning rate and window, as colours; dark is good."""
    image = axes.pcolormesh(
        rates, windows, np.log10(losses), cmap=SEQUENTIAL, shading="nearest", rasterized=True
    )
    axes.set(xscale="log", yscale="log")
    axes.minorticks_off()
    axes.grid(False)
    return image


def _bar(figure: Any, image: Any, axes: Any) -> None:
    bar = figure.colorbar(image, ax=axes, ticks=np.log10([0.2, 0.5, 1, 2]))
    bar.ax.set_yticklabels(["0.2", "0.5", "1", "2"])
    bar.set_label("dev loss")


@styled
def loss_map(rates: NDArray, windows: NDArray, losses: NDArray) -> None:
    """The dev loss for every learning rate and window. losses: (windows, rates)."""
    figure, axes = panels(height=3.8)
    image = _map(axes, rates, windows, losses)
    row, column = np.unravel_index(losses.argmin(), losses.shape)
    axes.plot(rates[column], windows[row], "*", color="white", markersize=16, markeredgecolor="black")
    _bar(figure, image, axes)
    label(axes, "A narrow valley: dark is good, the star is best", "learning rate", "window 1 / (1 - β)")


@styled
def coarse_and_fine(
    rates: NDArray,
    windows: NDArray,
    losses: NDArray,
    coarse: NDArray,
    fine: NDArray,
    space: Mapping[str, Any],
) -> None:
    """The points of both rounds on the map, and the frame of the second. coarse, fine: (n, 2)."""
    figure, axes = panels(1, 2, height=3.8, sharex=True, sharey=True)
    rounds = zip(axes, (coarse, fine), ("First the whole space", "Then where it was good"), strict=True)
    for one, points, title in rounds:
        image = _map(one, rates, windows, losses)
        one.plot(points[:, 0], points[:, 1], "o", color="white", markeredgecolor="black", markersize=6)
        (left, right, _), (low, high, _) = space.values()
        one.plot(
            [left, right, right, left, left], [low, low, high, high, low], "--", color="white", linewidth=2
        )
        label(one, title, "learning rate", "window 1 / (1 - β)" if one is axes[0] else "")
    _bar(figure, image, axes)


@styled
def surrogate(
    x: NDArray, mean: NDArray, std: NDArray, gain: NDArray, tried: tuple[ArrayLike, ArrayLike], truth: NDArray
) -> None:
    """Above the model's mean and spread through the runs made so far, below the expected improvement."""
    _, (above, below) = panels(2, 1, height=5.0, sharex=True, height_ratios=(2, 1))
    above.fill_between(x, mean - 2 * std, mean + 2 * std, color=BLUE, alpha=0.2, label="mean ± 2 std")
    above.plot(x, mean, color=BLUE, label="the model's mean")
    above.plot(x, truth, color=GREY, linestyle=":", label="the truth, unknown to it")
    above.plot(*tried, "o", color="black", markersize=7, label="runs so far")
    label(above, "The model says what it expects, and how sure it is", "", "dev loss")
    above.set(xscale="log", ylim=(-0.7, 4.3))
    above.legend(loc="upper center", ncols=4, columnspacing=1.2)
    below.fill_between(x, 0, gain, color=VERMILION, alpha=0.3)
    below.plot(x, gain, color=VERMILION)
    best = int(np.argmax(gain))
    below.axvline(x[best], color="black", linestyle="--", linewidth=1.5)
    label(below, "The next run goes where the improvement promises most", "learning rate", "expected")
    below.set_ylim(0, None)
    below.minorticks_off()


@styled
def side_by_side(curves: Mapping[str, NDArray], dots: Mapping[str, tuple[int, float]]) -> None:
    """The best loss so far over the number of runs, mean of many searches; dots for searches without an order."""
    _, axes = panels(height=3.8)
    for i, (name, best) in enumerate(curves.items()):
        runs = np.arange(1, best.shape[1] + 1)
        axes.plot(runs[2:], best.mean(axis=0)[2:], label=name, color=COLOURS[i], linestyle=LINES[i])
    for i, (name, (n, loss)) in enumerate(dots.items()):
        axes.plot(n, loss, "Ds^"[i], color="black", markersize=8, label=name)
    label(
        axes,
        "Bayesian search gets low in the fewest runs (means of all repetitions)",
        "runs",
        "best dev loss so far",
    )
    axes.set(yscale="log", ylim=(0.15, 0.6), yticks=[0.15, 0.2, 0.3, 0.4, 0.5])
    axes.set_yticklabels(["0.15", "0.2", "0.3", "0.4", "0.5"])
    axes.minorticks_off()
    axes.legend(loc="upper right")


@styled
def drifted(rates: NDArray, losses: Mapping[str, NDArray]) -> None:
    """The loss over the learning rate before and after the data changed, with the best of each. losses: name → (seeds, rates)."""
    _, axes = panels()
    for i, (name, runs) in enumerate(losses.items()):
        mean = runs.mean(axis=0)
        axes.plot(rates, mean, color=COLOURS[i], linestyle=LINES[i], label=name)
        best = int(np.argmin(mean))
        axes.plot(rates[best], mean[best], MARKERS[i], color=COLOURS[i], markersize=10)
    label(axes, "The best learning rate moves with the data", "learning rate", "dev loss")
    axes.set(xscale="log", ylim=(0, 2.9))
    axes.minorticks_off()
    axes.legend(loc="upper center", ncols=2)

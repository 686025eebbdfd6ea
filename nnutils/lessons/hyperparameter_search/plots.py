"""Figures of lesson 17: scales, points of a search, the map of a loss, and searches side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trend, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    ORANGE,
    SEQUENTIAL,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

FILLS, HATCHES = (ORANGE, BLUE), ("///", "")


@styled
def per_decade(draws: Mapping[str, ArrayLike], edges: Sequence[float], title: str, x: str) -> None:
    """Which share of the draws falls into each decade. draws: name → values; edges: powers of ten."""
    figure, axes = panels(height=3.2)
    names = [f"{low:g} to {high:g}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
    width = 0.8 / len(draws)
    counts = {name: np.histogram(np.asarray(values), edges)[0] for name, values in draws.items()}
    shares = {name: 100 * count / count.sum() for name, count in counts.items()}
    for i, (name, share) in enumerate(shares.items()):
        place = np.arange(len(names)) + width * (i - (len(draws) - 1) / 2)
        axes.bar(place, share, width, label=name, color=FILLS[i], hatch=HATCHES[i], edgecolor="white")
    label(axes, title, x, "share of the draws (%)")
    axes.set_xticks(range(len(names)), names)
    axes.set(ylim=(0, 119), yticks=range(0, 101, 20))
    axes.legend(loc="upper center", ncols=len(draws))
    told = [f"{name}, {amounts(dict(zip(names, share, strict=True)))}" for name, share in shares.items()]
    show(figure, f"shares in percent: {'; '.join(told)}")


@styled
def two_searches(points: Mapping[str, NDArray], losses: Mapping[str, NDArray]) -> None:
    """Above: where the points lie; below: their losses over the learning rate. points: name → (n, 2): rate and epsilon."""
    figure, axes = panels(2, 2, height=5.2, sharex=True, sharey="row")
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
        for axis in axes[:, i]:
            axis.minorticks_off()
    best = {name: np.min(np.asarray(values)) for name, values in losses.items()}
    show(figure, f"lowest loss of {len(where)} runs: {amounts(best)}")


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
    place = f"learning rate {number(rates[column])} and window {number(windows[row])}"
    show(
        figure,
        f"the loss is lowest, {number(losses.min())}, at {place}; the highest is {number(losses.max())}",
    )


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
    for axis, points, title in rounds:
        image = _map(axis, rates, windows, losses)
        axis.plot(points[:, 0], points[:, 1], "o", color="white", markeredgecolor="black", markersize=6)
        (left, right, _), (low, high, _) = space.values()
        axis.plot(
            [left, right, right, left, left], [low, low, high, high, low], "--", color="white", linewidth=2
        )
        label(axis, title, "learning rate", "window 1 / (1 - β)" if axis is axes[0] else "")
    _bar(figure, image, axes)
    frame = f"learning rates {number(left)} to {number(right)} and windows {number(low)} to {number(high)}"
    show(figure, f"{len(coarse)} points over the whole space, then {len(fine)} within {frame}")


@styled
def surrogate(
    x: NDArray, mean: NDArray, std: NDArray, gain: NDArray, tried: tuple[ArrayLike, ArrayLike], truth: NDArray
) -> None:
    """Above: the model's mean and spread through the runs made so far; below: the expected improvement."""
    figure, (above, below) = panels(2, 1, height=5.0, sharex=True, height_ratios=(2, 1))
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
    told = f"the model's mean goes {trend(mean, x)}; {np.size(tried[0])} runs so far, the best {number(np.min(tried[1]))}"
    show(figure, f"{told}; most improvement is expected at {number(x[best])}")


@styled
def side_by_side(curves: Mapping[str, NDArray], dots: Mapping[str, tuple[int, float]]) -> None:
    """The best loss so far over the number of runs, mean of many searches; dots for searches whose runs have no order."""
    figure, axes = panels(height=3.8)
    for i, (name, best) in enumerate(curves.items()):
        runs = np.arange(1, best.shape[1] + 1)
        axes.plot(runs[2:], best.mean(axis=0)[2:], label=name, **look_of(i, marker=False))
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
    means = {name: best.mean(axis=0)[2:] for name, best in curves.items()}
    points = amounts({f"{name} after {n} runs": loss for name, (n, loss) in dots.items()})
    show(figure, f"{trends(means, first=3)}; {points}")


@styled
def drifted(rates: NDArray, losses: Mapping[str, NDArray]) -> None:
    """The loss over the learning rate before and after the data changed, with the best of each. losses: name → (seeds, rates)."""
    figure, axes = panels()
    for i, (name, runs) in enumerate(losses.items()):
        mean = runs.mean(axis=0)
        axes.plot(rates, mean, **look_of(i, marker=False), label=name)
        best = int(np.argmin(mean))
        axes.plot(rates[best], mean[best], MARKERS[i], color=COLOURS[i], markersize=10)
    label(axes, "The best learning rate moves with the data", "learning rate", "dev loss")
    axes.set(xscale="log", ylim=(0, 2.9))
    axes.minorticks_off()
    axes.legend(loc="upper center", ncols=2)
    means = {name: runs.mean(axis=0) for name, runs in losses.items()}
    lowest = {f"{name} at rate {number(rates[mean.argmin()])}": mean.min() for name, mean in means.items()}
    show(figure, f"lowest mean losses: {amounts(lowest)}")

"""Figures of lesson 17: scales, points of a search, what repeats, the map of a loss, and searches side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trend
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

TITLES = {"Standard": "Standard: the good rates move", "muP": "muP: they stay near"}
FILLS, HATCHES = (ORANGE, BLUE), ("///", "")


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
        axes[1, i].set(ylim=(0, 2.9))
        for axis in axes[:, i]:
            axis.minorticks_off()
    best = {name: np.min(np.asarray(values)) for name, values in losses.items()}
    show(figure, f"lowest loss of {len(where)} runs: {amounts(best)}")


@styled
def shares(explained: Mapping[str, Mapping[str, float]]) -> None:
    """Which share of the differences each hyperparameter explains. explained: name of a group of runs → name → share."""
    figure, axes = panels(height=3.6)
    width = 0.8 / len(explained)
    for i, (name, values) in enumerate(explained.items()):
        place = np.arange(len(values)) + width * (i - (len(explained) - 1) / 2)
        axes.bar(place, [100 * v for v in values.values()], width, label=name, color=FILLS[::-1][i],
                 hatch=HATCHES[::-1][i], edgecolor="white")  # fmt: skip
    names = list(next(iter(explained.values())))
    label(axes, "What explains the log dev loss depends on where you look", "", "share explained (%)")
    axes.set_xticks(range(len(names)), names)
    axes.legend(loc="upper right")
    told = [
        f"{name}: {amounts({k: 100 * v for k, v in values.items()})}" for name, values in explained.items()
    ]
    show(figure, f"shares in percent; {'; '.join(told)}")


@styled
def again(first: NDArray, fresh: NDArray) -> None:
    """The best runs of a search, and the same settings again. first: (n,); fresh: (n, seeds)."""
    figure, axes = panels(height=3.4)
    place = np.arange(1, len(first) + 1)
    axes.plot(np.repeat(place, fresh.shape[1]), fresh.ravel(), "o", color=GREY, label="again, fresh seeds")
    axes.plot(place, fresh.mean(axis=1), "s", color=BLUE, markersize=9, label="their mean")
    axes.plot(place, first, "*", color=VERMILION, markersize=13, label="the run that chose them")
    label(axes, "The best runs of the search, and the same settings again", "rank in the search", "dev loss")
    axes.set(xticks=place, ylim=(0, None))
    axes.legend(loc="lower right")
    told = amounts({f"rank {i}": v for i, v in zip(place, fresh.mean(axis=1), strict=True)})
    show(figure, f"losses of the chosen runs {', '.join(map(number, first))}; means of fresh ones: {told}")


@styled
def batch_sizes(rates: NDArray, losses: Mapping[str, NDArray]) -> None:
    """The dev loss over the learning rate, mean over seeds. losses: name → (rates,)."""
    figure, axes = panels(height=3.6)
    for i, (name, mean) in enumerate(losses.items()):
        axes.plot(rates, mean, **look_of(i), label=name)
    label(axes, "Each batch size has a learning rate of its own", "learning rate", "dev loss")
    axes.set(xscale="log", ylim=(0, 2.6))
    axes.minorticks_off()
    axes.legend(loc="upper center")
    lowest = {f"{name}, at rate {number(rates[mean.argmin()])}": mean.min() for name, mean in losses.items()}
    show(figure, f"lowest losses: {amounts(lowest)}")


@styled
def valley(rates: NDArray, windows: NDArray, losses: NDArray, ends: Mapping[str, NDArray]) -> None:
    """Left: the loss of every rate and window. Right: where a search of one after the other ends, for each window it began
    with, in multiples of the best loss. ends: name of the coordinates → (windows,)."""
    figure, (left, right) = panels(1, 2, height=3.9)
    image = left.pcolormesh(
        rates, windows, np.log10(losses), cmap=SEQUENTIAL, shading="nearest", rasterized=True
    )
    row, column = np.unravel_index(losses.argmin(), losses.shape)
    left.plot(rates[column], windows[row], "*", color="white", markersize=16, markeredgecolor="black")
    left.set(xscale="log", yscale="log")
    bar = figure.colorbar(image, ax=left, ticks=np.log10([0.2, 0.5, 1, 2, 5]))
    bar.ax.set_yticklabels(["0.2", "0.5", "1", "2", "5"])
    bar.set_label("dev loss")
    label(left, "The valley is slanted (dark is good)", "Keras' learning rate", "window 1 / (1 - β)")
    for i, (name, ratio) in enumerate(ends.items()):
        right.plot(windows, ratio, **look_of(i), label=name)
    label(
        right, "First the rate, then the window", "the window to begin with", "end, in multiples of the best"
    )
    right.set(xscale="log", ylim=(0.95, None))
    right.legend(loc="upper left")
    for axis in (left, right):
        axis.minorticks_off()
    left.grid(False)
    worst = amounts({name: ratio.max() for name, ratio in ends.items()})
    place = f"Keras' rate {number(rates[column])} and window {number(windows[row])}"
    show(
        figure,
        f"the loss is lowest, {number(losses.min())}, at {place}; the worst ends, in multiples of it: {worst}",
    )


@styled
def halving(paths: Sequence[tuple[int, NDArray]], found: Mapping[str, tuple[float, float]]) -> None:
    """Left: the losses of a search by halving, each as far as it was trained. Right: what searches find, over their cost.

    paths: pairs of the round in which a run ended (from 0) and its losses. found: name → (epochs, mean loss).
    """
    figure, (left, right) = panels(1, 2, height=3.8)
    colours = (GREY, ORANGE, BLUE)
    for last, losses in sorted(paths, key=lambda path: path[0]):
        left.plot(
            np.arange(1, len(losses) + 1), losses, color=colours[last], marker=MARKERS[last], markersize=4
        )
    label(left, "27 runs, 9 go on, then 3", "epochs", "dev loss")
    left.set(ylim=(0, 3.2))
    for i, (name, (epochs, loss)) in enumerate(found.items()):
        right.plot(epochs, loss, MARKERS[i], color=COLOURS[i], markersize=10, label=name)
    label(right, "What was found, and what it cost", "epochs in all", "fresh dev loss of the winner")
    right.set(xlim=(0, 390), ylim=(0.15, None))
    right.legend(loc="upper right")
    told = amounts({f"{name}, {epochs:.0f} epochs": loss for name, (epochs, loss) in found.items()})
    show(figure, f"mean losses of the winners: {told}")


@styled
def surrogate(
    x: NDArray, mean: NDArray, std: NDArray, gain: NDArray, tried: tuple[ArrayLike, ArrayLike], truth: NDArray
) -> None:
    """Above: the model's mean and spread through the runs made so far; below: the expected improvement."""
    figure, (above, below) = panels(2, 1, height=5.0, sharex=True, height_ratios=(2, 1))
    above.fill_between(x, mean - 2 * std, mean + 2 * std, color=BLUE, alpha=0.2, label="mean ± 2 std")
    above.plot(x, mean, color=BLUE, label="the model's mean")
    above.plot(x, truth, color=GREY, linestyle=":", label="mean of 12 runs")
    above.plot(*tried, "o", color="black", markersize=7, label="runs so far")
    label(above, "The model says what it expects, and how sure it is", "", "log of the dev loss")
    above.set(xscale="log", ylim=(-3, 4))
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
def contest(regret: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
    """How far above the best loss each search ends: mean and standard error, in percent. regret: kind of run → search → both."""
    figure, axes = panels(height=3.8)
    for i, (name, found) in enumerate(regret.items()):
        mean, error = np.array([*found.values()]).T
        place = np.arange(len(found)) + 0.2 * (i - (len(regret) - 1) / 2)
        axes.errorbar(
            place, mean, 2 * error, fmt=MARKERS[i], color=COLOURS[i], markersize=9, capsize=4, label=name
        )
    label(
        axes,
        "On one split each search ends farther off, with exact runs, too",
        "means of 60 searches, and two standard errors to either side",
        "winner above the best (%)",
    )
    axes.set_xticks(range(len(found)), [*found])
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    told = [f"{name}: {amounts({k: v[0] for k, v in found.items()})}" for name, found in regret.items()]
    show(figure, f"percent above the best; {'; '.join(told)}")


@styled
def widths(
    rates: NDArray, losses: Mapping[str, Mapping[int, NDArray]], middles: Mapping[str, Mapping[int, float]]
) -> None:
    """The dev loss over Adam's rate for some widths, in two panels; a line at the middle of the good rates."""
    figure, axes = panels(1, 2, height=3.8, sharey=True)
    for axis, (name, by_width) in zip(axes, losses.items(), strict=True):
        for i, (width, mean) in enumerate(by_width.items()):
            axis.plot(rates, mean, **look_of(i), label=f"width {width}")
            axis.axvline(middles[name][width], ymax=0.15 - 0.04 * i, color=COLOURS[i], linewidth=4)
        label(axis, TITLES.get(name, name), "learning rate of Adam", "dev loss" if axis is axes[0] else "")
        axis.set(xscale="log", ylim=(0, 2.6))
        axis.minorticks_off()
    axes[0].legend(loc="upper center")
    told = [
        f"{name}: {amounts({f'width {w}': v for w, v in found.items()})}" for name, found in middles.items()
    ]
    show(figure, f"middle of the good rates; {'; '.join(told)}")


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

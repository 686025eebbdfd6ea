"""Figures of lesson 15: what batch normalization does to z, to training, and to the settings that training tolerates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trend, trends
from nnutils.figures.bars import runs_compared
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

__all__ = [
    "decay", "ground", "noise", "reasons", "running", "runs_compared", "settings", "sizes", "turns",
    "variance_shift",
]  # fmt: skip


@styled
def ground(z: NDArray, stilled: NDArray) -> None:
    """One unit's numbers while the network learns, as they arrive and behind batch norm. Both (steps, m)."""
    figure, panel = panels(1, 2, height=3.2)
    told = []
    titles = ("The layers before this unit move its z", "Batch norm holds mean and spread still")
    for axes, values, title, y in zip(
        panel, (z, stilled), titles, ("z", "output of batch norm"), strict=True
    ):
        low, middle, high = np.percentile(values, [5, 50, 95], axis=1)
        steps = np.arange(len(values))
        axes.fill_between(steps, low, high, color=BLUE, alpha=0.25, label="9 of 10 digits")
        axes.plot(steps, middle, color=BLUE, label="the median")
        label(axes, title, "step of training", y)
        axes.set_xlim(0, len(values) - 1)
        axes.margins(y=0.25)
        first, last = f"{number(low[0])} and {number(high[0])}", f"{number(low[-1])} and {number(high[-1])}"
        told.append(
            f"{y}: the median goes {trend(middle)}; 9 of 10 digits lie between {first} at first, {last} at last"
        )
    panel[0].legend(loc="upper left", ncols=2)
    show(figure, ". ".join(told))


@styled
def running(means: NDArray, averages: NDArray, corrected: NDArray, whole: float) -> None:
    """One unit's mean in every batch, its running average, the same corrected, and its mean over all examples at the end."""
    figure, axes = panels(height=3.2)
    steps = np.arange(1, len(means) + 1)
    axes.plot(steps, means, ".", color=ORANGE, label="mean of one batch")
    axes.plot(steps, averages, color=BLUE, label="running average")
    axes.plot(steps, corrected, "--", color=VERMILION, label="corrected")
    axes.plot([len(means)], [whole], "D", color="black", label="all examples, at the end")
    label(
        axes,
        "The running average is late at first, then it follows and smooths",
        "step of training",
        "mean of z",
    )
    values = np.concatenate([means, averages, corrected])
    low, high = values.min(), values.max()
    axes.set_ylim(low - 0.05 * (high - low), high + 0.3 * (high - low))
    axes.legend(loc="upper center", ncols=4)
    curves = {"mean of one batch": means, "running average": averages, "corrected": corrected}
    show(figure, f"{trends(curves)}; all examples {number(whole)}")


@styled
def settings(
    by_rate: Mapping[str, NDArray],
    rates: Sequence[float],
    by_init: Mapping[str, NDArray],
    stds: Sequence[float],
) -> None:
    """Accuracy over the learning rate and over the scale of the initial weights, a point per seed and a line through the means.

    Both: name → (seeds, settings); nan where nothing was run.
    """
    figure, panel = panels(1, 2, height=4.0)
    titles = ("Over the learning rate", "Over the initial weights")
    labels = ("learning rate", "standard deviation of the initial weights")
    told = []
    for axes, runs, x, title, xlabel in zip(
        panel, (by_rate, by_init), (rates, stds), titles, labels, strict=True
    ):
        for i, (name, values) in enumerate(runs.items()):
            _points_and_means(axes, x, 100 * values, i, name)
        label(axes, title, xlabel, "training accuracy (%)")
        axes.set(xscale="log", ylim=(0, 105), yticks=range(0, 101, 20))
        axes.set_xticks(list(x), [f"{value:g}" for value in x])
        axes.minorticks_off()
        told.append("means: " + trends({name: 100 * values.mean(axis=0) for name, values in runs.items()}, x))
    panel[0].legend(loc=(0.02, 0.1))
    show(figure, ". ".join(told))


@styled
def reasons(moves: Mapping[str, NDArray], accuracies: Mapping[str, NDArray]) -> None:
    """How far the ground moves in a step, and how well the network reads, a point per seed. Both: name → (seeds,)."""
    figure, (left, right) = panels(1, 2, height=3.4, sharey=True)
    names = list(moves)
    for i, name in enumerate(names):
        look = {"color": COLOURS[i], "marker": MARKERS[i], "linestyle": ""}
        for axes, values in ((left, moves[name]), (right, 100 * accuracies[name])):
            axes.plot(values, np.full(len(values), i), alpha=0.6, **look)
            axes.plot([np.mean(values)] * 2, [i - 0.25, i + 0.25], "-", color=COLOURS[i])
    left.set_yticks(range(len(names)), names)
    left.set(ylim=(len(names) - 0.5, -0.5), xscale="log")
    label(left, "How far the ground moves", "the mean of z moves in a step by (its standard deviations)", "")
    label(right, "How well the network reads", "dev accuracy (%)", "")
    right.set_xlim(0, 103)
    accuracy = amounts({name: 100 * values for name, values in accuracies.items()}, " %")
    show(figure, f"the ground moves by: {amounts(moves)}; dev accuracy: {accuracy}")


@styled
def turns(rates: Sequence[float], angles: Mapping[str, NDArray], lengths: Mapping[str, NDArray]) -> None:
    """Left: how far the gradient turns after a step, over its learning rate, name → (seeds, rates).

    Right: the length of the weights over the run, divided by that at the start, name → (steps,).
    """
    figure, (left, right) = panels(1, 2, height=3.6)
    for i, (name, values) in enumerate(angles.items()):
        _points_and_means(left, rates, values, i, name)
    label(left, "How far one step turns the gradient", "learning rate of the step", "degrees")
    left.set(xscale="log", ylim=(0, 240), yticks=range(0, 181, 30))
    left.set_xticks(list(rates), [f"{rate:g}" for rate in rates])
    left.minorticks_off()
    left.legend(loc="upper left")
    for i, (name, values) in enumerate(lengths.items()):
        right.plot(np.arange(len(values)), values, color=COLOURS[i + 3], linestyle=LINES[i], label=name)
    label(
        right,
        "Large steps make long weights",
        "step of training",
        "length of W / at the start",
    )
    right.legend(loc="upper left")
    means = trends({name: values.mean(axis=0) for name, values in angles.items()}, rates)
    show(figure, f"degrees, means: {means}. Length of W: {trends(lengths)}")


@styled
def decay(
    lengths: Mapping[str, NDArray], losses: Mapping[str, NDArray], control: Mapping[str, NDArray]
) -> None:
    """The length of the weights, the training loss with batch norm and the training loss without it, each name → (steps,)."""
    figure, panel = panels(1, 3, height=3.4)
    titles = ("Batch norm: the lengths", "Batch norm: the losses", "No norm: the losses")
    labels = ("length of W", "training loss", "training loss")
    for axes, curves, title, y in zip(panel, (lengths, losses, control), titles, labels, strict=True):
        for i, (name, values) in enumerate(curves.items()):
            axes.plot(
                values,
                color=COLOURS[i],
                linestyle=("-", "-", (0, (2, 2)))[i],
                linewidth=(2, 2, 3)[i],
                label=name,
            )
        label(axes, title, "step of training", y)
    panel[0].set_ylim(0, 1.6 * max(values.max() for values in lengths.values()))
    panel[0].legend(loc="upper left")
    top = max(values.max() for curves in (losses, control) for values in curves.values())
    for axes in panel[1:]:
        axes.set_ylim(0, 1.05 * top)
    told = [
        f"{title}: {trends(curves)}" for title, curves in zip(titles, (lengths, losses, control), strict=True)
    ]
    show(figure, ". ".join(told))


@styled
def sizes(batches: Sequence[int], accuracies: Mapping[str, NDArray]) -> None:
    """Dev accuracy over the batch size in training. accuracies: name → (seeds, sizes)."""
    figure, axes = panels(height=3.6)
    for i, (name, runs) in enumerate(accuracies.items()):
        _points_and_means(axes, batches, 100 * runs, i, name)
    axes.set(xscale="log", ylim=(0, 119), yticks=range(0, 101, 20))
    axes.set_xticks(list(batches), [str(size) for size in batches])
    axes.minorticks_off()
    label(
        axes,
        "Batch norm needs a batch, norms over the units do not",
        "examples in a batch of training",
        "dev accuracy (%)",
    )
    axes.legend(loc="upper center", ncols=len(accuracies))
    show(
        figure,
        "means: " + trends({name: 100 * runs.mean(axis=0) for name, runs in accuracies.items()}, batches),
    )


@styled
def noise(
    batches: Sequence[int],
    spreads: ArrayLike,
    losses: Mapping[str, NDArray],
    accuracies: Mapping[str, NDArray],
) -> None:
    """Left: how much the rest of a batch changes an example's output, over the batch size. Middle and right: dev loss and dev
    accuracy for each size of the groups whose statistics are used, a line per seed.
    """
    figure, (left, middle, right) = panels(1, 3, height=3.4)
    left.loglog(batches, spreads, "o", color=BLUE, label="measured")
    roots = np.sqrt(np.asarray(batches, float))
    guide = np.exp(np.mean(np.log(np.asarray(spreads) * roots))) / roots  # through the middle of the points
    left.loglog(batches, guide, ":", color=GREY, label="falls as 1 / √B")
    label(left, "The batch moves an output", "batch size B", "its standard deviation")
    left.set_xticks(list(batches), [str(size) for size in batches])
    left.minorticks_off()
    left.set_yticks([0.05, 0.1, 0.2, 0.4], ["0.05", "0.1", "0.2", "0.4"])
    left.legend(loc="lower left")
    names = list(losses)
    for axes, named, scale in ((middle, losses, 1), (right, accuracies, 100)):
        rows = scale * np.array([named[name] for name in names])
        axes.plot(names, rows, "-", color=GREY, linewidth=0.8)
        axes.plot(names, rows.mean(axis=1), "o-", color=VERMILION, linewidth=3)
        axes.margins(x=0.15)
    label(middle, "Smaller groups: dev loss", "statistics taken over", "dev loss (mean thick)")
    label(right, "… and dev accuracy", "statistics taken over", "dev accuracy (%)")
    means = amounts({name: np.mean(losses[name]) for name in names})
    right_ones = amounts({name: 100 * np.mean(accuracies[name]) for name in names}, " %")
    show(
        figure,
        f"the deviation goes {trend(spreads, batches)}; mean dev losses: {means}; mean dev accuracies: {right_ones}",
    )


@styled
def variance_shift(named: Mapping[str, NDArray]) -> None:
    """Stored variance over the variance at inference, at each batch normalization. named: name → (seeds, layers)."""
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
        "stored / at inference",
    )
    show(figure, "means: " + trends({name: ratios.mean(axis=0) for name, ratios in named.items()}))


def _seeds_and_mean(axis: Axes, rows: NDArray, i: int, name: str) -> None:
    """A band from the lowest to the highest row, and their mean."""
    x = range(1, rows.shape[1] + 1)
    low, high = rows.min(axis=0), rows.max(axis=0)
    axis.fill_between(x, low, high, color=COLOURS[i], alpha=0.2, linewidth=0)
    axis.plot(x, rows.mean(axis=0), **look_of(i), label=name)


def _points_and_means(axes: Axes, x: Sequence[float], runs: NDArray, i: int, name: str) -> None:
    """A faint point per seed and setting, and a line through the means. runs: (seeds, settings), nan where nothing was run."""
    look = {"color": COLOURS[i], "marker": MARKERS[i]}
    axes.plot(x, runs.mean(axis=0), linestyle=LINES[i], label=name, **look)
    axes.plot(np.tile(x, (len(runs), 1)).ravel(), runs.ravel(), linestyle="", alpha=0.35, **look)

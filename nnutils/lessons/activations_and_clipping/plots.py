"""The figures of lesson 09: activations, what they do to a signal and to a gradient, and clipping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.style import (
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

Activation = Callable[[NDArray], tuple[NDArray, NDArray]]
RESCUES = (
    "no clipping",
    "a smaller learning rate",
    "clipping by norm",
    "clipping by value",
    "a good start",
    "no bad batch",
)
LARGEST = 1e6  # of a loss that is drawn


@styled
def way_back(named: Mapping[str, NDArray], guess: float | None = None) -> None:
    """The gradient by layer, on a logarithmic axis, with the names beside the lines. named: name → (layers,), a typical size.

    guess: the power of ten that a student expects to arrive behind a sigmoid network.
    """
    figure, axis = panels(height=4.0)
    for i, (name, sizes) in enumerate(named.items()):
        layers = np.arange(1, len(sizes) + 1)
        axis.plot(layers, sizes, **look_of(i), markevery=4, label=name)
    if guess is not None:
        axis.axhline(10.0**guess, color=GREY, linestyle=":", label="your guess")
    axis.set(yscale="log", xticks=[1, 5, 10, 15, 20], ylim=(1e-14, 10), yticks=10.0 ** np.arange(-14, 1, 2))
    axis.minorticks_off()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(
        axis,
        "Sigmoids shrink the gradient; stretched and centred, they do not",
        "layer",
        "size of the gradient",
    )
    show(figure, trends(named))


@styled
def accident(silent: Mapping[str, NDArray], accuracy: Mapping[str, NDArray], corrected: int) -> None:
    """Silent units and accuracy over the epochs, each run thin, the mean thick. named: name → (runs, epochs).

    corrected: the last epoch at the rate that is too large.
    """
    figure, axes = panels(1, 2, height=3.4)
    for axis, named, title, y in zip(
        axes,
        (silent, accuracy),
        ("Most silent units stay silent", "Only the leaky network learns again"),
        ("silent hidden units (%)", "dev accuracy (%)"),
        strict=True,
    ):
        for i, (name, runs) in enumerate(named.items()):
            epochs = np.arange(1, runs.shape[1] + 1)
            axis.plot(epochs, 100 * runs.T, **look_of(i, marker=False), linewidth=0.6, alpha=0.35)
            axis.plot(epochs, 100 * runs.mean(axis=0), **look_of(i), markevery=4, label=name)
        axis.axvline(corrected + 0.5, color=GREY, linestyle=":", label="the rate is corrected")
        axis.set(ylim=(0, 103), xticks=[1, 5, 10, 15, 20])
        label(axis, title, "epoch", y)
    axes[0].legend(loc="lower right")
    means = [
        trends({name: 100 * runs.mean(axis=0) for name, runs in named.items()})
        for named in (silent, accuracy)
    ]
    show(figure, f"mean share of silent units in percent: {means[0]}; mean accuracy in percent: {means[1]}")


@styled
def conditions(named: Mapping[str, NDArray]) -> None:
    """Standard deviation of the activations by layer, on a logarithmic axis. named: name → (layers,)."""
    figure, axis = panels(height=3.8)
    for i, (name, stds) in enumerate(named.items()):
        axis.plot(np.arange(1, len(stds) + 1), stds, **look_of(i), markevery=3, label=name)
    axis.axhline(1, color=GREY, linewidth=1)
    axis.set(yscale="log", xticks=[1, 5, 10, 15, 20], yticks=[1, 10, 100])
    axis.set_yticklabels(["1", "10", "100"])
    axis.minorticks_off()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(
        axis,
        "SELU corrects large inputs, but not wrong weights or shortcuts",
        "layer",
        "standard deviation",
    )
    show(figure, trends(named))


@styled
def functions(named: Mapping[str, Activation]) -> None:
    """Activation functions and their derivatives. named: name → a function that returns (value, derivative)."""
    z = np.linspace(-4, 2.5, 400)
    figure, (left, right) = panels(1, 2, height=3.4)
    for i, (name, function) in enumerate(named.items()):
        for axis, y in zip((left, right), function(z), strict=True):
            axis.plot(z, y, **look_of(i, marker=False), label=name)
    label(left, "Below zero they differ", "z", "value")
    label(right, "GELU's slope falls below 0 and rises above 1", "z", "derivative")
    left.legend(loc="upper left")
    values, slopes = ({name: f(np.array([-2.0]))[k].item() for name, f in named.items()} for k in range(2))
    show(figure, f"values at z = -2: {amounts(values)}; derivatives there: {amounts(slopes)}")


@styled
def by_depth(found: Mapping[int, Mapping[str, ArrayLike]]) -> None:
    """Dev errors, one panel for each depth, a row for each activation. found: hidden layers → {name: accuracies}."""
    names = list(next(iter(found.values())))
    figure, axes = panels(1, len(found), height=0.34 * len(names) + 1.2, sharey=True)
    for axis, (depth, of) in zip(axes, found.items(), strict=True):
        _errors(axis, of)
        title = "nearly all alike" if depth < 5 else "very different"
        label(axis, f"{depth} hidden layers: {title}", "dev error (%, log scale)", "")
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    axes[0].legend(loc="center right")
    told = [
        f"{depth} layers: {amounts({name: 100 - 100 * np.asarray(runs) for name, runs in of.items()})}"
        for depth, of in found.items()
    ]
    show(figure, f"mean dev errors in percent. {'; '.join(told)}")


def _errors(axis: Axes, named: Mapping[str, ArrayLike]) -> None:
    """A row for each name on a logarithmic axis: 100 minus each accuracy, and their mean."""
    for row, values in enumerate(named.values()):
        errors = 100 - 100 * np.asarray(values)
        run, mean = ("", "") if row else ("a run", "mean")
        axis.plot(errors, np.full(len(errors), row), "o", color=GREY, alpha=0.5, markersize=4, label=run)
        axis.plot(errors.mean(), row, "D", color=VERMILION, markersize=7, label=mean)
    axis.set(xscale="log", xlim=(1, 100), xticks=[1, 3, 10, 30, 100], ylim=(-0.6, len(named) - 0.4))
    axis.set_xticklabels(["1", "3", "10", "30", "100"])
    axis.minorticks_off()


@styled
def arrows(gradient: Sequence[float], clipped: Mapping[str, Sequence[float]], limit: float) -> None:
    """A gradient of two numbers, before and after two ways of clipping."""
    figure, axes = panels(height=3.2, width=7.0)
    ends = {"the gradient": gradient, **clipped}
    for i, (name, (x, y)) in enumerate(ends.items()):
        arrow = {"color": COLOURS[i], "linestyle": LINES[i], "arrowstyle": "-|>", "linewidth": 2,
                 "shrinkA": 0, "shrinkB": 0}  # fmt: skip
        axes.annotate("", (x, y), (0, 0), arrowprops=arrow)
        axes.plot(x, y, MARKERS[i], color=COLOURS[i], label=name)
    turn = np.linspace(0, np.pi / 2, 60)
    circle = limit * np.cos(turn), limit * np.sin(turn)
    axes.plot(*circle, color=GREY, linestyle=":", linewidth=1, label="norm = limit")
    square = [limit, limit, 0], [0, limit, limit]
    axes.plot(*square, color=GREY, linestyle="--", linewidth=1, label="entry = limit")
    axes.set(xlim=(0, 1.15 * gradient[0]), ylim=(0, 1.3 * limit), aspect="equal")
    label(axes, "Clipping by value changes the direction", "first entry", "second entry")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(figure, "; ".join(f"{name} ends at {number(x)}, {number(y)}" for name, (x, y) in ends.items()))


@styled
def rescues(bad_start: Mapping[str, NDArray], bad_batch: Mapping[str, NDArray], at: int) -> None:
    """Losses over the steps: the median of the runs, and a band for their middle half. name of RESCUES → (runs, steps).

    A run that is lost counts as infinite; a cross marks the step at which half of the runs are lost. at: step of the bad batch.
    """
    figure, axes = panels(1, 2, height=3.9)
    told = []
    for axis, named, title in zip(
        axes,
        (bad_start, bad_batch),
        ("Bad start: a good start is better", "Bad batch: clipping limits the harm"),
        strict=True,
    ):
        medians = {name: _median(axis, losses, RESCUES.index(name), name) for name, losses in named.items()}
        axis.set(yscale="log", ylim=(0.1, 100), yticks=[0.1, 1, 10, 100])
        axis.set_yticklabels(["0.1", "1", "10", "100"])
        axis.minorticks_off()
        label(axis, title, "step", "training loss of the batch")
        told.append(f"{title}, median losses: {trends(medians)}")
    axes[1].axvline(at, color=GREY, linestyle=":", label="the bad batch")
    for axis in axes:
        axis.legend(loc="lower left", fontsize=9)
    show(figure, ". ".join(told))


def _median(axis: Axes, losses: NDArray, i: int, name: str) -> NDArray:
    """Draw the median of the runs as long as it is finite, and return that."""
    finite = np.where(np.isfinite(losses), losses, np.inf)
    low, median, high = np.percentile(finite, [25, 50, 75], axis=0, method="nearest")
    kept = median[np.isfinite(median)]
    steps = np.arange(1, len(median) + 1)
    lost = len(kept) < len(median)
    axis.plot(steps[: len(kept)], kept, **look_of(i, marker=False), label=None if lost else name)
    axis.fill_between(steps, low, high, where=high < LARGEST, color=COLOURS[i], alpha=0.12, linewidth=0)
    if lost:
        axis.plot(
            len(kept) + 1, 70, "X", color=COLOURS[i], markersize=11, linestyle="", label=f"{name}: lost"
        )
    return kept

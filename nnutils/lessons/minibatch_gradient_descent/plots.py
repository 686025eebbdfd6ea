"""The figures of lesson 10: costs, paths over a bowl, noise and speed against the batch size, distance from the minimum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.alt import trend, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    ORANGE,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

Array = NDArray[Any]


@styled
def costs(values: Sequence[float], title: str, x_label: str) -> None:
    """The cost of every update."""
    figure, axes = panels(height=3.2)
    axes.plot(range(1, len(values) + 1), values, "-", color=BLUE)
    label(axes, title, x_label, "cost")
    axes.set_ylim(0, None)
    show(figure, f"the cost goes {trend(values)}")


@styled
def by_epoch(whole: Sequence[float], parts: Sequence[float], steps: int) -> None:
    """The costs of batch mode and of mini-batches against the epochs. parts: `steps` costs per epoch."""
    figure, axes = panels(height=3.8)
    means = np.reshape(parts, (-1, steps)).mean(axis=1)
    axes.plot(
        np.arange(len(parts)) / steps,
        parts,
        "-",
        color=ORANGE,
        alpha=0.8,
        linewidth=1,
        label="each mini-batch",
    )
    axes.plot(np.arange(len(means)) + 0.5, means, "o--", color=VERMILION, label="mean over an epoch")
    axes.plot(range(len(whole)), whole, "s-", color=BLUE, label="all the data")
    label(axes, "A mini-batch's cost jumps, and falls faster", "epochs: passes over the data", "cost")
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    told = f"each mini-batch {trend(parts, np.arange(len(parts)) / steps)}"
    show(figure, f"{told}; {trends({'mean over an epoch': means, 'all the data': whole})}")


@styled
def paths(cost: Callable[[Array], float], minimum: Array, named: Mapping[str, Array]) -> None:
    """One panel per path over the contours of a cost of two parameters. Each path: (steps + 1, 2)."""
    figure, grid = panels(1, len(named), height=3.6, sharex=True, sharey=True, squeeze=False)
    reach = 1.15 * max(np.abs(path - minimum).max() for path in named.values())
    for axes, (name, path) in zip(grid[0], named.items(), strict=True):
        contours(axes, cost, minimum, reach)
        axes.plot(*path.T, "-", color=VERMILION, linewidth=1, marker=".", markersize=4)
        axes.plot(*minimum, "*", color="black", markersize=11)
        label(axes, name, "θ₁", "θ₂" if axes is grid[0, 0] else "")
    told = [
        f"{name}: {len(path) - 1} steps, {trend(np.linalg.norm(path - minimum, axis=1), first=0)}"
        for name, path in named.items()
    ]
    show(figure, f"distance from the minimum. {'; '.join(told)}")


def contours(axes: Axes, cost: Callable[[Array], float], minimum: Array, reach: float) -> None:
    """Lines of equal cost in a square around the minimum."""
    line = np.linspace(-reach, reach, 41)
    height = np.array([[cost(minimum + np.array([a, b])) for a in line] for b in line])
    levels = height.min() + np.ptp(height) * np.linspace(0.05, 1, 8) ** 2
    axes.contour(minimum[0] + line, minimum[1] + line, height, levels, colors="#AAAAAA", linewidths=1)


@styled
def noise(sizes: Sequence[int], named: Mapping[str, Array]) -> None:
    """Gradient noise against the batch size, and the law beside the first curve."""
    figure, axes = panels(height=3.8)
    for i, (name, values) in enumerate(named.items()):
        axes.plot(sizes, values, MARKERS[i], color=COLOURS[i], markersize=7, label=name)
    for i, values in enumerate(named.values()):
        law = values[0] / np.sqrt(sizes)
        axes.plot(sizes, law, color=GREY, linestyle="--", linewidth=1, label="1/√B" if i == 0 else None)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    ticks = [tick for tick in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30) if low <= tick <= high]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    _log(axes, sizes)
    label(axes, "Four times the batch, half the noise", "batch size B", "gradient noise")
    axes.legend(loc="upper right")
    show(figure, trends(named, sizes))


@styled
def speed(sizes: Sequence[int], rates: Sequence[float]) -> None:
    """Examples per second against the batch size."""
    figure, axes = panels(height=3.4)
    axes.plot(sizes, rates, "o-", color=BLUE, label="measured")
    axes.plot(
        sizes,
        rates[0] * np.asarray(sizes),
        "--",
        color=GREY,
        linewidth=1,
        label="if a step took the same time for any B",
    )
    _log(axes, sizes)
    axes.set_yscale("log")
    axes.set_ylim(0.5 * min(rates), 3 * max(rates))
    label(axes, "One example at a time wastes most of the machine", "batch size B", "examples per second")
    axes.legend(loc="lower right")
    show(figure, f"the speed goes {trend(rates, sizes)}")


@styled
def wandering(named: Mapping[str, Array]) -> None:
    """The distance from the minimum after each epoch, one curve per name."""
    figure, axes = panels(height=3.6)
    for i, (name, values) in enumerate(named.items()):
        epochs = range(1, len(values) + 1)
        axes.plot(epochs, values, **look_of(i), markevery=6, label=name)
    axes.set_yscale("log")
    label(
        axes, "A constant learning rate hovers, a falling one settles", "epoch", "distance from the minimum"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(named))


@styled
def stream(named: Mapping[str, Array], change: int) -> None:
    """The error on each new example of a stream, smoothed over 20; the world changes at `change`."""
    figure, axes = panels(height=3.2)
    smoothed = {name: np.convolve(values, np.ones(20) / 20, mode="valid") for name, values in named.items()}
    for i, (name, smooth) in enumerate(smoothed.items()):
        days = np.arange(20, 20 + len(smooth))
        axes.plot(days, smooth, **look_of(i, marker=False), label=name)
    axes.axvline(change, color=GREY, linewidth=1)
    axes.text(change, axes.get_ylim()[1], " the world changes", va="top", color=GREY)
    label(axes, "Learning on, example by example, follows a change", "examples seen", "mean squared error")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, f"{trends(smoothed, days)}; the world changes at {change}")


def _log(axes: Axes, sizes: Sequence[int]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()

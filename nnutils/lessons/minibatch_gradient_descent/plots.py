"""The figures of lesson 10: costs, noise, steps and rates against the batch size, loss against time, where noise leads."""

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
    FAINT,
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
KEEPS = {"SGD": "linear scaling keeps the curve", "Adam": "root scaling keeps the level"}


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
    label(
        axes,
        "The cost of mini-batches goes up and down, and falls faster",
        "epochs: passes over the data",
        "cost",
    )
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    told = f"each mini-batch {trend(parts, np.arange(len(parts)) / steps)}"
    show(figure, f"{told}; {trends({'mean over an epoch': means, 'all the data': whole})}")


def contours(axes: Axes, cost: Callable[[Array], float], minimum: Array, reach: float) -> None:
    """Lines of equal cost in a square around the minimum."""
    line = np.linspace(-reach, reach, 41)
    height = np.array([[cost(minimum + np.array([a, b])) for a in line] for b in line])
    levels = height.min() + np.ptp(height) * np.linspace(0.05, 1, 8) ** 2
    axes.contour(minimum[0] + line, minimum[1] + line, height, levels, colors=FAINT, linewidths=1)


@styled
def noise(sizes: Sequence[int], named: Mapping[str, Array], m: int) -> None:
    """Gradient noise against the batch size, and the law beside it, for batches drawn without putting back from m examples."""
    figure, axes = panels(height=3.6)
    left = np.sqrt((m - np.asarray(sizes)) / (m - 1))
    for i, (name, values) in enumerate(named.items()):
        axes.plot(sizes, values, MARKERS[i], color=COLOURS[i], markersize=7, label=name)
    for i, values in enumerate(named.values()):
        law = values[0] / np.sqrt(sizes)
        axes.plot(sizes, law * left, "-", color=GREY, linewidth=1, label="the law" if i == 0 else None)
        axes.plot(sizes, law, ":", color=GREY, linewidth=1, label="1/√B alone" if i == 0 else None)
    axes.set_yscale("log")
    _log(axes, sizes)
    label(axes, "Four times the batch, half the noise", "batch size B (log scale)", "noise (log scale)")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(named, sizes))


@styled
def critical(
    sizes: Sequence[int], steps: Array, rates: Sequence[float], scale: float, guess: float | None = None
) -> None:
    """Steps to the goal and tuned rates against the batch size. steps: (sizes, runs). scale: the noise scale."""
    figure, (left, right) = panels(1, 2, height=4.0)
    few, line = steps[-1].mean(), np.geomspace(sizes[0], sizes[-1], 60)
    at_scale = 1 + scale / line
    left.plot(sizes, steps, ".", color=BLUE, markersize=4)
    left.plot(sizes, steps.mean(axis=1), "o-", color=BLUE, label="measured (points: single runs)")
    left.plot(
        line, few * at_scale / at_scale[-1], "--", color=VERMILION, label="predicted from the noise scale"
    )
    left.plot(
        line, steps[0].mean() * sizes[0] / line, ":", color=GREY, label="twice the batch, half the steps"
    )
    left.axhline(2 * few, color=GREY, linewidth=0.8)
    left.text(sizes[0], 1.8 * few, "twice the steps of all the data", va="top", color=GREY, fontsize=8.5)
    if guess is not None:
        left.plot(guess, 2 * few, "*", color="black", markersize=15, label="your guess")
    right.plot(sizes, rates, "o-", color=BLUE, label="measured: the best of those tried")
    right.plot(
        line,
        rates[-1] / at_scale * at_scale[-1],
        "--",
        color=VERMILION,
        label="predicted from the noise scale",
    )
    right.plot(line, rates[0] * np.sqrt(line / sizes[0]), ":", color=GREY, label="root of B")
    left.set(yscale="log", ylim=(0.5 * few, None))
    right.set(yscale="log")
    for axes, title, what in (
        (left, "The steps fall with B, up to a point", "steps (log scale)"),
        (right, "The best rate grows, up to a point", "learning rate (log scale)"),
    ):
        _log(axes, sizes)
        label(axes, title, "batch size B (log scale)", what)
        axes.legend(loc="upper right" if axes is left else "lower right", fontsize=8.5)
    show(figure, trends({"mean steps": steps.mean(axis=1), "best rate": rates}, sizes))


@styled
def race(runs: Mapping[int, tuple[Array, Array, Array]], goal: float) -> None:
    """The cost of all data against examples seen and against time. runs: batch size → (examples, seconds, costs)."""
    figure, (left, right) = panels(1, 2, height=3.8, sharey=True)
    for i, (size, (seen, seconds, costs)) in enumerate(runs.items()):
        left.plot(seen, costs, **look_of(i), label=f"B = {size}")
        right.plot(1000 * seconds, costs, **look_of(i), label=f"B = {size}")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log")
        axes.axhline(goal, color=GREY, linewidth=0.8, label="the goal")
    label(left, "Per example, batch mode falls behind", "examples seen (log scale)", "cost (log scale)")
    label(right, "Per second, B = 1 falls behind", "milliseconds of work (log scale)", "")
    right.legend(loc="upper right")
    told = {f"B = {size}": costs for size, (_, _, costs) in runs.items()}
    show(figure, f"cost of all training examples: {trends(told)}")


@styled
def rules(examples: Sequence[int], runs: Mapping[str, Mapping[str, Array]]) -> None:
    """One panel for an optimiser: the cost against the examples, for a small batch and three ways to go to a large one."""
    figure, grid = panels(1, len(runs), height=3.8, sharey=True)
    for axes, (optimizer, named) in zip(grid, runs.items(), strict=True):
        for i, (name, costs) in enumerate(named.items()):
            axes.plot(examples, costs, **look_of(i, marker=False), label=name)
        axes.set(yscale="log", xscale="log")
        height = "cost above the minimum (log scale)" if axes is grid[0] else ""
        label(axes, f"{optimizer}: {KEEPS[optimizer]}", "examples seen (log scale)", height)
    grid[0].legend(loc="lower left")
    told = [f"{optimizer}: {trends(named, examples)}" for optimizer, named in runs.items()]
    show(figure, "; ".join(told))


@styled
def settling(named: Mapping[str, Array]) -> None:
    """The excess cost after each epoch, one curve per name."""
    figure, axes = panels(height=3.6)
    for i, (name, values) in enumerate(named.items()):
        axes.plot(range(1, len(values) + 1), np.maximum(values, 1e-16), **look_of(i), markevery=6, label=name)
    axes.set_yscale("log")
    title = "At a constant rate SGD settles where the data can be fitted"
    label(axes, title, "epoch", "cost above the minimum (log scale)")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(named))


@styled
def wells(x: Array, costs: Mapping[str, Array], sizes: Sequence[int], shares: Mapping[str, Array]) -> None:
    """Two landscapes, and the share of runs that end in the global minimum. shares: name → (1 + sizes,), the start first."""
    figure, (left, right) = panels(1, 2, height=3.6)
    names = ["start", *(f"B = {size}" for size in sizes)]
    for i, (name, values) in enumerate(costs.items()):
        left.plot(x, values, **look_of(i, marker=False), label=name)
        left.plot(x[values.argmin()], values.min(), "*", color=COLOURS[i], markersize=13)
        right.plot(names, 100 * shares[name], **look_of(i), label=name)
    label(left, "The star is the global minimum", "x", "cost of all the data")
    label(right, "Noise finds the wide minimum", "", "runs at the global minimum (%)")
    right.set_ylim(-4, 104)
    left.legend(loc="upper center")
    told = {name: 100 * values for name, values in shares.items()}
    show(figure, f"runs in the basin of the global minimum, in percent: {trends(told, names)}")


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
    label(axes, "Online learning follows a change", "examples seen", "squared error, mean of 20")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, f"{trends(smoothed, days)}; the world changes at {change}")


def _log(axes: Axes, sizes: Sequence[int]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()

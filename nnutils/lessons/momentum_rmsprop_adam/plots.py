"""The figures of lesson 12: paths through a valley, what averages do to gradients, and four optimisers on digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, number, spans, trends
from nnutils.figures.paths import Cost, contours, draw_path, paths
from nnutils.figures.style import (
    COLOURS,
    GREY,
    VERMILION,
    curves,
    label,
    look_of,
    panels,
    show,
    styled,
)

__all__ = [
    "averaged_gradients",
    "digits_race",
    "paths",
    "race",
    "ringing",
    "step_lengths",
    "turned_paths",
]


@styled
def turned_paths(costs: Sequence[Cost], named: Mapping[str, NDArray]) -> None:
    """Two valleys, each with one path, on square panels."""
    figure, axes = panels(1, 2, height=3.4)
    for i, (axis, cost, (name, path)) in enumerate(zip(axes, costs, named.items(), strict=True)):
        contours(axis, cost, (-10, 4, -10, 4))
        draw_path(axis, path, i)
        axis.set_aspect("equal")
        label(axis, name, "$w_0$", "$w_1$")
    ends = {name: cost(path[-1]) for cost, (name, path) in zip(costs, named.items(), strict=True)}
    show(figure, f"cost at the end of each path: {amounts(ends)}")


@styled
def averaged_gradients(gradients: NDArray, averages: NDArray) -> None:
    """The gradients (steps, 2) of a zigzag and their averages: what is left along and across the valley."""
    figure, axes = panels(1, 2, height=3.2)
    steps = np.arange(1, len(gradients) + 1)
    for axis, k, name in zip(
        axes, (1, 0), ("Across: the gradients cancel", "Along: they agree and remain"), strict=True
    ):
        axis.axhline(0, color=GREY, linewidth=0.8)
        axis.plot(steps, gradients[:, k], marker="o", markersize=4, linewidth=0.8, label="gradient")
        axis.plot(
            steps, averages[:, k], color=VERMILION, linestyle="--", marker="s", markersize=4, label="average"
        )
        label(axis, name, "step", "gradient across" if k else "gradient along")
    axes[1].legend()
    across, along = ({"gradient": gradients[:, k], "average": averages[:, k]} for k in (1, 0))
    show(figure, f"across: {spans(across)}; along: {spans(along)}")


@styled
def ringing(named: Mapping[str, NDArray]) -> None:
    """The distance to the minimum after each step, signed, for several beta."""
    figure, axis = panels(height=3.4)
    axis.axhline(0, color=GREY, linewidth=0.8)
    curves(axis, range(len(next(iter(named.values())))), dict(named), markevery=8)
    label(axis, "The longer the memory, the further it overshoots", "step", "$w$ (the minimum is at 0)")
    show(figure, trends(named, first=0))


@styled
def step_lengths(named: Mapping[str, NDArray]) -> None:
    """The length of a step in units of the learning rate, for a gradient that never changes."""
    figure, axis = panels(height=3.4)
    steps = np.arange(1, len(next(iter(named.values()))) + 1)
    curves(axis, list(steps), dict(named))
    axis.set(xscale="log", ylim=(0, None))
    label(
        axis,
        "Without the correction the first steps are several times too long",
        "step (log scale)",
        "length of the step / lr",
    )
    show(figure, trends(named))


@styled
def race(grounds: Mapping[str, Mapping[str, NDArray]]) -> None:
    """The cost after each step, a panel a ground. grounds: ground → name → (steps + 1,) costs above the lowest."""
    figure, axes = panels(2, 2, height=4.8)
    for axis, (ground, named) in zip(axes.flat, grounds.items(), strict=True):
        for i, (name, costs) in enumerate(named.items()):
            axis.plot(costs, **look_of(i), markevery=(3 * i, 15), label=name)
        axis.set(yscale="log", ylim=(max(1e-4, 0.5 * min(map(np.min, named.values()))), None))
        label(axis, ground.capitalize(), "step", "cost (log scale)")
    figure.suptitle("No one wins on every ground", x=0.01, ha="left", weight="bold")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    ends = {ground: {name: costs[-1] for name, costs in named.items()} for ground, named in grounds.items()}
    show(figure, "costs at the end: " + "; ".join(f"{ground}, {amounts(of)}" for ground, of in ends.items()))


@styled
def digits_race(tuning: Mapping[str, tuple[Any, Any]], races: Mapping[str, NDArray], target: float) -> None:
    """Left: epochs to the target for each learning rate; right: the loss of each epoch, mean and range of the seeds.

    tuning: name → (learning rates, epochs); races: name → (seeds, epochs).
    """
    figure, (left, right) = panels(1, 2, height=3.6)
    for i, (name, (rates, epochs)) in enumerate(tuning.items()):
        left.plot(rates, epochs, **look_of(i), label=name)
    left.set(xscale="log", ylim=(0, None))
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    label(left, "Each wants another learning rate", "learning rate (log scale)", f"epochs to loss {target}")
    right.axhline(target, color=GREY, linewidth=1, linestyle=":")
    for i, (name, losses) in enumerate(races.items()):
        epochs = range(1, losses.shape[1] + 1)
        right.fill_between(epochs, losses.min(0), losses.max(0), color=COLOURS[i], alpha=0.15, linewidth=0)
        right.plot(epochs, losses.mean(0), **look_of(i), label=name)
    right.set(yscale="log")
    label(right, "At its best rate, five other seeds", "epoch", "mean loss (log scale)")
    best = {
        f"{name} at {number(rates[np.nanargmin(epochs)])}": np.nanmin(epochs)
        for name, (rates, epochs) in tuning.items()
    }
    means = {name: losses.mean(axis=0) for name, losses in races.items()}
    show(figure, f"fewest epochs: {amounts(best)}; mean losses: {trends(means)}")

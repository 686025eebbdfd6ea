"""The figures of lesson 12: paths through a valley, the stable region of momentum, an Adam with faults, and races."""

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
    LINES,
    MARKERS,
    ORANGE,
    SEQUENTIAL,
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
    "new_examples",
    "paths",
    "race",
    "ringing",
    "stable_region",
    "step_lengths",
    "symptoms",
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
def stable_region(
    rates: NDArray,
    betas: NDArray,
    factors: NDArray,
    best: tuple[float, float],
    limits: NDArray,
    guess: float | None = None,
) -> None:
    """The factor per step for each rate and beta, (rates, betas), the predicted limit for each beta, and the predicted best."""
    figure, axis = panels(height=4.0)
    image = axis.pcolormesh(
        rates, betas, np.where(factors < 1, factors, np.nan).T, cmap=SEQUENTIAL, vmin=0.8, vmax=1
    )
    axis.set_facecolor("white")
    axis.plot(limits, betas, color=VERMILION, linewidth=2.5, label="predicted limit")
    axis.plot(*best, "*", color="white", markeredgecolor="black", markersize=16, label="predicted best")
    axis.plot(
        2 / 101,
        0,
        "o",
        color="white",
        markeredgecolor="black",
        markersize=8,
        label="gradient descent's best",
        clip_on=False,
    )
    if guess is not None:
        axis.plot(guess, 0.9, "P", color="black", markersize=11, label="your guess of the limit at 0.9")
    axis.set(xscale="log", xlim=(rates[0], rates[-1]), ylim=(betas[0], betas[-1]))
    axis.grid(visible=False)
    label(axis, "Momentum allows larger rates; white: it diverges", "learning rate (log scale)", r"$\beta$")
    figure.colorbar(image, ax=axis, label="distance after a step / before it", extend="min")
    figure.legend(loc="outside lower center", ncols=4)
    i, j = np.unravel_index(np.nanargmin(factors), factors.shape)
    at = f"rate {number(rates[i])} and beta {number(betas[j])}"
    show(
        figure,
        f"the predicted limit grows from {number(limits[0])} at beta {number(betas[0])} to {number(limits[-1])} at "
        f"{number(betas[-1])}; the smallest factor, {number(factors[i, j])}, is at {at}",
    )


@styled
def symptoms(named: Mapping[str, Mapping[str, NDArray]]) -> None:
    """Three grounds on which an Adam shows its faults, see `given.symptoms`. named: name of the Adam → ground → values."""
    figure, axes = panels(1, 3, height=3.3)
    arrays = ("first array", "second", "third")
    for i, (name, of) in enumerate(named.items()):
        look = {"color": COLOURS[i], "linewidth": 2}
        for k, lengths in enumerate(of["first steps"].T):
            named_once = {"label": arrays[k]} if i else {}
            axes[0].plot(range(1, 11), lengths, MARKERS[k], linestyle=LINES[i], **named_once, **look)
        for axis, ground in zip(axes[1:], ("bowl", "small unit"), strict=True):
            axis.plot(of[ground], linestyle=LINES[i], label=name, **look)
    axes[0].set(ylim=(0, 1.25))
    axes[0].legend(loc="lower center", fontsize=8)
    for axis in axes[1:]:
        axis.axhline(0, color=GREY, linewidth=0.8)
    label(axes[0], "A constant gradient", "step", "length of the step / lr")
    label(axes[1], "A bowl", "step", "$w$ (the minimum is at 0)")
    label(axes[2], "Its cost in a small unit", "step", "")
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    told = []
    for name, of in named.items():
        firsts = amounts(dict(zip(arrays, of["first steps"][0], strict=True)))
        swings = spans({ground: of[ground] for ground in ("bowl", "small unit")})
        told.append(f"{name}: first steps {firsts}; w {swings}")
    show(figure, ". ".join(told))


@styled
def race(grounds: Mapping[str, Mapping[str, NDArray]]) -> None:
    """The cost after each step, a panel a ground. grounds: ground → name → (steps + 1,) costs above the lowest."""
    figure, axes = panels(2, 2, height=5.2)
    for axis, (ground, named) in zip(axes.flat, grounds.items(), strict=True):
        for i, (name, costs) in enumerate(named.items()):
            axis.plot(costs, **look_of(i), markevery=(3 * i, 25), label=name)
        axis.set(yscale="log", ylim=(max(1e-3, 0.5 * min(map(np.min, named.values()))), None))
        label(axis, ground.capitalize(), "step", "cost (log scale)")
    title = "No update is the fastest on every ground"
    figure.suptitle(title, x=0.01, ha="left", weight="bold")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    ends = {ground: {name: costs[-1] for name, costs in named.items()} for ground, named in grounds.items()}
    show(figure, "costs at the end: " + "; ".join(f"{ground}, {amounts(of)}" for ground, of in ends.items()))


@styled
def digits_race(tuning: Mapping[str, tuple[Any, Any]], races: Mapping[str, NDArray], target: float) -> None:
    """Left: epochs to the target for each learning rate; right: the mean loss of each epoch, with the middle half of the runs.

    tuning: name → (learning rates, mean epochs); races: name → (runs, epochs).
    """
    figure, (left, right) = panels(1, 2, height=3.8)
    for i, (name, (rates, epochs)) in enumerate(tuning.items()):
        left.plot(rates, epochs, **look_of(i), label=name)
    left.set(xscale="log", ylim=(0, None))
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    label(left, "Each needs another rate", "learning rate (log scale)", f"epochs to loss {target}")
    right.axhline(target, color=GREY, linewidth=1, linestyle=":")
    for i, (name, losses) in enumerate(races.items()):
        epochs = range(1, losses.shape[1] + 1)
        low, high = np.percentile(losses, [25, 75], axis=0)
        right.fill_between(epochs, low, high, color=COLOURS[i], alpha=0.15, linewidth=0)
        right.plot(epochs, np.median(losses, axis=0), **look_of(i), markevery=3, label=name)
    right.set(yscale="log")
    label(right, "At its best rate, on other seeds", "epoch", "median loss (log scale)")
    best = {
        f"{name} at {number(rates[np.argmin(epochs)])}": np.min(epochs)
        for name, (rates, epochs) in tuning.items()
    }
    medians = {name: np.median(losses, axis=0) for name, losses in races.items()}
    show(figure, f"fewest epochs: {amounts(best)}; median losses: {trends(medians)}")


@styled
def new_examples(epsilons: NDArray, errors: NDArray, momentum: float, digits: Mapping[str, NDArray]) -> None:
    """Left: the error on new examples over Adam's epsilon; right: test errors on digits.

    errors: (epsilons, rates). momentum: the error of momentum. digits: name → test errors of the runs, in percent.
    """
    figure, (left, right) = panels(1, 2, height=3.6)
    left.plot(epsilons, errors.mean(axis=1), "D:", color=ORANGE, label="Adam, mean of its rates")
    left.axhline(momentum, color=VERMILION, linestyle="--", label="momentum")
    left.set(xscale="log", ylim=(-4, 70))
    left.legend(loc="upper right")
    label(left, "Features of Wilson's kind", r"Adam's $\varepsilon$ (log scale)", "error on new examples (%)")
    for i, runs in enumerate(digits.values()):
        spread = i + np.linspace(-0.2, 0.2, len(runs))
        right.plot(spread, runs, "o", color=(VERMILION, ORANGE, ORANGE)[i], markersize=4)
        right.plot([i - 0.3, i + 0.3], [np.mean(runs)] * 2, "-", color="black", linewidth=2)
    right.set_xticks(range(len(digits)), [name.replace(", ", ",\n") for name in digits])
    right.set(ylim=(0, None))
    label(right, "Digits: hardly a difference", "", "test error (%); line: the mean")
    told = trends({"Adam's error over its epsilon": errors.mean(axis=1)}, epsilons)
    show(figure, f"{told}; momentum's error {number(momentum)}; on digits {amounts(dict(digits), ' %')}")

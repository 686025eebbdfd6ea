"""Figures of lesson 06: the scales of features, the form of the error that follows, and what scaling does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.bars import FILLS, HATCHES, runs_compared
from nnutils.figures.style import (
    BLUE,
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

__all__ = [
    "learning_rates",
    "limits_and_steps",
    "runs_compared",
    "scales",
    "shares_that_move",
    "steps_of_methods",
    "valleys",
]


@styled
def scales(raw: NDArray, standardized: NDArray, names: Sequence[str]) -> None:
    """Where nine of ten values of each feature lie, and the median: before (log scale) and after. Both (m, n_x)."""
    figure, (left, right) = panels(1, 2, height=3.8, sharey=True)
    told = []
    for axis, X, colour in ((left, raw, BLUE), (right, standardized, VERMILION)):
        low, middle, high = np.percentile(X, [5, 50, 95], axis=0)
        places = np.arange(len(names))[::-1]
        axis.hlines(places, low, high, color=colour, linewidth=3)
        axis.plot(middle, places, "o", color="black", markersize=5)
        ends = zip(names, low, high, strict=True)
        told.append("; ".join(f"{name} from {number(a)} to {number(b)}" for name, a, b in ends))
    left.set(xscale="log", yticks=range(len(names)), yticklabels=[*names][::-1])
    label(left, "As measured: no common scale", "9 of 10 values, and the median (log scale)", "")
    label(right, "Standardized: one scale for all", "the same, in standard deviations from the mean", "")
    show(figure, f"9 of 10 values as measured: {told[0]}. Standardized: {told[1]}")


@styled
def valleys(before: Mapping[str, NDArray], after: Mapping[str, NDArray]) -> None:
    """Contours of the squared error over two parameters, for each pair of features (m, 2) before and after."""
    named = [item for name in before for item in ((name, before[name]), ("standardized", after[name]))]
    figure, axes = panels(1, len(named), height=2.9, sharey=True)
    for axis, (name, X) in zip(axes, named, strict=True):
        H = X.T @ X / len(X)
        for i, contour in enumerate(ellipses(H)):
            axis.plot(*contour, "-", color=BLUE, linewidth=1.2, alpha=1 - 0.14 * i)
        axis.plot(0, 0, "X", color=VERMILION, markersize=9)
        axis.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        label(axis, "", r"$\theta_0 - \theta_0^*$", r"$\theta_1 - \theta_1^*$" if axis is axes[0] else "")
        axis.set_title(name, weight="normal", fontsize=11)
    title = "Contours of the squared error: long as measured, nearly round when standardized"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    told = [f"{name} {number(np.linalg.cond(X.T @ X))}" for name, X in named]
    show(figure, f"condition numbers from left to right: {', '.join(told)}")


LEVELS = (0.15, 0.35, 0.55, 0.75, 0.95)


def ellipses(H: NDArray, levels: Sequence[float] = LEVELS, corner: ArrayLike = (1, 1)) -> list[NDArray]:
    """The contours d^T H d = const around 0, each (2, points); level 1 is the one that runs through the corner."""
    values, vectors = np.linalg.eigh(H)
    angle = np.linspace(0, 2 * np.pi, 401)
    circle = np.array([np.cos(angle), np.sin(angle)])
    height = np.sqrt(np.asarray(corner) @ H @ np.asarray(corner))
    unit = vectors @ (circle / np.sqrt(np.maximum(values, 1e-12 * values[-1]))[:, None])
    return [height * level * unit for level in levels]


@styled
def limits_and_steps(
    conditions: ArrayLike, limits: ArrayLike, predicted: ArrayLike, steps: Mapping[str, ArrayLike]
) -> None:
    """Left: the largest stable learning rate, measured and predicted; right: the steps; both over the condition number."""
    figure, (left, right) = panels(1, 2, height=3.4)
    left.plot(conditions, predicted, "-", color=GREY, label=r"2 / largest eigenvalue")
    left.plot(conditions, limits, "o", color=BLUE, label="measured")
    label(left, "The steep side sets the limit", "condition number", "largest stable learning rate")
    for i, (name, counts) in enumerate(steps.items()):
        right.plot(conditions, counts, **look_of(i + 1), label=name)
    label(right, "The flat side then takes its time", "condition number", "steps to converge")
    for axis in (left, right):
        axis.set(xscale="log", yscale="log")
        axis.legend()
    show(figure, trends({"largest stable learning rate": limits, **steps}, conditions))


@styled
def learning_rates(rates: Sequence[float], accuracies: Mapping[tuple[str, str], NDArray]) -> None:
    """Dev accuracy over the learning rate: the mean of the runs. accuracies: (way, network) → (rates, runs)."""
    figure, axis = panels(height=3.6)
    ways = list(dict.fromkeys(way for way, _ in accuracies))
    networks = list(dict.fromkeys(network for _, network in accuracies))
    for (way, network), runs in accuracies.items():
        i, j = ways.index(way), networks.index(network)
        axis.plot(
            rates, 100 * runs.mean(1), color=COLOURS[i], linestyle=LINES[j], marker=MARKERS[2 * j + i],
            label=f"{way}, {network}",
        )  # fmt: skip
    axis.set(xscale="log", ylim=(30, 103))
    label(axis, "Inputs of one scale make both models trainable", "learning rate (log scale)", "dev accuracy (%)")  # fmt: skip
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    means = {", ".join(names): 100 * runs.mean(axis=1) for names, runs in accuracies.items()}
    show(figure, "means: " + trends(means, rates))


@styled
def steps_of_methods(steps: Mapping[str, Mapping[str, ArrayLike]]) -> None:
    """Bars of the median number of steps, with a point per split. steps: method → {data: steps, one per split}."""
    figure, axis = panels(height=3.6)
    forms = list(next(iter(steps.values())))
    width = 0.8 / len(forms)
    for i, form in enumerate(forms):
        place = np.arange(len(steps)) + width * (i - (len(forms) - 1) / 2)
        runs = np.array([np.asarray(of[form]) for of in steps.values()])
        look = {"color": FILLS[i], "hatch": HATCHES[i], "edgecolor": "white"}
        axis.bar(place, np.median(runs, axis=1), width, label=form, **look)
        spread = np.linspace(-0.25, 0.25, runs.shape[1]) * width
        axis.plot((place[:, None] + spread).ravel(), runs.ravel(), "o", color="black", markersize=2.5)
    axis.set_xticks(range(len(steps)), list(steps))
    axis.set(yscale="log", ylim=(0.7, 3e5))
    label(axis, "Turning helps where weights are rescaled, whitening helps all", "", "steps (log scale)")
    axis.legend(loc="upper right", ncols=len(forms))
    told = [
        f"{method}, {amounts({form: np.median(np.asarray(runs)) for form, runs in of.items()})}"
        for method, of in steps.items()
    ]
    show(figure, f"medians: {'; '.join(told)}")


@styled
def shares_that_move(
    limits: NDArray, shares: Mapping[str, NDArray], at: float, guess: float | None = None
) -> None:
    """The share of patients whose probability moves by more than a limit. shares: name → (limits,), all in 0 to 1."""
    figure, axis = panels(height=3.6)
    for i, (name, values) in enumerate(shares.items()):
        axis.plot(100 * limits, 100 * values, **look_of(i), markevery=10, label=name)
    axis.axvline(100 * at, color=GREY, linewidth=1, linestyle=":")
    if guess is not None:
        axis.plot(100 * at, guess, "*", color="black", markersize=15, label="your guess")
    axis.set(ylim=(-4, 104), xlim=(-2, 102))
    title = "Scaled by its batch, a patient's answer depends on who else is there"
    label(axis, title, "move of the probability, in points", "patients that move further (%)")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    place = int(np.abs(limits - at).argmin())
    told = amounts({f"with {name}:": 100 * values[place] for name, values in shares.items()}, " %")
    show(figure, f"patients that move by more than {100 * at:.0f} points: {told}")

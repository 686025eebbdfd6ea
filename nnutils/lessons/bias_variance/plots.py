"""Figures of lesson 02: bias and variance, seen as boundaries, as many fits, as curves over size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    VERMILION,
    label,
    panels,
    styled,
)
from nnutils.network import Network

TRAIN, DEV = (BLUE, "-", "o"), (VERMILION, "--", "s")


@styled
def boundaries(networks: Mapping[str, Network], X: NDArray, y: NDArray) -> None:
    """What each network decides in the plane, with its training set. X: (m, 2), y: 0 or 1."""
    _, axes = panels(1, len(networks), height=3.4, sharex=True, sharey=True)
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    plane = np.meshgrid(*(np.linspace(a, b, 160) for a, b in zip(low, high, strict=True)))
    points = np.column_stack([axis.ravel() for axis in plane])
    for i, (one, (name, network)) in enumerate(zip(axes, networks.items(), strict=True)):
        side = network.predict(points).reshape(160, 160)
        extent = (low[0], high[0], low[1], high[1])
        one.imshow(side, extent=extent, origin="lower", cmap="Greys", vmin=-0.3, vmax=2.5, aspect="auto")
        one.grid(visible=False)
        for value, colour, marker in ((0, BLUE, "o"), (1, VERMILION, "^")):
            one.plot(*X[y == value].T, marker, color=colour, markersize=3.5, label=f"y = {value}")
        label(one, name, "$x_1$", "" if i else "$x_2$")
    axes[0].legend(loc="lower left", frameon=True, handletextpad=0.1)


@styled
def recipe(steps: Mapping[str, ArrayLike], bayes_error: float) -> None:
    """Bars of the mean error on train and dev after each step, a point a run. steps: name → (runs, 2)."""
    _, axes = panels(height=3.8)
    for i, (name, colour, hatch) in enumerate((("train", BLUE, ""), ("dev", ORANGE, "///"))):
        runs = 100 * np.array([np.asarray(step)[:, i] for step in steps.values()])
        place = np.arange(len(steps)) + 0.36 * (i - 0.5)
        axes.bar(place, runs.mean(axis=1), 0.36, label=name, color=colour, hatch=hatch, edgecolor="white")
        spread = np.linspace(-0.1, 0.1, runs.shape[1])
        axes.plot((place[:, None] + spread).ravel(), runs.ravel(), "o", color="black", markersize=3.5)
    axes.axhline(100 * bayes_error, color=GREY, linestyle=":", label="a human reader")
    label(axes, "First the bias goes, then the variance", "network and training set", "error (%)")
    axes.set_xticks(range(len(steps)), list(steps))
    axes.legend(loc="upper right")


@styled
def many_fits(
    places: NDArray, truth: NDArray, predictions: Mapping[int, NDArray], data: tuple[NDArray, NDArray]
) -> None:
    """Thirty fits of each degree, their mean and the truth. predictions: degree → (runs, n); data: x, y of one run."""
    _, axes = panels(1, len(predictions), height=3.5, sharey=True)
    for i, (one, (degree, fits)) in enumerate(zip(axes, predictions.items(), strict=True)):
        one.plot(places, fits[:30].T, color=GREY, linestyle="-", linewidth=0.6, alpha=0.5)
        one.plot(*data, "o", color=ORANGE, markersize=4, label="one training set")
        one.plot(places, truth, color="black", linestyle="--", label="truth")
        one.plot(places, fits.mean(axis=0), color=BLUE, linestyle="-", label="mean of all fits")
        label(one, f"degree {degree}", "x", "" if i else "y")
        one.set_ylim(-2.6, 3.4)
    axes[0].legend(loc="upper left", fontsize=9, ncols=1)


@styled
def decomposition(
    degrees: Sequence[int], bias2: ArrayLike, variance: ArrayLike, noise: float, measured: ArrayLike
) -> None:
    """Bias squared, variance and noise stacked, and the error measured on fresh values on top."""
    _, axes = panels(height=3.8)
    parts = (np.full(len(degrees), noise), variance, bias2)
    stacks = axes.stackplot(
        degrees, *parts, labels=("noise", "variance", "bias²"), colors=("#CCCCCC", ORANGE, BLUE), alpha=0.8
    )
    for stack, hatch in zip(stacks, ("", "///", ".."), strict=True):
        stack.set(hatch=hatch, edgecolor="white", linewidth=0.5)
    axes.plot(degrees, measured, "o", color="black", label="measured error", clip_on=False)
    label(
        axes, "The three parts add up to what is measured", "degree of the polynomial", "mean squared error"
    )
    axes.set(xlim=(degrees[0], degrees[-1]), ylim=(0, None), xticks=degrees)
    axes.legend(loc="upper right", reverse=True)


@styled
def parts_by_size(sizes: Sequence[int], parts: Mapping[int, NDArray]) -> None:
    """Bias squared and variance against the number of training examples. parts: degree → (sizes, 2)."""
    _, axes = panels(1, 2, height=3.5, sharey=True)
    for j, (one, title) in enumerate(zip(axes, ("Bias² stays", "Variance falls as 1/n"), strict=True)):
        for i, (degree, values) in enumerate(parts.items()):
            style = {"color": COLOURS[i], "linestyle": LINES[i], "marker": MARKERS[i]}
            one.loglog(sizes, values[:, j], label=f"degree {degree}", **style)
        label(one, title, "training examples n", "" if j else "squared error")
        one.set_xticks(sizes, map(str, sizes), minor=False)
        one.minorticks_off()
    axes[1].legend(loc="upper right")


def _band(axes: Axes, x: ArrayLike, runs: NDArray, look: tuple[str, str, str], name: str) -> None:
    colour, line, marker = look
    runs = 100 * runs
    axes.plot(x, runs.mean(axis=0), color=colour, linestyle=line, marker=marker, label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.15, linewidth=0)


@styled
def learning_curves(sizes: Sequence[int], curves: Mapping[str, NDArray]) -> None:
    """Errors against the number of training examples, mean and range of the runs. curves: name → (runs, 2, sizes)."""
    _, axes = panels(1, len(curves), height=3.6, sharey=True)
    for i, (one, (name, runs)) in enumerate(zip(axes, curves.items(), strict=True)):
        _band(one, sizes, runs[:, 0], TRAIN, "train")
        _band(one, sizes, runs[:, 1], DEV, "dev")
        label(one, name, "training examples n", "" if i else "error (%)")
        one.set(xscale="log", ylim=(-2, 70))
        one.set_xticks(sizes, map(str, sizes))
        one.minorticks_off()
    axes[-1].legend(loc="upper right")


@styled
def errors_by_width(widths: Sequence[int], errors: Mapping[str, NDArray]) -> None:
    """Errors on train and dev against the number of hidden units. errors: name → (runs, 2, widths)."""
    _, axes = panels(1, 2, height=3.6, sharey=True)
    looks = (DEV, (GREEN, "-", "^"))
    titles = ("Training error: L2 holds it up", "Dev error: with L2, width does no harm")
    for j, (one, title) in enumerate(zip(axes, titles, strict=True)):
        for look, (name, runs) in zip(looks, errors.items(), strict=True):
            _band(one, widths, runs[:, j], look, name)
        label(one, title, "hidden units", "" if j else "error (%)")
        one.set(xscale="log", ylim=(-2, 70))
        one.set_xticks(widths, map(str, widths))
        one.minorticks_off()
    axes[1].legend(loc="upper right")

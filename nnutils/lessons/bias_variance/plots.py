"""Figures of lesson 02: bias and variance, seen as boundaries, as many fits, as curves over size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.style import BLUE, GREEN, GREY, ORANGE, VERMILION, label, look_of, panels, show, styled
from nnutils.network import Network

TRAIN, DEV = (BLUE, "-", "o"), (VERMILION, "--", "s")


@styled
def boundaries(networks: Mapping[str, Network], X: NDArray, y: NDArray) -> None:
    """What each network decides in the plane, with its training set. X: (m, 2), y: 0 or 1."""
    figure, axes = panels(1, len(networks), height=3.4, sharex=True, sharey=True)
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    plane = np.meshgrid(*(np.linspace(a, b, 160) for a, b in zip(low, high, strict=True)))
    points = np.column_stack([axis.ravel() for axis in plane])
    for i, (axis, (name, network)) in enumerate(zip(axes, networks.items(), strict=True)):
        side = network.predict(points).reshape(160, 160)
        extent = (low[0], high[0], low[1], high[1])
        axis.imshow(side, extent=extent, origin="lower", cmap="Greys", vmin=-0.3, vmax=2.5, aspect="auto")
        axis.grid(visible=False)
        for value, colour, marker in ((0, BLUE, "o"), (1, VERMILION, "^")):
            axis.plot(*X[y == value].T, marker, color=colour, markersize=3.5, label=f"y = {value}")
        label(axis, name, "$x_1$", "" if i else "$x_2$")
    axes[0].legend(loc="lower left", frameon=True, handletextpad=0.1)
    right = {name: 100 * np.mean(net.predict(X).ravel() == y) for name, net in networks.items()}
    show(figure, f"{len(X)} points of two classes; on the right side of the boundary: {amounts(right, ' %')}")


@styled
def recipe(steps: Mapping[str, ArrayLike], bayes_error: float) -> None:
    """Bars of the mean error on train and dev after each step, a point per run. steps: name → (runs, 2)."""
    figure, axes = panels(height=3.8)
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
    parts = [amounts({name: 100 * np.asarray(s)[:, i] for name, s in steps.items()}) for i in range(2)]
    show(
        figure, f"means on train: {parts[0]}; on dev: {parts[1]}; a human reader: {number(100 * bayes_error)}"
    )


@styled
def many_fits(
    places: NDArray, truth: NDArray, predictions: Mapping[int, NDArray], data: tuple[NDArray, NDArray]
) -> None:
    """Thirty fits of each degree, their mean and the truth. predictions: degree → (runs, n); data: x, y of one run."""
    figure, axes = panels(1, len(predictions), height=3.5, sharey=True)
    for i, (axis, (degree, fits)) in enumerate(zip(axes, predictions.items(), strict=True)):
        axis.plot(places, fits[:30].T, color=GREY, linestyle="-", linewidth=0.6, alpha=0.5)
        axis.plot(*data, "o", color=ORANGE, markersize=4, label="one training set")
        axis.plot(places, truth, color="black", linestyle="--", label="truth")
        axis.plot(places, fits.mean(axis=0), color=BLUE, linestyle="-", label="mean of all fits")
        label(axis, f"degree {degree}", "x", "" if i else "y")
        axis.set_ylim(-2.6, 3.4)
    axes[0].legend(loc="upper left", fontsize=9, ncols=1)
    off = {f"degree {degree}": fits.mean(axis=0) - truth for degree, fits in predictions.items()}
    spread = {f"degree {degree}": fits.std(axis=0) for degree, fits in predictions.items()}
    distance = amounts({name: np.abs(gap) for name, gap in off.items()})
    show(
        figure,
        f"mean distance of the mean fit from the truth: {distance}; spread of the fits: {amounts(spread)}",
    )


@styled
def decomposition(
    degrees: Sequence[int], bias2: ArrayLike, variance: ArrayLike, noise: float, measured: ArrayLike
) -> None:
    """Bias squared, variance and noise stacked, and the error measured on fresh values on top."""
    figure, axes = panels(height=3.8)
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
    curves = {"measured error": measured, "bias²": bias2, "variance": variance}
    show(figure, f"{trends(curves, degrees)}; noise {number(noise)}")


@styled
def parts_by_size(sizes: Sequence[int], parts: Mapping[int, NDArray]) -> None:
    """Bias squared and variance against the number of training examples. parts: degree → (sizes, 2)."""
    figure, axes = panels(1, 2, height=3.5, sharey=True)
    for j, (axis, title) in enumerate(zip(axes, ("Bias² stays", "Variance falls as 1/n"), strict=True)):
        for i, (degree, values) in enumerate(parts.items()):
            style = look_of(i)
            axis.loglog(sizes, values[:, j], label=f"degree {degree}", **style)
        label(axis, title, "training examples n", "" if j else "squared error")
        axis.set_xticks(sizes, map(str, sizes), minor=False)
        axis.minorticks_off()
    axes[1].legend(loc="upper right")
    bias2, variance = ({f"degree {d}": values[:, j] for d, values in parts.items()} for j in range(2))
    show(figure, f"bias²: {trends(bias2, sizes)}; variance: {trends(variance, sizes)}")


def _band(axes: Axes, x: ArrayLike, runs: NDArray, look: tuple[str, str, str], name: str) -> None:
    colour, line, marker = look
    runs = 100 * runs
    axes.plot(x, runs.mean(axis=0), color=colour, linestyle=line, marker=marker, label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.15, linewidth=0)


@styled
def learning_curves(sizes: Sequence[int], curves: Mapping[str, NDArray]) -> None:
    """Errors against the number of training examples, mean and range of the runs. curves: name → (runs, 2, sizes)."""
    figure, axes = panels(1, len(curves), height=3.6, sharey=True)
    for i, (axis, (name, runs)) in enumerate(zip(axes, curves.items(), strict=True)):
        _band(axis, sizes, runs[:, 0], TRAIN, "train")
        _band(axis, sizes, runs[:, 1], DEV, "dev")
        label(axis, name, "training examples n", "" if i else "error (%)")
        axis.set(xscale="log", ylim=(-2, 70))
        axis.set_xticks(sizes, map(str, sizes))
        axis.minorticks_off()
    axes[-1].legend(loc="upper right")
    means = {name: 100 * runs.mean(axis=0) for name, runs in curves.items()}
    told = [f"{name}, {trends({'train': mean[0], 'dev': mean[1]}, sizes)}" for name, mean in means.items()]
    show(figure, "; ".join(told))


@styled
def errors_by_width(widths: Sequence[int], errors: Mapping[str, NDArray]) -> None:
    """Errors on train and dev against the number of hidden units. errors: name → (runs, 2, widths)."""
    figure, axes = panels(1, 2, height=3.6, sharey=True)
    looks = (DEV, (GREEN, "-", "^"))
    titles = ("Training error: L2 holds it up", "Dev error: with L2, width does no harm")
    for j, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        for look, (name, runs) in zip(looks, errors.items(), strict=True):
            _band(axis, widths, runs[:, j], look, name)
        label(axis, title, "hidden units", "" if j else "error (%)")
        axis.set(xscale="log", ylim=(-2, 70))
        axis.set_xticks(widths, map(str, widths))
        axis.minorticks_off()
    axes[1].legend(loc="upper right")
    means = [{name: 100 * runs[:, j].mean(axis=0) for name, runs in errors.items()} for j in range(2)]
    show(figure, f"train: {trends(means[0], widths)}; dev: {trends(means[1], widths)}")

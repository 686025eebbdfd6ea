"""Figures of lesson 02: bias and variance as boundaries, as many fits, as curves over size, features and width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.style import BLUE, GREEN, GREY, ORANGE, VERMILION, label, panels, show, styled
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
def two_cuts(errors: Mapping[str, Mapping[str, float]], bayes_error: float) -> None:
    """For each network where its errors lie, and how the way from the Bayes error to dev is cut in two.

    errors: name → {"train", "vote", "dev"}: error rates, of the majority vote of many networks in between.
    """
    figure, axes = panels(height=3.9)
    cuts = (
        ("train", 0.17, BLUE, "o", "training error"),
        ("vote", -0.17, ORANGE, "^", "error of the majority vote"),
    )
    for row, found in enumerate(errors.values()):
        for which, above, colour, marker, name in cuts:
            points = 100 * np.array([bayes_error, found[which], found["dev"]])
            height = -row + above
            axes.plot(
                points[:2], [height] * 2, color=colour, linestyle="-", linewidth=5, solid_capstyle="butt"
            )
            axes.plot(points[1:], [height] * 2, color=colour, linestyle=":", linewidth=3)
            first = row == 0
            axes.plot(points[1], height, marker, color=colour, markersize=9, label=name if first else None)
            axes.plot(
                points[2], height, "s", color="black", label="dev error" if first and above > 0 else None
            )
    axes.axvline(100 * bayes_error, color=GREY, linestyle="--", label="Bayes error")
    axes.set_yticks(-np.arange(len(errors)), list(errors))
    axes.set_ylim(-len(errors) + 0.45, 1.15)
    axes.grid(axis="y", visible=False)
    axes.legend(loc="upper center", ncols=4)
    label(axes, "One way from the Bayes error to the dev error, cut in two places", "error (%)", "")
    told = [
        f"{name}: {amounts({key: 100 * value for key, value in found.items()}, ' %')}"
        for name, found in errors.items()
    ]
    show(figure, f"Bayes error {number(100 * bayes_error)} %; {'; '.join(told)}")


def _band(axes: Axes, x: ArrayLike, runs: NDArray, look: tuple[str, str, str], name: str) -> None:
    colour, line, marker = look
    runs = 100 * runs
    axes.plot(x, runs.mean(axis=0), color=colour, linestyle=line, marker=marker, label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.15, linewidth=0)


def _places(axes: Axes, x: Sequence[int], shown: Sequence[int] | None = None) -> None:
    """A log scale with ticks at these places alone."""
    axes.set_xscale("log")
    axes.set_xticks(x, [str(place) if shown is None or place in shown else "" for place in x])
    axes.minorticks_off()


@styled
def learning_curves(sizes: Sequence[int], curves: Mapping[str, NDArray]) -> None:
    """Errors against the number of training examples, mean and range of the runs. curves: name → (runs, 2, sizes)."""
    figure, axes = panels(1, len(curves), height=3.6, sharey=True, squeeze=False)
    for i, (axis, (name, runs)) in enumerate(zip(axes[0], curves.items(), strict=True)):
        known = sizes[: runs.shape[2]]
        _band(axis, known, runs[:, 0], TRAIN, "train")
        _band(axis, known, runs[:, 1], DEV, "dev")
        label(axis, name, "training examples n", "" if i else "error (%)")
        axis.set_ylim(-2, 80)
        _places(axis, sizes, [n for n in sizes if n != 800])
    axes[0, -1].legend(loc="upper right")
    means = {name: 100 * runs.mean(axis=0) for name, runs in curves.items()}
    told = [f"{name}, {trends({'train': mean[0], 'dev': mean[1]}, sizes)}" for name, mean in means.items()]
    show(figure, "; ".join(told))


@styled
def extrapolation(
    sizes: Sequence[int], error: NDArray, fitted: int, law: tuple[float, float], guess: float | None
) -> None:
    """A learning curve on two log axes, and the law of its first `fitted` points, drawn to the last size. guess: in percent."""
    figure, axes = panels(height=3.8)
    n, (a, b) = np.asarray(sizes), law
    axes.plot(n, 100 * a * n**-b, color=BLUE, linestyle="-", label=f"power law of the first {fitted} points")
    axes.plot(n[:fitted], 100 * error[:fitted], "s", color=VERMILION, markersize=8, label="dev error, fitted")
    axes.plot(
        n[fitted:],
        100 * error[fitted:],
        "s",
        color=VERMILION,
        markersize=8,
        fillstyle="none",
        label="dev error, later",
    )
    if guess is not None:
        axes.plot(n[-1], guess, "*", color="black", markersize=13, label="your guess")
    axes.set_yscale("log")
    _places(axes, sizes)
    axes.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.legend(loc="lower left")
    label(
        axes,
        "On two log axes the learning curve is nearly straight",
        "training examples n (log scale)",
        "error (%, log scale)",
    )
    told = trends({"dev error": 100 * error, "power law": 100 * a * n**-b}, sizes)
    show(figure, told + ("" if guess is None else f"; your guess {number(guess)} %"))


@styled
def double_descent(
    features: Sequence[int],
    errors: Mapping[str, NDArray],
    norms: Mapping[str, NDArray],
    examples: int,
    linear: float,
    guess: float | None,
) -> None:
    """Dev error, and norm of the weights, against the number of random features. errors, norms: name → (runs, features)."""
    figure, (left, right) = panels(1, 2, height=4.2)
    looks = ((VERMILION, "-", "o"), (BLUE, "--", "^"), (GREEN, "-.", "s"))
    for look, (name, runs) in zip(looks, errors.items(), strict=True):
        _band(left, features, runs, look, name)
    left.axhline(100 * linear, color=GREY, linestyle=":", label="wrong labels, 64 pixels, best ridge")
    for look, (name, runs) in zip(looks, norms.items(), strict=True):
        colour, line, marker = look
        right.plot(features, np.median(runs, axis=0), color=colour, linestyle=line, marker=marker, label=name)
    for axis in (left, right):
        axis.axvline(examples, color="black", linestyle=":", linewidth=1)
        _places(axis, features, (10, 50, 100, 300, 1000, 2000))
    if guess is not None:
        left.axvline(guess, color="black", linestyle="-", linewidth=1, label="your guess")
    right.set_yscale("log")
    left.set_ylim(0, 128)
    left.set_yticks(range(0, 101, 20))
    left.legend(loc="upper left", fontsize=9, frameon=True, framealpha=1, edgecolor="white")
    label(left, f"The peak is near {examples} features", "random features (log scale)", "dev error (%)")
    label(
        right,
        "There the weights are largest",
        "random features (log scale)",
        "norm of the weights (log scale)",
    )
    means = {name: 100 * runs.mean(axis=0) for name, runs in errors.items()}
    told = f"dev error: {trends(means, features)}; on the pixels themselves {number(100 * linear)} %"
    medians = {name: np.median(runs, axis=0) for name, runs in norms.items()}
    ending = "" if guess is None else f"; your guess {number(guess)} features"
    show(figure, f"{told}; norm of the weights: {trends(medians, features)}{ending}")


@styled
def widths(
    units: Sequence[int], parts: Mapping[str, NDArray], noise: float, errors: Mapping[str, NDArray]
) -> None:
    """Parts of the squared error stacked, a panel for each penalty, and the dev errors of both.

    parts: name → (units, 3): bias squared, variance, measured error. errors: name → (units,) error rates.
    """
    figure, axes = panels(1, 3, height=3.9)
    place = np.arange(len(units))
    seen = ("variance grows", "it stays small")
    for i, (axis, (name, found)) in enumerate(zip(axes, parts.items(), strict=False)):
        bottom = np.zeros(len(units))
        rows = (("noise", np.full(len(units), noise), "#CCCCCC", ""),
                ("bias²", found[:, 0], BLUE, ".."), ("variance", found[:, 1], ORANGE, "///"))  # fmt: skip
        for part, height, colour, hatch in rows:
            axis.bar(
                place, height, 0.8, bottom=bottom, color=colour, hatch=hatch, edgecolor="white", label=part
            )
            bottom = bottom + height
        axis.plot(place, found[:, 2], "o", color="black", label="measured")
        axis.set(ylim=(0, 0.27))
        label(axis, f"{name}: {seen[i]}", "hidden units", "" if i else "squared error")
    for look, (name, values) in zip((DEV, (GREEN, "-", "^")), errors.items(), strict=True):
        colour, line, marker = look
        axes[2].plot(place, 100 * values, color=colour, linestyle=line, marker=marker, label=name)
    label(axes[2], "Error with and without", "hidden units", "dev error (%)")
    axes[2].margins(y=0.35)
    axes[2].legend(loc="upper right")
    axes[0].legend(loc="upper left", ncols=2, fontsize=9, columnspacing=0.8)
    for axis in axes:
        axis.set_xticks(place, [str(count) for count in units])
    told = [
        f"{name}: {trends({'bias²': v[:, 0], 'variance': v[:, 1], 'measured': v[:, 2]}, units)}"
        for name, v in parts.items()
    ]
    rates = trends({name: 100 * values for name, values in errors.items()}, units)
    show(figure, f"{'; '.join(told)}; noise {number(noise)}; dev error: {rates}")

"""Figures of lesson 03: the gradients of penalties, and their effect on errors, weights and units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    ORANGE,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)
from nnutils.words import listed


@styled
def decay(lam_values: Mapping[str, ArrayLike]) -> None:
    """The length of W after each step of pure decay. lam_values: name → lengths."""
    figure, axes = panels(height=3.2)
    for i, (name, lengths) in enumerate(lam_values.items()):
        axes.plot(lengths, label=name, **look_of(i, marker=False))
    label(axes, "Without a loss, the weights decay by the same factor at each step", "step", "length of W")
    axes.set_ylim(0, None)
    axes.legend(loc="lower left")
    show(figure, trends(lam_values, first=0))


def _band(axes: Axes, x: NDArray, runs: NDArray, i: int, name: str) -> None:
    axes.plot(x, runs.mean(axis=0), **look_of(i), label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=COLOURS[i], alpha=0.15, linewidth=0)


@styled
def sweep(lams: Sequence[float], errors: NDArray, norms: NDArray) -> None:
    """Errors on train and dev, and the length of all weights, against lambda. errors: (runs, lams, 2); norms: (runs, lams)."""
    figure, (left, right) = panels(1, 2)
    places = np.arange(len(lams))
    _band(left, places, 100 * errors[..., 0], 0, "train (with wrong labels)")
    _band(left, places, 100 * errors[..., 1], 1, "dev")
    label(left, "Less variance first, then more bias", "lambda", "error (%)")
    left.set_ylim(0, 100)
    left.legend(loc="upper left")
    _band(right, places, norms, 2, "")
    label(right, "The weights shrink all the way", "lambda", "length of all weights")
    right.set_ylim(0, None)
    for axis in (left, right):
        axis.set_xticks(places, [f"{lam:g}" for lam in lams])
    error = 100 * errors.mean(axis=0)
    curves = {
        "train error": error[:, 0],
        "dev error": error[:, 1],
        "length of all weights": norms.mean(axis=0),
    }
    show(figure, trends(curves, lams))


@styled
def linear_range(sums: Mapping[str, NDArray]) -> None:
    """How the weighted sums of the hidden units are spread, over the tanh that they go through. sums: name → values."""
    figure, (left, right) = panels(1, 2, height=3.4)
    z = np.linspace(-4, 4, 201)
    left.plot(z, np.tanh(z), color=BLUE, label="tanh(z)")
    left.plot(z, z, color=GREY, linestyle=":", label="z itself")
    left.axvspan(-1, 1, color=ORANGE, alpha=0.2, linewidth=0, label="nearly straight")
    left.set(ylim=(-1.6, 1.6))
    left.legend(loc="upper left")
    label(left, "Near 0, tanh is nearly a line", "z", "activation")
    bins = np.linspace(-4, 4, 61)
    for i, (name, values) in enumerate(sums.items()):
        right.hist(values.ravel(), bins, density=True, histtype="stepfilled", color=COLOURS[i], alpha=0.3)
        right.hist(values.ravel(), bins, density=True, histtype="step", color=COLOURS[i], linewidth=1.8,
                   linestyle=LINES[i], label=name)  # fmt: skip
    label(right, "Small weights keep z there", "z of the hidden units", "density")
    right.legend(loc="upper right")
    inside = {name: 100 * np.mean(np.abs(values) < 1) for name, values in sums.items()}
    show(figure, f"z lies between -1 and 1 in {amounts(inside, ' %')}")


@styled
def bias_terms(lams: Sequence[float], predicted: Mapping[str, ArrayLike], base_rate: float) -> None:
    """The mean predicted probability against lambda, with the bias left free and with the bias penalized."""
    figure, axes = panels(height=3.2)
    places = np.arange(len(lams))
    axes.axhline(100 * base_rate, color=GREY, linestyle=":", label="share of y = 1")
    for i, (name, mean) in enumerate(predicted.items()):
        axes.plot(places, 100 * np.asarray(mean), **look_of(i), label=name)
    label(axes, "A penalized bias forgets how frequent the class is", "lambda", "mean prediction (%)")
    axes.set(ylim=(45, 70))
    axes.set_xticks(places, [f"{lam:g}" for lam in lams])
    axes.legend(loc="lower left")
    percent = {name: 100 * np.asarray(mean) for name, mean in predicted.items()}
    show(figure, f"{trends(percent, lams)}; share of y = 1: {number(100 * base_rate)}")


@styled
def pulls(l1: Callable[[NDArray], NDArray], l2: Callable[[NDArray], NDArray]) -> None:
    """The gradient of each penalty against the weight. l1, l2: the gradient as a function of the weights."""
    figure, axes = panels(height=3.2)
    w = np.linspace(-2, 2, 201)
    axes.plot(w, l2(w), color=BLUE, linestyle="-", label="L2")
    for part, name in ((w[w < 0], "L1"), (w[w > 0], None)):
        axes.plot(part, l1(part), color=VERMILION, linestyle="--", label=name)
    axes.plot([0], l1(np.zeros(1)), "s", color=VERMILION)
    label(
        axes,
        "Close to 0, L1 pulls as hard as anywhere; L2 hardly at all",
        "weight w",
        "gradient of the penalty",
    )
    axes.legend(loc="upper left")
    small, large = ({"L1": l1(at).item(), "L2": l2(at).item()} for at in (np.array([0.1]), np.array([2.0])))
    show(figure, f"gradients at w = 0.1: {amounts(small)}; at w = 2: {amounts(large)}")


@styled
def weight_pictures(weights: Mapping[str, NDArray], units: Sequence[int]) -> None:
    """The weights of some output units as pictures, exact zeros in grey. weights: name → (64, 10)."""
    figure, axes = panels(len(weights), len(units), height=0.3 + 1.4 * len(weights), squeeze=False)
    for line, (name, W) in zip(axes, weights.items(), strict=True):
        limit = np.abs(W).max()
        for axis, unit in zip(line, units, strict=True):
            picture = np.ma.masked_equal(W[:, unit].reshape(8, 8), 0.0)
            axis.set_facecolor("#BBBBBB")
            axis.imshow(picture, cmap="RdBu_r", vmin=-limit, vmax=limit)
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
            if axis.get_subplotspec().is_first_row():
                axis.set_title(f"the {unit}", loc="center", fontsize=11)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    title = "Which pixels speak for a digit (red), against it (blue), or not at all (grey: exactly 0)"
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    zeros = amounts({name: 100 * np.mean(W[:, units] == 0) for name, W in weights.items()}, " %")
    show(figure, f"weights of the units for {listed([str(unit) for unit in units])}; exactly 0 are: {zeros}")


@styled
def equal_costs(
    ratios: Mapping[str, float], cost: Callable[[list[NDArray], float, float, float], float]
) -> None:
    """Where the elastic net's cost of two weights is the same. ratios: name → l1_ratio; cost(weights, lam, l1_ratio, m)."""
    figure, axes = panels(1, len(ratios), height=3.3, sharey=True)
    w1, w2 = np.meshgrid(np.linspace(-1.5, 1.5, 61), np.linspace(-1.5, 1.5, 61))
    for i, (axis, (name, ratio)) in enumerate(zip(axes, ratios.items(), strict=True)):
        points = zip(w1.ravel(), w2.ravel(), strict=True)
        costs = np.array([cost([np.array([point])], 1, ratio, 1) for point in points]).reshape(w1.shape)
        lines = axis.contour(w1, w2, costs, levels=[0.1, 0.3, 0.6, 1.0], colors=COLOURS[i])
        axis.clabel(lines, fmt="%.1f", fontsize=9)
        axis.set(aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        label(axis, name, "$w_1$", "" if i else "$w_2$")
    corner, side = (
        {name: cost([np.array(w)], 1, r, 1) for name, r in ratios.items()} for w in ([1.0, 1.0], [1.0, 0.0])
    )
    show(figure, f"cost of both weights 1: {amounts(corner)}; of one 1 and one 0: {amounts(side)}")


@styled
def unit_lengths(lengths: Mapping[str, ArrayLike]) -> None:
    """The lengths of the hidden units' incoming weights, sorted. lengths: name → (units,)."""
    figure, axes = panels(height=3.2)
    for i, (name, values) in enumerate(lengths.items()):
        axes.plot(np.sort(np.asarray(values))[::-1], **look_of(i),
                  markevery=6, label=name)  # fmt: skip
    label(axes, "The cap cuts off what is longer", "hidden unit, longest first", "length of incoming weights")
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    show(figure, trends({name: np.sort(np.asarray(values))[::-1] for name, values in lengths.items()}))

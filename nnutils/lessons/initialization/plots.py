"""Figures of lesson 07: what the initial weights do to a signal, and clipping to a gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, number, trend, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    VERMILION,
    curves,
    label,
    look_of,
    panels,
    show,
    styled,
)

Activation = Callable[[NDArray], tuple[NDArray, NDArray]]


@styled
def unit_pictures(rows: Mapping[str, NDArray], title: str) -> None:
    """Each unit's incoming weights as a picture of 8 x 8. rows: name → W (64, units)."""
    units = next(iter(rows.values())).shape[1]
    figure, axes = panels(len(rows), units, height=0.4 + 1.0 * len(rows), squeeze=False)
    for line, (name, W) in zip(axes, rows.items(), strict=True):
        for axis, weights in zip(line, W.T, strict=True):
            reach = np.abs(W).max()
            axis.imshow(weights.reshape(8, 8), cmap="RdBu_r", vmin=-reach, vmax=reach)
            axis.set(xticks=[], yticks=[])
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, fontweight="bold", fontsize=12)
    largest = amounts({name: np.abs(W).max() for name, W in rows.items()})
    show(figure, f"{gallery({name: W.T for name, W in rows.items()})}; largest weights: {largest}")


@styled
def through_the_layers(title: str, named: Mapping[str, ArrayLike], y: str, ticks: ArrayLike = ()) -> None:
    """One curve per name over the layers, on a logarithmic axis. Of (runs, layers) the runs are thin lines, the mean is thick."""
    figure, axes = panels()
    for i, (name, values) in enumerate(named.items()):
        runs = np.atleast_2d(values)
        layers = np.arange(1, runs.shape[1] + 1)
        look = look_of(i, marker=False)
        if len(runs) > 1:
            axes.plot(layers, runs.T, **look, linewidth=0.7, alpha=0.6)
        mean = np.exp(np.log(runs).mean(axis=0))
        axes.plot(layers, mean, **look, marker=MARKERS[i % 7], markevery=7, label=name)
    label(axes, title, "layer", y)
    axes.set(yscale="log", xlim=(0, runs.shape[1] + 1))
    if len(np.atleast_1d(ticks)):
        axes.set_yticks(ticks)
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(
        figure,
        trends({name: np.exp(np.log(np.atleast_2d(runs)).mean(axis=0)) for name, runs in named.items()}),
    )


@styled
def functions(named: Mapping[str, Activation]) -> None:
    """Activation functions and their derivatives. named: name → a function that returns (value, derivative)."""
    z = np.linspace(-4, 2.5, 400)
    figure, (left, right) = panels(1, 2, height=3.4)
    for i, (name, function) in enumerate(named.items()):
        for axis, y in zip((left, right), function(z), strict=True):
            axis.plot(z, y, **look_of(i, marker=False), label=name)
    label(left, "Below zero they differ", "z", "value")
    label(right, "Where the slope is 0, nothing is learned", "z", "derivative")
    left.legend(loc="upper left")
    values, slopes = ({name: f(np.array([-2.0]))[k].item() for name, f in named.items()} for k in range(2))
    show(figure, f"values at z = -2: {amounts(values)}; derivatives there: {amounts(slopes)}")


@styled
def moments(named: Mapping[str, NDArray]) -> None:
    """Mean and standard deviation by layer. named: name → (layers, 2)."""
    figure, axes = panels(1, 2, height=3.4)
    for axis, k, title, y in zip(
        axes,
        (0, 1),
        ("SELU's mean stays at 0", "and its standard deviation at 1"),
        ("mean", "standard deviation"),
        strict=True,
    ):
        for i, (name, values) in enumerate(named.items()):
            layers = np.arange(1, len(values) + 1)
            axis.plot(layers, values[:, k], **look_of(i),
                      markevery=7, label=name)  # fmt: skip
        axis.axhline(k, color=GREY, linestyle=":", linewidth=1)
        label(axis, title, "layer", y)
    axes[1].set(ylim=(-0.1, 5))
    axes[0].set(ylim=(-0.3, 3.4))
    axes[0].legend(loc="upper left", ncols=2)
    mean, std = ({name: values[:, k] for name, values in named.items()} for k in range(2))
    show(figure, f"mean: {trends(mean)}; standard deviation: {trends(std)}")


@styled
def dropped_moments(named: Mapping[str, NDArray]) -> None:
    """Mean and variance under kinds of dropout, layer by layer. named: name → (layers, 2)."""
    figure, axes = panels(1, 2, height=2.9)
    layers = range(1, len(next(iter(named.values()))) + 1)
    for k, (axis, name) in enumerate(zip(axes, ("mean", "variance"), strict=True)):
        axis.axhline(k, color=GREY, linewidth=1)
        curves(axis, layers, {kind: values[:, k] for kind, values in named.items()}, markevery=4)
        label(axis, ("The mean stays near 0", "Ordinary dropout raises the variance")[k], "layer", name)
    axes[0].set(ylim=(-0.5, 0.5))
    axes[1].set(ylim=(0, None))
    axes[0].get_legend().remove()
    axes[1].legend(loc="lower right")
    for axis in axes:
        axis.set_xticks([1, *range(5, len(layers) + 1, 5)])
    mean, variance = ({name: values[:, k] for name, values in named.items()} for k in range(2))
    show(figure, f"mean: {trends(mean)}; variance: {trends(variance)}")


@styled
def arrows(gradient: Sequence[float], clipped: Mapping[str, Sequence[float]], limit: float) -> None:
    """A gradient of two numbers, before and after two ways of clipping."""
    figure, axes = panels(height=3.2, width=7.0)
    for i, (name, (x, y)) in enumerate({"the gradient": gradient, **clipped}.items()):
        arrow = {"color": COLOURS[i], "linestyle": LINES[i], "arrowstyle": "-|>", "linewidth": 2,
                 "shrinkA": 0, "shrinkB": 0}  # fmt: skip
        axes.annotate("", (x, y), (0, 0), arrowprops=arrow)
        axes.plot(x, y, MARKERS[i], color=COLOURS[i], label=name)
    turn = np.linspace(0, np.pi / 2, 60)
    axes.plot(
        limit * np.cos(turn),
        limit * np.sin(turn),
        color=GREY,
        linestyle=":",
        linewidth=1,
        label="norm = limit",
    )
    axes.plot(
        [limit, limit, 0], [0, limit, limit], color=GREY, linestyle="--", linewidth=1, label="entry = limit"
    )
    axes.set(xlim=(0, 1.15 * gradient[0]), ylim=(0, 1.3 * limit), aspect="equal")
    label(axes, "Cut entry by entry, the gradient turns", "first entry", "second entry")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    ends = {"the gradient": gradient, **clipped}
    show(figure, "; ".join(f"{name} ends at {number(x)}, {number(y)}" for name, (x, y) in ends.items()))


@styled
def learning(named: Mapping[str, NDArray], title: str, y: str) -> None:
    """Curves over the epochs. named: name → (epochs, runs), thin lines and their mean."""
    figure, axes = panels()
    for i, (name, runs) in enumerate(named.items()):
        epochs = np.arange(1, len(runs) + 1)
        look = look_of(i, marker=False)
        axes.plot(epochs, runs, **look, linewidth=0.7, alpha=0.5)
        axes.plot(epochs, runs.mean(axis=1), **look, marker=MARKERS[i], markevery=3, label=name)
    label(axes, title, "epoch", y)
    axes.set_ylim(0, 103 if "%" in y else None)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, "means: " + trends({name: runs.mean(axis=1) for name, runs in named.items()}))


@styled
def step_sizes(norms: ArrayLike, limit: float) -> None:
    """The gradient's norm in the first steps, before and after clipping."""
    norms = np.asarray(norms)
    figure, axes = panels(height=3.0)
    steps = np.arange(1, len(norms) + 1)
    axes.semilogy(steps, norms, color=VERMILION, linestyle="--", marker="o", markevery=5, label="as it is")
    axes.semilogy(steps, np.minimum(norms, limit), color=BLUE, marker="s", markevery=5, label="clipped")
    label(
        axes, "The gradients of a bad start, and what clipping leaves of them", "step", "norm of the gradient"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    cut = f"{np.sum(norms > limit)} of {len(norms)} steps are clipped to {limit:g}"
    show(figure, f"the norm goes {trend(norms)}; {cut}")

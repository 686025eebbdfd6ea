"""Figures of lesson 07: what the initial weights do to units, to a signal, to a gradient, and to learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, spans, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)


@styled
def unit_pictures(rows: Mapping[str, NDArray], title: str) -> None:
    """Each unit's incoming weights as a picture of 8 x 8. rows: name → W (64, units)."""
    units = next(iter(rows.values())).shape[1]
    figure, axes = panels(len(rows), units, height=0.4 + 0.95 * len(rows), squeeze=False)
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
def through_the_layers(title: str, named: Mapping[str, ArrayLike], y: str) -> None:
    """One curve per name over the layers, on a logarithmic axis. named: name → (layers,)."""
    figure, axes = panels()
    for i, (name, values) in enumerate(named.items()):
        axes.plot(np.arange(1, len(np.asarray(values)) + 1), values, **look_of(i), markevery=7, label=name)
    label(axes, title, "layer", y)
    axes.set(yscale="log")
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(named))


@styled
def typical_networks(named: Mapping[str, NDArray]) -> None:
    """Mean square by layer: every network thin, their mean and median thick. named: name → (networks, layers)."""
    figure, axes = panels(1, len(named), height=3.6, sharey=True)
    told = []
    for axis, (name, runs) in zip(axes, named.items(), strict=True):
        layers = np.arange(1, runs.shape[1] + 1)
        axis.plot(layers, runs.T, color=GREY, linewidth=0.6, alpha=0.35)
        mean, median = runs.mean(axis=0), np.median(runs, axis=0)
        axis.plot(layers, mean, color=BLUE, linestyle="--", marker="o", markevery=9, label="mean of all")
        axis.plot(
            layers,
            median,
            color=VERMILION,
            linestyle="-",
            marker="s",
            markevery=9,
            label="median: the typical one",
        )
        label(axis, name, "layer", "mean square of the activations" if axis is axes[0] else "")
        told.append(f"{name}: mean {trends({'': mean}).strip()}, median {trends({'': median}).strip()}")
    axes[0].set(yscale="log", ylim=(1e-6, 1e2))
    axes[0].legend(loc="lower left")
    title = "In narrow layers single networks are far from their mean"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    show(figure, "; ".join(told))


@styled
def spread_over_depth(spread: Mapping[int, NDArray], other: NDArray, width: int) -> None:
    """Std of the logarithm over depth / width: of ReLU networks by width, and of tanh networks (layers,) of one width."""
    figure, axis = panels(height=3.6)
    for i, (n, values) in enumerate(spread.items()):
        x = np.arange(1, len(values) + 1) / n
        axis.plot(x, values, **look_of(i), markevery=6, label=f"ReLU, He, {n} wide")
    x = np.arange(1, len(other) + 1) / width
    axis.plot(x, other, **look_of(len(spread)), markevery=6, label=f"tanh, {width} wide")
    x = np.linspace(0, axis.get_xlim()[1], 100)
    axis.plot(
        x, np.sqrt(5 * x), color="black", linewidth=1, label=r"$\sqrt{5\,\mathrm{depth}/\mathrm{width}}$"
    )
    label(
        axis, "Depth over width decides how much networks differ", "depth / width", "std of ln(mean square)"
    )
    axis.set(xlim=(0, None), ylim=(0, None))
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    named = {f"ReLU {n} wide": values for n, values in spread.items()} | {f"tanh {width} wide": other}
    show(figure, "over the layers: " + trends(named))


@styled
def forward_and_back(named: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> None:
    """Left: how far examples are apart; right: the gradient. Both over the layers. named: name → two (layers,)."""
    figure, axes = panels(1, 2, height=3.9, sharey=True)
    for i, (name, both) in enumerate(named.items()):
        for axis, values in zip(axes, both, strict=True):
            layers = np.arange(1, len(np.asarray(values)) + 1)
            axis.plot(layers, values, **look_of(i), markevery=(2 * i, 12), label=name)
    label(axes[0], "Forward: how far examples are apart", "layer", "distance or gradient, rms")
    label(axes[1], "The gradient, from right to left", "layer", "")
    axes[0].set(yscale="log", ylim=(1e-14, 1e3))
    axes[0].minorticks_off()
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    forward, back = ({name: both[k] for name, both in named.items()} for k in range(2))
    show(figure, f"forward: {trends(forward)}; back: {trends(back)}")


@styled
def over_variances(
    variances: Sequence[float], named: Mapping[str, NDArray], plain: float, plain_name: str
) -> None:
    """Dev accuracy over the variance of the first weights: a point a run and the mean. named: name → (runs, variances)."""
    figure, axis = panels(height=3.6)
    for i, (name, runs) in enumerate(named.items()):
        axis.plot(variances, 100 * runs.T, MARKERS[i], color=COLOURS[i], markersize=3, alpha=0.5)
        axis.plot(variances, 100 * runs.mean(axis=0), **look_of(i), label=name)
    axis.axhline(100 * plain, color=GREY, linestyle=":", label=plain_name)
    axis.axhline(10, color=GREY, linewidth=1, label="guessing")
    axis.set(xscale="log", ylim=(0, 103))
    axis.set_xticks(variances, [f"{v:g}" for v in variances])
    axis.minorticks_off()
    title = "Deep networks need the right variance, shallow ones hardly"
    label(axis, title, "variance of the weights × n", "dev accuracy (%)")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    means = {name: 100 * runs.mean(axis=0) for name, runs in named.items()}
    ranges = spans({name: 100 * runs for name, runs in named.items()})
    show(figure, f"means: {trends(means, variances)}; {plain_name} {100 * plain:.0f}; single runs: {ranges}")

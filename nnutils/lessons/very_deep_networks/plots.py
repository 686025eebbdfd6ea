"""The figures of lesson 16: signals on their way through many blocks, accuracy against depth, warm-up, blocks left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, trends
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

Array = NDArray[Any]
TITLES = {"post": "Post-norm: warm-up helps at high rates", "pre": "Pre-norm: hardly any difference"}


@styled
def signals(relu: Mapping[str, Array], selu: Mapping[str, Array], guess: float | None = None) -> None:
    """The mean square behind each block, geometric mean of some networks. One panel for ReLU branches, one for SELU."""
    figure, (left, right) = panels(1, 2, height=4.0, sharey=True)
    for axes, named in ((left, relu), (right, selu)):
        for i, (name, values) in enumerate(named.items()):
            axes.plot(np.arange(len(values)), values, **look_of(i, marker=False), label=name)
        axes.set_yscale("log")
        axes.legend(loc="upper left", fontsize=9)
    if guess is not None and guess > 0:
        blocks = len(next(iter(relu.values()))) - 1
        left.plot(blocks, guess, "*", color="black", markersize=15, label="your guess")
        left.legend(loc="upper left", fontsize=9)
    label(left, "ReLU: a bare shortcut doubles each time", "block", "mean square of the signal (log scale)")
    label(right, "SELU keeps it, until a shortcut is added", "block", "")
    show(figure, f"ReLU: {trends(relu, first=0)}; SELU: {trends(selu, first=0)}")


@styled
def depth(
    depths: Sequence[int], gradients: Mapping[str, Array], accuracy: Mapping[str, Array], baseline: float
) -> None:
    """What arrives of a gradient, and the training accuracy, against the depth. Both: design → (depths, runs)."""
    figure, (left, right) = panels(1, 2, height=4.0)
    for i, name in enumerate(accuracy):
        look = {"color": COLOURS[i], "marker": MARKERS[i], "markersize": 3, "linestyle": "none", "alpha": 0.5}
        left.plot(depths, gradients[name], **look)
        left.plot(depths, np.exp(np.log(gradients[name]).mean(axis=1)), **look_of(i), label=name)
        right.plot(depths, 100 * accuracy[name], **look)
        right.plot(depths, 100 * accuracy[name].mean(axis=1), **look_of(i), label=name)
    left.axhline(1, color=GREY, linewidth=0.8)
    right.axhline(100 * baseline, color=GREY, linestyle=":", label="logistic regression")
    right.axhline(10, color=GREY, linewidth=0.8)
    right.text(depths[0], 11, "guessing", color=GREY, fontsize=9)
    left.set_yscale("log")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xticks(depths, [str(number) for number in depths])
        axes.minorticks_off()
    label(
        left,
        "The gradient at the first layer",
        "layers (log scale)",
        "length, over that at the last one (log scale)",
    )
    label(
        right,
        "Only shortcuts learn at every depth",
        "layers (log scale)",
        "accuracy on the training set (%)",
    )
    left.legend(loc="upper left", fontsize=9)
    right.legend(loc="center right", bbox_to_anchor=(1, 0.58), fontsize=9)  # between the lines
    arrives = {name: np.exp(np.log(values).mean(axis=1)) for name, values in gradients.items()}
    reads = {name: 100 * values.mean(axis=1) for name, values in accuracy.items()}
    show(
        figure,
        f"the gradient's length: {trends(arrives, depths)}; accuracy in percent: {trends(reads, depths)}; "
        f"logistic regression {100 * baseline:.0f}",
    )


@styled
def warmup(rates: Sequence[float], named: Mapping[str, Mapping[str, Array]]) -> None:
    """Accuracy against the peak rate, with and without a warm-up. named: place of the norm → with or without → (rates, runs)."""
    figure, grid = panels(1, len(named), height=3.8, sharey=True)
    for axes, (place, ways) in zip(grid, named.items(), strict=True):
        for i, (name, values) in enumerate(ways.items()):
            colour = (VERMILION, BLUE)[i]
            axes.plot(rates, 100 * values, MARKERS[i], color=colour, markersize=3, alpha=0.5)
            line = ("--", "-")[i]
            axes.plot(rates, 100 * values.mean(axis=1), line, marker=MARKERS[i], color=colour, label=name)
        axes.set_xscale("log")
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.minorticks_off()
        label(
            axes,
            TITLES[place],
            "peak rate (log scale)",
            "accuracy on the training set (%)" if axes is grid[0] else "",
        )
    grid[0].legend(loc="lower left")
    means = {
        f"{place}-norm, {name}": 100 * values.mean(axis=1)
        for place, ways in named.items()
        for name, values in ways.items()
    }
    show(figure, f"mean of the runs in percent: {trends(means, rates)}")


@styled
def left_out(named: Mapping[str, Array]) -> None:
    """Accuracy on the dev set after training on wrong labels: a row for each design, a point for each run, the mean as a bar."""
    figure, axes = panels(height=3.2)
    for row, (name, values) in enumerate(named.items()):
        colour = BLUE if "chance" in name else GREY
        axes.plot(100 * values, [row] * len(values), "o", color=colour, alpha=0.5)
        axes.plot(100 * values.mean(), row, "|", color=colour, markersize=22, markeredgewidth=3)
    axes.set_yticks(range(len(named)), list(named))
    axes.set_ylim(len(named) - 0.5, -0.5)
    label(axes, "Branches left out at random help against wrong labels", "accuracy on new digits (%)", "")
    show(figure, f"mean accuracy: {amounts({name: 100 * v for name, v in named.items()}, ' %')}")

"""Figures of lesson 07: what the initial weights do to a signal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, trends
from nnutils.figures.style import (
    MARKERS,
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

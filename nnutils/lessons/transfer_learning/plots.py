"""Figures of lesson 18: what is reused, which weights change, and accuracy by the number of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, trends
from nnutils.figures.bars import FILLS, HATCHES, runs_compared
from nnutils.figures.pictures import picture_rows
from nnutils.figures.style import COLOURS, LINES, MARKERS, label, panels, show, styled

__all__ = ["accuracy_by_labels", "feature_maps", "movements", "picture_rows", "runs_compared"]


@styled
def feature_maps(pictures: NDArray, maps: NDArray, title: str) -> None:
    """Digits, and the maps that some units of a convolution compute from them. pictures: (n, 8, 8); maps: (n, h, w, units)."""
    rows, units = len(pictures), maps.shape[-1]
    figure, axes = panels(rows, units + 1, height=0.7 + 1.15 * rows, squeeze=False)
    for line, picture, own in zip(axes, pictures, maps, strict=True):
        line[0].imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        for unit in range(units):
            line[unit + 1].imshow(own[..., unit], cmap="cividis", vmin=0, vmax=maps[..., unit].max() or 1)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        axis.grid(visible=False)
    for place, axis in enumerate(axes[-1]):
        axis.set_xlabel("picture" if place == 0 else f"unit {place}")
    figure.suptitle(title, fontweight="bold", fontsize=12)
    largest = amounts({f"unit {k + 1}": maps[..., k].max() for k in range(units)})
    show(figure, f"{rows} digits, and beside each the maps of {units} units; largest values: {largest}")


@styled
def movements(moved: Mapping[str, Sequence[float]], layers: Sequence[str], title: str) -> None:
    """How far the weights of each layer moved. moved: name of the training → one distance per layer; 0 is written down."""
    figure, axes = panels(height=3.2)
    width = 0.8 / len(moved)
    top = max(max(distances) for distances in moved.values())
    for i, (name, distances) in enumerate(moved.items()):
        place = np.arange(len(layers)) + width * (i - (len(moved) - 1) / 2)
        axes.bar(place, distances, width, label=name, color=FILLS[i], hatch=HATCHES[i], edgecolor="white")
        for x, distance in zip(place, distances, strict=True):
            axes.annotate(
                "0" if distance == 0 else f"{distance:.2f}", (x, distance), ha="center", va="bottom"
            )
    label(axes, title, "layer", "largest change of a weight")
    axes.set_xticks(range(len(layers)), layers)
    axes.set_ylim(0, 1.3 * top)
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper left", ncols=len(moved))
    told = [
        f"{name}, {amounts(dict(zip(layers, distances, strict=True)))}" for name, distances in moved.items()
    ]
    show(figure, f"largest changes: {'; '.join(told)}")


@styled
def accuracy_by_labels(sizes: Sequence[int], runs: Mapping[str, ArrayLike]) -> None:
    """Dev accuracy over the number of labels: means as lines, a point per run. runs: way → (sizes, runs)."""
    figure, axes = panels(height=3.8)
    for i, (name, values) in enumerate(runs.items()):
        percent, x = 100 * np.asarray(values), np.array(sizes) * 1.03 ** (i - 1)
        look = {"color": COLOURS[i], "marker": MARKERS[i]}
        axes.plot(x, percent.mean(axis=1), linestyle=LINES[i], label=name, markersize=7, **look)
        axes.plot(np.repeat(x, percent.shape[1]), percent.ravel(), linestyle="", alpha=0.35, **look)
    label(
        axes,
        "The fewer the labels, the more the base is worth (faint: single runs)",
        "labels of the new task",
        "dev accuracy (%)",
    )
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(n) for n in sizes])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    means = {name: 100 * np.asarray(values).mean(axis=1) for name, values in runs.items()}
    show(figure, f"means: {trends(means, sizes)}")

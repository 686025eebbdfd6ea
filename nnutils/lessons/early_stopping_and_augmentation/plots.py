"""Figures of lesson 05: where training stops, how that changes the weights, and rows of augmented pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import gallery, number, trend, trends
from nnutils.figures.bars import runs_compared
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
from nnutils.words import listed

__all__ = ["norms", "pictures", "regions", "runs_compared", "stops", "strength", "two_jobs"]


@styled
def stops(loss: Sequence[float], dev_loss: Sequence[float], kept: Mapping[int, int]) -> None:
    """Training and dev loss over the epochs, and the epoch that each patience keeps. kept: patience → epoch."""
    figure, axis = panels(height=3.6)
    curves(axis, range(len(loss)), {"training loss": loss, "dev loss": dev_loss})
    for i, (patience, epoch) in enumerate(kept.items()):
        axis.plot(
            epoch,
            dev_loss[epoch],
            MARKERS[i + 1],
            color="black",
            markerfacecolor=COLOURS[i + 2],
            markersize=11,
            linestyle="",
            label=f"kept with patience {patience}",
            zorder=5,
        )
    label(axis, "The dev loss turns round, the training loss goes on falling", "epoch", "mean loss")
    axis.set_ylim(0, None)
    axis.legend(loc="upper center", ncols=3)
    axis.set_ylim(0, 1.35 * max(*loss, *dev_loss))
    told = listed([f"patience {patience} keeps epoch {epoch}" for patience, epoch in kept.items()])
    show(figure, f"{trends({'training loss': loss, 'dev loss': dev_loss}, first=0)}; {told}")


@styled
def norms(values: NDArray, kept: Sequence[int]) -> None:
    """The norm of the weights after each epoch, a line per run, with a point where early stopping goes back to.

    values: (runs, epochs); kept: one epoch per run.
    """
    figure, axis = panels(height=3.2)
    for i, (line, epoch) in enumerate(zip(values, kept, strict=True)):
        axis.plot(line, "-", color=BLUE, linewidth=1.2, label="five runs" if i == 0 else None)
        axis.plot(
            epoch, line[epoch], "s", color=VERMILION, label="kept by early stopping" if i == 0 else None
        )
    label(axis, "The weights grow as long as training lasts", "epoch", "norm of all weights")
    axis.set_ylim(0, None)
    axis.legend(loc="lower right")
    show(
        figure,
        f"the mean of the runs goes {trend(values.mean(axis=0), first=0)}; epochs kept: {listed([str(e) for e in kept])}",
    )


@styled
def two_jobs(J: Mapping[str, NDArray], accuracy: Mapping[str, NDArray], kept: float) -> None:
    """The minimised J and the dev accuracy, over the epochs: mean and range of the runs, name → (runs, epochs)."""
    figure, (left, right) = panels(1, 2, height=3.8)
    for axis, named, scale in ((left, J, 1), (right, accuracy, 100)):
        for i, (name, runs) in enumerate(named.items()):
            epochs, values = range(runs.shape[1]), scale * runs
            axis.fill_between(epochs, values.min(0), values.max(0), color=COLOURS[i], alpha=0.15, linewidth=0)
            axis.plot(epochs, values.mean(0), **look_of(i, marker=False), label=name)
        axis.axvline(kept, color=GREY, linestyle=":", label="where early stopping stops (mean)")
    left.set(yscale="log")
    label(left, "Job 1: fit J", "epoch", "J, as minimised (log scale)")
    label(right, "Job 2: do not overfit", "epoch", "dev accuracy (%)")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    costs = trends({name: runs.mean(axis=0) for name, runs in J.items()}, first=0)
    percent = trends({name: 100 * runs.mean(axis=0) for name, runs in accuracy.items()}, first=0)
    show(figure, f"J: {costs}; accuracy: {percent}; early stopping at {number(kept)}")


@styled
def pictures(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of pictures with a name in front of each. rows: name → (n, h, w), white 0, or (n, h, w, 3)."""
    n = max(map(len, rows.values()))
    h, w = next(iter(rows.values())).shape[1:3]
    height = 0.45 + len(rows) * min(7.6 / n * h / w + 0.06, 1.5)
    figure, axes = panels(len(rows), n, height=height, squeeze=False)
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for axis, image in zip(line, images, strict=False):
            draw_picture(axis, image)
        for axis in line[len(images) :]:
            axis.set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    _head(figure, title)
    show(figure, gallery(rows))


@styled
def strength(shares: Sequence[float], accuracies: Mapping[str, NDArray]) -> None:
    """Dev accuracy over the share of pictures that are changed, a panel for each dev set. accuracies: name → (runs, shares)."""
    figure, axes = panels(1, len(accuracies), height=3.4)
    x = 100 * np.asarray(shares)
    for i, (axis, (name, runs)) in enumerate(zip(axes, accuracies.items(), strict=True)):
        axis.plot(x, 100 * runs.T, "-", color=COLOURS[i], linewidth=0.7, alpha=0.6)
        axis.plot(
            x, 100 * runs.mean(0), LINES[i], color=COLOURS[i], marker=MARKERS[i], linewidth=2.5, label="mean"
        )
        axis.plot([], [], "-", color=COLOURS[i], linewidth=0.7, label="five runs")
        label(axis, name, "pictures shifted in training (%)", "dev accuracy (%)")
        axis.legend(loc="lower right" if i else "lower center")
    _head(figure, "How much to change depends on what you will meet")
    show(figure, "means: " + trends({name: 100 * runs.mean(axis=0) for name, runs in accuracies.items()}, x))


@styled
def regions(image: NDArray, edges: Sequence[tuple[ArrayLike, ArrayLike]], pooled: Sequence[NDArray]) -> None:
    """One image with the regions into which it is cut, above the pooled image; a column per draw."""
    figure, axes = panels(2, len(edges), height=3.9)
    for column, (rows, columns), small in zip(axes.T, edges, pooled, strict=True):
        draw_picture(column[0], image)
        for row in np.asarray(rows)[1:-1]:
            column[0].axhline(row - 0.5, color=VERMILION, linewidth=1.2)
        for place in np.asarray(columns)[1:-1]:
            column[0].axvline(place - 0.5, color=VERMILION, linewidth=1.2)
        draw_picture(column[1], small)
    axes[0, 0].set_ylabel(f"{image.shape[0]} x {image.shape[1]} pixels")
    axes[1, 0].set_ylabel(f"{pooled[0].shape[0]} x {pooled[0].shape[1]} pixels")
    _head(figure, "Each draw of the edges makes another picture of the same three")
    told = [
        f"draw {i}, heights {_sizes(rows)}, widths {_sizes(columns)}"
        for i, (rows, columns) in enumerate(edges, 1)
    ]
    show(figure, f"sizes of the regions in pixels: {'; '.join(told)}")


def draw_picture(axis: Axes, image: NDArray) -> Any:
    """One picture without ticks, in a thin frame. Returns matplotlib's artist."""
    shown = axis.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(True)
    axis.grid(visible=False)
    return shown


def _sizes(edges: ArrayLike) -> str:
    return listed([str(size) for size in np.diff(np.asarray(edges))])


def _head(figure: Figure, title: str) -> None:
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)

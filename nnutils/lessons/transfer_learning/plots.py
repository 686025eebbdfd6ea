"""Figures of lesson 18: the tasks, what a body is worth beside its rivals and where, tuning, adapters, and picked results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, number
from nnutils.figures.style import BLUE, COLOURS, GREEN, GREY, MARKERS, VERMILION, label, panels, show, styled

__all__ = ["adapters", "picked", "pictures", "rivals", "table", "tuning"]


@styled
def pictures(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of pictures, (n, 144) each, with a name in front of every row."""
    figure, axes = panels(
        len(rows), len(next(iter(rows.values()))), height=0.4 + 0.8 * len(rows), squeeze=False
    )
    for line, (name, row) in zip(axes, rows.items(), strict=True):
        for axis, pixels in zip(line, row, strict=True):
            axis.imshow(pixels.reshape(12, 12), cmap="gray", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(True)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, fontweight="bold", fontsize=12)
    show(figure, gallery(rows))


@styled
def rivals(results: Mapping[int, Mapping[str, ArrayLike]], frozen: str, guess: Any = None) -> None:
    """Dev accuracy of each way, a point per run, a panel for each number of labels. results: labels → way → one per run."""
    figure, axes = panels(1, len(results), height=4.0, sharey=True)
    told = []
    for axis, (labels, ways) in zip(axes, results.items(), strict=True):
        for place, (name, runs) in enumerate(ways.items()):
            percent, colour = 100 * np.asarray(runs), VERMILION if name == frozen else BLUE
            axis.plot(percent, np.full(len(percent), place), "o", color=colour, alpha=0.45)
            axis.plot(percent.mean(), place, "|", color=colour, markersize=22, markeredgewidth=3)
        axis.set_yticks(range(len(ways)), list(ways))
        axis.set_xlim(0, 85)
        axis.invert_yaxis() if axis is axes[0] else None
        label(axis, f"{labels} labels", "dev accuracy (%)", "")
        told.append(
            f"{labels} labels: " + amounts({k: 100 * np.asarray(v).mean() for k, v in ways.items()}, " %")
        )
    if guess is not None:
        first = next(iter(results.values()))
        rival = list(first)[list(first).index(frozen) - 1]
        axes[0].plot(
            100 * np.asarray(first[rival]).mean() + guess,
            list(first).index(frozen),
            "*",
            color=GREEN,
            markersize=15,
        )
    figure.suptitle(
        "The frozen body is ahead of every rival (points: runs, bars: means)",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    show(figure, "; ".join(told))


@styled
def table(results: Mapping[tuple[str, str], Mapping[str, ArrayLike]]) -> None:
    """Four panels: little or much data, a task that is similar or different. results: (row, column) → way → accuracies."""
    rows = list(dict.fromkeys(row for row, _ in results))
    columns = list(dict.fromkeys(column for _, column in results))
    figure, axes = panels(len(rows), len(columns), height=4.4, sharex=True, sharey=True, squeeze=False)
    told = []
    for (row, column), ways in results.items():
        axis = axes[rows.index(row)][columns.index(column)]
        for place, runs in enumerate(ways.values()):
            percent = 100 * np.asarray(runs)
            axis.plot(percent, np.full(len(percent), place), MARKERS[place], color=COLOURS[place], alpha=0.45)
            axis.plot(percent.mean(), place, "|", color=COLOURS[place], markersize=22, markeredgewidth=3)
        axis.set_yticks(range(len(ways)), list(ways))
        axis.set_ylim(len(ways) - 0.5, -0.5)
        label(axis, f"{row}, {column}", "dev accuracy (%)" if row == rows[-1] else "", "")
        told.append(
            f"{row}, {column}: " + amounts({k: 100 * np.asarray(v).mean() for k, v in ways.items()}, " %")
        )
    figure.suptitle(
        "Few labels and a similar task: there the body helps most", x=0.01, ha="left", fontweight="bold"
    )
    show(figure, "; ".join(told))


@styled
def tuning(results: Mapping[str, Mapping[str, ArrayLike]], title: str) -> None:
    """Dev accuracy of ways to tune, a panel for each kind of dev pictures; the runs of a seed are joined."""
    figure, axes = panels(1, len(results), height=3.5, sharey=True)
    told = []
    for axis, (name, ways) in zip(axes, results.items(), strict=True):
        percent = 100 * np.array([np.asarray(runs) for runs in ways.values()])
        axis.plot(range(len(ways)), percent, "-", color=GREY, linewidth=0.8)
        axis.plot(range(len(ways)), percent, "o", color=BLUE, alpha=0.6)
        axis.plot(
            range(len(ways)), percent.mean(axis=1), "_", color=VERMILION, markersize=30, markeredgewidth=3
        )
        axis.set_xticks(range(len(ways)), list(ways))
        axis.set_xlim(-0.5, len(ways) - 0.5)
        label(axis, name, "", "dev accuracy (%)" if axis is axes[0] else "")
        told.append(
            f"{name}: "
            + amounts({k: 100 * np.asarray(v).mean() for k, v in ways.items()}, " %").replace("\n", " ")
        )
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    show(figure, "; ".join(told))


@styled
def adapters(numbers: Sequence[int], runs: Mapping[str, ArrayLike], title: str) -> None:
    """Accuracy over how many numbers are trained, on a log axis. runs: name → one accuracy per run, in the order of `numbers`."""
    figure, axes = panels(height=3.6)
    percent = 100 * np.array([np.asarray(values) for values in runs.values()])
    axes.plot(numbers, percent, "o", color=BLUE, alpha=0.4)
    axes.plot(numbers, percent.mean(axis=1), "-", color=VERMILION, marker="s", label="mean")
    for x, y, name in zip(numbers, percent.max(axis=1), runs, strict=True):
        axes.annotate(name, (x, y), xytext=(0, 7), textcoords="offset points", ha="center")
    label(axes, title, "numbers that are trained", "dev accuracy (%)")
    axes.set_xscale("log")
    axes.margins(x=0.08, y=0.18)
    axes.legend(loc="lower right")
    told = {
        f"{name} ({n} numbers)": values.mean() for n, name, values in zip(numbers, runs, percent, strict=True)
    }
    show(figure, f"means: {amounts(told, ' %')}")


@styled
def picked(leads: ArrayLike, title: str) -> None:
    """A histogram of leads in points, with the mean and the largest marked."""
    points = 100 * np.asarray(leads)
    figure, axes = panels(height=3.2)
    axes.hist(points, bins=12, color=BLUE, alpha=0.7, edgecolor="white")
    for value, colour, style, name in (
        (0, GREY, ":", "no lead"), (points.mean(), GREEN, "-", "the mean"), (points.max(), VERMILION, "--", "the best pair"),
    ):  # fmt: skip
        axes.axvline(value, color=colour, linestyle=style, linewidth=2.5, label=name)
    label(axes, title, "lead of the frozen dense body over training from scratch (points)", "pairs")
    axes.legend(loc="upper left", bbox_to_anchor=(0.07, 1))
    show(figure, f"{len(points)} pairs: mean lead {number(points.mean())}, largest {number(points.max())}")

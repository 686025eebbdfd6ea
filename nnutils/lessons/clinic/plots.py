"""The figures of lesson 20: inputs to look at, the atlas of curves, the table of probes, and the proof on fresh seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, number, trend
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels, show, styled
from nnutils.probes import class_share
from nnutils.words import counted

Array = NDArray[Any]
SHARE = 0.95  # of a feature's variance between the classes: more gives the class away
TOP = 5.0  # of the costs that the atlas shows


@styled
def inputs(named: Mapping[str, tuple[Array, Array]]) -> None:
    """The training inputs as pictures, rows sorted by class. named: title → (X, y)."""
    figure, grid = panels(1, len(named), height=3.6)
    told = []
    for axes, (name, (X, y)) in zip(grid, named.items(), strict=True):
        order = np.argsort(y, kind="stable")
        axes.imshow(X[order], aspect="auto", cmap="RdBu_r", vmin=-1.5, vmax=1.5, interpolation="nearest")
        axes.grid(False)
        given_away = np.flatnonzero(class_share(X, y) > SHARE)
        axes.plot(given_away, np.full(len(given_away), -9), "v", color=VERMILION, clip_on=False)
        axes.set_ylim(len(y) - 0.5, -15)
        label(axes, name, "feature", "example, sorted by class" if axes is grid[0] else "")
        told.append(
            f"{name}: the largest value is {number(np.abs(X).max())}, "
            f"{counted(len(given_away), 'feature')} marked as a function of the class"
        )
    show(figure, f"colours from -1.5, blue, to 1.5, red; {'; '.join(told)}")


@styled
def atlas(runs: Mapping[str, Mapping[str, Array]], healthy: Mapping[str, Array]) -> None:
    """One panel a fault: its training cost beside the healthy one, and the accuracies at the end.

    runs: title → log, with "cost" (seeds, epochs), "dev" and "new" (seeds,) at the end. healthy: the same.
    """
    figure, grid = panels(2, len(runs) // 2, height=6.0, sharex=True, sharey=True)
    usual, told = np.median(healthy["cost"], axis=0), []
    for axes, (name, log) in zip(grid.flat, runs.items(), strict=True):
        cost = np.median(log["cost"], axis=0)
        epochs = np.arange(1, len(cost) + 1)
        axes.plot(epochs, usual, "--", color=BLUE, label="healthy")
        axes.plot(
            epochs,
            np.clip(np.nan_to_num(cost, nan=99), -9, 0.98 * TOP),
            "-",
            color=VERMILION,
            label="sick (at the top: over 5)",
        )
        axes.set(ylim=(0, TOP), title=name.replace(": ", ":\n", 1))
        axes.title.set_fontsize(9.5)
        ends = f"dev {np.mean(log['dev']):.0%}, new {np.mean(log['new']):.0%}"
        axes.text(0.97, 0.62, ends, transform=axes.transAxes, ha="right", fontsize=9)
        shown = np.clip(cost, -9, 99)
        told.append(f"{name}: cost {trend(shown)}, {ends}")
    for axes in grid[-1]:
        axes.set_xlabel("epoch")
    for axes in grid[:, 0]:
        axes.set_ylabel("training cost")
    grid.flat[2].legend(loc="upper right", fontsize=7.5, bbox_to_anchor=(1.04, 1.0))
    ends = f"dev {np.mean(healthy['dev']):.0%}, new {np.mean(healthy['new']):.0%}"
    figure.suptitle(
        f"Most faults are seen in the cost, but few are told apart (healthy: {ends})",
        fontsize=12,
        fontweight="bold",
    )
    show(figure, f"healthy: cost {trend(usual)}; {'; '.join(told)}")


@styled
def table(rows: Sequence[str], columns: Sequence[str], counts: Array, seeds: int) -> None:
    """For each kind of program (row) and probe (column), in how many seeds it left the healthy range."""
    figure, axes = panels(height=6.2)
    axes.imshow(counts, aspect="auto", cmap="Oranges", vmin=0, vmax=1.3 * seeds)
    axes.grid(False)
    for (i, j), count in np.ndenumerate(counts):
        if count:
            axes.text(j, i, str(count), ha="center", va="center", fontsize=10)
    axes.set_xticks(range(len(columns)), columns, fontsize=9)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.tick_params(length=0)
    label(axes, f"Each fault is seen by some probe (alarms of {seeds} seeds)", "", "")
    told = [
        f"{row}: {amounts({c.replace(chr(10), ' '): n for c, n in zip(columns, line, strict=True) if n}) or 'no alarm'}"
        for row, line in zip(rows, counts.tolist(), strict=True)
    ]
    show(figure, f"number of alarms; {'; '.join(told)}")


@styled
def proof(named: Mapping[str, tuple[Array, Array]]) -> None:
    """Pairs on fresh seeds: one line a seed, from before to after. named: title → (before, after), shares."""
    figure, grid = panels(1, len(named), height=3.6)
    told = []
    for axes, (name, (before, after)) in zip(grid, named.items(), strict=True):
        for a, b in zip(before, after, strict=True):
            axes.plot(
                [0, 1],
                [100 * a, 100 * b],
                "o-",
                color=BLUE if b > a else VERMILION if b < a else GREY,
                linewidth=1.2,
            )
        axes.set_xticks([0, 1], ["before", "after"])
        axes.set_xlim(-0.3, 1.3)
        label(axes, name, "", "accuracy on new examples, %" if axes is grid[0] else "")
        told.append(
            f"{name}: {np.sum(after > before)} of {len(after)} seeds better, "
            f"from {number(100 * before.mean())} to {number(100 * after.mean())} percent"
        )
    show(figure, f"blue lines rise, red ones fall; {'; '.join(told)}")

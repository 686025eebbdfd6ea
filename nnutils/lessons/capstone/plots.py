"""Figures of lesson 21: pictures, recipes on a scoreboard, rates with and without a rise, calibration, and who answers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, trends
from nnutils.figures.style import BLUE, COLOURS, GREY, MARKERS, label, look_of, panels, show, styled

__all__ = ["answered_alone", "letters", "rates", "reliability", "scoreboard"]


@styled
def letters(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of pictures, (n, 144) each, with the letter in front of every row."""
    shown = max(map(len, rows.values()))
    figure, axes = panels(len(rows), shown, height=0.5 + 0.62 * len(rows), squeeze=False)
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        for axis, pixels in zip(line, pictures, strict=True):
            axis.imshow(pixels.reshape(12, 12), cmap="gray", vmin=-2, vmax=2)
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=14)
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    show(figure, gallery(rows))


@styled
def scoreboard(
    scores: Mapping[str, ArrayLike], title: str, mark: tuple[str, float] | None = None, guess: str = ""
) -> None:
    """A row for each recipe: a point for each seed, a bar for the mean. scores: recipe → accuracies in percent.

    mark: a name and a value that a dashed line shows. guess: the row that was predicted to be the best.
    """
    figure, axis = panels(height=1.2 + 0.38 * len(scores))
    for place, (name, of) in enumerate(scores.items()):
        values = np.asarray(of, float)
        axis.plot(
            values, np.full(len(values), place), MARKERS[place % 7], color=COLOURS[place % 7], alpha=0.7
        )
        axis.plot([values.mean()] * 2, [place - 0.3, place + 0.3], "-", color="black", linewidth=2.5)
        if name == guess:
            axis.text(101, place, "your guess", color=BLUE, va="center")
    if mark:
        axis.axvline(mark[1], color=GREY, linestyle="--", linewidth=1.5, label=mark[0])
        axis.legend(loc="lower right")
    axis.set(xlim=(0, 100), ylim=(len(scores) - 0.4, -0.6))
    axis.set_yticks(range(len(scores)), list(scores))
    label(axis, title, "dev accuracy (%); bar: the mean", "")
    marked = f"; {mark[0]} {mark[1]:.0f} %" if mark else ""
    show(figure, f"means: {amounts(scores, ' %')}{marked}")


@styled
def rates(tried: Sequence[float], accuracies: Mapping[str, NDArray], title: str) -> None:
    """Dev accuracy over the top learning rate, a line for each schedule. accuracies: schedule → (rates, seeds), in percent."""
    figure, axis = panels(height=3.4)
    for i, (name, of) in enumerate(accuracies.items()):
        axis.plot(tried, of, look_of(i)["marker"], color=COLOURS[i], alpha=0.3, markersize=4)
        axis.plot(tried, of.mean(axis=1), label=name, **look_of(i))
    axis.set(xscale="log", ylim=(0, 100))
    axis.set_xticks(tried, [f"{lr:g}" for lr in tried], minor=False)
    axis.minorticks_off()
    axis.legend(loc="lower left")
    label(axis, title, "highest learning rate (log scale)", "dev accuracy (%)")
    show(figure, trends({name: of.mean(axis=1) for name, of in accuracies.items()}, tried))


@styled
def reliability(panels_of: Mapping[str, Mapping[str, NDArray]], title: str) -> None:
    """How often it is right, over how sure it is. panels_of: panel → name → (share, confidence, accuracy) of ten bins."""
    figure, axes = panels(1, len(panels_of), height=4.2, sharey=True)
    told = {}
    for axis, (panel, named) in zip(axes, panels_of.items(), strict=True):
        axis.plot([0, 100], [0, 100], color=GREY, linewidth=1, linestyle=":", label="right as often as sure")
        for i, (name, (share, confidence, right)) in enumerate(named.items()):
            seen = share > 0.005
            axis.plot(100 * confidence[seen], 100 * right[seen], label=name, **look_of(i))
            told[f"{panel}, {name}"] = 100 * (right - confidence)[seen]
        axis.set(xlim=(0, 100), ylim=(0, 100))
        label(axis, panel, "confidence (%)", "right (%)")
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    show(figure, f"right minus confidence, in points, from low to high confidence: {trends(told)}")


@styled
def answered_alone(shares: Sequence[float], curves: Mapping[str, NDArray], title: str) -> None:
    """Accuracy on what is answered when the rest goes to a person. curves: name → (seeds, shares), in percent."""
    figure, axis = panels(height=3.2)
    x = 100 * np.asarray(shares)
    for i, (name, of) in enumerate(curves.items()):
        axis.plot(x, of.T, color=COLOURS[i], linewidth=0.8, linestyle="-", alpha=0.4)
        axis.plot(x, of.mean(axis=0), label=name, **look_of(i))
    axis.legend(loc="upper left")
    label(axis, title, "handed to a person (%)", "right on the rest (%)")
    show(figure, trends({name: of.mean(axis=0) for name, of in curves.items()}, x))

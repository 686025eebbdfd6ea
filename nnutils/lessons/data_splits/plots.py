"""Figures of lesson 01: what a split does to the numbers that are measured on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, spans, trends
from nnutils.figures.bars import FILLS, HATCHES, runs_compared
from nnutils.figures.pictures import picture_rows
from nnutils.figures.style import GREY, MARKERS, VERMILION, label, look_of, panels, show, styled

__all__ = [
    "distances_to_truth",
    "leaks_compared",
    "measured_differences",
    "optimism",
    "parts_compared",
    "picture_rows",
]


def parts_compared(runs: NDArray, groups: Sequence[str], bars: Sequence[str], x: str, title: str) -> None:
    """Bars of mean accuracies with a point per run. runs: (runs, groups, bars)."""
    named = {group: {bar: runs[:, i, j] for j, bar in enumerate(bars)} for i, group in enumerate(groups)}
    runs_compared(named, title, x)


@styled
def leaks_compared(scores: Mapping[str, ArrayLike], chance: float, guess: object = None) -> None:
    """A bar of mean accuracy for each pipeline, a point per study. guess: the student's, in percent, or None."""
    figure, axes = panels()
    for i, (_, values) in enumerate(scores.items()):
        runs = 100 * np.asarray(values)
        axes.bar(i, runs.mean(), 0.6, color=FILLS[i > 0], hatch=HATCHES[i > 0], edgecolor="white")
        axes.plot(i + np.linspace(-0.2, 0.2, len(runs)), runs, "o", color="black", markersize=3)
    axes.axhline(100 * chance, color=GREY, linestyle=":")
    axes.annotate("coin toss", (len(scores) - 0.65, 100 * chance + 1), color=GREY)
    if isinstance(guess, float | int):
        axes.axhline(guess, color=VERMILION, linestyle="--", label="your guess")
        axes.legend(loc="upper left")
    label(axes, "Leaks find skill where there is none", "pipeline", "accuracy on dev (%)")
    axes.set_xticks(range(len(scores)), list(scores))
    axes.set(ylim=(0, 100), xlim=(-0.5, len(scores)))
    means = {name.replace("\n", " "): 100 * np.asarray(values) for name, values in scores.items()}
    show(
        figure, f"mean accuracy in percent: {amounts(means)}; a coin toss is right in {number(100 * chance)}"
    )


@styled
def distances_to_truth(distances: Mapping[str, ArrayLike], guess: object = None) -> None:
    """How far measured accuracies lie from the true ones, a point per data set, and their root mean square as a band.

    distances: two ways of measuring → measured minus true, the first one's being the wider. guess: how many times closer the
    second one is, or None.
    """
    figure, axes = panels()
    spreads = []
    for i, (_, values) in enumerate(distances.items()):
        points = 100 * np.asarray(values).ravel()
        spreads.append(np.sqrt(np.mean(points**2)))
        axes.fill_between(
            [i - 0.35, i + 0.35], -spreads[i], spreads[i], color=FILLS[i], alpha=0.3, linewidth=0
        )
        places = i + np.linspace(-0.3, 0.3, len(points))
        axes.plot(places, points, MARKERS[i], color=FILLS[i], markersize=4)
    if isinstance(guess, float | int) and guess > 0:
        for sign in (-1, 1):
            axes.plot([0.65, 1.35], [sign * spreads[0] / guess] * 2, color=VERMILION, linestyle="--",
                      label="your guess" if sign == 1 else None)  # fmt: skip
        axes.legend(loc="upper right")
    axes.axhline(0, color=GREY, linestyle=":")
    label(axes, "The mean of 5 folds lies closer to the truth (band: root mean square)", "how it was measured",
          "measured minus true\naccuracy (points)")  # fmt: skip
    axes.set_xticks(range(len(distances)), list(distances))
    told = dict(zip(distances, spreads, strict=True))
    show(figure, f"root mean square of the distances in points: {amounts(told)}")


@styled
def measured_differences(draws: Mapping[str, NDArray], true: float, n: int) -> None:
    """Histograms of differences of two error rates on n examples. draws: how they were measured → one a dev set."""
    figure, axes = panels()
    reach = np.ceil(n * max(np.percentile(abs(values - true), 99.8) for values in draws.values()))
    middle = round(n * true)
    bins = 100 / n * (np.arange(middle - reach, middle + reach + 2) - 0.5)  # one example wide
    for i, (name, values) in enumerate(draws.items()):
        weights = np.full(len(values), 100 / len(values))
        axes.hist(100 * values, bins, weights=weights, label=name, color=FILLS[i], alpha=0.5, hatch=HATCHES[i],
                  histtype="stepfilled", edgecolor=FILLS[i], linewidth=1.5)  # fmt: skip
    axes.axvline(100 * true, color=GREY, linestyle=":", label="true difference")
    axes.axvline(0, color="black", linewidth=1)
    label(axes, "On the same dev set the difference varies less", "measured error of A minus that of B (points)",
          "share of dev sets (%)")  # fmt: skip
    axes.legend(loc="upper right")
    told = spans({name: np.percentile(100 * values, [2.5, 97.5]) for name, values in draws.items()})
    show(
        figure,
        f"the middle 95 percent of the measured differences, in points: {told}; true {number(100 * true)}",
    )


@styled
def optimism(candidates: Sequence[int], curves: Mapping[str, ArrayLike]) -> None:
    """How many points too good the chosen candidate's score is, over the number of candidates. curves: name → one value each."""
    figure, axes = panels()
    for i, (name, values) in enumerate(curves.items()):
        axes.plot(candidates, values, label=name, **look_of(i))
    label(axes, "The winner's score flatters, less where candidates fail together", "networks to choose from",
          "true error minus\nmeasured error (points)")  # fmt: skip
    axes.set(xscale="log")
    axes.set_xticks(candidates, map(str, candidates))
    axes.minorticks_off()
    axes.legend(loc="upper left")
    show(figure, f"the score is too good by, in points: {trends(curves, candidates)}")

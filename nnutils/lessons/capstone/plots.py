"""Figures of lesson 21: how fast each recipe learns, what each reaches, and accuracy without the most uncertain examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nnutils.figures.alt import amounts, trend, trends
from nnutils.figures.style import BLUE, COLOURS, MARKERS, label, look_of, panels, show, styled

__all__ = ["accuracy_without_the_doubtful", "learning_curves", "scoreboard"]


@styled
def learning_curves(losses: Mapping[str, Sequence[Sequence[float]]], title: str) -> None:
    """Training loss by epoch, a thick line for the mean and a thin one per run. losses: recipe → one list of losses per run."""
    figure, axes = panels(height=3.6)
    means = {}
    for i, (name, runs) in enumerate(losses.items()):
        look = look_of(i, marker=False)
        for run in runs:
            axes.plot(np.arange(1, len(run) + 1), run, linewidth=0.7, alpha=0.5, **look)
        shortest = min(map(len, runs))  # early stopping ends runs at different epochs
        means[name] = np.mean([run[:shortest] for run in runs], axis=0)
        axes.plot(np.arange(1, shortest + 1), means[name], marker=MARKERS[i], label=name, **look)
    label(axes, title, "epoch", "training loss")
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    show(figure, trends(means))


@styled
def scoreboard(scores: Mapping[str, Mapping[str, ArrayLike]], title: str) -> None:
    """A panel per measure, a row per recipe: a point per run, a bar for the mean. scores: measure → {recipe: values}."""
    rows = list(next(iter(scores.values())))
    figure, axes = panels(1, len(scores), height=1.3 + 0.42 * len(rows), sharey=True)
    for axis, (measure, of) in zip(axes, scores.items(), strict=True):
        for place, name in enumerate(rows):
            values, colour = np.asarray(of[name], float), COLOURS[place % 7]
            axis.plot(values, np.full(len(values), place), MARKERS[place % 7], color=colour, alpha=0.6)
            axis.plot(
                [values.mean()] * 2, [place - 0.3, place + 0.3], color="black", linewidth=2.5, linestyle="-"
            )
        axis.set(xlabel=measure, ylim=(len(rows) - 0.4, -0.6))
        axis.set_yticks(range(len(rows)), rows)
    figure.suptitle(title, fontweight="bold", fontsize=12)
    show(figure, "means: " + "; ".join(f"{measure}, {amounts(of)}" for measure, of in scores.items()))


@styled
def accuracy_without_the_doubtful(shares: Sequence[float], accuracies: ArrayLike, title: str) -> None:
    """Accuracy on the rest when the most uncertain examples are left to a person. accuracies: (runs, shares)."""
    figure, axes = panels(height=3.2)
    x, percent = 100 * np.asarray(shares), 100 * np.asarray(accuracies)
    axes.plot(x, percent.T, color=BLUE, linewidth=0.8, linestyle="-", alpha=0.5)
    axes.plot(x, percent.mean(axis=0), "o-", color=BLUE)
    label(axes, title, "most doubtful share, handed to a person (%)", "accuracy on the rest (%)")
    show(figure, f"the mean of {len(percent)} runs goes {trend(percent.mean(axis=0), x)}")

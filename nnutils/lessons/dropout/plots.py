"""The figures of lesson 04: thinned networks, and what dropout does to training, to weights and to calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, spans, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    FAINT,
    GREEN,
    GREY,
    VERMILION,
    curves,
    label,
    look_of,
    panels,
    show,
    styled,
)

HATCHES = ("", "///", "..", "xx")


@styled
def overfitting(history: Any) -> None:
    """Loss and accuracy on train and dev over the epochs of one run."""
    figure, (left, right) = panels(1, 2, height=3.0)
    epochs = range(1, history.epochs + 1)
    curves(left, epochs, {"train": history.loss, "dev": history.dev_loss}, markevery=8)
    label(left, "Train falls, dev turns and rises", "epoch", "mean loss")
    accuracy = {"train": 100 * np.array(history.accuracy), "dev": 100 * np.array(history.dev_accuracy)}
    curves(right, epochs, accuracy, markevery=8)
    label(right, "Wrong labels are learned, too", "epoch", "accuracy (%)")
    losses = {"train loss": history.loss, "dev loss": history.dev_loss}
    show(figure, f"{trends(losses)}; accuracy: {trends(accuracy)}")


@styled
def thinned_predictions(thinned: NDArray, mean: NDArray, scaled: NDArray) -> None:
    """The prediction of every thinned network, (networks, classes), their mean, and that of the whole network with
    scaled activations."""
    figure, axis = panels(height=2.8)
    spread = np.random.default_rng(0).uniform(-0.28, 0.28, size=thinned.shape)
    place = np.arange(thinned.shape[1])
    axis.plot((place + spread).ravel(), thinned.ravel(), "s", color=FAINT, markersize=2, markeredgewidth=0)
    axis.plot([], [], "s", color=FAINT, markersize=4, label="one thinned network")
    axis.plot(
        place, mean, "o", color=BLUE, markersize=13, markerfacecolor="none", label="their geometric mean"
    )
    axis.plot(place, scaled, "X", color=VERMILION, markersize=7, label="all units, scaled")
    axis.set_xticks(place, [f"class {k}" for k in place])
    axis.set(ylim=(0, 1))
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(axis, "One pass gives the mean of all thinned networks", "", "probability")
    classes = [f"class {k}" for k in place]
    geometric, whole = (amounts(dict(zip(classes, values, strict=True))) for values in (mean, scaled))
    single = spans(dict(zip(classes, thinned.T, strict=True)))
    show(
        figure, f"geometric mean: {geometric}; all units, scaled: {whole}; {len(thinned)} networks: {single}"
    )


@styled
def costs(off: Sequence[float], on: Sequence[float]) -> None:
    """The cost of each step of batch gradient descent, with dropout off and on."""
    figure, axis = panels(height=2.8)
    steps = range(1, len(off) + 1)
    named = {"keep_prob = 1: one network": off, "keep_prob = 0.5: another network each step": on}
    curves(axis, steps, named, linewidth=1.6)
    label(axis, "With dropout J goes up and down; without, it falls", "step", "cost J")
    show(figure, trends(named))


@styled
def layer_by_layer(named: Mapping[str, ArrayLike]) -> None:
    """A row per setting: the dev accuracy of each seed, and the mean."""
    figure, axis = panels(height=0.34 * len(named) + 1.0)
    _seeds_and_means(axis, named)
    axis.set_yticks(range(len(named)), list(named))
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(axis, "Half of the inputs dropped: the gain is gone", "dev accuracy (%)", "")
    show(figure, "means: " + amounts({name: 100 * np.asarray(values) for name, values in named.items()}))


@styled
def rivals(results: Mapping[str, Mapping[str, ArrayLike]]) -> None:
    """Dev accuracies: one panel for each kind of labels, a row for each method. results: title → {method: one for each seed}."""
    methods = list(next(iter(results.values())))
    figure, axes = panels(1, len(results), height=0.34 * len(methods) + 1.2, sharey=True)
    for axis, (title, named) in zip(axes, results.items(), strict=True):
        _seeds_and_means(axis, named)
        label(axis, title, "dev accuracy (%)", "")
    axes[0].set_yticks(range(len(methods)), methods)
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    told = [
        f"{title}: {amounts({name: 100 * np.asarray(of) for name, of in named.items()})}"
        for title, named in results.items()
    ]
    show(figure, f"mean dev accuracies in percent. {'; '.join(told)}")


@styled
def passes(named: Mapping[str, NDArray], first: int, guess: float | None = None) -> None:
    """Dev accuracy after each pass. named: name → (seeds, passes); first: the first pass that ends with the second one ahead."""
    figure, axis = panels(height=3.2)
    for i, (name, rows) in enumerate(named.items()):
        places, percent = np.arange(1, rows.shape[1] + 1), 100 * rows
        axis.fill_between(
            places, percent.min(axis=0), percent.max(axis=0), color=COLOURS[i], alpha=0.2, linewidth=0
        )
        axis.plot(places, percent.mean(axis=0), **look_of(i), markevery=6, label=name)
    axis.axvline(first, color=GREY, linewidth=1, linestyle=":", label="measured: ahead for the first time")
    if guess is not None:
        axis.axvline(guess, color=GREEN, linestyle="-.", label="your guess")
    axis.legend(loc="lower right")
    label(
        axis,
        "Dropout loses at first and wins at last (band: five seeds)",
        "passes over the data",
        "dev accuracy (%)",
    )
    means = trends({name: 100 * rows.mean(axis=0) for name, rows in named.items()})
    show(figure, f"means: {means}; dropout is ahead for the first time after pass {first}")


@styled
def leaning(panels_of: Mapping[str, Mapping[str, NDArray]]) -> None:
    """What each of five readings adds to a prediction, one panel for each choice of units. panels_of: title → {method: (5,)}."""
    figure, axes = panels(1, len(panels_of), height=3.0, sharey=True)
    for axis, (title, named) in zip(axes, panels_of.items(), strict=True):
        width = 0.8 / len(named)
        for i, (name, values) in enumerate(named.items()):
            place = np.arange(1, 6) + width * (i - (len(named) - 1) / 2)
            look = {"color": COLOURS[i], "hatch": HATCHES[i], "edgecolor": "white"}
            axis.bar(place, values, width, label=name, **look)
        axis.axhline(0, color=GREY, linewidth=1)
        axis.set_xticks(range(1, 6))
        label(axis, title, "instrument", "weight in common units" if axis is axes[0] else "")
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    instruments = [f"instrument {k}" for k in range(1, 6)]
    told = [
        f"{title}: "
        + "; ".join(
            f"{name}, {amounts(dict(zip(instruments, values, strict=True)))}"
            for name, values in named.items()
        )
        for title, named in panels_of.items()
    ]
    show(figure, ". ".join(told))


@styled
def weights(titles: Sequence[str], x: Sequence[str], named: Mapping[str, NDArray]) -> None:
    """Bars for two weight matrices and several measures, one panel each. named: name → (measures, seeds, matrices)."""
    figure, axes = panels(1, len(titles), height=2.9, sharey=True)
    for k, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        for i, (name, values) in enumerate(named.items()):
            rows = values[k]
            place = np.arange(rows.shape[1]) + 0.27 * (i - 1)
            look = {"color": COLOURS[i], "hatch": HATCHES[i], "edgecolor": "white"}
            axis.barh(place, rows.mean(axis=0), 0.27, label=name, **look)
            axis.plot(rows, np.tile(place, (len(rows), 1)), "o", color="black", markersize=2.5)
        label(axis, title, x[k], "")
    axes[0].set_yticks(range(rows.shape[1]), ["second\nmatrix", "last\nmatrix"])
    axes[0].invert_yaxis()
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    told = [
        f"{x[k]}, {where} matrix: {amounts({name: v[k][:, j] for name, v in named.items()})}"
        for k in range(len(titles))
        for j, where in enumerate(("second", "last"))
    ]
    show(figure, f"means of the seeds. {'; '.join(told)}")


@styled
def scoreboard(named: Mapping[str, NDArray]) -> None:
    """Accuracy (%), log loss and calibration error (points) of several predictions, a row each. named: name → (seeds, 3)."""
    figure, axes = panels(1, 3, height=0.34 * len(named) + 1.3, sharey=True)
    titles = ("More is better", "Less is better", "Less is better, too")
    for k, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        _seeds_and_means(axis, {name: rows[:, k] for name, rows in named.items()}, scale=1)
        label(
            axis, title, ("dev accuracy (%)", "dev log loss", "expected calibration error\n(points)")[k], ""
        )
    axes[0].set_yticks(range(len(named)), list(named))
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    means = {
        what: amounts({name: rows[:, k] for name, rows in named.items()})
        for k, what in enumerate(("accuracy", "log loss", "calibration error"))
    }
    show(figure, "means: " + "; ".join(f"{what}, {of}" for what, of in means.items()))


def _seeds_and_means(axis: Axes, named: Mapping[str, ArrayLike], scale: float = 100) -> None:
    """A row for each name, from above: a point for each seed and one for their mean."""
    for i, values in enumerate(named.values()):
        runs = scale * np.asarray(values)
        axis.plot(
            runs, np.full(len(runs), i), "o", color=GREY, alpha=0.6, label="one seed" if i == 0 else None
        )
        axis.plot(runs.mean(), i, "D", color=VERMILION, markersize=8, label="mean" if i == 0 else None)
    axis.set(ylim=(len(named) - 0.5, -0.5))

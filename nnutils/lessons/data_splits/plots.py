"""Figures of lesson 01: what a split does to the numbers that are measured on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import number, spans, trend, trends
from nnutils.figures.bars import FILLS, HATCHES, runs_compared
from nnutils.figures.pictures import picture_rows
from nnutils.figures.style import BLUE, GREY, LINES, VERMILION, label, look_of, panels, show, styled

__all__ = [
    "chosen_scores",
    "class_counts",
    "counts_of_rare_class",
    "measured_errors",
    "picture_rows",
    "runs_compared",
    "shares_by_size",
]


@styled
def shares_by_size(recommend: Callable[[int], Sequence[float]]) -> None:
    """The recommended shares, and the dev set's number of examples, over m from 100 to ten million."""
    sizes = np.logspace(2, 7, 101)
    shares = np.array([recommend(int(m)) for m in sizes])
    figure, (left, right) = panels(1, 2)
    stacks = left.stackplot(sizes, 100 * shares.T, colors=FILLS, labels=("train", "dev", "test"), alpha=0.85)
    for stack, hatch in zip(stacks, HATCHES, strict=False):
        stack.set(hatch=hatch, edgecolor="white", linewidth=0.5)
    label(left, "The larger the set, the smaller the share", "number of examples m", "share of the data (%)")
    left.set(xscale="log", xlim=(100, 1e7), ylim=(0, 100))
    left.legend(loc="lower left", frameon=True, reverse=True)
    right.loglog(sizes, sizes * shares[:, 1], color=BLUE)
    label(right, "The dev set stops growing at 10 000", "number of examples m", "examples in the dev set")
    right.set(xlim=(100, 1e7), ylim=(10, 1e5))
    parts = dict(zip(("train", "dev", "test"), 100 * shares.T, strict=True))
    show(figure, f"{trends(parts, sizes)}; examples in the dev set {trend(sizes * shares[:, 1], sizes)}")


@styled
def class_counts(splits: Mapping[str, tuple[ArrayLike, ArrayLike]], classes: int = 10) -> None:
    """How many examples of each class are in training and in dev. splits: name → (training labels, dev labels)."""
    figure, axes = panels(1, len(splits), sharey=True)
    for axis, (name, parts) in zip(axes, splits.items(), strict=True):
        for i, (part, labels) in enumerate(zip(("train", "dev"), parts, strict=True)):
            counts = np.bincount(np.asarray(labels), minlength=classes)
            place = np.arange(classes) + 0.4 * (i - 0.5)
            axis.bar(place, counts, 0.4, label=part, color=FILLS[i], hatch=HATCHES[i], edgecolor="white")
        label(axis, name, "digit", "number of examples" if axis is axes[0] else "")
        axis.set_xticks(range(classes))
    axes[-1].legend(loc="upper right", ncols=2, bbox_to_anchor=(1, 1.02), frameon=True)
    train, dev = (
        spans({name: np.bincount(np.asarray(parts[i]), minlength=classes) for name, parts in splits.items()})
        for i in range(2)
    )
    show(figure, f"examples of a class in train: {train}; in dev: {dev}")


@styled
def counts_of_rare_class(counts: Mapping[str, ArrayLike], wanted: float) -> None:
    """How often a dev set holds 0, 1, 2, ... of a rare class. counts: name of the split → one count per split."""
    figure, axes = panels()
    bins = np.arange(max(np.max(c) for c in counts.values()) + 2) - 0.5
    for i, (name, values) in enumerate(counts.items()):
        axes.hist(values, bins, label=name, color=FILLS[i], hatch=HATCHES[i], edgecolor="white", alpha=0.8)
    axes.axvline(wanted, color=GREY, linestyle=":", label="its share of the dev set")
    label(
        axes,
        "A plain shuffle leaves a rare class to chance",
        "examples of it in the dev set",
        "number of splits",
    )
    axes.legend(loc="upper right")
    show(figure, f"examples in a dev set: {spans(counts)}; its share would be {number(wanted)}")


@styled
def measured_errors(draws: Mapping[int, tuple[NDArray, NDArray]], true_errors: tuple[float, float]) -> None:
    """The errors that dev sets of several sizes measure of two models. draws: dev size → (errors of model 1, of model 2)."""
    figure, axes = panels(1, len(draws), height=3.8, sharex=True)
    figure.suptitle("More dev examples pull the two models apart", fontweight="bold", fontsize=12)
    for axis, (n, errors) in zip(axes, draws.items(), strict=True):
        low, high = min(e.min() for e in errors), max(e.max() for e in errors)
        step = max(
            1 / n, (high - low) / 40
        )  # a bin is a whole number of examples wide, so that no bin is favoured
        step = np.ceil(step * n - 1e-9) / n
        bins = np.arange(low - step / 2, high + 1.5 * step, step)
        for i, (values, true) in enumerate(zip(errors, true_errors, strict=True)):
            name = f"true error {100 * true:.0f} %"
            weights = np.full(len(values), 100 / len(values))
            axis.hist(100 * values, 100 * bins, weights=weights, label=name, color=(BLUE, VERMILION)[i], alpha=0.35 + 0.2 * i,
                     histtype="stepfilled", linestyle=LINES[i], edgecolor=(BLUE, VERMILION)[i], linewidth=1.5)  # fmt: skip
            axis.axvline(100 * true, color=(BLUE, VERMILION)[i], linestyle=LINES[i])
        label(
            axis, f"{n:,} dev examples".replace(",", " "), "measured error (%)", "share of the dev sets (%)"
        )
    axes[0].legend(loc="upper right")
    kinds = [f"true error {100 * error:.0f} %" for error in true_errors]
    told = [
        f"{n} examples: {spans(dict(zip(kinds, 100 * np.array(e), strict=True)))}" for n, e in draws.items()
    ]
    show(figure, f"measured errors in percent. {'. '.join(told)}")


@styled
def chosen_scores(candidates: Sequence[int], chosen: Mapping[int, ArrayLike], true_error: float) -> None:
    """The measured error of the best of many equally good models. chosen: test set size → a mean for each number of models."""
    figure, axes = panels()
    for i, (n, errors) in enumerate(chosen.items()):
        name = f"chosen on {n:,} examples".replace(",", " ")
        axes.plot(candidates, 100 * np.asarray(errors), label=name, **look_of(i))
    axes.axhline(100 * true_error, color=GREY, linestyle=":", label="true error of every model")
    label(
        axes,
        "The more you choose from, the more the winner's score flatters",
        "models to choose from",
        "error (%)",
    )
    axes.set(xscale="log", ylim=(0, None))
    axes.set_xticks(candidates, map(str, candidates))
    axes.minorticks_off()
    axes.legend(loc="lower left")
    curves = {f"chosen on {n} examples": 100 * np.asarray(errors) for n, errors in chosen.items()}
    show(figure, f"{trends(curves, candidates)}; true error {number(100 * true_error)}")

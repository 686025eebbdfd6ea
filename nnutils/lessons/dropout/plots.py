"""The figures of lesson 04: masks, thinned networks, and what dropout does to training, weights and certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, spans, trends
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

HATCHES = ("", "///")


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
def masks(mask: NDArray, keep_prob: float) -> None:
    """Left: a mask (examples, units), dark where a unit is kept; right: the share of kept units in each example."""
    figure, (left, right) = panels(1, 2, height=2.8)
    left.imshow(mask, cmap="Blues", vmin=-0.15, vmax=1.3, interpolation="nearest", aspect="auto")
    left.grid(visible=False)
    label(left, "Each row is its own network (dark: kept)", "hidden unit", "example")
    share = mask.mean(axis=1)
    right.plot(100 * share, np.arange(len(share)), MARKERS[0], color=BLUE, label="one example")
    right.axvline(100 * keep_prob, color=VERMILION, linestyle="--", label="keep_prob")
    right.invert_yaxis()
    right.set(xlim=(0, 100))
    right.legend(loc="lower left")
    label(right, "The share that is kept is left to chance", "units kept (%)", "example")
    figure.get_layout_engine().set(w_pad=0.1)
    kept = f"{number(100 * share.mean())} %, in an example from {number(100 * share.min())} to {number(100 * share.max())} %"
    show(
        figure,
        f"{mask.shape[0]} examples by {mask.shape[1]} units; kept are {kept}; keep_prob is {keep_prob:g}",
    )


@styled
def running_means(named: Mapping[str, ArrayLike], truth: float) -> None:
    """The mean over the first 1, 2, 3, ... masks."""
    figure, axis = panels(height=2.8)
    axis.axhline(truth, color=GREY, linewidth=1, label="the activation itself")
    n = np.arange(1, len(np.asarray(next(iter(named.values())))) + 1)
    for i, (name, values) in enumerate(named.items()):
        mean = np.cumsum(np.asarray(values)) / n
        shown = np.unique(np.geomspace(1, len(n), 60).astype(int)) - 1
        axis.plot(n[shown], mean[shown], **look_of(i, marker=False), label=name)
    axis.set(xscale="log")
    axis.legend(loc="upper right")
    label(axis, "Divided by keep_prob, the mean comes out right", "masks drawn (log scale)", "mean so far")
    means = amounts(named)
    show(figure, f"the activation itself is {number(truth)}; over all {len(n)} masks the means are: {means}")


@styled
def thinned_predictions(thinned: NDArray, mean: NDArray, scaled: NDArray) -> None:
    """The prediction of every thinned network, (networks, classes), their mean, and that of the whole network with
    scaled activations."""
    figure, axis = panels(height=2.8)
    spread = np.random.default_rng(0).uniform(-0.28, 0.28, size=thinned.shape)
    place = np.arange(thinned.shape[1])
    axis.plot(
        (place + spread).ravel(), thinned.ravel(), "s", color="#BBBBBB", markersize=2, markeredgewidth=0
    )
    axis.plot([], [], "s", color="#BBBBBB", markersize=4, label="one thinned network")
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
def pairs(named: Mapping[str, tuple[ArrayLike, ArrayLike]], ticks: tuple[str, str], y: str) -> None:
    """One panel per name; in it a line per seed, from the first value to the second, and the mean, thick."""
    figure, axes = panels(1, len(named), height=2.8, sharey=True, squeeze=False)
    for axis, (name, (before, after)) in zip(axes[0], named.items(), strict=True):
        both = np.array([before, after])
        axis.plot([0, 1], both, color=GREY, linestyle="-", marker="o", markersize=4, linewidth=0.9)
        axis.plot([0, 1], both.mean(axis=1), color=BLUE, linestyle="-", marker="s", markersize=8, linewidth=3)
        axis.set_xticks([0, 1], ticks)
        axis.set(xlim=(-0.3, 1.3))
        label(axis, name, "five seeds, thin; their mean, thick", y if axis is axes[0, 0] else "")
    told = [f"{name} from {number(before)} to {number(after)}" for name, (before, after) in named.items()]
    show(figure, f"means of {y}, {ticks[0]} to {ticks[1]}: {'; '.join(told)}")


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
def damage(shares: ArrayLike, named: Mapping[str, NDArray]) -> None:
    """Accuracy over the share of units removed. named: name → (seeds, shares)."""
    figure, axis = panels(height=2.8)
    percent = 100 * np.asarray(shares)
    for i, (name, rows) in enumerate(named.items()):
        low, high = 100 * rows.min(axis=0), 100 * rows.max(axis=0)
        axis.fill_between(percent, low, high, color=COLOURS[i], alpha=0.2, linewidth=0)
        style = look_of(i)
        axis.plot(percent, 100 * rows.mean(axis=0), label=name, **style)
    axis.set(ylim=(0, 100))
    axis.legend(loc="lower left")
    label(
        axis,
        "Trained with dropout, it bears damage (band: five seeds)",
        "hidden units removed (%)",
        "dev accuracy (%)",
    )
    show(figure, "means: " + trends({name: 100 * rows.mean(axis=0) for name, rows in named.items()}, percent))


@styled
def spread(named: Mapping[str, NDArray]) -> None:
    """The share of its inputs that a layer behind a dropout really uses. named: name → (seeds, layers)."""
    figure, axis = panels(height=2.4)
    for i, (name, rows) in enumerate(named.items()):
        place = np.arange(rows.shape[1]) + 0.36 * (i - 0.5)
        look = {"color": COLOURS[i], "hatch": HATCHES[i], "edgecolor": "white"}
        axis.barh(place, 100 * rows.mean(axis=0), 0.36, label=name, **look)
        axis.plot(100 * rows, np.tile(place, (len(rows), 1)), "o", color="black", markersize=3)
    axis.set_yticks(range(rows.shape[1]), [f"$W^{{[{k + 2}]}}$" for k in range(rows.shape[1])])
    axis.invert_yaxis()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(axis, "With dropout the weights spread (dots: one seed)", "inputs that count (%)", "")
    layers = [f"layer {k + 2}" for k in range(rows.shape[1])]
    means = {name: dict(zip(layers, 100 * rows.mean(axis=0), strict=True)) for name, rows in named.items()}
    show(figure, "means in percent: " + "; ".join(f"{name}, {amounts(of)}" for name, of in means.items()))


@styled
def layer_by_layer(named: Mapping[str, ArrayLike]) -> None:
    """A row per setting: the dev accuracy of each seed, and the mean."""
    figure, axis = panels(height=0.34 * len(named) + 1.0)
    for i, values in enumerate(named.values()):
        percent = 100 * np.asarray(values)
        axis.plot(percent, np.full(len(percent), i), "o", color=GREY, alpha=0.7)
        axis.plot(percent.mean(), i, "D", color=VERMILION, markersize=9)
    axis.plot([], [], "o", color=GREY, label="one seed")
    axis.plot([], [], "D", color=VERMILION, label="mean")
    axis.set_yticks(range(len(named)), list(named))
    axis.invert_yaxis()
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    label(axis, "Where to drop, and how much", "dev accuracy (%)", "")
    show(figure, "means: " + amounts({name: 100 * np.asarray(values) for name, values in named.items()}))


@styled
def correlations(named: Mapping[str, NDArray]) -> None:
    """The noise's correlation between the outputs of a layer, one square per name."""
    figure, axes = panels(1, len(named), height=3.0)
    for axis, (name, matrix) in zip(axes, named.items(), strict=True):
        picture = axis.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
        axis.grid(visible=False)
        label(axis, name, "output unit", "output unit")
    figure.colorbar(picture, ax=axes, label="correlation of the noise")
    others = {name: matrix[~np.eye(len(matrix), dtype=bool)] for name, matrix in named.items()}
    show(figure, f"correlations between two different outputs: {spans(others)}")


@styled
def certainty(spread: NDArray, right_ones: NDArray, plain: ArrayLike, sampled: ArrayLike) -> None:
    """Left: the spread of right and wrong predictions; right: the confidence in wrong ones, a line per seed."""
    figure, (left, right) = panels(1, 2, height=2.8, width_ratios=(3, 2))
    bins = np.linspace(0, max(spread.max(), 0.1), 16)
    for i, (name, chosen) in enumerate({"right": right_ones, "wrong": ~right_ones}.items()):
        weights = np.full(chosen.sum(), 100 / chosen.sum())
        look = {"color": COLOURS[i], "linestyle": LINES[i], "linewidth": 2.5, "histtype": "step"}
        left.hist(spread[chosen], bins, weights=weights, label=name, **look)
    left.legend()
    label(left, "Where it is wrong, its samples disagree", "spread of the probability", "share of these (%)")
    both = 100 * np.array([plain, sampled])
    right.plot([0, 1], both, color=GREY, linestyle="-", marker="o", linewidth=0.9)
    right.plot([0, 1], both.mean(axis=1), color=VERMILION, linestyle="-", marker="s", linewidth=3)
    right.set_xticks([0, 1], ["one pass", "MC dropout"])
    right.set(xlim=(-0.3, 1.3), ylim=(40, 100))
    label(right, "Less sure when wrong", "five seeds, thin; mean, thick", "mean confidence (%)")
    spreads = {"right": spread[right_ones], "wrong": spread[~right_ones]}
    confidence = {"one pass": both[0], "MC dropout": both[1]}
    show(figure, f"mean spread: {amounts(spreads)}; mean confidence when wrong: {amounts(confidence)}")


@styled
def digit_rows(rows: Mapping[str, tuple[NDArray, NDArray]]) -> None:
    """Rows of digits (n, 64), each with its label above it. rows: title → (images, labels)."""
    columns = max(len(texts) for _, texts in rows.values())
    figure, axes = panels(len(rows), columns, height=1.75 * len(rows))
    for line, (title, (images, texts)) in zip(axes, rows.items(), strict=True):
        for axis, image, text in zip(line, images, texts, strict=True):
            axis.imshow(image.reshape(8, 8), cmap="Greys")
            axis.set_axis_off()
            axis.set_title(str(text), fontsize=11, fontweight="normal", loc="center")
        line[0].text(-0.2, 0.5, title, ha="right", va="center", transform=line[0].transAxes)
    figure.suptitle(
        "Where the thinned networks agree, and where they do not",
        x=0.01,
        ha="left",
        fontsize=12,
        fontweight="bold",
    )
    figure.get_layout_engine().set(h_pad=0.08)
    told = [f"{title}: {', '.join(map(str, texts))}" for title, (_, texts) in rows.items()]
    show(figure, f"rows of digits with their labels. {'; '.join(told)}")


@styled
def moments(named: Mapping[str, NDArray]) -> None:
    """Mean and variance of the activations, layer by layer. named: name → (layers, 2)."""
    figure, axes = panels(1, 2, height=2.9)
    layers = range(1, len(next(iter(named.values()))) + 1)
    for k, (axis, name) in enumerate(zip(axes, ("mean", "variance"), strict=True)):
        axis.axhline(k, color=GREY, linewidth=1)
        curves(axis, layers, {kind: values[:, k] for kind, values in named.items()}, markevery=4)
        label(axis, ("The mean stays at 0", "Ordinary dropout raises the variance")[k], "layer", name)
    axes[0].set(ylim=(-0.5, 0.5))
    axes[1].set(ylim=(0, None))
    axes[0].get_legend().remove()
    axes[1].legend(loc="lower right")
    for axis in axes:
        axis.set_xticks([1, *range(5, len(layers) + 1, 5)])
    mean, variance = ({name: values[:, k] for name, values in named.items()} for k in range(2))
    show(figure, f"mean: {trends(mean)}; variance: {trends(variance)}")


@styled
def variance_shift(named: Mapping[str, NDArray]) -> None:
    """Stored variance over the variance at test time, at each batch normalization. named: name → (seeds, layers)."""
    figure, axis = panels(height=2.8)
    axis.axhline(1, color=GREY, linewidth=1)
    for i, (name, ratios) in enumerate(named.items()):
        _seeds_and_mean(axis, ratios, i, name)
    axis.set_xticks(range(1, ratios.shape[1] + 1))
    axis.legend(loc="upper left", title="dropout", alignment="left")
    label(
        axis,
        "Dropout before a batch normalization: the stored variance is too large",
        "batch normalization, from the input on",
        "stored / at test time",
    )
    show(figure, "means: " + trends({name: ratios.mean(axis=0) for name, ratios in named.items()}))


def _seeds_and_mean(axis: Axes, rows: NDArray, i: int, name: str) -> None:
    """A band from the lowest to the highest row, and their mean."""
    x = range(1, rows.shape[1] + 1)
    low, high = rows.min(axis=0), rows.max(axis=0)
    axis.fill_between(x, low, high, color=COLOURS[i], alpha=0.2, linewidth=0)
    axis.plot(x, rows.mean(axis=0), **look_of(i), label=name)

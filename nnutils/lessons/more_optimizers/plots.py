"""Figures of lesson 13: looking ahead, rare words and late changes, a saddle, decay, turned valleys, and the race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, trends
from nnutils.figures.style import (
    COLOURS,
    GREY,
    MARKERS,
    SKY,
    VERMILION,
    curves,
    label,
    look_of,
    panels,
    show,
    styled,
)


@styled
def swings(named: Mapping[str, NDArray], overshoots: Mapping[str, ArrayLike], betas: ArrayLike) -> None:
    """Left: distance to the minimum after each step; right: the overshoot in percent for each beta."""
    figure, (left, right) = panels(1, 2, height=3.3)
    left.axhline(0, color=GREY, linewidth=0.8)
    curves(left, range(len(next(iter(named.values())))), dict(named), markevery=6)
    left.legend(loc="lower right")
    label(left, "The look ahead brakes earlier", "step", "$w$ (the minimum is at 0)")
    ticks = np.arange(np.size(betas))
    for i, (name, percent) in enumerate(overshoots.items()):
        right.plot(ticks, percent, **look_of(i), label=name)
    right.set(ylim=(-4, 130), xticks=ticks, xticklabels=[f"{beta}" for beta in np.asarray(betas)])
    right.legend(loc="upper left")
    label(right, "It overshoots less", "beta", "overshoot (% of the way)")
    show(figure, f"distance: {trends(named, first=0)}; overshoot: {trends(overshoots, betas)}")


@styled
def rare_and_late(
    errors: Mapping[str, Mapping[str, NDArray]], times: ArrayLike, waits: Mapping[str, ArrayLike]
) -> None:
    """Left: errors on texts (%), one a set of texts; right: steps to follow a change, over the time at which it comes.

    errors: the kind of texts → {method: errors}.
    """
    figure, (left, right) = panels(1, 2, height=3.6)
    for j, (kind, of_kind) in enumerate(errors.items()):
        for i, of_sets in enumerate(of_kind.values()):
            _points(left, i + 0.4 * j - 0.2, of_sets, j, 0.17, label=kind if i == 0 else "")
    methods = list(next(iter(errors.values())))
    left.set(yticks=range(len(methods)), yticklabels=methods)
    left.invert_yaxis()
    left.legend(loc="lower right", fontsize=9)
    label(left, "Rare words: dividing helps", "errors on new texts (%), and their mean", "")
    for i, (name, steps) in enumerate(waits.items()):
        right.plot(times, steps, **look_of(i + 2), label=name)
    right.set(xscale="log", yscale="log", xticks=times, xticklabels=[str(t) for t in np.asarray(times)])
    right.minorticks_off()
    right.set(yticks=[50, 100, 200, 400], yticklabels=["50", "100", "200", "400"], ylim=(40, 600))
    right.legend()
    label(
        right,
        "A later change: AdaGrad is slower",
        "steps before the change",
        "steps to follow it",
    )
    told = "; ".join(f"{kind}, {amounts(of_kind)}" for kind, of_kind in errors.items())
    show(figure, f"mean errors: {told}; steps to follow the change: {trends(waits, times)}")


def _points(
    axis: Axes, place: float, values: ArrayLike, look: int, half: float = 0.35, label: str = ""
) -> None:
    """A row of points, and a stroke at their mean. half: of the height of the row."""
    values = np.asarray(values, float)
    spread = place + np.linspace(-0.7, 0.7, len(values)) * half
    kind = {"marker": MARKERS[look], "color": COLOURS[look], "label": label}
    axis.plot(values, spread, markersize=4.5, alpha=0.7, linestyle="none", **kind)
    axis.plot([values.mean()] * 2, [place - half, place + half], color="black", linestyle="-", linewidth=2)
    axis.grid(visible=False, axis="y")


@styled
def saddles(steps: Mapping[str, Mapping[str, float]]) -> None:
    """Bars of the steps out of a saddle. steps: start → {method: steps}."""
    figure, axis = panels(height=2.8)
    methods = list(next(iter(steps.values())))
    for i, method in enumerate(methods):
        for j, of_start in enumerate(steps.values()):
            place = j + 0.38 * (i - 0.5)
            axis.barh(
                place,
                of_start[method],
                0.34,
                color=COLOURS[i],
                hatch=("", "///")[i],
                edgecolor="white",
                label=method if j == 0 else "",
            )
            axis.text(of_start[method], place, f" {of_start[method]:.0f}", va="center", fontsize=10)
    axis.set(yticks=range(len(steps)), yticklabels=list(steps))
    axis.invert_yaxis()
    axis.grid(visible=False, axis="y")
    axis.legend(loc="lower right")
    label(
        axis,
        "Only a start beside the saddle makes gradient descent wait",
        "steps until the cost is low (median)",
        "",
    )
    show(figure, "; ".join(f"{start}: {amounts(of)}" for start, of in steps.items()))


@styled
def what_decays(sizes: ArrayLike, left: Mapping[str, ArrayLike]) -> None:
    """The share of a weight that is left, over the size of its gradients."""
    figure, axis = panels(height=3.0)
    curves(
        axis,
        list(np.asarray(sizes)),
        {name: 100 * np.asarray(share) for name, share in left.items()},
        markevery=1,
    )
    axis.set(xscale="log", ylim=(-5, 108))
    axis.legend(loc="center right")
    label(
        axis,
        "AdamW's decay does not depend on the gradients, that of L2 in Adam does",
        "size of the weight's gradients (log scale)",
        "share of the weight left (%)",
    )
    show(figure, trends({name: 100 * np.asarray(share) for name, share in left.items()}, sizes))


@styled
def maps(
    rates: Sequence[float], decays: Mapping[str, Sequence[float]], errors: Mapping[str, NDArray]
) -> None:
    """A heat map for each way: errors in percent over rate (rows) and decay (columns); a cross at the lowest."""
    figure, axes = panels(1, len(errors), height=3.6)
    for axis, (way, table) in zip(axes, errors.items(), strict=True):
        image = axis.imshow(100 * table, cmap="cividis", vmin=10, vmax=40, aspect="auto", origin="lower")
        row, column = np.unravel_index(table.argmin(), table.shape)
        axis.plot(column, row, "X", color="white", markeredgecolor="black", markersize=12)
        axis.set(xticks=range(len(decays[way])), xticklabels=[f"{d:g}" for d in decays[way]])
        axis.set(yticks=range(len(rates)), yticklabels=[f"{lr:g}" for lr in rates])
        axis.grid(visible=False)
        label(axis, way, "decay", "learning rate")
    figure.colorbar(image, ax=list(axes), label="dev errors (%)")
    figure.suptitle(
        "Each way has a good cell, and they lie at different decays",
        x=0.01,
        ha="left",
        weight="bold",
        fontsize=12,
    )
    told = [
        f"{way} at best {100 * table.min():.0f} %, without decay {100 * table[:, 0].min():.0f} %"
        for way, table in errors.items()
    ]
    show(figure, f"errors, the cross marks the fewest: {'; '.join(told)}")


@styled
def turned(steps: Mapping[str, Mapping[str, NDArray]], most: int = 300) -> None:
    """Steps in valleys of one form. steps: method → {kind of valley: steps, one a valley}; `most` is not there."""
    figure, axis = panels(height=3.9)
    looks = zip((SKY, VERMILION, GREY), ("", "///", ".."), strict=True)
    for j, (kind, (colour, hatch)) in enumerate(zip(next(iter(steps.values())), looks, strict=True)):
        places = np.arange(len(steps)) + 0.28 * (j - 1)
        counts = [of[kind] for of in steps.values()]
        middle = [np.median(of_method) for of_method in counts]
        axis.barh(places, middle, 0.25, color=colour, hatch=hatch, edgecolor="white", label=kind)
        for place, of_method in zip(places, counts, strict=True):
            axis.plot(of_method, np.full(len(of_method), place), "o", color="black", markersize=3)
    axis.axvline(most, color=GREY, linewidth=0.8)
    axis.set(yticks=range(len(steps)), yticklabels=list(steps))
    axis.invert_yaxis()
    axis.grid(visible=False, axis="y")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    label(
        axis,
        "The orthogonal step is as good when the inputs are turned",
        f"steps until 1/10 of the way is left (a point a valley, bars: medians; {most}: not there)",
        "",
    )
    medians = {
        name: {kind: float(np.median(counts)) for kind, counts in of.items()} for name, of in steps.items()
    }
    show(figure, "medians: " + "; ".join(f"{name}, {amounts(of)}" for name, of in medians.items()))


@styled
def singular_values(after: Mapping[str, Mapping[int, NDArray]]) -> None:
    """The singular values, sorted, after some steps of Newton and Schulz. after: coefficients → {steps: values}."""
    figure, axes = panels(1, len(after), height=3.0, sharey=True)
    for axis, (name, of_steps) in zip(axes, after.items(), strict=True):
        for i, (steps, values) in enumerate(of_steps.items()):
            axis.plot(
                np.arange(1, len(values) + 1),
                values,
                **look_of(i, marker=False),
                label=f"{steps} steps" if steps else "before",
            )
        axis.axhline(1, color=GREY, linewidth=0.8)
        label(axis, "", "number of the singular value", "its size" if axis is axes[0] else "")
        axis.set_title(name, weight="normal", fontsize=11)
        axis.legend(loc="upper right", fontsize=9, ncols=3)
        axis.set(ylim=(-0.05, 1.6))
    title = "The tuned coefficients raise small singular values sooner, and stay only near 1"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    told = [
        f"{name}: {'; '.join(f'{k} steps, smallest {v.min():.2f}, largest {v.max():.2f}' for k, v in of.items())}"
        for name, of in after.items()
    ]
    show(figure, ". ".join(told))


@styled
def race(
    needed: Mapping[str, NDArray], rates: Mapping[str, float], guess: Sequence[str] | None = None
) -> None:
    """A row for each optimiser, at its best rate: the steps of each of its networks, and their mean.

    guess: the order that a student guessed.
    """
    figure, axis = panels(height=3.9)
    order = sorted(needed, key=lambda name: np.mean(needed[name]))
    named = []
    for place, name in enumerate(order):
        _points(axis, place, needed[name], int(name == "Muon"))
        place_of_guess = f" (your {guess.index(name) + 1}.)" if guess and name in guess else ""
        named.append(f"{name}, rate {rates[name]:g}{place_of_guess}")
    axis.set(yticks=range(len(order)), yticklabels=named, xlim=(0, None))
    axis.invert_yaxis()
    label(
        axis,
        "On digits Muon takes the fewest steps",
        "steps to a loss of 0.1: a point a network, a stroke for the mean",
        "",
    )
    show(figure, f"mean steps: {amounts({name: needed[name] for name in order})}")

"""The figures of lesson 14: costs that hover, forms of schedules, how far they get, the rates of runs, and what they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, spans, trends
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


@styled
def hovering(costs: Mapping[str, NDArray], heights: Sequence[float]) -> None:
    """The mean cost after each step, and the heights that were derived as dotted lines."""
    figure, axis = panels(height=3.5)
    curves(axis, range(len(next(iter(costs.values())))), dict(costs), markevery=100)
    for i, height in enumerate(heights):
        axis.axhline(height, color=COLOURS[i], linestyle=":", linewidth=1.2)
    axis.set(yscale="log")
    axis.legend(loc="upper right", ncols=2)
    label(
        axis,
        "A constant rate hovers at the height that you derived (dotted)",
        "step",
        "mean cost (log scale)",
    )
    told = listed([f"{height:.2g}" for height in heights])
    show(figure, f"{trends(costs, first=0)}; the derived heights are {told}")


@styled
def schedules(
    epochs: ArrayLike,
    falling: Mapping[str, ArrayLike],
    known_end: Mapping[str, ArrayLike],
    momentum: ArrayLike,
) -> None:
    """Three panels: schedules that may go on for ever, some with a known end, and the momentum of the last of these."""
    figure, (left, middle, right) = panels(1, 3, height=3.6)
    steps = range(np.size(momentum))
    for axis, x, named in ((left, np.asarray(epochs), falling), (middle, steps, known_end)):
        for i, (name, rates) in enumerate(named.items()):
            axis.plot(x, np.asarray(rates), **look_of(i, marker=False), label=name)
        axis.set_ylim(0, None)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), fontsize=8)
    right.plot(steps, np.asarray(momentum), **look_of(len(known_end) - 1, marker=False))
    label(left, "They need no end", "epoch", "share of the top rate")
    label(middle, "They need a known end", "step", "")
    label(right, f"{[*known_end][-1]}: its momentum", "step", "beta")
    show(
        figure,
        f"left: {spans(falling)}; middle: {spans(known_end)}; right: the momentum falls and rises again",
    )


@styled
def distances(left: Mapping[str, NDArray]) -> None:
    """How far a walk still is from the minimum after each step."""
    figure, axis = panels(height=3.3)
    curves(axis, range(len(next(iter(left.values())))), dict(left), markevery=100)
    axis.set_ylim(0, None)
    axis.legend(loc="upper right")
    label(axis, "Exponential decay stops on the way", "step", "distance to the minimum")
    show(figure, trends(left, first=0))


@styled
def rates_and_losses(rates: Mapping[str, ArrayLike], losses: Mapping[str, NDArray]) -> None:
    """Left: the rate that each run used; right: the loss of its epochs, (seeds, epochs), mean and range."""
    figure, (left, right) = panels(1, 2, height=3.6)
    for i, (name, used) in enumerate(rates.items()):
        steps = np.arange(np.size(used)) * losses[name].shape[1] / np.size(used)
        left.plot(steps, np.asarray(used), **look_of(i, marker=False), label=name)
    for i, runs in enumerate(losses.values()):
        epochs = range(1, runs.shape[1] + 1)
        right.fill_between(epochs, runs.min(0), runs.max(0), color=COLOURS[i], alpha=0.15, linewidth=0)
        right.plot(epochs, runs.mean(0), color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i])
    left.set_ylim(0, None)
    right.set(yscale="log")
    label(left, "The rate that each step really used", "epoch", "learning rate")
    label(right, f"The training loss ({len(runs)} seeds)", "epoch", "training loss (log scale)")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    means = {name: runs.mean(axis=0) for name, runs in losses.items()}
    show(figure, f"rates: {spans(rates)}; mean losses: {trends(means)}")


@styled
def range_tests(lrs: ArrayLike, smoothed: Mapping[str, NDArray], suggested: Mapping[str, float]) -> None:
    """The smoothed losses of range tests over the rate, and the suggested rates as dotted lines."""
    figure, axis = panels(height=3.5)
    for i, (name, losses) in enumerate(smoothed.items()):
        axis.plot(np.asarray(lrs), losses, **look_of(i, marker=False), label=name)
        axis.axvline(suggested[name], color=COLOURS[i], linestyle=":", linewidth=1.5)
    axis.set(xscale="log", ylim=(0, 5))
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    label(
        axis,
        "The loss falls, then rises or explodes; dotted: a tenth of the rate at its lowest",
        "learning rate (log scale)",
        "smoothed loss",
    )
    told = listed([f"{rate:.2g} for {name}" for name, rate in suggested.items()])
    show(figure, f"each loss falls, then rises or explodes; the suggested rates are {told}")


@styled
def contest(found: Mapping[str, NDArray], know_the_end: Sequence[str]) -> None:
    """A row for each schedule: the final dev loss of each seed, and the mean as a bar. Those that know the end come last."""
    found = {name: found[name] for name in sorted(found, key=lambda name: name in know_the_end)}
    figure, axis = panels(height=1.0 + 0.36 * len(found))
    for i, (name, losses) in enumerate(found.items()):
        knows = name in know_the_end
        colour, marker = (VERMILION, "s") if knows else (BLUE, "o")
        spread = i + np.linspace(-0.25, 0.25, len(losses))
        axis.plot(losses, spread, marker, color=colour, markersize=4, alpha=0.6, linestyle="none")
        axis.plot([np.mean(losses)] * 2, [i - 0.4, i + 0.4], color="black", linestyle="-", linewidth=2)
    for colour, marker, text in ((BLUE, "o", "does not know the end"), (VERMILION, "s", "knows the end")):
        axis.plot([], [], marker, color=colour, linestyle="none", label=text)
    axis.set(yticks=range(len(found)), yticklabels=list(found), xlim=(0, None))
    axis.invert_yaxis()
    axis.legend(loc="lower right")
    seeds = len(next(iter(found.values())))
    measure = f"dev loss after the same 8 epochs (points: {seeds} seeds, bars: means)"
    label(axis, "Line, cosine, triangle, 1cycle: about equal", measure, "")
    show(figure, "means: " + amounts(found))


@styled
def rise_or_not(tops: Sequence[float], found: Mapping[str, Mapping[str, NDArray]]) -> None:
    """A panel for each depth, the deeper first: dev accuracy, (seeds, tops), with and without a rise, over the top rate."""
    seen = ("a large top needs a rise", "no difference")
    figure, axes = panels(1, len(found), height=3.5, sharey=True)
    for axis, (depth, ways), what in zip(axes, found.items(), seen, strict=True):
        for (name, runs), colour, marker, line, shift in zip(
            ways.items(), (GREY, BLUE), "os", ("--", "-"), (0.95, 1.05), strict=True
        ):
            x = np.array(tops) * shift
            axis.plot(
                np.tile(x, len(runs)), 100 * runs.ravel(), marker, color=colour, markersize=4, alpha=0.5
            )
            axis.plot(x, 100 * runs.mean(0), line, color=colour, marker=marker, label=name)
        axis.set(xscale="log", xticks=tops, xticklabels=[f"{top:g}" for top in tops])
        axis.minorticks_off()
        label(
            axis, f"{depth}: {what}", "top rate (log scale)", "dev accuracy in %" if axis is axes[0] else ""
        )
    axes[0].legend(loc="lower left")
    told = [
        f"{depth}: {amounts({k: 100 * v.mean(0)[-1:] for k, v in ways.items()})}"
        for depth, ways in found.items()
    ]
    show(figure, f"at the largest top, {'; '.join(told)}")

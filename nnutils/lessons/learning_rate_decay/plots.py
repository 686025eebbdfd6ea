"""The figures of lesson 14: costs that hover and settle, schedules, and the rates that runs really used."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, StrMethodFormatter
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, spans, trend, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
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
def hovering(costs: Mapping[str, NDArray]) -> None:
    """The mean cost after each step."""
    figure, axis = panels(height=3.5)
    curves(axis, range(len(next(iter(costs.values())))), dict(costs), markevery=40)
    axis.set(yscale="log")
    axis.legend(loc="upper right", ncols=2)
    label(axis, "A constant rate hovers, a falling one settles", "step", "mean cost (log scale)")
    show(figure, trends(costs, first=0))


@styled
def schedules(named: Mapping[str, ArrayLike], unit: str = "epoch") -> None:
    """The learning rate over time."""
    figure, axis = panels(height=3.3)
    curves(
        axis,
        range(len(np.asarray(next(iter(named.values()))))),
        dict(named),
        markevery=5,
        drawstyle="steps-post",
    )
    axis.set_ylim(0, None)
    label(axis, "Three fall a little every epoch, one falls in jumps", unit, "learning rate")
    show(figure, trends(named, first=0))


@styled
def rates_and_losses(rates: Mapping[str, ArrayLike], losses: Mapping[str, NDArray]) -> None:
    """Left: the rate that each run used; right: the loss of its epochs, (seeds, epochs), mean and range."""
    figure, (left, right) = panels(1, 2, height=3.5)
    for i, (name, used) in enumerate(rates.items()):
        steps = np.arange(np.size(used)) * losses[name].shape[1] / np.size(used)
        left.plot(steps, np.asarray(used), **look_of(i, marker=False), label=name)
    for i, runs in enumerate(losses.values()):
        epochs = range(1, runs.shape[1] + 1)
        right.fill_between(epochs, runs.min(0), runs.max(0), color=COLOURS[i], alpha=0.15, linewidth=0)
        look = {"color": COLOURS[i], "linestyle": LINES[i], "marker": MARKERS[i], "markevery": 4}
        right.plot(epochs, runs.mean(0), **look)
    left.set_ylim(0, None)
    right.set(yscale="log")
    label(left, "The rate that each step really used", "epoch", "learning rate")
    label(right, f"Decay by epoch ends lowest ({len(runs)} seeds)", "epoch", "training loss (log scale)")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    means = {name: runs.mean(axis=0) for name, runs in losses.items()}
    show(figure, f"rates: {spans(rates)}; mean losses: {trends(means)}")


@styled
def plateau(losses: ArrayLike, rates: ArrayLike) -> None:
    """The dev loss of each epoch above the learning rate that the run used in it."""
    figure, (top, bottom) = panels(2, 1, height=4.2, sharex=True)
    epochs = np.arange(1, np.size(losses) + 1)
    top.plot(epochs, np.asarray(losses), color=BLUE, marker="o", linestyle="-")
    bottom.step(epochs, np.asarray(rates), color=VERMILION, where="mid", linestyle="-")
    for axis in (top, bottom):
        for epoch in epochs[1:][np.diff(np.asarray(rates)) < 0]:
            axis.axvline(epoch - 0.5, color="#999999", linestyle=":", linewidth=1.2)
    top.set(yscale="log")
    top.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    top.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    bottom.set(yscale="log")
    for axis in (top, bottom):
        axis.minorticks_off()
    label(top, "Each cut (dotted) follows a stretch without a better loss", "", "dev loss (log scale)")
    label(bottom, "", "epoch", "rate (log scale)")
    cuts = listed([str(epoch) for epoch in epochs[1:][np.diff(np.asarray(rates)) < 0]])
    show(figure, f"the loss goes {trend(losses)}; the rate goes {trend(rates)}, cut at epochs {cuts}")


@styled
def epochs_to_target(needed: Mapping[str, NDArray], target: float) -> None:
    """A row for each schedule: the epochs of its five seeds, and their mean as a bar."""
    figure, axis = panels(height=1.2 + 0.45 * len(needed))
    for i, epochs in enumerate(needed.values()):
        spread = i + np.linspace(-0.25, 0.25, len(epochs))
        axis.plot(epochs, spread, MARKERS[i], color=COLOURS[i], markersize=7, linestyle="none")
        axis.plot([np.mean(epochs)] * 2, [i - 0.4, i + 0.4], color="black", linestyle="-", linewidth=2)
    axis.set(yticks=range(len(needed)), yticklabels=list(needed), xlim=(0, None))
    axis.invert_yaxis()
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    label(
        axis,
        "One-cycle needs the fewest epochs (points: 5 seeds, bars: means)",
        f"epochs until the dev loss is below {target}",
        "",
    )
    show(figure, "means: " + amounts(needed))

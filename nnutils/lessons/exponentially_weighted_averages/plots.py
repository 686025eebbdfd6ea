"""The figures of lesson 11: series and their averages, weights, the start at 0, the window, and averaged weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, trend, trends
from nnutils.figures.style import COLOURS, FAINT, GREY, MARKERS, label, look_of, panels, show, styled

Array = NDArray[Any]


@styled
def averages(
    x: Array,
    values: Array,
    curves: Mapping[str, Array],
    title: str,
    x_label: str = "day of the year",
    y_label: str = "temperature (°C)",
) -> None:
    """The series as grey dots, and its averages as lines. x: (T,) numbers or dates; values and each curve: (T,)."""
    figure, axes = panels(height=3.8)
    _dots(axes, x, values, "each day")
    _lines(axes, x, curves)
    label(axes, title, x_label, y_label)
    if curves:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends({"each day": values, **curves}, x))


@styled
def weights(by_name: Mapping[str, Array]) -> None:
    """The weight of a value against its age: one curve per name."""
    figure, axes = panels(height=3.6)
    for i, (name, values) in enumerate(by_name.items()):
        axes.plot(values, label=name, **look_of(i), markevery=2)
    label(
        axes, "The newest value weighs most, and a small β forgets fast", "age of the value (days)", "weight"
    )
    axes.legend(loc="upper right")
    show(figure, f"weights: {trends(by_name)}")  # no sentence begins with β, which has a capital letter


@styled
def cold_start(days: Array, values: Array, plain: Array, corrected: Array, beta: float) -> None:
    """The first days of an average that starts at 0, with and without the correction, and the share that 0 has in it."""
    figure, (axes, below) = panels(2, 1, height=5.2, sharex=True, height_ratios=[3, 1])
    _dots(axes, days, values, "each day")
    axes.fill_between(days, plain, corrected, color="#F2D4C4", linewidth=0)
    _lines(axes, days, {"v, from 0": plain, "corrected": corrected}, markevery=20)
    axes.axhline(0, color="black", linewidth=0.8)
    title = f"With β = {beta} v is too low for months, the corrected average is not"
    label(axes, title, "", "temperature (°C)")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    share = 100 * beta**days
    below.plot(days, share, "-", color=GREY)
    below.set(xlabel="day", ylabel="share of\nthe 0 (%)", ylim=(0, 100))
    named = {"v, from 0": plain, "corrected": corrected, "share of the 0 in v (%)": share}
    show(figure, trends(named, days))


@styled
def first_steps(lengths: Mapping[str, Array]) -> None:
    """How long the first steps are, relative to what they should be. lengths: name → (steps,)."""
    figure, axes = panels(height=3.8)
    steps = np.arange(1, len(next(iter(lengths.values()))) + 1)
    every = np.unique(np.geomspace(1, len(steps), 12).astype(int)) - 1
    for i, (name, values) in enumerate(lengths.items()):
        axes.plot(steps, values, label=name, **look_of(i), markevery=list(every))
    axes.set(
        xscale="log", yscale="log", yticks=[0.1, 0.3, 1, 3, 10], yticklabels=["0.1", "0.3", "1", "3", "10"]
    )
    axes.minorticks_off()
    title = "Uncorrected averages: the first steps are too short, or too long"
    label(axes, title, "step (log scale)", "length of the step, 1 is right")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(lengths))


@styled
def rule_of_thumb(
    betas: Array,
    exact: Array,
    off: float,
    guess: float | None = None,
    drawn: Sequence[float] = (0.5, 0.9, 0.98),
) -> None:
    """How weights fade, with the end of each window; and how far the rule of thumb is off. betas, exact: (n,).

    off: the β at which the rule is 10 % too long. guess: the student's.
    """
    figure, (left, right) = panels(1, 2, height=3.8)
    ages = np.arange(101)
    for i, beta in enumerate(drawn):
        rule = 1 / (1 - beta)
        left.plot(ages, beta**ages, **look_of(i, marker=False), label=f"β = {beta}, at {rule:.0f}")
        left.plot(rule, beta**rule, MARKERS[i], color=COLOURS[i], markersize=9)
    left.axhline(np.exp(-1), color=GREY, linewidth=1, linestyle=":")
    left.text(100, np.exp(-1) + 0.02, "1/e", ha="right", color=GREY)
    label(left, "At 1 / (1 - β): 1/e or less is left", "age of the value", "weight, newest is 1")
    left.legend(loc="upper right")
    over = 100 * (1 / (1 - betas) / exact - 1)
    right.plot(betas, over, "-", color=COLOURS[0])
    right.axhline(10, color=GREY, linewidth=1, linestyle=":")
    right.plot(off, 10, "o", color=COLOURS[0], markersize=9)
    right.annotate(f"10 % at β = {off:.3f}", (off, 10), (off - 0.02, 24), ha="center", color=COLOURS[0])
    if guess is not None and betas[0] <= guess <= betas[-1]:
        right.axvline(guess, color=COLOURS[1], linestyle="--", label="your guess")
        right.legend(loc="upper right")
    right.set(ylim=(0, None))
    label(right, "Small β: the rule of thumb is too long", "β", "1 / (1 - β) is too long by (%)")
    ends = {f"β = {beta} after {1 / (1 - beta):.0f} values": beta ** (1 / (1 - beta)) for beta in drawn}
    yours = "" if guess is None else f"; your guess was {guess:.3g}"
    show(
        figure,
        f"what is left of a weight: {amounts(ends)}. The rule of thumb is too long by percent {trend(over, betas)}, "
        f"by 10 at {off:.3f}{yours}",
    )


@styled
def after_a_jump(values: Array, curves: Mapping[str, Array]) -> None:
    """A noisy series that jumps, and several averages of it."""
    figure, axes = panels(height=3.6)
    days = np.arange(1, len(values) + 1)
    _dots(axes, days, values, "each day")
    _lines(axes, days, curves, markevery=8)
    label(axes, "After a jump: one number, and a window that keeps nineteen", "day", "value")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends({"each day": values, **curves}))


@styled
def trade_off(windows: Array, errors: Array) -> None:
    """The distance from the truth against the window. windows: (n,); errors: (runs, n), one curve per run."""
    figure, axes = panels(height=3.6)
    for i, run in enumerate(errors):
        axes.plot(
            windows, run, "-", color=GREY, alpha=0.5, linewidth=1, label="one year each" if i == 0 else None
        )
    axes.plot(windows, errors.mean(axis=0), "-o", color=COLOURS[0], label="their mean")
    axes.set_xscale("log")
    ticks = [1, 2, 5, 10, 20, 50, 100]
    axes.set_xticks(ticks, [f"{n}\nβ = {1 - 1 / n:.2g}" for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, None)
    axes.text(1.1, 0.25, "noise", color=GREY)
    axes.text(95, 0.25, "delay", color=GREY, ha="right")
    label(
        axes,
        "Too short a memory leaves the noise, too long a memory is late",
        "effective window (days)",
        "distance from the season (°C)",
    )
    axes.legend(loc="upper center")
    show(figure, f"the mean of {len(errors)} years goes {trend(errors.mean(axis=0), windows)}")


@styled
def on_the_way(steps: Array, quick: Mapping[str, Array], slow: Mapping[str, Array]) -> None:
    """Dev errors during a training, means over runs: name → (points,). Left the quick average, right the slow ones."""
    figure, both = panels(1, 2, height=4.0, sharey=True)
    titles = ("The average needs the fewest steps", "A slow average remembers the first weights")
    for axes, named, title, first in zip(both, (quick, slow), titles, (0, 3), strict=True):
        for i, (name, errors) in enumerate(named.items(), start=first):
            axes.plot(steps, errors, label=name, **look_of(i), markevery=5)
        label(axes, title, "step", "dev errors (%)" if axes is both[0] else "")
        axes.set_ylim(0, 45)
        axes.legend(loc="upper right")
    show(figure, trends({**quick, **slow}, steps))


@styled
def errors_by_rate(rates: Sequence[float], by_labels: Mapping[str, Mapping[str, Array]]) -> None:
    """Dev errors against the learning rate, a panel for each kind of labels: labels → way → (rates,) means."""
    figure, both = panels(1, len(by_labels), height=4.0, sharey=True)
    for axes, (labels, ways) in zip(both, by_labels.items(), strict=True):
        for i, (way, errors) in enumerate(ways.items()):
            axes.plot(rates, errors, label=way, **look_of(i))
        axes.set(xscale="log", xticks=rates, xticklabels=[f"{rate:g}" for rate in rates], ylim=(0, 26))
        axes.minorticks_off()
        label(axes, labels, "learning rate (log scale)", "dev errors (%)" if axes is both[0] else "")
    both[0].legend(loc="upper center", bbox_to_anchor=(0.54, 1))
    told = [f"{labels}: {trends(ways, np.asarray(rates))}" for labels, ways in by_labels.items()]
    show(figure, ". ".join(told))


def _dots(axes: Axes, x: Array, values: Array, name: str) -> None:
    axes.plot(x, values, ".", color=FAINT, markersize=4, label=name)


def _lines(axes: Axes, x: Array, curves: Mapping[str, Array], markevery: int | None = None) -> None:
    for i, (name, curve) in enumerate(curves.items()):
        marker = {"marker": MARKERS[i], "markevery": markevery} if markevery else {}
        axes.plot(x, curve, **look_of(i, marker=False), label=name, **marker)

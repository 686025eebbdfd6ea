"""The figures of lesson 11: series and their averages, weights, the start at 0, and the error for each window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, trend, trends
from nnutils.figures.style import COLOURS, GREY, MARKERS, label, look_of, panels, show, styled

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
    show(figure, trends(by_name))


@styled
def cold_start(days: Array, values: Array, plain: Array, corrected: Array, beta: float) -> None:
    """The first days of an average that starts at 0, with and without the correction."""
    figure, axes = panels(height=3.8)
    _dots(axes, days, values, "each day")
    _lines(axes, days, {"v, from 0": plain, "v / (1 - βᵗ)": corrected}, markevery=6)
    axes.axhline(0, color="black", linewidth=0.8)
    label(
        axes,
        f"β = {beta}: v climbs out of 0 for months, the corrected one is there at once",
        "day",
        "temperature (°C)",
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends({"v, from 0": plain, "corrected": corrected}, days))


@styled
def fading(betas: Sequence[float]) -> None:
    """How the weight of a value falls with its age, for several betas; a marker shows the end of each window."""
    figure, axes = panels(height=3.6)
    ages = np.arange(101)
    for i, beta in enumerate(betas):
        window = 1 / (1 - beta)
        axes.plot(ages, beta**ages, **look_of(i, marker=False), label=f"β = {beta}: window {window:.0f}")
        axes.plot(window, beta**window, MARKERS[i], color=COLOURS[i], markersize=9)
    axes.axhline(np.exp(-1), color=GREY, linewidth=1, linestyle=":")
    axes.text(100, np.exp(-1) + 0.02, "1/e", ha="right", color=GREY)
    label(
        axes,
        "After 1 / (1 - β) days about 1/e of a share is left",
        "age of the value (days)",
        "weight, relative to the newest",
    )
    axes.legend(loc="upper right")
    ends = {f"β = {beta} after {1 / (1 - beta):.0f} days": beta ** (1 / (1 - beta)) for beta in betas}
    show(figure, f"at the end of each window: {amounts(ends)}")


@styled
def after_a_jump(values: Array, curves: Mapping[str, Array]) -> None:
    """A noisy series that jumps, and several averages of it."""
    figure, axes = panels(height=3.6)
    days = np.arange(1, len(values) + 1)
    _dots(axes, days, values, "each day")
    _lines(axes, days, curves, markevery=8)
    label(axes, "As smooth and as late as each other, for one number and for nineteen", "day", "value")
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


def _dots(axes: Axes, x: Array, values: Array, name: str) -> None:
    axes.plot(x, values, ".", color="#AAAAAA", markersize=4, label=name)


def _lines(axes: Axes, x: Array, curves: Mapping[str, Array], markevery: int | None = None) -> None:
    for i, (name, curve) in enumerate(curves.items()):
        marker = {"marker": MARKERS[i], "markevery": markevery} if markevery else {}
        axes.plot(x, curve, **look_of(i, marker=False), label=name, **marker)

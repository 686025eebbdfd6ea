"""The explorer of lesson 11: how many days an average should hold, on a year of temperatures and on real share prices."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnutils.averages import ewma, ewma_bias_corrected
from nnutils.data import share_prices, temperatures
from nnutils.figures.explorer import Explorer, choice, log_slider
from nnutils.figures.style import BLUE, FAINT, VERMILION, label, panels

YEAR, SHARES, JUMP = "a year of temperatures", "share prices 2004 to 2008", "a jump"
STARTS = ("from 0", "from 0, then corrected")


class Series(NamedTuple):
    """x, values: (T,); the words for the axes."""

    x: NDArray[Any]
    values: NDArray[np.floating]
    x_label: str
    y_label: str


class memory(Explorer):
    """Move the window of an exponentially weighted average and watch noise turn into delay."""

    title = "How long a memory?"
    try_this = "a window of 2, of 10 and of 100 days on each series; then correct the start."
    notice = "the smoother the average, the later it is; the error of a start at 0 lasts a few windows."

    def build(self) -> dict[str, Any]:
        self.figure, self.axes = panels(height=3.8)
        (self.dots,) = self.axes.plot([], [], ".", color=FAINT, markersize=3, label="each day")
        (self.curve,) = self.axes.plot([], [], "-", color=BLUE, label="its average")
        (self.window,) = self.axes.plot(
            [], [], "-", color=VERMILION, linewidth=7, alpha=0.6, label="the last day's window"
        )
        self.axes.legend(loc="upper left", ncols=3)
        self.figure.get_layout_engine().set(w_pad=0.14)  # prices have a digit more than temperatures
        self.series = _series()
        return {
            "series": choice("series", (YEAR, SHARES, JUMP), YEAR),
            "window": log_slider("window 1 / (1 - β)", 10, 0, 2.3, step=0.05, readout_format=".0f"),
            "start": choice("start", STARTS, STARTS[0]),
        }

    def draw(self, series: str, window: float, start: str) -> str:
        x, values, x_label, y_label = self.series[series]
        beta = 1 - 1 / window
        average = (ewma if start == STARTS[0] else ewma_bias_corrected)(values, beta)
        self.dots.set_data(x, values)
        low, high = min(0, values.min()), values.max()
        bottom, top = low - 0.05 * (high - low), high + 0.2 * (high - low)
        self.axes.set(xlim=(x[0], x[-1]), ylim=(bottom, top))
        self.curve.set_data(x, average)
        self.window.set_data(x[-round(window) :][[0, -1]], [bottom] * 2)
        title = f"β = {beta:.3f}: a memory of about {1 / (1 - beta):.0f} days"
        label(self.axes, title, x_label, y_label)
        return _summary(values, average, beta, start)


def _series() -> dict[str, Series]:
    dates, prices = share_prices()
    year = 1970 + dates.astype(float) / 365.25
    days, noise = np.arange(1, 366), np.random.default_rng(0).normal(0, 1, 365)
    return {
        YEAR: Series(days, temperatures(0), "day of the year", "temperature (°C)"),
        SHARES: Series(year, prices, "year", "closing price (US$)"),
        JUMP: Series(days, np.where(days <= 180, 10, 20) + noise, "day", "value"),
    }


def _summary(values: NDArray[np.floating], average: NDArray[np.floating], beta: float, start: str) -> str:
    late = len(values) // 3  # from here on, so that the start does not count
    rough = np.std(np.diff(average[late:])) / np.std(np.diff(values[late:]))
    first = f"The first day is {values[0]:.1f}, its average {start} is {average[0]:.1f}."
    return (
        f"β = {beta:.3f}, window {1 / (1 - beta):.0f} days: from day to day the average moves {100 * rough:.0f} % as "
        f"much as the series, and what it holds is {beta / (1 - beta):.1f} days old on average. {first}"
    )

"""Alternative texts: what a figure shows, in words and with the numbers that are drawn, for readers who cannot see it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sized
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from nnutils.words import counted, listed, sentence

FORMULA = re.compile(r"[${}\\]")  # signs of mathtext that nobody wants to hear
TURN = 0.02  # of a curve's range: a value between that lies further out than both ends is named


def headings(figure: Figure) -> str:
    """The title of a figure, and of each panel its title and the axis labels that no panel before it has."""
    told, seen = [figure.get_suptitle()], set[str]()
    for axes in figure.axes:
        title, x, y = axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()
        if title or (x and y):
            labels = " against ".join(filter(None, (y, x))) if {x, y} - seen - {""} else ""
            told.append(": ".join(filter(None, (title, labels))))
            seen |= {x, y}
    text = " ".join(sentence(part) for part in dict.fromkeys(told) if part)
    return FORMULA.sub("", text.replace(r"\sqrt", "root "))


def number(value: ArrayLike) -> str:
    """A number, of an array its mean, with three digits, or all of a large one: 0.123, 45.6, 12345."""
    x = float(np.mean(np.asarray(value, float)))
    return f"{x:.0f}" if 1000 <= abs(x) < 1e7 else f"{x:.3g}"


def trend(values: ArrayLike, x: ArrayLike | None = None, first: int = 1) -> str:
    """A curve from its first to its last value, and its lowest and highest point where these lie between.

    x: the places on the x axis; without it they are counted from `first`.
    """
    y = np.asarray(values, float)
    places = np.arange(first, first + len(y)) if x is None else np.asarray(x)[: len(y)]
    y, places = y[~np.isnan(y)], places[~np.isnan(y)]
    if not len(y):
        return "without a value"
    ends = [number(y[0]), number(y[-1])]
    told = f"from {ends[0]} to {ends[1]}"
    for name, at in (("lowest", int(y.argmin())), ("highest", int(y.argmax()))):
        with np.errstate(invalid="ignore"):  # infinite values are told, too
            turns = min(abs(y[at] - y[0]), abs(y[at] - y[-1])) > TURN * np.ptp(y)
        if turns and number(y[at]) not in ends:
            told += f", {name} {number(y[at])} at {_place(places[at])}"
    return told


def trends(named: Mapping[Any, ArrayLike], x: ArrayLike | None = None, first: int = 1) -> str:
    """The curves of a chart, each as `trend` tells it. named: name → the values that are drawn as its curve."""
    return "; ".join(f"{name} {trend(values, x, first)}" for name, values in named.items())


def amounts(named: Mapping[Any, ArrayLike], unit: str = "") -> str:
    """Names with their numbers, of arrays the means: without 0.91 and with 0.93."""
    return listed([f"{name} {number(value)}{unit}" for name, value in named.items()])


def spans(named: Mapping[Any, ArrayLike]) -> str:
    """Names with the lowest and the highest of their numbers: train from 0.1 to 0.9; dev from 0.2 to 0.8."""
    ranges = {name: (np.nanmin(values), np.nanmax(values)) for name, values in named.items()}
    return "; ".join(f"{name} from {number(low)} to {number(high)}" for name, (low, high) in ranges.items())


def gallery(named: Mapping[str, Sized]) -> str:
    """Rows of small pictures: how many, and what stands in front of each row."""
    told = [f"{name}, {counted(len(pictures), 'picture')}" for name, pictures in named.items()]
    return f"rows of pictures: {'; '.join(told).removeprefix(', ')}"


def _place(x: Any) -> str:
    return number(float(x)) if isinstance(x, int | float | np.number) else str(x)

"""One look for every figure: palette, sizes, and the helpers that the lessons' figures share.

The colours are Okabe and Ito's (2008), told apart by the colour-blind; lines differ in style and points in marker too, so that no
figure depends on colour. Figures of a notebook are drawn by functions that are decorated with `styled`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#666666",
)
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PINK, SKY, GREY)
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DIVERGING, SEQUENTIAL = "RdBu_r", "cividis"
WIDTH = 9.0  # inches: a figure as wide as a notebook's text

STYLE: dict[str, Any] = {
    "figure.dpi": 80,
    "figure.figsize": (WIDTH, 3.6),
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # as no figure has ticks above its axes; to look for them takes a fifth of a drawing
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "lines.markersize": 5.0,
    "font.size": 11,
    "font.family": "DejaVu Sans",
    "axes.prop_cycle": matplotlib.cycler(color=COLOURS, linestyle=LINES),
}

P = ParamSpec("P")
R = TypeVar("R")


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function that draws a figure: it draws in the course's style and leaves matplotlib's settings alone."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.rc_context(STYLE):
            result = draw(*args, **kwargs)
            interactive = matplotlib.is_interactive()
        matplotlib.interactive(interactive)  # a notebook's first figure turns this on, and so must it stay
        return result

    return drawn


def panels(
    rows: int = 1, columns: int = 1, height: float = 3.6, width: float = WIDTH, **kwargs: Any
) -> tuple[Figure, Any]:
    """A notebook figure with rows x columns axes, laid out so that nothing overlaps. Call it inside a `styled` function.

    Returns the figure and its axes, as `matplotlib.pyplot.subplots` does. The notebook shows the figure at the end of the cell.
    """
    from matplotlib import pyplot

    return pyplot.subplots(rows, columns, figsize=(width, height), layout="constrained", **kwargs)


@styled
def canvas(
    rows: int = 1, columns: int = 1, height: float = 3.6, width: float = WIDTH, **kwargs: Any
) -> tuple[Figure, Any]:
    """As `panels`, for an explorer: a figure that pyplot does not know and that is redrawn in place."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **kwargs)


def label(axes: Axes, title: str, x: str, y: str) -> None:
    """Title (what to see) and axis labels of one panel."""
    axes.set(title=title, xlabel=x, ylabel=y)


def curves(
    axes: Axes, x: Sequence[float], named: dict[str, Any], markevery: float | None = None, **kwargs: Any
) -> None:
    """One line a name, with a colour and a line style of its own, a marker where `markevery` is given, and a legend."""
    for i, (name, y) in enumerate(named.items()):
        marker = {"marker": MARKERS[i % 7], "markevery": markevery} if markevery else {}
        axes.plot(x, y, color=COLOURS[i % 7], linestyle=LINES[i % 7], label=name, **marker, **kwargs)
    axes.legend()

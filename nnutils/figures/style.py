"""One look for every figure: palette, sizes, and the helpers that the lessons' figures share.

The colours are Okabe and Ito's (2008), told apart by the colour-blind; their orange, pink and light blue are darker here, so that
lines have a contrast of 3:1 to the ground. Lines differ in style and points in marker: no figure depends on colour.

A function that draws a figure of a notebook is decorated with `styled`, takes its figure from `panels` and ends with `show`,
which asks for an alternative text.
"""

from __future__ import annotations

import base64
import functools
import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import matplotlib
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

from nnutils.figures.alt import headings
from nnutils.words import sentence

BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, GREY, FAINT = (
    "#0072B2",
    "#BA8000",
    "#009E73",
    "#C56F9F",
    "#3291CC",
    "#D55E00",
    "#666666",
    "#8A8A8A",
)  # GREY is for text, too; FAINT for what stands behind
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PINK, SKY, GREY)
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DIVERGING, SEQUENTIAL = "RdBu_r", "cividis"
WIDTH = 9.0  # inches: a figure as wide as a notebook's text
FEWEST_WORDS = 5  # of an alternative text, without titles and labels
PIXELS = 2  # of a picture for each pixel of a page, in either direction: sharp on a fine screen
PALETTE = 256  # colours of a picture in a notebook; with a palette it takes a third of the bytes

# In a dark theme a figure of lines is turned: a dark ground and light text; the hues stay. Photos, and values as shades, are
# dimmed, because texts speak of dark and bright there. How a page says that it is dark: JupyterLab as in style/editor.css of
# @jupyterlab/debugger; Colab and VS Code as in xarray/static/css/style.css of pydata/xarray; the site as its theme does.
DARK = ('[data-jp-theme-light="false"]', 'html[theme="dark"]', "body.vscode-dark", 'html[data-theme="dark"]')
TURNED, DIMMED = "invert(0.93) hue-rotate(180deg)", "brightness(0.8)"

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
            return draw(*args, **kwargs)

    return drawn


@styled
def panels(
    rows: int = 1, columns: int = 1, height: float = 3.6, width: float = WIDTH, **kwargs: Any
) -> tuple[Figure, Any]:
    """A figure with rows x columns axes that do not overlap. Returns both, as `matplotlib.pyplot.subplots` does.

    pyplot does not know the figure: in a notebook only `show` shows it.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **kwargs)


@dataclass(frozen=True)
class Picture:
    """A drawn figure with its alternative text, as a notebook shows it."""

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return repr(self.figure)

    def _repr_html_(self) -> str:
        png = io.BytesIO()
        self.figure.savefig(png, format="png", bbox_inches="tight", dpi=PIXELS * self.figure.dpi)
        return image(few_colours(png.getvalue()), self.alt, has_shades(self.figure))


def few_colours(png: bytes) -> bytes:
    """The same picture with a palette, on white."""
    small = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    picture.save(small, "png", optimize=True)
    return small.getvalue()


def has_shades(figure: Figure) -> bool:
    """Whether a figure shows photos, or values as shades of colours."""
    return any(
        isinstance(artist, AxesImage | QuadMesh) or (isinstance(artist, ContourSet) and artist.filled)
        for artist in figure.findobj()
    )


@styled
def show(figure: Figure, text: str) -> None:
    """Show a figure below the cell, with an alternative text for readers who cannot see it.

    The alternative text begins with the titles and axis labels of the figure. `text` says what the curves, bars or pictures
    show, with the numbers that are drawn; `nnutils.figures.alt` has functions for that.

    Raises
    ------
    ValueError: the text has fewer than 5 words.
    """
    if len(text.split()) < FEWEST_WORDS:
        raise ValueError(f"a figure needs {FEWEST_WORDS} words or more on what it shows, not {text!r}")
    display(Picture(figure, f"{headings(figure)} {sentence(text)}".strip()))


def class_of(shades: bool) -> str:
    """The class of a picture's HTML, by which a dark theme tells what to do to it."""
    return "nnutils-shades" if shades else "nnutils-lines"


def image(png: bytes, alt: str, shades: bool = False) -> str:
    """The HTML of a picture with its alternative text, and with what it does in a dark theme.

    png: with PIXELS pixels for each of the page.
    JupyterLab shows the alternative text of HTML only, not that of an output's metadata.
    """
    text, kind = html.escape(" ".join(alt.split())), class_of(shades)
    width = int.from_bytes(png[16:20], "big") // PIXELS
    dark = f"{', '.join(f'{theme} .{kind}' for theme in DARK)} {{filter: {DIMMED if shades else TURNED}}}"
    return (
        f'<img alt="{text}" class="{kind}" width="{width}" style="max-width:100%;height:auto" '
        f'src="data:image/png;base64,{base64.b64encode(png).decode()}"><style>{dark}</style>'
    )


def label(axes: Axes, title: str, x: str, y: str) -> None:
    """Title (what to see) and axis labels of one panel."""
    axes.set(title=title, xlabel=x, ylabel=y)


def look_of(i: int, marker: bool = True) -> dict[str, Any]:
    """Colour, line style and marker of the i-th of several curves, which differ in all three."""
    look = {"color": COLOURS[i % 7], "linestyle": LINES[i % 7]}
    return look | {"marker": MARKERS[i % 7]} if marker else look


def curves(
    axes: Axes, x: Sequence[float], named: dict[str, Any], markevery: float | None = None, **kwargs: Any
) -> None:
    """One line per name, with a colour and a line style of its own, a marker where `markevery` is given, and a legend."""
    for i, (name, y) in enumerate(named.items()):
        every = {"markevery": markevery} if markevery else {}
        axes.plot(x, y, label=name, **look_of(i, marker=bool(markevery)), **every, **kwargs)
    axes.legend()

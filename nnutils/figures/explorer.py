"""What all explorers share: controls, a picture that follows them, a summary in words, and errors that are seen.

An explorer builds its figure once and then changes only what a control moves; each drawing replaces one image, which is faster
than a new figure. The summary says what the picture shows, for readers who
cannot see it and for nbval, which compares text.
"""

from __future__ import annotations

import html
import traceback
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from nnutils.figures.canvas import Canvas, png
from nnutils.figures.style import PIXELS, few_colours, has_shades, image, styled
from nnutils.words import sentence

# in em: the width of a letter of a control's words, and of its slider without them
LETTER, TRACK = 0.6, 10.0
WHOLE_NAMES = "<style>.nnutils-explorer .widget-readout { flex: 0 0 auto; max-width: none; }</style>"


class Explorer(widgets.VBox):
    """Controls above a picture above a summary in words. The explorer of a lesson is a subclass.

    title, try_this, notice: what it is, what to move, what to look for.
    build, draw: see below. Notebooks call the subclass like a function: hence its name in small letters.

    An error of the first drawing is raised; one of a later drawing is shown in place of the summary.
    """

    title: str
    try_this: str
    notice: str
    figure: Figure
    children: Any

    def build(self) -> dict[str, Any]:
        """Draw `self.figure`, from `panels`, once. Returns the controls: name → widget with a `value`."""
        raise NotImplementedError

    def draw(self, *args: Any, **values: Any) -> str:
        """Move what is drawn to the values of the controls, given by name. Returns the summary: one or two sentences."""
        raise NotImplementedError

    def extras(self) -> list[Any]:
        """Further widgets, which stand between the controls and the picture."""
        return []

    @styled
    def __init__(self) -> None:
        self.controls = self.build()
        self.figure.set_dpi(PIXELS * self.figure.dpi)
        self._canvas, self._shades = Canvas(self.figure), has_shades(self.figure)
        self.picture = widgets.HTML()  # not widgets.Image, which has no alternative text
        self.words = widgets.HTML()
        title, try_this, notice = map(html.escape, (self.title, self.try_this, self.notice))
        head = widgets.HTML(f"{WHOLE_NAMES}<strong>{title}</strong><br>Try: {try_this}<br>Notice: {notice}")
        box = _grid(list(self.controls.values()))
        super().__init__([head, box, *self.extras(), self.picture, self.words])
        self.add_class("nnutils-explorer")
        self.refresh()
        for control in self.controls.values():
            control.observe(self._moved, names="value")

    @property
    def summary(self) -> str:
        """What the picture shows now, in words."""
        return self._summary

    @styled
    def refresh(self) -> None:
        """Draw what the controls say now. An error of `draw` is raised, which a control's move shows in place of the summary."""
        self._summary = self.draw(**{name: control.value for name, control in self.controls.items()})
        self.png = png(self._canvas.pixels())
        self.picture.value = self._html(self.png)
        self.words.value = f'<div role="status" aria-live="polite">{html.escape(self._summary)}</div>'

    def _html(self, png: bytes) -> str:
        return image(png, f"{sentence(self.title)} {self._summary}", self._shades)

    def _moved(self, _change: Any) -> None:
        try:
            self.refresh()
        except Exception:  # ipywidgets drops what a callback raises: show it where the student looks
            text = html.escape(traceback.format_exc(limit=-2))
            style = "border-left:5px solid #D55E00;padding-left:.8em"
            self.words.value = f'<div role="alert" style="{style}"><pre>{text}</pre></div>'

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, with the summary as text and the picture for places without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = f"{self.title}\n{self._summary}"
        data["text/html"] = self._html(few_colours(self.png))  # it stays in the notebook's file
        return bundle


def _grid(controls: list[Any]) -> widgets.GridBox:
    """Controls in columns of one width, as many as there is room for; all labels have the width of the longest one."""
    label = f"{LETTER * max(len(control.description) for control in controls) + 1:.1f}em"
    widest = max(float(control.layout.width.removesuffix("em")) for control in controls)
    for control in controls:
        control.style.description_width = label
        control.layout.width = "auto"
    columns = f"repeat(auto-fit, minmax(calc({label} + {widest:.1f}em), 1fr))"
    return widgets.GridBox(controls, layout=widgets.Layout(grid_template_columns=columns, grid_gap="0 1em"))


def slider(
    label: str, value: float, low: float, high: float, step: float, **kwargs: Any
) -> widgets.FloatSlider:
    """A slider for a number, with room for its label; the arrow keys move it."""
    return widgets.FloatSlider(value=value, min=low, max=high, step=step, description=label, **_looks(kwargs))


def log_slider(
    label: str, value: float, low: float, high: float, step: float = 0.1, **kwargs: Any
) -> widgets.FloatLogSlider:
    """A slider over powers of ten, from 10**low to 10**high in steps of `step` in the exponent."""
    return widgets.FloatLogSlider(
        value=value, base=10, min=low, max=high, step=step, description=label, **_looks(kwargs)
    )


def whole_slider(
    label: str, value: int, low: int, high: int, step: int = 1, **kwargs: Any
) -> widgets.IntSlider:
    """A slider for a whole number."""
    return widgets.IntSlider(value=value, min=low, max=high, step=step, description=label, **_looks(kwargs))


def choice(label: str, options: Any, value: Any, **kwargs: Any) -> widgets.SelectionSlider:
    """A choice among a few values or (name, value) pairs: a slider, since in a notebook the arrow keys do not reach a list."""
    control = widgets.SelectionSlider(options=options, value=value, description=label, **_looks(kwargs))
    longest = max(len(str(option[0] if isinstance(option, tuple) else option)) for option in options)
    control.layout.width = (
        f"{TRACK + LETTER * max(longest, 8):.1f}em"  # room for the longest name beside the slider
    )
    return control


def _looks(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"layout": widgets.Layout(width=f"{TRACK + LETTER * 8:.1f}em"), **kwargs}

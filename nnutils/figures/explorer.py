"""What all explorers share: controls, a picture that follows them, a summary in words, and errors that are seen.

An explorer builds its figure once and changes the artists that a control moves; the figure is rendered into one image widget,
which is faster than a new figure for each step of a slider. The summary says what the picture shows, for readers who
cannot see it and for nbval, which compares text.
"""

from __future__ import annotations

import base64
import html
import io
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nnutils.figures.style import styled

DPI = 80
FAST = {"compress_level": 1}


class Explorer(widgets.VBox):
    """Controls above a picture above a summary.

    draw: called with the controls' values by name; changes the figure's artists and returns the summary (one or two sentences).
    figure: from `nnutils.figures.style.canvas`.
    controls: name → widget with a `value`.
    title, try_this, notice: what it is, what to move, what to look for.

    An error of the first drawing is raised; one of a later drawing is shown in place of the summary.
    """

    def __init__(
        self,
        draw: Callable[..., str],
        figure: Figure,
        controls: Mapping[str, Any],
        *,
        title: str,
        try_this: str,
        notice: str,
    ) -> None:
        figure.set_dpi(DPI)
        self.draw, self.figure, self.controls, self.title = draw, figure, dict(controls), title
        self._canvas = FigureCanvasAgg(figure)  # one for all drawings: it remembers how large each text is
        self.picture = widgets.Image(
            format="png", layout=widgets.Layout(max_width="100%", object_fit="contain")
        )
        self.words = widgets.HTML()
        head = widgets.HTML(
            f"<strong>{html.escape(title)}</strong><br>Try: {html.escape(try_this)}<br>Notice: {html.escape(notice)}"
        )
        box = widgets.Box(list(self.controls.values()), layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([head, box, self.picture, self.words])
        self._draw()
        figure.set_layout_engine("none")  # the places are found: finding them anew doubles a drawing's time
        for control in self.controls.values():
            control.observe(self._moved, names="value")

    @property
    def summary(self) -> str:
        """What the picture shows now, in words."""
        return self._summary

    @styled
    def _draw(self) -> None:
        self._summary = self.draw(**{name: control.value for name, control in self.controls.items()})
        png = io.BytesIO()
        self._canvas.print_png(png, pil_kwargs=FAST)  # savefig draws twice
        self.picture.value = png.getvalue()
        self.words.value = f'<div role="status" aria-live="polite">{html.escape(self._summary)}</div>'

    def _moved(self, _change: Any) -> None:
        try:
            self._draw()
        except Exception:  # ipywidgets drops what a callback raises: show it where the student looks
            text = html.escape(traceback.format_exc(limit=-2))
            style = "border-left:5px solid #D55E00;padding-left:.8em"
            self.words.value = f'<div role="alert" style="{style}"><pre>{text}</pre></div>'

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, with the summary as text and the picture for places without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        data["text/plain"] = f"{self.title}\n{self._summary}"
        data["image/png"] = base64.b64encode(self.picture.value).decode()
        return bundle


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


def choice(label: str, options: Any, value: Any, **kwargs: Any) -> widgets.Dropdown:
    """A list to choose from."""
    return widgets.Dropdown(options=options, value=value, description=label, **_looks(kwargs))


def _looks(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"style": {"description_width": "13em"}, "layout": widgets.Layout(width="28em"), **kwargs}

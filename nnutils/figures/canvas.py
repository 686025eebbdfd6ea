"""A canvas that draws a figure again and again, and each time only what can have changed.

Most of a drawing's time goes into what stays: ticks, their labels, legends. A picture of these is kept, the *ground*. A drawing
begins with a copy of it and draws the rest, in matplotlib's own order: the result is the same as if all were drawn, to the pixel.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakSet

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from numpy.typing import NDArray

ABOVE_TICKS, BELOW_LINES = 1.2, 1.0  # places in matplotlib's order: ticks have 0.5, lines 2


class Canvas:
    """Draws a figure whose size and layout do not change any more, and whose axes, texts and legends do not overlap.

    Make it before the figure gets its first data, and call `pixels` after that. The ground of an axes is what
    it draws before the first thing that has ever been seen to change. matplotlib says itself what
    has changed (`stale`); of an axis its limits, scale, ticks and label are compared. Two pictures are kept: the
    ground of all axes whose ticks have never changed, and that of all.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure, self._agg = figure, FigureCanvasAgg(figure)
        self._moving, self._restless = WeakSet[Artist](), set[Axes]()
        self._grounds: dict[Axes, list[Artist]] = {}
        self._around = list[Artist]()  # texts and legends of the figure that have never changed
        self._keys = {axes: _key(axes) for axes in figure.axes}
        self._still: Any = None  # the picture of the ground of all axes whose ticks have never changed
        self._ground: Any = None  # and that of all
        _arrange(figure)
        for artists in (_around(figure), *map(_drawn, figure.axes)):
            _rest(artists)

    def _lay_out(self) -> None:
        """Find the places of all axes, now that the figure has its first data."""
        self._moving |= set(filter(_changed, _around(self.figure)[1:]))
        self._around = [artist for artist in _around(self.figure)[1:] if artist not in self._moving]
        for axes in self.figure.axes:
            if _key(axes) != self._keys[axes]:
                self._restless.add(axes)
            self._moving |= set(filter(_changed, _drawn(axes)))
            self._grounds[axes] = self._split(axes)[0]
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # doing so each time would double a drawing's time
        for axes in self.figure.axes:
            self._keys[axes] = _key(axes)
        for artists in (_around(self.figure), *map(_drawn, self.figure.axes)):
            _rest(artists)

    def pixels(self) -> NDArray[np.uint8]:
        """The picture of the figure as it is now: (height, width, 4), red, green, blue, opacity. The next call changes it."""
        if self._grounds:
            self._look()
        else:
            self._lay_out()
        agg, renderer = self._agg, self._agg.get_renderer()
        if self._still is None:
            renderer.clear()
            self._draw([self.figure.patch, *self._around])
            self._draw_grounds(set(self.figure.axes) - self._restless)
            self._still = agg.copy_from_bbox(self.figure.bbox)
        elif self._ground is None:
            renderer.restore_region(self._still)
        else:
            renderer.restore_region(self._ground)
        if self._ground is None:
            self._draw_grounds(self._restless)
            self._ground = agg.copy_from_bbox(self.figure.bbox)
        for axes in self.figure.axes:
            self._draw(self._split(axes)[1])
        self._draw([artist for artist in _around(self.figure) if artist in self._moving])
        return np.asarray(agg.buffer_rgba())

    def _look(self) -> None:
        """Find out what has changed since the last drawing, and forget the pictures that show it as it was."""
        background, *around = _around(self.figure)
        self._moving |= set(filter(_changed, around))
        still = [artist for artist in around if artist not in self._moving]
        if still != self._around or _changed(background):
            self._still = self._ground = None
        self._around = still
        for axes in self.figure.axes:
            before, key = self._grounds[axes], _key(axes)
            self._moving |= set(filter(_changed, before))
            now, _ = self._split(axes)
            if now != before or key != self._keys[axes]:
                self._ground = None
                self._still = self._still if axes in self._restless else None
            if key != self._keys[axes]:
                self._restless.add(axes)
            self._grounds[axes], self._keys[axes] = now, key

    def _split(self, axes: Axes) -> tuple[list[Artist], list[Artist]]:
        """What an axes draws, in its order: its ground, and all that comes after."""
        artists = _drawn(axes)
        first = next((k for k, artist in enumerate(artists) if artist in self._moving), len(artists))
        return artists[:first], artists[first:]

    def _draw_grounds(self, of: set[Axes]) -> None:
        for axes in self.figure.axes:
            if axes in of:
                axes.apply_aspect()
                self._draw(self._grounds[axes])

    def _draw(self, artists: Sequence[Artist]) -> None:
        for artist in artists:
            artist.draw(self._agg.get_renderer())
        _rest(artists)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of a picture (height, width, 4) that is opaque: 8 bits for red, green and blue, rows as they are.

    Pillow tries five filters on each row, and takes twice as long. The format: https://www.w3.org/TR/png-3/#5DataRep
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter, 0: none
    rows[:, 1:] = pixels[:, :, :3].reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + head, b"IDAT" + zlib.compress(rows.tobytes(), 1), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def _arrange(figure: Figure) -> None:
    """Put what rarely changes below what moves: titles and legends below lines; pictures above ticks, which stand outside."""
    for axes in figure.axes:
        for title in set(filter(lambda child: isinstance(child, Text), axes.get_children())) - {*axes.texts}:
            title.set_zorder(BELOW_LINES)
        legend = axes.get_legend()
        if legend and not axes.images:
            legend.set_zorder(BELOW_LINES)
        for image in axes.images:
            image.set_zorder(max(image.get_zorder(), ABOVE_TICKS))


def _around(figure: Figure) -> list[Artist]:
    """What a figure draws besides its axes, in its order: its background, texts and legends."""
    children = [child for child in figure.get_children() if not isinstance(child, Axes)]
    return sorted(children, key=lambda child: (child is not figure.patch, child.get_zorder()))


def _drawn(axes: Axes) -> list[Artist]:
    """What an axes draws, in its order, as `Axes.draw` has it."""
    framed = axes.axison and axes.get_frame_on()
    left_out: list[Artist] = [axes.patch, *([] if framed else axes.spines.values())]
    left_out += [] if axes.axison else [axes.xaxis, axes.yaxis]
    shown = [child for child in axes.get_children() if child not in left_out]
    return [axes.patch] * framed + sorted(shown, key=lambda child: child.get_zorder())


def _parts(artist: Artist) -> list[Artist]:
    return [*artist.get_texts(), *artist.legend_handles] if isinstance(artist, Legend) else []


def _rest(artists: Iterable[Artist]) -> None:
    """Note that all is drawn as it is now. Some artists, such as empty texts, do not do so themselves."""
    for artist in artists:
        for part in (artist, *_parts(artist)):
            part.stale = False


def _changed(artist: Artist) -> bool:
    """Whether something is not as it was drawn. An axis says so whenever limits are set, even to what they are: see `_key`."""
    return not isinstance(artist, Axis) and any(part.stale for part in (artist, *_parts(artist)))


def _key(axes: Axes) -> tuple[Any, ...]:
    """What the ticks of an axes depend on."""
    return tuple(
        (*axis.get_view_interval(), axis.get_scale(), axis.label.get_text(),
         axis.get_major_locator(), axis.get_major_formatter(), axis.get_minor_locator())
        for axis in (axes.xaxis, axes.yaxis)
    )  # fmt: skip

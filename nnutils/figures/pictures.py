"""Rows of small pictures, such as digits."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import NDArray

from nnutils.figures.alt import gallery
from nnutils.figures.style import panels, show, styled


@styled
def picture_rows(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of digits, (n, 64) each, with a name in front of every row."""
    figure, axes = panels(
        len(rows), len(next(iter(rows.values()))), height=0.4 + len(rows) * 0.95, squeeze=False
    )
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        for axis, pixels in zip(line, pictures, strict=True):
            axis.imshow(pixels.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(True)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, fontweight="bold", fontsize=12)
    show(figure, gallery(rows))

"""Augmentation: changes of an image that leave its label as it is. The draws are arguments, so that each change can be repeated.

images: (m, h, w), or (m, h, w, c) with colours, values in [0, 1] for ``color_jitter``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import as_float

Array = NDArray[np.floating]


def horizontal_flip(images: ArrayLike) -> Array:
    """Every image mirrored, left to right: a view."""
    return _images(images)[:, :, ::-1]


def random_crop(images: ArrayLike, pad: int, offsets: ArrayLike) -> Array:
    """Each image framed with pad zeros on all sides and cropped to its size again, the window at its own offset.

    offsets: ints (m, 2), row and column of the padded image, each from 0 to 2 pad; (pad, pad) is the image itself.
    """
    images, offsets = _images(images), np.asarray(offsets)
    m, h, w = images.shape[:3]
    if offsets.shape != (m, 2) or offsets.dtype.kind not in "iu":
        raise ValueError(f"offsets must be ints of shape ({m}, 2), a row and a column for each image")
    if m and (offsets.min() < 0 or offsets.max() > 2 * pad):
        raise ValueError(
            f"offsets lie from 0 to 2 pad = {2 * pad}, these from {offsets.min()} to {offsets.max()}"
        )
    padded = np.pad(images, [(0, 0), (pad, pad), (pad, pad), (0, 0)][: images.ndim])
    rows, columns = offsets[:, :1] + np.arange(h), offsets[:, 1:] + np.arange(w)
    return padded[np.arange(m)[:, None, None], rows[:, :, None], columns[:, None, :]]


def color_jitter(images: ArrayLike, brightness: float, contrast: float) -> Array:
    """clip(contrast (x - mean) + mean + brightness, 0, 1), with one mean for each image."""
    images = _images(images)
    mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True)
    return np.clip(float(contrast) * (images - mean) + mean + float(brightness), 0, 1)


def fractional_pool_edges(n_in: int, n_out: int, u: float) -> NDArray[np.int64]:
    """Edges (n_out + 1,) of pooling regions from 0 to n_in, each floor or ceil of n_in / n_out wide (Graham 2014).

    ceil(alpha (i + u)), alpha = n_in / n_out, moved so that the first is 0. u in [0, 1) decides where the wide regions lie.
    """
    if not 0 < n_out <= n_in:
        raise ValueError(f"{n_in} pixels make from 1 to {n_in} regions, not {n_out}")
    if not 0 <= u < 1:
        raise ValueError(f"u is a draw from [0, 1), not {u}")
    edges = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u)).astype(np.int64)
    edges -= edges[0]
    edges[-1] = n_in
    return edges


def fractional_max_pool(image: ArrayLike, row_edges: ArrayLike, col_edges: ArrayLike) -> Array:
    """The largest pixel of each region, (len(row_edges) - 1, len(col_edges) - 1); region i is edges[i] up to edges[i + 1].

    image: (h, w), or (h, w, c), whose colours are pooled each by itself.
    """
    image = np.asarray(image)
    for name, edges, n in (("row", row_edges, image.shape[0]), ("column", col_edges, image.shape[1])):
        edges = np.asarray(edges)
        if edges[0] != 0 or edges[-1] != n or (np.diff(edges) < 1).any():
            raise ValueError(f"{name} edges must rise from 0 to {n}, not {edges.tolist()}")
    rows = np.maximum.reduceat(image, np.asarray(row_edges)[:-1], axis=0)
    return np.maximum.reduceat(rows, np.asarray(col_edges)[:-1], axis=1)


def _images(images: ArrayLike) -> Array:
    images = as_float(images)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"images have shape (m, h, w) or (m, h, w, c), not {images.shape}: reshape rows of pixels"
        )
    return images

"""Augmentation: changes of an image that do not change its label. Random draws are arguments, so that a change can be repeated.

images: (m, h, w), or (m, h, w, c) with colours. ``color_jitter`` needs values in [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array, as_float


def horizontal_flip(images: ArrayLike) -> Array:
    """Every image mirrored, left to right. Returns a view."""
    return _images(images)[:, :, ::-1]


def random_crop(images: ArrayLike, pad: int, offsets: ArrayLike) -> Array:
    """Each image padded with zeros on all sides, then cropped to its old size at an offset of its own.

    offsets: ints (m, 2), row and column in the padded image, each from 0 to 2 pad; (pad, pad) gives the image itself.
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


def _images(images: ArrayLike) -> Array:
    images = as_float(images)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"images have shape (m, h, w) or (m, h, w, c), not {images.shape}: reshape rows of pixels"
        )
    return images

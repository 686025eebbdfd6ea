"""Augmentation: changes of an image that do not change its label, and of labels. Random draws are arguments, so that a change can
be repeated.

images: (m, h, w), or (m, h, w, c) with colours. ``color_jitter`` needs values in [0, 1]. Y: (m, k), rows of probabilities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array, as_float


def horizontal_flip(images: ArrayLike, chosen: ArrayLike | None = None) -> Array:
    """Images mirrored, left to right: those that are chosen, bool (m,), or all of them, as a view."""
    images = _images(images)
    if chosen is None:
        return images[:, :, ::-1]
    chosen = np.asarray(chosen)
    if chosen.shape != (len(images),) or chosen.dtype != bool:
        raise ValueError(f"chosen must be {len(images)} truth values, one for each image")
    return np.where(chosen.reshape(-1, *[1] * (images.ndim - 1)), images[:, :, ::-1], images)


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


def affine(images: ArrayLike, turn: ArrayLike, shift: ArrayLike) -> Array:
    """Each image turned clockwise about its middle by degrees, then moved; pixels between pixels are interpolated, outside is 0.

    images: (m, h, w). turn: (m,). shift: (m, 2), pixels down and to the right.
    """
    images, angle = _images(images), np.deg2rad(np.asarray(turn, float))[:, None, None]
    m, h, w = images.shape
    down, right = np.asarray(shift, float).T[:, :, None, None]
    middle = np.array([(h - 1) / 2, (w - 1) / 2])
    rows = np.arange(h)[:, None] - middle[0] - down
    columns = np.arange(w) - middle[1] - right
    # Where each pixel of the result comes from, in an image with a frame of one zero.
    row = np.clip(np.cos(angle) * rows - np.sin(angle) * columns + middle[0], -1, h) + 1
    column = np.clip(np.sin(angle) * rows + np.cos(angle) * columns + middle[1], -1, w) + 1
    i, j = np.minimum(row.astype(int), h), np.minimum(column.astype(int), w)
    flat = np.pad(images, ((0, 0), (1, 1), (1, 1))).ravel()
    place = np.arange(m)[:, None, None] * ((h + 2) * (w + 2)) + i * (w + 2) + j
    a, b = row - i, column - j
    above = (1 - b) * flat[place] + b * flat[place + 1]
    below = (1 - b) * flat[place + w + 2] + b * flat[place + w + 3]
    return ((1 - a) * above + a * below).astype(images.dtype)


def mixup(X: ArrayLike, Y: ArrayLike, lam: float, order: ArrayLike) -> tuple[Array, Array]:
    """Each example mixed with another one, and its label likewise: lam X + (1 - lam) X[order] (Zhang et al. 2018).

    X: (m, ...). Y: (m, k). order: (m,), whole numbers, the partner of each example.
    """
    X, Y, order, lam = as_float(X), as_float(Y), np.asarray(order), float(lam)
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * Y[order]


def smooth_labels(Y: ArrayLike, eps: float) -> Array:
    """Labels of which the share eps is spread evenly over all k classes: (1 - eps) Y + eps / k (Szegedy et al. 2016)."""
    Y, eps = as_float(Y), float(eps)
    return (1 - eps) * Y + eps / Y.shape[-1]


def _images(images: ArrayLike) -> Array:
    images = as_float(images)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"images have shape (m, h, w) or (m, h, w, c), not {images.shape}: reshape rows of pixels"
        )
    return images

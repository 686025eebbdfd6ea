"""Convolution and pooling, forward only: what a frozen body needs. Pictures are (m, rows, columns, channels), as in Keras."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


def conv2d(images: NDArray, W: NDArray, b: NDArray) -> NDArray:
    """The sum over a window around each pixel of W times what is in it, plus b. Zeros stand around the picture: its size stays.

    z[i, r, c, o] = sum over u, v, k of x[i, r + u, c + v, k] W[u, v, k, o] + b[o], x being the padded images.
    images: (m, rows, columns, n_in). W: (height, width, n_in, n_out), height and width odd. b: (n_out,).
    Returns (m, rows, columns, n_out), as Keras' Conv2D(padding="same") without an activation.
    """
    height, width, n_in, n_out = W.shape
    frame = ((0, 0), (height // 2,) * 2, (width // 2,) * 2, (0, 0))
    windows = sliding_window_view(np.pad(images, frame), (height, width), axis=(1, 2))
    m, rows, columns = windows.shape[:3]
    flat = windows.reshape(m * rows * columns, n_in * height * width)  # a window a row: channel, row, column
    z = flat @ W.transpose(2, 0, 1, 3).reshape(-1, n_out)
    return (z + b).reshape(m, rows, columns, n_out)


def max_pool(images: NDArray, size: int = 2) -> NDArray:
    """The largest value of each square of size x size pixels; what does not fill a square is cut off.

    images: (m, rows, columns, channels). Returns (m, rows // size, columns // size, channels), as Keras' MaxPooling2D.
    """
    m, rows, columns, channels = images.shape
    rows, columns = rows // size, columns // size
    squares = images[:, : rows * size, : columns * size].reshape(m, rows, size, columns, size, channels)
    return squares.max(axis=(2, 4))

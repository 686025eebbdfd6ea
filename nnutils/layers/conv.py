"""The convolution: one small set of weights looks at every place of a square image."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnutils import initializers
from nnutils.arrays import Array
from nnutils.layers.base import Layer


class Conv2D(Layer):
    """z[i, j] = (patch at row s i, column s j) W + b, without padding, as Keras' Conv2D(filters, kernel, strides=s) computes it.

    x: (m, side * side * channels), rows of square images, channels last. Returns (m, places * places * filters), as flat, with
    places = (side - kernel) // stride + 1. W: (kernel * kernel * channels, filters), b: (filters,). init: as of Dense.
    """

    W: Array
    b: Array
    dW: Array
    db: Array

    settings = ("filters", "kernel", "stride", "channels")

    def __init__(
        self, filters: int, kernel: int, stride: int = 1, channels: int = 1, init: str | float = "he"
    ) -> None:
        self.filters, self.kernel, self.stride = filters, kernel, stride
        self.channels, self.init = channels, init

    def width(self, n_in: int) -> int:
        self.side = round((n_in / self.channels) ** 0.5)
        if self.side**2 * self.channels != n_in or self.side < self.kernel:
            raise ValueError(
                f"{n_in} inputs are no square image of {self.channels} channels, at least {self.kernel} pixels wide"
            )
        self.places = (self.side - self.kernel) // self.stride + 1
        return self.places**2 * self.filters

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"W": (self.kernel**2 * self.channels, self.filters), "b": (self.filters,)}

    def initialize(self, rng: np.random.Generator) -> None:
        n_in, n_out = self.W.shape
        self.W[...] = initializers.weights(n_in, n_out, self.init, rng, self.dtype)

    def forward(self, x: Array, training: bool = False) -> Array:
        patches = self._patches(x)
        if training:
            self.patches = patches
        z = patches @ self.W + self.b[..., None, :]
        return z.reshape(*z.shape[:-2], x.shape[-2], self.n_out)

    def backward(self, d: Array) -> Any:
        m = d.shape[-2]
        flat = d.reshape(*d.shape[:-2], m * self.places**2, self.filters)
        self.dW[...] = self.patches.mT @ flat
        self.db[...] = flat.sum(axis=-2)
        if self.needs_dx:
            return self._together(flat @ self.W.mT, m)

    def _patches(self, x: Array) -> Array:
        """Every patch as a row: (m * places * places, kernel * kernel * channels)."""
        k, s = self.kernel, self.stride
        images = x.reshape(*x.shape[:-1], self.side, self.side, self.channels)
        seen = np.lib.stride_tricks.sliding_window_view(images, (k, k), axis=(-3, -2))[..., ::s, ::s, :, :, :]
        seen = np.moveaxis(seen, -3, -1)  # channels last
        return seen.reshape(*x.shape[:-2], x.shape[-2] * self.places**2, k * k * self.channels)

    def _together(self, patches: Array, m: int) -> Array:
        """The derivative by the images: each pixel collects from all patches that it is in."""
        k, s, p = self.kernel, self.stride, self.places
        runs = patches.shape[:-2]
        patches = patches.reshape(*runs, m, p, p, k, k, self.channels)
        dx = np.zeros((*runs, m, self.side, self.side, self.channels), self.dtype)
        for i, j in np.ndindex(k, k):
            dx[..., i : i + s * p : s, j : j + s * p : s, :] += patches[..., i, j, :]
        return dx.reshape(*runs, m, self.n_in)

"""Dropout and alpha dropout as layers. They do something in training only."""

from __future__ import annotations

from math import sqrt

import numpy as np

from nnutils.activations import SELU_ALPHA, SELU_SCALE
from nnutils.arrays import Array
from nnutils.dropout import check_keep_prob
from nnutils.layers.base import Layer


class Dropout(Layer):
    """x mask / keep_prob in training, x in inference. Each forward pass draws a new mask from the layer's rng."""

    settings = ("keep_prob",)

    def __init__(self, keep_prob: float) -> None:
        self.keep_prob = float(check_keep_prob(keep_prob))

    def draw(self, shape: tuple[int, ...]) -> Array:
        """1 where a unit is kept, 0 where it is dropped."""
        if self.frozen:
            return self.mask
        mask = self.buffer("mask", shape)
        drawn = (  # in a stack the mask is a view, and that is what lies in memory
            mask if mask.ndim < 3 else mask.mT
        )
        self.rng.random(dtype=self.dtype.type, out=drawn)  # type: ignore[arg-type]
        np.less(mask, self.keep_prob, out=mask, casting="unsafe")
        return mask

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x
        self.mask = self.draw(x.shape)
        out = np.multiply(x, self.mask, out=self.buffer("out", x.shape))
        out *= 1 / self.keep_prob
        return out

    def backward(self, d: Array) -> Array:
        dx = np.multiply(d, self.mask, out=self.buffer("dx", d.shape))
        dx *= 1 / self.keep_prob
        return dx


class AlphaDropout(Dropout):
    """Dropout for SELU networks: a (x mask - lambda alpha (1 - mask)) + b in training, x in inference.

    A dropped unit gets SELU's limit -lambda alpha; a and b keep mean 0 and variance 1 (Klambauer et al. 2017).
    """

    def constants(self) -> tuple[float, float, float]:
        """(-lambda alpha, a, b)."""
        q, dropped = self.keep_prob, -SELU_SCALE * SELU_ALPHA
        a = 1 / sqrt(q + dropped**2 * q * (1 - q))
        return dropped, a, -a * dropped * (1 - q)

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x
        dropped, a, b = self.constants()
        self.mask = self.draw(x.shape)
        out = np.subtract(x, dropped, out=self.buffer("out", x.shape))  # dropped + mask (x - dropped)
        out *= self.mask
        out += dropped
        out *= a
        out += b
        return out

    def backward(self, d: Array) -> Array:
        dx = np.multiply(d, self.mask, out=self.buffer("dx", d.shape))
        dx *= self.constants()[1]
        return dx

"""Dropout and alpha dropout as layers: active in training only."""

from __future__ import annotations

import numpy as np

from nnutils.dropout import alpha_dropout_constants, check_keep_prob
from nnutils.layers.base import Array, Layer


class Dropout(Layer):
    """x mask / keep_prob in training, x in inference. A new mask is drawn from the layer's rng at each forward."""

    settings = ("keep_prob",)

    def __init__(self, keep_prob: float) -> None:
        self.keep_prob = float(check_keep_prob(keep_prob))

    def draw(self, shape: tuple[int, ...]) -> Array:
        """1 where a unit is kept, 0 where it is dropped."""
        if self.frozen:
            return self.mask
        mask = self.buffer("mask", shape)
        self.rng.random(dtype=self.dtype.type, out=mask)  # type: ignore[arg-type]
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
    """Dropout for SELU networks: a (x mask - lambda alpha (1 - mask)) + b in training, x in inference."""

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x
        dropped, a, b = alpha_dropout_constants(self.keep_prob)
        self.mask = self.draw(x.shape)
        out = np.subtract(x, dropped, out=self.buffer("out", x.shape))  # dropped + mask (x - dropped)
        out *= self.mask
        out += dropped
        out *= a
        out += b
        return out

    def backward(self, d: Array) -> Array:
        dx = np.multiply(d, self.mask, out=self.buffer("dx", d.shape))
        dx *= alpha_dropout_constants(self.keep_prob)[1]
        return dx

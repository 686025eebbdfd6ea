"""The dense layer: every unit is connected to every input."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnutils import initializers
from nnutils.arrays import Array
from nnutils.layers.base import Layer


class Dense(Layer):
    """z = x W + b, with W (n_in, n_out) and b (n_out,). init: "he", "glorot", "lecun" or the standard deviation."""

    W: Array
    b: Array
    dW: Array
    db: Array

    settings = ("n_out", "init")

    def __init__(self, n_out: int, init: str | float = "he", bias: bool = True) -> None:
        self.n_out, self.init, self.bias = n_out, init, bias

    def width(self, n_in: int) -> int:
        return self.n_out

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"W": (self.n_in, self.n_out)} | ({"b": (self.n_out,)} if self.bias else {})

    def initialize(self, rng: np.random.Generator) -> None:
        self.W[...] = initializers.weights(self.n_in, self.n_out, self.init, rng, self.dtype)

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x @ self.W + self.b[..., None, :] if self.bias else x @ self.W
        self.x = x
        runs = x.shape[:-2] or self.W.shape[:-2]
        z = product(x, self.W, self.buffer("z", (*runs, x.shape[-2], self.n_out)))
        if self.bias:
            z += self.b if self.b.ndim == 1 else self.b[:, None]
        return z

    def backward(self, d: Array) -> Any:
        product(self.x.mT, d, self.dW)
        if self.bias:
            product(self.ones(d.shape[-2]), d, self.db)
        if self.needs_dx:
            return product(d, self.W.mT, self.buffer("dx", (*d.shape[:-1], self.n_in)))


def product(a: Array, b: Array, out: Array) -> Array:
    """a @ b, written into out. Without a stack np.dot is a little faster than np.matmul."""
    if a.ndim < 3 and b.ndim < 3:
        return np.dot(a, b, out=out)
    if a.shape[-1] == 1 < a.ndim == b.ndim:  # a column times a row: in a stack matmul uses a slow loop
        return np.multiply(a, b, out=out)
    return np.matmul(a, b, out=out)

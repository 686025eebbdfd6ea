"""Residual blocks: a shortcut around some layers. And what such a block may hold besides: a learned scale, DropPath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from nnutils.arrays import Array
from nnutils.layers.base import Layer
from nnutils.layers.batchnorm import BatchNorm
from nnutils.layers.dense import Dense
from nnutils.layers.dropout import Dropout


class Residual(Layer):
    """x + scale branch(x): the shortcut hands x on as it is (He et al. 2016).

    branch: new layers, which together must return as many units as they get. They own the parameters: theta and grad of the
    block are theirs in a row, and are called "0.W", "0.b", "1.gamma", …
    """

    settings = ("branch", "scale")

    def __init__(self, branch: Sequence[Layer], scale: float = 1.0) -> None:
        self.branch, self.scale = list(branch), float(scale)

    def width(self, n_in: int) -> int:
        width = n_in
        for layer in self.branch:
            width = layer.build(width, self.rng, self.dtype).n_out
        if width != n_in:
            raise ValueError(f"the branch of a residual block must return its {n_in} units, not {width}")
        return n_in

    def shapes(self) -> dict[str, tuple[int, ...]]:
        parts = enumerate(self.branch)
        return {f"{i}.{name}": shape for i, layer in parts for name, shape in layer.shapes().items()}

    def initialize(self, rng: np.random.Generator) -> None:
        for layer in self.branch:
            layer.initialize(rng)

    def bind(self, theta: Array, grad: Array) -> None:
        self.theta, self.grad, start = theta, grad, 0
        for layer in self.branch:
            piece = slice(start, start + layer.theta.shape[-1])
            layer.bind(theta[..., piece], grad[..., piece])
            start = piece.stop
        for before, layer in pairwise(self.branch):
            layer.may_overwrite = isinstance(before, (Dense, BatchNorm))

    def parts(self, name: str) -> Iterator[tuple[str, Layer]]:
        for i, layer in enumerate(self.branch):
            yield from layer.parts(f"{name}.{i}")

    def forward(self, x: Array, training: bool = False) -> Array:
        a = x
        for layer in self.branch:
            a = layer.forward(a, training)
        out = np.multiply(a, self.scale, out=self.buffer("out", a.shape) if training else None)
        out += x
        return out

    def backward(self, d: Array) -> Array:
        """dx = d + branch's dx of (scale d)."""
        back = np.multiply(d, self.scale, out=self.buffer("scaled", d.shape))
        for layer in reversed(self.branch):
            back = layer.backward(back)
        return np.add(back, d, out=self.buffer("dx", d.shape))


class Scale(Layer):
    """gain x, with one trained number for all units. At the end of a branch, with gain 0 at the start, the block begins as the
    identity (ReZero: Bachlechner et al. 2021; SkipInit: De & Smith 2020).
    """

    gain: Array
    dgain: Array
    settings = ("start",)

    def __init__(self, start: float = 0.0) -> None:
        self.start = float(start)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"gain": (1,)}

    def initialize(self, rng: np.random.Generator) -> None:
        self.gain[...] = self.start

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        return np.multiply(x, self.gain[..., None, :], out=self.buffer("out", x.shape) if training else None)

    def backward(self, d: Array) -> Array:
        self.dgain[...] = np.vecdot(d, self.x).sum(axis=-1)[..., None]
        return np.multiply(d, self.gain[..., None, :], out=self.buffer("dx", d.shape))


class DropPath(Dropout):
    """Whole examples of a branch are dropped: x mask / keep_prob in training, mask (m, 1); x in inference.

    It stands at the end of a branch. This is stochastic depth (Huang et al. 2016) with one draw for each example, and the scale
    of inverted dropout.
    """

    def draw(self, shape: tuple[int, ...]) -> Array:
        return super().draw((*shape[:-1], 1))

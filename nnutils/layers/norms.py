"""Layer norm and RMS norm: each example is normalised by its own units, so a batch of one is as good as any."""

from __future__ import annotations

import numpy as np

from nnutils.arrays import Array
from nnutils.layers.base import Layer


class LayerNorm(Layer):
    """gamma (x - mean) / sqrt(var + eps) + beta, mean and var (biased) over the units of each example (Ba et al. 2016)."""

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    settings = ("eps",)
    centred = True  # whether the mean is subtracted, and beta added

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = float(eps)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return dict.fromkeys(("gamma", "beta")[: 1 + self.centred], (self.n_in,))

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...] = 1

    def forward(self, x: Array, training: bool = False) -> Array:
        x_hat = self.buffer("x_hat", x.shape) if training else np.empty(x.shape, self.dtype)
        if self.centred:
            np.subtract(x, _mean(x, self.ones(self.n_in)), out=x_hat)
        else:
            x_hat[...] = x
        inv_std = 1 / np.sqrt(np.vecdot(x_hat, x_hat)[..., None] / self.n_in + self.eps)
        x_hat *= inv_std
        if training:
            self.x_hat, self.inv_std = x_hat, inv_std
        out = self.buffer("out", x.shape) if training else x_hat
        np.multiply(x_hat, self.gamma[..., None, :], out=out)
        if self.centred:
            out += self.beta[..., None, :]
        return out

    def backward(self, d: Array) -> Array:
        """dx = (g - mean(g) - x_hat mean(g x_hat)) / std with g = gamma d, the means over the units of an example."""
        examples, units = self.ones(d.shape[-2]), self.ones(self.n_in)
        dx = np.multiply(d, self.x_hat, out=self.buffer("dx", d.shape))
        np.matmul(examples, dx, out=self.dgamma)
        g = np.multiply(d, self.gamma[..., None, :], out=self.buffer("g", d.shape))
        np.multiply(self.x_hat, np.vecdot(g, self.x_hat)[..., None] / self.n_in, out=dx)
        if self.centred:
            np.matmul(examples, d, out=self.dbeta)
            dx += _mean(g, units)
        np.subtract(g, dx, out=dx)
        dx *= self.inv_std
        return dx

    def ones(self, m: int) -> Array:
        """m ones; examples and units have a buffer each."""
        return self.buffer(f"ones {m}", (m,), np.ones)


class RMSNorm(LayerNorm):
    """gamma x / sqrt(mean(x^2) + eps), the mean over the units of each example (Zhang & Sennrich 2019)."""

    centred = False


def _mean(x: Array, ones: Array) -> Array:
    """The mean over the units, (…, m, 1)."""
    return (x @ ones / x.dtype.type(len(ones)))[..., None]

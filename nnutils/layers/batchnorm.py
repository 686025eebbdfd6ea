"""Batch normalisation as a layer."""

from __future__ import annotations

import numpy as np

from nnutils.arrays import Array
from nnutils.layers.base import Layer


class BatchNorm(Layer):
    """gamma (x - mean) / sqrt(var + eps) + beta, mean and var (biased) over the examples (Ioffe & Szegedy 2015).

    In inference mean and var are running averages over the batches: running = momentum running + (1 - momentum) batch.
    ``get_params`` returns them, too, but they are not part of theta: the gradient does not change them.
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    settings = ("momentum", "eps")
    state = ("running_mean", "running_var")

    def __init__(self, momentum: float = 0.9, eps: float = 1e-5) -> None:
        self.momentum, self.eps = float(momentum), float(eps)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"gamma": (self.n_in,), "beta": (self.n_in,)}

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...] = 1
        self.running_mean, self.running_var = np.zeros_like(self.beta), np.ones_like(self.gamma)

    def forward(self, x: Array, training: bool = False) -> Array:
        gamma, beta = self.gamma[..., None, :], self.beta[..., None, :]
        if not training:
            scale = gamma / np.sqrt(self.running_var + self.eps)[..., None, :]
            return (x - self.running_mean[..., None, :]) * scale + beta
        m = x.shape[-2]
        out, x_hat = self.buffer("out", x.shape), self.buffer("x_hat", x.shape)
        mean = self.ones(m) @ x / m
        np.subtract(x, mean[..., None, :], out=x_hat)
        var = self.ones(m) @ np.multiply(x_hat, x_hat, out=out) / m
        self.inv_std = 1 / np.sqrt(var + self.eps)
        self.x_hat = np.multiply(x_hat, self.inv_std[..., None, :], out=x_hat)
        if not self.frozen:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return np.add(np.multiply(gamma, x_hat, out=out), beta, out=out)

    def backward(self, d: Array) -> Array:
        """dx = gamma / std (d - mean(d) - x_hat mean(d x_hat)), the means over the examples."""
        m = d.shape[-2]
        dx = np.multiply(d, self.x_hat, out=self.buffer("dx", d.shape))
        np.matmul(self.ones(m), dx, out=self.dgamma)
        np.matmul(self.ones(m), d, out=self.dbeta)
        np.multiply(self.x_hat, (self.dgamma / m)[..., None, :], out=dx)
        dx += (self.dbeta / m)[..., None, :]
        np.subtract(d, dx, out=dx)
        dx *= (self.gamma * self.inv_std)[..., None, :]
        return dx

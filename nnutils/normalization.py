"""Normalising inputs, and batch normalisation as functions (the layer is ``nnutils.layers.BatchNorm``)."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import as_float

Array = NDArray[np.floating]


class Standardizer:
    """(X - mean) / std with the training set's mean and std (ddof 0), which serve dev and test too. X: (m, n_x).

    A constant feature has std 1: it becomes 0 and does not divide by 0.
    """

    mean: Array
    std: Array

    def fit(self, X: ArrayLike) -> Self:
        """Measure mean and std, each (n_x,), on the training set."""
        X = as_float(X)
        constant = X.max(axis=0) == X.min(axis=0)  # exact; a std of rounding errors alone is not 0
        self.mean, self.std = X.mean(axis=0), np.where(constant, X.dtype.type(1), X.std(axis=0))
        return self

    def transform(self, X: ArrayLike) -> Array:
        """X in the units of the training set, (m, n_x)."""
        if not hasattr(self, "mean"):
            raise ValueError("fit the standardizer on the training set first")
        return (as_float(X) - self.mean) / self.std

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Back to the old units."""
        return as_float(X) * self.std + self.mean


class Cache(NamedTuple):
    """What the backward pass of batch normalisation needs; mean and var are for the running averages."""

    z_hat: Array
    gamma: Array
    std: Array
    mean: Array
    var: Array


def batchnorm_forward(
    z: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5
) -> tuple[Array, Cache]:
    """gamma (z - mean) / sqrt(var + eps) + beta, mean and var (ddof 0) over the batch (Ioffe & Szegedy 2015).

    z: (m, n); gamma, beta: (n,). Returns the output (m, n) and the cache.
    """
    z, gamma = as_float(z), as_float(gamma)
    mean, var = z.mean(axis=0), z.var(axis=0)
    std = np.sqrt(var + eps)
    z_hat = (z - mean) / std
    return gamma * z_hat + as_float(beta), Cache(z_hat, gamma, std, mean, var)


def batchnorm_backward(dout: ArrayLike, cache: Cache) -> tuple[Array, Array, Array]:
    """(dz, dgamma, dbeta), with dz = gamma / std (dout - mean(dout) - z_hat mean(dout z_hat))."""
    dout = as_float(dout)
    dgamma, dbeta = (dout * cache.z_hat).sum(axis=0), dout.sum(axis=0)
    m = len(dout)
    dz = cache.gamma / cache.std * (dout - dbeta / m - cache.z_hat * dgamma / m)
    return dz, dgamma, dbeta


def update_running(running: ArrayLike, batch: ArrayLike, momentum: float = 0.9) -> Array:
    """momentum running + (1 - momentum) batch: momentum is the share of the OLD value."""
    return momentum * as_float(running) + (1 - momentum) * as_float(batch)


def batchnorm_inference(
    z: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    eps: float = 1e-5,
) -> Array:
    """The same with the running statistics, so that one example's output does not depend on its company."""
    scale = as_float(gamma) / np.sqrt(as_float(running_var) + eps)
    return (as_float(z) - as_float(running_mean)) * scale + as_float(beta)


def fold_batchnorm(
    W: ArrayLike,
    b: ArrayLike,
    mean: ArrayLike,
    var: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    eps: float = 1e-5,
) -> tuple[Array, Array]:
    """(W, b) of the one dense layer that equals dense (W, b) followed by batch norm in inference."""
    scale = as_float(gamma) / np.sqrt(as_float(var) + eps)
    return as_float(W) * scale, (as_float(b) - as_float(mean)) * scale + as_float(beta)

"""Activation functions: each takes z of any shape and returns ``(value, derivative)``, both of z's shape.

``softmax`` is the exception: each of its outputs depends on all units of a row, its derivative is a matrix, and it returns its
value alone. All functions are safe for large ``|z|`` (no overflow, no NaN), and float32 stays float32.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array, as_float

Pair = tuple[Array, Array]

SELU_ALPHA = 1.6732632423543772  # Klambauer et al. 2017, the fixed point at mean 0 and variance 1
SELU_SCALE = 1.0507009873554805

PLACES, WEIGHTS = np.polynomial.legendre.leggauss(20)
CDF_RULE = [  # t in [0, 1] as -t^2 / 2, and the weight of its density
    (-(((1 + place) / 2) ** 2) / 2, weight / 2 / sqrt(2 * pi))
    for place, weight in zip(PLACES.tolist(), WEIGHTS.tolist(), strict=True)
]


def relu(z: ArrayLike) -> Pair:
    """max(z, 0); the derivative is 1 for z > 0 and 0 elsewhere, also at 0 (Nair & Hinton 2010)."""
    z = as_float(z)
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def leaky_relu(z: ArrayLike, alpha: float = 0.01) -> Pair:
    """z for z > 0, alpha z elsewhere (Maas et al. 2013)."""
    z = as_float(z)
    slope = np.where(z > 0, z.dtype.type(1), z.dtype.type(alpha))
    return z * slope, slope


def elu(z: ArrayLike, alpha: float = 1.0) -> Pair:
    """z for z > 0, alpha (exp(z) - 1) elsewhere, whose derivative is alpha exp(z) (Clevert et al. 2015)."""
    z = as_float(z)
    negative = np.minimum(z, 0)  # so that exp never sees a large positive number
    value = np.where(z > 0, z, alpha * np.expm1(negative))
    return value, np.where(z > 0, z.dtype.type(1), alpha * np.exp(negative))


def selu(z: ArrayLike) -> Pair:
    """lambda * elu(z, alpha) with the constants that keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    value, slope = elu(z, SELU_ALPHA)
    return SELU_SCALE * value, SELU_SCALE * slope


def normal_cdf(z: ArrayLike) -> Array:
    """The chance that a standard normal number is below z: (1 + erf(z / sqrt 2)) / 2.

    NumPy has no erf. This is 1/2 + z times the mean of the density over [0, z], by Gauss and Legendre's rule with 20 points: the
    error is below 1e-14. Beyond 8.5 the result is 0 or 1 to within that.
    """
    z = np.clip(as_float(z), -8.5, 8.5)
    square, mean, term = z * z, np.zeros_like(z), np.empty_like(z)
    for place, weight in CDF_RULE:
        np.exp(np.multiply(square, place, out=term), out=term)
        mean += np.multiply(term, weight, out=term)
    return 0.5 + z * mean


def gelu(z: ArrayLike) -> Pair:
    """z P(N < z) with N standard normal, exact; the derivative is P(N < z) + z density(z) (Hendrycks & Gimpel 2016)."""
    z = as_float(z)
    below, density = normal_cdf(z), np.exp(-z * z / 2) / sqrt(2 * pi)
    return z * below, below + z * density


def silu(z: ArrayLike) -> Pair:
    """z sigmoid(z), also called swish; the derivative is s + z s (1 - s) with s = sigmoid(z) (Elfwing et al. 2018)."""
    z = as_float(z)
    s, slope = sigmoid(z)
    return z * s, s + z * slope


def tanh(z: ArrayLike) -> Pair:
    """(e^z - e^-z) / (e^z + e^-z); the derivative is 1 - tanh(z)^2."""
    value = np.tanh(as_float(z))
    return value, 1 - value * value


def sigmoid(z: ArrayLike) -> Pair:
    """1 / (1 + e^-z); the derivative is a (1 - a).

    Neither branch of the formula overflows: e^-|z| is at most 1.
    """
    z = as_float(z)
    e = np.exp(-np.abs(z))
    value = np.where(z >= 0, 1, e) / (1 + e)
    return value, e / (1 + e) ** 2


def softmax(z: ArrayLike) -> Array:
    """exp(z_j) / sum_k exp(z_k) along the last axis: (…, k) -> (…, k), rows sum to 1.

    Subtracting the row's maximum first does not change the ratio, and exp cannot overflow.
    """
    z = as_float(z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

"""Dropout as functions. The mask is an argument, so that forward and backward use the same one.

keep_prob is the probability to keep a unit (Keras: rate = 1 - keep_prob). a, x, da: (m, n).
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import SELU_ALPHA, SELU_SCALE, as_float

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]


def check_keep_prob(keep_prob: float) -> float:
    """keep_prob, if it is a probability above 0."""
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob is the probability to keep a unit, 0 < keep_prob <= 1, not {keep_prob}")
    return keep_prob


def dropout_mask(u: ArrayLike, keep_prob: float) -> Mask:
    """True where the unit is kept: u < keep_prob, with u uniform in [0, 1)."""
    return np.asarray(u) < check_keep_prob(keep_prob)


def dropout_forward(a: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array:
    """a * mask / keep_prob: inverted dropout, whose expected value is a (Srivastava et al. 2014)."""
    return as_float(a) * np.asarray(mask, bool) / check_keep_prob(keep_prob)


def dropout_backward(da: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array:
    """da * mask / keep_prob: the units that were dropped have no share in the loss."""
    return dropout_forward(da, mask, keep_prob)


def classic_dropout_predict(a: ArrayLike, keep_prob: float) -> Array:
    """a * keep_prob: the older form, which drops without scaling in training and scales at test time."""
    return as_float(a) * check_keep_prob(keep_prob)


def dropconnect_forward(x: ArrayLike, W: ArrayLike, b: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array:
    """x (W * mask / keep_prob) + b: weights are dropped, not units (Wan et al. 2013). mask: (n_in, n_out)."""
    return as_float(x) @ dropout_forward(W, mask, keep_prob) + as_float(b)


def mc_dropout_predict(
    forward: Callable[[ArrayLike, np.random.Generator], ArrayLike],
    x: ArrayLike,
    n_samples: int,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Mean and standard deviation (ddof 0) of n_samples calls forward(x, rng) with dropout on (Gal 2016)."""
    samples = np.stack([as_float(forward(x, rng)) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0)


def alpha_dropout_constants(keep_prob: float) -> tuple[float, float, float]:
    """(dropped, a, b): the value of a dropped unit, SELU's limit -lambda alpha, and the affine correction a x + b."""
    q = check_keep_prob(keep_prob)
    dropped = -SELU_SCALE * SELU_ALPHA
    a = 1 / sqrt(q + dropped**2 * q * (1 - q))
    return dropped, a, -a * dropped * (1 - q)


def alpha_dropout(x: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array:
    """a (x where kept, -lambda alpha where dropped) + b: mean 0 and variance 1 stay (Klambauer et al. 2017)."""
    x = as_float(x)
    dropped, a, b = alpha_dropout_constants(keep_prob)
    return a * np.where(mask, x, x.dtype.type(dropped)) + b

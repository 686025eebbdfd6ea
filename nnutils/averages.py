"""Exponentially weighted averages: v_t = beta v_(t-1) + (1 - beta) theta_t, from v_0 = 0. beta multiplies the old value."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array, as_float


def ewma(theta: ArrayLike, beta: float) -> Array:
    """The whole series v_1 … v_T. theta: (T, …), averaged along its first axis."""
    _check_beta(beta)
    theta = as_float(theta)
    series = np.empty_like(theta)
    v = np.zeros_like(theta[:1])[0] if len(theta) else theta
    for t, value in enumerate(theta):
        v = beta * v + (1 - beta) * value
        series[t] = v
    return series


def ewma_bias_corrected(theta: ArrayLike, beta: float) -> Array:
    """v_t / (1 - beta^t), t from 1: the weights then sum to 1 from the first value on."""
    v = ewma(theta, beta)
    t = np.arange(1, len(v) + 1).reshape(-1, *[1] * (v.ndim - 1))
    return (v / (1 - beta**t)).astype(v.dtype, copy=False)


def window(beta: float) -> float:
    """-1 / ln(beta): after so many steps a weight has fallen to 1/e. About 1 / (1 - beta), where beta is near 1. 0 < beta < 1."""
    return -1 / math.log(_check_beta(beta))


def weight_average(average: ArrayLike, theta: ArrayLike, beta: float, t: int) -> Array:
    """s average + (1 - s) theta with s = min(beta, (1 + t) / (10 + t)): it forgets fast at first. t: steps before, from 0.

    average, theta: of one shape. As TensorFlow's ``ExponentialMovingAverage`` with ``num_updates``.
    """
    share = min(_check_beta(beta), (1 + t) / (10 + t))
    return share * as_float(average) + (1 - share) * as_float(theta)


def _check_beta(beta: float) -> float:
    if not 0 <= beta < 1:
        raise ValueError(f"beta is the share of the old value, 0 <= beta < 1, not {beta}")
    return beta

"""Penalties on the weights. lam is lambda, m the number of examples; biases are left out.

Keras has no m: its ``regularizers.L2(l)`` is ours with l = lam / (2 m).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import as_float

Array = NDArray[np.floating]


def l2_cost(weights: Iterable[ArrayLike], lam: float, m: int) -> float:
    """lam / (2 m) * the sum of W^2 over all weight matrices."""
    return lam / (2 * m) * sum(float(np.sum(as_float(W) ** 2)) for W in weights)


def l2_gradient(dW: ArrayLike, W: ArrayLike, lam: float, m: int) -> Array:
    """dW + lam / m * W: the gradient of the loss plus that of the penalty."""
    return as_float(dW) + lam / m * as_float(W)


def weight_decay_step(W: ArrayLike, dW: ArrayLike, lr: float, lam: float, m: int) -> Array:
    """(1 - lr lam / m) W - lr dW: a gradient step with L2; dW is the loss's gradient alone."""
    return (1 - lr * lam / m) * as_float(W) - lr * as_float(dW)


def l1_cost(weights: Iterable[ArrayLike], lam: float, m: int) -> float:
    """lam / m * the sum of |W| over all weight matrices."""
    return lam / m * sum(float(np.sum(np.abs(as_float(W)))) for W in weights)


def l1_subgradient(W: ArrayLike, lam: float, m: int) -> Array:
    """lam / m * sign(W), which is 0 at 0: of the penalty alone."""
    return lam / m * np.sign(as_float(W))


def elastic_net_cost(weights: Iterable[ArrayLike], lam: float, l1_ratio: float, m: int) -> float:
    """l1_ratio of the L1 cost and 1 - l1_ratio of the L2 cost (Zou & Hastie 2005)."""
    weights = list(weights)
    return l1_ratio * l1_cost(weights, lam, m) + (1 - l1_ratio) * l2_cost(weights, lam, m)


def soft_threshold(W: ArrayLike, t: float) -> Array:
    """sign(W) max(|W| - t, 0): the step of L1 that gives exact zeros (ISTA)."""
    W = as_float(W)
    return np.sign(W) * np.maximum(np.abs(W) - t, 0)


def max_norm(W: ArrayLike, r: float) -> Array:
    """W (n_in, n_out) with each column, a unit's incoming weights, at most r long; shorter ones are untouched."""
    W = as_float(W)
    norms = np.sqrt(np.sum(W * W, axis=0, keepdims=True))
    return np.where(norms > r, W * (r / np.maximum(norms, np.finfo(W.dtype).tiny)), W)

"""Losses from logits: each returns ``(loss, dlogits)``, the mean over the examples and its gradient.

logits: (m, k), or (runs, m, k) for a stack of networks, whose loss is then an array (runs,). A loss takes logits and not
probabilities, because log(softmax) and log(sigmoid) lose all digits as soon as a probability rounds to 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import sigmoid, softmax
from nnutils.arrays import Array, as_float


def softmax_cross_entropy(logits: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    """-1/m sum_i log softmax(z_i)[y_i]; dlogits = (softmax(z) - onehot(y)) / m.

    logits: (m, k); y: (m,) integer labels from 0 to k - 1. Raises ValueError for anything else.
    """
    z = as_float(logits)
    m, k = z.shape[-2:]
    # Classes first, (k, m) or (k, runs, m): NumPy then works on m numbers at a time instead of k.
    p = z.transpose(-1, *range(z.ndim - 1)).copy()
    flat, columns = p.reshape(-1), p[0].size
    chosen = columns * _labels(y, m, k) + np.arange(columns).reshape(p.shape[1:])  # each true class, in flat
    p -= np.maximum.reduce(p)
    z_true = flat[chosen]
    np.exp(p, out=p)
    total = np.add.reduce(p)
    p /= total * m
    flat[chosen] -= 1 / m
    return _mean(np.log(total) - z_true, axes=1), p.transpose(*range(1, z.ndim), 0)


def sigmoid_cross_entropy(logits: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    """-1/n sum y log a + (1 - y) log(1 - a) with a = sigmoid(z); dlogits = (a - y) / n.

    logits: (m,), (m, 1) or (m, k); y: as many numbers, 0 or 1 (or a probability). n is their number: m for one output.
    A term is computed in its stable form max(z, 0) - z y + log(1 + exp(-|z|)).
    """
    z = as_float(logits)
    target = _targets(y, z)
    a = np.tanh(z * 0.5)  # sigmoid(z) = (1 + tanh(z / 2)) / 2, which needs no branch
    a *= 0.5
    a += 0.5
    a -= target
    a *= 1 / target.size
    terms = np.copysign(z, -1.0)  # -|z|
    np.exp(terms, out=terms)
    np.log1p(terms, out=terms)
    terms += np.maximum(z, 0)
    terms -= z * target
    return _mean(terms, axes=target.ndim), a


def mse(outputs: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    """1/n sum (a - y)^2; the gradient is 2 (a - y) / n. y: n numbers, one for each output."""
    a = as_float(outputs)
    target = _targets(y, a)
    error = a - target
    return _mean(error * error, axes=target.ndim), error * (2 / target.size)


def _mean(terms: Array, axes: int) -> Any:
    """The mean over the last axes: a float, or an array (runs,) for a stack."""
    count = prod(terms.shape[terms.ndim - axes :])
    if terms.ndim == axes:
        return float(np.add.reduce(terms, axis=None)) / count
    return np.add.reduce(terms, axis=tuple(range(terms.ndim - axes, terms.ndim))) / count


def _labels(y: ArrayLike, m: int, k: int) -> NDArray[np.integer]:
    labels = np.asarray(y)
    if labels.dtype.kind not in "iub" or labels.shape != (m,):
        raise ValueError(
            f"softmax needs {m} integer labels, shape ({m},), not {labels.dtype} {labels.shape}: "
            "turn one-hot rows into labels with y.argmax(axis=1)"
        )
    if labels.dtype != np.intp:
        labels = labels.astype(np.intp)
    # A negative label, read as unsigned, is a huge one: one comparison finds both kinds of error.
    if m and np.maximum.reduce(labels.view(np.uintp)) >= k:
        raise ValueError(
            f"labels must lie between 0 and {k - 1}: these go from {labels.min()} to {labels.max()}"
        )
    return labels


def _targets(y: ArrayLike, z: Array) -> Array:
    """y with the dtype of z and the shape of z without the axis of runs."""
    target = np.asarray(y, z.dtype)
    shape = z.shape[-2:]
    if target.size != prod(shape) or (target.ndim > 1 and target.shape != shape):
        raise ValueError(f"outputs of shape {shape} need as many targets, not y of shape {target.shape}")
    return target.reshape(shape)


class Loss(NamedTuple):
    """A loss by name: its cost function, and the function that turns the last z into the output."""

    name: str
    cost: Callable[[ArrayLike, ArrayLike], tuple[Any, Array]]
    output: Callable[[Array], Array]


LOSSES = {
    "softmax": Loss("softmax", softmax_cross_entropy, softmax),
    "sigmoid": Loss("sigmoid", sigmoid_cross_entropy, lambda z: sigmoid(z)[0]),
    "mse": Loss("mse", mse, np.array),
}

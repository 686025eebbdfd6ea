"""The contrastive loss: two views of one picture should find each other among the views of other pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array, as_float
from nnutils.losses import softmax_cross_entropy


def info_nce(a: ArrayLike, b: ArrayLike, temperature: float = 0.5) -> tuple[float, Array, Array]:
    """(loss, da, db): softmax cross-entropy of s = cos(a_i, b_j) / temperature with the diagonal right, mean of rows and columns.

    a, b: (m, d), row i of both belongs to picture i; da, db are the derivatives by them. With u = a / ||a|| a row's derivative is
    (g - u (u^T g)) / ||a||, where g is that by u. Source: van den Oord et al. 2018
    (InfoNCE); both directions as in Radford et al. 2021 (CLIP).
    """
    a, b = as_float(a), as_float(b)
    long_a, long_b = (np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    u, v = a / long_a, b / long_b
    s = u @ v.T / temperature
    own = np.arange(len(s))
    (loss_a, by_row), (loss_b, by_column) = softmax_cross_entropy(s, own), softmax_cross_entropy(s.T, own)
    ds = (by_row + by_column.T) / (2 * temperature)
    return (loss_a + loss_b) / 2, _through(ds @ v, u, long_a), _through(ds.T @ u, v, long_b)


def _through(g: Array, u: Array, length: Array) -> Array:
    """The derivative by a row of that length, from the one by its direction u."""
    return (g - u * np.sum(u * g, axis=1, keepdims=True)) / length

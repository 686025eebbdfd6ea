"""Inverted dropout as functions of a mask (the layers are ``nnutils.layers.Dropout`` and ``AlphaDropout``).

keep_prob is the probability to keep a unit (Keras: rate = 1 - keep_prob).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.arrays import Array, as_float


def check_keep_prob(keep_prob: float) -> float:
    """keep_prob itself. Raises ValueError unless 0 < keep_prob <= 1."""
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob is the probability to keep a unit, 0 < keep_prob <= 1, not {keep_prob}")
    return keep_prob


def dropout_mask(u: ArrayLike, keep_prob: float) -> NDArray[np.bool_]:
    """True where the unit is kept: u < keep_prob, with u uniform in [0, 1)."""
    return np.asarray(u) < check_keep_prob(keep_prob)


def dropout_forward(a: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array:
    """a * mask / keep_prob: the expected value is a (Srivastava et al. 2014)."""
    return as_float(a) * np.asarray(mask, bool) / check_keep_prob(keep_prob)

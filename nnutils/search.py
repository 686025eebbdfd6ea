"""Hyperparameter search: the coordinates of a search space, and the kernel of a Gaussian process.

A space is ``{name: (low, high, "linear" | "log")}``, a point of it ``{name: value}``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array

Space = Mapping[str, tuple[float, float, str]]
Point = dict[str, float]


def log_uniform(low: float, high: float, u: ArrayLike) -> Array:
    """low (high / low)^u. With u uniform in [0, 1) all decades from low to high are equally likely."""
    if not 0 < low <= high:
        raise ValueError(f"a log scale needs 0 < low <= high, not {low} and {high}")
    return low * (high / low) ** np.asarray(u, float)


def from_unit(space: Space, u: Sequence[float]) -> Point:
    """The point with the coordinates u, one for each parameter: 0 is low and 1 is high, along the parameter's scale."""
    return {
        name: float(log_uniform(low, high, at) if _is_log(scale) else low + (high - low) * at)
        for (name, (low, high, scale)), at in zip(space.items(), u, strict=True)
    }


def to_unit(space: Space, point: Mapping[str, float]) -> Array:
    """The coordinates of a point: the inverse of ``from_unit``."""
    coordinates = []
    for name, (low, high, scale) in space.items():
        start, end, at = (math.log(v) if _is_log(scale) else v for v in (low, high, point[name]))
        coordinates.append((at - start) / (end - start) if end > start else 0.5)
    return np.array(coordinates)


def rbf_kernel(A: ArrayLike, B: ArrayLike, length: float) -> Array:
    """exp(-|a - b|^2 / (2 length^2)) for all rows a of A and b of B: (m, n) (Rasmussen & Williams 2006, eq. 2.16).

    The covariance of a smooth random function between places a and b: 1 where they are the same, hardly any over 2 lengths apart.
    A: (m, d), B: (n, d).
    """
    A, B = np.asarray(A, float), np.asarray(B, float)
    squares = np.sum((A[:, None] - B[None]) ** 2, axis=-1)
    return np.exp(-squares / (2 * length**2))


def _is_log(scale: str) -> bool:
    if scale not in ("linear", "log"):
        raise ValueError(f"a scale is 'linear' or 'log', not {scale!r}")
    return scale == "log"

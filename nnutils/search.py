"""Hyperparameter search: the coordinates of a search space, and a Gaussian process.

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


class GaussianProcess:
    """Regression with the kernel exp(-|x - x'|^2 / (2 length^2)) on standardized y (Rasmussen & Williams 2006, alg. 2.1).

    X: (m, d) in the unit cube; y: (m,). lengths: ``fit`` chooses the one under which y is most probable. noise: the variance of y
    about the function, as a share of the variance of y.
    """

    def __init__(self, lengths: Sequence[float] = (0.1, 0.2, 0.3, 0.5, 1.0), noise: float = 1e-4) -> None:
        self.lengths, self.noise = tuple(lengths), noise

    def fit(self, X: ArrayLike, y: ArrayLike) -> GaussianProcess:
        """Choose the length and factor the kernel matrix."""
        self.X, y = np.asarray(X, float), np.asarray(y, float)
        self.mean, self.scale = float(y.mean()), float(y.std()) or 1.0
        target = (y - self.mean) / self.scale
        fits = [self._factor(length, target) for length in self.lengths]
        _, self.length, self.root, self.alpha = max(fits, key=lambda fit: fit[0])
        return self

    def predict(self, X: ArrayLike) -> tuple[Array, Array]:
        """Mean and standard deviation of the function at X: (n,) each."""
        cross = self._kernel(np.asarray(X, float), self.X, self.length)
        explained = np.linalg.solve(self.root, cross.T)
        var = np.maximum(1 - np.sum(explained**2, axis=0), 0)
        return self.mean + self.scale * (cross @ self.alpha), self.scale * np.sqrt(var)

    def _factor(self, length: float, target: Array) -> tuple[float, float, Array, Array]:
        """(log probability of the target up to a constant, length, Cholesky factor, weights)."""
        m = len(target)
        root = np.linalg.cholesky(self._kernel(self.X, self.X, length) + self.noise * np.eye(m))
        alpha = np.linalg.solve(root.T, np.linalg.solve(root, target))
        return float(-target @ alpha / 2 - np.log(np.diag(root)).sum()), length, root, alpha

    @staticmethod
    def _kernel(A: Array, B: Array, length: float) -> Array:
        squares = np.sum((A[:, None] - B[None]) ** 2, axis=-1)
        return np.exp(-squares / (2 * length**2))


def _is_log(scale: str) -> bool:
    if scale not in ("linear", "log"):
        raise ValueError(f"a scale is 'linear' or 'log', not {scale!r}")
    return scale == "log"

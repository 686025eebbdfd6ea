"""Costs and gradients that the cases of lesson 10 hand to an answer: two models with one vector of parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True)
class LinearCost:
    """Half the mean squared error of X theta. theta: (n,); X: (m, n); y: (m,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> float:
        _rows(X)
        return float(self.each(theta, X, y).sum()) / len(X)

    def each(self, theta: Array, X: Array, y: Array) -> Array:
        """The cost of every example by itself, (m,)."""
        return (X @ theta - y) ** 2 / 2


@dataclass(frozen=True)
class LinearGradient:
    """The gradient of LinearCost, (n,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> Array:
        _rows(X)
        return X.T @ (X @ theta - y) / len(X)


@dataclass(frozen=True)
class LogisticCost:
    """The mean cross-entropy of sigmoid(X theta). theta: (n,); X: (m, n); y: (m,), 0 or 1."""

    def __call__(self, theta: Array, X: Array, y: Array) -> float:
        _rows(X)
        return float(self.each(theta, X, y).sum()) / len(X)

    def each(self, theta: Array, X: Array, y: Array) -> Array:
        """The cost of every example by itself, (m,)."""
        z = X @ theta
        return np.logaddexp(0, z) - y * z


@dataclass(frozen=True)
class LogisticGradient:
    """The gradient of LogisticCost, (n,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> Array:
        _rows(X)
        return X.T @ (1 / (1 + np.exp(-(X @ theta))) - y) / len(X)


def _rows(X: Array) -> None:
    if np.ndim(X) != 2:
        raise ValueError(
            f"X should have one example a row, shape (m, n), not {np.shape(X)}: one example is X[i : i + 1]"
        )

"""Callables that the cases of lesson 08 hand to an answer: functions with known gradients, right ones and wrong ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Cubic:
    """sum c theta^3 + (sum b theta)^2 + offset, with c and b of theta's shape."""

    c: Array
    b: Array
    offset: float = 0.0

    def __call__(self, theta: NDArray) -> float:
        theta = np.asarray(theta)
        return float(np.sum(self.c * theta**3) + np.sum(self.b * theta) ** 2 + self.offset)


@dataclass(frozen=True)
class CubicGradient:
    """factor times the gradient of Cubic, plus shift at the first entry: right where factor is 1 and shift 0."""

    c: Array
    b: Array
    factor: float = 1.0
    shift: float = 0.0

    def __call__(self, theta: NDArray) -> Array:
        theta = np.asarray(theta)
        grad = self.factor * (3 * self.c * theta**2 + 2 * np.sum(self.b * theta) * self.b)
        grad.flat[0] += self.shift
        return grad

"""Callables that the cases of lesson 07 hand to an answer: activation functions that return their value alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Tanh:
    """scale * tanh(z)."""

    scale: float = 1.0

    def __call__(self, z: NDArray) -> Array:
        return self.scale * np.tanh(z)


@dataclass(frozen=True)
class Bent:
    """z for z > 0 and slope * z elsewhere, plus shift."""

    slope: float = 0.0
    shift: float = 0.0

    def __call__(self, z: NDArray) -> Array:
        return np.where(np.asarray(z) > 0, z, self.slope * np.asarray(z)) + self.shift

"""Callables that the cases of lesson 04 hand to an answer: predictions that differ a little each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class NoisyNetwork:
    """A network with one hidden layer of tanh units, each of them times a random factor near 1.

    x: (m, n_x); W: (n_x, n_h); V: (n_h, n_y). Returns (m, n_y).
    """

    W: NDArray[np.floating]
    V: NDArray[np.floating]
    noise: float

    def __call__(self, x: NDArray, rng: np.random.Generator) -> NDArray[np.floating]:
        hidden = np.tanh(x @ self.W)
        return (hidden * rng.normal(1, self.noise, size=hidden.shape)) @ self.V


@dataclass(frozen=True)
class NoisyReading:
    """x, of any shape, plus a random error."""

    noise: float

    def __call__(self, x: NDArray, rng: np.random.Generator) -> NDArray[np.floating]:
        return x + rng.normal(0, self.noise, size=np.shape(x))

"""Callables that the cases of lesson 13 hand to an answer: gradients to be asked at any point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class BowlGradient:
    """The gradient of sum of c / 4 (w - centre)^4 + 1/2 (w - centre)^2, no straight line in w. Arrays of one shape."""

    c: NDArray[np.floating]
    centre: NDArray[np.floating]

    def __call__(self, w: NDArray) -> NDArray[np.floating]:
        away = w - self.centre
        return self.c * away**3 + away


@dataclass(frozen=True)
class SlopeOfBowls:
    """The gradient of sum of scale / 2 (w - centre)^2: where a scale is 0, it is 0 everywhere. Arrays of one shape."""

    scale: NDArray[np.floating]
    centre: NDArray[np.floating]

    def __call__(self, w: NDArray) -> NDArray[np.floating]:
        return self.scale * (w - self.centre)

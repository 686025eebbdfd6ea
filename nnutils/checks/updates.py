"""What the exercises on updates share (lessons 12 and 13): the arrays of their cases, and one sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, NDArray, NDArray, NDArray]

IN_PLACE = (
    "The formula is right, but `-=` or `+=` changes the array of whoever called you (and fails on whole numbers). "
    "Write w = w - ..., which makes a new one."
)


def draw_state(rng: np.random.Generator, shape: tuple[int, ...]) -> Arrays:
    """w, g, a signed state and a positive one (as an average of squares is), all of one shape."""
    w, g, v = rng.normal(size=(3, *shape))
    return w, g, v, rng.uniform(0.2, 2.0, size=shape)


def whole_state(rng: np.random.Generator, shape: tuple[int, ...]) -> Arrays:
    """The same as whole numbers, none of them 0."""
    w, g, v = rng.choice([-3, -2, 2, 3], size=(3, *shape))
    return w, g, v, rng.integers(1, 6, size=shape)

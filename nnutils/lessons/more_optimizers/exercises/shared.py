"""What several exercises of lesson 13 share."""

import numpy as np

from nnutils.checks.updates import whole_state

SHAPES = ((3,), (2, 3), (4, 1))


def whole(rng, shape):
    """Whole numbers: g of both signs and nowhere the same as w or v."""
    w, g, v, s = whole_state(rng, shape)
    g.flat[:2] = -3, 2
    return np.where(w == g, -w, w), g, np.where(v == g, -v, v), s


def start(rng):
    """The first step: averages of 0, and one gradient of 0."""
    return rng.normal(size=3), np.array([0.0, 0.5, -20.0]), np.zeros(3), np.zeros(3)

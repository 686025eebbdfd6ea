"""What several exercises of lesson 12 share."""

import numpy as np

from nnutils.checks.updates import whole_state

SHAPES = ((3,), (2, 3), (4, 1, 2))


def whole(rng):
    """Whole numbers: g of both signs and nowhere the same as w or v, and g^2 below s in the first entry."""
    w, g, v, s = whole_state(rng, (2, 2))
    s[0, 0], g[0, 0], g[1, 1] = 5, 2, -3
    return np.where(w == g, -w, w), g, np.where(v == g, -v, v), s


def at_rest(rng):
    """No gradient, and averages of 0: what is returned equals what was given, and is new all the same."""
    return rng.normal(size=2), np.zeros(2), np.zeros(2), np.zeros(2)

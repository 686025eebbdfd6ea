"""What several exercises of lesson 03 share."""

import numpy as np


def layers(rng, *shapes):
    return [rng.normal(size=shape) + 0.3 for shape in shapes]


def signed(rng, *shape):
    """Numbers of both signs, at least 0.2 from 0."""
    size = int(np.prod(shape))
    return (rng.permutation(np.resize([1, -1], size)) * rng.uniform(0.2, 2, size=size)).reshape(shape)


def cost_cases(rng):
    """(weights, lam, m): layers of different shapes, m not 1, an integer layer, a single layer, no penalty."""
    yield layers(rng, (4, 3), (3, 2)), 0.7, 5
    yield layers(rng, (2, 6), (6, 5), (5, 1)), 12.5, 37
    yield [rng.integers(1, 6, size=(3, 2)), rng.integers(-6, -1, size=(2, 4))], 2, 7
    yield [signed(rng, 1, 4)], 0.03, 3
    yield layers(rng, (2, 2), (2, 3)), 0.0, 4

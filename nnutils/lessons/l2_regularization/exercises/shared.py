"""What several exercises of lesson 03 share."""

import numpy as np


def layers(rng, *shapes):
    return [rng.normal(size=shape) + 0.3 for shape in shapes]


def signed(rng, *shape):
    """Numbers of both signs, at least 0.2 from 0."""
    size = int(np.prod(shape))
    return (rng.permutation(np.resize([1, -1], size)) * rng.uniform(0.2, 2, size=size)).reshape(shape)

"""What several exercises of lesson 04 share."""

import numpy as np


def spread_draws(rng, *shape):
    """Uniform draws in random places, one in each n-th of [0, 1): so few that are still spread evenly."""
    n = int(np.prod(shape))
    return (rng.permutation(n) + rng.random(n)).reshape(shape) / n


def draw_mask(rng, keep_prob, *shape):
    return spread_draws(rng, *shape) < keep_prob


def weights_of_both_signs(rng, n_in, n_out):
    """Weights for inputs above 0: z is small in the first column, small and negative in the second, negative in the last."""
    W = rng.uniform(0.3, 1, size=(n_in, n_out))
    W[:, :2] *= 0.1, -0.1
    W[:, -1] *= -1
    return W


def generator(rng, shape, keep_prob):
    """A generator whose first two masks of this shape differ, and each keeps some units and drops some, where z is positive."""
    while True:
        seed = rng.integers(2**32)
        first, second = (np.random.default_rng(seed).random((2, *shape)) < keep_prob)[..., 2:-1]
        mixed = [0 < mask.sum() < mask.size for mask in (first, second)]
        if keep_prob == 1 or (all(mixed) and (first != second).any()):
            return np.random.default_rng(seed)

"""What several exercises of lesson 04 share."""

import numpy as np


def spread_draws(rng, *shape):
    """Uniform draws in random places, one in each n-th of [0, 1): so few that are still spread evenly."""
    n = int(np.prod(shape))
    return (rng.permutation(n) + rng.random(n)).reshape(shape) / n


def draw_mask(rng, keep_prob, *shape):
    return spread_draws(rng, *shape) < keep_prob


def weights_away_from_zero(rng, n_in, n_out):
    """Weights whose columns are positive, but for the last one, which is negative: of inputs above 0, z has both signs."""
    W = rng.uniform(0.3, 1, size=(n_in, n_out))
    W[:, -1] *= -1
    return W


def generator(rng, shape, keep_prob):
    """A generator whose first two masks of this shape differ, and each keeps some units and drops some, but for the last one."""
    while True:
        seed = rng.integers(2**32)
        first, second = np.random.default_rng(seed).random((2, *shape)) < keep_prob
        mixed = [0 < mask[:, :-1].sum() < mask[:, :-1].size for mask in (first, second)]
        if keep_prob == 1 or (all(mixed) and (first != second)[:, :-1].any()):
            return np.random.default_rng(seed)

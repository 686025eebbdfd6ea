"""What several exercises of lesson 04 share."""

import numpy as np


def spread_draws(rng, *shape):
    """Uniform draws in random places, one in each n-th of [0, 1): so few that are still spread evenly."""
    n = int(np.prod(shape))
    return (rng.permutation(n) + rng.random(n)).reshape(shape) / n


def draw_mask(rng, keep_prob, *shape):
    return spread_draws(rng, *shape) < keep_prob

"""What several exercises of lesson 11 share."""

import numpy as np


def draw_series(rng):
    """Series and betas for both averages: noisy, long, whole numbers, a single value, far from zero, and no memory at all."""
    yield rng.normal(5, 2, size=6), 0.9
    yield rng.normal(size=9), 0.7
    yield rng.choice([3, 7, 11, -4, 13], size=5), 0.8
    yield rng.normal(10, 1, size=1), 0.6
    yield rng.uniform(1, 2, size=40), 0.98
    yield rng.normal(size=4), 0.0


def draw_gaps(rng):
    """Series of which some values are missing: one in the middle, several in a row, and the last ones, too."""
    for size, missing, beta in ((7, [3], 0.8), (9, [1, 2, 3, 6], 0.9), (7, [2, 5, 6], 0.6)):
        theta = rng.normal(4, 1, size=size)
        theta[missing] = np.nan
        yield theta, beta


def average(theta, beta, v=0.0):
    series = []
    for value in theta:
        v = beta * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


def steps(theta):
    """t = 1, ..., T."""
    return np.arange(1, len(theta) + 1)


def over_gaps(smooth, theta):
    """Smooth the values that are there; where one is missing the last result stays."""
    there = ~np.isnan(theta)
    return smooth(np.asarray(theta)[there])[np.cumsum(there) - 1]

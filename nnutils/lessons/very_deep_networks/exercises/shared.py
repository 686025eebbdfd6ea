"""What several exercises of lesson 16 share."""

import numpy as np


def linear(rng, n, gain=1.0):
    """The matrix (n, n) of a branch."""
    return gain * rng.normal(size=(n, n)) / n**0.5


def mixed(rng, m, n):
    """An input (m, n) in which every row and column has numbers well below and well above 0."""
    signs = np.where(np.add.outer(np.arange(m), np.arange(n)) % 2, 1, -1)
    return signs * (1 + np.abs(rng.normal(size=(m, n))))

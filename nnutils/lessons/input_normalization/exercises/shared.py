"""What several exercises of lesson 06 share."""

import numpy as np


def features(rng, m, n):
    """Features of very different scale and mean, correlated."""
    scale = 10.0 ** rng.permutation(np.linspace(1, 3, n))
    return (
        rng.normal(size=(m, n)) @ (np.eye(n) + 0.4 * rng.normal(size=(n, n))) + rng.uniform(1, 4, n)
    ) * scale

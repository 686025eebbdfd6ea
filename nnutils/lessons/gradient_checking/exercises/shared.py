"""What several exercises of lesson 08 share."""

import numpy as np


def coefficients(rng, *shape):
    """c and b of a Cubic, well away from 0 and of either sign."""
    return rng.uniform(0.5, 2, (2, *shape)) * rng.choice([-1, 1], (2, *shape))


def draw_theta(rng, *shape):
    return rng.uniform(0.4, 1.5, shape) * rng.choice([-1, 1], shape)


def difference(f, theta, above, below, divisor):
    """(f(theta + above e_i) - f(theta - below e_i)) / divisor for each i."""
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[i] = 1
        grad[i] = (f(theta + above * e) - f(theta - below * e)) / divisor
    return grad

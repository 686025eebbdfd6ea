"""What several exercises of lesson 09 share."""

import numpy as np

# leaky_relu, elu, selu ---------------------------------------------------------------------------------------


def away_from_zero(rng, *shape, largest=3.0):
    """Numbers of either sign, at least .1 from 0, the first two of different signs."""
    z = rng.uniform(0.1, largest, size=shape) * rng.choice([-1, 1], size=shape)
    z.flat[0], z.flat[1] = -abs(z.flat[0]), abs(z.flat[1])
    return z


def whole_numbers(rng, *shape):
    z = rng.permutation([-4, -3, -2, -1, 1, 2, 3, 4])[: int(np.prod(shape))].reshape(shape)
    z.flat[0], z.flat[1] = -2, 3
    return z


def elu_and_derivative(z, alpha):
    e = np.exp(np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


def draw_gradients(rng, *shapes, size=3.0):
    """Arrays of these shapes; the first entries are two large ones of different sign and a small one, the last is large."""
    grads = [rng.normal(size=shape) * size for shape in shapes]
    grads[-1].flat[-1] = 1.5 * size
    grads[0].flat[:3] = 2 * size, -1.7 * size, 0.03 * size
    return grads


# alpha_dropout -----------------------------------------------------------------------------------------------


def draw_mask(rng, keep_prob, *shape):
    """A mask in random places whose share of kept units is as near to keep_prob as it can be."""
    n = int(np.prod(shape))
    u = (rng.permutation(n) + rng.random(n)) / n
    return (u < keep_prob).reshape(shape)

"""Exercise fold_batchnorm: one dense layer that does what a dense layer and batch norm at inference do together."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=3,
    minutes=4,
    returns=("W", "b"),
    fresh=True,
    hints=(
        "At inference, batch norm multiplies z by a constant and adds another. z = x W + b is linear, too.",
        "scale = gamma / np.sqrt(var + eps), one number a unit, multiplies each COLUMN of W. What happens to b - mean?",
        "return W * scale, (b - mean) * scale + beta",
    ),
)
def fold_batchnorm(W, b, mean, var, gamma, beta, eps):
    """One dense layer that does what a dense layer and batch norm at
    inference do together.

    W: (n_in, n), b: (n,), the dense layer, whose output is z = x W + b.
    mean, var: (n,), the running averages. gamma, beta: (n,).
    eps: a small number, as at inference.
    Returns (W_folded, b_folded), new arrays of the shapes of W and b, with
    which x W_folded + b_folded is what batch norm makes of z.
    """
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.cases
def _(rng):
    for n_in, n, eps in ((4, 3, 0.1), (3, 3, 0.02), (1, 4, 0.5), (5, 1, 0.2)):
        W = rng.normal(size=(n_in, n))
        b, mean, beta = rng.normal(size=(3, n))
        yield W, b, mean, rng.uniform(0.3, 3, n), rng.uniform(0.5, 2, n), beta, eps
    W, b, mean = rng.integers(-5, 5, size=(3, 2)), np.array([2, -3]), np.array([1, 2])
    yield W, b, mean, np.array([4, 2]), np.array([2, 3]), np.array([1, -1]), 0.25
    ones, zeros = np.ones(2), np.zeros(2)
    yield (
        rng.normal(size=(3, 2)),
        rng.normal(size=2),
        zeros,
        0.75 * ones,
        ones,
        zeros,
        0.25,
    )  # nothing to scale or shift


def _fold(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "The old bias b is dropped. It goes through the normalization, too: (b - mean) * scale + beta."
)
def drops_b(W, b, mean, var, gamma, beta, eps):
    return _fold(W, 0 * b, mean, var, gamma, beta, eps)


@fold_batchnorm.mistake(
    "b is added after the scaling. It was part of z, so it is scaled as z is: (b - mean) * scale + beta."
)
def b_not_scaled(W, b, mean, var, gamma, beta, eps):
    W_folded, shift = _fold(W, 0 * b, mean, var, gamma, beta, eps)
    return W_folded, shift + b


@fold_batchnorm.mistake("The mean is added. It is subtracted from z, so from b: (b - mean) * scale + beta.")
def mean_added(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, -mean, var, gamma, beta, eps)


@fold_batchnorm.mistake("beta is scaled as well. It is added after the normalization and stays as it is.")
def beta_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean + beta) * scale


@fold_batchnorm.mistake("gamma is left out of the scale: it is gamma / sqrt(var + eps).")
def fold_without_gamma(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, np.ones_like(gamma), beta, eps)


@fold_batchnorm.mistake("You divided by var + eps: the root is missing.")
def fold_without_root(W, b, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake("Only b was folded. The scale belongs to the weights as well: W * scale.")
def weights_left_alone(W, b, mean, var, gamma, beta, eps):
    return W * 1.0, _fold(W, b, mean, var, gamma, beta, eps)[1]


@fold_batchnorm.mistake("Epsilon is outside the root. It is added to the variance: gamma / sqrt(var + eps).")
def fold_eps_outside(W, b, mean, var, gamma, beta, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "Epsilon is not added to the variance: the folded layer then differs from the two layers. The scale is gamma / sqrt(var + eps)."
)
def fold_without_eps(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, 0.0)


@fold_batchnorm.mistake(
    "You scale the rows of W. A unit is a column here, and the scale has one number for each unit: W * scale."
)
def rows_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale[:, None], (b - mean) * scale + beta


@fold_batchnorm.mistake("Both are right and in the wrong order: return W first, then b.")
def fold_order_of_two(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, eps)[::-1]


@fold_batchnorm.mistake("beta is left out of the new bias: (b - mean) * scale + beta.")
def fold_without_beta(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, 0 * beta, eps)


@fold_batchnorm.mistake("The mean is left out of the new bias: (b - mean) * scale + beta.")
def fold_without_mean(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, 0 * mean, var, gamma, beta, eps)


@fold_batchnorm.mistake(
    "The mean is subtracted after the scaling. It is subtracted from z, before: (b - mean) * scale + beta."
)
def mean_not_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b * scale - mean + beta


@fold_batchnorm.mistake(
    "You divided W and the bias by the scale. The normalization multiplies z by gamma / sqrt(var + eps)."
)
def fold_divides(W, b, mean, var, gamma, beta, eps):
    scale = np.sqrt(var + eps) / gamma
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "Only W was folded. b goes through the normalization as well: (b - mean) * scale + beta."
)
def bias_left_alone(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, eps)[0], b * 1.0


@fold_batchnorm.mistake(
    "The numbers are right, but `*=`, `-=` or `+=` changed the caller's W or b (and fails on whole numbers): the layer that is folded is "
    "still in use. Make new arrays."
)
def folded_in_place(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    W *= scale
    b -= mean
    b *= scale
    b += beta
    return W, b


@fold_batchnorm.variant
def by_a_diagonal_matrix(W, b, mean, var, gamma, beta, eps):
    D = np.diag(gamma / np.sqrt(var + eps))
    return W @ D, (b - mean) @ D + beta


@fold_batchnorm.variant
def by_probing(W, b, mean, var, gamma, beta, eps):
    def layer(x):
        return gamma * (x @ W + b - mean) / np.sqrt(var + eps) + beta

    at_zero = layer(np.zeros((1, len(W))))
    return layer(np.eye(len(W))) - at_zero, at_zero[0]

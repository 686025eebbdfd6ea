"""Exercise batchnorm_forward: batch normalization of a layer's z, in training (Ioffe and Szegedy 2015)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    kind="write",
    points=3,
    minutes=8,
    part=0,
    hints=(
        "Every unit is normalized over the batch: mean and variance run down the columns, over axis 0.",
        "z_hat = (z - mean) / np.sqrt(var + eps). Then each unit gets a scale gamma and a shift beta of its own.",
        "out = gamma * z_hat + beta; return out, (z_hat, gamma, std) with std = np.sqrt(var + eps).",
    ),
)
def batchnorm_forward(z, gamma, beta, eps):
    """Batch normalization of a layer's z, in training
    (Ioffe and Szegedy 2015).

    z: (m, n), one example a row; m may be 1. gamma, beta: (n,), scale and
    shift of each unit. eps: a small number, which keeps a unit that has the
    same z in every example from a division by 0.
    Each unit is normalized over the batch, then scaled and shifted.
    Returns (out, cache): out (m, n), and whatever batchnorm_backward will
    need; its layout is up to you. (The course's own cache is the tuple
    (z_hat, gamma, std).)
    """
    mean, var = z.mean(axis=0), z.var(axis=0)
    std = np.sqrt(var + eps)
    z_hat = (z - mean) / std
    return gamma * z_hat + beta, (z_hat, gamma, std)


@batchnorm_forward.cases
def _(rng):
    yield *draw_batch(rng, 6, 4), 0.1
    yield *draw_batch(rng, 3, 5), 1e-3
    yield *draw_batch(rng, 4, 1), 0.5
    z, gamma, beta = draw_batch(rng, 5, 3)
    yield z * [1.0, 0.0, 1.0] + 1, gamma, beta, 0.2
    yield rng.integers(-5, 5, size=(4, 2)) + np.array([0, 20]), np.array([2, 3]), np.array([1, -1]), 0.25
    yield *draw_batch(rng, 1, 3), 0.1


def _forward(z, gamma, beta, eps, *, axis=0, ddof=0):
    keep = axis == 1
    mean, var = z.mean(axis=axis, keepdims=keep), z.var(axis=axis, ddof=ddof, keepdims=keep)
    std = np.sqrt(var + eps)
    return gamma * (z - mean) / std + beta, None


@batchnorm_forward.mistake(
    "You normalized each example over its units. That is layer normalization; batch norm goes over the examples, axis 0."
)
def over_the_units(z, gamma, beta, eps):
    return _forward(z, gamma, beta, eps, axis=1)


@batchnorm_forward.mistake("Epsilon is outside the root. It is added to the variance: sqrt(var + eps).")
def eps_outside(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / (z.std(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "You divided by the variance. Its root, the standard deviation, brings z to one scale."
)
def by_the_variance(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / (z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake("The variance is divided by m - 1. Batch norm in training divides by m: ddof 0.")
def unbiased(z, gamma, beta, eps):
    return _forward(z, gamma, beta, eps, ddof=1)


@batchnorm_forward.mistake(
    "gamma and beta are left out: this is z_hat. The network must be able to undo the normalization."
)
def without_scale_and_shift(z, gamma, beta, eps):
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps), None


@batchnorm_forward.mistake(
    "gamma multiplies beta as well: it is gamma * z_hat + beta, not gamma * (z_hat + beta)."
)
def shift_scaled(z, gamma, beta, eps):
    return gamma * ((z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps) + beta), None


@batchnorm_forward.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
def exchanged(z, gamma, beta, eps):
    return _forward(z, beta, gamma, eps)


@batchnorm_forward.mistake("The mean is not subtracted: z - mean comes first.")
def not_centred(z, gamma, beta, eps):
    return gamma * z / np.sqrt(z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "There is one mean and one variance for the whole batch here. Each unit has its own: axis 0."
)
def one_for_all(z, gamma, beta, eps):
    return gamma * (z - z.mean()) / np.sqrt(z.var() + eps) + beta, None


@batchnorm_forward.mistake(
    "Epsilon is missing. A unit that has the same z in every example has the variance 0: divide by sqrt(var + eps)."
)
def without_epsilon(z, gamma, beta, eps):
    return _forward(z, gamma, beta, 0.0)


@batchnorm_forward.mistake(
    "You multiplied by the standard deviation. Divide by it, to bring every unit to one scale."
)
def times_the_std(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) * np.sqrt(z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "The variance is a sum over the batch here: z_hat shrinks as the batch grows. It is a mean: divide the sum of squares by m."
)
def sum_of_squares(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / np.sqrt(len(z) * z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake("beta is left out: add it after the scaling.")
def without_beta(z, gamma, beta, eps):
    return _forward(z, gamma, 0 * beta, eps)


@batchnorm_forward.mistake("gamma is left out: multiply z_hat by it.")
def without_gamma_forward(z, gamma, beta, eps):
    return _forward(z, np.ones_like(gamma), beta, eps)


@batchnorm_forward.mistake(
    "z is brought between 0 and 1 by its smallest and largest value. Batch norm takes mean and variance."
)
def between_0_and_1(z, gamma, beta, eps):
    low, high = z.min(axis=0), z.max(axis=0)
    return gamma * (z - low) / (high - low + eps) + beta, None


@batchnorm_forward.variant
def by_sums(z, gamma, beta, eps):
    m = len(z)
    mean = np.ones(m) @ z / m
    centred = z - mean
    scale = gamma / np.sqrt(np.einsum("ij,ij->j", centred, centred) / m + eps)
    return centred * scale + beta, {"centred": centred, "scale": scale}


@batchnorm_forward.variant
def unit_by_unit(z, gamma, beta, eps):
    columns = []
    for column, g, b in zip(np.asarray(z, float).T, gamma, beta, strict=True):
        mean = column.sum() / column.size
        var = ((column - mean) ** 2).sum() / column.size
        columns.append(g * (column - mean) / (var + eps) ** 0.5 + b)
    return np.stack(columns, axis=1), None

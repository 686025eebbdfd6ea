"""Exercise normalize: mean 0 and variance 1 along an axis: over the units of one example it is layer normalization."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=3,
    hints=(
        "Which axis do mean and variance go along? They must still fit z when they are subtracted and divided by, whatever its shape.",
        "z.mean(axis=axis, keepdims=True) keeps that axis with length 1, so that NumPy can stretch it again.",
        "Return (z - z.mean(axis=axis, keepdims=True)) / np.sqrt(z.var(axis=axis, keepdims=True) + eps).",
    ),
)
def normalize(z, axis, eps):
    """z, brought to mean 0 and variance 1 along one axis.

    z: an array of one dimension or more. axis: an int, the axis that mean
    and variance run along; negative ones count from the end, as in NumPy.
    eps: a small number, inside the root; where z does not vary along the
    axis, the result is 0. The variance is the mean of squares: it divides
    by the number of values.
    Returns an array of the shape of z.
    """
    mean = z.mean(axis=axis, keepdims=True)
    var = z.var(axis=axis, keepdims=True)
    return (z - mean) / np.sqrt(var + eps)


@normalize.cases
def _(rng):
    scales = np.array([1.0, 3.0, 0.5, 2.0])
    yield rng.normal(size=(4, 4)) * scales + scales[:, None], 1, 0.1
    yield rng.normal(size=(5, 4)) * scales + 2, 0, 0.02
    yield rng.normal(size=(3, 6)) * 2 - 1, -1, 0.5
    yield rng.normal(size=(2, 3, 4)) * scales + 1, 1, 0.2
    yield rng.normal(size=(2, 3, 4)) * scales + 1, -3, 0.2
    yield rng.normal(size=5) + 3, 0, 0.1
    constant = rng.normal(size=(3, 4))
    constant[1] = 2.5
    yield constant, 1, 0.25
    yield np.array([[1, 4, 7], [2, 2, 8]]), 1, 0.25


def _along(z, axis, eps, *, ddof=0, centre=1.0, power=0.5):
    mean = z.mean(axis=axis, keepdims=True)
    var = z.var(axis=axis, keepdims=True, ddof=min(ddof, z.shape[axis] - 1))
    return (z - centre * mean) / (var + eps) ** power


@normalize.mistake("Mean and variance are those of the whole array. Take them along the axis that is given.")
def of_the_whole_array(z, axis, eps):
    return (z - z.mean()) / np.sqrt(z.var() + eps)


@normalize.mistake("You normalize along axis 0, which is batch norm's, where another axis is given.")
def always_over_the_examples(z, axis, eps):
    return _along(z, 0, eps)


@normalize.mistake("You normalize along the last axis, which is layer norm's, where another axis is given.")
def always_over_the_units(z, axis, eps):
    return _along(z, -1, eps)


@normalize.mistake("Epsilon is outside the root. It is added to the variance.")
def normalize_eps_outside(z, axis, eps):
    return (z - z.mean(axis=axis, keepdims=True)) / (z.std(axis=axis, keepdims=True) + eps)


@normalize.mistake("You divided by the variance: its root is missing.")
def normalize_by_variance(z, axis, eps):
    return _along(z, axis, eps, power=1.0)


@normalize.mistake(
    "The variance is divided by one less than the number of values. Divide by the number: ddof 0."
)
def normalize_unbiased(z, axis, eps):
    return _along(z, axis, eps, ddof=1)


@normalize.mistake("The mean is not subtracted, so the result has another mean than 0.")
def normalize_not_centred(z, axis, eps):
    return _along(z, axis, eps, centre=0.0)


@normalize.mistake(
    "This is RMS norm: z over the root of its mean square. Here the mean is subtracted first, and the variance is taken."
)
def root_mean_square(z, axis, eps):
    return z / np.sqrt(np.mean(z * (1.0 * z), axis=axis, keepdims=True) + eps)


@normalize.mistake("Epsilon is left out: where z does not vary along the axis you divide by 0.")
def normalize_without_eps(z, axis, eps):
    with np.errstate(divide="ignore", invalid="ignore"):
        return _along(z, axis, 0.0)


@normalize.mistake("You multiplied by the standard deviation. Divide by it.")
def normalize_times_std(z, axis, eps):
    return _along(z, axis, eps, power=-0.5)


@normalize.variant
def through_the_last_axis(z, axis, eps):
    last = np.moveaxis(np.asarray(z, float), axis, -1)
    centred = last - (last.sum(axis=-1) / last.shape[-1])[..., None]
    return np.moveaxis(
        centred / np.sqrt((centred**2).sum(axis=-1) / last.shape[-1] + eps)[..., None], -1, axis
    )


@normalize.variant
def slice_by_slice(z, axis, eps):
    return np.apply_along_axis(lambda v: (v - v.mean()) * (v.var() + eps) ** -0.5, axis, z)


@normalize.variant
def by_mean_of_squares(z, axis, eps):
    mean = np.expand_dims(np.mean(z, axis), axis)
    square = np.expand_dims(np.mean((z - mean) ** 2, axis), axis)
    return (z - mean) / (square + eps) ** 0.5

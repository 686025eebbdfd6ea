"""Exercise gradient_noise: how far gradients are from their mean: the root of the mean squared distance."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=4,
    hints=(
        "First find the mean gradient: one vector. How far is each gradient from it?",
        "The squared distance of one gradient is a sum over its n entries. Take the mean of it over the steps, then the root.",
        "d = grads - grads.mean(axis=0), then return np.sqrt(np.mean(np.sum(d**2, axis=1)))",
    ),
)
def gradient_noise(grads):
    """How far the gradients of mini-batches are from their mean.

    grads: (steps, n), one gradient a row, all at the same theta.
    Returns a float, in the units of a gradient's length. It is 0 where all
    rows are equal. There is no correction for a small number of steps.
    """
    distance = grads - grads.mean(axis=0)
    return np.sqrt(np.mean(np.sum(distance**2, axis=1)))


@gradient_noise.cases
def _(rng):
    yield (rng.normal(1, 1, size=(5, 3)),)
    yield (rng.normal(-2, 1, size=(8, 2)) * [1, 10],)
    yield (rng.permutation(30)[:12].reshape(6, 2) - 4,)
    yield (rng.normal(3, 1, size=(2, 4)),)
    yield (np.tile(rng.integers(1, 9, size=3), (4, 1)),)
    yield (rng.uniform(1, 9, size=(7, 1)) * np.array([[1], [-1], [1], [1], [-1], [1], [1]]),)


@gradient_noise.mistake("The root is missing: this is the mean squared distance.")
def noise_without_root(grads):
    return np.mean(np.sum((grads - grads.mean(axis=0)) ** 2, axis=1))


@gradient_noise.mistake(
    "You took the mean over the entries as well. The squared distance is their sum: sum over axis 1, mean over the steps."
)
def noise_mean_over_entries(grads):
    return np.sqrt(np.mean((grads - grads.mean(axis=0)) ** 2))


@gradient_noise.mistake(
    "This is the mean of the distances. Take the mean of their squares and the root at the end."
)
def noise_mean_distance(grads):
    return np.mean(np.linalg.norm(grads - grads.mean(axis=0), axis=1))


@gradient_noise.mistake("You divided by steps - 1. Here it is the plain mean: divide by steps.")
def noise_unbiased(grads):
    return np.sqrt(np.sum((grads - grads.mean(axis=0)) ** 2) / (len(grads) - 1))


@gradient_noise.mistake(
    "This is the size of the gradients, their distance from zero. Noise is what is left without the mean: subtract it first."
)
def noise_from_zero(grads):
    return np.sqrt(np.mean(np.sum(np.square(grads), axis=1)))


@gradient_noise.mistake(
    "You subtracted from each gradient the mean of its own entries. The mean gradient is over the steps: axis 0."
)
def noise_other_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=1, keepdims=True)) ** 2, axis=1)))


@gradient_noise.mistake(
    "You subtracted one mean of all numbers. Every entry of the gradient has a mean of its own: axis 0."
)
def noise_one_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean()) ** 2, axis=1)))


@gradient_noise.mistake(
    "This is the spread of each entry. Add up their squares and take the root, so that one number remains."
)
def noise_each_entry(grads):
    return grads.std(axis=0)


@gradient_noise.mistake(
    "This is how much the lengths of the gradients differ. Two gradients may be equally long and far apart."
)
def noise_of_lengths(grads):
    return np.linalg.norm(grads, axis=1).std()


@gradient_noise.mistake(
    "You did not divide by the number of steps: take the mean over the steps, not the sum."
)
def noise_summed(grads):
    return np.sqrt(np.sum((grads - grads.mean(axis=0)) ** 2))


@gradient_noise.mistake(
    "This is divided by the root of the number of steps: how well their mean is known. Noise is how far a single gradient is from it."
)
def noise_of_the_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=0)) ** 2, axis=1)) / len(grads))


@gradient_noise.mistake(
    "This is the noise divided by the length of the mean gradient. Return the noise itself."
)
def noise_relative(grads):
    mean = grads.mean(axis=0)
    return np.sqrt(np.mean(np.sum((grads - mean) ** 2, axis=1))) / np.linalg.norm(mean)


@gradient_noise.mistake(
    "Rows and columns are exchanged: you take each column for a gradient. One gradient is a row, so the mean is over axis 0 and the "
    "squared distance a sum over axis 1."
)
def noise_of_columns(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=1, keepdims=True)) ** 2, axis=0)))


@gradient_noise.mistake(
    "These are the spreads of the entries, added up. Add their squares and take one root at the end."
)
def noise_sum_of_spreads(grads):
    return grads.std(axis=0).sum()


@gradient_noise.mistake(
    "This is the mean of the spreads of the entries. Add their squares and take one root at the end."
)
def noise_mean_of_spreads(grads):
    return grads.std(axis=0).mean()


@gradient_noise.mistake(
    "This is the largest distance from the mean. Take the root of the mean of the squared distances."
)
def noise_largest(grads):
    return np.linalg.norm(grads - grads.mean(axis=0), axis=1).max()


@gradient_noise.variant
def noise_by_variances(grads):
    return np.sqrt(grads.var(axis=0).sum())


@gradient_noise.variant
def noise_by_pairs(grads):
    apart = grads[:, None] - grads[None]
    return float(np.einsum("ijk,ijk->", apart, apart) / (2 * len(grads) ** 2)) ** 0.5

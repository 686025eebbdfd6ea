"""Exercise batchnorm_inference: batch normalization at inference, with the statistics collected in training."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    kind="derive",
    points=2,
    minutes=4,
    hints=(
        "At inference nothing may depend on the other examples of the batch. What takes the place of their mean and variance?",
        "The same formula, with the running averages in the place of the batch's own statistics.",
        "return gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta",
    ),
)
def batchnorm_inference(z, running_mean, running_var, gamma, beta, eps):
    """Batch normalization at inference, with the statistics
    collected in training.

    z: (m, n), m may be 1. running_mean, running_var, gamma, beta: (n,).
    eps: as in training.
    An example gets the same output, whichever examples are beside it.
    Returns the output, (m, n).
    """
    return gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta


@batchnorm_inference.cases
def _(rng):
    for m, n, eps in ((5, 4, 0.1), (1, 3, 0.02), (3, 1, 0.5)):
        z, gamma, beta = draw_batch(rng, m, n)
        yield z, rng.normal(size=n), rng.uniform(0.3, 3, n), gamma, beta, eps
    whole = rng.integers(-5, 5, size=(4, 2))
    yield whole, np.array([1, 2]), np.array([4, 2]), np.array([2, 3]), np.array([1, -1]), 0.25


def _inference(z, mean, var, gamma, beta, eps):
    return gamma * (z - mean) / np.sqrt(var + eps) + beta


@batchnorm_inference.mistake(
    "You used the statistics of this batch. At inference a single example would become beta, whatever it is: use the running ones."
)
def batch_statistics(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, z.mean(axis=0), z.var(axis=0), gamma, beta, eps)


@batchnorm_inference.mistake("The mean is the running one, but the variance is that of this batch.")
def variance_of_the_batch(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, z.var(axis=0), gamma, beta, eps)


@batchnorm_inference.mistake(
    "Epsilon is outside the root. It is added to the variance, at inference as in training."
)
def inference_eps_outside(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / (np.sqrt(running_var) + eps) + beta


@batchnorm_inference.mistake("You divided by the variance: its root is missing.")
def inference_without_root(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / (running_var + eps) + beta


@batchnorm_inference.mistake(
    "gamma and beta are left out. They were learned in training and belong to inference as well."
)
def inference_without_scale(z, running_mean, running_var, gamma, beta, eps):
    return (z - running_mean) / np.sqrt(running_var + eps)


@batchnorm_inference.mistake(
    "Epsilon is not added to the variance. It was in training, so the numbers differ from those of training."
)
def inference_without_eps(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / np.sqrt(running_var) + beta


@batchnorm_inference.mistake("The mean is not subtracted: z - running_mean comes first.")
def inference_not_centred(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, 0, running_var, gamma, beta, eps)


@batchnorm_inference.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
def inference_exchanged(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, running_var, beta, gamma, eps)


@batchnorm_inference.mistake("gamma multiplies beta as well: beta is added at the end and stays as it is.")
def inference_shift_scaled(z, running_mean, running_var, gamma, beta, eps):
    return gamma * ((z - running_mean) / np.sqrt(running_var + eps) + beta)


@batchnorm_inference.mistake("The variance is the running one, but the mean is that of this batch.")
def mean_of_the_batch(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, z.mean(axis=0), running_var, gamma, beta, eps)


@batchnorm_inference.mistake("You multiplied by the root of the running variance. Divide by it.")
def inference_times_std(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) * np.sqrt(running_var + eps) + beta


@batchnorm_inference.mistake("beta is left out: add it after the scaling.")
def inference_without_beta(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, running_var, gamma, 0 * beta, eps)


@batchnorm_inference.variant
def as_scale_and_shift(z, running_mean, running_var, gamma, beta, eps):
    scale = gamma * (running_var + eps) ** -0.5
    return z * scale + (beta - running_mean * scale)


@batchnorm_inference.variant
def example_by_example(z, running_mean, running_var, gamma, beta, eps):
    return np.array([gamma * ((x - running_mean) / np.sqrt(running_var + eps)) + beta for x in z])

"""Exercise noise_scale: at which batch size is a step as much noise as signal?"""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=4,
    minutes=9,
    hints=(
        "Two numbers decide: the squared length of the mean gradient, and the mean squared distance of the gradients from it. How does the second one change with the batch size?",
        "The second one is inversely proportional to the batch size. You know it at batch_size. Write it for any B: no other number is needed.",
        "At B it is batch_size / B times what you measured. Set this equal to the squared length of the mean, and solve for B: B = batch_size * (mean squared distance) / (squared length of the mean).",
    ),
)
def noise_scale(grads, batch_size):
    """The batch size at which the noise of a step is as long as its signal.

    grads: (steps, n), the gradients of mini-batches, one a row, all of
    batch_size examples and at the same theta. Their mean stands for the
    true gradient, the signal.
    Returns a float, with no correction for the small number of steps: the
    B for which the mean squared distance from the true gradient is
    the squared length of the true gradient. It may be below 1. Where the
    mean is exactly 0 there is no signal, and no B is enough: np.inf.
    """
    mean = grads.mean(axis=0)
    signal = np.sum(mean**2)
    if signal == 0:
        return np.inf
    noise = np.mean(np.sum((grads - mean) ** 2, axis=1))
    return batch_size * noise / signal


@noise_scale.cases
def _(rng):
    yield rng.normal(1, 1, size=(5, 3)), 1
    yield rng.normal(-2, 1, size=(8, 2)) * [1, 10], 16
    yield rng.permutation(30)[:12].reshape(6, 2) - 4, 7
    yield rng.normal(30, 1, size=(4, 6)), 2
    half = rng.integers(1, 9, size=(3, 2))
    yield np.concatenate([half, -half]), 4


def _parts(grads):
    """The mean squared distance, and the squared length of the mean."""
    mean = grads.mean(axis=0)
    with np.errstate(all="ignore"):
        return np.mean(np.sum((grads - mean) ** 2, axis=1)), np.sum(mean**2)


def _ratio(noise, signal):
    return np.inf if signal == 0 else noise / signal


@noise_scale.mistake(
    "This is right for gradients of single examples. Those of batches are less noisy, and the batch size must make up for that."
)
def as_if_single(grads, batch_size):
    return _ratio(*_parts(grads))


@noise_scale.mistake(
    "The batch size is on the wrong side: the more examples stood behind each gradient, the larger is the result."
)
def divided_by_the_size(grads, batch_size):
    return _ratio(*_parts(grads)) / batch_size


@noise_scale.mistake(
    "You compare lengths, and not their squares. It is the squared noise that goes with 1/B."
)
def of_lengths(grads, batch_size):
    return batch_size * np.sqrt(_ratio(*_parts(grads)))


@noise_scale.mistake(
    "You took the root of the batch size. That belongs to the noise; the result comes from the squared noise."
)
def root_of_the_size(grads, batch_size):
    return np.sqrt(batch_size) * _ratio(*_parts(grads))


@noise_scale.mistake("You divide by the mean of the squared lengths. The signal is the length of the mean.")
def signal_with_noise(grads, batch_size):
    return batch_size * _parts(grads)[0] / np.mean(np.sum(np.square(grads), axis=1))


@noise_scale.mistake("The noise is taken from 0 and not from the mean gradient: subtract the mean first.")
def from_zero(grads, batch_size):
    return batch_size * _ratio(np.mean(np.sum(np.square(grads), axis=1)), _parts(grads)[1])


@noise_scale.mistake("This is its inverse: signal over noise. Which B makes the two equal?")
def upside_down(grads, batch_size):
    noise, signal = _parts(grads)
    return signal / (batch_size * noise)


@noise_scale.mistake("You divide by steps - 1. The contract asks for no such correction.")
def corrected(grads, batch_size):
    return batch_size * _ratio(*_parts(grads)) * len(grads) / (len(grads) - 1)


@noise_scale.mistake(
    "You took the mean over the entries of a gradient for the noise, and their sum for the signal. Use sums for both."
)
def mean_over_entries(grads, batch_size):
    return batch_size * _ratio(*_parts(grads)) / grads.shape[1]


@noise_scale.mistake("This is the ratio in each entry. Sum over the entries first: the result is one number.")
def of_each_entry(grads, batch_size):
    with np.errstate(all="ignore"):
        return batch_size * grads.var(axis=0) / grads.mean(axis=0) ** 2


@noise_scale.mistake(
    "Where the mean gradient is 0 you return nan or 0. No batch is large enough there: np.inf."
)
def no_signal_no_noise(grads, batch_size):
    noise, signal = _parts(grads)
    return 0.0 if signal == 0 else batch_size * noise / signal


@noise_scale.variant
def by_variances(grads, batch_size):
    signal = np.linalg.norm(np.mean(grads, axis=0)) ** 2
    return float(batch_size * np.var(grads, axis=0).sum() / signal) if signal else float("inf")


@noise_scale.variant
def by_second_moments(grads, batch_size):
    grads = np.asarray(grads, dtype=float)
    mean = grads.sum(axis=0) / len(grads)
    if not mean.any():
        return np.inf
    total = np.einsum("ij,ij->", grads - mean, grads - mean) / len(grads)
    return batch_size * total / (mean @ mean)

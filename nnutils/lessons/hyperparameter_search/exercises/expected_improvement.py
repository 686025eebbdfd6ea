"""Exercise expected_improvement: how much lower than the best loss so far a point is expected to be."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=7,
    tolerance=1e-6,
    allows=("scipy",),
    hints=(
        "Write the loss as mean + std * x with x standard normal, and z = (best - mean) / std. For which x is the loss below best? "
        "Integrate (best - mean - std * x) times the density of x over these x alone.",
        "Split the integral. The first part is (best - mean) times the probability that x < z. The second one holds x times the density phi(x), "
        "and the derivative of phi(x) is -x * phi(x). Deal with std = 0 apart.",
        "np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0)), where gain = best - mean, z = gain / np.where(std > 0, std, 1), "
        "phi = np.exp(-z**2 / 2) / np.sqrt(2 * np.pi) and Phi = (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2.",
    ),
)
def expected_improvement(mean, std, best):
    """How much lower than the best loss so far a point is expected to be.

    mean, std: numbers or (n,), what a model predicts for the loss of a
    point: a normal distribution with this mean and standard deviation.
    Where std is 0 the loss is sure to be the mean.
    best: the lowest loss so far (low is good).
    A loss f of the point improves on best by as much as it is below
    it. One that is above improves by nothing: it costs nothing, either.
    Returns the expectation of the improvement, exact to 6 digits, a
    number or (n,): in closed form, for draws are not exact enough.
    """
    from math import erf

    gain = best - np.asarray(mean, float)
    z = gain / np.where(np.asarray(std) > 0, std, 1)
    Phi = (1 + np.vectorize(erf)(z / np.sqrt(2))) / 2
    phi = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(np.asarray(std) > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.cases
def _(rng):
    yield rng.normal(size=5), rng.uniform(0.3, 0.8, size=5), float(rng.normal())
    yield float(rng.normal()), float(rng.uniform(1.3, 3)), float(rng.normal())
    yield np.array([1.0, 2.0, 3.0, 0.5]), np.array([0.0, 0.0, 2.0, 0.7]), 1.7
    yield np.array([-2, 3, 0, 2]), np.array([1, 2, 0, 3]), 1
    yield np.array([1.7, 1.7, 1.5]), np.array([0.0, 0.6, 0.0]), 1.7  # the best point itself
    yield 1.2, 0.0, 1.7


def _normal(mean, std, best):
    gain = best - np.asarray(mean, float)
    std = np.asarray(std, float)
    z = gain / np.where(std > 0, std, 1)
    Phi = (1 + np.vectorize(math.erf, otypes=[float])(z / np.sqrt(2))) / 2
    return gain, std, z, Phi, np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


@expected_improvement.mistake(
    "This is the improvement for maximising: mean - best. A loss is better when it is lower: best - mean."
)
def for_maximising(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, -gain * (1 - Phi) + std * phi, np.maximum(-gain, 0))


@expected_improvement.mistake(
    "This is the probability of an improvement, Phi(z). It does not ask how large the improvement would be."
)
def probability_only(mean, std, best):
    return _normal(mean, std, best)[3]


@expected_improvement.mistake("The density is not multiplied by std: the second term is std * phi(z).")
def density_bare(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Only the first term is there. The second, std * phi(z), is what rewards looking where little is known."
)
def without_exploration(mean, std, best):
    gain, std, _, Phi, _ = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Where std is 0 this is NaN, since z is 0 / 0 or infinite. There it is max(best - mean, 0)."
)
def nan_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, np.nan)


@expected_improvement.mistake(
    "Where std is 0 you return 0. If the model is sure that the point is better, the improvement is best - mean: max(best - mean, 0)."
)
def nothing_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, 0.0)


@expected_improvement.mistake("Phi and phi are exchanged: the gain goes with the distribution function Phi.")
def exchanged_phis(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * phi + std * Phi, np.maximum(gain, 0))


@expected_improvement.mistake("You took std for a variance. It is the standard deviation: no root.")
def std_as_variance(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, np.sqrt(std), best)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "erf of z, where erf of z / sqrt(2) belongs: Phi(z) = (1 + erf(z / sqrt(2))) / 2."
)
def erf_of_z(mean, std, best):
    gain, std, z, _, phi = _normal(mean, std, best)
    Phi = (1 + np.vectorize(math.erf, otypes=[float])(z)) / 2
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "This is the improvement at the mean alone, max(best - mean, 0), as if std were 0 everywhere."
)
def at_the_mean(mean, std, best):
    return np.maximum(best - np.asarray(mean, float), 0) + 0 * np.asarray(std)


@expected_improvement.mistake(
    "You use std**2 in the place of std. It is the standard deviation already: no square."
)
def std_squared(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, np.square(std), best)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Where std is 0 you return best - mean, also where it is negative. Nothing is lost by a worse point: max(best - mean, 0)."
)
def negative_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, gain)


@expected_improvement.mistake(
    "Where std is 0 and the mean is the best itself, this is NaN: z is 0 / 0 there. The improvement is max(best - mean, 0), so 0."
)
def nan_at_the_incumbent(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, np.where(gain == 0, np.nan, np.maximum(gain, 0)))


@expected_improvement.mistake("The density lacks its factor: phi(z) = exp(-z**2 / 2) / sqrt(2 pi).")
def density_not_normalised(mean, std, best):
    gain, std, z, Phi, _ = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * np.exp(-(z**2) / 2), np.maximum(gain, 0))


@expected_improvement.mistake("The sign of z is turned, and that of the gain is not: both hold best - mean.")
def z_turned(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * (1 - Phi) + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Only the second term is there. The first, (best - mean) Phi(z), is what the mean promises."
)
def only_exploration(mean, std, best):
    gain, std, _, _, phi = _normal(mean, std, best)
    return np.where(std > 0, std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Some least improvement is subtracted, 0.01, as xi in much public code. None is asked for here: z = (best - mean) / std."
)
def with_xi(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best - 0.01)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(best - np.asarray(mean, float), 0))


@expected_improvement.mistake(
    "Phi is half of erf here. It is half of 1 + erf: Phi(z) = (1 + erf(z / sqrt(2))) / 2."
)
def erf_without_one(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * (Phi - 0.5) + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "This is in units of std, z Phi(z) + phi(z). Multiply by std: the improvement has the unit of the loss."
)
def in_units_of_std(mean, std, best):
    gain, std, z, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, z * Phi + phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Some least improvement is subtracted, 0.01, as xi in much public code, and where std is 0 you return 0. Here z = (best - mean) / std, and "
    "max(best - mean, 0) where std is 0."
)
def with_xi_and_nothing_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best - 0.01)
    return np.where(std > 0, gain * Phi + std * phi, 0.0)


@expected_improvement.variant
def one_by_one(mean, std, best):
    means, stds = np.broadcast_arrays(mean, std)
    out = np.empty(means.shape)
    for i in np.ndindex(means.shape):
        gain, s = best - means[i], stds[i]
        if s == 0:
            out[i] = max(gain, 0.0)
        else:
            z = gain / s
            Phi = 0.5 * math.erfc(-z / math.sqrt(2))
            out[i] = s * (z * Phi + math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
    return out


@expected_improvement.variant
def with_a_tiny_spread(mean, std, best):
    std = np.maximum(std, 1e-300)
    gain = best - np.asarray(mean, float)
    with np.errstate(over="ignore"):
        z = np.clip(gain / std, -40, 40)
    Phi = (1 + np.vectorize(math.erf)(z / 2**0.5)) / 2
    return gain * Phi + std * np.exp(-z * z / 2) / (2 * np.pi) ** 0.5

"""Exercise gelu: an input times the chance to be larger than a normal number, and the derivative."""

import math

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import away_from_zero, whole_numbers


@exercise(
    kind="derive",
    points=4,
    minutes=12,
    returns=("value", "derivative"),
    allows=("scipy",),
    hints=(
        "An entry z comes out as z or as 0. How large is the chance of each? The mean is the sum of both, weighted by their chances.",
        "The chance that a standard normal number is below z is its distribution function, (1 + erf(z / sqrt(2))) / 2; "
        "np.vectorize(math.erf) takes arrays. The value is a product, so its derivative has two terms. The derivative of a "
        "distribution function is the density.",
        "With below = (1 + erf(z / sqrt(2))) / 2 and density = exp(-z**2 / 2) / sqrt(2 pi): the value is z * below, the derivative "
        "below + z * density.",
    ),
)
def gelu(z):
    """The Gaussian error linear unit, the exact one, and its derivative.

    z: array of any shape, finite, up to 1 000 in size.
    Each entry of z is compared with a standard normal number of its own. An
    entry that is larger comes out as it is, any other entry as 0. value is
    the mean of what comes out, over all normal numbers: no sample, and none
    of the approximations by tanh or by the sigmoid.
    Returns (value, derivative), two float arrays of z's shape.
    Source: Hendrycks and Gimpel 2016.
    """
    from math import erf  # of one number at a time

    below = (1 + np.vectorize(erf, otypes=[float])(z / np.sqrt(2))) / 2
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return z * below, below + z * density


@gelu.cases
def _(rng):
    yield (away_from_zero(rng, 4, 3),)
    yield (away_from_zero(rng, 7),)
    yield (whole_numbers(rng, 2, 3),)
    yield (np.array([0.0, 1.0, -1.0]),)
    yield (np.array([-1000.0, 1000.0, -30.0, 800.0, -0.5]),)
    yield (np.array([[[-1.5, 0.5]]]),)


def _below_and_density(z):
    z = np.asarray(z, float)
    return np.vectorize(math.erfc, otypes=[float])(-z / 2**0.5) / 2, np.exp(-z * z / 2) / math.sqrt(
        2 * math.pi
    )


@gelu.mistake("This is ReLU. An entry is compared with a random number, not with 0.")
def compared_with_zero(z):
    return np.maximum(z, 0.0), np.where(z == 0, 0.5, z > 0)


@gelu.mistake(
    "This is the approximation by tanh, with which early code saved time. The exact one has erf, and differs in the fourth digit."
)
def by_tanh(z):
    z = np.asarray(z, float)
    inner = math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)
    t = np.tanh(inner)
    slope = (1 - t * t) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z * z)
    return z * (1 + t) / 2, (1 + t) / 2 + z * slope / 2


def _sigmoid_unit(z, steepness):
    z = np.asarray(z, float)
    s = (1 + np.tanh(steepness * z / 2)) / 2
    return z * s, s + steepness * z * s * (1 - s)


@gelu.mistake(
    "This is the approximation by the sigmoid of 1.702 z. The chance to be above a normal number is not a sigmoid: it needs erf."
)
def by_the_sigmoid(z):
    return _sigmoid_unit(z, 1.702)


@gelu.mistake("This is SiLU, z times the sigmoid of z. Here the chance comes from the normal distribution.")
def with_the_sigmoid_of_z(z):
    return _sigmoid_unit(z, 1.0)


@gelu.mistake(
    "erf is not the normal distribution function: its argument is z over the root of 2, and yours is z."
)
def without_root_of_two(z):
    z = np.asarray(z, float)
    below = (1 + np.vectorize(math.erf, otypes=[float])(z)) / 2
    return z * below, below + z * np.exp(-z * z) / math.sqrt(math.pi)


@gelu.mistake(
    "The value is right. Its derivative lacks a term: z changes the chance to pass, too, and not only what passes."
)
def chance_held_fixed(z):
    below, _ = _below_and_density(z)
    return z * below, below


@gelu.mistake(
    "The value is right. Its derivative lacks a term: what passes grows with z, and not only the chance to pass."
)
def amount_held_fixed(z):
    below, density = _below_and_density(z)
    return z * below, z * density


@gelu.mistake(
    "The value is right. In its derivative the density is not multiplied by z, as the product rule wants."
)
def density_without_z(z):
    below, density = _below_and_density(z)
    return z * below, below + density


@gelu.mistake(
    "The value is right. In its derivative the density lacks its factor, 1 over the root of 2 pi: a density has the area 1."
)
def density_without_factor(z):
    below, density = _below_and_density(z)
    return z * below, below + z * density * math.sqrt(2 * math.pi)


@gelu.mistake(
    "The value is right. In its derivative the second term has the wrong sign: a larger z is more likely to pass."
)
def chance_falls(z):
    below, density = _below_and_density(z)
    return z * below, below - z * density


@gelu.mistake("This is the other way round: an entry passes where it is LARGER than the random number.")
def smaller_ones_pass(z):
    below, density = _below_and_density(z)
    return z * (1 - below), 1 - below - z * density


@gelu.mistake(
    "This is the chance to pass, and its density. The value is what comes out on average: z times that chance."
)
def the_chance_alone(z):
    return _below_and_density(z)


@gelu.mistake("The order is (value, derivative). Yours is the other way round.")
def gelu_derivative_first(z):
    below, density = _below_and_density(z)
    return below + z * density, z * below


@gelu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def gelu_value_alone(z):
    return z * _below_and_density(z)[0]


@gelu.variant
def entry_by_entry(z):
    value, slope = np.empty(np.shape(z)), np.empty(np.shape(z))
    for place, x in np.ndenumerate(z):
        chance = 0.5 * math.erfc(-float(x) / math.sqrt(2))
        value[place] = x * chance
        slope[place] = chance + x * math.exp(-0.5 * float(x) ** 2) / math.sqrt(2 * math.pi)
    return value, slope


@gelu.variant
def by_the_area_under_the_density(z):
    """The chance as an integral of the density from 0 to z, by Simpson's rule."""
    z = np.asarray(z, float)
    end = np.clip(z, -9, 9)
    weights = np.ones(401)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    t = end[..., None] * np.linspace(0, 1, 401)
    chance = 0.5 + end / 1200 * np.sum(weights * np.exp(-t * t / 2), axis=-1) / np.sqrt(2 * np.pi)
    return z * chance, chance + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

"""Exercise selu: the self-normalizing exponential linear unit and its derivative."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.elu import elu, infinity_times_zero
from nnutils.lessons.activations_and_clipping.exercises.shared import (
    away_from_zero,
    elu_and_derivative,
    whole_numbers,
)


@exercise(
    points=1,
    minutes=3,
    tolerance=2e-5,
    returns=("value", "derivative"),
    hints=(
        "SELU is ELU with one certain alpha, made steeper by one certain factor.",
        "Call your elu with alpha = 1.67326324. What does the factor do to the derivative?",
        "value, slope = elu(z, 1.67326324), then return both, each times 1.05070099.",
    ),
)
def selu(z):
    """The self-normalizing exponential linear unit and its derivative.

    z: array of any shape, finite, up to 1 000 in size, no entry 0.
    Its two constants are those of the text, to all their digits.
    Returns (value, derivative), two float arrays of z's shape. Both are
    finite for every such z.
    Source: Klambauer et al. 2017.
    """
    value, slope = elu(z, alpha=1.6732632423543772)
    return 1.0507009873554805 * value, 1.0507009873554805 * slope


@selu.cases
def _(rng):
    yield (away_from_zero(rng, 4, 3),)
    yield (away_from_zero(rng, 7),)
    yield (whole_numbers(rng, 2, 3),)
    yield (np.array([-1000.0, 1000.0, -30.0, 800.0, -0.5]),)
    yield (np.array([[[-1.5, 0.5]]]),)


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


@selu.mistake("The scale is missing: this is ELU with SELU's alpha. Multiply value and derivative by 1.0507.")
def without_scale(z):
    return elu_and_derivative(z, ALPHA)


@selu.mistake("The value is right. The derivative of scale * elu is scale times ELU's derivative.")
def slope_not_scaled(z):
    return SCALE * elu_and_derivative(z, ALPHA)[0], elu_and_derivative(z, ALPHA)[1]


@selu.mistake("This is scale * elu with alpha = 1. SELU's alpha is 1.67326324.")
def with_alpha_one(z):
    value, slope = elu_and_derivative(z, 1.0)
    return SCALE * value, SCALE * slope


@selu.mistake(
    "The scale is on the negative side alone. It multiplies both: above zero the slope is 1.0507, too."
)
def only_below_zero(z):
    value, slope = elu_and_derivative(z, ALPHA * SCALE)
    return value, slope


@selu.mistake("The constants are exchanged: alpha is 1.67326324 and the scale is 1.05070099.")
def constants_exchanged(z):
    value, slope = elu_and_derivative(z, SCALE)
    return ALPHA * value, ALPHA * slope


@selu.mistake("The scale is on the positive side alone. Below zero it is scale * alpha (exp(z) - 1).")
def only_above_zero(z):
    value, slope = elu_and_derivative(z, ALPHA)
    factor = np.where(z > 0, SCALE, 1.0)
    return factor * value, factor * slope


@selu.mistake(
    "The formula is right, but exp(1000) is infinite, and infinity times False is NaN. Use your elu, or give "
    "exp only np.minimum(z, 0)."
)
def infinity_in_selu(z):
    value, slope = infinity_times_zero(z, ALPHA)
    return SCALE * value, SCALE * slope


@selu.mistake("The order is (value, derivative). Yours is the other way round.")
def selu_derivative_first(z):
    return tuple(SCALE * part for part in elu_and_derivative(z, ALPHA)[::-1])


@selu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def selu_value_alone(z):
    return SCALE * elu_and_derivative(z, ALPHA)[0]


@selu.mistake(
    "The constants are cut after two digits. A small error in each layer adds up: alpha = 1.67326324, scale = 1.05070099."
)
def two_digits(z):
    value, slope = elu_and_derivative(z, 1.67)
    return 1.05 * value, 1.05 * slope


@selu.mistake("The derivative is 0 below zero. There SELU still has a slope, scale * alpha exp(z).")
def selu_slope_like_relu(z):
    return SCALE * elu_and_derivative(z, ALPHA)[0], SCALE * (z > 0)


@selu.variant
def in_full(z):
    e = np.exp(-np.abs(z))
    return SCALE * np.where(z > 0, z, ALPHA * (e - 1)), SCALE * np.where(z > 0, 1, ALPHA * e)


@selu.variant
def rounded_constants(z):
    below = 1.758099 * np.exp(np.minimum(z, 0))
    return np.where(z < 0, below - 1.758099, 1.050701 * z), np.where(z < 0, below, 1.050701)

"""Exercise elu: the exponential linear unit and its derivative."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import (
    away_from_zero,
    elu_and_derivative,
    whole_numbers,
)


@exercise(
    points=2,
    minutes=4,
    returns=("value", "derivative"),
    hints=(
        "Again two cases, each with a derivative of its own. What is the derivative of a constant such as - alpha?",
        "np.where computes both sides for all z, and exp(1000) is infinite. Give exp only what is negative: np.minimum(z, 0).",
        "e = np.exp(np.minimum(z, 0)); the value is np.where(z > 0, z, alpha * (e - 1)), the derivative np.where(z > 0, 1.0, alpha * e).",
    ),
)
def elu(z, alpha=1.0):
    """The exponential linear unit and its derivative.

    z: array of any shape, finite, up to 1 000 in size, no entry 0.
    alpha: a positive number, minus the value far to the left.
    Returns (value, derivative), two float arrays of z's shape. Both are
    finite for every such z.
    Source: Clevert et al. 2016.
    """
    e = np.exp(np.minimum(z, 0))  # so that exp never sees a large positive number
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.cases
def _(rng):
    yield away_from_zero(rng, 4, 3), 0.7
    yield away_from_zero(rng, 7), 1.0
    yield whole_numbers(rng, 2, 3), 1.3
    yield np.array([-1000.0, 1000.0, -30.0, 800.0, -0.5]), 0.6
    yield np.array([[[-1.5, 0.5]]]), 2.0


@elu.mistake("The value lacks the - 1: below zero it is alpha (exp(z) - 1), so that both sides meet at 0.")
def without_minus_one(z, alpha=1.0):
    value, slope = elu_and_derivative(z, alpha)
    return np.where(z > 0, value, slope), slope


@elu.mistake("Mind the brackets: alpha (exp(z) - 1), not alpha exp(z) - 1.")
def brackets(z, alpha=1.0):
    value, slope = elu_and_derivative(z, alpha)
    return np.where(z > 0, value, slope - 1), slope


@elu.mistake("alpha is missing. It scales everything below zero, in the value and in the derivative.")
def without_alpha(z, alpha=1.0):
    return elu_and_derivative(z, 1.0)


@elu.mistake("The value is right. The derivative below zero lacks alpha: alpha exp(z).")
def slope_without_alpha(z, alpha=1.0):
    return elu_and_derivative(z, alpha)[0], elu_and_derivative(z, 1.0)[1]


@elu.mistake(
    "The value is right. The derivative below zero is alpha exp(z): it has no - 1, which falls away."
)
def slope_with_minus_one(z, alpha=1.0):
    value, slope = elu_and_derivative(z, alpha)
    return value, np.where(z > 0, slope, value)


@elu.mistake("The value is right. The derivative below zero is alpha exp(z), not 0: that is what ELU is for.")
def slope_like_relu(z, alpha=1.0):
    return elu_and_derivative(z, alpha)[0], (z > 0) * 1.0


@elu.mistake("The sign is turned: below zero the value is negative, alpha (exp(z) - 1).")
def sign_turned(z, alpha=1.0):
    value, slope = elu_and_derivative(z, alpha)
    return np.where(z > 0, value, -value), slope


@elu.mistake(
    "The formula is right, but exp(1000) is infinite, and infinity times False is NaN. Choose with np.where "
    "instead of multiplying with masks, or give exp only np.minimum(z, 0)."
)
def infinity_times_zero(z, alpha=1.0):
    e = np.exp(z)
    return (z > 0) * z + (z <= 0) * alpha * (e - 1), (z > 0) * 1.0 + (z <= 0) * alpha * e


@elu.mistake("This is the leaky ReLU. Below zero ELU bends: alpha (exp(z) - 1).")
def leaky(z, alpha=1.0):
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z, slope


@elu.mistake("The order is (value, derivative). Yours is the other way round.")
def elu_derivative_first(z, alpha=1.0):
    return elu_and_derivative(z, alpha)[::-1]


@elu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def elu_value_alone(z, alpha=1.0):
    return elu_and_derivative(z, alpha)[0]


@elu.mistake(
    "Below zero alpha stands inside exp as well. It is alpha (exp(z) - 1), and the slope alpha exp(z)."
)
def alpha_in_the_exponent(z, alpha=1.0):
    e = np.exp(alpha * np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.mistake("The derivative above zero is not 1: value + alpha is the slope below zero alone.")
def value_plus_alpha_everywhere(z, alpha=1.0):
    value = elu_and_derivative(z, alpha)[0]
    return value, value + alpha


@elu.mistake("alpha scales both sides here. Above zero the value is z and the slope 1.")
def alpha_on_both_sides(z, alpha=1.0):
    value, slope = elu_and_derivative(z, 1.0)
    return alpha * value, alpha * slope


@elu.mistake(
    "The sign in the exponent is turned: exp(-z) grows for negative z. It is exp(z), which goes to 0 there."
)
def exponent_turned(z, alpha=1.0):
    e = np.exp(-np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.variant
def by_mask(z, alpha=1.0):
    value, slope = np.array(z, dtype=float), np.ones(np.shape(z))
    below = value < 0
    slope[below] = alpha * np.exp(value[below])
    value[below] = slope[below] - alpha
    return value, slope


@elu.variant
def with_expm1(z, alpha=1.0):
    negative = np.clip(z, None, 0)
    value = np.maximum(z, 0) + alpha * np.expm1(negative)
    return value, np.where(negative < 0, value + alpha, 1)

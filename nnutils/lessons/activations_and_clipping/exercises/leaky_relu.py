"""Exercise leaky_relu: the leaky ReLU and its derivative."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import away_from_zero, whole_numbers


@exercise(
    points=1,
    minutes=3,
    returns=("value", "derivative"),
    hints=(
        "Both results know two cases, z > 0 and the rest. np.where(condition, this, otherwise) chooses entry by entry.",
        "The slope is 1 where z > 0 and alpha elsewhere. And the value is the slope times z.",
        "slope = np.where(z > 0, 1.0, alpha), then return slope * z, slope",
    ),
)
def leaky_relu(z, alpha=0.01):
    """The leaky ReLU and its derivative.

    z: array of any shape, no entry 0; it may hold whole numbers.
    alpha: the slope below zero, a small positive number, below 1.
    Returns (value, derivative), two float arrays of z's shape; z stays as
    it is.
    Source: Maas et al. 2013.
    """
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z, slope


@leaky_relu.cases
def _(rng):
    yield away_from_zero(rng, 4, 3), 0.2
    yield away_from_zero(rng, 7), 0.01
    yield whole_numbers(rng, 2, 3), 0.3
    yield away_from_zero(rng, 2, 1, 3, largest=1000.0), 0.05
    yield np.array([-1.5, 0.5]), 0.4


@leaky_relu.mistake("This is plain ReLU: below zero the value is alpha z and the slope alpha, not 0.")
def plain_relu(z, alpha=0.01):
    return np.maximum(z, 0.0), (z > 0) * 1.0


@leaky_relu.mistake("The value is right. Its derivative below zero is alpha, not 0.")
def slope_of_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), (z > 0) * 1.0


@leaky_relu.mistake("Below zero your value is alpha alone. It should be alpha times z.")
def alpha_alone(z, alpha=0.01):
    return np.where(z > 0, z, alpha), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake("The sides are exchanged: alpha belongs to the negative z.")
def sides_exchanged(z, alpha=0.01):
    slope = np.where(z > 0, alpha, 1.0)
    return slope * z, slope


@leaky_relu.mistake(
    "Below zero your value is positive: it should be alpha z, which is negative there, and not alpha |z|."
)
def bent_upwards(z, alpha=0.01):
    return np.where(z > 0, z, -alpha * z), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake("The order is (value, derivative). Yours is the other way round.")
def derivative_first(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, alpha)
    return slope, slope * z


@leaky_relu.mistake("You use 0.01 whatever alpha is. 0.01 is only the default: use the argument alpha.")
def fixed_alpha(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, 0.01)
    return slope * z, slope


@leaky_relu.mistake("The derivative above zero is 1, the slope of z, not z itself.")
def slope_times_z(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), np.where(z > 0, z, alpha)


@leaky_relu.mistake("Below zero z is divided by alpha. Multiply: alpha z.")
def leaky_divided(z, alpha=0.01):
    return np.where(z > 0, z, z / alpha), np.where(z > 0, 1.0, 1 / alpha)


@leaky_relu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def leaky_value_alone(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)


@leaky_relu.mistake("This is the derivative alone. Return two arrays, (value, derivative).")
def leaky_slope_alone(z, alpha=0.01):
    return np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake(
    "The value is right. Its derivative below zero is alpha, and alpha is positive: it still rises there."
)
def slope_falls(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, -alpha)


@leaky_relu.mistake(
    "Where z holds whole numbers the value is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(z). Make it an array of floats."
)
def leaky_kept_whole(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z).astype(z.dtype), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake(
    "The values below zero are written into the caller's z (and cut where it holds whole numbers). Compute a new array."
)
def leaky_in_place(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, alpha)
    z[z < 0] = alpha * z[z < 0]
    return z, slope


@leaky_relu.mistake(
    "Above zero your value is z + alpha z: max(0, z) + alpha z adds alpha z on both sides. It belongs below zero."
)
def added_on_both_sides(z, alpha=0.01):
    return np.maximum(0, z) + alpha * z, np.where(z > 0, 1.0, alpha)


@leaky_relu.variant
def as_a_maximum(z, alpha=0.01):
    value = np.maximum(z, alpha * z)
    return value, value / z


@leaky_relu.variant
def two_ramps(z, alpha=0.01):
    z = np.asarray(z, dtype=float)
    slope = np.full(z.shape, float(alpha))
    slope[z > 0] = 1
    return np.clip(z, 0, None) + alpha * np.clip(z, None, 0), slope

"""Exercise gain: the factor by which an activation's weights must be larger, so that a layer keeps the size of its signal."""

import math

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.initialization.given import Bent, Sigmoid, Tanh

# gain --------------------------------------------------------------------------------------------------------


@exercise(
    kind="derive",
    points=4,
    minutes=12,
    tolerance=0.01,
    hints=(
        "From one z to the next there are two steps: the activation changes the mean square by one factor, the weights by another. What must "
        "the product of the two factors be? Which of them depends on g, and how?",
        "The weights give g^2, so you need one number more: the mean of f(z)^2, where z is normal with mean 0 and standard deviation 1. Draw a million z, or take a "
        "fine grid of z from -10 to 10 and weigh each by exp(-z^2 / 2).",
        "With such draws z, return 1 / np.sqrt(np.mean(activation(z) ** 2)).",
    ),
)
def gain(activation):
    """By which factor the weights behind an activation must be larger.

    activation: takes an array and returns the values f(z), of its shape.
    A layer with many inputs, n, has weights of mean 0 and of the standard
    deviation g / sqrt(n), and no biases. Its inputs are activations f(z).
    These z are normal, with mean 0 and standard deviation 1.
    Returns the g for which the layer's own z have the mean square 1 again:
    a float, right to 1 %. Integrate with NumPy, or draw a million numbers or
    more from a generator of your own.
    """
    z = np.linspace(-10, 10, 20_001)
    density = np.exp(-(z**2) / 2)
    mean_square = np.sum(density * activation(z) ** 2) / np.sum(density)
    return 1 / np.sqrt(mean_square)


@gain.cases
def _(rng):
    yield (Bent(),)
    yield (Tanh(),)
    yield (Sigmoid(),)
    # in these ranges no mistake happens to be right
    yield (Bent(rng.uniform(0.1, 0.2), rng.uniform(0.2, 0.3)),)
    yield (Bent(rng.uniform(-0.6, -0.4), rng.uniform(0.7, 0.9)),)
    yield (Tanh(rng.uniform(2.2, 2.8)),)


def _grid():
    """Many z, and how much of a normal distribution lies at each of them."""
    z = np.linspace(-10, 10, 20_001)
    density = np.exp(-(z**2) / 2)
    return z, density / density.sum()


def _mean(of):
    """The mean of a function over normal z."""
    z, share = _grid()
    return np.sum(share * of(z))


def _told_by_its_number(sentence):
    """A mistake of gain that is told by its number, which draws make a little inexact."""

    def add(wrong):
        def shows(a, r):
            near = 0.01 if math.isfinite(r) else 0
            mine, right = wrong(a["activation"]), gain(a["activation"])
            return abs(r - mine) <= near * abs(mine) and abs(r - right) > 0.02 * right

        return gain.mistake(sentence, symptom=shows)(wrong)

    return add


@_told_by_its_number(
    "This is the root of the mean of f(z)^2, the size that the activation leaves. The weights must make up for it: one over it."
)
def size_that_is_left(activation):
    return np.sqrt(_mean(lambda z: activation(z) ** 2))


@_told_by_its_number(
    "This is one over the mean of f(z)^2. It is the factor for the VARIANCE of the weights; g multiplies their standard deviation, so the "
    "root is missing."
)
def factor_of_the_variance(activation):
    return 1 / _mean(lambda z: activation(z) ** 2)


@_told_by_its_number(
    "This is one over the standard deviation of f(z). A sum of many products w f(z) with weights of mean 0 has the size that the mean "
    "SQUARE of f(z) gives: the mean of f(z) counts, too."
)
def by_the_standard_deviation(activation):
    middle = _mean(activation)
    return 1 / np.sqrt(_mean(lambda z: (activation(z) - middle) ** 2))


@_told_by_its_number(
    "This is one over the slope of the activation at 0. It holds for very small z only; here z has the standard deviation 1, and most z "
    "lie where the activation bends."
)
def by_the_slope_at_zero(activation):
    up, down = activation(np.array([1e-4, -1e-4]))
    return 2e-4 / (up - down)


@_told_by_its_number("This is one over the mean of |f(z)|. What adds up in z is the mean of f(z)^2.")
def by_the_mean_absolute_value(activation):
    return 1 / _mean(lambda z: np.abs(activation(z)))


@_told_by_its_number(
    "In this mean every z from -3 to 3 counts the same. But z is normal: most of it lies near 0. Weigh each z by exp(-z^2 / 2), or draw "
    "z with rng.normal."
)
def every_z_alike(activation):
    return 1 / np.sqrt(np.mean(activation(np.linspace(-3, 3, 6001)) ** 2))


@_told_by_its_number(
    "In this mean every z from -1 to 1 counts the same. But z is normal with standard deviation 1: a third of it lies outside. Draw z "
    "with rng.normal."
)
def from_minus_one_to_one(activation):
    return 1 / np.sqrt(np.mean(activation(np.linspace(-1, 1, 2001)) ** 2))


@_told_by_its_number(
    "Only positive z are in this mean. Half of all z are negative, and f(z) is often another there."
)
def positive_half(activation):
    return 1 / np.sqrt(_mean(lambda z: activation(np.abs(z)) ** 2))


@gain.mistake(
    "This number is the same for every activation: it is the root of 2, which is that of ReLU. Measure it from the activation that is "
    "handed over."
)
def always_that_of_relu(activation):
    return np.sqrt(2)


@gain.mistake(
    "This is 1 for every activation, the gain of a layer without one. Measure what the activation does."
)
def always_one(activation):
    return 1.0


@_told_by_its_number(
    "The mean of f(z)^2 was taken over z and f(z) was squared twice: it is the mean of its fourth power. Square once."
)
def fourth_power(activation):
    return 1 / np.sqrt(_mean(lambda z: activation(z) ** 4))


@_told_by_its_number(
    "This is one over f at z = 1. A mean over all z is needed: the activation of a typical z is not the typical size of the activations."
)
def at_one(activation):
    return 1 / abs(float(activation(np.ones(1))[0]))


@gain.variant
def by_box_and_muller(activation):
    u, v = np.meshgrid((np.arange(1000) + 0.5) / 1000, (np.arange(20) + 0.5) / 20)
    z = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)  # normal, as u and v are uniform
    return float(np.mean(np.square(activation(z))) ** -0.5)


@gain.variant
def by_gauss_and_hermite(activation):
    z, weights = np.polynomial.hermite_e.hermegauss(40)
    return math.sqrt(weights.sum() / np.dot(weights, activation(z) ** 2))


@gain.variant
def by_two_halves(activation):
    z = np.arange(0.0005, 8, 0.001)  # the positive half, and its mirror image
    up, down = activation(z), activation(-z)
    return 1 / np.sqrt(np.sum((up * up + down * down) * np.exp(-z * z / 2)) * 0.001 / np.sqrt(2 * np.pi))

"""Exercise log_uniform: A value between low and high on a logarithmic scale."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=3,
    hints=(
        "On a log scale the exponent is what is uniform. From which exponent to which does it run?",
        "At u = 0 the value is low, and at u = 1 it would be high. Each step of u multiplies by the same factor.",
        "low * (high / low) ** u",
    ),
)
def log_uniform(low, high, u):
    """A value between low and high on a logarithmic scale.

    low, high: positive numbers. u: a number in [0, 1), or an array of them.
    u = 0 gives low, larger u give larger values, up to high.
    Of evenly spread u every decade between low and high gets the
    same share.
    Returns a number, or an array of the shape of u.
    """
    return low * (high / low) ** u


@log_uniform.cases
def _(rng):
    yield 3e-4, 0.7, float(rng.uniform(0.2, 0.8))
    yield 2e-5, 40.0, rng.uniform(0.1, 0.9, size=5)
    yield 1, 1000, rng.uniform(0.1, 0.9, size=(2, 3))
    yield 0.02, 0.05, rng.uniform(0.1, 0.9, size=4)
    yield 0.003, 5.0, np.array([0.0, 0.5])
    yield 0.01, 100.0, 0.0


@log_uniform.mistake(
    "This is uniform on a linear scale: most of the values fall into the last decade. The exponent is what is uniform."
)
def linear(low, high, u):
    return low + (high - low) * u


@log_uniform.mistake("These are logarithms (to the base 10). Raise 10 to them.")
def log10_left(low, high, u):
    return (1 - u) * np.log10(low) + u * np.log10(high)


@log_uniform.mistake("These are natural logarithms. Take np.exp of them.")
def log_left(low, high, u):
    return (1 - u) * np.log(low) + u * np.log(high)


@log_uniform.mistake("Logarithm and power do not match: np.log belongs to np.exp, and np.log10 to 10 **.")
def mixed_bases(low, high, u):
    return 10 ** ((1 - u) * np.log(low) + u * np.log(high))


@log_uniform.mistake("It runs the wrong way: u = 0 must give low, and here it gives high.")
def the_other_way(low, high, u):
    return high * (low / high) ** u


@log_uniform.mistake(
    "You took low and high for exponents. They are the values at the ends: take their logarithms first."
)
def bounds_as_exponents(low, high, u):
    return np.float64(10) ** (low + (high - low) * np.asarray(u))


@log_uniform.mistake("The factor low is missing: this runs from 1 to high / low.")
def from_one(low, high, u):
    return (high / low) ** u


@log_uniform.mistake(
    "You took low and high for natural exponents: this is exp(low + (high - low) u). They are the values at the ends, not logarithms."
)
def bounds_as_natural_exponents(low, high, u):
    return np.exp(low + (high - low) * np.asarray(u))


@log_uniform.mistake("Logarithm and power do not match: np.log10 belongs to 10 **, and np.log to np.exp.")
def mixed_the_other_way(low, high, u):
    return np.exp((1 - u) * np.log10(low) + u * np.log10(high))


@log_uniform.mistake(
    "The range is one decade, low to 10 low, whatever high is. The factor from low to high is high / low."
)
def one_decade(low, high, u):
    return low * 10.0**u


@log_uniform.mistake(
    "1 / value is uniform here, so that most values lie near low. It is the logarithm of the value that is uniform."
)
def reciprocal_uniform(low, high, u):
    return 1 / ((1 - u) / low + u / high)


@log_uniform.mistake("You added low. The values grow by factors from low on: multiply by it.")
def low_added(low, high, u):
    return low + (high / low) ** u


@log_uniform.mistake("The base is high - low. From low to high it is the factor high / low.")
def difference_as_base(low, high, u):
    return low * np.float64(high - low) ** u


@log_uniform.mistake(
    "This is linear in the square of u: more values lie near low, but the decades do not get equal shares. The exponent is what is uniform."
)
def square_of_u(low, high, u):
    return low + (high - low) * u**2


@log_uniform.variant
def by_exponents(low, high, u):
    a, b = np.log10(low), np.log10(high)
    return 10 ** (a + (b - a) * u)


@log_uniform.variant
def by_exp(low, high, u):
    return np.exp((1 - u) * np.log(low) + u * np.log(high))


@log_uniform.variant
def as_geometric_mean(low, high, u):
    return np.power(float(low), 1 - u) * np.power(float(high), u)

"""Exercise dev_standard_error: how far a measured error rate typically lies from the true one."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=4,
    hints=(
        "One example is a coin that shows 1 (wrong) with probability error, else 0. What is the variance of one toss?",
        "The mean square of such a coin is error, its squared mean error squared. The mean of n independent tosses "
        "has an n-th of one toss's variance.",
        "The square root of error * (1 - error) / n.",
    ),
)
def dev_standard_error(error, n):
    """How far a measured error rate typically lies from the true one.

    error: the true error rate, between 0 and 1.
    n: the number of dev examples that it is measured on, each drawn
    independently.
    Returns a float, the standard error: the standard deviation of the
    measured error rate over all such dev sets. It is 0 for a model that is
    always right or always wrong.
    """
    return np.sqrt(error * (1 - error) / n)


@dev_standard_error.cases
def _(rng):
    yield 0.2, 100
    yield float(rng.uniform(0.02, 0.3)), int(rng.integers(20, 5000))
    yield float(rng.uniform(0.6, 0.9)), int(rng.integers(2, 20))
    yield 0.0, 50
    yield 1.0, 40
    yield 0.03, 10_000


@dev_standard_error.mistake(
    "This is the variance of the measured error. The standard error is its square root."
)
def variance(error, n):
    return error * (1 - error) / n


@dev_standard_error.mistake(
    "This is the spread of a single example. The mean of n examples spreads less: divide by n inside "
    "the root."
)
def of_one_example(error, n):
    return np.sqrt(error * (1 - error))


@dev_standard_error.mistake(
    "You divided by n outside the root. Variances are divided by n, so n belongs inside the root."
)
def n_outside_the_root(error, n):
    return np.sqrt(error * (1 - error)) / n


@dev_standard_error.mistake("The root is taken of n alone. Take it of the whole, p (1 - p) / n.")
def root_of_n_only(error, n):
    return error * (1 - error) / np.sqrt(n)


@dev_standard_error.mistake(
    "The factor 1 - p is missing: an error rate of 1 does not spread any more than one of 0."
)
def as_if_rare(error, n):
    return np.sqrt(error / n)


@dev_standard_error.mistake("You divided by n - 1. The formula with the known share p divides by n.")
def one_less(error, n):
    return np.sqrt(error * (1 - error) / (n - 1))


@dev_standard_error.mistake(
    "This is the half width of a 95 % interval, 1.96 standard errors. Return one standard error."
)
def half_width(error, n):
    return 1.96 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is the largest value that it can take, the one at p = 1/2. Use the error that is given."
)
def worst_case(error, n):
    return 0.5 / np.sqrt(n)


@dev_standard_error.mistake("This is in percent. Return a share, in the unit of the error that is given.")
def in_percent(error, n):
    return 100 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is two standard errors, about a 95 % interval to either side. Return one standard error."
)
def two_of_them(error, n):
    return 2 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is the standard error of a difference of two such measurements: it has a factor sqrt(2). One error rate "
    "is given here."
)
def of_a_difference(error, n):
    return np.sqrt(2 * error * (1 - error) / n)


@dev_standard_error.mistake("You took p (1 + p). The variance of a single example is p (1 - p).")
def with_a_plus(error, n):
    return np.sqrt(error * (1 + error) / n)


@dev_standard_error.mistake(
    "This is the whole width of a 95 % interval, 2 x 1.96 standard errors. Return one standard error."
)
def whole_width(error, n):
    return 2 * 1.96 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "The root is missing, and n is squared. The variance is p (1 - p) / n; its root is asked for."
)
def over_n_squared(error, n):
    return error * (1 - error) / n**2


@dev_standard_error.mistake(
    "Brackets are missing: this takes 1 - error / n and leaves error alone. It is error * (1 - error) / n, under the root."
)
def missing_brackets(error, n):
    return np.sqrt(error * 1 - error / n)


@dev_standard_error.variant
def with_math(error, n):
    return math.sqrt(error - error * error) / math.sqrt(n)


@dev_standard_error.variant
def by_powers(error, n):
    right = 1 - error
    return float((right * error) ** 0.5 * n**-0.5)

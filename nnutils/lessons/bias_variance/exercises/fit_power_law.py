"""Exercise fit_power_law: the power law that a learning curve follows, by least squares of the logarithms."""

import numpy as np

from nnutils.checks.exercise import exercise, raises


@exercise(
    kind="derive",
    points=3,
    minutes=8,
    returns=("a", "b"),
    hints=(
        "Take the logarithm of both sides of the law. Which curve is log(error), drawn against log(n)?",
        "It is a straight line. Its slope and its height at log(n) = 0 tell you b and a. So fit a line to the logarithms.",
        "With x = log(n) and z = log(error): the slope is sum((x - mean x)(z - mean z)) / sum((x - mean x)^2). b is minus "
        "the slope, and a = exp(mean z + b mean x). np.polyfit(x, z, 1) gives slope and height, too.",
    ),
)
def fit_power_law(n, error):
    """The power law that is nearest to measured error rates.

    n: (k,) numbers of training examples, at least two different ones.
    error: (k,) the error rates that were measured with them, positive.
    The law says that the error is a / n^b. Among all a > 0 and b, take
    those for which the logarithms of the law are nearest to the
    logarithms of `error`: their squared differences have the least sum.
    Returns (a, b), two floats; b is positive where the error falls.
    Raises a ValueError where an error rate is 0: it has no logarithm.
    """
    if np.min(error) <= 0:
        raise ValueError("an error rate of 0 has no logarithm")
    x, z = np.log(n), np.log(error)
    b = -np.sum((x - x.mean()) * (z - z.mean())) / np.sum((x - x.mean()) ** 2)
    a = np.exp(z.mean() + b * x.mean())
    return float(a), float(b)


@fit_power_law.cases
def _(rng):
    yield np.array([50, 100, 200, 400]), rng.uniform(0.6, 1, 4) * np.array([0.2, 0.13, 0.07, 0.06])
    yield np.array([800, 30, 120, 10]), 1.3 * np.array([800, 30, 120, 10]) ** -0.4 * rng.uniform(0.8, 1.2, 4)
    yield np.array([10, 1000]), np.array([0.5, 0.02]) * rng.uniform(0.8, 1.2, 2)
    yield np.array([20.0, 20.0, 70.0, 300.0, 2000.0]), rng.uniform(0.1, 0.5, 5)
    yield np.array([40, 90, 640]), np.array([0.02, 0.05, 0.3]) * rng.uniform(0.8, 1.2, 3)
    yield raises(ValueError, np.array([50, 100, 200]), np.array([0.2, 0.1, 0.0]))


def _line(x, z):
    """Slope and height of the least-squares line."""
    slope = np.sum((x - x.mean()) * (z - z.mean())) / np.sum((x - x.mean()) ** 2)
    return slope, z.mean() - slope * x.mean()


def _checked(error):
    if np.min(error) <= 0:
        raise ValueError("no logarithm")
    return np.log(error)


@fit_power_law.mistake("Your b is the slope of the line. The law divides by n^b, so b is minus the slope.")
def slope_for_b(n, error):
    slope, height = _line(np.log(n), _checked(error))
    return np.exp(height), slope


@fit_power_law.mistake("Your a is its own logarithm, the height of the line. Take its exponential.")
def height_for_a(n, error):
    slope, height = _line(np.log(n), _checked(error))
    return height, -slope


@fit_power_law.mistake("The order is (a, b): yours are swapped.")
def order_swapped(n, error):
    slope, height = _line(np.log(n), _checked(error))
    return -slope, np.exp(height)


@fit_power_law.mistake(
    "The line was fitted to log(n) as a function of log(error). Fit log(error) as a function of log(n): least squares "
    "measures the distance in what is predicted."
)
def the_other_way_round(n, error):
    slope, height = _line(_checked(error), np.log(n))
    return np.exp(-height / slope), -1 / slope


@fit_power_law.mistake(
    "Only the error was put in logarithms. Then the line is an exponential, a exp(-b n). The law needs log(n), too."
)
def exponential_law(n, error):
    slope, height = _line(np.asarray(n, float), _checked(error))
    return np.exp(height), -slope


@fit_power_law.mistake("The law goes through the first and the last point alone. All points count.")
def ends_alone(n, error):
    z = _checked(error)
    slope = (z[-1] - z[0]) / (np.log(n[-1]) - np.log(n[0]))
    return np.exp(z[0] - slope * np.log(n[0])), -slope


@fit_power_law.mistake(
    "b is right, a is not: the height was taken at the mean of n and of error. Take the means of their logarithms."
)
def means_of_the_values(n, error):
    slope, _ = _line(np.log(n), _checked(error))
    return np.mean(error) * np.mean(n) ** -slope, -slope


@fit_power_law.mistake(
    "b is right, a is not: it makes the law go through the first point. The height of the line is fitted to all points."
)
def through_the_first_point(n, error):
    slope, _ = _line(np.log(n), _checked(error))
    return error[0] * n[0] ** -slope, -slope


@fit_power_law.mistake(
    "b is right, a mixes two bases: the logarithms are to base 10, and exp undoes those to base e. Use 10 ** height, or np.log."
)
def mixed_bases(n, error):
    slope, height = _line(np.log10(n), _checked(error) / np.log(10))
    return np.exp(height), -slope


@fit_power_law.mistake(
    "An error rate of 0 raises no ValueError. Its logarithm is minus infinity, and no law can be fitted to it."
)
def zero_is_not_refused(n, error):
    with np.errstate(all="ignore"):
        slope, height = _line(np.log(n), np.log(error))
        return np.exp(height), -slope


@fit_power_law.mistake(
    "The line was forced through log(error) = 0 at log(n) = 0, so a is 1. Fit the height as well as the slope."
)
def without_a_height(n, error):
    x, z = np.log(n), _checked(error)
    return 1.0, -np.sum(x * z) / np.sum(x * x)


@fit_power_law.variant
def by_polyfit(n, error):
    if any(e == 0 for e in error):
        raise ValueError("zero")
    slope, height = np.polyfit(np.log(n), np.log(error), 1)
    return np.exp(height), -slope


@fit_power_law.variant
def by_least_squares(n, error):
    if not np.all(np.asarray(error) > 0):
        raise ValueError("zero")
    columns = np.column_stack([np.ones(len(n)), -np.log2(n)])
    height, b = np.linalg.lstsq(columns, np.log2(error))[0]
    return [2**height, b]


@fit_power_law.variant
def from_moments(n, error):
    if 0 in list(error):
        raise ValueError("zero")
    x, z = np.log(np.asarray(n, float)), np.log(np.asarray(error, float))
    covariance = np.cov(x, z)
    b = -covariance[0, 1] / covariance[0, 0]
    return np.exp(np.mean(z + b * x)), b

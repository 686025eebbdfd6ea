"""Exercise examples_needed: how many dev examples show a difference between two models."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=5,
    hints=(
        "On one example, each model's error has the variance error * (1 - error). What is the variance of the "
        "difference of two numbers with equal variances and a given correlation?",
        "Var(a - b) = Var(a) + Var(b) - 2 Cov(a, b), and Cov(a, b) is the correlation times the variance here. "
        "The mean of n examples has an n-th of it.",
        "Solve 1.96^2 * 2 * error * (1 - error) * (1 - correlation) / n <= difference^2 for n, round up with "
        "np.ceil, and return at least 1.",
    ),
)
def examples_needed(difference, error, correlation):
    """How many dev examples show a difference between two models that
    are measured on the same examples.

    difference: the difference of the error rates to be seen, above 0.
    error: the mean of the two error rates, taken for both.
    correlation: the correlation of the two models' errors, example by
    example, from -1 to 1; 0 stands for two separate dev sets, too.
    Returns an int: the smallest n of at least 1 with which 1.96 standard
    errors of the measured difference are no larger than the difference.
    """
    variance = 2 * error * (1 - error) * (1 - correlation)
    return max(1, int(np.ceil(variance * (1.96 / difference) ** 2)))


@examples_needed.cases
def _(rng):
    yield 0.01, 0.1, 0.0
    yield 0.01, 0.1, 0.66
    yield 0.0437, 0.31, -0.35
    yield 0.9, 0.1, 0.9  # one example is enough
    yield 0.02, 0.4, 1.0  # they always fail together: one example
    while True:
        case = float(rng.uniform(0.003, 0.03)), float(rng.uniform(0.6, 0.9)), float(rng.uniform(0.1, 0.5))
        exact = _exact(*case)
        if 0.1 < exact % 1 < 0.4:  # far from whole, and rounding is not rounding up
            yield case
            return


def _exact(difference, error, correlation):
    return 2 * error * (1 - error) * (1 - correlation) * (1.96 / difference) ** 2


@examples_needed.mistake(
    "The correlation makes no difference here: this is the number for two separate dev sets. On the same examples, "
    "errors that are shared cancel in the difference."
)
def as_if_independent(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, 0)))


@examples_needed.mistake(
    "A correlation makes this number larger. Shared errors cancel in the difference: less varies, fewer examples do."
)
def correlation_added(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, -correlation)))


@examples_needed.mistake(
    "Half of what is needed: this is the variance of one model's error. Two models vary, so two variances go into the difference."
)
def of_a_single_model(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) / 2))


@examples_needed.mistake("The covariance is taken away once. The variance of a difference holds it twice.")
def covariance_taken_once(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation / 2)))


@examples_needed.mistake(
    "This is rounded down: with so few, 1.96 standard errors are still a little larger than the difference."
)
def rounded_down(difference, error, correlation):
    return max(1, math.floor(_exact(difference, error, correlation)))


@examples_needed.mistake(
    "This is rounded to the nearest whole number, so 1.96 standard errors may be larger than the difference. Round up."
)
def rounded_to_nearest(difference, error, correlation):
    return max(1, round(_exact(difference, error, correlation)))


@examples_needed.mistake("This is 0 where both models always fail together. The smallest number is 1.")
def none_at_all(difference, error, correlation):
    return math.ceil(_exact(difference, error, correlation))


@examples_needed.mistake(
    "1.96 is not squared: the standard error falls with the root of n, so n grows with the square of 1.96 / difference."
)
def bound_not_squared(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) / 1.96))


@examples_needed.mistake(
    "The difference is not squared: to see half of it takes four times the examples, and not twice."
)
def difference_not_squared(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) * difference))


@examples_needed.mistake(
    "This n makes one standard error as large as the difference. Asked for are 1.96 of them."
)
def one_standard_error(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) / 1.96**2))


@examples_needed.mistake("Here two standard errors are taken. Take 1.96, so that the numbers agree.")
def two_standard_errors(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) * (2 / 1.96) ** 2))


@examples_needed.mistake(
    "The factor 1 - error is missing: an error rate of 0.9 varies no more than one of 0.1."
)
def as_if_errors_are_rare(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation) / (1 - error)))


@examples_needed.mistake(
    "The correlation is squared here. The covariance is the correlation times the variance, without a square."
)
def correlation_squared(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation**2)))


@examples_needed.mistake("This is no whole number. Round up, and return an int.")
def not_rounded(difference, error, correlation):
    return max(1.0, _exact(difference, error, correlation))


@examples_needed.mistake("One more than is needed where n is not whole: np.ceil rounds up already.")
def one_more(difference, error, correlation):
    return max(1, math.ceil(_exact(difference, error, correlation)) + 1)


@examples_needed.variant
def by_standard_errors(difference, error, correlation):
    single = math.sqrt(2 * error * (1 - error) * (1 - correlation))
    return max(math.ceil((1.96 * single / difference) ** 2), 1)


@examples_needed.variant
def by_covariance(difference, error, correlation):
    variance = error - error**2
    covariance = correlation * variance
    n = 1.96**2 * (variance + variance - 2 * covariance) / difference**2
    return int(-(-n // 1)) or 1

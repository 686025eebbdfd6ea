"""Exercise paired_standard_error: how far a difference measured on the same examples lies from the true one."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=6,
    hints=(
        "For one example, wrong_a - wrong_b is 1, 0 or -1. What you want is the standard error of the mean of "
        "these n numbers.",
        "The standard error of a mean is the standard deviation of the single numbers, divided by the root of n. "
        "NumPy cannot take one bool from another: make them floats first.",
        "(wrong_a.astype(float) - wrong_b).std() / np.sqrt(len(wrong_a)). On paper: sqrt((d - (p - q)^2) / n), "
        "where d is the share of examples on which exactly one model is wrong.",
    ),
)
def paired_standard_error(wrong_a, wrong_b):
    """How far the difference of two error rates, measured on the same
    examples, typically lies from the true difference.

    wrong_a, wrong_b: (n,) bools, whether model A and model B are wrong on
    each of the n dev examples.
    Returns a float, the standard error of A's error rate minus B's; the
    variance of single examples divides by n (ddof 0). It is 0 where both
    models are wrong on the same examples.
    """
    difference = wrong_a.astype(float) - wrong_b
    return difference.std() / np.sqrt(len(difference))


def _pair(rng, n, shared, a, b):
    """Two models that share some of their errors; A alone is wrong on a further share a, B alone on b: never as often."""
    while True:
        u = rng.random(n)
        wrong_a, wrong_b = (u < shared + a), (u < shared) | ((u >= shared + a) & (u < shared + a + b))
        if wrong_a.sum() != wrong_b.sum():
            return wrong_a, wrong_b


@paired_standard_error.cases
def _(rng):
    yield _pair(rng, 200, 0.2, 0.25, 0.05)
    yield _pair(rng, 37, 0.1, 0.1, 0.3)
    yield np.array([True, False, False, True, False]), np.array([False, False, True, True, False])
    both = rng.random(50) < 0.3
    yield both, both.copy()
    yield _pair(rng, 90, 0.0, 0.3, 0.2)  # never wrong together
    yield np.ones(8, bool), np.zeros(8, bool)  # A always, B never: nothing varies
    yield _pair(rng, 5000, 0.06, 0.03, 0.01)


def _shares(wrong_a, wrong_b):
    """The error rates p and q, the share d on which exactly one is wrong, and n."""
    return wrong_a.mean(), wrong_b.mean(), np.mean(wrong_a != wrong_b), len(wrong_a)


@paired_standard_error.mistake(
    "This is right for two dev sets of their own: the variances are added as if the models failed independently. "
    "Here both face the same examples. Look at the difference on each example."
)
def unpaired(wrong_a, wrong_b):
    p, q, _, n = _shares(wrong_a, wrong_b)
    return np.sqrt((p * (1 - p) + q * (1 - q)) / n)


@paired_standard_error.mistake(
    "This is the variance of the difference. The standard error is its square root."
)
def variance_of_difference(wrong_a, wrong_b):
    p, q, d, n = _shares(wrong_a, wrong_b)
    return (d - (p - q) ** 2) / n


@paired_standard_error.mistake("This is the spread on a single example. The mean of n examples spreads less.")
def spread_of_one_example(wrong_a, wrong_b):
    return (wrong_a.astype(float) - wrong_b).std()


@paired_standard_error.mistake(
    "The mean difference is not taken away: where A is always wrong and B never, nothing varies, and this is not 0. "
    "A variance is the mean square minus the squared mean."
)
def mean_square(wrong_a, wrong_b):
    _, _, d, n = _shares(wrong_a, wrong_b)
    return np.sqrt(d / n)


@paired_standard_error.mistake(
    "A little too large, as where the variance is divided by n - 1 (ddof 1): divide it by n."
)
def ddof_one(wrong_a, wrong_b):
    return (wrong_a.astype(float) - wrong_b).std(ddof=1) / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "This counts where the models differ, whoever is wrong. A's errors and B's must count with opposite signs."
)
def without_signs(wrong_a, wrong_b):
    return (wrong_a != wrong_b).std() / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "The covariance comes in with the wrong sign: errors that are shared make the difference steadier, not wilder."
)
def covariance_added(wrong_a, wrong_b):
    return (wrong_a.astype(float) + wrong_b).std() / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "The covariance is taken away once. The variance of a difference holds it twice."
)
def covariance_once(wrong_a, wrong_b):
    p, q, _, n = _shares(wrong_a, wrong_b)
    covariance = np.mean(wrong_a & wrong_b) - p * q
    return np.sqrt((p * (1 - p) + q * (1 - q) - covariance) / n)


@paired_standard_error.mistake(
    "This is the standard error of A's error rate alone. Asked for is that of their difference."
)
def of_one_model(wrong_a, wrong_b):
    return wrong_a.std() / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "This is the difference of the two standard errors. Asked for is the standard error of the difference."
)
def difference_of_errors(wrong_a, wrong_b):
    return (wrong_a.std() - wrong_b.std()) / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "This is the half width of a 95 % interval, 1.96 standard errors. Return one standard error."
)
def half_width_of_difference(wrong_a, wrong_b):
    return 1.96 * (wrong_a.astype(float) - wrong_b).std() / np.sqrt(len(wrong_a))


@paired_standard_error.mistake("You divided by n. The standard deviation is divided by the root of n.")
def over_n(wrong_a, wrong_b):
    return (wrong_a.astype(float) - wrong_b).std() / len(wrong_a)


@paired_standard_error.mistake(
    "This is the measured difference itself. Asked for is how far it typically lies from the true one."
)
def the_difference_itself(wrong_a, wrong_b):
    return wrong_a.mean() - wrong_b.mean()


@paired_standard_error.mistake("This is in percent. Return a share, as error rates are.")
def difference_in_percent(wrong_a, wrong_b):
    return 100 * (wrong_a.astype(float) - wrong_b).std() / np.sqrt(len(wrong_a))


@paired_standard_error.mistake(
    "The two standard errors are added. Neither that nor the sum of the variances holds for errors that are shared."
)
def standard_errors_added(wrong_a, wrong_b):
    return (wrong_a.std() + wrong_b.std()) / np.sqrt(len(wrong_a))


@paired_standard_error.variant
def by_shares(wrong_a, wrong_b):
    p, q, d, n = _shares(wrong_a, wrong_b)
    return math.sqrt(max(d - (p - q) ** 2, 0) / n)


@paired_standard_error.variant
def by_counting(wrong_a, wrong_b):
    n = len(wrong_a)
    only_a, only_b = int(np.sum(wrong_a & ~wrong_b)), int(np.sum(~wrong_a & wrong_b))
    return math.sqrt(n * (only_a + only_b) - (only_a - only_b) ** 2) / n**1.5


@paired_standard_error.variant
def by_covariances(wrong_a, wrong_b):
    (a, both), (_, b) = np.cov(wrong_a.astype(float), wrong_b.astype(float), ddof=0)
    return float(np.sqrt(max(a + b - 2 * both, 0.0) / len(wrong_a)))

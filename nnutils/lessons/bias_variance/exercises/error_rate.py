"""Exercise error_rate: the share of the examples that are classified wrongly."""

from collections import Counter

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Comparing two arrays gives one True or False for every example. Where are they unequal?",
        "y != y_hat is True for every example that came out wrong. You want the share of True.",
        "The mean of y != y_hat: True counts as 1, False as 0.",
    ),
)
def error_rate(y, y_hat):
    """The share of the examples that are classified wrongly.

    y: (m,) true labels. y_hat: (m,) predicted labels.
    Returns a float from 0 to 1: the number of examples with
    y_hat != y, divided by m.
    """
    return np.mean(y != y_hat)


@error_rate.cases
def _(rng):
    y = rng.integers(0, 5, size=12)
    yield y, np.where(np.arange(12) % 4 == 0, y + 3, y)
    y = rng.integers(0, 10, size=int(rng.integers(20, 60)))
    yield y, np.where(rng.permutation(len(y)) < len(y) // 3, 9 - y + 10, y)
    yield np.array([3]), np.array([7])
    y = rng.integers(0, 2, size=9)
    yield y, np.where(np.arange(9) < 7, 1 - y, y)
    y = rng.integers(0, 4, size=6)
    yield y, y.copy()


@error_rate.mistake(
    "This is the accuracy, the share that is right. The error rate is the share that is wrong."
)
def accuracy(y, y_hat):
    return np.mean(y == y_hat)


@error_rate.mistake("This is how many are wrong. A rate is a share: divide by the number of examples.")
def how_many(y, y_hat):
    return float(np.sum(y != y_hat))


@error_rate.mistake("This is in percent. The function returns a share, from 0 to 1.")
def in_percent(y, y_hat):
    return 100 * np.mean(y != y_hat)


@error_rate.mistake(
    "You averaged how far the labels are apart. A label is a name: 8 for a 3 is no worse than 4 for a 3. Count."
)
def mean_distance(y, y_hat):
    return np.mean(np.abs(y - y_hat))


@error_rate.mistake("You averaged squared differences of labels. A label is a name: count the unequal ones.")
def mean_square(y, y_hat):
    return np.mean((y - y_hat) ** 2.0)


@error_rate.mistake(
    "This says for every example whether it is wrong. Return one number, the share: their mean."
)
def one_by_one(y, y_hat):
    return y != y_hat


@error_rate.mistake(
    "You compared how often each label occurs. Compare example by example: labels that swap places are errors, too."
)
def counts_compared(y, y_hat):
    missing = Counter(y.tolist()) - Counter(y_hat.tolist())
    return 0.5 * sum(missing.values()) / len(y)


@error_rate.variant
def one_less_accuracy(y, y_hat):
    return 1 - np.count_nonzero(np.equal(y, y_hat)) / y.size


@error_rate.variant
def counted(y, y_hat):
    errors = 0
    for true, predicted in zip(y, y_hat, strict=True):
        if true != predicted:
            errors += 1
    return errors / len(y)

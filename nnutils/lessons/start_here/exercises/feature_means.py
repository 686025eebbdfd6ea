"""Exercise feature_means: the mean of every feature."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=2,
    hints=(
        "The mean is the sum over the examples divided by how many there are. Which axis holds the examples?",
        "Examples are rows, so the sum runs over axis 0 and one number per feature remains.",
        "X.sum(axis=0) / X.shape[0], or X.mean(axis=0).",
    ),
)
def feature_means(X):
    """The mean of every feature.

    X: (m, n_x), one example a row.
    Returns an array (n_x,): for each feature its mean over the examples.
    """
    return X.mean(axis=0)


@feature_means.cases
def _(rng):
    yield (rng.normal(size=(4, 3)),)
    yield (rng.normal(size=(5, 2)) * [1, 1000],)
    yield (np.array([[-4, 7, 0, 3], [2, 1, -5, 8], [-3, 5, 1, 0]]),)  # no mean is whole
    yield (-1 - rng.random(size=(1, 2)),)


@feature_means.mistake(
    "These are the means of the rows: one number per example. The features are the columns, so average over axis 0."
)
def over_rows(X):
    return X.mean(axis=1)


@feature_means.mistake(
    "This is one mean over all of X. Every feature has a mean of its own: average over axis 0 only."
)
def over_everything(X):
    return X.mean()


@feature_means.mistake("This is the sum of every feature. Divide it by the number of examples.")
def not_divided(X):
    return X.sum(axis=0)


@feature_means.mistake(
    "You divided by the number of features. The mean divides by the number of examples, X.shape[0]."
)
def divided_by_features(X):
    return X.sum(axis=0) / X.shape[1]


@feature_means.mistake("This is the median. The mean is the sum divided by the number of examples.")
def medians(X):
    return np.median(X, axis=0)


@feature_means.mistake("You divided by m - 1. That belongs into the unbiased variance; a mean divides by m.")
def divided_by_one_less(X):
    return X.sum(axis=0) / (X.shape[0] - 1)


@feature_means.mistake(
    "You divided by the number of all entries of X. A feature has X.shape[0] values, one per example."
)
def divided_by_all_entries(X):
    return X.sum(axis=0) / X.size


@feature_means.mistake(
    "The means are rounded down to whole numbers, often because // stands where / belongs."
)
def whole_division(X):
    return X.sum(axis=0) // X.shape[0]


@feature_means.mistake(
    "Where X holds whole numbers, the means are cut to whole numbers, often because the result is stored in an "
    "array made by np.zeros_like(X[0]). Make it an array of floats."
)
def kept_whole(X):
    return X.mean(axis=0).astype(X.dtype)


@feature_means.mistake(
    "The numbers are right, but they stand in a row of a matrix, (1, n_x). Leave out keepdims=True: the result is (n_x,)."
)
def as_a_row(X):
    return X.mean(axis=0, keepdims=True)


@feature_means.mistake(
    "This is the middle between the smallest and the largest value. The mean counts every example."
)
def middle_of_the_range(X):
    return (X.min(axis=0) + X.max(axis=0)) / 2


@feature_means.mistake("The first example is not counted in your sum. Rows are counted from 0.")
def first_example_lost(X):
    return X[1:].sum(axis=0) / len(X)


@feature_means.mistake("These are means of absolute values. A mean counts signs.")
def of_the_sizes(X):
    return np.abs(X).mean(axis=0)


@feature_means.variant
def loop(X):
    total = np.zeros(X.shape[1])
    for row in X:
        total = total + row
    return total / len(X)


@feature_means.variant
def as_product(X):
    return np.ones(len(X)) @ X / len(X)

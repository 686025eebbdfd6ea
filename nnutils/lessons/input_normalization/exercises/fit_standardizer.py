"""Exercise fit_standardizer: the mean and the standard deviation of every feature, to standardize with."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.input_normalization.exercises.shared import features


@exercise(
    points=2,
    minutes=6,
    returns=("mean", "std"),
    hints=(
        "Examples are rows, so both statistics run down the columns, over axis 0.",
        "A feature that never changes has std 0, and you will divide by it. Find such features by comparing their largest with their smallest value.",
        "mean, std = X.mean(axis=0), X.std(axis=0); then return mean, np.where(X.max(axis=0) == X.min(axis=0), 1.0, std).",
    ),
)
def fit_standardizer(X):
    """The mean and the standard deviation of every feature,
    to standardize with.

    X: (m, n_x), the training set, one example a row.
    Returns (mean, std), each (n_x,). The standard deviation divides by m
    (ddof 0). Where a feature is constant, so that its largest value equals
    its smallest, its std is 1.
    """
    mean, std = X.mean(axis=0), X.std(axis=0)
    return mean, np.where(X.max(axis=0) == X.min(axis=0), 1.0, std)


@fit_standardizer.cases
def _(rng):
    yield (features(rng, 6, 4),)
    constant = features(rng, 5, 3)
    constant[:, 1] = 1.5
    yield (constant,)
    yield (np.array([[-4, 70, 0], [2, 10, 0], [-3, 50, 0], [6, -20, 0]]),)
    rounded = np.column_stack([np.full(7, 1.7), np.full(7, 0.1), np.arange(7)])  # std leaves 2e-16 and 1e-17
    yield (rounded,)
    yield (np.array([[1e-15, -3.0], [2e-15, 5.0], [4e-15, 1.0]]),)  # tiny, and not constant


def _told_by_ordinary_features(sentence):
    """A mistake of fit_standardizer that is told by the features that are neither constant nor tiny."""

    def add(wrong):
        def shows(a, r):
            ordinary = a["X"].std(axis=0) > 1e-3
            results = r, wrong(a["X"]), fit_standardizer(a["X"])
            mine, theirs, right = (np.array(pair)[:, ordinary] for pair in results)
            return np.allclose(mine, theirs, 1e-6, 0) and not np.allclose(mine, right, 1e-6, 0)

        return fit_standardizer.mistake(sentence, symptom=shows)(wrong)

    return add


@fit_standardizer.mistake(
    "A constant feature has std 0 here, and the next step divides by it. Give such features a std of 1."
)
def constant_left_zero(X):
    return X.mean(axis=0), X.std(axis=0)


@fit_standardizer.mistake(
    "You look for a std of exactly 0. Rounding leaves 2e-16 where a constant like 1.7 is averaged: compare the largest "
    "value with the smallest."
)
def std_compared_with_zero(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)


@_told_by_ordinary_features(
    "You divided by m - 1. Either works in practice, but the course (and NumPy) divide by m: ddof 0."
)
def divided_by_m_minus_one(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0, ddof=1))


@fit_standardizer.mistake(
    "These are statistics of the examples, one a row. Every feature has its own: axis 0."
)
def of_the_rows(X):
    return X.mean(axis=1), np.where(X.max(axis=1) == X.min(axis=1), 1.0, X.std(axis=1))


@fit_standardizer.mistake(
    "This is one mean and one std for all features together. Every feature has its own scale: axis 0."
)
def of_everything(X):
    return X.mean(), X.std()


@_told_by_ordinary_features("This is the variance. The standard deviation is its square root.")
def variance_for_std(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.var(axis=0))


@fit_standardizer.mistake(
    "You added a small number to each std. It changes features of a tiny scale a lot; set std to 1 just for the constant ones."
)
def epsilon_added(X):
    return X.mean(axis=0), X.std(axis=0) + 1e-8


@_told_by_ordinary_features(
    "These are the smallest value and the range: min-max scaling. Here you want mean and standard deviation."
)
def min_and_range(X):
    return X.min(axis=0).astype(float), np.where(
        X.max(axis=0) == X.min(axis=0), 1.0, X.max(axis=0) - X.min(axis=0)
    )


@fit_standardizer.mistake(
    "A tiny std was set to 1, often because of a threshold. A feature may be tiny and still vary: look at max == min."
)
def threshold(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std < 1e-6, 1.0, std)


@_told_by_ordinary_features("The order is (mean, std): yours are swapped.")
def std_first(X):
    return np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0)), X.mean(axis=0)


@fit_standardizer.mistake(
    "A small number was added to the variance, under the root. It changes features of a tiny scale a lot; set std to 1 "
    "just for the constant ones."
)
def epsilon_in_the_root(X):
    return X.mean(axis=0), np.sqrt(X.var(axis=0) + 1e-8)


@_told_by_ordinary_features(
    "This is the mean distance from the mean. The standard deviation is the root of the mean SQUARED distance."
)
def mean_distance(X):
    distance = np.abs(X - X.mean(axis=0)).mean(axis=0)
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, distance)


@_told_by_ordinary_features(
    "This is the root mean square of each feature. The standard deviation is measured from the mean, not from zero."
)
def root_mean_square(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, np.sqrt((X**2.0).mean(axis=0)))


@_told_by_ordinary_features("These are the medians. Return the mean of each feature.")
def medians(X):
    return np.median(X, axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0))


@fit_standardizer.variant
def by_columns(X):
    columns = [np.asarray(column, float) for column in X.T]
    mean = [column.sum() / len(column) for column in columns]
    std = [1.0 if column.max() == column.min() else column.std() for column in columns]
    return np.array(mean), np.array(std)


@fit_standardizer.variant
def by_centring(X):
    mean = np.ones(len(X)) @ X / len(X)
    std = np.sqrt(np.sum((X - mean) ** 2, axis=0) / len(X))
    std[np.ptp(X, axis=0) == 0] = 1
    return mean, std

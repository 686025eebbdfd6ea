"""Exercise prepare: a data pipeline that is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=3,
    minutes=7,
    returns=("X_train", "y_train", "X_dev", "y_dev"),
    hints=(
        "Take case('prepare', 1). Follow one example by hand: in which part does it come out, in which row, with which label? And what are the standard deviations of the training features?",
        "Look for one example in both parts, for labels that are not in the order of their rows, and for a number that should be one for each feature.",
        "train is order[n_dev:], all after the dev examples. The training labels are y[train]. Mean and std are taken along axis 0 of the training examples.",
    ),
)
def prepare(X, y, order, n_dev):
    """Split examples into two parts, and standardize the features.

    X: (m, n), y: (m,). order: (m,), the row numbers in a random order.
    The first n_dev of it are the dev examples, all others are for
    training, each part in this order.
    Each feature of both parts is standardized by its mean and its
    standard deviation (ddof 0) on the training examples. A feature that
    is constant there is only centred.
    Returns (X_train, y_train, X_dev, y_dev).
    """
    dev, train = order[:n_dev], order[n_dev:]
    mean = X[train].mean(axis=0)
    std = X[train].std(axis=0)
    std = np.where(std > 1e-12, std, 1.0)
    X_train, y_train = (X[train] - mean) / std, y[train]
    X_dev, y_dev = (X[dev] - mean) / std, y[dev]
    return X_train, y_train, X_dev, y_dev


prepare.fault(
    "parts_overlap",
    "Some dev examples are also training examples: the dev score praises what was learned by heart.",
    right="order[:n_dev], order[n_dev:]",
    wrong="order[:n_dev], order[n_dev // 2 :]",
)
prepare.fault(
    "one_scale_for_all",
    "All features are divided by one number. A feature in a large unit still drowns the others.",
    right="std = X[train].std(axis=0)",
    wrong="std = X[train].std()",
)
prepare.fault(
    "labels_of_other_rows",
    "The training labels do not stand in the order of their examples: most belong to other ones.",
    right="y[train]",
    wrong="y[np.sort(train)]",
)


@prepare.cases
def _(rng):
    for m, n, n_dev in ((12, 3, 4), (15, 2, 5), (9, 4, 2)):
        scales = np.geomspace(1, 300, n)
        X = rng.normal(2, 1, size=(m, n)) * scales
        order = rng.permutation(m)
        while (np.diff(order[n_dev // 2 :]) > 0).mean() > 0.8:
            order = rng.permutation(m)
        yield X, rng.permutation(m), order, n_dev
    X = rng.normal(size=(10, 3))
    X[:, 1] = 4.0  # a constant feature
    yield X, rng.permutation(10), np.array([3, 9, 0, 8, 1, 7, 2, 6, 5, 4]), 3


def _prepared(X, y, order, n_dev, rows=None, dev_rows=None, ddof=0, floor=True):
    dev, train = order[:n_dev], order[n_dev:]
    rows, dev_rows = train if rows is None else rows, train if dev_rows is None else dev_rows
    parts = []
    for part, base in ((train, rows), (dev, dev_rows)):
        std = X[base].std(axis=0, ddof=ddof)
        with np.errstate(all="ignore"):
            scaled = (X[part] - X[base].mean(axis=0)) / (np.where(std > 1e-12, std, 1) if floor else std)
        parts += [scaled, y[part]]
    return tuple(parts)


@prepare.mistake(
    "Mean and std are those of all examples. The dev examples must not be looked at: take the training examples."
)
def statistics_of_all(X, y, order, n_dev):
    return _prepared(X, y, order, n_dev, order, order)


@prepare.mistake(
    "The dev examples are standardized by their own mean and std. Use those of training for both parts."
)
def dev_by_itself(X, y, order, n_dev):
    return _prepared(X, y, order, n_dev, dev_rows=order[:n_dev])


@prepare.mistake("A feature that is constant in training is divided by 0. Divide it by 1.")
def constant_by_zero(X, y, order, n_dev):
    return _prepared(X, y, order, n_dev, floor=False)


@prepare.mistake("The standard deviations are those with ddof 1. The docstring asks for ddof 0.")
def with_ddof_1(X, y, order, n_dev):
    return _prepared(X, y, order, n_dev, ddof=1)


@prepare.variant
def by_one_rule(X, y, order, n_dev):
    return _prepared(X, y, order, n_dev)


@prepare.variant
def shuffled_first(X, y, order, n_dev):
    X, y = X[order].astype(float), y[order]
    centred = X - X[n_dev:].mean(axis=0)
    std = np.sqrt(np.mean(centred[n_dev:] ** 2, axis=0))
    std[std < 1e-12] = 1
    X = centred / std
    return X[n_dev:], y[n_dev:], X[:n_dev], y[:n_dev]

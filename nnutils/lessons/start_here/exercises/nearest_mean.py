"""Exercise nearest_mean: a classifier that takes the class with the nearest mean is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=1,
    minutes=2,
    hints=(
        "Take one example and two means, on paper: x = (0, 0), means (1, -1) and (0, 1). Which is nearer, and what does the code say?",
        "Differences of different sign cancel in a sum. And the nearest mean is the one with which distance?",
        "Square the differences before they are summed, and take the place of the smallest sum.",
    ),
)
def nearest_mean(X, means):
    """The number of the mean that is nearest to each example.

    X: (m, n_x), one example a row. means: (k, n_x), one mean a row.
    Returns an array (m,) of whole numbers from 0 to k - 1: the row of the
    mean with the smallest straight-line distance to the example; of several
    that are equally near the first one.
    """
    answers = []
    for x in X:
        differences = means - x
        distances = (differences**2).sum(axis=1)
        answers.append(distances.argmin())
    return np.array(answers)


nearest_mean.fault(
    "differences_cancel",
    "A mean counts as near if it is too large in one feature and too small in another: differences of different sign cancel.",
    right="distances = (differences**2).sum(axis=1)",
    wrong="distances = differences.sum(axis=1)",
)
nearest_mean.fault(
    "farthest_mean",
    "Of the distances the largest one is taken, and not the smallest.",
    right="answers.append(distances.argmin())",
    wrong="answers.append(distances.argmax())",
)


@nearest_mean.cases
def _(rng):
    means = np.array([[0.0, 0.0], [4.0, -4.0], [-3.0, -3.0], [6.0, 5.0]])
    near = np.arange(4).repeat(3)
    yield means[near] + rng.uniform(-1, 1, (12, 2)), means
    origin = np.zeros((1, 2))
    yield (
        origin,
        np.array([[2.5, 2.5], [3.0, 0.0], [-6.0, 1.0]]),
    )  # the largest difference would say the first
    yield (
        origin,
        np.array([[3.5, 0.0], [2.2, 2.2], [-6.0, 1.0]]),
    )  # the sum of their sizes would say the first
    yield np.array([[1, 1], [0, 3]]), np.array([[0, 0], [2, 2], [-1, 4]])  # two means are equally near
    yield rng.normal(size=(80, 4)), rng.normal(size=(6, 4))


def _by(distance, choose=np.argmin):
    return lambda X, means: np.array([choose(distance(means - x)) for x in X])


@nearest_mean.mistake(
    "You add the sizes of the differences. In a straight line, a mean that is somewhat off in two features can be nearer than "
    "one that is far off in a single feature: add the squares."
)
def along_the_axes(X, means):
    return _by(lambda d: np.abs(d).sum(axis=1))(X, means)


@nearest_mean.mistake("Only the largest difference counts here. Every feature adds to a distance.")
def largest_difference(X, means):
    return _by(lambda d: np.abs(d).max(axis=1))(X, means)


@nearest_mean.mistake(
    "The differences are summed first and lose their sign afterwards, when they have cancelled. Square each one before the sum."
)
def squared_too_late(X, means):
    return _by(lambda d: d.sum(axis=1) ** 2)(X, means)


@nearest_mean.mistake("The numbers begin at 1. Rows are counted from 0.")
def counted_from_one(X, means):
    return _by(lambda d: (d**2).sum(axis=1))(X, means) + 1


@nearest_mean.mistake("Of several means that are equally near, the last one is taken. Take the first.")
def last_of_the_nearest(X, means):
    return _by(lambda d: (d**2).sum(axis=1), lambda v: len(v) - 1 - np.argmin(v[::-1]))(X, means)


@nearest_mean.variant
def all_at_once(X, means):
    return np.linalg.norm(X[:, None, :] - means, axis=2).argmin(axis=1)


@nearest_mean.variant
def one_by_one(X, means):
    nearest = np.zeros(len(X), dtype=int)
    for i, x in enumerate(X):
        best = np.inf
        for k, mean in enumerate(means):
            distance = sum((a - b) ** 2 for a, b in zip(x, mean, strict=True))
            if distance < best:
                best, nearest[i] = distance, k
    return nearest

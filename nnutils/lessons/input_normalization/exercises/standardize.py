"""Exercise standardize: X with the given statistics taken out."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.input_normalization.exercises.shared import features


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Two steps for every feature: move its mean to 0, then stretch it to std 1.",
        "mean and std come from the training set, whatever X is. They have one number a feature, and NumPy applies them row by row.",
        "return (X - mean) / std",
    ),
)
def standardize(X, mean, std):
    """X with the given statistics taken out.

    X: (m, n_x), any set: training, dev or test. mean, std: (n_x,), the
    TRAINING set's, whatever X is. No std is 0.
    Returns the standardized examples, (m, n_x).
    """
    return (X - mean) / std


@standardize.cases
def _(rng):
    X = features(rng, 6, 3)
    yield X[:4], X.mean(axis=0), X.std(axis=0)
    yield X, X[2:].mean(axis=0), X[2:].std(axis=0)
    yield X[:1], X.mean(axis=0), X.std(axis=0)
    yield np.array([[-4, 7], [2, -5], [29, 0]]), np.array([1, 2]), np.array([4, 8])
    tiny = np.array([[3e-6, 5.0], [5e-6, 1.0], [2e-6, -4.0]])
    yield tiny, np.array([3.5e-6, 2.0]), np.array([2e-6, 3.0])


@standardize.mistake(
    "You used the statistics of this X. Dev and test are scaled with those of the training set, which are the arguments."
)
def own_statistics(X, mean, std):
    return (X - X.mean(axis=0)) / X.std(axis=0)


@standardize.mistake("Only std was divided out: subtract the mean first.")
def not_centred(X, mean, std):
    return X / std


@standardize.mistake("The mean is gone, but the scale is still there: divide by std.")
def not_scaled(X, mean, std):
    return X - mean


@standardize.mistake("Brackets are missing: this subtracts mean / std from X. It is (X - mean) / std.")
def without_brackets(X, mean, std):
    return X - mean / std


@standardize.mistake("You divided by std squared, the variance.")
def by_variance(X, mean, std):
    return (X - mean) / std**2


@standardize.mistake("You multiplied by std. That makes wide features wider; divide.")
def multiplied(X, mean, std):
    return (X - mean) * std


@standardize.mistake(
    "The mean is that of this X. Dev and test are moved by the mean of the training set, which is an argument."
)
def own_mean(X, mean, std):
    return (X - X.mean(axis=0)) / std


@standardize.mistake(
    "The std is that of this X. Dev and test are scaled by the std of the training set, which is an argument."
)
def own_std(X, mean, std):
    return (X - mean) / X.std(axis=0)


@standardize.mistake("mean and std have changed places: subtract the mean, then divide by std.")
def exchanged(X, mean, std):
    return (X - std) / mean


@standardize.mistake("You divided by the root of std. std is the root of the variance already.")
def by_root_of_std(X, mean, std):
    return (X - mean) / np.sqrt(std)


def _a_little_small(a, r):
    """Whether each feature is the right one times a factor: 1 where std is not tiny, and below 1 as if little were added to it."""
    right = standardize(a["X"], a["mean"], a["std"])
    factor = np.sum(r * right, axis=0) / np.sum(right**2, axis=0)
    near = (np.abs(factor - 1) < 1e-3)[a["std"] > 1e-3].all() and factor.max() < 1 + 1e-9
    near = near and (a["std"] * (1 / factor - 1)).max() < 0.01
    return near and np.allclose(r, factor * right) and factor.min() < 1 - 1e-6


@standardize.mistake(
    "A feature of a tiny scale comes out too small, often because a small number is added to std. The given std is never 0: "
    "divide by it as it is.",
    symptom=_a_little_small,
)
def with_epsilon(X, mean, std):
    return (X - mean) / (std + 1e-8)


@standardize.mistake("The result is rounded down to whole numbers, often because // stands where / belongs.")
def rounded_down(X, mean, std):
    return (X - mean) // std


@standardize.mistake(
    "-= or /= writes into the caller's X (and fails where it holds whole numbers). Compute a new array."
)
def standardized_in_place(X, mean, std):
    X -= mean
    X /= std
    return X


@standardize.mistake(
    "You used one mean and one std of all this X. Every feature has its own, those of the training set, in the arguments."
)
def of_the_whole_X(X, mean, std):
    return (X - X.mean()) / X.std()


@standardize.mistake(
    "Each example is scaled by its own mean and std (axis 1). Take the features' statistics, which are the arguments."
)
def example_by_example(X, mean, std):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@standardize.mistake(
    "This is min-max scaling, with this X's own smallest and largest values. Subtract mean and divide by std."
)
def to_the_unit_range(X, mean, std):
    return (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))


@standardize.variant
def row_by_row(X, mean, std):
    rows = [[(x - mu) / sigma for x, mu, sigma in zip(row, mean, std, strict=True)] for row in X]
    return np.array(rows)


@standardize.variant
def as_affine_map(X, mean, std):
    scale = 1 / np.asarray(std, float)
    return X * scale - mean * scale

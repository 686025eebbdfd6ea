"""Exercise input_report: what is odd about inputs, before anything is trained."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=7,
    hints=(
        "Go feature by feature, in this order: is every value finite? Do all values equal the first one? Only what is left has a spread worth comparing.",
        "Collect the standard deviations of the features that are left, and take their median after the loop. For the copies, tuple(row) of X.tolist() can be kept in a set.",
        'After the loop: middle = np.median of these standard deviations, and "scale" holds each feature with std > ratio * middle or std < middle / ratio. With no feature left, it is an empty list. Copies: [i for i, row in enumerate(X_dev.tolist()) if tuple(row) in rows].',
    ),
)
def input_report(X, X_dev, ratio=10):
    """What is odd about inputs.

    X: (m, n), the training examples. X_dev: (m_dev, n), always finite.
    Returns a dict of four lists of int, each in rising order, empty
    where nothing is odd:
    "not finite": the features (columns) of X with a NaN or an infinity,
    "constant": the finite features that never change in X,
    "scale": of all other features those whose standard deviation (ddof
    0) is more than `ratio` times the median of the standard deviations
    of these others, or less than the median over `ratio`,
    "copies": the rows of X_dev that also stand in X, number for number.
    """
    odd = {"not finite": [], "constant": [], "scale": [], "copies": []}
    stds = {}
    for j in range(X.shape[1]):
        values = X[:, j]
        if not np.isfinite(values).all():
            odd["not finite"].append(j)
        elif (values == values[0]).all():
            odd["constant"].append(j)
        else:
            stds[j] = values.std()
    middle = np.median(list(stds.values())) if stds else 1.0
    odd["scale"] = [j for j, std in stds.items() if std > ratio * middle or std < middle / ratio]
    rows = {tuple(row) for row in X.tolist()}
    odd["copies"] = [i for i, row in enumerate(X_dev.tolist()) if tuple(row) in rows]
    return odd


def _inputs(rng, scales, broken=(), constant=(), copies=()):
    """Examples whose features have about these standard deviations."""
    scales = np.asarray(scales, float)
    X = 3 + scales * rng.permuted(np.tile(np.linspace(-1, 1, 9), (len(scales), 1)), axis=1).T
    X_dev = 3 + scales * rng.normal(size=(6, len(scales)))
    X[:, list(constant)] = X[:1, list(constant)]
    for row, column, value in broken:
        X[row, column] = value
    for row in copies:
        X_dev[row] = X[rng.integers(6, 9)]
    return X, X_dev


@input_report.cases
def _(rng):
    yield *_inputs(rng, [1, 2, 3, 30, 0.2, 500, 0.01]), 10
    yield *_inputs(rng, [1, 1.2, 0.8, 1, 1, 2], [(2, 0, np.nan), (0, 5, -np.inf)], [3], [1, 4]), 10
    yield *_inputs(rng, [1, 2, 4, 7, 0.1, 1.5], (), [1, 3], [0]), 3
    yield (
        *_inputs(rng, [50, 1, 1, 1, 1, 60, 70], (), [1, 2, 3, 4]),
        10,
    )  # the median without the constant ones
    yield *_inputs(rng, [1, 1], [(1, 0, np.inf)], [1], [5]), 10  # no feature is left
    X, X_dev = _inputs(rng, [1, 2])
    X_dev[2] = [X[0, 0], X[1, 1]]  # each number occurs, the row does not
    yield X, X_dev, 10
    X, X_dev = _inputs(rng, [1, 1, 1e-9, 2])
    yield X + np.array([0, 1e3, 0, 0]), X_dev, 10  # changes a little: not constant


def _report(X, X_dev, ratio, middle=np.median, wrong="", constant=True, over="left"):
    finite = np.isfinite(X).all(axis=0)
    still = finite & (X[0] == X).all(axis=0)
    left = np.flatnonzero(finite & ~still) if constant else np.flatnonzero(finite)
    std = X[:, left].std(axis=0)
    compared = X[:, finite].std(axis=0) if over == "finite" else std
    usual = middle(compared) if len(compared) else 1.0
    rows = set(map(tuple, X.tolist()))
    low, high = std * ratio < usual, std > ratio * usual
    return {
        "not finite": np.flatnonzero(~finite).tolist(),
        "constant": np.flatnonzero(still).tolist(),
        "scale": left[high if wrong == "high" else low | high].tolist(),
        "copies": [i for i, row in enumerate(X_dev.tolist()) if tuple(row) in rows],
    }


@input_report.mistake(
    "Under scale, features are missing whose spread is far too small. A feature can be out of scale to either side."
)
def only_large(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio, wrong="high")


@input_report.mistake(
    "The usual spread is taken as the mean. One huge feature lifts the mean so far that the others look small: take the median."
)
def by_the_mean(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio, middle=np.mean)


@input_report.mistake(
    "A feature that never changes also counts among those whose spreads are compared. Leave it out before you take the median."
)
def constants_compared(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio, constant=False)


@input_report.mistake(
    "The features that never change count in the median, as 0. Take the median over the others alone."
)
def constants_in_the_median(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio, over="finite")


@input_report.mistake(
    "The copies are rows of X. Return the places in X_dev: which dev examples have been seen in training?"
)
def copies_in_train(X, X_dev, ratio=10):
    rows = set(map(tuple, X_dev.tolist()))
    return _report(X, X_dev, ratio) | {
        "copies": [i for i, row in enumerate(X.tolist()) if tuple(row) in rows]
    }


@input_report.mistake(
    "A dev row counts as a copy if each of its numbers occurs somewhere in X. A copy is a whole row: compare row with row."
)
def copies_by_numbers(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio) | {
        "copies": np.flatnonzero(
            [all(value in X[:, j] for j, value in enumerate(row)) for row in X_dev]
        ).tolist()
    }


@input_report.mistake("A NaN is reported and an infinity is not. Neither is finite: np.isfinite says so.")
def nan_alone(X, X_dev, ratio=10):
    told = _report(X, X_dev, ratio)
    return told | {"not finite": np.flatnonzero(np.isnan(X).any(axis=0)).tolist()}


@input_report.variant
def by_arrays(X, X_dev, ratio=10):
    return _report(X, X_dev, ratio)


@input_report.variant
def by_loops(X, X_dev, ratio=10):
    features = list(range(X.shape[1]))
    broken = [j for j in features if not np.all(np.isfinite(X[:, j]))]
    still = [j for j in features if j not in broken and X[:, j].min() == X[:, j].max()]
    left = [j for j in features if j not in broken + still]
    stds = [float(np.std(X[:, j])) for j in left]
    odd = []
    for j, std in zip(left, stds, strict=True):
        times = std / np.median(stds)
        if times > ratio or times < 1 / ratio:
            odd.append(j)
    seen = [i for i in range(len(X_dev)) if any(np.array_equal(X_dev[i], row) for row in X)]
    return {"copies": seen, "scale": odd, "constant": still, "not finite": broken}

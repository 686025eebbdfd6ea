"""Exercise mean_curve: repair a learning curve over several runs that trains on its dev set."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.bias_variance.given import Counting, Nearest, Rote


@exercise(
    kind="repair",
    points=4,
    minutes=10,
    returns=("train_errors", "dev_errors"),
    hints=(
        "Follow the rows through the code. For one run and one size: which rows train the model, and which rows measure it?",
        "Print len(rows) for every run and size, and how many of the rows are in dev. Then look at what becomes of the runs "
        "in the last lines.",
        "Each run begins without rows. dev begins after the largest size. The training error is measured on the rows that "
        "trained the model. The curve is the mean of the runs.",
    ),
)
def mean_curve(fit, X, y, sizes, orders):
    """A learning curve, the mean of several runs.

    fit: fit(X, y) trains a model and returns its predict.
    X: (m, n_x), y: (m,) labels. sizes: numbers of training examples,
    increasing, each smaller than m.
    orders: (runs, m), for each run an order of the m rows.
    In each run the model of size n is trained on the first n rows of
    the run's order. Its training error is measured on these n rows.
    Its dev error is measured on the rows after the first max(sizes),
    which no model of the run may see.
    Returns (train_errors, dev_errors), two arrays with one error rate
    for each size: the mean over the runs.
    """
    curves = []
    for order in orders:
        rows, curve = [], []
        dev = order[max(sizes) :]
        for n in sizes:
            rows.extend(order[len(rows) : n])
            predict = fit(X[rows], y[rows])
            parts = rows, dev
            wrong = [y[part] != predict(X[part]) for part in parts]
            curve.append([np.mean(each) for each in wrong])
        curves.append(curve)
    train_errors, dev_errors = np.mean(curves, axis=0).T
    return train_errors, dev_errors


mean_curve.fault(
    "rows_of_earlier_runs",
    "From the second run on, every model is trained on all the rows of the first run, and some of these belong to dev now: "
    "dev errors come out too low, and are the same for every size.",
    right="    for order in orders:\n        rows, curve = [], []\n",
    wrong="    rows = []\n    for order in orders:\n        curve = []\n",
)
mean_curve.fault(
    "dev_begins_too_early",
    "Larger models are measured on rows that they were trained on: the dev set holds them.",
    right="dev = order[max(sizes) :]",
    wrong="dev = order[min(sizes) :]",
)
mean_curve.fault(
    "training_error_of_other_rows",
    "The training error of smaller models is measured on rows that they have not seen.",
    right="parts = rows, dev",
    wrong="parts = order[: max(sizes)], dev",
)
mean_curve.fault(
    "best_run",
    "The curve is that of the luckiest runs: the lowest error of all runs in place of their mean.",
    right="np.mean(curves, axis=0).T",
    wrong="np.min(curves, axis=0).T",
)


def _orders(rng, runs, m):
    return np.array([rng.permutation(m) for _ in range(runs)])


@mean_curve.cases
def _(rng):
    X, y = rng.normal(size=(40, 2)), rng.integers(0, 3, size=40)
    yield Nearest(), X, y, (5, 12, 25), _orders(rng, 3, 40)
    yield (
        Nearest(3.0),
        rng.normal(size=(61, 3)),
        rng.integers(0, 2, size=61),
        [10, 20, 31],
        _orders(rng, 4, 61),
    )
    yield Rote(), rng.normal(size=(30, 2)), rng.integers(0, 4, size=30), (4, 9, 20), _orders(rng, 3, 30)
    yield Counting(), rng.normal(size=(50, 1)), np.resize([8, 15, 30], 50), [8, 15, 30], _orders(rng, 2, 50)
    yield (
        Nearest(),
        rng.normal(size=(31, 2)),
        rng.integers(0, 3, size=31),
        np.array([8, 20]),
        _orders(rng, 1, 31),
    )


def _runs(fit, X, y, sizes, orders, dev_of):
    """(runs, 2, sizes): the errors of each run, with the dev rows that dev_of(order, n) says."""
    curves = np.zeros((len(orders), 2, len(sizes)))
    for r, order in enumerate(orders):
        for i, n in enumerate(sizes):
            predict = fit(X[order[:n]], y[order[:n]])
            for j, part in enumerate((order[:n], dev_of(order, n))):
                curves[r, j, i] = np.mean(predict(X[part]) != y[part])
    return curves


@mean_curve.mistake("The order is (train_errors, dev_errors): yours are swapped.")
def parts_swapped(fit, X, y, sizes, orders):
    curves = _runs(fit, X, y, sizes, orders, lambda order, n: order[max(sizes) :])
    return tuple(curves.mean(axis=0)[::-1])


@mean_curve.mistake("The curve is that of the last run alone. Take the mean of all runs.")
def last_run(fit, X, y, sizes, orders):
    return tuple(_runs(fit, X, y, sizes, orders, lambda order, n: order[max(sizes) :])[-1])


@mean_curve.mistake(
    "The dev set begins after the first n rows, so it is another one for every size. It begins after the largest size."
)
def dev_after_n(fit, X, y, sizes, orders):
    return tuple(_runs(fit, X, y, sizes, orders, lambda order, n: order[n:]).mean(axis=0))


@mean_curve.variant
def without_collecting_rows(fit, X, y, sizes, orders):
    total = np.zeros((2, len(sizes)))
    for order in orders:
        for i, n in enumerate(sizes):
            predict = fit(X[order[:n]], y[order[:n]])
            for j, part in enumerate((order[:n], order[max(sizes) :])):
                total[j, i] += (predict(X[part]) != y[part]).mean()
    return total / len(orders)


@mean_curve.variant
def run_by_run(fit, X, y, sizes, orders):
    def one(order):
        models = [fit(X[order[:n]], y[order[:n]]) for n in sizes]
        dev = order[sizes[-1] :]
        train = [
            1 - np.mean(model(X[order[:n]]) == y[order[:n]]) for model, n in zip(models, sizes, strict=True)
        ]
        return train, [1 - np.mean(model(X[dev]) == y[dev]) for model in models]

    runs = np.array([one(order) for order in orders])
    return tuple(runs.mean(axis=0))

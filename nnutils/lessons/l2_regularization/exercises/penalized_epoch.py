"""Exercise penalized_epoch: an epoch of mini-batches whose decay reaches too much and is measured by the wrong m."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.weight_decay_step import weight_decay_step
from nnutils.lessons.l2_regularization.given import ScaledLines


@exercise(
    kind="repair",
    points=3,
    minutes=9,
    hints=(
        "Run it by hand with lam = 0 and a large lam, on parameters of ones and gradients of zero. Which of them shrink, and by "
        "how much in the last, smaller batch?",
        'The names carry numbers: b1, gamma1. What do `name in ("b", "beta")` and `name.endswith("gamma")` say of them?',
        "Ask name.startswith(...) in both places, and take m = len(X): the training set has len(X) examples, a batch has fewer.",
    ),
)
def penalized_epoch(parameters, slopes, X, y, batch_size, lr, lam):
    """One epoch of gradient descent on mini-batches, with an L2 penalty.

    parameters: dict of arrays by name: weights W1, W2, ...; biases b1,
    b2, ...; gains gamma1, ... and shifts beta1, ... of a normalization.
    slopes(parameters, X_batch, y_batch): a dict with the gradient of the
    batch's mean loss for each of these names.
    X: (m, n_x), y: (m,), the whole training set. The batches are taken in
    order, batch_size rows each; the last one may be smaller.
    lr: learning rate. lam: lambda of the L2 penalty, which is on the
    weights and on nothing else.
    Returns a new dict of new arrays; parameters stay as they are.
    """
    parameters = {name: 1.0 * value for name, value in parameters.items()}
    for start in range(0, len(X), batch_size):
        X_batch = X[start : start + batch_size]
        y_batch = y[start : start + batch_size]
        grads = slopes(parameters, X_batch, y_batch)
        m = len(X)
        for name, value in parameters.items():
            is_bias = name.startswith("b")
            is_gain = name.startswith("gamma")
            strength = 0.0 if is_bias or is_gain else lam
            dW = grads[name]
            parameters[name] = weight_decay_step(value, dW, lr, strength, m)
    return parameters


penalized_epoch.fault(
    "biases_decay",
    "Biases and shifts shrink, too. They belong to no weights: a step on them has no penalty.",
    right='name.startswith("b")',
    wrong='name in ("b", "beta")',
)
penalized_epoch.fault(
    "gains_decay",
    "The gains of the normalization shrink, too. They are no weights: a step on them has no penalty.",
    right='name.startswith("gamma")',
    wrong='name.endswith("gamma")',
)
penalized_epoch.fault(
    "batch_for_training_set",
    "The penalty depends on the size of the batch: small batches are penalized harder, and the last, smaller one hardest of "
    "all. The penalty is a part of the cost of the whole training set.",
    right="m = len(X)",
    wrong="m = len(X_batch)",
)


@penalized_epoch.cases
def _(rng):
    def parameters(n_x, n_h):
        away = {"W1": (n_x, n_h), "b1": (n_h,), "gamma1": (n_h,), "beta1": (n_h,), "W2": (n_h, 1), "b2": (1,)}
        return {
            name: rng.choice([-1, 1], shape) * rng.uniform(0.5, 1.5, shape) for name, shape in away.items()
        }

    for m, n_x, n_h, batch_size, lam in (
        (7, 3, 2, 3, 0.9),
        (6, 2, 3, 2, 2.0),
        (5, 2, 2, 8, 1.5),
        (4, 1, 2, 4, 0.0),
    ):
        yield (
            parameters(n_x, n_h),
            ScaledLines(),
            rng.normal(size=(m, n_x)),
            rng.normal(size=m),
            batch_size,
            0.1,
            lam,
        )
    whole = {
        name: np.arange(1, 1 + value.size).reshape(value.shape) for name, value in parameters(2, 2).items()
    }
    yield whole, ScaledLines(), rng.integers(-2, 3, size=(5, 2)), rng.integers(-2, 3, size=5), 2, 0.01, 3


def _epoch(parameters, slopes, X, y, batch_size, lr, lam, factor):
    """An epoch in which the parameter `name` shrinks by factor(name, examples of this batch) in each step."""
    parameters = {name: np.array(value, float) for name, value in parameters.items()}
    for start in range(0, len(X), batch_size):
        rows = slice(start, start + batch_size)
        grads = slopes(parameters, X[rows], y[rows])
        parameters = {
            name: (1 - lr * lam * factor(name, len(X[rows]))) * value - lr * grads[name]
            for name, value in parameters.items()
        }
    return parameters


@penalized_epoch.mistake("Nothing shrinks any more: the penalty has left the weights, too.")
def nothing_decays(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: 0.0)


@penalized_epoch.mistake(
    "Biases, gains and shifts shrink, and the weights do not: it is the other way round."
)
def the_others_decay(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(
        parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: (not name.startswith("W")) / len(X)
    )


@penalized_epoch.mistake(
    "Shifts and gains are left alone now, and biases still shrink. A step on them has no penalty, either."
)
def biases_still_decay(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(
        parameters,
        slopes,
        X,
        y,
        batch_size,
        lr,
        lam,
        lambda name, rows: name.startswith(("W", "b")) * (not name.startswith("beta")) / len(X),
    )


@penalized_epoch.mistake(
    "Biases and gains are left alone now, and shifts, beta1 and so on, still shrink. A step on them has no penalty, either."
)
def shifts_still_decay(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(
        parameters,
        slopes,
        X,
        y,
        batch_size,
        lr,
        lam,
        lambda name, rows: name.startswith(("W", "beta")) / len(X),
    )


@penalized_epoch.mistake(
    "The penalty is divided by batch_size. That is no longer the last batch's own size, but the penalty still depends on the "
    "batches. It is a part of the cost of the whole training set."
)
def by_batch_size(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(
        parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: name.startswith("W") / batch_size
    )


@penalized_epoch.mistake("The penalty is not divided by m at all.")
def undivided(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(
        parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: float(name.startswith("W"))
    )


@penalized_epoch.mistake("Only W1 shrinks. All weights have the penalty, those of every layer.")
def first_weights(parameters, slopes, X, y, batch_size, lr, lam):
    return _epoch(parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: (name == "W1") / len(X))


@penalized_epoch.mistake(
    "The result is right, but the given parameters have changed. Fill a new dict with new arrays."
)
def changed_in_place(parameters, slopes, X, y, batch_size, lr, lam):
    new = _epoch(
        parameters, slopes, X, y, batch_size, lr, lam, lambda name, rows: name.startswith("W") / len(X)
    )
    parameters.update(new)
    return parameters


@penalized_epoch.variant
def by_a_list_of_names(parameters, slopes, X, y, batch_size, lr, lam):
    weights = [name for name in parameters if name.startswith("W")]
    new = {name: np.asarray(value) * 1.0 for name, value in parameters.items()}
    start = 0
    while start < len(X):
        grads = slopes(new, X[start : start + batch_size], y[start : start + batch_size])
        new = {
            name: new[name] - lr * (grads[name] + (name in weights) * lam / len(X) * new[name])
            for name in new
        }
        start += batch_size
    return new


@penalized_epoch.variant
def by_shape(parameters, slopes, X, y, batch_size, lr, lam):
    keep = 1 - lr * lam / X.shape[0]
    new = {name: np.array(value, float) for name, value in parameters.items()}
    for first in range(0, X.shape[0], batch_size):
        part = np.arange(first, min(first + batch_size, X.shape[0]))
        grads = slopes(new, X[part], y[part])
        for name in new:
            new[name] = new[name] * (keep if new[name].ndim == 2 else 1) - lr * grads[name]
    return new

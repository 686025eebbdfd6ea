"""Exercise scheduled_descent: descent with a rate for each step, whose schedule is asked in the wrong units."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=8,
    returns=("w", "rates"),
    hints=(
        "Run it with 7 examples, batches of 2, 5 epochs and 2 epochs of warm-up, and look at the rates. How many should there be, where "
        "should the largest one stand, and which are there?",
        "Steps and epochs are mixed up in two places, and in a third place one batch of each epoch is not counted. What is the rate of "
        "step 0?",
        "Everything is counted in steps: an epoch has m / batch_size steps, rounded UP, the warm-up warmup_epochs times as many, and step "
        "goes on counting from epoch to epoch. The first rate is lr_max / warmup.",
    ),
)
def scheduled_descent(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    """Mini-batch descent on a linear model, with a warm-up and a linear fall.

    w: (n,), the start. X: (m, n). y: (m,). The cost of a batch is half the
    mean squared error of X @ w.
    batch_size: at most m. The batches of an epoch are taken in the order
    given, and the last one may be smaller.
    epochs, warmup_epochs: whole numbers, 1 <= warmup_epochs < epochs.
    Each STEP has a rate of its own. In the first warmup_epochs epochs the
    rates rise in a straight line, the first one above 0, the last one of
    these epochs lr_max. Then they fall in a straight line, from lr_max at the
    first step after the warm-up; the step after the last one of the run would
    have 0. Returns (w, rates): the weights at the end, and the rate of each
    step, a list.
    """
    steps = -(-len(y) // batch_size)
    total = epochs * steps
    warmup = warmup_epochs * steps
    rates = []
    for epoch in range(epochs):
        for start in range(0, len(y), batch_size):
            step = epoch * steps + start // batch_size
            if step < warmup:
                lr = lr_max * (step + 1) / warmup
            else:
                lr = lr_max * (total - step) / (total - warmup)
            rates.append(lr)
            rows = slice(start, start + batch_size)
            Xb, yb = X[rows], y[rows]
            w = w - lr * Xb.T @ (Xb @ w - yb) / len(yb)
    return w, rates


scheduled_descent.fault(
    "asked_by_epoch",
    "All steps of an epoch have the same rate. The schedule is made for steps, but it gets the number of the epoch.",
    right="step = epoch * steps + start // batch_size",
    wrong="step = epoch",
)
scheduled_descent.fault(
    "begins_at_zero",
    "The first rate is 0: the steps that have it learn nothing.",
    right="(step + 1) / warmup",
    wrong="step / warmup",
)
scheduled_descent.fault(
    "last_batch_not_counted",
    "Where the last batch of an epoch is smaller, the schedule is made for fewer steps than the run has: that batch is not counted.",
    right="-(-len(y) // batch_size)",
    wrong="len(y) // batch_size",
)
scheduled_descent.fault(
    "warmup_in_epochs",
    "The schedule is made with a warm-up of as many steps as it should have epochs.",
    right="warmup_epochs * steps",
    wrong="warmup_epochs",
)


@scheduled_descent.cases
def _(rng):
    for m, batch_size, epochs, warmup_epochs in ((7, 2, 5, 2), (10, 4, 4, 1), (6, 3, 4, 2), (5, 4, 6, 3)):
        X = rng.normal(size=(m, 3))
        yield (
            rng.normal(size=3),
            X,
            rng.normal(size=m),
            batch_size,
            epochs,
            warmup_epochs,
            rng.uniform(0.1, 0.3),
        )
    yield np.array([1, -2]), rng.normal(size=(9, 2)), rng.normal(size=9), 2, 3, 1, 0.2


def _descent(w, X, y, batch_size, epochs, rate_of, rates_of=None, sum_of=None):
    """Descent whose rate is rate_of(epoch, i, steps), with i the number of the batch in its epoch."""
    rates, steps = [], -(-len(y) // batch_size)
    for epoch in range(epochs):
        for i in range(steps):
            rates.append(rate_of(epoch, i, steps))
            batch = slice(i * batch_size, (i + 1) * batch_size)
            slope = X[batch].T @ (X[batch] @ w - y[batch])
            w = w - rates[-1] * slope / (1 if sum_of else len(y[batch]))
    return w, rates_of(rates) if rates_of else rates


def _rate(step, total, warmup, lr_max):
    return lr_max * ((step + 1) / warmup if step < warmup else (total - step) / (total - warmup))


def _right(epochs, warmup_epochs, lr_max):
    return lambda epoch, i, steps: _rate(epoch * steps + i, epochs * steps, warmup_epochs * steps, lr_max)


@scheduled_descent.mistake(
    "In each epoch the schedule begins anew: the number of the step in its epoch is asked for, not that in the run."
)
def descent_anew_each_epoch(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    return _descent(
        w,
        X,
        y,
        batch_size,
        epochs,
        lambda epoch, i, steps: _right(epochs, warmup_epochs, lr_max)(0, i, steps),
    )


@scheduled_descent.mistake(
    "All steps of an epoch have the same rate: the schedule is counted in epochs throughout. It should have a rate for each step."
)
def descent_all_in_epochs(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    return _descent(
        w, X, y, batch_size, epochs, lambda epoch, i, steps: _rate(epoch, epochs, warmup_epochs, lr_max)
    )


@scheduled_descent.mistake(
    "The last rate is 0: the fall ends at the last step. The step AFTER the last one of the run would have 0."
)
def descent_ends_at_zero(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    def rate(epoch, i, steps):
        step, total, warmup = epoch * steps + i, epochs * steps, warmup_epochs * steps
        return lr_max * ((step + 1) / warmup if step < warmup else (total - 1 - step) / (total - 1 - warmup))

    return _descent(w, X, y, batch_size, epochs, rate)


@scheduled_descent.mistake(
    "The fall does not begin at lr_max: it is measured from the beginning of the run, not from the end of the warm-up."
)
def descent_falls_from_the_start(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    def rate(epoch, i, steps):
        step, total, warmup = epoch * steps + i, epochs * steps, warmup_epochs * steps
        return lr_max * ((step + 1) / warmup if step < warmup else (total - step) / total)

    return _descent(w, X, y, batch_size, epochs, rate)


@scheduled_descent.mistake(
    "The rates are right, and the weights are not: the gradient of a batch is its sum. It should be its mean."
)
def descent_with_sums(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    return _descent(w, X, y, batch_size, epochs, _right(epochs, warmup_epochs, lr_max), sum_of=True)


@scheduled_descent.mistake(
    "The weights are right, and one rate an epoch is returned. Return the rate of each step."
)
def descent_tells_epochs_only(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    steps = -(-len(y) // batch_size)
    return _descent(
        w,
        X,
        y,
        batch_size,
        epochs,
        _right(epochs, warmup_epochs, lr_max),
        rates_of=lambda rates: rates[steps - 1 :: steps],
    )


@scheduled_descent.mistake(
    "The last batch of an epoch is left out where it is smaller. It makes a step like the others."
)
def descent_drops_the_last_batch(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    kept = len(y) // batch_size * batch_size
    return _descent(w, X[:kept], y[:kept], batch_size, epochs, _right(epochs, warmup_epochs, lr_max))


@scheduled_descent.variant
def descent_with_rates_made_before(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    steps = int(np.ceil(len(X) / batch_size))
    up = lr_max * np.arange(1, warmup_epochs * steps + 1) / (warmup_epochs * steps)
    down = lr_max * np.linspace(1, 0, (epochs - warmup_epochs) * steps, endpoint=False)
    rates = [*up, *down]
    for t, lr in enumerate(rates):
        batch = slice(t % steps * batch_size, (t % steps + 1) * batch_size)
        w = w - lr * np.mean((X[batch] @ w - y[batch])[:, None] * X[batch], axis=0)
    return w, rates


@scheduled_descent.variant
def descent_counting_up(w, X, y, batch_size, epochs, warmup_epochs, lr_max):
    w, rates, t = np.array(w, float), [], 0
    per_epoch = (len(y) + batch_size - 1) // batch_size
    for _ in range(epochs):
        for first in range(0, len(y), batch_size):
            t += 1
            rising = t / (warmup_epochs * per_epoch)
            falling = (epochs * per_epoch - t + 1) / ((epochs - warmup_epochs) * per_epoch)
            rates.append(lr_max * min(rising, falling))
            A, b = X[first : first + batch_size], y[first : first + batch_size]
            w -= rates[-1] * (A.T @ (A @ w - b)) / len(b)
    return [w, rates]

"""Exercise minibatch_gd: gradient descent with a mini-batch at every step."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.minibatch_gradient_descent.exercises.minibatches import minibatches
from nnutils.lessons.minibatch_gradient_descent.exercises.shared import (
    IN_PLACE,
    batch_sizes,
    count,
    cut,
    explains,
    in_order,
    linear,
    logistic,
    one_order,
    shows_cost_after,
    shows_order,
    shows_pairs_broken,
    shows_repeats,
    shows_whole_cost,
    singles,
    turned_round,
    walk,
    what_is_wrong,
    whole_numbers,
)


@exercise(
    points=3,
    minutes=6,
    returns=("theta", "costs"),
    fresh=True,
    hints=(
        "Two loops: one over the epochs, and in it one over the mini-batches of this epoch.",
        "In each epoch ask for fresh mini-batches, minibatches(X, y, batch_size, rng). For each, note the cost before you move theta.",
        "for Xb, yb in minibatches(X, y, batch_size, rng): costs.append(cost(theta, Xb, yb)); "
        "theta = theta - lr * grad(theta, Xb, yb)",
    ),
)
def minibatch_gd(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    """Gradient descent with a mini-batch at every step.

    cost, grad: functions, called as cost(theta, X, y), a number,
    and grad(theta, X, y), both means over the examples they get.
    theta: (n,), where to start. X: (m, n), y: (m,). lr: learning rate.
    batch_size: how many examples a step sees, from 1 to more than m;
    the last batch of an epoch may be smaller.
    epochs: how many passes over the data. Each draws its mini-batches
    anew from rng, a np.random.Generator. You may use your minibatches.
    Returns (theta, costs): the last theta, and for each update
    the cost of its own mini-batch, just before the update.
    theta as given stays as it is.
    """
    costs = []
    for _ in range(epochs):
        for Xb, yb in minibatches(X, y, batch_size, rng):
            costs.append(cost(theta, Xb, yb))
            theta = theta - lr * grad(theta, Xb, yb)
    return theta, costs


@minibatch_gd.cases
def _(rng):
    for arguments, lr, epochs, batch_size in (
        (linear(rng, 12, 3), 0.1, 4, 2),
        (logistic(rng, 11, 2), 0.4, 4, 2),
        (whole_numbers(rng, 10, 2), 0.001, 3, 2),
        (linear(rng, 5, 2), 0.15, 3, 9),
        (linear(rng, 9, 1), 0.1, 3, 1),
    ):
        yield *arguments, lr, epochs, batch_size, np.random.default_rng(rng.integers(2**32))


@minibatch_gd.judge
def _(a, result):
    return what_is_wrong(a, result)


def _pieces(m, epochs, batch_size, rng):
    return [rows for _ in range(epochs) for rows in cut(rng.permutation(m), batch_size)]


@minibatch_gd.mistake(
    "theta and the costs are in the wrong order: return theta first, then the costs.",
    symptom=lambda a, r: turned_round(a, r),
)
def mini_order_of_two(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))[::-1]


@minibatch_gd.mistake(
    "You return theta alone. Return theta and the list of costs: return theta, costs",
    symptom=lambda a, r: isinstance(r, np.ndarray) and r.shape == a["theta"].shape,
)
def mini_theta_alone(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))[0]


@minibatch_gd.mistake(
    "You use the examples in the order in which they came. Draw an order from rng in each epoch.",
    symptom=lambda a, r: shows_order(a, r, in_order),
)
def mini_in_order(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, cut(np.arange(len(X)), batch_size) * epochs)


@minibatch_gd.mistake(
    "All epochs use the same mini-batches. Often because they are drawn before the loop over the epochs. Draw them inside, once an epoch.",
    symptom=lambda a, r: shows_order(a, r, one_order),
)
def mini_one_order(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, _pieces(len(X), 1, batch_size, rng) * epochs)


@minibatch_gd.mistake(
    "There are as many updates in an epoch as batch_size says. It says how many examples a step sees.",
    symptom=lambda a, r: count(a, r) == a["epochs"] * a["batch_size"] != a["epochs"] * len(batch_sizes(a)),
)
def mini_number_for_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rows for _ in range(epochs) for rows in np.array_split(rng.permutation(len(X)), batch_size)]
    return walk(cost, grad, theta, X, y, lr, [rows for rows in orders if len(rows)])


@minibatch_gd.mistake(
    "In an epoch some examples come twice and some never. Often because every step draws its batch from all examples: cut one permutation "
    "instead.",
    symptom=shows_repeats,
)
def mini_with_repeats(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rng.choice(len(X), len(rows)) for rows in cut(np.arange(len(X)), batch_size) * epochs]
    return walk(cost, grad, theta, X, y, lr, orders)


@minibatch_gd.mistake(
    "The examples of the last, smaller batch get no step. Every example has its turn in every epoch.",
    symptom=lambda a, r: (
        count(a, r) == a["epochs"] * (len(batch_sizes(a)) - 1) > a["epochs"]
        and len(a["y"]) % a["batch_size"] > 0
    ),
)
def mini_rest_dropped(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rows for rows in _pieces(len(X), epochs, batch_size, rng) if len(rows) == batch_size]
    return walk(cost, grad, theta, X, y, lr, orders)


@minibatch_gd.mistake(
    "The costs are measured after each update. Measure before you move.", symptom=shows_cost_after
)
def mini_cost_after(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for rows in _pieces(len(X), epochs, batch_size, rng):
        theta = theta - lr * grad(theta, X[rows], y[rows])
        costs.append(cost(theta, X[rows], y[rows]))
    return theta, costs


@minibatch_gd.mistake(
    "The costs are those of all examples. Take the cost of the mini-batch that the step uses.",
    symptom=shows_whole_cost,
)
def mini_whole_cost(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for rows in _pieces(len(X), epochs, batch_size, rng):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


@minibatch_gd.mistake("You went uphill: subtract lr * grad.", symptom=lambda a, r: explains(a, r, sign=+1))
def mini_uphill(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, -lr, _pieces(len(X), epochs, batch_size, rng))


@minibatch_gd.mistake(
    "The gradient is that of all examples. A step sees its mini-batch only: grad(theta, Xb, yb).",
    symptom=lambda a, r: len(batch_sizes(a)) > 1 and explains(a, r, whole=True),
)
def mini_whole_gradient(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    return walk(cost, grad, theta, X, y, lr, orders, lambda t, rows: t - lr * grad(t, X, y))


@minibatch_gd.mistake(
    "The learning rate is missing: the step is lr * grad.", symptom=lambda a, r: explains(a, r, lr=1.0)
)
def mini_without_lr(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, 1.0, _pieces(len(X), epochs, batch_size, rng))


@minibatch_gd.mistake(
    "There is one cost an epoch. Keep one for every update. Often because it is appended after the loop over the mini-batches, and "
    "not inside.",
    symptom=lambda a, r: count(a, r) == a["epochs"] != a["epochs"] * len(batch_sizes(a)),
)
def mini_one_cost_an_epoch(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    steps = -(-len(X) // batch_size)
    theta, costs = walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))
    return theta, [np.mean(costs[i : i + steps]) for i in range(0, len(costs), steps)]


@minibatch_gd.mistake(
    "You go through the examples once only. Do that `epochs` times.",
    symptom=lambda a, r: (
        count(a, r) == len(batch_sizes(a)) not in (a["epochs"], a["epochs"] * len(batch_sizes(a)))
    ),
)
def mini_one_epoch(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, _pieces(len(X), 1, batch_size, rng))


@minibatch_gd.mistake(
    "X is shuffled and y is not, so that an example meets the label of another. Use one order for both.",
    symptom=shows_pairs_broken,
)
def mini_pairs_broken(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for _ in range(epochs):
        mixed = X[rng.permutation(len(X))]
        for rows in cut(np.arange(len(X)), batch_size):
            costs.append(cost(theta, mixed[rows], y[rows]))
            theta = theta - lr * grad(theta, mixed[rows], y[rows])
    return theta, costs


@minibatch_gd.mistake(IN_PLACE)
def mini_in_place(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for rows in _pieces(len(X), epochs, batch_size, rng):
        costs.append(cost(theta, X[rows], y[rows]))
        theta -= lr * grad(theta, X[rows], y[rows])
    return theta, costs


@minibatch_gd.mistake(
    "The steps are divided by the size of the batch. The gradient is a mean over the batch already: lr * grad.",
    symptom=lambda a, r: explains(a, r, lr=lambda rows: a["lr"] / len(rows)),
)
def mini_divided_by_the_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr / len(rows) * grad(t, X[rows], y[rows])  # noqa: E731
    return walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "The steps are as many times too long as the batch has examples. The gradient is their mean: do not make a sum of it.",
    symptom=lambda a, r: explains(a, r, lr=lambda rows: a["lr"] * len(rows)),
)
def mini_times_the_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr * len(rows) * grad(t, X[rows], y[rows])  # noqa: E731
    return walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "The step of the last, smaller batch is shortened by its share of a whole batch. Each batch makes a step with the whole lr.",
    symptom=lambda a, r: (
        len(batch_sizes(a)) > 1 and explains(a, r, 99, lr=lambda rows: a["lr"] * len(rows) / a["batch_size"])
    ),
)
def mini_short_last_step(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr * len(rows) / batch_size * grad(t, X[rows], y[rows])  # noqa: E731
    return walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "There is a cost for every example of every epoch. Often because each step uses one example, as in SGD. "
    "A step uses batch_size of them.",
    symptom=lambda a, r: count(a, r) == a["epochs"] * len(a["y"]) != a["epochs"] * len(batch_sizes(a)),
)
def mini_one_by_one(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, singles(len(X), epochs, rng))


@minibatch_gd.mistake(
    "One epoch is missing: go through the examples `epochs` times, for _ in range(epochs).",
    symptom=lambda a, r: count(a, r) == (a["epochs"] - 1) * len(batch_sizes(a)) > len(batch_sizes(a)) > 1,
)
def mini_one_epoch_less(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs - 1, batch_size, rng))


@minibatch_gd.variant
def mini_written_out(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs, order = [], np.arange(len(X))
    for _ in range(epochs):
        rng.shuffle(order)
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            costs.append(cost(theta, X[rows], y[rows]))
            theta = theta - lr * grad(theta, X[rows], y[rows])
    return theta, np.array(costs)


@minibatch_gd.variant
def mini_by_random_keys(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = np.argsort(rng.random((epochs, len(X))), axis=1)
    pieces = [rows for order in orders for rows in cut(order, batch_size)]
    return list(walk(cost, grad, theta, X, y, lr, pieces))

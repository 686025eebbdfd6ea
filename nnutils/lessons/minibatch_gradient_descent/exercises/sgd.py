"""Exercise sgd: stochastic gradient descent (Robbins & Monro 1951): one example at every step."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.minibatch_gradient_descent.exercises.shared import (
    IN_PLACE,
    batch_sizes,
    count,
    explains,
    in_order,
    linear,
    logistic,
    one_order,
    parts,
    replay,
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
    points=2,
    minutes=7,
    returns=("theta", "costs"),
    fresh=True,
    hints=(
        "Two loops: one over the epochs, and in it one over all examples, in a random order.",
        "rng.permutation(len(X)) gives the order of an epoch. The functions want rows: example i is X[i : i + 1] with "
        "y[i : i + 1].",
        "for i in rng.permutation(len(X)): Xi, yi = X[i : i + 1], y[i : i + 1]; then as in batch_gd, with Xi and yi.",
    ),
)
def sgd(cost, grad, theta, X, y, lr, epochs, rng):
    """Stochastic gradient descent (Robbins & Monro 1951): one
    example at every step.

    cost, grad, theta (n,), X (m, n), y (m,), lr and epochs as in batch_gd.
    rng: a np.random.Generator. Every epoch draws a new order of the m
    examples from it, and goes through all of them: m updates.
    cost and grad take rows, so that one example is X[i : i + 1]
    with y[i : i + 1].
    Returns (theta, costs): the last theta, and epochs * m costs,
    each of its update's one example, just before the update.
    theta as given stays as it is.
    """
    costs = []
    for _ in range(epochs):
        for i in rng.permutation(len(X)):
            Xi, yi = X[i : i + 1], y[i : i + 1]
            costs.append(cost(theta, Xi, yi))
            theta = theta - lr * grad(theta, Xi, yi)
    return theta, costs


@sgd.cases
def _(rng):
    for arguments, lr, epochs in (
        (linear(rng, 10, 3), 0.05, 3),
        (logistic(rng, 9, 2), 0.4, 3),
        (whole_numbers(rng, 10, 2), 0.001, 3),
        (linear(rng, 9, 1), 0.1, 3),
    ):
        yield *arguments, lr, epochs, np.random.default_rng(rng.integers(2**32))


@sgd.judge
def _(a, result):
    return what_is_wrong(a, result)


@sgd.mistake(
    "You use the examples in the order in which they came. Draw an order from rng in each epoch: rng.permutation(len(X)).",
    symptom=lambda a, r: shows_order(a, r, in_order),
)
def sgd_in_order(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, [[i] for _ in range(epochs) for i in range(len(X))])


@sgd.mistake(
    "All epochs use one order. Often because the permutation is drawn before the loop over the epochs. Draw it inside, once an epoch.",
    symptom=lambda a, r: shows_order(a, r, one_order),
)
def sgd_one_order(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, [[i] for i in rng.permutation(len(X))] * epochs)


@sgd.mistake(
    "In an epoch some examples come twice and some never. Often because each step picks any example: go through a permutation instead.",
    symptom=shows_repeats,
)
def sgd_with_repeats(cost, grad, theta, X, y, lr, epochs, rng):
    orders = [[i] for i in rng.integers(len(X), size=epochs * len(X))]
    return walk(cost, grad, theta, X, y, lr, orders)


@sgd.mistake("The costs are measured after each update. Measure before you move.", symptom=shows_cost_after)
def sgd_cost_after(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for rows in singles(len(X), epochs, rng):
        theta = theta - lr * grad(theta, X[rows], y[rows])
        costs.append(cost(theta, X[rows], y[rows]))
    return theta, costs


@sgd.mistake(
    "The costs are those of all examples. That alone makes a step as dear as in batch mode: take the cost of the step's example.",
    symptom=shows_whole_cost,
)
def sgd_whole_cost(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for rows in singles(len(X), epochs, rng):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


@sgd.mistake(
    "You went uphill: subtract lr * grad.",
    symptom=lambda a, r: explains(a, r, sign=+1),
)
def sgd_uphill(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, -lr, singles(len(X), epochs, rng))


@sgd.mistake(
    "The gradient is that of all examples. In SGD a step sees one: grad(theta, X[i : i + 1], y[i : i + 1]).",
    symptom=lambda a, r: explains(a, r, whole=True),
)
def sgd_whole_gradient(cost, grad, theta, X, y, lr, epochs, rng):
    orders = singles(len(X), epochs, rng)
    return walk(cost, grad, theta, X, y, lr, orders, lambda t, rows: t - lr * grad(t, X, y))


@sgd.mistake(
    "The learning rate is missing: the step is lr * grad.",
    symptom=lambda a, r: explains(a, r, lr=1.0),
)
def sgd_without_lr(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, 1.0, singles(len(X), epochs, rng))


@sgd.mistake(
    "There is one step in an epoch: one example is picked, and the others never come. An epoch goes through all of them.",
    symptom=lambda a, r: (
        count(a, r) == a["epochs"] == len(replay(a, parts(a, r)[1])[0]) != a["epochs"] * len(batch_sizes(a))
    ),
)
def sgd_one_step_an_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, [[rng.integers(len(X))] for _ in range(epochs)])


@sgd.mistake(
    "You go through the examples once only. Do that `epochs` times.",
    symptom=lambda a, r: count(a, r) == len(a["y"]) != a["epochs"] * len(a["y"]),
)
def sgd_one_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, singles(len(X), 1, rng))


@sgd.mistake(
    "X is shuffled and y is not, so that an example meets the label of another. Use the same index for both.",
    symptom=shows_pairs_broken,
)
def sgd_pairs_broken(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for _ in range(epochs):
        for k, i in enumerate(rng.permutation(len(X))):
            costs.append(cost(theta, X[i : i + 1], y[k : k + 1]))
            theta = theta - lr * grad(theta, X[i : i + 1], y[k : k + 1])
    return theta, costs


@sgd.mistake(
    "X[i] is a vector, and cost and grad want rows: take X[i : i + 1] and y[i : i + 1], which keep the axis of the examples."
)
def sgd_without_axis(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for _ in range(epochs):
        for i in rng.permutation(len(X)):
            costs.append(cost(theta, X[i], y[i]))
            theta = theta - lr * grad(theta, X[i], y[i])
    return theta, costs


@sgd.mistake(IN_PLACE)
def sgd_in_place(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for rows in singles(len(X), epochs, rng):
        costs.append(cost(theta, X[rows], y[rows]))
        theta -= lr * grad(theta, X[rows], y[rows])
    return theta, costs


@sgd.mistake(
    "You return theta alone. Return theta and the list of costs: return theta, costs",
    symptom=lambda a, r: isinstance(r, np.ndarray) and r.shape == a["theta"].shape,
)
def sgd_theta_alone(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, singles(len(X), epochs, rng))[0]


@sgd.mistake(
    "theta and the costs are in the wrong order: return theta first, then the costs.",
    symptom=lambda a, r: turned_round(a, r),
)
def sgd_order_of_two(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, singles(len(X), epochs, rng))[::-1]


@sgd.mistake(
    "There is one cost too many. Often because the cost of the last theta is added at the end: keep one cost for each update.",
    symptom=lambda a, r: count(a, r) == a["epochs"] * len(batch_sizes(a)) + 1,
)
def sgd_cost_of_the_end(cost, grad, theta, X, y, lr, epochs, rng):
    theta, costs = walk(cost, grad, theta, X, y, lr, singles(len(X), epochs, rng))
    return theta, [*costs, cost(theta, X, y)]


@sgd.mistake(
    "The steps are divided by the number of examples. A step sees one example, and its gradient is a mean already: lr * grad.",
    symptom=lambda a, r: explains(a, r, lr=lambda rows: a["lr"] / len(a["y"])),
)
def sgd_divided_by_m(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr / len(X), singles(len(X), epochs, rng))


@sgd.mistake(
    "One epoch is missing: go through the examples `epochs` times, for _ in range(epochs).",
    symptom=lambda a, r: count(a, r) == (a["epochs"] - 1) * len(batch_sizes(a)) > len(batch_sizes(a)),
)
def sgd_one_epoch_less(cost, grad, theta, X, y, lr, epochs, rng):
    return walk(cost, grad, theta, X, y, lr, singles(len(X), epochs - 1, rng))


@sgd.mistake(
    "There is one cost an epoch, and it is not that of a single step. Keep the cost of every update: append inside the loop over "
    "the examples.",
    symptom=lambda a, r: count(a, r) == a["epochs"] != a["epochs"] * len(batch_sizes(a)),
)
def sgd_one_cost_an_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    theta, costs = walk(cost, grad, theta, X, y, lr, singles(len(X), epochs, rng))
    return theta, np.reshape(costs, (epochs, -1)).mean(axis=1)


@sgd.variant
def sgd_shuffled_copies(cost, grad, theta, X, y, lr, epochs, rng):
    costs, order = [], np.arange(len(X))
    for _ in range(epochs):
        rng.shuffle(order)
        for x, label in zip(X[order], y[order], strict=True):
            costs.append(cost(theta, x[None], np.array([label])))
            theta = theta - lr * grad(theta, x[None], np.array([label]))
    return theta, np.array(costs)


@sgd.variant
def sgd_by_random_keys(cost, grad, theta, X, y, lr, epochs, rng):
    orders = np.argsort(rng.random((epochs, len(X))), axis=1)
    return walk(cost, grad, theta, X, y, lr, orders.reshape(-1, 1))

"""Exercise batch_gd: gradient descent with all examples at every step."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.minibatch_gradient_descent.exercises.shared import (
    IN_PLACE,
    linear,
    logistic,
    whole_numbers,
)


@exercise(
    points=2,
    minutes=7,
    returns=("theta", "costs"),
    fresh=True,
    hints=(
        "An epoch is one update here. Which two numbers do you need of the present theta before you leave it?",
        "In each epoch first append cost(theta, X, y) to a list, then move theta by lr times the gradient, downhill.",
        "In the loop: costs.append(cost(theta, X, y)); theta = theta - lr * grad(theta, X, y). "
        "After it: return theta, costs",
    ),
)
def batch_gd(cost, grad, theta, X, y, lr, epochs):
    """Gradient descent with all examples at every step.

    cost, grad: functions, called as cost(theta, X, y), a number,
    and grad(theta, X, y).
    theta: (n,), where to start. X: (m, n), one example a row; y: (m,).
    lr: learning rate.
    Each epoch is one update, theta - lr * grad.
    Returns (theta, costs): the last theta, and for each update the cost just
    before it: `epochs` numbers. theta as given stays so.
    """
    costs = []
    for _ in range(epochs):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X, y)
    return theta, costs


@batch_gd.cases
def _(rng):
    yield *linear(rng, 6, 3), 0.2, 4
    yield *logistic(rng, 7, 2), 0.7, 3
    yield *whole_numbers(rng, 5, 2), 0.001, 2
    yield *linear(rng, 4, 1), 0.3, 1


def _batch(cost, theta, X, y, epochs, step):
    """(theta, costs) with `step(theta)` as the update."""
    costs = []
    for _ in range(epochs):
        costs.append(cost(theta, X, y))
        theta = step(theta)
    return theta, costs


def _right(cost, grad, theta, X, y, lr, epochs):
    return _batch(cost, theta, X, y, epochs, lambda t: t - lr * grad(t, X, y))


@batch_gd.mistake("You went uphill: the gradient points where the cost grows, so subtract lr * grad.")
def batch_uphill(cost, grad, theta, X, y, lr, epochs):
    return _batch(cost, theta, X, y, epochs, lambda t: t + lr * grad(t, X, y))


@batch_gd.mistake("theta is right, but the costs are measured after each update. Measure before you move.")
def batch_cost_after(cost, grad, theta, X, y, lr, epochs):
    costs = []
    for _ in range(epochs):
        theta = theta - lr * grad(theta, X, y)
        costs.append(cost(theta, X, y))
    return theta, costs


@batch_gd.mistake("There is one cost too many: it belongs to the last theta, which is not left any more.")
def batch_cost_of_the_end(cost, grad, theta, X, y, lr, epochs):
    theta, costs = _right(cost, grad, theta, X, y, lr, epochs)
    return theta, [*costs, cost(theta, X, y)]


@batch_gd.mistake("The learning rate is missing: the step is lr * grad.")
def batch_without_lr(cost, grad, theta, X, y, lr, epochs):
    return _batch(cost, theta, X, y, epochs, lambda t: t - grad(t, X, y))


@batch_gd.mistake(
    "You divided by the number of examples once more. cost and grad are means over the examples they get already."
)
def batch_divided_again(cost, grad, theta, X, y, lr, epochs):
    return _batch(cost, theta, X, y, epochs, lambda t: t - lr * grad(t, X, y) / len(X))


@batch_gd.mistake(
    "The gradient is taken at the first theta in every epoch. Ask for it again where you have arrived."
)
def batch_old_gradient(cost, grad, theta, X, y, lr, epochs):
    first = grad(theta, X, y)
    return _batch(cost, theta, X, y, epochs, lambda t: t - lr * first)


@batch_gd.mistake("You return after the first epoch. Is the return inside the loop?")
def batch_one_epoch(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta, X, y, lr, 1)


@batch_gd.mistake("You return theta alone. Return theta and the list of costs: return theta, costs")
def batch_theta_alone(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta, X, y, lr, epochs)[0]


@batch_gd.mistake("Both are right and in the wrong order: return theta first, then the costs.")
def batch_order_of_two(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta, X, y, lr, epochs)[::-1]


@batch_gd.mistake("You return the last cost only. Keep the cost of every update in a list.")
def batch_last_cost(cost, grad, theta, X, y, lr, epochs):
    theta, costs = _right(cost, grad, theta, X, y, lr, epochs)
    return theta, costs[-1]


@batch_gd.mistake(IN_PLACE)
def batch_in_place(cost, grad, theta, X, y, lr, epochs):
    costs = []
    for _ in range(epochs):
        costs.append(cost(theta, X, y))
        theta -= lr * grad(theta, X, y)
    return theta, costs


@batch_gd.mistake("One update is missing: there are epochs - 1. Count with range(epochs).")
def batch_one_update_less(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta.copy(), X, y, lr, epochs - 1)


@batch_gd.mistake("There is one update too many. Count with range(epochs).")
def batch_one_update_more(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta, X, y, lr, epochs + 1)


@batch_gd.mistake(
    "The costs are right, but theta is the one before the last update. Often because the old theta is kept in another variable "
    "and that one is returned."
)
def batch_theta_before_the_last(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta.copy(), X, y, lr, epochs - 1)[0], _right(
        cost, grad, theta, X, y, lr, epochs
    )[1]


@batch_gd.mistake(
    "The steps are as many times too long as there are examples. grad gives the mean over the examples already: do not multiply."
)
def batch_times_the_examples(cost, grad, theta, X, y, lr, epochs):
    return _batch(cost, theta, X, y, epochs, lambda t: t - lr * len(X) * grad(t, X, y))


@batch_gd.mistake(
    "theta is right, but every cost is that of the first theta. Ask for the cost of the present theta in each epoch."
)
def batch_cost_of_the_start(cost, grad, theta, X, y, lr, epochs):
    return _right(cost, grad, theta, X, y, lr, epochs)[0], [cost(theta, X, y)] * epochs


@batch_gd.variant
def batch_on_a_copy(cost, grad, theta, X, y, lr, epochs):
    theta, costs = np.array(theta, dtype=float), np.zeros(epochs)
    for epoch in range(epochs):
        costs[epoch] = cost(theta, X, y)
        theta -= lr * grad(theta, X, y)
    return theta, costs


@batch_gd.variant
def batch_by_path(cost, grad, theta, X, y, lr, epochs):
    path = [theta]
    while len(path) <= epochs:
        path.append(np.subtract(path[-1], np.multiply(lr, grad(path[-1], X, y))))
    return path[-1], [cost(point, X, y) for point in path[:-1]]

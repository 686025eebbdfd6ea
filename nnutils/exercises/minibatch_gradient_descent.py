"""Exercises of lesson 09: one model, trained on all data, on one example and on a mini-batch at each step.

Answers that shuffle are judged by replaying them: the cost that an answer reports for a step tells which examples the step
used, whatever the order in which it drew them.
"""

import functools
import itertools
import math

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.minibatch_gradient_descent import (
    LinearCost,
    LinearGradient,
    LogisticCost,
    LogisticGradient,
)
from nnutils.givens.orders import neighbours_stay, rotated

NUMBER = 9
MINUTES = 75


def _linear(rng, m, n):
    """cost, grad, theta, X, y of a linear model with noisy targets."""
    X, y = rng.normal(size=(m, n)), rng.normal(2, 1, size=m)
    return LinearCost(), LinearGradient(), rng.normal(size=n), X, y


def _logistic(rng, m, n):
    """The same of a logistic model, with labels of both kinds."""
    X, y = rng.normal(size=(m, n)), rng.permutation(np.arange(m) % 2)
    return LogisticCost(), LogisticGradient(), rng.normal(size=n), X, y


def _whole(rng, m, n):
    """The linear model with whole numbers in theta and X."""
    cost, grad, _, _, y = _linear(rng, m, n)
    return cost, grad, rng.choice([-2, -1, 1, 2], size=n), _distinct_rows(rng, m, n), y


def _distinct_rows(rng, m, n):
    X = rng.integers(-9, 9, size=(m, n))
    X[:, 0] = rng.permutation(3 * m)[:m] + 1
    return X


# ----------------------------------------------------------------------------------- all the data at each step


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

    cost, grad: functions, called as cost(theta, X, y), a number, and grad(theta, X, y).
    theta: (n,), where to start. X: (m, n), one example a row; y: (m,). lr: learning rate.
    Each epoch is one update, theta - lr * grad. Returns (theta, costs): the last theta, and
    for each update the cost just before it: `epochs` numbers. theta as given stays so.
    """
    costs = []
    for _ in range(epochs):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X, y)
    return theta, costs


@batch_gd.cases
def _(rng):
    yield *_linear(rng, 6, 3), 0.2, 4
    yield *_logistic(rng, 7, 2), 0.7, 3
    yield *_whole(rng, 5, 2), 0.001, 2
    yield *_linear(rng, 4, 1), 0.3, 1


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


IN_PLACE = (
    "The formula is right, but `-=` changes the theta of whoever called you (and fails on whole numbers). "
    "Write theta = theta - lr * ..., which makes a new one."
)


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


# ------------------------------------------------------------------------- replaying answers that draw at random


@functools.lru_cache(maxsize=64)
def _subsets(m, size, repeated):
    """All sets of `size` of m examples, one a row; with examples that stand in it twice, where `repeated`."""
    choose = itertools.combinations_with_replacement if repeated else itertools.combinations
    return np.array(list(choose(range(m), size)))


def _sizes(a):
    """How many examples each step of an epoch should use."""
    m, size = len(a["y"]), min(a.get("batch_size", 1), len(a["y"]))
    return [size] * (m // size) + [m % size] * (m % size > 0)


def _start(a):
    return np.asarray(a["theta"], dtype=float)


def _each(a, theta, y=None):
    """The cost of every example by itself. The cost of a batch is the mean of these."""
    return a["cost"].each(theta, a["X"], a["y"] if y is None else y)


def _close(one, other):
    return abs(one - other) <= 1e-8 * abs(other)


def _step(a, theta, rows, sign=-1, lr=None, whole=False):
    """Where a step on these examples leads; and where a wrong one leads. lr: a number, or a function of the examples."""
    X, y = (a["X"], a["y"]) if whole else (a["X"][rows], a["y"][rows])
    rate = lr(rows) if callable(lr) else a["lr"] if lr is None else lr
    return theta + sign * rate * a["grad"](theta, X, y)


def _replay(a, costs, repeated=False, **wrong):
    """(the examples of each step, theta after the last), as far as the costs can be explained."""
    theta, batches, sizes = _start(a), [], _sizes(a)
    for number, cost in enumerate(costs):
        sets = _subsets(len(a["y"]), sizes[number % len(sizes)], repeated)
        means = _each(a, theta)[sets].sum(axis=1) / sets.shape[1]
        best = int(np.abs(means - cost).argmin())
        if not _close(cost, means[best]):
            break
        batches.append(sets[best])
        theta = _step(a, theta, sets[best], **wrong)
    return batches, theta


def _epochs(a, batches):
    """The batches of each epoch."""
    steps = len(_sizes(a))
    return [batches[start : start + steps] for start in range(0, len(batches), steps)]


def _covers(a, epoch):
    return np.array_equal(np.sort(np.concatenate(epoch)), np.arange(len(a["y"])))


def _orders(a, batches):
    """Each epoch's batches, as something that can be compared."""
    return [tuple(tuple(sorted(rows)) for rows in epoch) for epoch in _epochs(a, batches)]


def _tells_chance(a):
    """Whether a right answer next to never comes out in order, or in one order in every epoch; nor one order as the given one."""
    return a["epochs"] > 1 and math.factorial(len(a["y"])) >= 100_000 * math.prod(
        map(math.factorial, _sizes(a))
    )


def _in_order(a, batches):
    ends = np.cumsum([0, *_sizes(a)])
    plain = tuple(tuple(range(i, j)) for i, j in itertools.pairwise(ends))
    return _tells_chance(a) and set(_orders(a, batches)) == {plain}


def _one_order(a, batches):
    return _tells_chance(a) and len(set(_orders(a, batches))) == 1


def _what_is_wrong(a, result):
    """The judge of both descents that draw at random."""
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "the result should be two things: theta and the list of costs"
    theta, costs = np.asarray(result[0], dtype=float), np.asarray(result[1], dtype=float)
    wanted = a["epochs"] * len(_sizes(a))
    if theta.shape != a["theta"].shape:
        return f"`theta` should be of shape {a['theta'].shape}, yours is of shape {theta.shape}"
    if costs.shape != (wanted,):
        return f"there should be {wanted} costs, one an update; yours are of shape {costs.shape}"
    batches, end = _replay(a, costs)
    if not batches:
        return "`costs[0]` should be the cost of the first batch, at the theta that you are given"
    if len(batches) < wanted:
        return (
            f"costs[{len(batches)}] is the cost of no {_sizes(a)[len(batches) % len(_sizes(a))]} of the examples at the theta "
            f"that {len(batches)} updates, theta - lr * grad, lead to"
        )
    if not all(_covers(a, epoch) for epoch in _epochs(a, batches)):
        return "in an epoch every example should be used once; in yours some are used twice and some never"
    if not np.allclose(theta, end, rtol=1e-7, atol=1e-10):
        return "the costs are right, but theta is not the one that the last update leads to"
    if _in_order(a, batches):
        return "the examples are used in the order in which they came: draw a permutation from rng"
    if (
        _tells_chance(a)
        and max(_sizes(a)) == 1
        and all(rotated(np.ravel(epoch)) for epoch in _epochs(a, batches))
    ):
        return "the examples are used in the order in which they came, begun elsewhere: draw a permutation from rng"
    if _one_order(a, batches):
        return "every epoch uses the same order: draw a fresh permutation at the start of each epoch"
    return None


def _parts(a, result):
    """theta and costs of a result that has the right form."""
    theta, costs = result
    return np.asarray(theta, dtype=float), np.asarray(costs, dtype=float)


def _count(a, result):
    return len(_parts(a, result)[1])


def _turned_round(a, result):
    """Whether the costs stand where theta belongs, and theta where they belong."""
    costs, theta = map(np.shape, result)
    return theta == a["theta"].shape != costs == (a["epochs"] * len(_sizes(a)),)


def _explained(a, result, first=4, **wrong):
    """Whether the first costs, and more than two of them, are those of steps that go wrong in this way, and not of right ones."""
    costs = _parts(a, result)[1]
    if not len(costs) == a["epochs"] * len(_sizes(a)) >= 3:
        return False
    explained, right = (len(_replay(a, costs[:first], **how)[0]) for how in (wrong, {}))
    return explained == len(costs[:first]) > right


def _shows_order(a, result, same):
    costs = _parts(a, result)[1]
    if not _tells_chance(a) or len(costs) != a["epochs"] * len(_sizes(a)):
        return False
    batches, _ = _replay(a, costs)
    return len(batches) == len(costs) and same(a, batches)


def _shows_repeats(a, result):
    """The first epoch goes as it should, but for using some examples twice."""
    sizes, costs = _sizes(a), _parts(a, result)[1]
    if not len(costs) == a["epochs"] * len(sizes) > 2:
        return False
    batches, _ = _replay(a, costs[: len(sizes)], repeated=True)
    return len(batches) == len(sizes) > 1 and not _covers(a, batches)


def _few(a):
    """Whether there are few enough first batches to try all of them."""
    return math.perm(len(a["y"]), _sizes(a)[0]) <= 200


def _shows_cost_after(a, result):
    """costs[0] is the cost of some first batch, where the step on that batch leads."""
    if not _few(a):
        return False
    first, theta = _parts(a, result)[1][0], _start(a)
    sets = _subsets(len(a["y"]), _sizes(a)[0], False)
    after = [a["cost"](_step(a, theta, rows), a["X"][rows], a["y"][rows]) for rows in sets]
    return bool(_close(first, np.array(after)).any())


def _shows_whole_cost(a, result):
    whole = a["cost"](_start(a), a["X"], a["y"])
    return len(_sizes(a)) > 1 and bool(_close(_parts(a, result)[1][0], whole))


def _shows_pairs_broken(a, result):
    """X is shuffled and y is not: costs[0] pairs some examples with the first labels."""
    first, theta, size = _parts(a, result)[1][0], _start(a), _sizes(a)[0]
    if not _few(a) or _replay(a, [first])[0]:
        return False
    rows = np.array(list(itertools.permutations(range(len(a["y"])), size)))
    table = np.array([_each(a, theta, y=np.full(len(a["y"]), label)) for label in a["y"][:size]])
    means = np.mean([table[k][rows[:, k]] for k in range(size)], axis=0)
    return bool(_close(first, means).any())


# --------------------------------------------------------------------------------------- one example at a step


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
    """Stochastic gradient descent (Robbins & Monro 1951): one example at every step.

    cost, grad, theta (n,), X (m, n), y (m,), lr and epochs as in batch_gd.
    rng: a np.random.Generator. Every epoch draws a new order of the m examples from it, and
    goes through all of them: m updates. cost and grad take rows, so that one example is
    X[i : i + 1] with y[i : i + 1].
    Returns (theta, costs): the last theta, and epochs * m costs, each of its update's one
    example, just before the update. theta as given stays as it is.
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
        (_linear(rng, 10, 3), 0.05, 3),
        (_logistic(rng, 9, 2), 0.4, 3),
        (_whole(rng, 10, 2), 0.001, 3),
        (_linear(rng, 9, 1), 0.1, 3),
    ):
        yield *arguments, lr, epochs, np.random.default_rng(rng.integers(2**32))


@sgd.judge
def _(a, result):
    return _what_is_wrong(a, result)


def _walk(cost, grad, theta, X, y, lr, orders, move=None):
    """(theta, costs) of steps on the batches of indices in `orders`; `move(theta, rows)` is the update."""
    costs, theta = [], np.asarray(theta, dtype=float)
    for rows in orders:
        costs.append(cost(theta, X[rows], y[rows]))
        theta = move(theta, rows) if move else theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


def _singles(m, epochs, rng):
    return [[i] for _ in range(epochs) for i in rng.permutation(m)]


@sgd.mistake(
    "You use the examples in the order in which they came. Draw an order from rng in each epoch: rng.permutation(len(X)).",
    symptom=lambda a, r: _shows_order(a, r, _in_order),
)
def sgd_in_order(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, [[i] for _ in range(epochs) for i in range(len(X))])


@sgd.mistake(
    "All epochs use one order. Often because the permutation is drawn before the loop over the epochs. Draw it inside, once an epoch.",
    symptom=lambda a, r: _shows_order(a, r, _one_order),
)
def sgd_one_order(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, [[i] for i in rng.permutation(len(X))] * epochs)


@sgd.mistake(
    "In an epoch some examples come twice and some never. Often because each step picks any example: go through a permutation instead.",
    symptom=_shows_repeats,
)
def sgd_with_repeats(cost, grad, theta, X, y, lr, epochs, rng):
    orders = [[i] for i in rng.integers(len(X), size=epochs * len(X))]
    return _walk(cost, grad, theta, X, y, lr, orders)


@sgd.mistake("The costs are measured after each update. Measure before you move.", symptom=_shows_cost_after)
def sgd_cost_after(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for rows in _singles(len(X), epochs, rng):
        theta = theta - lr * grad(theta, X[rows], y[rows])
        costs.append(cost(theta, X[rows], y[rows]))
    return theta, costs


@sgd.mistake(
    "The costs are those of all examples. That alone makes a step as dear as in batch mode: take the cost of the step's example.",
    symptom=_shows_whole_cost,
)
def sgd_whole_cost(cost, grad, theta, X, y, lr, epochs, rng):
    costs = []
    for rows in _singles(len(X), epochs, rng):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


@sgd.mistake(
    "You went uphill: subtract lr * grad.",
    symptom=lambda a, r: _explained(a, r, sign=+1),
)
def sgd_uphill(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, -lr, _singles(len(X), epochs, rng))


@sgd.mistake(
    "The gradient is that of all examples. In SGD a step sees one: grad(theta, X[i : i + 1], y[i : i + 1]).",
    symptom=lambda a, r: _explained(a, r, whole=True),
)
def sgd_whole_gradient(cost, grad, theta, X, y, lr, epochs, rng):
    orders = _singles(len(X), epochs, rng)
    return _walk(cost, grad, theta, X, y, lr, orders, lambda t, rows: t - lr * grad(t, X, y))


@sgd.mistake(
    "The learning rate is missing: the step is lr * grad.",
    symptom=lambda a, r: _explained(a, r, lr=1.0),
)
def sgd_without_lr(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, 1.0, _singles(len(X), epochs, rng))


@sgd.mistake(
    "There is one step in an epoch: one example is picked, and the others never come. An epoch goes through all of them.",
    symptom=lambda a, r: (
        _count(a, r) == a["epochs"] == len(_replay(a, _parts(a, r)[1])[0]) != a["epochs"] * len(_sizes(a))
    ),
)
def sgd_one_step_an_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, [[rng.integers(len(X))] for _ in range(epochs)])


@sgd.mistake(
    "You go through the examples once only. Do that `epochs` times.",
    symptom=lambda a, r: _count(a, r) == len(a["y"]) != a["epochs"] * len(a["y"]),
)
def sgd_one_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, _singles(len(X), 1, rng))


@sgd.mistake(
    "X is shuffled and y is not, so that an example meets the label of another. Use the same index for both.",
    symptom=_shows_pairs_broken,
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
    for rows in _singles(len(X), epochs, rng):
        costs.append(cost(theta, X[rows], y[rows]))
        theta -= lr * grad(theta, X[rows], y[rows])
    return theta, costs


@sgd.mistake(
    "You return theta alone. Return theta and the list of costs: return theta, costs",
    symptom=lambda a, r: isinstance(r, np.ndarray) and r.shape == a["theta"].shape,
)
def sgd_theta_alone(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs, rng))[0]


@sgd.mistake(
    "theta and the costs are in the wrong order: return theta first, then the costs.",
    symptom=lambda a, r: _turned_round(a, r),
)
def sgd_order_of_two(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs, rng))[::-1]


@sgd.mistake(
    "There is one cost too many. Often because the cost of the last theta is added at the end: keep one cost for each update.",
    symptom=lambda a, r: _count(a, r) == a["epochs"] * len(_sizes(a)) + 1,
)
def sgd_cost_of_the_end(cost, grad, theta, X, y, lr, epochs, rng):
    theta, costs = _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs, rng))
    return theta, [*costs, cost(theta, X, y)]


@sgd.mistake(
    "The steps are divided by the number of examples. A step sees one example, and its gradient is a mean already: lr * grad.",
    symptom=lambda a, r: _explained(a, r, lr=lambda rows: a["lr"] / len(a["y"])),
)
def sgd_divided_by_m(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr / len(X), _singles(len(X), epochs, rng))


@sgd.mistake(
    "One epoch is missing: go through the examples `epochs` times, for _ in range(epochs).",
    symptom=lambda a, r: _count(a, r) == (a["epochs"] - 1) * len(_sizes(a)) > len(_sizes(a)),
)
def sgd_one_epoch_less(cost, grad, theta, X, y, lr, epochs, rng):
    return _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs - 1, rng))


@sgd.mistake(
    "There is one cost an epoch, and it is not that of a single step. Keep the cost of every update: append inside the loop over "
    "the examples.",
    symptom=lambda a, r: _count(a, r) == a["epochs"] != a["epochs"] * len(_sizes(a)),
)
def sgd_one_cost_an_epoch(cost, grad, theta, X, y, lr, epochs, rng):
    theta, costs = _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs, rng))
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
    return _walk(cost, grad, theta, X, y, lr, orders.reshape(-1, 1))


# -------------------------------------------------------------------------------------------------- mini-batches


@exercise(
    points=3,
    minutes=9,
    hints=(
        "Two things: put all examples into a random order, X and y alike, and then cut that into pieces.",
        "Draw one order with rng.permutation(len(X)). The pieces start at 0, batch_size, 2 * batch_size, ...: "
        "range(0, len(X), batch_size). A slice that reaches over the end is cut off at the end by itself.",
        "for start in range(0, len(X), batch_size): rows = order[start : start + batch_size]; append (X[rows], y[rows]).",
    ),
)
def minibatches(X, y, batch_size, rng):
    """Cut the examples into mini-batches at random.

    X: (m, n), one example a row; y: (m,). batch_size: a whole number.
    rng: a np.random.Generator, from which the order of the examples is drawn.
    Returns a list of pairs (X, y) of batch_size examples each; the last one holds the rest,
    and is smaller where m is no multiple of batch_size. Every example is in exactly one of
    them, beside its own y.
    """
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], y[rows]))
    return batches


@minibatches.cases
def _(rng):
    for X, batch_size in (
        (rng.normal(size=(41, 3)), 16),  # a rest above half a batch
        (rng.normal(size=(36, 2)), 9),  # none
        (_distinct_rows(rng, 17, 3), 4),  # a rest below half a batch
        (rng.normal(size=(11, 2)), 16),
        (rng.normal(size=(14, 1)), 1),
    ):
        y = rng.permutation(100)[: len(X)]
        yield X, y, batch_size, np.random.default_rng(rng.integers(2**32))


def _batch_sizes(a):
    m, size = len(a["y"]), a["batch_size"]
    return [min(size, m - start) for start in range(0, m, size)]


def _places(values, among):
    """Where each of the values, numbers or rows, stands among the distinct ones."""
    where = {key: place for place, key in enumerate(_keys(among))}
    return [where[key] for key in _keys(values)]


def _keys(values):
    return [tuple(one) if isinstance(one, list) else one for one in np.asarray(values).tolist()]


def _joined(result):
    """X and y of all batches."""
    return np.concatenate([X for X, _ in result]), np.concatenate([y for _, y in result])


def _kept_blocks(a, result):
    """Whether the batches are the blocks of the unshuffled data, in whatever order, where chance next to never makes them so."""
    starts = range(0, len(a["y"]), a["batch_size"])
    blocks = {tuple(range(i, min(i + a["batch_size"], len(a["y"])))) for i in starts}
    several = 1 < len(blocks) < len(a["y"])
    return several and {tuple(sorted(_places(y, a["y"]))) for _, y in result} <= blocks


def _in_given_order(a, result):
    """Whether X or y is as it was given, while there are several batches."""
    X, y = _joined(result)
    same = np.array_equal(y, a["y"]) or np.array_equal(X, a["X"])
    return len(_batch_sizes(a)) > 1 and same


@minibatches.judge
def _(a, result):
    wanted = _batch_sizes(a)
    if any(len(pair) != 2 for pair in result) or any(np.ndim(y) != 1 for _, y in result):
        return "the result should be a list of pairs (X, y)"
    if any(np.shape(X) != (len(y), a["X"].shape[1]) for X, y in result):
        return f"the X of a batch should have the shape (size, {a['X'].shape[1]}), and as many rows as its y"
    sizes = [len(y) for _, y in result]
    if sizes != wanted:
        return f"the batches should hold {wanted} examples, yours hold {sizes}"
    X, y = _joined(result)
    try:
        rows, labels = _places(X, a["X"]), _places(y, a["y"])
    except KeyError:
        return "a batch holds a row that is no row of X, or a y that is none"
    if len(set(rows)) < len(rows):
        return "an example is used twice, and another never"
    if rows != labels:
        return "an example stands beside the y of another one"
    if _kept_blocks(a, result) or _in_given_order(a, result):
        return "the batches are pieces of the data as they came: shuffle the examples before you cut"
    if neighbours_stay(rows) or (len(wanted) > 1 and rotated(rows)):
        return "most examples stand beside those beside which they came: draw a permutation of all of them from rng"
    return None


def _cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


def _taken(X, y, rows):
    return [(X[one], y[one]) for one in rows]


def _pairs_apart(a, result):
    X, y = _joined(result)
    return _places(X, a["X"]) != _places(y, a["y"])


@minibatches.mistake(
    "The batches are right, but nothing is shuffled: in sorted data a batch would see one class only. Draw an order from rng first.",
    symptom=lambda a, r: (
        1 < a["batch_size"] < len(a["y"])
        and np.array_equal(_joined(r)[0], a["X"])
        and np.array_equal(_joined(r)[1], a["y"])
    ),
)
def not_shuffled(X, y, batch_size, rng):
    return _taken(X, y, _cut(np.arange(len(X)), batch_size))


@minibatches.mistake(
    "You shuffled X and left y as it was, so that examples stand beside the y of others. Use one order for both.",
    symptom=lambda a, r: _pairs_apart(a, r) and np.array_equal(_joined(r)[1], a["y"]),
)
def only_X_shuffled(X, y, batch_size, rng):
    return [
        (X[rows], y[own]) for rows, own in _two_orders(rng.permutation(len(X)), np.arange(len(X)), batch_size)
    ]


def _two_orders(first, second, batch_size):
    return zip(_cut(first, batch_size), _cut(second, batch_size), strict=True)


@minibatches.mistake(
    "X and y are shuffled each in an order of its own, so that the pairs are torn apart. Draw one order and use it for both.",
    symptom=lambda a, r: _pairs_apart(a, r) and not np.array_equal(_joined(r)[1], a["y"]),
)
def two_orders(X, y, batch_size, rng):
    orders = _two_orders(rng.permutation(len(X)), rng.permutation(len(X)), batch_size)
    return [(X[rows], y[own]) for rows, own in orders]


@minibatches.mistake(
    "The last batch is missing, even where it is a full one. Often because the loop ends at len(X) - batch_size, or at one batch "
    "less. Let the starts go on to len(X).",
    symptom=lambda a, r: (
        len(a["y"]) % a["batch_size"] == 0 and [len(y) for _, y in r] == _batch_sizes(a)[:-1]
    ),
)
def last_batch_missing(X, y, batch_size, rng):
    return _taken(X, y, _cut(rng.permutation(len(X)), batch_size)[:-1])


@minibatches.mistake(
    "The examples that do not fill a whole batch are left out. Give them a last, smaller batch.",
    symptom=lambda a, r: len(a["y"]) % a["batch_size"] > 0 and [len(y) for _, y in r] == _batch_sizes(a)[:-1],
)
def rest_dropped(X, y, batch_size, rng):
    full = len(X) // batch_size * batch_size
    return _taken(X, y, _cut(rng.permutation(len(X))[:full], batch_size))


@minibatches.mistake(
    "The last batch is as large as the others, so that something in it comes twice or is no example. Leave it smaller.",
    symptom=lambda a, r: (
        len(a["y"]) % a["batch_size"] > 0
        and [len(y) for _, y in r] == [a["batch_size"]] * len(_batch_sizes(a))
    ),
)
def rest_filled_up(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return _taken(X, y, _cut(np.resize(order, -(-len(X) // batch_size) * batch_size), batch_size))


@minibatches.mistake(
    "Some examples come twice and some never. Often because every batch is drawn from all examples: draw one order and cut that.",
    symptom=lambda a, r: (
        [len(y) for _, y in r] == _batch_sizes(a)
        and len({*_places(_joined(r)[1], a["y"])}) < len(a["y"])
        and not _pairs_apart(a, r)
    ),
)
def drawn_anew(X, y, batch_size, rng):
    return _taken(X, y, [rng.choice(len(X), size, replace=False) for _, size in _numbered(X, batch_size)])


def _numbered(X, batch_size):
    return [(start, min(batch_size, len(X) - start)) for start in range(0, len(X), batch_size)]


@minibatches.mistake(
    "You made batch_size batches. batch_size is how many examples one of them holds.",
    symptom=lambda a, r: len(r) == a["batch_size"] != len(_batch_sizes(a)),
)
def as_many_batches(X, y, batch_size, rng):
    return _taken(X, y, np.array_split(rng.permutation(len(X)), batch_size))


@minibatches.mistake(
    "The number of batches is right, but you made them equally large. All hold batch_size examples, and the last one the rest.",
    symptom=lambda a, r: (
        len(r) == len(_batch_sizes(a))
        and [len(y) for _, y in r] != _batch_sizes(a)
        and np.ptp([len(y) for _, y in r]) == 1
    ),
)
def evened_out(X, y, batch_size, rng):
    return _taken(X, y, np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size)))


@minibatches.mistake(
    "You cut the data as they came and shuffled inside the batches, or the batches themselves. The same examples then always meet: "
    "shuffle all examples first.",
    symptom=lambda a, r: (
        _kept_blocks(a, r)
        and not _pairs_apart(a, r)
        and _places(_joined(r)[1], a["y"]) != [*range(len(a["y"]))]
    ),
)
def shuffled_inside(X, y, batch_size, rng):
    return _taken(X, y, [rng.permutation(rows) for rows in _cut(np.arange(len(X)), batch_size)])


@minibatches.mistake(
    "These are batches of X alone. A batch is a pair: (X[rows], y[rows]).",
    symptom=lambda a, r: (
        all(np.ndim(one) == 2 for one in r if not isinstance(one, list | tuple))
        and not any(isinstance(one, list | tuple) for one in r)
    ),
)
def without_y(X, y, batch_size, rng):
    return [X[rows] for rows in _cut(rng.permutation(len(X)), batch_size)]


@minibatches.mistake(
    "These are two lists, one of all the X and one of all the y. Return one list of pairs: (X[rows], y[rows]) for each batch.",
    symptom=lambda a, r: (
        len(r) == 2
        and all(
            isinstance(one, list | tuple) and np.ndim(one[0]) == d for one, d in zip(r, (2, 1), strict=True)
        )
    ),
)
def two_lists(X, y, batch_size, rng):
    pieces = _cut(rng.permutation(len(X)), batch_size)
    return [X[rows] for rows in pieces], [y[rows] for rows in pieces]


@minibatches.mistake(
    "The y of a batch has two axes. y is a vector here, (m,), and so is its part in a batch: y[rows].",
    symptom=lambda a, r: all(np.ndim(y) == 2 for _, y in r),
)
def y_as_a_column(X, y, batch_size, rng):
    return [(X[rows], y[rows][:, None]) for rows in _cut(rng.permutation(len(X)), batch_size)]


@minibatches.mistake(
    "y has one axis and is indexed with two. Often because the examples are taken for columns, as in Ng's course. "
    "Here each is a row of X and an entry of y: X[rows], y[rows]."
)
def examples_as_columns(X, y, batch_size, rng):
    order = rng.permutation(X.shape[1])
    X, y = X[:, order], y[:, order]
    return [(X[:, i : i + batch_size], y[:, i : i + batch_size]) for i in range(0, X.shape[1], batch_size)]


@minibatches.variant
def shuffle_then_slice(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    X, y = X[order], y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@minibatches.variant
def by_splitting(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    cuts = np.arange(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


@minibatches.variant
def from_a_generator(X, y, batch_size, rng):
    def batches(left):
        while left:
            rows, left = left[:batch_size], left[batch_size:]
            yield X[rows], y[rows]

    return list(batches(rng.permutation(len(X)).tolist()))


# ------------------------------------------------------------------------------------------------ counting steps


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Count the mini-batches of one epoch first. Does the smaller last one count?",
        "One epoch has m / batch_size steps, rounded up, because the rest gets a step, too. Then multiply.",
        "return epochs * int(np.ceil(m / batch_size))",
    ),
)
def num_steps(m, batch_size, epochs):
    """How many updates mini-batch gradient descent makes.

    m: number of examples; batch_size and epochs: whole numbers from 1.
    Every epoch goes through all examples, with a last, smaller batch where there is a rest.
    Returns an int.
    """
    return epochs * int(np.ceil(m / batch_size))


@num_steps.cases
def _(rng):
    yield 1797, 64, 5
    yield 60, 20, 3
    size = int(rng.integers(7, 12))
    yield 10 * size + int(rng.integers(1, size // 2)), size, 4
    yield int(rng.integers(18, 31)), 32, 2
    yield int(rng.integers(20, 40)), 1, 2


@num_steps.mistake("You rounded down, so that the examples of the last, smaller batch get no step. Round up.")
def rounded_down(m, batch_size, epochs):
    return epochs * (m // batch_size)


@num_steps.mistake(
    "You added one to the whole batches. Where batch_size divides m there is no rest, and no batch for it."
)
def always_one_more(m, batch_size, epochs):
    return epochs * (m // batch_size + 1)


@num_steps.mistake(
    "You rounded up once for all epochs. Each epoch ends with its own smaller batch: round up within the epoch, then multiply."
)
def rounded_at_the_end(m, batch_size, epochs):
    return -(-m * epochs // batch_size)


@num_steps.mistake("These are the steps of one epoch. Multiply by the number of epochs.")
def of_one_epoch(m, batch_size, epochs):
    return -(-m // batch_size)


@num_steps.mistake("The number is right, but it is a float. Steps are counted: return an int.")
def as_float(m, batch_size, epochs):
    return float(epochs * -(-m // batch_size))


@num_steps.mistake("This is not rounded at all. A step cannot be made by a part: round up within an epoch.")
def not_rounded(m, batch_size, epochs):
    return epochs * m / batch_size


@num_steps.mistake("You counted examples. An update uses batch_size of them.")
def counted_examples(m, batch_size, epochs):
    return epochs * m


@num_steps.mistake(
    "You rounded to the nearest whole number. A rest below half a batch needs its step, too: round up."
)
def rounded_to_nearest(m, batch_size, epochs):
    return epochs * round(m / batch_size)


@num_steps.variant
def by_adding_almost_one_batch(m, batch_size, epochs):
    return epochs * ((m + batch_size - 1) // batch_size)


@num_steps.variant
def by_counting(m, batch_size, epochs):
    return sum(1 for _ in range(epochs) for _ in range(0, m, batch_size))


# ----------------------------------------------------------------------------------------- mini-batch descent


@exercise(
    points=2,
    minutes=6,
    returns=("theta", "costs"),
    fresh=True,
    hints=(
        "It is sgd with your `minibatches` in the place of the single examples.",
        "In each epoch ask for fresh mini-batches, minibatches(X, y, batch_size, rng), and make a step on each of them.",
        "for Xb, yb in minibatches(X, y, batch_size, rng): costs.append(cost(theta, Xb, yb)); "
        "theta = theta - lr * grad(theta, Xb, yb)",
    ),
)
def minibatch_gd(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    """Gradient descent with a mini-batch at every step.

    cost, grad, theta (n,), X (m, n), y (m,), lr, epochs and rng as in sgd.
    batch_size: how many examples a step sees; the last batch of an epoch may be smaller.
    Each epoch draws its mini-batches anew from rng. You may use your minibatches.
    Returns (theta, costs): the last theta, and for each update the cost of its own
    mini-batch, just before the update. theta as given stays as it is.
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
        (_linear(rng, 12, 3), 0.1, 4, 2),
        (_logistic(rng, 11, 2), 0.4, 4, 2),
        (_whole(rng, 10, 2), 0.001, 3, 2),
        (_linear(rng, 5, 2), 0.15, 3, 9),
    ):
        yield *arguments, lr, epochs, batch_size, np.random.default_rng(rng.integers(2**32))


@minibatch_gd.judge
def _(a, result):
    return _what_is_wrong(a, result)


def _pieces(m, epochs, batch_size, rng):
    return [rows for _ in range(epochs) for rows in _cut(rng.permutation(m), batch_size)]


@minibatch_gd.mistake(
    "theta and the costs are in the wrong order: return theta first, then the costs.",
    symptom=lambda a, r: _turned_round(a, r),
)
def mini_order_of_two(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))[::-1]


@minibatch_gd.mistake(
    "You return theta alone. Return theta and the list of costs: return theta, costs",
    symptom=lambda a, r: isinstance(r, np.ndarray) and r.shape == a["theta"].shape,
)
def mini_theta_alone(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))[0]


@minibatch_gd.mistake(
    "You use the examples in the order in which they came. Draw an order from rng in each epoch.",
    symptom=lambda a, r: _shows_order(a, r, _in_order),
)
def mini_in_order(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _cut(np.arange(len(X)), batch_size) * epochs)


@minibatch_gd.mistake(
    "All epochs use the same mini-batches. Often because they are drawn before the loop over the epochs. Draw them inside, once an epoch.",
    symptom=lambda a, r: _shows_order(a, r, _one_order),
)
def mini_one_order(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _pieces(len(X), 1, batch_size, rng) * epochs)


@minibatch_gd.mistake(
    "There are as many updates in an epoch as batch_size says. It says how many examples a step sees.",
    symptom=lambda a, r: _count(a, r) == a["epochs"] * a["batch_size"] != a["epochs"] * len(_sizes(a)),
)
def mini_number_for_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rows for _ in range(epochs) for rows in np.array_split(rng.permutation(len(X)), batch_size)]
    return _walk(cost, grad, theta, X, y, lr, [rows for rows in orders if len(rows)])


@minibatch_gd.mistake(
    "In an epoch some examples come twice and some never. Often because every step draws its batch from all examples: cut one permutation "
    "instead.",
    symptom=_shows_repeats,
)
def mini_with_repeats(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rng.choice(len(X), len(rows)) for rows in _cut(np.arange(len(X)), batch_size) * epochs]
    return _walk(cost, grad, theta, X, y, lr, orders)


@minibatch_gd.mistake(
    "The examples of the last, smaller batch get no step. Every example has its turn in every epoch.",
    symptom=lambda a, r: (
        _count(a, r) == a["epochs"] * (len(_sizes(a)) - 1) > a["epochs"] and len(a["y"]) % a["batch_size"] > 0
    ),
)
def mini_rest_dropped(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = [rows for rows in _pieces(len(X), epochs, batch_size, rng) if len(rows) == batch_size]
    return _walk(cost, grad, theta, X, y, lr, orders)


@minibatch_gd.mistake(
    "The costs are measured after each update. Measure before you move.", symptom=_shows_cost_after
)
def mini_cost_after(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for rows in _pieces(len(X), epochs, batch_size, rng):
        theta = theta - lr * grad(theta, X[rows], y[rows])
        costs.append(cost(theta, X[rows], y[rows]))
    return theta, costs


@minibatch_gd.mistake(
    "The costs are those of all examples. Take the cost of the mini-batch that the step uses.",
    symptom=_shows_whole_cost,
)
def mini_whole_cost(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for rows in _pieces(len(X), epochs, batch_size, rng):
        costs.append(cost(theta, X, y))
        theta = theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


@minibatch_gd.mistake("You went uphill: subtract lr * grad.", symptom=lambda a, r: _explained(a, r, sign=+1))
def mini_uphill(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, -lr, _pieces(len(X), epochs, batch_size, rng))


@minibatch_gd.mistake(
    "The gradient is that of all examples. A step sees its mini-batch only: grad(theta, Xb, yb).",
    symptom=lambda a, r: len(_sizes(a)) > 1 and _explained(a, r, whole=True),
)
def mini_whole_gradient(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    return _walk(cost, grad, theta, X, y, lr, orders, lambda t, rows: t - lr * grad(t, X, y))


@minibatch_gd.mistake(
    "The learning rate is missing: the step is lr * grad.", symptom=lambda a, r: _explained(a, r, lr=1.0)
)
def mini_without_lr(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, 1.0, _pieces(len(X), epochs, batch_size, rng))


@minibatch_gd.mistake(
    "There is one cost an epoch. Keep one for every update. Often because it is appended after the loop over the mini-batches, and "
    "not inside.",
    symptom=lambda a, r: _count(a, r) == a["epochs"] != a["epochs"] * len(_sizes(a)),
)
def mini_one_cost_an_epoch(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    steps = -(-len(X) // batch_size)
    theta, costs = _walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs, batch_size, rng))
    return theta, [np.mean(costs[i : i + steps]) for i in range(0, len(costs), steps)]


@minibatch_gd.mistake(
    "You go through the examples once only. Do that `epochs` times.",
    symptom=lambda a, r: _count(a, r) == len(_sizes(a)) not in (a["epochs"], a["epochs"] * len(_sizes(a))),
)
def mini_one_epoch(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _pieces(len(X), 1, batch_size, rng))


@minibatch_gd.mistake(
    "X is shuffled and y is not, so that an example meets the label of another. Use one order for both.",
    symptom=_shows_pairs_broken,
)
def mini_pairs_broken(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for _ in range(epochs):
        mixed = X[rng.permutation(len(X))]
        for rows in _cut(np.arange(len(X)), batch_size):
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
    symptom=lambda a, r: _explained(a, r, lr=lambda rows: a["lr"] / len(rows)),
)
def mini_divided_by_the_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr / len(rows) * grad(t, X[rows], y[rows])  # noqa: E731
    return _walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "The steps are as many times too long as the batch has examples. The gradient is their mean: do not make a sum of it.",
    symptom=lambda a, r: _explained(a, r, lr=lambda rows: a["lr"] * len(rows)),
)
def mini_times_the_size(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr * len(rows) * grad(t, X[rows], y[rows])  # noqa: E731
    return _walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "The step of the last, smaller batch is shortened by its share of a whole batch. Each batch makes a step with the whole lr.",
    symptom=lambda a, r: (
        len(_sizes(a)) > 1 and _explained(a, r, 99, lr=lambda rows: a["lr"] * len(rows) / a["batch_size"])
    ),
)
def mini_short_last_step(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    orders = _pieces(len(X), epochs, batch_size, rng)
    move = lambda t, rows: t - lr * len(rows) / batch_size * grad(t, X[rows], y[rows])  # noqa: E731
    return _walk(cost, grad, theta, X, y, lr, orders, move)


@minibatch_gd.mistake(
    "There is a cost for every example of every epoch. Often because each step uses one example, as in sgd. "
    "A step uses batch_size of them.",
    symptom=lambda a, r: _count(a, r) == a["epochs"] * len(a["y"]) != a["epochs"] * len(_sizes(a)),
)
def mini_one_by_one(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _singles(len(X), epochs, rng))


@minibatch_gd.mistake(
    "One epoch is missing: go through the examples `epochs` times, for _ in range(epochs).",
    symptom=lambda a, r: _count(a, r) == (a["epochs"] - 1) * len(_sizes(a)) > len(_sizes(a)) > 1,
)
def mini_one_epoch_less(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    return _walk(cost, grad, theta, X, y, lr, _pieces(len(X), epochs - 1, batch_size, rng))


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
    pieces = [rows for order in orders for rows in _cut(order, batch_size)]
    return list(_walk(cost, grad, theta, X, y, lr, pieces))


# ------------------------------------------------------------------------------------------- gradient noise


@exercise(
    points=2,
    minutes=5,
    hints=(
        "First find the mean gradient: one vector. How far is each gradient from it?",
        "The squared distance of one gradient is a sum over its n entries. Take the mean of it over the steps, then the root.",
        "d = grads - grads.mean(axis=0), then return np.sqrt(np.mean(np.sum(d**2, axis=1)))",
    ),
)
def gradient_noise(grads):
    """How far gradients are from their mean: the root of the mean squared distance.

    grads: (steps, n), one gradient a row, with the mean gbar, (n,).
    Returns a float: sqrt( 1/steps * sum over the rows g of ||g - gbar||^2 ), where ||d||^2
    is the sum of the squared entries of d.
    """
    distance = grads - grads.mean(axis=0)
    return np.sqrt(np.mean(np.sum(distance**2, axis=1)))


@gradient_noise.cases
def _(rng):
    yield (rng.normal(1, 1, size=(5, 3)),)
    yield (rng.normal(-2, 1, size=(8, 2)) * [1, 10],)
    yield (rng.permutation(30)[:12].reshape(6, 2) - 4,)
    yield (rng.normal(3, 1, size=(2, 4)),)
    yield (rng.uniform(1, 9, size=(7, 1)) * np.array([[1], [-1], [1], [1], [-1], [1], [1]]),)


@gradient_noise.mistake("The root is missing: this is the mean squared distance.")
def noise_without_root(grads):
    return np.mean(np.sum((grads - grads.mean(axis=0)) ** 2, axis=1))


@gradient_noise.mistake(
    "You took the mean over the entries as well. The squared distance is their sum: sum over axis 1, mean over the steps."
)
def noise_mean_over_entries(grads):
    return np.sqrt(np.mean((grads - grads.mean(axis=0)) ** 2))


@gradient_noise.mistake(
    "This is the mean of the distances. Take the mean of their squares and the root at the end."
)
def noise_mean_distance(grads):
    return np.mean(np.linalg.norm(grads - grads.mean(axis=0), axis=1))


@gradient_noise.mistake("You divided by steps - 1. Here it is the plain mean: divide by steps.")
def noise_unbiased(grads):
    return np.sqrt(np.sum((grads - grads.mean(axis=0)) ** 2) / (len(grads) - 1))


@gradient_noise.mistake(
    "This is the size of the gradients, their distance from zero. Noise is what is left without the mean: subtract it first."
)
def noise_from_zero(grads):
    return np.sqrt(np.mean(np.sum(np.square(grads), axis=1)))


@gradient_noise.mistake(
    "You subtracted from each gradient the mean of its own entries. The mean gradient is over the steps: axis 0."
)
def noise_other_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=1, keepdims=True)) ** 2, axis=1)))


@gradient_noise.mistake(
    "You subtracted one mean of all numbers. Every entry of the gradient has a mean of its own: axis 0."
)
def noise_one_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean()) ** 2, axis=1)))


@gradient_noise.mistake(
    "This is the spread of each entry. Add up their squares and take the root, so that one number remains."
)
def noise_each_entry(grads):
    return grads.std(axis=0)


@gradient_noise.mistake(
    "This is how much the lengths of the gradients differ. Two gradients may be equally long and far apart."
)
def noise_of_lengths(grads):
    return np.linalg.norm(grads, axis=1).std()


@gradient_noise.mistake(
    "You did not divide by the number of steps: take the mean over the steps, not the sum."
)
def noise_summed(grads):
    return np.sqrt(np.sum((grads - grads.mean(axis=0)) ** 2))


@gradient_noise.mistake(
    "This is divided by the root of the number of steps: how well their mean is known. Noise is how far a single gradient is from it."
)
def noise_of_the_mean(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=0)) ** 2, axis=1)) / len(grads))


@gradient_noise.mistake(
    "This is the noise divided by the length of the mean gradient. Return the noise itself."
)
def noise_relative(grads):
    mean = grads.mean(axis=0)
    return np.sqrt(np.mean(np.sum((grads - mean) ** 2, axis=1))) / np.linalg.norm(mean)


@gradient_noise.mistake(
    "Rows and columns are exchanged: you take each column for a gradient. One gradient is a row, so the mean is over axis 0 and the "
    "squared distance a sum over axis 1."
)
def noise_of_columns(grads):
    return np.sqrt(np.mean(np.sum((grads - grads.mean(axis=1, keepdims=True)) ** 2, axis=0)))


@gradient_noise.mistake(
    "These are the spreads of the entries, added up. Add their squares and take one root at the end."
)
def noise_sum_of_spreads(grads):
    return grads.std(axis=0).sum()


@gradient_noise.mistake(
    "This is the mean of the spreads of the entries. Add their squares and take one root at the end."
)
def noise_mean_of_spreads(grads):
    return grads.std(axis=0).mean()


@gradient_noise.mistake(
    "This is the largest distance from the mean. Take the root of the mean of the squared distances."
)
def noise_largest(grads):
    return np.linalg.norm(grads - grads.mean(axis=0), axis=1).max()


@gradient_noise.variant
def noise_by_variances(grads):
    return np.sqrt(grads.var(axis=0).sum())


@gradient_noise.variant
def noise_by_pairs(grads):
    apart = grads[:, None] - grads[None]
    return float(np.einsum("ijk,ijk->", apart, apart) / (2 * len(grads) ** 2)) ** 0.5


# ------------------------------------------------------------------------------------------------ questions

cost_went_up = question(
    "You train with mini-batches of 32, and from one step to the next the printed cost rises. What do you conclude?",
    wrong(
        "The learning rate is too large",
        "It may be, but one rise does not say so. If the mean over an epoch rises, that would.",
    ),
    wrong(
        "The gradient has a bug",
        "Even with the exact gradient of each batch, the next batch may simply be a harder one.",
    ),
    right(
        "Nothing yet: the two costs are of different examples",
        "Only in batch mode are the same examples measured each time. Look at the mean over an epoch.",
    ),
    wrong(
        "The batches must be shuffled better",
        "Shuffled batches differ, too. That is where the noise comes from.",
    ),
)

four_times_the_batch = question(
    "You make mini-batches four times as large. What happens to the noise of the gradient, and to the price of a step?",
    right(
        "Half the noise, for up to four times the work",
        "The noise falls as one over the root of B. That is why ever larger batches do not pay.",
    ),
    wrong(
        "A quarter of the noise, for four times the work", "The noise falls with the root of B, not with B."
    ),
    wrong(
        "The same noise: the examples are as noisy as before",
        "The examples are, but a mean of more of them is not.",
    ),
    wrong("No noise any more", "Only all the examples at once have none."),
)

still_moving = question(
    "After 200 epochs of SGD with a constant learning rate the parameters still jump about the minimum. What helps?",
    wrong(
        "More epochs at the same learning rate",
        "It wanders as far after 2 000: each single gradient is still not zero.",
    ),
    wrong(
        "Starting nearer to the minimum",
        "The start is forgotten. The distance at the end depends on the learning rate and on the noise.",
    ),
    wrong("Smaller batches", "They make the gradient noisier, and the wandering wider."),
    right(
        "A learning rate that falls, or larger batches towards the end",
        "Both make the noise of a step smaller, until the path settles.",
    ),
)

which_mode = question(
    "You have 1 000 examples, and one pass over them takes a few milliseconds. Which way of training is fine?",
    wrong(
        "Only SGD with one example a step: it makes the most updates",
        "It does, and each wastes what the machine can do at once. There is no need for it here.",
    ),
    right(
        "Batch mode: all examples at every step",
        "A step is cheap and exact. Mini-batches pay where a pass over the data is dear.",
    ),
    wrong(
        "Mini-batches only: batch mode would not converge",
        "With a fit learning rate it converges, and its cost falls at every step.",
    ),
    wrong(
        "None: 1 000 examples are too few for gradient descent",
        "The number of examples does not limit the method.",
    ),
)

how_large = question(
    "A step with 512 examples does not fit into the memory of your machine, one with 256 does, and both are equally fast per example. "
    "What do you choose to begin with?",
    wrong("512, and hope", "It does not run. What does not fit into memory is out of the question."),
    wrong("1: that always fits", "It fits, and gives up nearly all of the speed."),
    right(
        "256, or less",
        "The memory sets the upper end. Below it, noise and speed decide, so that it is worth trying a few.",
    ),
    wrong(
        "250: powers of two are a superstition",
        "250 works, too. But there is no reason to go for it, either.",
    ),
)

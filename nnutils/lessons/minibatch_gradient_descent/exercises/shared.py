"""What several exercises of lesson 10 share."""

import functools
import itertools
import math

import numpy as np

from nnutils.checks.orders import rotated
from nnutils.lessons.minibatch_gradient_descent.given import (
    LinearCost,
    LinearGradient,
    LogisticCost,
    LogisticGradient,
)


def linear(rng, m, n):
    """cost, grad, theta, X, y of a linear model with noisy targets."""
    X, y = rng.normal(size=(m, n)), rng.normal(2, 1, size=m)
    return LinearCost(), LinearGradient(), rng.normal(size=n), X, y


def logistic(rng, m, n):
    """The same of a logistic model, with labels of both kinds."""
    X, y = rng.normal(size=(m, n)), rng.permutation(np.arange(m) % 2)
    return LogisticCost(), LogisticGradient(), rng.normal(size=n), X, y


def whole_numbers(rng, m, n):
    """The linear model with whole numbers in theta and X."""
    cost, grad, _, _, y = linear(rng, m, n)
    return cost, grad, rng.choice([-2, -1, 1, 2], size=n), distinct_rows(rng, m, n), y


def distinct_rows(rng, m, n):
    X = rng.integers(-9, 9, size=(m, n))
    X[:, 0] = rng.permutation(3 * m)[:m] + 1
    return X


IN_PLACE = (
    "The formula is right, but `-=` changes the theta of whoever called you (and fails on whole numbers). "
    "Write theta = theta - lr * ..., which makes a new one."
)


@functools.lru_cache(maxsize=64)
def subsets(m, size, repeated):
    """All sets of `size` of m examples, one a row; with examples that stand in it twice, where `repeated`."""
    choose = itertools.combinations_with_replacement if repeated else itertools.combinations
    return np.array(list(choose(range(m), size)))


def batch_sizes(a):
    """How many examples each step of an epoch should use."""
    m, size = len(a["y"]), min(a.get("batch_size", 1), len(a["y"]))
    return [size] * (m // size) + [m % size] * (m % size > 0)


def theta_as_array(a):
    return np.asarray(a["theta"], dtype=float)


def each(a, theta, y=None):
    """The cost of every example by itself. The cost of a batch is the mean of these."""
    return a["cost"].each(theta, a["X"], a["y"] if y is None else y)


def close(one, other):
    return abs(one - other) <= 1e-8 * abs(other)


def step_on(a, theta, rows, sign=-1, lr=None, whole=False):
    """Where a step on these examples leads; and where a wrong one leads. lr: a number, or a function of the examples."""
    X, y = (a["X"], a["y"]) if whole else (a["X"][rows], a["y"][rows])
    rate = lr(rows) if callable(lr) else a["lr"] if lr is None else lr
    return theta + sign * rate * a["grad"](theta, X, y)


def replay(a, costs, repeated=False, **wrong):
    """(the examples of each step, theta after the last), as far as the costs can be explained."""
    theta, batches, sizes = theta_as_array(a), [], batch_sizes(a)
    for number, cost in enumerate(costs):
        sets = subsets(len(a["y"]), sizes[number % len(sizes)], repeated)
        means = each(a, theta)[sets].sum(axis=1) / sets.shape[1]
        best = int(np.abs(means - cost).argmin())
        if not close(cost, means[best]):
            break
        batches.append(sets[best])
        theta = step_on(a, theta, sets[best], **wrong)
    return batches, theta


def by_epoch(a, batches):
    """The batches of each epoch."""
    steps = len(batch_sizes(a))
    return [batches[start : start + steps] for start in range(0, len(batches), steps)]


def covers(a, epoch):
    return np.array_equal(np.sort(np.concatenate(epoch)), np.arange(len(a["y"])))


def orders_by_epoch(a, batches):
    """Each epoch's batches, as something that can be compared."""
    return [tuple(tuple(sorted(rows)) for rows in epoch) for epoch in by_epoch(a, batches)]


def tells_chance(a):
    """Whether a right answer next to never comes out in order, or in one order in every epoch; nor one order as the given one."""
    return a["epochs"] > 1 and math.factorial(len(a["y"])) >= 100_000 * math.prod(
        map(math.factorial, batch_sizes(a))
    )


def in_order(a, batches):
    ends = np.cumsum([0, *batch_sizes(a)])
    plain = tuple(tuple(range(i, j)) for i, j in itertools.pairwise(ends))
    return tells_chance(a) and set(orders_by_epoch(a, batches)) == {plain}


def goes_round(a, epoch):
    """Whether the batches of an epoch are pieces of the order in which the examples came, begun anywhere."""
    if max(batch_sizes(a)) == 1:
        return rotated(np.ravel(epoch))
    m = len(a["y"])
    gaps = [np.diff([*sorted(rows), min(rows) + m]) for rows in epoch]
    return all(np.sum(gap > 1) <= 1 for gap in gaps)


def one_order(a, batches):
    return tells_chance(a) and len(set(orders_by_epoch(a, batches))) == 1


def what_is_wrong(a, result):
    """The judge of both descents that draw at random."""
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "the result should be two things: theta and the list of costs"
    theta, costs = np.asarray(result[0], dtype=float), np.asarray(result[1], dtype=float)
    wanted = a["epochs"] * len(batch_sizes(a))
    if theta.shape != a["theta"].shape:
        return f"`theta` should be of shape {a['theta'].shape}, yours is of shape {theta.shape}"
    if costs.shape != (wanted,):
        return f"there should be {wanted} costs, one an update; yours are of shape {costs.shape}"
    batches, end = replay(a, costs)
    if not batches:
        return "`costs[0]` should be the cost of the first batch, at the theta that you are given"
    if len(batches) < wanted:
        return (
            f"costs[{len(batches)}] is the cost of no {batch_sizes(a)[len(batches) % len(batch_sizes(a))]} of the examples at the theta "
            f"that {len(batches)} updates, theta - lr * grad, lead to"
        )
    if not all(covers(a, epoch) for epoch in by_epoch(a, batches)):
        return "in an epoch every example should be used once; in yours some are used twice and some never"
    if not np.allclose(theta, end, rtol=1e-7, atol=1e-10):
        return "the costs are right, but theta is not the one that the last update leads to"
    if in_order(a, batches):
        return "the examples are used in the order in which they came: draw a permutation from rng"
    if tells_chance(a) and all(goes_round(a, epoch) for epoch in by_epoch(a, batches)):
        return "the examples are used in the order in which they came, only from another start: draw a permutation from rng"
    if one_order(a, batches):
        return "every epoch uses the same order: draw a fresh permutation at the start of each epoch"
    return None


def parts(a, result):
    """theta and costs of a result that has the right form."""
    theta, costs = result
    return np.asarray(theta, dtype=float), np.asarray(costs, dtype=float)


def count(a, result):
    return len(parts(a, result)[1])


def turned_round(a, result):
    """Whether the costs stand where theta belongs, and theta where they belong."""
    costs, theta = map(np.shape, result)
    return theta == a["theta"].shape != costs == (a["epochs"] * len(batch_sizes(a)),)


def explains(a, result, first=4, **wrong):
    """Whether the first costs, and more than two of them, are those of steps that go wrong in this way, and not of right ones."""
    costs = parts(a, result)[1]
    if not len(costs) == a["epochs"] * len(batch_sizes(a)) >= 3:
        return False
    explained, right = (len(replay(a, costs[:first], **how)[0]) for how in (wrong, {}))
    return explained == len(costs[:first]) > right


def shows_order(a, result, same):
    costs = parts(a, result)[1]
    if not tells_chance(a) or len(costs) != a["epochs"] * len(batch_sizes(a)):
        return False
    batches, _ = replay(a, costs)
    return len(batches) == len(costs) and same(a, batches)


def shows_repeats(a, result):
    """The first epoch goes as it should, but for using some examples twice."""
    sizes, costs = batch_sizes(a), parts(a, result)[1]
    if not len(costs) == a["epochs"] * len(sizes) > 2:
        return False
    batches, _ = replay(a, costs[: len(sizes)], repeated=True)
    return len(batches) == len(sizes) > 1 and not covers(a, batches)


def few(a):
    """Whether there are few enough first batches to try all of them."""
    return math.perm(len(a["y"]), batch_sizes(a)[0]) <= 200


def shows_cost_after(a, result):
    """costs[0] is the cost of some first batch, where the step on that batch leads."""
    if not few(a):
        return False
    first, theta = parts(a, result)[1][0], theta_as_array(a)
    sets = subsets(len(a["y"]), batch_sizes(a)[0], False)
    after = [a["cost"](step_on(a, theta, rows), a["X"][rows], a["y"][rows]) for rows in sets]
    return bool(close(first, np.array(after)).any())


def shows_whole_cost(a, result):
    whole = a["cost"](theta_as_array(a), a["X"], a["y"])
    return len(batch_sizes(a)) > 1 and bool(close(parts(a, result)[1][0], whole))


def shows_pairs_broken(a, result):
    """X is shuffled and y is not: costs[0] pairs some examples with the first labels."""
    first, theta, size = parts(a, result)[1][0], theta_as_array(a), batch_sizes(a)[0]
    if not few(a) or replay(a, [first])[0]:
        return False
    rows = np.array(list(itertools.permutations(range(len(a["y"])), size)))
    table = np.array([each(a, theta, y=np.full(len(a["y"]), label)) for label in a["y"][:size]])
    means = np.mean([table[k][rows[:, k]] for k in range(size)], axis=0)
    return bool(close(first, means).any())


def walk(cost, grad, theta, X, y, lr, orders, move=None):
    """(theta, costs) of steps on the batches of indices in `orders`; `move(theta, rows)` is the update."""
    costs, theta = [], np.asarray(theta, dtype=float)
    for rows in orders:
        costs.append(cost(theta, X[rows], y[rows]))
        theta = move(theta, rows) if move else theta - lr * grad(theta, X[rows], y[rows])
    return theta, costs


def singles(m, epochs, rng):
    return [[i] for _ in range(epochs) for i in rng.permutation(m)]


def cut(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]

"""A rotation by a random offset is no shuffle."""

import numpy as np
import pytest

from nnutils.checks.catalogue import find_exercise
from nnutils.checks.check import examine
from nnutils.checks.orders import neighbours_stay, rotated


def rolled(m, rng):
    return np.roll(np.arange(m), rng.integers(1, m))


def minibatches(X, y, batch_size, rng):
    order = rolled(len(y), rng)
    return [
        (X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(y), batch_size)
    ]


def minibatch_gd(cost, grad, theta, X, y, lr, epochs, batch_size, rng):
    costs = []
    for _ in range(epochs):
        for Xb, yb in minibatches(X, y, batch_size, rng):
            costs.append(cost(theta, Xb, yb))
            theta = theta - lr * grad(theta, Xb, yb)
    return theta, costs


@pytest.mark.parametrize("answer", [minibatches, minibatch_gd])
def test_rotation_earns_nothing_where_order_matters(answer):
    exercise = find_exercise(answer.__name__)
    verdict = examine(exercise, answer)
    single = [case["batch_size"] >= len(case["y"]) for case in exercise.draw()]
    assert verdict.status == "failed" and list(verdict.cases) == single


def test_random_orders_are_told_from_rotated_ones():
    rng = np.random.default_rng(0)
    for m in (30, 97, 1000):
        assert neighbours_stay(rolled(m, rng)) and neighbours_stay(rolled(m, rng)[::-1])
        assert rotated(rolled(m, rng)) and rotated(rolled(m, rng)[::-1])
    for m in (30, 41, 300):
        for _ in range(2000):
            order = rng.permutation(m)
            assert not neighbours_stay(order) and not rotated(order)

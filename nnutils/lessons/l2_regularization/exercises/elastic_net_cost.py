"""Exercise elastic_net_cost: the elastic net: a mixture of the L1 and the L2 penalty."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.l1_cost import l1_cost
from nnutils.lessons.l2_regularization.exercises.l2_cost import l2_cost
from nnutils.lessons.l2_regularization.exercises.shared import layers


@exercise(
    points=1,
    minutes=4,
    hints=(
        "A weighted mean of two costs that you have.",
        "l1_ratio of the L1 cost, and what is left to 1 of the L2 cost.",
        "l1_ratio * l1_cost(weights, lam, m) + (1 - l1_ratio) * l2_cost(weights, lam, m)",
    ),
)
def elastic_net_cost(weights, lam, l1_ratio, m):
    """The elastic net: a mixture of the L1 and the L2 penalty.

    weights: list of the layers' matrices W. lam: lambda.
    l1_ratio: from 0 (L2 alone) to 1 (L1 alone).
    m: number of training examples.
    Returns a float: l1_ratio times the L1 cost plus (1 - l1_ratio) times
    the L2 cost, both as in this lesson. (Zou & Hastie 2005)
    """
    return l1_ratio * l1_cost(weights, lam, m) + (1 - l1_ratio) * l2_cost(weights, lam, m)


@elastic_net_cost.cases
def _(rng):
    yield layers(rng, (4, 3), (3, 2)), 0.7, 0.3, 5
    yield layers(rng, (2, 6), (6, 5), (5, 1)), 12.5, 0.8, 37
    yield [rng.integers(2, 6, size=(3, 2)), rng.integers(-6, -1, size=(2, 4))], 2, 0.6, 7
    yield layers(rng, (3, 4)), 0.3, 0.0, 3
    yield layers(rng, (1, 4)), 0.3, 1.0, 3


def _l1(weights, lam, m):
    return lam / m * sum(np.sum(np.abs(W)) for W in weights)


def _l2(weights, lam, m):
    return lam / (2 * m) * sum(np.sum(W**2) for W in weights)


@elastic_net_cost.mistake("The shares are swapped: l1_ratio is the share of L1.")
def shares_swapped(weights, lam, l1_ratio, m):
    return (1 - l1_ratio) * _l1(weights, lam, m) + l1_ratio * _l2(weights, lam, m)


@elastic_net_cost.mistake("The L2 part counts in full. It gets what L1 leaves: 1 - l1_ratio.")
def l2_in_full(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) + _l2(weights, lam, m)


@elastic_net_cost.mistake("The L1 part counts in full. It gets the share l1_ratio.")
def l1_in_full(weights, lam, l1_ratio, m):
    return _l1(weights, lam, m) + (1 - l1_ratio) * _l2(weights, lam, m)


@elastic_net_cost.mistake("Both costs count in full: this is their sum, and l1_ratio is not used.")
def plain_sum(weights, lam, l1_ratio, m):
    return _l1(weights, lam, m) + _l2(weights, lam, m)


@elastic_net_cost.mistake("The half of the L2 cost is missing: use your l2_cost.")
def l2_without_half(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) + (1 - l1_ratio) * 2 * _l2(weights, lam, m)


@elastic_net_cost.mistake("The L1 part is halved, too. The half belongs to L2 alone.")
def l1_with_half(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) / 2 + (1 - l1_ratio) * _l2(weights, lam, m)


@elastic_net_cost.mistake("You did not divide by m.")
def net_without_m(weights, lam, l1_ratio, m):
    return m * (l1_ratio * _l1(weights, lam, m) + (1 - l1_ratio) * _l2(weights, lam, m))


@elastic_net_cost.variant
def weight_by_weight(weights, lam, l1_ratio, m):
    flat = np.abs(np.concatenate([np.ravel(W) for W in weights]))
    return lam / m * np.sum(flat * (l1_ratio + (1 - l1_ratio) / 2 * flat))


@elastic_net_cost.variant
def as_a_blend(weights, lam, l1_ratio, m):
    ridge, lasso = l2_cost(weights, lam, m), l1_cost(weights, lam, m)
    return ridge + l1_ratio * (lasso - ridge)

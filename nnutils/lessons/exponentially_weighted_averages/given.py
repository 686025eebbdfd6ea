"""What lesson 11 hands to students: digits with some wrong labels, and a training that shows its weights after each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

Set = tuple[NDArray, NDArray]


def digit_sets(seed: int, wrong: float, m: int = 600, dev: int = 700) -> tuple[Set, Set]:
    """Training and dev set, ((m, 64), (m,)) and ((dev, 64), (dev,)), drawn from the digits of 8 x 8 pixels.

    wrong: the share of training examples that get a label drawn at random, which may be the right one. Dev keeps its labels.
    """
    from nnutils.data import digits

    X, y = digits()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    train, rest = order[:m], order[m : m + dev]
    labels = y[train].copy()
    drawn = rng.random(m) < wrong
    labels[drawn] = rng.integers(10, size=drawn.sum())
    return (X[train], labels), (X[rest], y[rest])


def weights_of(
    network: Network,
    train: Set,
    lr: ArrayLike,
    steps: int,
    falling: ArrayLike = False,
    batch_size: int = 8,
    rng: np.random.Generator | int = 0,
) -> Iterator[NDArray]:
    """Gradient descent on mini-batches: yields the network's weights after each step. They are the network's own, not a copy.

    network: may be a stack of them, (runs, n) weights, and then lr and falling may be (runs, 1). falling: whether the rate falls
    in a straight line, from lr to 0.
    """
    from nnutils.batches import iterate

    rates, rng, step = np.asarray(lr, float), np.random.default_rng(rng), 0
    while step < steps:
        for X, y in iterate(*train, batch_size, rng):
            network.loss_and_grad(X, y, len(train[0]))
            network.theta -= rates * np.where(falling, 1 - step / steps, 1.0) * network.grad
            yield network.theta
            step += 1
            if step == steps:
                break


def errors_with(network: Network, theta: NDArray, dev: Set) -> float | NDArray:
    """The share of errors on dev, in percent, with these weights in the place of the network's own; of a stack: (runs,)."""
    other = network.copy()
    other.theta[...] = theta
    return 100 * (1 - other.accuracy(*dev))

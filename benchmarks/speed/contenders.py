"""What is trained, and who trains it with NumPy or scikit-learn: the bare products, nnutils, the textbook version, MLPClassifier.

A contender is a function of a workload that returns (call, steps of a call). It raises ImportError if its library is missing, and
`Unable` if the library cannot do it. All get the same arrays, in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed import textbook as plain
from benchmarks.speed.timing import Contender
from nnutils.network import Network, dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

Array = NDArray[np.floating]
# Nothing is learnt: a network that has memorised its data has gradients so small that the processor handles them slowly.
LEARNING_RATE = 1e-7
KEEP_PROB, L2 = 0.8, 0.1
EPOCH_STEPS = 20  # of a `fit`; with the full batch an epoch is one step


class Unable(Exception):
    """What the library does not have."""


@dataclass(frozen=True)
class Workload:
    """A network's sizes, inputs first, and a batch. regularized: with batch norm, dropout, L2. goal: limit over the products."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    regularized: bool = False
    goal: float | None = None
    full_batch: bool = False

    @property
    def sigmoid(self) -> bool:
        """Whether the loss is that of a sigmoid output, which is a single one; otherwise it is softmax."""
        return self.sizes[-1] == 1

    @property
    def steps(self) -> int:
        """The steps of an epoch of `fit`."""
        return 1 if self.full_batch else EPOCH_STEPS

    def data(self, batches: int = 1) -> tuple[Array, NDArray]:
        """X (m, n_in) float32 and y (m,): labels from 0, or 0.0 and 1.0 for the sigmoid."""
        rng, m = np.random.default_rng(0), self.batch * batches
        X = rng.standard_normal((m, self.sizes[0])).astype(np.float32)
        y = rng.integers(0, max(2, self.sizes[-1]), m)
        return X, y.astype(np.float32) if self.sigmoid else y

    def weights(self) -> list[Array]:
        """He weights for the contenders that do not draw their own."""
        rng = np.random.default_rng(1)
        return [
            (rng.standard_normal(shape) * (2 / shape[0]) ** 0.5).astype(np.float32)
            for shape in pairwise(self.sizes)
        ]

    def network(self) -> Network:
        """The network of nnutils."""
        extras: dict[str, Any] = (
            {"batch_norm": True, "keep_prob": KEEP_PROB, "l2": L2} if self.regularized else {}
        )
        return dense_network(
            self.sizes, loss="sigmoid" if self.sigmoid else "softmax", dtype=np.float32, **extras
        )


MOONS, DIGITS, MNIST = (2, 20, 3, 1), (64, 128, 64, 10), (784, 512, 256, 10)
PLAIN = (
    Workload("moons 2-20-3-1, all 300", MOONS, 300, goal=3.5, full_batch=True),
    Workload("digits 64-128-64-10, batch 64", DIGITS, 64, goal=2.0),
    Workload("784-512-256-10, batch 128", MNIST, 128),
    Workload("784-512-256-10, batch 256", MNIST, 256, goal=1.2),
    Workload("784-512-256-10, batch 512", MNIST, 512, goal=1.15),
)
REGULARIZED = tuple(
    Workload(work.name + ", regularized", work.sizes, work.batch, True, None, work.full_batch)
    for work in PLAIN
)
Make = Callable[[Workload], Contender]


def products(work: Workload) -> Contender:
    """The matrix products of a step and nothing else: x W, x' d, and d W' except for the first layer."""
    weights = work.weights()
    sizes = [(work.batch, n) for n in work.sizes]
    a = [np.random.default_rng(2).standard_normal(size).astype(np.float32) for size in sizes]
    out, grads = [np.empty_like(x) for x in a], [np.empty_like(W) for W in weights]

    def step() -> None:
        for i, W in enumerate(weights):
            np.matmul(a[i], W, out=out[i + 1])
        for i in reversed(range(len(weights))):
            np.matmul(a[i].T, a[i + 1], out=grads[i])
            if i:
                np.matmul(a[i + 1], weights[i].T, out=out[i])

    return step, 1


def ours(work: Workload) -> Contender:
    """A step of nnutils: loss_and_grad and Adam."""
    network, optimizer, (X, y) = work.network(), Adam(LEARNING_RATE), work.data()

    def step() -> None:
        network.loss_and_grad(X, y)
        optimizer.update(network.theta, network.grad)

    return step, 1


def gradient(work: Workload) -> Contender:
    """The part of a step before the optimiser: the loss and its gradient."""
    network, (X, y) = work.network(), work.data()
    return lambda: network.loss_and_grad(X, y), 1


def ours_fit(work: Workload) -> Contender:
    """`nnutils.training.fit`, which also shuffles the examples and keeps a record, as Keras' fit does."""
    network, optimizer, data = work.network(), Adam(LEARNING_RATE), work.data(work.steps)
    network.l2 *= work.steps  # the set is as many batches, and the others divide by one batch
    settings: dict[str, Any] = {"epochs": 1, "batch_size": work.batch, "measure": False}
    return lambda: fit(network, *data, optimizer, **settings), work.steps


def textbook(work: Workload) -> Contender:
    """The plain version in textbook.py: dictionaries, and a new array for every operation."""
    state, (X, y) = plain.initialize(work.weights(), work.regularized), work.data()
    settings = {"keep_prob": KEEP_PROB, "l2": L2} if work.regularized else {}
    return lambda: plain.step(state, X, y, lr=LEARNING_RATE, **settings), 1


def scikit_learn(work: Workload) -> Contender:
    """MLPClassifier.partial_fit on a batch."""
    from sklearn.neural_network import MLPClassifier

    if work.regularized:
        raise Unable("no batch norm, no dropout")
    settings: dict[str, Any] = {"batch_size": work.batch, "learning_rate_init": LEARNING_RATE, "alpha": 0.0}
    model = MLPClassifier(work.sizes[1:-1], random_state=0, **settings)
    X, y = work.data()
    integers = y.astype(int)
    model.partial_fit(X, integers, classes=np.arange(max(2, work.sizes[-1])))
    return lambda: model.partial_fit(X, integers), 1

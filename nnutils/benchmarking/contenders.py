"""The contenders that need NumPy or scikit-learn: the bare products, nnutils, the textbook version, MLPClassifier.

Each is a function of a workload that gives (call, steps of a call). It raises ImportError where its library is missing, and
`Unable` where the library has no such thing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

from nnutils.benchmarking.timing import Contender
from nnutils.benchmarking.workloads import EPOCH_STEPS, KEEP_PROB, L2, LEARNING_RATE, Workload
from nnutils.optimizers import Adam
from nnutils.training import fit

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[[Workload], Contender]


class Unable(Exception):
    """What the library does not have."""


def products(work: Workload) -> Contender:
    """The matrix products of a step and nothing else: x W, x' d, and d W' but for the first layer."""
    weights = work.weights()
    sizes = [(work.batch, n) for n in work.sizes]
    a = [np.random.default_rng(2).standard_normal(s).astype(np.float32) for s in sizes]
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


def ours_fit(work: Workload) -> Contender:
    """`nnutils.training.fit`, which also puts the examples in a new order and keeps a record, as Keras' fit does."""
    steps = 1 if work.full_batch else EPOCH_STEPS
    network, optimizer, data = work.network(), Adam(LEARNING_RATE), work.data(steps)
    return lambda: fit(network, *data, optimizer, epochs=1, batch_size=work.batch, measure=False), steps


def textbook(work: Workload) -> Contender:
    """The plain version in `benchmarks/textbook.py`: dictionaries, a new array for every operation."""
    module = load(ROOT / "benchmarks" / "textbook.py")
    state = module.initialize(work.weights(), work.regularized)
    X, y = work.data()
    settings = {"lr": LEARNING_RATE, "keep_prob": KEEP_PROB, "l2": L2} if work.regularized else {}
    return lambda: module.step(state, X, y, **{"lr": LEARNING_RATE, **settings}), 1


def load(path: Path) -> ModuleType:
    """The module in that file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.exists():
        raise ImportError(f"{path} is not there: the benchmark runs in a copy of the whole course")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scikit_learn(work: Workload) -> Contender:
    """MLPClassifier.partial_fit on a batch."""
    from sklearn.neural_network import MLPClassifier

    if work.regularized:
        raise Unable("no batch norm, no dropout")
    model = MLPClassifier(
        work.sizes[1:-1], batch_size=work.batch, learning_rate_init=LEARNING_RATE, alpha=0.0, random_state=0
    )
    X, y = work.data()
    labels = np.arange(max(2, work.sizes[-1]))
    model.partial_fit(X, y.astype(int), classes=labels)
    integers = y.astype(int)
    return lambda: model.partial_fit(X, integers), 1

"""What lesson 14 hands to students and to the cases of its exercises: schedules that can be called, and runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.optimizers import Optimizer

Share = Callable[[int], float]
Data = tuple[NDArray, NDArray]


@dataclass(frozen=True)
class ByShare:
    """A schedule whose rate keeps the share `base` of itself in each step. Calling it gives the rate of a step."""

    lr0: float
    base: float

    def __call__(self, step: int) -> float:
        return self.lr0 * self.base**step


@dataclass(frozen=True)
class ByPower:
    """A schedule whose rate falls with a power of the step. Calling it gives the rate of a step."""

    lr0: float
    s: float
    c: float

    def __call__(self, step: int) -> float:
        return float(self.lr0 / (1 + step / self.s) ** self.c)


@dataclass(frozen=True)
class InTable:
    """A schedule written as a table of rates, one a step. Calling it gives the rate of a step."""

    rates: tuple[float, ...]

    def __call__(self, step: int) -> float:
        return self.rates[step]


@dataclass(frozen=True)
class Entry:
    """One way to set the rate: a share of the top rate for each step, or for each epoch by what the dev losses so far say.

    beta: of each step, for an optimiser with momentum. average: f(average, weights, step), applied to the weights of each step;
    the average is what is measured.
    """

    share: Share | None = None
    watch: Callable[[list[float]], float] | None = None
    beta: Share | None = None
    average: Callable[[NDArray, NDArray, int], NDArray] | None = None


@dataclass(frozen=True)
class Runs:
    """What came of some top rates: the loss and the accuracy on the dev set at the end, one number for each."""

    loss: NDArray[np.floating]
    accuracy: NDArray[np.floating]


def side_by_side(
    entries: Mapping[str, Entry],
    tops: Mapping[str, Sequence[float]],
    data: tuple[Data, Data],
    seed: int,
    optimizer: Optimizer,
    *,
    epochs: int,
    hidden: Sequence[int] = (32, 32),
    batch_size: int = 16,
    activation: str = "relu",
) -> dict[str, Runs]:
    """Train a network for each entry and each of its top rates, all of them from one start and on the same batches.

    data: training and dev set. seed: draws the start and the order. hidden: the units of each hidden layer.
    """
    from nnutils.network import Network, dense_network
    from nnutils.training import fit

    (X, y), dev = data
    sizes = [X.shape[1], *hidden, 1 + int(np.max(y))]
    lanes = [(entries[name], top) for name in entries for top in tops[name]]
    networks = Network.stack([dense_network(sizes, activation=activation, rng=seed) for _ in lanes])
    steps = _Steps(lanes, networks, optimizer)
    settings: dict[str, Any] = {"schedule": steps, "schedule_by": "step", "callbacks": [steps.epoch]}
    settings |= {"epochs": epochs, "batch_size": batch_size, "rng": seed, "measure": False, "dev": dev}
    with np.errstate(all="ignore"):  # some tops are far too large
        fit(networks, X, y, optimizer, **settings)
        steps.end()
        loss, accuracy = networks.evaluate(*dev)
    found, place = {}, 0
    for name in entries:
        part = slice(place, place + len(tops[name]))
        found[name] = Runs(np.nan_to_num(loss[part], nan=np.inf), accuracy[part])
        place = part.stop
    return found


def heights(
    data: Data, lrs: Sequence[float], seed: int, *, l2: float = 4.0, epochs: int = 60
) -> NDArray[np.floating]:
    """How high softmax regression hovers above its least cost with each of these constant rates, mean of the second half.

    data: (X, y), the training set. seed: draws the start and the order of the batches, of 8 examples.
    """
    from nnutils.network import Network, dense_network
    from nnutils.optimizers import SGD
    from nnutils.training import fit

    X, y = data
    sizes = [X.shape[1], 1 + int(np.max(y))]
    one = dense_network(sizes, rng=seed, l2=l2)
    fit(one, X, y, SGD(1.0), epochs=1000, measure=False)
    many = Network.stack([dense_network(sizes, rng=seed, l2=l2) for _ in lrs])
    costs: list[NDArray] = []

    def note(network: Any, history: Any) -> None:
        costs.append(network.loss(X, y))

    rates = np.array(lrs)[:, None]
    fit(many, X, y, SGD(rates), epochs=epochs, batch_size=8, rng=seed, measure=False, callbacks=[note])
    return np.mean(costs[epochs // 2 :], axis=0) - one.loss(X, y)


class _Steps:
    """The rate and the momentum of each lane, step by step, and the averages of their weights."""

    def __init__(self, lanes: Sequence[tuple[Entry, float]], networks: Any, optimizer: Any) -> None:
        self.entries = [entry for entry, _ in lanes]
        self.tops = np.array([[top] for _, top in lanes])
        self.networks, self.optimizer = networks, optimizer
        self.usual = getattr(optimizer, "beta", None)
        self.seen: list[list[float]] = [[] for _ in lanes]
        self.step = -1  # the last one that was taken into the averages
        self.averages = {i: np.array(networks.theta[i]) for i, e in enumerate(self.entries) if e.average}

    def __call__(self, step: int) -> NDArray[np.floating]:
        """The rate of each lane, (lanes, 1)."""
        if step:
            self._average(step - 1)
        if any(entry.beta for entry in self.entries):
            betas = [entry.beta(step) if entry.beta else self.usual for entry in self.entries]
            self.optimizer.beta = np.array(betas)[:, None]
        return self.tops * [[self._share(i, step)] for i in range(len(self.entries))]

    def _share(self, i: int, step: int) -> float:
        entry = self.entries[i]
        if entry.watch:
            return entry.watch(self.seen[i])
        return entry.share(step) if entry.share else 1.0

    def _average(self, step: int) -> None:
        """Take the weights that this step has made into the averages."""
        for i, average in self.averages.items():
            self.averages[i] = self.entries[i].average(average, self.networks.theta[i], step)  # type: ignore[misc]
        self.step = step

    def epoch(self, networks: Any, history: Any) -> None:
        """A callback: note the dev loss of each lane."""
        for seen, loss in zip(self.seen, history.dev_loss[-1], strict=True):
            seen.append(float(loss))

    def end(self) -> None:
        """Put the averages in the place of the last weights."""
        self._average(self.step + 1)
        for i, average in self.averages.items():
            self.networks.theta[i] = average

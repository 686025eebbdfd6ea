"""Training: epochs of mini-batches, and a record of what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.arrays import number_or_array
from nnutils.batches import check_batch_size, check_same_length, iterate
from nnutils.network import Network
from nnutils.optimizers import Optimizer

Schedule = Callable[[int], float]
Data = tuple[ArrayLike, ArrayLike]


@dataclass
class History:
    """Lists with one number for each epoch; ``step_losses`` and ``step_lrs`` have one for each step.

    loss is the mean of the epoch's batch costs (with dropout and penalties). accuracy, dev_loss and dev_accuracy are measured
    after the epoch, in inference mode, without penalties; the dev lists are empty without dev data. lr is the epoch's last rate.
    """

    loss: list[Any] = field(default_factory=list)
    accuracy: list[Any] = field(default_factory=list)
    dev_loss: list[Any] = field(default_factory=list)
    dev_accuracy: list[Any] = field(default_factory=list)
    lr: list[Any] = field(default_factory=list)
    step_losses: list[Any] = field(default_factory=list)
    step_lrs: list[Any] = field(default_factory=list)

    def __getitem__(self, name: str) -> list[Any]:
        return getattr(self, name)

    @property
    def epochs(self) -> int:
        """The number of epochs that were run."""
        return len(self.loss)

    def __repr__(self) -> str:
        last = {
            name: values[-1] for name, values in vars(self).items() if values and not name.startswith("step")
        }
        numbers = ", ".join(f"{name}={np.mean(value):.4g}" for name, value in last.items())
        return f"History({self.epochs} epochs; last: {numbers})"


Callback = Callable[[Network, History], Any]


def fit(
    network: Network,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int | None = None,
    rng: np.random.Generator | int = 0,
    dev: Data | None = None,
    schedule: Schedule | None = None,
    schedule_by: str = "epoch",
    callbacks: Sequence[Callback] = (),
    measure: bool = True,
    progress: bool = False,
) -> History:
    """Train the network in place and return the History.

    X: (m, n_in), y: (m,). The network's l1 and l2 are divided by this m at each step. batch_size None: the whole set in one step.
    rng: shuffles the examples in each epoch.
    schedule: gives the learning rate for the number of the epoch, from 0, or with schedule_by="step" for that of the step.
    callbacks: called as f(network, history) after each epoch; training stops if one returns True. At the end a callback's method
    ``finish(network)`` is called, if it has one. measure=False leaves out ``accuracy``, which needs a pass over X in each epoch.
    progress: show a line on stderr.
    """
    X, y = _prepare(network, X, y)
    batch_size = check_batch_size(len(X) if batch_size is None else batch_size)
    if schedule_by not in ("epoch", "step"):
        raise ValueError(f"schedule_by must be 'epoch' or 'step', not {schedule_by!r}")
    rng, history = np.random.default_rng(rng), History()
    dev = dev and _prepare(network, *dev)
    for epoch in range(epochs):
        start = len(history.step_losses)
        for Xb, yb in iterate(X, y, batch_size, rng if batch_size < len(X) else None):
            if schedule:
                optimizer.lr = schedule(epoch if schedule_by == "epoch" else len(history.step_losses))
            history.step_losses.append(network.loss_and_grad(Xb, yb, len(X)))
            history.step_lrs.append(optimizer.lr)
            optimizer.update(network.theta, network.grad)
        _record(history, network, start, (X, y) if measure else None, dev)
        if progress:
            _show(history, epochs)
        answers = [  # every one is called before one stops
            callback(network, history) for callback in callbacks
        ]
        if any(answers):
            break
    for callback in callbacks:
        getattr(callback, "finish", lambda network: None)(network)
    return history


def fit_many(
    networks: Sequence[Network], X: ArrayLike, y: ArrayLike, optimizer: Optimizer, **settings: Any
) -> History:
    """Train networks of one architecture on the same batches, all at once and in place. Further arguments as for ``fit``.

    Each pass computes all networks, so 200 small ones cost little more than one. The History holds arrays (runs,) instead of
    numbers. optimizer.lr may be an array (runs, 1), with a learning rate for each network.
    """
    together = Network.stack(networks)
    history = fit(together, X, y, optimizer, **settings)
    together.unstack(networks)
    return history


def _prepare(network: Network, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """X and y as arrays of the types that a step uses, so that no step has to convert them."""
    X, y = np.asarray(X, network.dtype), np.asarray(y)
    check_same_length(X, y)
    if len(X) == 0:
        raise ValueError("there are no examples to train on or to measure")
    return X, y if network.objective.name == "softmax" else y.astype(network.dtype)


def _record(history: History, network: Network, start: int, train: Data | None, dev: Data | None) -> None:
    history.loss.append(number_or_array(np.mean(history.step_losses[start:], axis=0)))
    history.lr.append(history.step_lrs[-1])
    if train and network.objective.name != "mse":
        history.accuracy.append(network.evaluate(*train)[1])
    if dev:
        loss, accuracy = network.evaluate(*dev)
        history.dev_loss.append(loss)
        if network.objective.name != "mse":
            history.dev_accuracy.append(accuracy)


def _show(history: History, epochs: int) -> None:
    """Write the text line on stderr, over the last one. It is no widget, and no output that tests compare."""
    end = "\n" if history.epochs == epochs else ""
    sys.stderr.write(f"\repoch {history.epochs}/{epochs}, loss {np.mean(history.loss[-1]):.4f}{end}")
    sys.stderr.flush()


class EarlyStopping:
    """Stop after `patience` epochs without a dev loss below best - min_delta, and restore the best weights (Prechelt 1998).

    ``best_epoch`` (from 0) and ``best_loss`` belong to the restored weights.
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_loss = -1, np.inf
        self.best_params: dict[str, NDArray] = {}

    def __call__(self, network: Network, history: History) -> bool:
        if not history.dev_loss:
            raise ValueError("early stopping watches the dev loss: give fit dev=(X_dev, y_dev)")
        epoch, loss = history.epochs - 1, history.dev_loss[-1]
        if epoch == 0 or loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss, self.best_params = epoch, loss, network.get_params()
        return epoch - self.best_epoch >= self.patience

    def finish(self, network: Network) -> None:
        """Write the best weights back into the network."""
        if self.best_params:
            network.set_params(self.best_params)


class ReduceOnPlateau:
    """Multiply optimizer.lr by factor after `patience` epochs without a better dev loss, then start to count again."""

    def __init__(self, optimizer: Optimizer, factor: float = 0.5, patience: int = 5) -> None:
        self.optimizer, self.factor, self.patience = optimizer, factor, patience
        self.best, self.wait = np.inf, 0

    def __call__(self, network: Network, history: History) -> None:
        loss = (history.dev_loss or history.loss)[-1]
        self.wait = 0 if loss < self.best else self.wait + 1
        self.best = min(loss, self.best)
        if self.wait >= self.patience:
            self.optimizer.lr, self.wait = self.optimizer.lr * self.factor, 0

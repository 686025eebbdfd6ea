"""Training: epochs of mini-batches, with the record of what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.batches import check_batch_size, check_same_length, iterate
from nnutils.network import Network
from nnutils.optimizers import Optimizer

Schedule = Callable[[int], float]
Data = tuple[ArrayLike, ArrayLike]


@dataclass
class History:
    """One number an epoch in each list, but for the two ``step_…`` lists, which have one a step.

    loss is the mean of the epoch's batch costs (dropout on, penalties in). accuracy, dev_loss and dev_accuracy are measured after
    the epoch, in inference mode, without penalties; dev lists are empty without dev data. lr is the last one of the epoch.
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

    X: (m, n_in), y: (m,). batch_size None is the whole set in one step. rng orders the examples anew each epoch.
    schedule: the learning rate from the epoch's number, from 0, or with schedule_by="step" from the step's.
    callbacks: called as f(network, history) after each epoch; True stops. One with a method ``finish(network)`` is told the end.
    measure=False leaves out ``accuracy``, which costs a pass over X an epoch. progress: a line on stderr.
    """
    X, y = _prepare(network, X, y)
    batch_size = check_batch_size(batch_size or len(X))
    if schedule_by not in ("epoch", "step"):
        raise ValueError(f"schedule_by must be 'epoch' or 'step', not {schedule_by!r}")
    rng, history = np.random.default_rng(rng), History()
    dev = dev and _prepare(network, *dev)
    for epoch in range(epochs):
        start = len(history.step_losses)
        for Xb, yb in iterate(X, y, batch_size, rng if batch_size < len(X) else None):
            if schedule:
                optimizer.lr = schedule(epoch if schedule_by == "epoch" else len(history.step_losses))
            history.step_losses.append(network.loss_and_grad(Xb, yb))
            history.step_lrs.append(optimizer.lr)
            optimizer.update(network.theta, network.grad)
        _record(history, network, start, (X, y) if measure else None, dev)
        if progress:
            _show(history, epochs)
        answers = [callback(network, history) for callback in callbacks]  # all of them, before one may stop
        if any(answers):
            break
    for callback in callbacks:
        getattr(callback, "finish", lambda network: None)(network)
    return history


def fit_many(
    networks: Sequence[Network], X: ArrayLike, y: ArrayLike, optimizer: Optimizer, **settings: Any
) -> History:
    """Train networks of one architecture side by side on the same batches, each in place; arguments as for ``fit``.

    One pass computes all of them, so 200 small networks cost little more than one. In the History stand arrays (runs,) instead
    of numbers. optimizer.lr may be an array (runs, 1): a learning rate a network.
    """
    together = Network.stack(networks)
    history = fit(together, X, y, optimizer, **settings)
    together.unstack(networks)
    return history


def _prepare(network: Network, X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """X and y as arrays in the types that a step uses, so that no step converts them."""
    X, y = np.asarray(X, network.dtype), np.asarray(y)
    check_same_length(X, y)
    if len(X) == 0:
        raise ValueError("there are no examples to train on or to measure")
    return X, y if network.objective.name == "softmax" else y.astype(network.dtype)


def _record(history: History, network: Network, start: int, train: Data | None, dev: Data | None) -> None:
    history.loss.append(_plain(np.mean(history.step_losses[start:], axis=0)))
    history.lr.append(history.step_lrs[-1])
    if train and network.objective.name != "mse":
        history.accuracy.append(network.evaluate(*train)[1])
    if dev:
        loss, accuracy = network.evaluate(*dev)
        history.dev_loss.append(loss)
        if network.objective.name != "mse":
            history.dev_accuracy.append(accuracy)


def _plain(value: Any) -> Any:
    return value if np.ndim(value) else float(value)


def _show(history: History, epochs: int) -> None:
    """One text line on stderr that overwrites itself: neither a widget nor an output that a test compares."""
    end = "\n" if history.epochs == epochs else ""
    sys.stderr.write(f"\repoch {history.epochs}/{epochs}, loss {np.mean(history.loss[-1]):.4f}{end}")
    sys.stderr.flush()


class EarlyStopping:
    """Stop when patience epochs brought no dev loss below best - min_delta, and go back to the best weights (Prechelt 1998).

    ``best_epoch`` (from 0) and ``best_loss`` say what was kept.
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
    """Multiply optimizer.lr by factor when patience epochs brought no better dev loss; then count anew."""

    def __init__(self, optimizer: Optimizer, factor: float = 0.5, patience: int = 5) -> None:
        self.optimizer, self.factor, self.patience = optimizer, factor, patience
        self.best, self.wait = np.inf, 0

    def __call__(self, network: Network, history: History) -> None:
        loss = (history.dev_loss or history.loss)[-1]
        self.wait = 0 if loss < self.best else self.wait + 1
        self.best = min(loss, self.best)
        if self.wait >= self.patience:
            self.optimizer.lr, self.wait = self.optimizer.lr * self.factor, 0

"""What lesson 06 hands to students: settings chosen on some seeds and reported on others, a race, patients in random company."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.optimizers import Optimizer


DIVERGED = 1e12  # times the cost at which a run counts as arrived
BETA = 0.97
BETA1 = {"rescaling": 0.0, "Adam": 0.9}
SHARES = np.array([[0.25], [0.5], [0.9], [0.98], [1.02]])  # of the largest stable rate
ADAM_RATES = np.geomspace(1e-4, 3, 10)[:, None]
Problem = tuple[NDArray, NDArray]  # X and the target


def at_best_rate(
    measure: Callable[[float, int], ArrayLike],
    rates: Sequence[float],
    chosen_on: Sequence[int],
    seeds: Sequence[int],
) -> tuple[float, NDArray[np.float64]]:
    """The learning rate that is best on some seeds, and what it reaches on others: (rate, one row for each seed).

    measure(lr, seed): an accuracy, or several, of which the first one decides.
    """
    means = [np.mean([np.ravel(measure(lr, seed))[0] for seed in chosen_on]) for lr in rates]
    lr = rates[int(np.argmax(means))]
    return lr, np.array([measure(lr, seed) for seed in seeds])


def first_to_fit(
    X: NDArray, target: NDArray, optimizer: Optimizer, left: float = 1e-3, most: int = 30_000
) -> tuple[int, int]:
    """Fit X theta to the target from theta = 0, once for each learning rate of the optimizer, all at the same time.

    X: (m, n_x). target: (m,). optimizer.lr: (rates, 1). Returns (steps, which): after so many steps the first of them has
    brought the cost, counted from its minimum, down to `left` of what it was at the start, and which of the rates that is.
    (most, 0) where none does.
    """
    H = X.T @ X / len(X)
    best = np.linalg.solve(H, X.T @ target / len(X))
    theta = np.zeros((len(optimizer.lr), X.shape[1]))
    wanted = left * best @ H @ best
    for step in range(most):
        gradient = (theta - best) @ H
        cost = np.sum(gradient * (theta - best), axis=1)
        if cost.min() <= wanted:
            return step, int(cost.argmin())
        gradient[cost > DIVERGED * wanted] = 0  # it has left the valley: it stays where it is
        optimizer.update(theta, gradient)
    return most, 0


def _optimizer(method: str, X: NDArray, which: slice) -> Optimizer:
    from nnutils.optimizers import SGD, Adam, Momentum

    limit = 2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1]
    if method in BETA1:
        return Adam(ADAM_RATES[which], BETA1[method])
    if method == "momentum":  # it bears rates that are larger by this factor
        return Momentum(limit * SHARES[which] * (1 + BETA) / (1 - BETA), BETA)
    return SGD(limit * SHARES[which])


def race(
    method: str, chosen_on: Sequence[Problem], problems: Sequence[Problem]
) -> tuple[list[int], list[int]]:
    """How many steps a method takes to fit each problem (X, target) to a thousandth.

    method: "gradient descent", "momentum", "rescaling", which is Adam with beta1 = 0 and so without momentum, or "Adam".
    It takes the learning rate that was first most often on the problems of `chosen_on`. Returns the steps, and for each rate
    how often it was first there.
    """
    first = [first_to_fit(X, target, _optimizer(method, X, slice(None)))[1] for X, target in chosen_on]
    won = np.bincount(first, minlength=len(ADAM_RATES if method in BETA1 else SHARES))
    which = slice(int(won.argmax()), int(won.argmax()) + 1)
    return [first_to_fit(X, target, _optimizer(method, X, which))[0] for X, target in problems], won.tolist()


def in_company(
    X: NDArray, patient: int, others: int, times: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Batches with one patient and so many others, drawn at random: (times, 1 + others, n_x), the patient first."""
    rest = np.delete(np.arange(len(X)), patient)
    drawn = rng.permuted(np.tile(rest, (times, 1)), axis=1)[:, :others]
    return X[np.column_stack([np.full(times, patient), drawn])]


def shares_above(moves: NDArray, limits: NDArray) -> NDArray[np.float64]:
    """The share of the moves that are larger than each limit."""
    return np.mean(moves[:, None] > limits, axis=0)

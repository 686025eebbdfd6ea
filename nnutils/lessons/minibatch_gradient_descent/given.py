"""What lesson 10 gives: costs and gradients for the cases, the trial of a training plan, and runs side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.optimizers import Optimizer

Array = NDArray[np.floating]


@dataclass(frozen=True)
class LinearCost:
    """Half the mean squared error of X theta. theta: (n,); X: (m, n); y: (m,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> float:
        _rows(X)
        return float(self.each(theta, X, y).sum()) / len(X)

    def each(self, theta: Array, X: Array, y: Array) -> Array:
        """The cost of every example by itself, (m,)."""
        return (X @ theta - y) ** 2 / 2


@dataclass(frozen=True)
class LinearGradient:
    """The gradient of LinearCost, (n,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> Array:
        _rows(X)
        return X.T @ (X @ theta - y) / len(X)


@dataclass(frozen=True)
class LogisticCost:
    """The mean cross-entropy of sigmoid(X theta). theta: (n,); X: (m, n); y: (m,), 0 or 1."""

    def __call__(self, theta: Array, X: Array, y: Array) -> float:
        _rows(X)
        return float(self.each(theta, X, y).sum()) / len(X)

    def each(self, theta: Array, X: Array, y: Array) -> Array:
        """The cost of every example by itself, (m,)."""
        z = X @ theta
        return np.logaddexp(0, z) - y * z


@dataclass(frozen=True)
class LogisticGradient:
    """The gradient of LogisticCost, (n,)."""

    def __call__(self, theta: Array, X: Array, y: Array) -> Array:
        _rows(X)
        return X.T @ (1 / (1 + np.exp(-(X @ theta))) - y) / len(X)


def _rows(X: Array) -> None:
    if np.ndim(X) != 2:
        raise ValueError(
            f"X should have one example a row, shape (m, n), not {np.shape(X)}: one example is X[i : i + 1]"
        )


# A loss within a budget: a linear model learns from a stream of new examples, and each step has a price.

BUDGET = 4000
FEATURES = 20
CURVATURES = np.geomspace(1, 0.1, FEATURES) / np.geomspace(1, 0.1, FEATURES).sum()  # sum 1, the largest 1/8
MOST_PHASES = 50


def try_plan(design: object, seed: int, fee: float, noise: float, goal: float) -> float:
    """1.0 if training by the plan brings the excess cost to the goal, else 0.0.

    design: a list of phases (steps, batch_size, lr). A step costs batch_size + fee; all together at most BUDGET.
    noise: the standard deviation of the noise in the targets. The excess cost is 1 at the start and 0 at the truth.
    Raises ValueError for what is no such plan, or is over the budget.
    """
    phases = _phases(design, fee)
    rng = np.random.default_rng(seed)
    scale = np.sqrt(CURVATURES)
    away = rng.normal(size=FEATURES) / scale  # theta minus the truth
    away /= np.sqrt(np.sum(CURVATURES * away**2))
    with np.errstate(all="ignore"):  # too large a rate ends in inf, and misses the goal
        for steps, batch_size, lr in phases:
            for _ in range(steps):
                X = rng.normal(size=(batch_size, FEATURES)) * scale
                error = X @ away - noise * rng.normal(size=batch_size)
                away = away - lr / batch_size * (error @ X)
        return float(np.sum(CURVATURES * away**2) <= goal)


def _phases(design: object, fee: float) -> list[tuple[int, int, float]]:
    """The phases of a plan, checked before anything is trained."""
    if not isinstance(design, list | tuple) or not 1 <= len(design) <= MOST_PHASES:
        raise ValueError(f"the plan should be a list of 1 to {MOST_PHASES} phases")
    phases, cost = [], 0.0
    for phase in design:
        if not isinstance(phase, list | tuple) or len(phase) != 3:
            raise ValueError("each phase should be three numbers: (steps, batch_size, lr)")
        steps, batch_size, lr = phase
        if not all(_is_a(count, int | np.integer) and count >= 1 for count in (steps, batch_size)):
            raise ValueError("steps and batch_size should be whole numbers from 1 (a Python or NumPy int)")
        steps, batch_size = int(steps), int(batch_size)  # a small NumPy type would overflow below
        if not _is_a(lr, int | float | np.integer | np.floating) or not 0 < lr < 1e6:
            raise ValueError("lr should be a number above 0 and below a million")
        if steps > BUDGET or batch_size > BUDGET or (cost := cost + steps * (batch_size + fee)) > BUDGET:
            raise ValueError(f"the plan is over the budget of {BUDGET}: a step costs batch_size + fee")
        phases.append((steps, batch_size, float(lr)))
    return phases


def _is_a(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind of numbers, and no truth value."""
    return isinstance(value, kind) and not isinstance(value, bool)


# Experiments of the lesson, many runs side by side.


@dataclass(frozen=True)
class Digits:
    """Training sets of several runs. X: (runs, m, n), the last column is 1; Y: (runs, m, 10), one-hot."""

    X: Array
    Y: Array

    def probabilities(self, theta: Array, rows: Array | None = None) -> tuple[Array, Array, Array]:
        """(X, Y, p) of these rows (runs, size) of each run, or of all."""
        from nnutils.activations import softmax

        X, Y = self.X, self.Y
        if rows is not None:
            runs = np.arange(len(X))[:, None]
            X, Y = X[runs, rows], Y[runs, rows]
        return X, Y, softmax(X @ theta)

    def cost(self, theta: Array) -> Array:
        """The cost of all examples, (runs,). theta: (runs, n, 10)."""
        _, Y, p = self.probabilities(theta)
        return -np.log((p * Y).sum(axis=-1) + 1e-12).mean(axis=-1)

    def grad(self, theta: Array, rows: Array) -> Array:
        """The gradients of mini-batches."""
        X, Y, p = self.probabilities(theta, rows)
        return X.swapaxes(-1, -2) @ (p - Y) / rows.shape[1]


def steps_to_goal(
    data: Digits, optimizer: Optimizer, batch_size: int, goal: float, most: int, seed: int
) -> Array:
    """How many steps each run needs until the cost of all its examples is below the goal, (runs,).

    The cost is looked at after each step, and later every 3 % of the steps so far. inf where it takes more than `most`
    steps, or where the cost rose to over three times that of the start: such a rate first throws the parameters away.
    """
    rng = np.random.default_rng([seed, batch_size])
    runs, m, n = data.X.shape
    theta = np.zeros((runs, n, data.Y.shape[-1]), data.X.dtype)
    found, first, t, look_at = np.full(runs, np.inf), data.cost(theta), 0, 1
    bad = np.zeros(runs, bool)
    while True:
        orders = rng.permuted(np.tile(np.arange(m), (runs, 1)), axis=1)
        for at in range(0, m - batch_size + 1, batch_size):
            optimizer.update(theta, data.grad(theta, orders[:, at : at + batch_size]))
            t += 1
            if t < look_at:
                continue
            look_at = max(t + 1, int(1.03 * t))
            cost = data.cost(theta)
            bad |= ~(cost <= 3 * first)
            found = np.where((cost < goal) & np.isinf(found), t, found)
            if bad.any() or t >= most or np.isfinite(found).all():
                return np.where(bad, np.inf, found)


def tuned_rate(
    steps: Callable[[float, int], float], lr: float, most: int = 4000
) -> tuple[float, dict[float, float]]:
    """The learning rate that needs the fewest steps, and what each rate that was tried needs.

    steps(lr, most): how many steps it takes, or inf where that is over `most`. From lr it goes on by factors of two, until
    both neighbours of the best rate are worse, so that the best one is never at the end of what was tried.
    """
    tried: dict[float, float] = {}

    def ask(rate: float) -> float:
        if rate not in tried:
            finite = [count for count in tried.values() if np.isfinite(count)]
            tried[rate] = float(steps(rate, int(2 * min(finite)) + 5 if finite else most))
        return tried[rate]

    while not np.isfinite(ask(lr)):
        lr /= 2
    while min(ask(2 * lr), ask(lr / 2)) < ask(lr):
        lr = 2 * lr if ask(2 * lr) < ask(lr / 2) else lr / 2
    return lr, dict(sorted(tried.items()))


def stream_costs(
    optimizer: Optimizer, batch_size: int, at: Sequence[int], seed: int, runs: int = 30
) -> Array:
    """The mean excess cost of some runs after `at` examples each, (len(at),): a line in five features, noisy targets, new
    examples at each step. `at` holds multiples of batch_size."""
    rng = np.random.default_rng([seed, batch_size])
    truth = rng.normal(size=(runs, 5, 1))
    away = truth / np.linalg.norm(truth, axis=1, keepdims=True)
    costs = []
    for step in range(1, at[-1] // batch_size + 1):
        X = rng.normal(size=(runs, batch_size, 5))
        error = X @ away - 0.7 * rng.normal(size=(runs, batch_size, 1))
        optimizer.update(away, X.swapaxes(1, 2) @ error / batch_size)
        if step * batch_size in at:
            costs.append(float(np.mean(np.sum(away**2, axis=1)) / 2))
    return np.array(costs)


@dataclass(frozen=True)
class Wells:
    """A cost of one parameter with two minima, at about -1.5 and 1.5. Each example tilts it: its own cost is J(x) + c x."""

    depth: tuple[float, float]
    width: tuple[float, float]

    def cost(self, x: Array) -> Array:
        wells = zip(self.depth, self.width, (-1.5, 1.5), strict=True)
        return 0.05 * x**2 - sum(d * np.exp(-((x - c) ** 2) / (2 * w**2)) for d, w, c in wells)

    def slope(self, x: Array) -> Array:
        wells = zip(self.depth, self.width, (-1.5, 1.5), strict=True)
        return 0.1 * x + sum(d * np.exp(-((x - c) ** 2) / (2 * w**2)) * (x - c) / w**2 for d, w, c in wells)

    def hill(self) -> float:
        """Where the hill between the two minima is highest."""
        between = np.linspace(-1, 1.2, 221)
        return float(between[self.cost(between).argmax()])


def ends(wells: Wells, batch_size: int, seed: int, runs: int = 200, steps: int = 3000) -> tuple[Array, Array]:
    """Where runs with 64 examples begin, anywhere from -3 to 3, and where they end. In its last fifth the rate is a tenth."""
    rng = np.random.default_rng(seed)
    tilts = np.resize([-3.0, 3.0], 64)
    start = rng.uniform(-3, 3, size=runs)
    x, t = start, 0
    while t < steps:
        orders = rng.permuted(np.tile(tilts, (runs, 1)), axis=1)
        for at in range(0, len(tilts), batch_size):
            lr = 0.1 if t < 0.8 * steps else 0.01
            x = x - lr * (wells.slope(x) + orders[:, at : at + batch_size].mean(axis=1))
            t += 1
    return start, x


def descend_on_the_clock(
    cost: Callable[..., float],
    grad: Callable[..., Array],
    theta: Array,
    X: Array,
    y: Array,
    lr: float,
    batch_size: int,
    goal: float,
    rng: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """Examples seen, seconds of work in the steps, and the cost of all the data on the way, until that is below the goal."""
    from nnutils.batches import minibatches

    seen, seconds, look_at = 0, 0.0, batch_size
    marks: list[tuple[int, float, float]] = []
    while not marks or marks[-1][2] > goal:
        for Xb, yb in minibatches(X, y, batch_size, rng):
            began = time.process_time()
            theta = theta - lr * grad(theta, Xb, yb)
            seconds += time.process_time() - began
            seen += len(yb)
            if seen >= look_at:
                marks.append((seen, seconds, cost(theta, X, y)))
                look_at = int(1.15 * seen)
                if marks[-1][2] <= goal:
                    break
    examples, times, costs = np.array(marks).T
    return examples, times, costs

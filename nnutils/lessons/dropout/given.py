"""What lesson 04 hands to students and to the cases of its exercises: noisy predictions, a signal in five copies, temperature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class NoisyNetwork:
    """A network with one hidden layer of tanh units, each of them times a random factor near 1.

    x: (m, n_x); W: (n_x, n_h); V: (n_h, n_y). Returns (m, n_y).

    Raises
    ------
    ValueError: x has another number of axes.
    """

    W: NDArray[np.floating]
    V: NDArray[np.floating]
    noise: float

    def __call__(self, x: NDArray, rng: np.random.Generator) -> NDArray[np.floating]:
        if np.ndim(x) != 2:
            raise ValueError(f"forward takes x of shape (m, n_x), and not {np.shape(x)}")
        hidden = np.tanh(x @ self.W)
        return (hidden * rng.normal(1, self.noise, size=hidden.shape)) @ self.V


@dataclass(frozen=True)
class NoisyReading:
    """x, of any shape, plus a random error."""

    noise: float

    def __call__(self, x: NDArray, rng: np.random.Generator) -> NDArray[np.floating]:
        return x + rng.normal(0, self.noise, size=np.shape(x))


def five_copies(seed: int, m: int = 200) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """One signal read by five instruments: (readings (m, 5), the signal (m,)). The first instrument is the least noisy one."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=m)
    noise = np.array([0.3, 0.5, 0.5, 0.5, 0.5])
    return signal[:, None] + noise * rng.normal(size=(m, 5)), signal


def log_loss(probabilities: NDArray, y: NDArray) -> float:
    """Mean of -log of the probability that was given to the true class. probabilities: (m, k); y: (m,) labels."""
    return float(-np.mean(np.log(probabilities[np.arange(len(y)), y])))


def softened(probabilities: NDArray, T: float) -> NDArray[np.floating]:
    """The probabilities of the same logits divided by T: flatter for T > 1, and the largest stays the largest."""
    logs = np.log(probabilities) / T
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(probabilities: NDArray, y: NDArray) -> float:
    """The T with the lowest log loss on these examples, out of 100 from 0.3 to 4."""
    tried = np.geomspace(0.3, 4, 100)
    return float(tried[np.argmin([log_loss(softened(probabilities, T), y) for T in tried])])


def least_cost(A: NDArray, target: NDArray, penalties: ArrayLike) -> NDArray[np.floating]:
    """The weights w with the least 1/(2m) sum (A w - target)^2 + 1/2 sum penalties w^2.

    A: (m, n); target: (m,); penalties: (n,).
    """
    moments = A.T @ A / len(A) + np.diag(np.asarray(penalties, float))
    return np.linalg.solve(moments, A.T @ target / len(A))


def least_noisy_cost(
    A: NDArray, target: NDArray, dropped: Callable[..., NDArray], seed: int, steps: int = 3000
) -> NDArray[np.floating]:
    """Where gradient descent ends whose inputs are `dropped(A, rng)`, drawn anew at every step: the mean of the last weights."""
    rng, w, later = np.random.default_rng(seed), np.zeros(A.shape[1]), []
    rates = 0.03 / np.mean(A**2, axis=0)  # as steep as a column is large
    for _ in range(steps):
        noisy = dropped(A, rng)
        w = w - rates * (noisy.T @ (noisy @ w - target)) / len(A)
        later.append(w)
    return np.mean(later[steps // 3 :], axis=0)


Found = Sequence[dict[str, NDArray]]  # for each seed the weights of each method


def largest_share(found: Found, name: str) -> float:
    """The largest weight's share of all weights by this method, mean over the seeds."""
    return float(np.mean([np.max(of[name]) / np.abs(of[name]).sum() for of in found]))


def apart(one: Found, name: str, other: Found, other_name: str) -> float:
    """How far one method's weights lie from another's, as a share of their length: mean over the seeds."""
    pairs = [(a[name], b[other_name]) for a, b in zip(one, other, strict=True)]
    return float(np.mean([np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in pairs]))

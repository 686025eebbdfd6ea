"""What lesson 08 hands out: functions with known gradients, right ones and wrong ones, and programs with faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Cubic:
    """sum c theta^3 + (sum b theta)^power + offset, with c and b of theta's shape."""

    c: Array
    b: Array
    offset: float = 0.0
    power: int = 2

    def __call__(self, theta: NDArray) -> float:
        theta = np.asarray(theta)
        return float(
            np.sum(self.c * theta * theta * theta) + np.sum(self.b * theta) ** self.power + self.offset
        )


@dataclass(frozen=True)
class CubicGradient:
    """factor times the gradient of Cubic, plus shift at the first entry: right where factor is 1 and shift 0."""

    c: Array
    b: Array
    factor: float = 1.0
    shift: float = 0.0
    power: int = 2

    def __call__(self, theta: NDArray) -> Array:
        theta = np.asarray(theta)
        along = self.power * np.sum(self.b * theta) ** (self.power - 1)
        grad = self.factor * (3 * self.c * theta**2 + along * self.b)
        grad.flat[0] += self.shift
        return grad


def flatten(arrays: Sequence[Array]) -> Array:
    """All arrays in one vector, row by row, one array after the other."""
    return np.concatenate([np.ravel(array) for array in arrays])


def unflatten(theta: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """The arrays of which `flatten` made a vector: the way back."""
    ends = np.cumsum([prod(shape) for shape in shapes])
    return [piece.reshape(shape) for piece, shape in zip(np.split(theta, ends[:-1]), shapes, strict=True)]


def suspect_gradient(params: Sequence[Array], X: Array, y: NDArray[np.integer], lam: float) -> list[Array]:
    """The gradient of a small network with an L2 penalty, with three faults: the code that the last exercise repairs."""
    W1, b1, W2, b2 = params
    m = len(y)
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    p = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    dz2 = (p - np.eye(len(b2))[y]) / m
    da1 = dz2 @ W2.T
    dz1 = da1 / (1 + z1**2)
    dW1 = X.T @ dz1 + lam * W1
    dW2 = a1.T @ dz2 + lam / m * W2
    return [dW1, dz1.mean(axis=0), dW2, dz2.sum(axis=0)]


def _softmax_twice(logits: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    """The cross-entropy of probabilities that went through softmax once more, and its own, right gradient."""
    from nnutils.activations import softmax
    from nnutils.losses import softmax_cross_entropy

    p = softmax(logits)
    cost, dp = softmax_cross_entropy(p, y)
    return cost, p * (dp - np.sum(p * dp, axis=-1, keepdims=True))


@dataclass
class Program:
    """A network with its training examples, and what its author made of the gradient."""

    network: Network
    X: Array
    y: NDArray[np.integer]
    slip: Callable[[Array], Array] = lambda grad: grad

    def __post_init__(self) -> None:
        self.start = self.network.theta.copy()

    def cost(self, theta: Array) -> float:
        self.network.theta[:] = theta
        return float(self.network.loss(self.X, self.y))

    def grad(self, theta: Array) -> Array:
        self.network.theta[:] = theta
        self.network.loss_and_grad(self.X, self.y)
        return self.slip(self.network.grad.copy())

    def train(self, steps: int, lr: float) -> list[float]:
        """The costs of gradient descent from the start, one more than there are steps."""
        theta, costs = self.start, []
        for _ in range(steps):
            costs.append(self.cost(theta))
            theta = theta - lr * self.grad(theta)
        return [*costs, self.cost(theta)]


def five_programs(X: Array, y: NDArray[np.integer], seed: int) -> dict[str, Program]:
    """One program that is as it should be and four with one fault each, all for the same few digits. seed: of the weights."""
    from nnutils.activations import softmax
    from nnutils.losses import Loss
    from nnutils.network import dense_network

    def network() -> Network:
        return dense_network([X.shape[1], 16, 10], activation="tanh", init=0.05, rng=seed)

    large, twice, hidden = network(), network(), slice(16 * X.shape[1], 16 * X.shape[1] + 16)
    large.weights[-1][...] *= 40
    twice.objective = Loss("softmax", _softmax_twice, lambda z: softmax(softmax(z)))

    def bias_forgotten(grad: Array) -> Array:
        grad[hidden] = 0
        return grad

    return {
        "as it should be": Program(network(), X, y),
        "output weights 40 times too large": Program(large, X, y),
        "hidden biases have no gradient": Program(network(), X, y, bias_forgotten),
        "softmax twice": Program(twice, X, y),
        "labels of other pictures": Program(network(), X, np.random.default_rng(seed).permutation(y)),
    }

"""What lesson 15 gives: the forward pass line by line, layers and an optimiser for its experiments, and how they are measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.layers import BatchNorm, Dense, Dropout, Layer, ReLU
from nnutils.network import Network

Array = NDArray[np.floating]
Data = tuple[NDArray, NDArray]


def six_lines(z: Array, gamma: Array, beta: Array, eps: float, **held: Array) -> dict[str, Array]:
    """The forward pass of batch normalization, every line's value by its name.

    held: values that are not computed but taken as they are, so that a derivative by them can be measured.
    """
    values = {"z": z, **held}
    values.setdefault("mean", z.mean(axis=0))
    values.setdefault("centred", z - values["mean"])
    values.setdefault("var", np.mean(values["centred"] ** 2, axis=0))
    values.setdefault("std", np.sqrt(values["var"] + eps))
    values.setdefault("z_hat", values["centred"] / values["std"])
    return values | {"out": gamma * values["z_hat"] + beta}


def faulty_judge(batches, dev, gamma, beta, momentum, eps):  # type: ignore[no-untyped-def]
    """The code of the repair, as it is before it is repaired."""
    averages = np.stack([np.zeros(len(gamma)), np.ones(len(gamma))])

    def layer(z, training):  # type: ignore[no-untyped-def]
        own = np.stack([z.mean(axis=0), z.var(axis=0, ddof=1)])
        mean, var = own if training else averages
        out = gamma * (z - mean) / np.sqrt(var + eps) + beta
        if momentum < 1:
            averages[...] = (1 - momentum) * averages + momentum * own
        return out

    trained, judged = [], []
    for batch in batches:
        trained.append(layer(batch, training=True))
        judged.append(layer(dev, training=True))
    return trained, np.array(judged), *averages


class OverUnits(Layer):
    """A norm over the units of each example, with a scale and a shift for each unit: the same in training and inference.

    normalize(z, axis, eps) is layer norm's, or with centred=False RMS norm's, which subtracts no mean. Stacks of runs work, too.
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array

    def __init__(
        self, normalize: Callable[[Array, int, float], Array], centred: bool = True, eps: float = 1e-5
    ) -> None:
        self.normalize, self.centred, self.eps = normalize, centred, eps

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {"gamma": (self.n_in,), "beta": (self.n_in,)}

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...] = 1

    def forward(self, x: Array, training: bool = False) -> Array:
        z_hat = self.normalize(x, -1, self.eps)
        if training:
            centred = x - x.mean(axis=-1, keepdims=True) if self.centred else x
            self.size = np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + self.eps)
            self.z_hat = z_hat
        return self.gamma[..., None, :] * z_hat + self.beta[..., None, :]

    def backward(self, d: Array) -> Array:
        self.dgamma[...] = (d * self.z_hat).sum(axis=-2)
        self.dbeta[...] = d.sum(axis=-2)
        d = d * self.gamma[..., None, :]
        along = self.z_hat * np.mean(d * self.z_hat, axis=-1, keepdims=True)
        shared = d.mean(axis=-1, keepdims=True) if self.centred else 0.0
        dx: Array = (d - shared - along) / self.size
        return dx


class TwoRates:
    """Gradient descent with a rate of its own for the last n parameters, which are those of the output layer."""

    def __init__(self, lr: float, last: float, n: int) -> None:
        self.lr, self.last, self.n = lr, last, n

    def update(self, theta: Array, grad: Array) -> None:
        theta[: -self.n] -= self.lr * grad[: -self.n]
        theta[-self.n :] -= self.last * grad[-self.n :]


def hidden_weights(network: Network) -> list[Dense]:
    """The dense layers but the last."""
    return [layer for layer in network.layers[:-1] if isinstance(layer, Dense)]


def length(layers: Sequence[Dense]) -> float:
    """The norm of all their weights together."""
    return float(np.sqrt(sum(np.sum(layer.W**2) for layer in layers)))


def movement(before: Network, after: Network, X: Array) -> float:
    """How far a step moved the mean of what arrives at a ReLU, in its standard deviations: the median of all units.

    Both networks run in training mode, on copies, so that nothing of them changes.
    """
    moved = []
    pairs = zip(_arriving(before, X), _arriving(after, X), strict=True)
    for old, new in pairs:
        moved.append(np.abs(new.mean(axis=0) - old.mean(axis=0)) / np.maximum(old.std(axis=0), 1e-6))
    return float(np.median(moved))


def _arriving(network: Network, X: Array) -> list[Array]:
    found, a = [], X
    for layer in network.copy().layers:
        if isinstance(layer, ReLU):
            found.append(a.copy())
        a = layer.forward(a, True)
    return found


def turn(network: Network, X: Array, y: NDArray, lr: float) -> float:
    """By how many degrees the gradient of these examples has turned after one step along it. The network stays as it is."""
    network = network.copy()
    network.loss_and_grad(X, y)
    before = network.grad.copy()
    network.theta -= lr * before
    network.loss_and_grad(X, y)
    after = network.grad
    cosine = before @ after / (np.linalg.norm(before) * np.linalg.norm(after))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def relative_rate(network: Network, X: Array, y: NDArray, share: float) -> float:
    """The learning rate with which a step is this share of the parameters' length."""
    network = network.copy()
    network.loss_and_grad(X, y)
    return float(share * np.linalg.norm(network.theta) / np.linalg.norm(network.grad))


def noisy_sample(X: Array, y: NDArray, seed: int) -> tuple[Data, Data]:
    """200 digits, about a fifth of them with a label drawn at random; 1000 with true labels for dev."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    known, dev = order[:200], order[200:1200]
    labels = np.where(rng.random(200) < 0.2, rng.integers(10, size=200), y[known])
    return (X[known], labels), (X[dev], y[dev])


def dropped_network(everywhere: bool, seed: int) -> Network:
    """64-64-64-64-10 with batch normalization; dropout in each hidden layer, or in the last."""
    layers: list[Any] = []
    for i in range(3):
        layers += [Dense(64), BatchNorm(), ReLU()]
        layers += [Dropout(0.5)] if everywhere or i == 2 else []
    return Network(64, [*layers, Dense(10)], rng=seed)


def stored_over_seen(network: Network, X: Array) -> list[float]:
    """At each batch normalization: the running variance over the variance without dropout."""
    ratios, a = [], X
    for layer in network.layers:
        if isinstance(layer, BatchNorm):
            ratios.append(float(layer.running_var.mean() / a.var(axis=0).mean()))
        a = layer.forward(a)
    return ratios


def measure_again(network: Network, X: Array) -> None:
    """Store the statistics anew, with dropout off."""
    for layer in network.layers:
        if isinstance(layer, Dropout):
            layer.keep_prob = 1.0
    for _ in range(60):
        network.logits(X, training=True)

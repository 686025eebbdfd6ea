"""What lesson 13 hands to students: gradients to be asked at any point, networks that learn side by side, a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.network import Network
    from nnutils.optimizers import Optimizer

SIZES, BATCH, EVERY = (
    [64, 32, 32, 10],
    128,
    2,
)  # of the race: the network, its batch, the steps between two looks
PATIENCE = 160  # steps


@dataclass(frozen=True)
class BowlGradient:
    """The gradient of sum of c / 4 (w - centre)^4 + 1/2 (w - centre)^2, no straight line in w. Arrays of one shape."""

    c: NDArray[np.floating]
    centre: NDArray[np.floating]

    def __call__(self, w: NDArray) -> NDArray[np.floating]:
        away = w - self.centre
        return self.c * away**3 + away


@dataclass(frozen=True)
class SlopeOfBowls:
    """The gradient of sum of scale / 2 (w - centre)^2: where a scale is 0, it is 0 everywhere. Arrays of one shape."""

    scale: NDArray[np.floating]
    centre: NDArray[np.floating]

    def __call__(self, w: NDArray) -> NDArray[np.floating]:
        return self.scale * (w - self.centre)


def steps_to_fit(
    make: Callable[[list, NDArray], Optimizer],
    rates: ArrayLike,
    seeds: Sequence[int],
    X: NDArray,
    y: NDArray,
    target: float = 0.1,
) -> NDArray[np.float64]:
    """How many steps each network takes until its loss on all of X is below the target: (runs,). inf: not in 160 steps.

    A run has its own initial weights, its own order of batches (both by its seed), and its own rate; all of them are computed at
    once. make(matrices, lr) gives the optimiser. The loss is looked at after every fourth step.
    """
    from nnutils.network import Network, dense_network

    rngs = [np.random.default_rng(seed) for seed in seeds]
    settings: dict[str, Any] = {"activation": "tanh", "init": "glorot", "dtype": np.float32}
    networks = Network.stack([dense_network(SIZES, rng=rng, **settings) for rng in rngs])
    optimizer = make(networks.matrices, np.asarray(rates, np.float32)[:, None])
    X, needed, epoch = np.asarray(X, np.float32), np.full(len(rngs), np.inf), len(X) // BATCH
    for step in range(PATIENCE):
        if step % epoch == 0:
            orders = np.array([rng.permutation(len(X)) for rng in rngs])
        batch = orders[:, step % epoch * BATCH :][:, :BATCH]
        with np.errstate(all="ignore"):  # some rates are far too large
            write_gradients(networks, X[batch], y[batch])
            optimizer.update(networks.theta, networks.grad)
            if step % EVERY == EVERY - 1:
                arrived = np.isinf(needed) & (networks.loss(X, y) < target)
                needed[arrived] = step + 1
        if np.isfinite(needed).all():
            break
    return needed


def write_gradients(networks: Network, X: NDArray, y: NDArray) -> None:
    """Write the gradients of the mean log loss into networks.grad, each network's on its own batch.

    X: (runs, m, n_x), y: (runs, m).
    """
    z = networks.logits(X, training=True)
    p = np.exp(z - z.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    true = y[..., None]
    np.put_along_axis(p, true, np.take_along_axis(p, true, -1) - 1, -1)
    networks.backpropagate(p / np.float32(y.shape[-1]))


def decay_map(
    way: str, rates: Sequence[float], decays: Sequence[float], seed: int, X: NDArray, y: NDArray
) -> NDArray[np.float64]:
    """The share of errors on 1 000 dev digits for each learning rate and decay: (rates, decays).

    200 training digits, a fifth of them with a label drawn at random; 64 hidden units, 400 steps on batches of 50. The same
    start and batches for all. way: "L2 in Adam" adds decay W to the gradient, "AdamW" multiplies W by 1 - rate decay beside
    the step. W are the weights; biases do not decay.
    """
    from nnutils.network import Network, dense_network
    from nnutils.optimizers import Adam

    rng = np.random.default_rng(seed)
    train, dev = np.split(rng.permutation(len(X))[:1200], [200])
    X, labels = np.asarray(X, np.float32), y[train].copy()
    wrong = rng.random(len(train)) < 0.2
    labels[wrong] = rng.integers(10, size=wrong.sum())
    lr, decay = (np.float32(grid).reshape(-1, 1) for grid in np.meshgrid(rates, decays, indexing="ij"))
    network = dense_network([64, 64, 10], rng=rng, dtype=np.float32)
    networks, optimizer = Network.stack([network] * len(lr)), Adam(lr)
    for step in range(400):
        if step % 4 == 0:
            order = rng.permutation(len(train))
        batch = order[step % 4 * 50 :][:50]
        networks.loss_and_grad(X[train[batch]], labels[batch])
        for layer in networks.layers[::2]:
            if way == "L2 in Adam":
                layer.dW += decay[:, :, None] * layer.W
            else:
                layer.W *= 1 - (lr * decay)[:, :, None]
        optimizer.update(networks.theta, networks.grad)
    errors = 1 - networks.accuracy(X[dev], y[dev])
    return errors.reshape(len(rates), len(decays))

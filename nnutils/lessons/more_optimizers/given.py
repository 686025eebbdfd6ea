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

Maker = Callable[
    [Any], Callable[..., Sequence[NDArray]]
]  # learning rate → update(w, grad, t, *state) → (w, *state)
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
    once. make(matrices, lr) gives the optimiser. The loss is looked at after every second step.
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
    from nnutils.layers import Dense
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
        for layer in networks.layers:
            if not isinstance(layer, Dense):
                continue
            if way == "L2 in Adam":
                layer.dW += decay[:, :, None] * layer.W
            else:
                layer.W *= 1 - (lr * decay)[:, :, None]
        optimizer.update(networks.theta, networks.grad)
    errors = 1 - networks.accuracy(X[dev], y[dev])
    return errors.reshape(len(rates), len(decays))


def errors_on_texts(make: Maker, averages: int, lr: float, seed: int, rare: bool = True) -> float:
    """Percent of errors on 2 000 new texts after one pass over 2 000, ten at a time.

    A text is a row of 300 words, there or not: the k-th one with probability 0.5 / k^0.8, so that most are rare, or with
    rare=False all with the mean of these probabilities. Each word has a hidden weight, and the reader likes a text with
    probability sigmoid(sum of the weights of its words).
    """
    from nnutils.batches import minibatches

    rng = np.random.default_rng(seed)
    chances = 0.5 / np.arange(1, 301) ** 0.8
    X = (rng.random((4000, 300)) < (chances if rare else chances.mean())).astype(float)
    liked = rng.random(4000) < 1 / (1 + np.exp(-X @ rng.normal(0, 2, size=300)))
    w, state = np.zeros(300), [np.zeros(300)] * averages
    for t, (A, a) in enumerate(minibatches(X[:2000], liked[:2000], 10, rng), start=1):
        slope = A.T @ (1 / (1 + np.exp(-A @ w)) - a) / len(A)
        w, *state = make(lr)(w, lambda _, g=slope: g, t, *state)
    return float(100 * np.mean((X[2000:] @ w > 0) != liked[2000:]))


def follow(
    make: Maker, averages: int, lr: float, change: int, seed: int, most: int = 2000
) -> tuple[float, float]:
    """Twelve models of 20 weights learn online, ten examples a step; after `change` steps the true weights are drawn anew.

    Returns (the mean number of steps until a model's direction is within 27 degrees of the new one, the share of errors before
    the change).
    """
    rng = np.random.default_rng(seed)
    old, new = rng.normal(size=(2, 12, 20))
    w, state = np.zeros((12, 20)), [np.zeros((12, 20))] * averages
    waits, errors = np.full(12, float(most)), []
    for t in range(1, change + most):
        X = rng.normal(size=(12, 10, 20))
        chance = 1 / (1 + np.exp(-np.matvec(X, old if t <= change else new)))
        y, z = rng.random(chance.shape) < chance, np.matvec(X, w)
        slope = np.vecmat(1 / (1 + np.exp(-z)) - y, X) / 10
        w, *state = make(lr)(w, lambda _, g=slope: g, t, *state)
        if t <= change:
            errors.append(np.mean((z > 0) != y))
            continue
        cosine = np.vecdot(w, new) / np.sqrt(np.vecdot(w, w) * np.vecdot(new, new))
        waits[(cosine > np.cos(0.15 * np.pi)) & (waits == most)] = t - change
        if waits.max() < most:
            break
    return float(waits.mean()), float(np.mean(errors))


SADDLE_RATES = np.geomspace(0.05, 5, 9)


def steps_from_saddle(
    make: Maker, averages: int, starts: NDArray, noise: float, seed: int
) -> NDArray[np.float64]:
    """Median steps until a tenth of the saddle's height is left, for each of nine learning rates.

    The cost is 3/2 x^2 - 1/2 y^2 + y^4 / 400 + 25: a saddle of height 25 at (0, 0), and minima of cost 0 at y = -10 and 10.
    starts: (n, 2). noise: the standard deviation of what is added to each gradient. 150: not in 150 steps.
    """
    rng, w = np.random.default_rng(seed), np.broadcast_to(starts, (9, *starts.shape))
    update, state = make(SADDLE_RATES[:, None, None]), [np.zeros(w.shape)] * averages
    needed = np.full(w.shape[:-1], 150.0)
    with np.errstate(all="ignore"):  # some rates are too large
        for t in range(1, 151):
            x, y = w[..., 0], w[..., 1]
            needed[(1.5 * x**2 - 0.5 * y**2 + y**4 / 400 + 25 < 2.5) & (needed == 150)] = t - 1
            slope = np.stack([3 * x, y**3 / 100 - y], axis=-1) + noise * rng.normal(size=w.shape)
            w, *state = update(w, lambda _, g=slope: g, t, *state)
    return np.median(needed, axis=1)

"""What lesson 12 hands to students: an Adam with faults, trainings of many networks, Wilson's data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.optimizers import Optimizer

Array = NDArray[np.floating]
Walker = Callable[..., list[Array]]
SIZES = (64, 32, 32, 10)


@dataclass(frozen=True)
class Slopes:
    """The gradients of bowls, one for each array: curvature times (array - centre)."""

    curvatures: Sequence[Array]
    centres: Sequence[Array]

    def __call__(self, arrays: Sequence[NDArray]) -> list[Array]:
        return [c * (w - a) for c, w, a in zip(self.curvatures, arrays, self.centres, strict=True)]


# What a student gets in the exercise adam_on_arrays; a test holds that the two are the same.
def faulty_adam(gradients, arrays, lr, steps, beta1, beta2, eps):  # type: ignore[no-untyped-def]
    """The code of the repair, as it is before it is repaired."""
    path = [arrays]
    m = [np.zeros(w.shape) for w in arrays]
    v = [np.zeros(w.shape) for w in arrays]
    t = 0
    for _ in range(steps):
        moved = []
        for i, g in enumerate(gradients(arrays)):
            t = t + 1
            m[i] = beta2 * m[i] + (1 - beta2) * g
            v[i] = beta1 * v[i] + (1 - beta1) * g**2
            m_hat = m[i] / (1 - beta2**t)
            v_hat = v[i] / (1 - beta1**t)
            step = lr * m_hat / np.sqrt(v_hat + eps)
            moved.append(arrays[i] - step)
        arrays = moved
        path.append(arrays)
    return [np.array(each) for each in zip(*path, strict=True)]


def library_adam(
    gradients: Slopes, arrays: Sequence[Array], lr: float, steps: int, beta1: float, beta2: float, eps: float
) -> list[Array]:
    """The same walk with Adam of nnutils, one optimiser for each array."""
    from nnutils.optimizers import Adam

    optimizers = [Adam(lr, beta1, beta2, eps) for _ in arrays]
    now = [np.array(w, float) for w in arrays]
    path = [[w.copy() for w in now]]
    for _ in range(steps):
        for optimizer, w, g in zip(optimizers, now, gradients(now), strict=True):
            optimizer.update(w, g)
        path.append([w.copy() for w in now])
    return [np.array(each) for each in zip(*path, strict=True)]


def symptoms(adam: Walker, steps: int = 150) -> dict[str, Array]:
    """Three grounds on which an Adam shows what it does. adam: called as adam_on_arrays is.

    "first steps": three arrays of one number far from their minimum: the lengths of the first 10 steps / lr, (10, 3).
    "bowl": the number w after each step in a bowl, (steps + 1,). "small unit": the same where the cost is a millionth as large.
    """
    usual = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    far = Slopes([np.array([1e-3])] * 3, [np.array([-1e3])] * 3)
    walked = adam(far, [np.zeros(1)] * 3, lr=0.1, steps=10, **usual)
    lengths = np.abs(np.diff(np.array(walked)[:, :, 0], axis=1)).T / 0.1
    start = [np.array([-8.0])]
    bowls = {
        name: adam(Slopes([np.array([scale])], [np.zeros(1)]), start, lr=0.2, steps=steps, **usual)[0][:, 0]
        for name, scale in (("bowl", 1.0), ("small unit", 1e-6))
    }
    return {"first steps": lengths, **bowls}


def train_many(
    make: Callable[..., Optimizer],
    settings: Sequence[Mapping[str, float]],
    seeds: Sequence[int],
    train: tuple[NDArray, NDArray],
    test: tuple[NDArray, NDArray],
    epochs: int = 25,
    batch_size: int = 64,
) -> tuple[Array, Array]:
    """Train a network of 64-32-32-10 tanh units for every setting and seed, all of them at once.

    make(**settings): the optimiser. seeds: each has weights and an order of batches of its own, the same for all settings.
    Returns (losses, errors): the mean training loss of each epoch, (settings, seeds, epochs), and the test error in percent at
    the end, (settings, seeds).
    """
    from nnutils.network import Network, dense_network

    runs = list(seeds) * len(settings)
    networks = [dense_network(SIZES, activation="tanh", init="glorot", rng=seed) for seed in runs]
    together = Network.stack(networks)
    names = settings[0]
    optimizer = make(**{name: _column([s[name] for s in settings], len(seeds)) for name in names})
    rngs = [np.random.default_rng([seed, 1]) for seed in runs]  # not those of the weights
    X, y = train
    losses = []
    with np.errstate(all="ignore"):  # some rates are far too large
        for _ in range(epochs):
            orders = np.array([rng.permutation(len(X)) for rng in rngs])
            batches = range(0, len(X), batch_size)
            of_epoch = [
                _step(together, optimizer, X[rows], y[rows])
                for rows in (orders[:, i : i + batch_size] for i in batches)
            ]
            losses.append(np.mean(of_epoch, axis=0))
        accuracy = together.evaluate(*test)[1]
    shape = len(settings), len(seeds)
    return np.array(losses).T.reshape(*shape, epochs), 100 * (1 - np.reshape(accuracy, shape))


def _column(values: Sequence[float], times: int) -> Array:
    return np.repeat(np.asarray(values, float), times)[:, None]


def _step(together: Any, optimizer: Optimizer, X: NDArray, y: NDArray) -> Array:
    """One step of a stack of networks, each on a batch of its own. X: (runs, B, n), y: (runs, B). Returns the losses (runs,)."""
    from nnutils.activations import softmax

    probabilities = softmax(together.logits(X, training=True))
    wanted = np.eye(probabilities.shape[-1])[y]
    together.backpropagate((probabilities - wanted) / y.shape[1])
    optimizer.update(together.theta, together.grad)
    return -np.log(np.maximum((probabilities * wanted).sum(axis=-1), 1e-300)).mean(axis=-1)


def inside(place: int, count: int) -> bool:
    """Whether the place of the best is neither the first nor the last of so many."""
    return 0 < place < count - 1


def epochs_to(losses: ArrayLike, target: float) -> NDArray[np.intp]:
    """The epoch, from 1, in which the loss is below the target first; the last one where it never is. losses: (..., epochs)."""
    below = np.asarray(losses) < target
    return np.where(below.any(axis=-1), below.argmax(axis=-1) + 1, below.shape[-1])


def unique_features(m: int, rng: np.random.Generator) -> tuple[Array, Array, tuple[Array, Array]]:
    """The data set of Wilson et al. (2017, section 3.3): (X, y, (X_new, y_new)), labels -1 and 1.

    Feature 0 is the label itself, so one weight is enough. Features 1 and 2 are 1 for every example. All others belong to one
    example alone: one of them is 1 for an example with label 1, five for one with label -1. About 65 % of the m examples for
    training have the label 1. Of the 500 new ones it is half, and their own features are ones that were never seen: they are 0.
    """
    y = np.where(rng.random(m) < 0.65, 1.0, -1.0)
    X = np.zeros((m, 3 + 5 * m))
    X[:, 0], X[:, 1:3] = y, 1
    for i, label in enumerate(y):
        X[i, 3 + 5 * i : 3 + 5 * i + (1 if label > 0 else 5)] = 1
    y_new = np.where(rng.random(500) < 0.5, 1.0, -1.0)
    X_new = np.zeros((500, X.shape[1]))
    X_new[:, 0], X_new[:, 1:3] = y_new, 1
    return X, y, (X_new, y_new)


def fit_lines(
    make: Callable[..., Optimizer],
    settings: Sequence[Mapping[str, float]],
    data: tuple[Array, Array, tuple[Array, Array]],
    steps: int = 400,
) -> tuple[Array, Array]:
    """Fit X w to y by least squares from w = 0, once for every setting. Returns (costs, errors in percent on new examples)."""
    X, y, (X_new, y_new) = data
    w = np.zeros((len(settings), X.shape[1]))
    optimizer = make(**{name: _column([s[name] for s in settings], 1) for name in settings[0]})
    with np.errstate(all="ignore"):
        for _ in range(steps):
            optimizer.update(w, (w @ X.T - y) @ X / len(y))
        costs = np.mean((w @ X.T - y) ** 2, axis=1) / 2
        return costs, 100 * np.mean(np.sign(w @ X_new.T) != y_new, axis=1)

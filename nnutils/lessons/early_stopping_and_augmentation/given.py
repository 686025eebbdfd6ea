"""What lesson 05 gives: runs that train side by side, and the trial of an augmentation policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network
    from nnutils.optimizers import Adam


Change = Callable[[NDArray, NDArray, np.random.Generator], tuple[NDArray, NDArray]]
TINY = 1e-12  # keeps a logarithm from 0


@dataclass(frozen=True)
class Data:
    """The data of one run, and the generator of all that it draws: first weights, order, changes.

    X: (m, n), or (versions, m, n), of which each epoch draws one for each example. Y: (m, k), rows of probabilities.
    X_dev: (n_dev, n). y_dev: (n_dev,), class numbers.
    """

    X: NDArray
    Y: NDArray
    X_dev: NDArray
    y_dev: NDArray
    rng: np.random.Generator


@dataclass(frozen=True)
class Runs:
    """What was measured, (runs, measurements). loss is that of an epoch's batches, without a penalty."""

    loss: NDArray
    dev_loss: NDArray
    dev_accuracy: NDArray
    norm: NDArray

    def at(self, epochs: Sequence[int]) -> Runs:
        """One measurement of each run: arrays (runs,)."""
        runs = np.arange(len(epochs))
        return Runs(*(values[runs, epochs] for values in vars(self).values()))


def train(
    data: Sequence[Data],
    *,
    epochs: int,
    lr: float = 0.003,
    batch_size: int = 30,
    hidden: int = 128,
    l2: float = 0.0,
    chances: Sequence[float] | None = None,
    change: Change | None = None,
    schedule: Callable[[int], float] | None = None,
    every: int = 1,
) -> Runs:
    """Train a network on each of the data with Adam, all at once, and measure it after `every` epochs.

    hidden: units of the one hidden layer, 0 for none. chances: of the versions of X, by default all alike.
    change: a function of a batch, (X, Y, rng) → (X, Y).
    schedule: the learning rate of an epoch, counted from 0. l2 adds l2/(2m) sum W^2 to the cost of m examples.
    """

    from nnutils.network import Network, dense_network
    from nnutils.optimizers import Adam

    m, k = data[0].Y.shape
    sizes = [data[0].X.shape[-1], *[hidden] * bool(hidden), k]
    network = Network.stack([dense_network(sizes, rng=one.rng, dtype=np.float32) for one in data])
    adam, records = Adam(lr), []
    for epoch in range(epochs):
        adam.lr = schedule(epoch) if schedule else lr
        X, Y = map(np.stack, zip(*(_epoch(one, chances) for one in data), strict=True))
        losses = []
        for start in range(0, m, batch_size):
            x, t = X[:, start : start + batch_size], Y[:, start : start + batch_size]
            if change:
                changed = [change(a, b, one.rng) for a, b, one in zip(x, t, data, strict=True)]
                x, t = map(np.stack, zip(*changed, strict=True))
            losses.append(_step(network, x.astype(np.float32), t.astype(np.float32), adam, l2 / m))
        if (epoch + 1) % every == 0:
            records.append((np.mean(losses, axis=0), *_measured(network, data)))
    return Runs(*np.array(records).transpose(1, 2, 0))


def _epoch(one: Data, chances: Sequence[float] | None) -> tuple[NDArray, NDArray]:
    """The examples of one epoch in a new order, each in one of its versions."""
    order = one.rng.permutation(len(one.Y))
    if one.X.ndim == 2:
        return one.X[order], one.Y[order]
    return one.X[one.rng.choice(len(one.X), size=len(order), p=chances), order], one.Y[order]


def _step(network: Network, X: NDArray, Y: NDArray, adam: Adam, decay: float) -> NDArray:
    """One update of all networks. The gradient of the cross-entropy by the logits is softmax - Y. Returns the losses."""

    from nnutils.activations import softmax
    from nnutils.layers import Dense

    p = softmax(network.logits(X, training=True))
    network.backpropagate((p - Y) / X.shape[1])
    for layer in network.layers:
        if decay and isinstance(layer, Dense):
            layer.dW += decay * layer.W
    adam.update(network.theta, network.grad)
    return -(Y * np.log(p + TINY)).sum(axis=-1).mean(axis=-1)


def _measured(network: Network, data: Sequence[Data]) -> tuple[NDArray, NDArray, NDArray]:
    """Dev loss, dev accuracy and norm of the weights of each run."""

    from nnutils.activations import softmax

    p = softmax(network.logits(np.stack([one.X_dev for one in data])))
    y = np.stack([one.y_dev for one in data])
    of_the_label = np.take_along_axis(p, y[..., None], axis=-1)[..., 0]
    squares = sum((W**2).sum(axis=(1, 2)) for W in network.weights)
    return -np.log(of_the_label + TINY).mean(axis=1), (p.argmax(-1) == y).mean(axis=1), np.sqrt(squares)


@dataclass(frozen=True)
class Bowl:
    """A linear model with a squared error, seen along the directions of its curvatures. There the cost is one parabola each.

    curvatures: (n,), the largest is 1. minimum: (n, k). X_dev: (n_dev, n), Y_dev: (n_dev, k).
    """

    curvatures: NDArray
    minimum: NDArray
    X_dev: NDArray
    Y_dev: NDArray

    def dev_loss(self, share: NDArray) -> float:
        """The mean squared distance on dev, at this share (n,) of the way from 0 to the minimum."""
        error = self.X_dev @ (share[:, None] * self.minimum) - self.Y_dev
        return float((error**2).sum(axis=1).mean())

    def descended(self, steps: int) -> NDArray:
        """W after so many steps of gradient descent from 0, at rate 1."""
        W = np.zeros_like(self.minimum)
        for _ in range(steps):
            W -= self.curvatures[:, None] * (W - self.minimum)
        return W


def bowl(data: Data) -> Bowl:
    """The linear problem of these data. Inputs and targets lose their mean, so that no bias is needed."""
    mean, share = data.X.mean(axis=0), data.Y.mean(axis=0)
    A, k = data.X - mean, data.Y.shape[1]
    h, V = np.linalg.eigh(A.T @ A / len(A))
    seen = h > 1e-10 * h[-1]  # the others are directions that no example has
    slope = V.T @ A.T @ (data.Y - share) / len(A)
    minimum = np.where(seen, 1 / np.where(seen, h, 1), 0)[:, None] * slope
    return Bowl(np.where(seen, h / h[-1], 0), minimum, (data.X_dev - mean) @ V, np.eye(k)[data.y_dev] - share)


FRAME, SIDE = 2, 12  # digits of 8 x 8 pixels in a frame of 2
LIMITS = {"turn": 180.0, "right": 4.0, "down": 4.0, "light": 0.5}
LABELLED, FIELD, EPOCHS, BATCH, SHEETS = 200, 1000, 60, 40, 20


def framed_digits() -> tuple[NDArray, NDArray]:
    """Digits with an empty frame, (1797, 12, 12), and their labels."""

    from nnutils.data import digits

    X, y = digits()
    return np.pad(X.reshape(-1, 8, 8), ((0, 0), (FRAME, FRAME), (FRAME, FRAME))), y


def photographed(images: NDArray, turn: NDArray, right: NDArray, down: NDArray, light: NDArray) -> NDArray:
    """Each image turned clockwise by degrees, moved by pixels, then with light added, cut off at 0 and 1. Arguments (m,)."""

    from nnutils.augmentation import affine

    moved = affine(images, turn, np.stack([down, right], axis=1))
    return np.clip(moved + np.asarray(light)[:, None, None], 0, 1)


def measured_sheets(side: int, rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """What was measured of twenty sheets, (20,) each: degrees clockwise, pixels right and down, and added light.

    side: 1 where they were turned clockwise, -1 anticlockwise. One of them lay upside down.
    """
    across = rng.choice([-1, 1])
    turn = side * np.round(_spread(15, 45, rng))
    turn[rng.integers(SHEETS)] -= side * 180
    right, down = across * _spread(0.5, 2.5, rng), _spread(-1, 1, rng)
    return turn, np.round(right, 1), np.round(down, 1), np.round(_spread(0.1, 0.4, rng), 2)


def _spread(low: float, high: float, rng: np.random.Generator) -> NDArray:
    """Twenty values, evenly spread, in a random order."""
    return rng.permutation(np.linspace(low, high, SHEETS))


def try_policy(
    policy: Mapping[str, Any], seed: int, turn: NDArray, right: NDArray, down: NDArray, light: NDArray
) -> float:
    """Train on 200 digits that the policy changes anew in each of 60 epochs; return the accuracy on 1 000 field pictures.

    Each field picture was turned, moved and lit as one of the measured ones, (n,) each.

    Raises
    ------
    ValueError: the policy has an unknown kind of change, or a strength that is no range within the limits.
    """

    from nnutils.augmentation import horizontal_flip
    from nnutils.network import dense_network
    from nnutils.optimizers import Adam

    ranges, share = _checked(policy)
    rng = np.random.default_rng(seed)
    images, y = framed_digits()
    labelled, field = np.split(rng.permutation(len(y))[: LABELLED + FIELD], [LABELLED])
    which = rng.integers(len(turn), size=FIELD)
    met = photographed(images[field], turn[which], right[which], down[which], light[which])
    network, adam = dense_network([SIDE * SIDE, 64, 10], rng=rng, dtype=np.float32), Adam(0.01)
    for _ in range(EPOCHS):
        mirrored = rng.random(LABELLED) < share
        drawn = {kind: rng.uniform(*ends, size=LABELLED) for kind, ends in ranges.items()}
        seen = photographed(
            np.where(mirrored[:, None, None], horizontal_flip(images[labelled]), images[labelled]), **drawn
        )
        rows, order = _rows(seen), rng.permutation(LABELLED)
        for start in range(0, LABELLED, BATCH):
            batch = order[start : start + BATCH]
            network.loss_and_grad(rows[batch], y[labelled][batch])
            adam.update(network.theta, network.grad)
    return float(network.accuracy(_rows(met), y[field]))


def _rows(images: NDArray) -> NDArray:
    """Pixels in rows, about centred."""
    return (images.reshape(len(images), -1) - 0.3).astype(np.float32)


def _checked(policy: Mapping[str, Any]) -> tuple[dict[str, tuple[float, float]], float]:
    """The range of each kind of change, and the share that is mirrored."""
    if not isinstance(policy, Mapping):
        raise ValueError("a policy is a dict: the names of changes, each with its strength")
    if set(policy) - {*LIMITS, "mirror"}:
        raise ValueError("a policy has no other kinds of change than turn, right, down, light and mirror")
    ranges = {kind: _range(policy.get(kind, (0, 0)), kind, most) for kind, most in LIMITS.items()}
    share = _number(policy.get("mirror", 0))
    if not 0 <= share <= 1:
        raise ValueError("mirror is a share, from 0 to 1")
    return ranges, share


def _range(ends: Any, kind: str, most: float) -> tuple[float, float]:
    if not isinstance(ends, tuple | list | np.ndarray) or np.shape(ends) != (2,):
        raise ValueError(f"{kind} is a range: two numbers, the lowest and the highest")
    low, high = map(_number, ends)
    if not -most <= low <= high <= most:
        raise ValueError(f"{kind} runs from a lower to a higher number, both from -{most:g} to {most:g}")
    return low, high


def _number(value: Any) -> float:
    if isinstance(value, int | float | np.integer | np.floating) and np.isfinite(value):
        return float(value)
    raise ValueError("the strengths of a policy are numbers")

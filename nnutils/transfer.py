"""Tasks with few labels for a body that comes with the package: pictures, changed copies of them, and heads on features."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

SIDE, CLASSES, BATCH = 12, 10, 50
WAITING = 500  # pictures on which a task with few labels is scored


class Task(NamedTuple):
    """Ten classes. X: (m, 144) and y: (m,) have labels; dev_X, dev_y are for scoring."""

    X: NDArray[np.float32]
    y: NDArray[np.intp]
    dev_X: NDArray[np.float32]
    dev_y: NDArray[np.intp]


def few_shot(seed: int, labels: int, similar: bool = True, waiting: int = WAITING) -> Task:
    """A task with so many labels, the same number of each class or one more: ten of the characters that the body has never seen,
    or, not similar, handwritten digits in a frame of two pixels."""
    from nnutils.data import digits, drawn_characters, pretrained_body
    from nnutils.data.body import DIFFICULTY

    rng = np.random.default_rng(seed)
    if similar:
        chosen = "".join(rng.permutation(list(pretrained_body().new))[:CLASSES])
        X, y = drawn_characters(
            labels + waiting, chosen, DIFFICULTY, SIDE, int(rng.integers(1 << 30)), np.float32
        )
    else:
        X, y = framed_digits(digits(np.float32).X), digits().y
    order = rng.permutation(len(y))
    rank = np.empty(len(y), int)  # how many of its class come before it
    for label in range(CLASSES):
        rank[order[y[order] == label]] = np.arange(np.sum(y == label))
    order = order[np.argsort(rank[order], kind="stable")]  # one of each class, then the next of each
    train, dev = order[:labels], order[labels : labels + waiting]
    return Task(X[train], y[train], X[dev], y[dev])


def framed_digits(X: NDArray) -> NDArray:
    """Digits of 8 x 8 pixels with an empty frame of 2: (m, 144)."""
    return np.pad(X.reshape(-1, 8, 8), ((0, 0), (2, 2), (2, 2))).reshape(len(X), -1)


def with_copies(
    X: NDArray, y: NDArray, copies: int, rng: np.random.Generator, shift: int = 1, negatives: float = 0.5
) -> tuple[NDArray, NDArray]:
    """The pictures X (m, 144) and, of each, so many copies: moved by up to `shift` pixels, a share of them turned into negatives,
    with a little noise. The labels are copied along."""
    images = np.tile(X.reshape(-1, SIDE, SIDE), (copies, 1, 1))
    moves = rng.integers(0, 2 * shift + 1, size=(len(images), 2))
    framed = np.pad(images, ((0, 0), (shift, shift), (shift, shift)), mode="edge")
    rows = moves[:, :1, None] + np.arange(SIDE)[None, :, None]
    columns = moves[:, 1:, None] + np.arange(SIDE)[None, None, :]
    moved = framed[np.arange(len(images))[:, None, None], rows, columns]
    negative = rng.random(len(images)) < negatives
    moved[negative] = 1 - moved[negative]
    noisy = np.clip(moved + rng.normal(0, 0.03, moved.shape), 0, 1).astype(X.dtype)
    return np.concatenate([X, noisy.reshape(-1, SIDE * SIDE)]), np.tile(y, copies + 1)


def trained_head(
    F: NDArray,
    y: NDArray,
    rng: np.random.Generator | int,
    hidden: int = 0,
    rate: float = 0.01,
    passes: int = 30_000,
) -> Network:
    """A softmax head on features F (m, n), with a layer of ReLU in between where hidden > 0. Adam, batches of 50, a small L2.

    passes: pictures that it learns from, those of all epochs together.
    """
    from nnutils.network import dense_network
    from nnutils.optimizers import Adam

    rng = np.random.default_rng(rng)
    sizes = [F.shape[1], *[hidden] * (hidden > 0), int(y.max()) + 1]
    head, adam = dense_network(sizes, rng=rng, l2=0.5, dtype=np.float32), Adam(rate)
    for _ in range(max(1, round(passes / len(y)))):
        order = rng.permutation(len(y))
        for start in range(0, len(y), BATCH):
            batch = order[start : start + BATCH]
            head.loss_and_grad(F[batch], y[batch], m=len(y))
            adam.update(head.theta, head.grad)
    return head


def scaled(F: NDArray, dev_F: NDArray) -> tuple[NDArray, NDArray]:
    """Both without the mean of F, divided by one number: the standard deviation of F."""
    mean, std = F.mean(axis=0), F.std() + 1e-6
    return ((F - mean) / std).astype(np.float32), ((dev_F - mean) / std).astype(np.float32)

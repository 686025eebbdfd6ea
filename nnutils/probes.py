"""Probes: short measurements that tell which part of a training is broken, before anybody turns a knob."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nnutils.arrays import Array
from nnutils.batches import check_same_length

TINY = 1e-300  # keeps a logarithm from 0


def input_report(X: ArrayLike, X_dev: ArrayLike, ratio: float = 10.0) -> dict[str, list[int]]:
    """What is odd about inputs, by lists of indices.

    X: (m, n), X_dev: (m_dev, n). "not finite": features of X with a NaN or an infinity. "constant": features of X that never
    change. "scale": other features whose standard deviation is more than `ratio` times the median of theirs, or less than
    1/ratio of it. "copies": rows of X_dev that are also rows of X.
    """
    X, X_dev = np.asarray(X, float), np.asarray(X_dev, float)
    finite = np.isfinite(X).all(axis=0)
    constant = finite & (X[:1] == X).all(axis=0)
    plain = np.flatnonzero(finite & ~constant)
    std = X[:, plain].std(axis=0)
    middle = np.median(std) if len(std) else 1.0
    rows = set(map(tuple, X.tolist()))
    return {
        "not finite": np.flatnonzero(~finite).tolist(),
        "constant": np.flatnonzero(constant).tolist(),
        "scale": plain[(std > ratio * middle) | (std < middle / ratio)].tolist(),
        "copies": [i for i, row in enumerate(X_dev.tolist()) if tuple(row) in rows],
    }


def label_agreement(X: ArrayLike, y: ArrayLike) -> float:
    """The share of examples whose nearest other example (Euclidean) has the same label. X: (m, n), y: (m,)."""
    X, y = np.asarray(X, float), np.asarray(y)
    check_same_length(X, y)
    squares = (X**2).sum(axis=1)
    distance = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(distance, np.inf)
    return float(np.mean(y[distance.argmin(axis=1)] == y))


def class_share(X: ArrayLike, y: ArrayLike) -> Array:
    """For each feature the share of its variance that lies between the classes, (n,): 1 for a function of the label.

    sum_k m_k (mean_k - mean)^2 / sum_i (x_i - mean)^2, the correlation ratio squared (Pearson 1903). 0 for a constant.
    """
    X, y = np.asarray(X, float), np.asarray(y)
    check_same_length(X, y)
    away = X - X.mean(axis=0)
    total = (away**2).sum(axis=0)
    between = sum((y == label).sum() * away[y == label].mean(axis=0) ** 2 for label in np.unique(y))
    return np.where(total > 0, between / np.where(total > 0, total, 1), 0)


def cross_entropy(p: ArrayLike, y: ArrayLike) -> float:
    """-mean log p[i, y_i]. p: (m, k), the probabilities; y: (m,)."""
    p, y = np.asarray(p, float), np.asarray(y)
    check_same_length(p, y)
    return float(-np.log(np.maximum(p[np.arange(len(y)), y], TINY)).mean())


def constant_loss(y: ArrayLike) -> float:
    """The loss of the best constant answer, the shares of the classes: -sum_k s_k log s_k. ln k for k equal classes."""
    shares = np.unique(np.asarray(y), return_counts=True)[1] / np.size(y)
    return float(-(shares * np.log(shares)).sum())


def update_ratios(before: Sequence[ArrayLike], after: Sequence[ArrayLike]) -> list[float]:
    """For each array ||after - before|| / ||before||: 0 where nothing moved, inf where only `before` is all 0."""
    ratios = []
    for old, new in zip(before, after, strict=True):
        moved = float(np.linalg.norm(np.subtract(new, old)))
        size = float(np.linalg.norm(old))
        ratios.append(moved / size if size else np.inf if moved else 0.0)
    return ratios


def overfit_batch(
    step: Callable[[Array, Array], float], X: Array, y: Array, each: int, steps: int, goal: float
) -> int:
    """How many updates it takes until a few examples are learned by heart; -1 where no cost is below the goal.

    step(X, y) makes one update and returns the cost before it; it is called at most `steps` times, each time with the first
    `each` examples of every class. X: (m, n), y: (m,).
    """
    rows = np.concatenate([np.flatnonzero(y == label)[:each] for label in np.unique(y)])
    for done in range(steps):
        if step(X[rows], y[rows]) < goal:
            return done
    return -1


def activation_report(activations: Sequence[ArrayLike]) -> list[dict[str, float]]:
    """For each layer's outputs (m, units): "rms", the share of "dead" units (0 for all examples), and "differ".

    "differ" is the standard deviation between the units, over the root mean square: 0 where all units do the same.
    """
    told = []
    for a in map(np.asarray, activations):
        rms = float(np.sqrt(np.mean(a**2)))
        between = float(np.sqrt(np.mean(a.var(axis=1))))
        told.append(
            {
                "rms": rms,
                "dead": float(np.mean((a == 0).all(axis=0))),
                "differ": between / rms if rms else 0.0,
            }
        )
    return told


def gradient_flow(gradients: Sequence[ArrayLike]) -> list[float]:
    """The root mean square of each layer's gradient, divided by that of the last layer; 0 where that is 0, too."""
    sizes = [float(np.sqrt(np.mean(np.square(g)))) for g in gradients]
    return [size / sizes[-1] if sizes[-1] else 0.0 for size in sizes]

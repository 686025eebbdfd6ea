"""Mini-batches: every example once an epoch, in a new order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Batch = tuple[NDArray, NDArray]


def num_steps(m: int, batch_size: int, epochs: int = 1) -> int:
    """The number of updates in these epochs of m examples: ceil(m / batch_size) in each."""
    return epochs * -(-m // check_batch_size(batch_size))


def minibatches(X: ArrayLike, y: ArrayLike, batch_size: int, rng: np.random.Generator) -> list[Batch]:
    """[(X, y), …] of batch_size examples; the last batch may be smaller. X: (m, …), y: (m, …)."""
    return list(iterate(np.asarray(X), np.asarray(y), batch_size, rng))


def iterate(X: NDArray, y: NDArray, batch_size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
    """The same batches, one after the other. X and y are shuffled once, or not at all if rng is None: each batch is a slice."""
    check_same_length(X, y)
    check_batch_size(batch_size)
    if rng is not None:
        order = rng.permutation(len(X))
        X, y = X[order], y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def check_batch_size(batch_size: int) -> int:
    """batch_size itself. Raises ValueError unless it is 1 or more."""
    if batch_size < 1:
        raise ValueError(f"batch_size must be 1 or more, not {batch_size}")
    return batch_size


def check_same_length(X: NDArray, y: NDArray) -> None:
    """Raises ValueError unless X and y have the same number of examples."""
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} examples and y has {len(y)}: they must be as many")

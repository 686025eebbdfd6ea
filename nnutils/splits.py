"""Train, dev and test sets: how large each is, and which example goes where.

fractions: the share of each part, the training set first. They sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.batches import check_same_length

Indices = NDArray[np.intp]


def split_sizes(m: int, fractions: Sequence[float]) -> tuple[int, ...]:
    """Sizes that sum to m: floor(fraction * m) for each part after the first, which takes the rest."""
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(f"fractions must not be negative and must sum to 1: {tuple(fractions)}")
    rest = [floor(fraction * m) for fraction in fractions[1:]]
    return (m - sum(rest), *rest)


def shuffle_split(
    X: ArrayLike, y: ArrayLike, fractions: Sequence[float], rng: np.random.Generator
) -> list[tuple[NDArray, NDArray]]:
    """[(X, y), …], a pair for each part; the rows of X and y are shuffled together. X: (m, …), y: (m, …)."""
    X, y = np.asarray(X), np.asarray(y)
    check_same_length(X, y)
    return [(X[part], y[part]) for part in _cut(rng.permutation(len(X)), fractions)]


def stratified_split(y: ArrayLike, fractions: Sequence[float], rng: np.random.Generator) -> list[Indices]:
    """An index array for each part: ``split_sizes`` within each class, so that every part has the same share of a class."""
    y = np.asarray(y)
    cuts = [_cut(rng.permutation(np.flatnonzero(y == label)), fractions) for label in np.unique(y)]
    return [rng.permutation(np.concatenate(parts)) for parts in zip(*cuts, strict=True)]


def _cut(indices: NDArray, fractions: Sequence[float]) -> list[Indices]:
    return np.split(indices, np.cumsum(split_sizes(len(indices), fractions))[:-1])

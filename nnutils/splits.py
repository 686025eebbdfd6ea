"""Train, dev and test sets: how large, and which example goes where.

fractions: shares of the parts, the training set first, that sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Indices = NDArray[np.intp]


def split_sizes(m: int, fractions: Sequence[float]) -> tuple[int, ...]:
    """Sizes that sum to m: floor(fraction * m) of each part but the first, which takes the rest."""
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(f"fractions must not be negative and must sum to 1: {tuple(fractions)}")
    rest = [floor(fraction * m) for fraction in fractions[1:]]
    return (m - sum(rest), *rest)


def recommend_fractions(m: int) -> tuple[float, float, float]:
    """(train, dev, test) with dev = test = min(0.2, 10 000 / m): 60/20/20 for small sets, 98/1/1 for a million."""
    if m < 1:
        raise ValueError(f"m is the number of examples, 1 or more, not {m}")
    part = min(0.2, 10_000 / m)
    return 1 - 2 * part, part, part


def shuffle_split(
    X: ArrayLike, y: ArrayLike, fractions: Sequence[float], rng: np.random.Generator
) -> list[tuple[NDArray, NDArray]]:
    """[(X, y), …], one a part, the rows shuffled together. X: (m, …), y: (m, …)."""
    X, y = np.asarray(X), np.asarray(y)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}: they must be as many")
    return [(X[part], y[part]) for part in _cut(rng.permutation(len(X)), fractions)]


def stratified_split(y: ArrayLike, fractions: Sequence[float], rng: np.random.Generator) -> list[Indices]:
    """Index arrays, one a part: ``split_sizes`` within each class, so that every part has the classes' shares."""
    y = np.asarray(y)
    cuts = [_cut(rng.permutation(np.flatnonzero(y == label)), fractions) for label in np.unique(y)]
    return [rng.permutation(np.concatenate(parts)) for parts in zip(*cuts, strict=True)]


def group_split(groups: ArrayLike, fractions: Sequence[float], rng: np.random.Generator) -> list[Indices]:
    """Index arrays, one a part, no group in two of them: groups (m,) names each example's patient, speaker, day.

    The largest groups are placed first, each where the most examples are missing, so that the shares come out about right.
    """
    groups = np.asarray(groups)
    names, counts = np.unique(groups, return_counts=True)
    order = rng.permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    missing = np.array(split_sizes(len(groups), fractions), float)
    home = np.empty(len(names), int)
    for group in order:
        home[group] = np.argmax(missing)
        missing[home[group]] -= counts[group]
    part_of = home[np.searchsorted(names, groups)]
    return [rng.permutation(np.flatnonzero(part_of == part)) for part in range(len(fractions))]


def dev_standard_error(error: float, n: int) -> float:
    """sqrt(p (1 - p) / n): how far an error rate p measured on n examples lies from the true one, typically."""
    return sqrt(error * (1 - error) / n)


def _cut(indices: NDArray, fractions: Sequence[float]) -> list[Indices]:
    return np.split(indices, np.cumsum(split_sizes(len(indices), fractions))[:-1])

"""Exercise shuffle_split: shuffle a data set and cut it into parts."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.orders import neighbours_stay
from nnutils.lessons.data_splits.exercises.shared import LARGE, SMALL
from nnutils.lessons.data_splits.exercises.split_sizes import (
    examples_lost,
    rest_to_the_last,
    rounded,
    split_sizes,
)

# shuffle_split: a list of pairs ----------------------------------------------------------------------------


@exercise(
    points=3,
    minutes=5,
    hints=(
        "Shuffle the numbers 0 to m - 1 instead of the data: one order serves X and y.",
        "order = rng.permutation(m). The first part is order[:size], the next one starts where it ends.",
        "np.split(order, np.cumsum(split_sizes(m, fractions))[:-1]) gives the parts' indices; for "
        "each take X[part], y[part].",
    ),
)
def shuffle_split(X, y, fractions, rng):
    """Shuffle a data set and cut it into parts.

    X: (m, ...) examples, one a row. y: (m,) labels.
    fractions: shares, the training set's first.
    rng: a np.random.Generator, for one random order of all m rows.
    Returns a list of pairs (X, y), one a part, of the sizes that
    split_sizes gives: every example stands in exactly one part, next to
    its own label.
    X and y themselves stay as they are.
    """
    order = rng.permutation(len(y))
    parts = np.split(order, np.cumsum(split_sizes(len(y), fractions))[:-1])
    return [(X[part], y[part]) for part in parts]


@shuffle_split.cases
def _(rng):
    yield rng.normal(size=(60, 3)), np.sort(rng.integers(0, 4, size=60)), (0.7, 0.3), rng.spawn(1)[0]
    yield rng.normal(size=(97, 2)), rng.integers(0, 9, size=97), SMALL, rng.spawn(1)[0]
    X = rng.permutation(np.arange(71 * 4).reshape(71, 2, 2))
    yield X, rng.normal(size=71), (0.5, 0.3, 0.1, 0.1), rng.spawn(1)[0]
    yield rng.normal(size=(80, 1)), rng.integers(0, 3, size=80), LARGE, rng.spawn(1)[0]


def _order(a, result):
    """For every row of the parts, one after the other, which row of X it is. The first numbers of X's rows differ."""
    X = a["X"].reshape(len(a["X"]), -1)
    rows = np.concatenate([np.reshape(part, (len(part), -1)) for part, _ in result if len(part)])
    ascending = np.argsort(X[:, 0])
    order = ascending[np.searchsorted(X[ascending, 0], rows[:, 0]).clip(max=len(X) - 1)]
    if not np.array_equal(X[order], rows):
        raise KeyError("a row that is no row of X")
    return order


def _labels(result):
    return np.concatenate([np.ravel(y) for _, y in result])


def _sizes(a, result):
    return tuple(len(X) for X, _ in result)


def _sized_by(rule, a, result):
    """Whether a wrong rule made the sizes, and not the right one."""
    wrong, right = (tuple(f(len(a["y"]), a["fractions"])) for f in (rule, split_sizes))
    return wrong != right and _sizes(a, result) == wrong


def _paired(a, result):
    return np.array_equal(a["y"][_order(a, result)], _labels(result))


def _in_blocks(order, sizes):
    """Whether each part is a block of the original order, whatever the order within it."""
    parts = np.split(order, np.cumsum(sizes)[:-1])
    return sum(size > 0 for size in sizes) > 1 and np.array_equal(
        np.concatenate([np.sort(p) for p in parts]), np.arange(len(order))
    )


@shuffle_split.judge
def _(a, result):
    wanted = split_sizes(len(a["y"]), a["fractions"])
    if not isinstance(result, list | tuple):
        return f"the result should be a list of pairs (X, y), yours is of the type {type(result).__name__}"
    if len(result) != len(wanted) or any(len(pair) != 2 for pair in result):
        return f"the result should be a list of {len(wanted)} pairs (X, y), one a part"
    if not all(isinstance(part, np.ndarray) for pair in result for part in pair):
        return "in each part, X and y should be arrays, as they are in the whole"
    if any(len(X) != len(y) for X, y in result):
        return "in a part, X and y should be of the same length"
    if _sizes(a, result) != wanted:
        return f"the parts should hold {wanted} examples, yours hold {_sizes(a, result)}"
    if any(X.ndim != a["X"].ndim for X, _ in result):
        return f"a part of X should have the shape (size, {', '.join(map(str, a['X'].shape[1:]))})"
    if any(y.ndim != 1 for _, y in result):
        return "the labels of a part should have the shape (size,)"
    try:
        order = _order(a, result)
    except KeyError:
        return "a part holds a row that is no row of X"
    if len(np.unique(order)) < len(order):
        return "an example stands twice in the parts, and another in none"
    if not _paired(a, result):
        return "an example stands beside the label of another one"
    if np.array_equal(order, np.arange(len(order))) or _in_blocks(order, wanted) or neighbours_stay(order):
        return (
            "most examples stand beside those beside which they came: shuffle all of them before you cut"
            if neighbours_stay(order)
            else "the parts hold the examples in the order in which they came: shuffle all of them before you cut"
        )
    return None


@shuffle_split.mistake(
    "Two lists, one of X and one of y: return one pair (X, y) a part instead, [(X_train, y_train), "
    "(X_dev, y_dev), ...].",
    symptom=lambda a, r: (
        len(r) == 2
        and len(r[0]) == len(a["fractions"])
        and all(np.ndim(part) == a["X"].ndim for part in r[0])
    ),
)
def two_lists(X, y, fractions, rng):
    parts = shuffling_indices(X, y, fractions, rng)
    return [part for part, _ in parts], [part for _, part in parts]


@shuffle_split.mistake(
    "One long row of arrays: return pairs instead, [(X_train, y_train), (X_dev, y_dev), ...].",
    symptom=lambda a, r: (
        len(r) == 2 * len(a["fractions"]) and all(isinstance(part, np.ndarray) for part in r)
    ),
)
def one_long_row(X, y, fractions, rng):
    parts = shuffling_indices(X, y, fractions, rng)
    return [part for part, _ in parts] + [part for _, part in parts]


def _indices_only(a, r):
    return all(np.ndim(part) == 1 for part in r) and np.array_equal(
        np.sort(np.concatenate(r)), np.arange(len(a["y"]))
    )


@shuffle_split.mistake(
    "These are the indices of the examples. Take the examples: (X[part], y[part]) for each part.",
    symptom=_indices_only,
)
def indices_only(X, y, fractions, rng):
    return np.split(rng.permutation(len(y)), np.cumsum(split_sizes(len(y), fractions))[:-1])


@shuffle_split.mistake(
    "X is shuffled and y is not, so the labels belong to other examples now. Index both with the same order.",
    symptom=lambda a, r: np.array_equal(_labels(r), a["y"]) and not _paired(a, r),
)
def only_X_shuffled(X, y, fractions, rng):
    return [
        (part, y)
        for (part, _), (_, y) in zip(
            shuffling_indices(X, y, fractions, rng), in_order(X, y, fractions, rng), strict=True
        )
    ]


@shuffle_split.mistake(
    "y is shuffled and X is not, so the labels belong to other examples now. Index both with the same order.",
    symptom=lambda a, r: np.array_equal(_order(a, r), np.arange(len(a["y"]))) and not _paired(a, r),
)
def only_y_shuffled(X, y, fractions, rng):
    return [
        (part, y)
        for (part, _), (_, y) in zip(
            in_order(X, y, fractions, rng), shuffling_indices(X, y, fractions, rng), strict=True
        )
    ]


@shuffle_split.mistake(
    "Examples stand beside the labels of others, often because X and y are shuffled in two different orders. "
    "Draw one order, use it for both.",
    symptom=lambda a, r: len(_labels(r)) == len(a["y"]) and not _paired(a, r),
)
def two_orders(X, y, fractions, rng):
    return in_order(rng.permutation(X), rng.permutation(y), fractions, rng)


@shuffle_split.mistake(
    "An example stands in two parts, or twice in one, often because each part was drawn from the whole set. "
    "Cut one permutation.",
    symptom=lambda a, r: len(np.unique(_order(a, r))) < len(_order(a, r)),
)
def with_replacement(X, y, fractions, rng):
    parts = [rng.integers(len(y), size=size) for size in split_sizes(len(y), fractions)]
    return [(X[part], y[part]) for part in parts]


@shuffle_split.mistake(
    "These are the examples in the order in which they came, cut but not shuffled: with sorted labels "
    "a class goes missing.",
    symptom=lambda a, r: np.array_equal(_order(a, r), np.arange(len(a["y"]))),
)
def in_order(X, y, fractions, rng):
    cuts = np.cumsum(split_sizes(len(y), fractions))[:-1]
    return list(zip(np.split(X, cuts), np.split(y, cuts), strict=True))


@shuffle_split.mistake(
    "Every part is still a block of the original order, often because each was shuffled after the cut. "
    "Shuffle before you cut.",
    symptom=lambda a, r: _in_blocks(_order(a, r), split_sizes(len(a["y"]), a["fractions"])),
)
def cut_before_shuffling(X, y, fractions, rng):
    parts = []
    for part_X, part_y in in_order(X, y, fractions, rng):
        order = rng.permutation(len(part_y))
        parts.append((part_X[order], part_y[order]))
    return parts


@shuffle_split.mistake(
    "Some examples are lost: these are the sizes that come out where every part is rounded down. Use split_sizes, "
    "which gives the rest to the training set.",
    symptom=lambda a, r: _sized_by(examples_lost, a, r),
)
def last_examples_lost(X, y, fractions, rng):
    order, parts, start = rng.permutation(len(y)), [], 0
    for size in examples_lost(len(y), fractions):
        parts.append((X[order[start : start + size]], y[order[start : start + size]]))
        start += size
    return parts


@shuffle_split.mistake(
    "The last part takes the rest here. Use split_sizes, which gives it to the training set.",
    symptom=lambda a, r: _sized_by(rest_to_the_last, a, r),
)
def last_part_too_large(X, y, fractions, rng):
    return _cut(X, y, rest_to_the_last(len(y), fractions), rng)


@shuffle_split.mistake(
    "The sizes of the parts are rounded to the nearest number. Use split_sizes, which rounds down.",
    symptom=lambda a, r: _sized_by(rounded, a, r),
)
def parts_of_rounded_sizes(X, y, fractions, rng):
    return _cut(X, y, rounded(len(y), fractions), rng)


@shuffle_split.mistake(
    "The parts stand in the reverse order: the training set comes first.",
    symptom=lambda a, r: _sized_by(lambda m, fractions: split_sizes(m, fractions)[::-1], a, r),
)
def training_last(X, y, fractions, rng):
    return shuffling_indices(X, y, fractions, rng)[::-1]


@shuffle_split.mistake(
    "Each pair is (y, X). Return (X, y): the examples first, then their labels.",
    symptom=lambda a, r: all(np.ndim(y) == 1 and np.ndim(X) == a["X"].ndim for y, X in r),
)
def labels_first(X, y, fractions, rng):
    return [(y, X) for X, y in shuffling_indices(X, y, fractions, rng)]


def _cut(X, y, sizes, rng):
    parts = np.split(rng.permutation(len(y)), np.cumsum(sizes)[:-1])
    return [(X[part], y[part]) for part in parts]


@shuffle_split.variant
def shuffling_indices(X, y, fractions, rng):
    order, pairs, start = np.arange(len(X)), [], 0
    rng.shuffle(order)
    for size in split_sizes(len(X), fractions):
        chosen = order[start : start + size]
        pairs.append([X[chosen], y[chosen]])
        start += size
    return pairs


@shuffle_split.variant
def sorting_random_keys(X, y, fractions, rng):
    order = np.argsort(rng.random(len(y)))
    X, y, pairs = X[order], y[order], []
    for size in split_sizes(len(y), fractions):
        pairs.append((X[:size], y[:size]))
        X, y = X[size:], y[size:]
    return tuple(pairs)


@shuffle_split.variant
def drawing_from_what_is_left(X, y, fractions, rng):
    left, pairs = np.arange(len(y)), []
    for size in split_sizes(len(y), fractions):
        part = rng.choice(left, size, replace=False)
        left = np.setdiff1d(left, part)
        pairs.append((X[part], y[part]))
    return pairs

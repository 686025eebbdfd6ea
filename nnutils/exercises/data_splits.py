"""Exercises of lesson 01: train, dev and test sets.

The splits are drawn at random, so they are judged by what must hold of them (nothing lost, nothing twice,
right shares, by chance) and never by the order of the draws.
"""

import math

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.orders import neighbours_stay

NUMBER = 1
MINUTES = 75

SMALL, LARGE = (0.6, 0.2, 0.2), (0.98, 0.01, 0.01)


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Work out the parts behind the first one, then see what is left of m.",
        "Each part but the first is floor(fraction * m): `int` drops what stands behind the point. "
        "Loop over fractions[1:].",
        "sizes = [int(fraction * m) for fraction in fractions[1:]], then return m - sum(sizes) "
        "followed by sizes.",
    ),
)
def split_sizes(m, fractions):
    """How many examples each part of a data set gets.

    m: number of examples.
    fractions: shares that sum to 1, the training set's first, as in (0.6, 0.2, 0.2).
    Returns a tuple of ints that sum to m: every part but the first holds
    floor(fraction * m) examples, and the first one takes the rest.
    """
    sizes = [int(fraction * m) for fraction in fractions[1:]]
    return (m - sum(sizes), *sizes)


@split_sizes.cases
def _(rng):
    yield 7, SMALL
    yield 1797, (0.7, 0.3)
    yield 1_000_000, LARGE
    yield int(rng.integers(50, 500)) * 20 + 17, (0.5, 0.3, 0.15, 0.05)
    yield 3, LARGE
    yield 9, (0.1, 0.3, 0.6)  # the first part is not the largest
    yield 11, (0.5, 0.25, 0.25)
    yield int(rng.integers(5, 50)), (1.0,)


@split_sizes.mistake(
    "These sizes do not sum to m: you rounded every part down. Give what is left to the training set."
)
def examples_lost(m, fractions):
    return tuple(int(fraction * m) for fraction in fractions)


@split_sizes.mistake(
    "Here parts are rounded to the nearest number. All but the first are rounded down (floor); the first takes the rest."
)
def rounded(m, fractions):
    sizes = [round(fraction * m) for fraction in fractions[1:]]
    return (m - sum(sizes), *sizes)


@split_sizes.mistake(
    "You rounded up. Dev and test are rounded down (floor), and training takes what is left over."
)
def rounded_up(m, fractions):
    sizes = [math.ceil(fraction * m) for fraction in fractions[1:]]
    return (m - sum(sizes), *sizes)


@split_sizes.mistake(
    "Here the last part takes the rest. It is the first part, the training set, that takes it."
)
def rest_to_the_last(m, fractions):
    sizes = [int(fraction * m) for fraction in fractions[:-1]]
    return (*sizes, m - sum(sizes))


@split_sizes.mistake(
    "These are fractions times m, not counts: half an example does not exist. Round down, to ints."
)
def not_whole(m, fractions):
    return tuple(fraction * m for fraction in fractions)


@split_sizes.mistake(
    "These sizes come out where running sums of the fractions are rounded. Round each part by itself; the first takes the rest."
)
def cut_at_running_sums(m, fractions):
    edges = [int(edge + 1e-9) for edge in np.cumsum(fractions) * m]
    return tuple(int(size) for size in np.diff([0, *edges]))


@split_sizes.mistake(
    "These are the places to cut at (running sums of the sizes). Return the sizes themselves."
)
def edges_not_sizes(m, fractions):
    sizes = [int(fraction * m) for fraction in fractions[1:]]
    return tuple(int(edge) for edge in np.cumsum([m - sum(sizes), *sizes]))


@split_sizes.mistake(
    "The first part is rounded up here. It takes what the others leave, whatever that is: m - sum(sizes)."
)
def first_rounded_up(m, fractions):
    return (math.ceil(fractions[0] * m), *(int(fraction * m) for fraction in fractions[1:]))


@split_sizes.mistake(
    "The rest goes to the largest part here. It is the first part that takes it, however large it is."
)
def rest_to_the_largest(m, fractions):
    sizes = [int(fraction * m) for fraction in fractions]
    sizes[int(np.argmax(fractions))] += m - sum(sizes)
    return tuple(sizes)


@split_sizes.mistake(
    "The examples that are left over are dealt out, one to each part. The first part takes all of them."
)
def dealt_out(m, fractions):
    sizes = [int(fraction * m) for fraction in fractions]
    rest = m - sum(sizes)
    return tuple(size + (part < rest) for part, size in enumerate(sizes))


@split_sizes.mistake(
    "Each fraction is taken of what the parts before it left. All fractions are shares of the whole m."
)
def of_what_is_left(m, fractions):
    sizes, left = [], m
    for fraction in fractions[1:]:
        sizes.append(int(fraction * left))
        left -= sizes[-1]
    return (left, *sizes)


@split_sizes.mistake("The sizes stand in the reverse order: the training set comes first.")
def last_part_first(m, fractions):
    sizes = [int(fraction * m) for fraction in fractions[1:]]
    return (m - sum(sizes), *sizes)[::-1]


@split_sizes.mistake(
    "The numbers are whole, but they are floats, with which you cannot cut an array. np.floor returns floats: int(...)."
)
def floats_of_floor(m, fractions):
    sizes = [float(np.floor(fraction * m)) for fraction in fractions[1:]]
    return (m - sum(sizes), *sizes)


@split_sizes.mistake(
    "Every part is rounded up, so the sizes sum to more than m. All but the first are rounded down; the first takes the rest."
)
def all_rounded_up(m, fractions):
    return tuple(math.ceil(fraction * m) for fraction in fractions)


@split_sizes.variant
def with_floor(m, fractions):
    sizes = np.floor(np.asarray(fractions) * m).astype(int)
    sizes[0] = m - sizes[1:].sum()
    return sizes


@split_sizes.variant
def taking_away(m, fractions):
    left, sizes = m, []
    for fraction in fractions[:0:-1]:
        sizes.insert(0, int(m * fraction // 1))
        left -= sizes[0]
    return [left, *sizes]


@exercise(
    points=1,
    minutes=5,
    returns=("train", "dev", "test"),
    hints=(
        "A dev set has to be large enough, in examples. Which share of m are 10 000 examples?",
        "Dev and test get 10 000 / m each, but never more than 0.2: take the smaller of the two.",
        "part = min(0.2, 10_000 / m); training gets what two such parts leave of 1.",
    ),
)
def recommend_fractions(m):
    """Shares for train, dev and test, for a data set of m examples.

    m: number of examples, 1 or more.
    Returns (train, dev, test), three floats that sum to 1: dev = test = min(0.2, 10 000 / m).
    So a small set is cut 60/20/20, and a million 98/1/1.
    """
    part = min(0.2, 10_000 / m)
    return 1 - 2 * part, part, part


@recommend_fractions.cases
def _(rng):
    yield (int(rng.integers(10, 5000)),)
    yield (1_000_000,)
    yield (int(rng.integers(60_000, 90_000)),)
    yield (int(rng.integers(20_000, 40_000)),)
    yield (200_000_000,)
    yield (1,)


@recommend_fractions.mistake(
    "This is 60/20/20 for every m. Of a large set 10 000 examples for dev are enough: their share "
    "falls as m grows."
)
def always_classic(m):
    return 0.6, 0.2, 0.2


@recommend_fractions.mistake(
    "Between 60/20/20 and 98/1/1 there is no step: the share is min(0.2, 10 000 / m) for any m."
)
def one_step(m):
    return (0.98, 0.01, 0.01) if m >= 1_000_000 else (0.6, 0.2, 0.2)


@recommend_fractions.mistake(
    "You took the larger of 0.2 and 10 000 / m. Take the smaller: a share of 0.2 is the most."
)
def larger_of_the_two(m):
    part = max(0.2, 10_000 / m)
    return 1 - 2 * part, part, part


@recommend_fractions.mistake(
    "A share of 10 000 / m alone is more than all the data where m is small: cap it at 0.2."
)
def without_cap(m):
    part = 10_000 / m
    return 1 - 2 * part, part, part


@recommend_fractions.mistake(
    "You left 1 - dev to training, but the test set needs its share, too: 1 - dev - test."
)
def test_forgotten(m):
    part = min(0.2, 10_000 / m)
    return 1 - part, part, part


@recommend_fractions.mistake(
    "Here dev and test share the 10 000 (or the 0.2). Each of the two gets that much."
)
def halves(m):
    part = min(0.2, 10_000 / m) / 2
    return 1 - 2 * part, part, part


@recommend_fractions.mistake("These are numbers of examples. Return shares, which sum to 1.")
def counts(m):
    part = min(0.2, 10_000 / m)
    return (1 - 2 * part) * m + 0.0, part * m, part * m


@recommend_fractions.mistake("The order is (train, dev, test): the large share stands first.")
def train_last(m):
    part = min(0.2, 10_000 / m)
    return part, part, 1 - 2 * part


@recommend_fractions.variant
def with_branches(m):
    if m <= 50_000:
        return 0.6, 0.2, 0.2
    return (m - 20_000) / m, 10_000 / m, 10_000 / m


@recommend_fractions.variant
def as_array(m):
    fractions = np.minimum([1.0, 0.2, 0.2], 1e4 / m)
    fractions[0] = 1 - fractions[1:].sum()
    return fractions


# shuffle_split: a list of pairs ----------------------------------------------------------------------------


@exercise(
    points=3,
    minutes=10,
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
    Returns a list of pairs (X, y), one a part, of the sizes split_sizes(m, fractions):
    every example stands in exactly one part, next to its own label.
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
    if np.ndim(result[0][0]) != a["X"].ndim:
        return f"a part of X should have the shape (size, {', '.join(map(str, a['X'].shape[1:]))})"
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


# stratified_split and group_split: lists of index arrays --------------------------------------------------


def _partition(result, parts, m):
    """What keeps a list of index arrays from being a partition of the numbers 0 to m - 1, or None."""
    if not isinstance(result, list | tuple) or len(result) != parts:
        return f"the result should be a list of {parts} index arrays, one a part"
    if not all(isinstance(part, np.ndarray) and part.ndim == 1 for part in result):
        return "each part should be an array of indices, with one axis"
    if any(len(part) and part.dtype.kind not in "iu" for part in result):
        return "a part should hold indices, which are whole numbers"
    every = _joined(result)
    if every.size and not 0 <= every.min() <= every.max() < m:
        return f"an index should be a number from 0 to {m - 1}, yours go from {every.min()} to {every.max()}"
    times = np.bincount(every, minlength=m)
    if times.max() > 1:
        return f"the example {times.argmax()} stands {times.max()} times in the parts: once is right"
    return None if times.min() else f"the example {times.argmin()} is in no part"


def _joined(result):
    return np.concatenate([np.asarray(part, dtype=int) for part in result])


def _repeats(result):
    every = _joined(result)
    return len(np.unique(every)) < len(every)


def _are_masks(result):
    return all(np.asarray(part).dtype == bool for part in result)


@exercise(
    points=3,
    minutes=12,
    hints=(
        "Do for the examples of one class what you did for the whole set, and then for the next class.",
        "np.flatnonzero(y == label) are the indices of a class: permute them, cut them with "
        "split_sizes(their number, fractions).",
        "For each label of np.unique(y): add to parts[k] the k-th piece of "
        "np.split(rng.permutation(members), cuts), where cuts is "
        "np.cumsum(sizes)[:-1]. At the end np.concatenate the pieces of each part.",
    ),
)
def stratified_split(y, fractions, rng):
    """Cut a data set so that every part has the same shares of the classes.

    y: (m,) labels, whole numbers. fractions: shares, the training set's first.
    rng: a np.random.Generator.
    Returns a list of index arrays, one a part, in any order within a part: of each class's
    n examples, drawn at random, part k holds split_sizes(n, fractions)[k]. Every index from
    0 to m - 1 stands in exactly one part.
    """
    parts = [[] for _ in fractions]
    for label in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == label))
        cuts = np.cumsum(split_sizes(len(members), fractions))[:-1]
        for part, piece in zip(parts, np.split(members, cuts), strict=True):
            part.append(piece)
    return [np.concatenate(part) for part in parts]


@stratified_split.cases
def _(rng):
    many = [430, 90, 230, 70, 160, 310, 120, 50]  # so many classes that no plain shuffle has the right shares
    yield np.repeat(np.arange(3, 11), many), (0.7, 0.3), rng.spawn(1)[0]
    yield rng.permutation(np.repeat(np.arange(7), [700, 48, 60, 72, 90, 34, 55])), SMALL, rng.spawn(1)[0]
    sizes = rng.permutation([600, 350, 210, 95]) + rng.integers(0, 9, size=4)
    yield rng.permutation(np.repeat([2, 4, 5, 9], sizes)), (0.5, 0.25, 0.15, 0.1), rng.spawn(1)[0]
    yield rng.permutation(np.repeat(np.arange(8), np.array(many) + 20)), (0.1, 0.9), rng.spawn(1)[0]


def _class_counts(y, result):
    """(parts, classes): how many examples of each class a part holds."""
    labels, number = np.unique(y, return_inverse=True)
    return np.array(
        [np.bincount(number[np.asarray(part, dtype=int)], minlength=len(labels)) for part in result]
    )


def _wanted_counts(y, fractions):
    return np.array([split_sizes(int(n), fractions) for n in np.unique(y, return_counts=True)[1]]).T


def _counts_off(y, fractions, result):
    """Where a part holds other numbers of the classes than it should, give or take one of each."""
    far = np.abs(_class_counts(y, result) - _wanted_counts(y, fractions))
    far[0] -= len(fractions) - 2  # the training set takes the rest, so one of every other part
    return far > 1


def _blocks_of_classes(y, result):
    """Whether in some class the parts hold blocks of the original order, rotated or not."""
    part_of = np.empty(len(y), dtype=int)
    for number, part in enumerate(result):
        part_of[np.asarray(part, dtype=int)] = number
    changes = [np.count_nonzero(np.diff(part_of[y == label])) for label in np.unique(y)]
    return min(changes) <= len(result)


@stratified_split.judge
def _(a, result):
    y, fractions = a["y"], a["fractions"]
    trouble = _partition(result, len(fractions), len(y))
    if trouble:
        return trouble
    off = np.argwhere(_counts_off(y, fractions, result))
    if len(off):
        part, label = off[0]
        wanted, got = _wanted_counts(y, fractions)[part, label], _class_counts(y, result)[part, label]
        return (
            f"part {part} should hold {wanted} examples of the class {np.unique(y)[label]}, yours holds {got}"
        )
    if _blocks_of_classes(y, result):
        return "the examples of a class go to the parts in the order in which they came: draw them at random"
    return None


@stratified_split.mistake(
    "These are masks of True and False. Return indices: np.flatnonzero(mask).",
    symptom=lambda a, r: _are_masks(r),
)
def class_masks(y, fractions, rng):
    return [np.isin(np.arange(len(y)), part) for part in shuffled_parts(y, fractions, rng)]


@stratified_split.mistake(
    "These are the labels. Return where the examples stand, their indices, so that X and y can both "
    "be cut with them.",
    symptom=lambda a, r: len(_joined(r)) == len(a["y"]) and bool(np.isin(_joined(r), a["y"]).all()),
)
def labels_themselves(y, fractions, rng):
    return [y[part] for part in shuffled_parts(y, fractions, rng)]


def _within_class(a, r):
    largest = max(np.unique(a["y"], return_counts=True)[1])
    return _repeats(r) and len(_joined(r)) == len(a["y"]) and _joined(r).max() < largest


@stratified_split.mistake(
    "These indices count within a class. Return places in y: permute np.flatnonzero(y == label), not "
    "the class's size.",
    symptom=_within_class,
)
def counted_within_class(y, fractions, rng):
    sizes = [int(np.sum(y == label)) for label in np.unique(y)]
    pieces = [np.split(rng.permutation(n), np.cumsum(split_sizes(n, fractions))[:-1]) for n in sizes]
    return [np.concatenate(part) for part in zip(*pieces, strict=True)]


@stratified_split.mistake(
    "An example stands in the parts more than once, often because each part was drawn from the whole class. "
    "Cut one permutation of it instead.",
    symptom=lambda a, r: _repeats(r),
)
def drawn_from_whole_class(y, fractions, rng):
    members = [np.flatnonzero(y == label) for label in np.unique(y)]
    sizes = [split_sizes(len(one), fractions) for one in members]
    chosen = [[rng.choice(one, n, replace=False) for n in ns] for one, ns in zip(members, sizes, strict=True)]
    return [np.concatenate(part) for part in zip(*chosen, strict=True)]


@stratified_split.mistake(
    "The shares are right, but the examples of a class go to the parts in blocks, in the order in which they came: "
    "permute them first.",
    symptom=lambda a, r: (
        not _repeats(r) and _blocks_of_classes(a["y"], r) and not _counts_off(a["y"], a["fractions"], r).any()
    ),
)
def classes_in_order(y, fractions, rng):
    return _by_class(y, fractions, rng, lambda members: members)


def _by_class(y, fractions, rng, arrange):
    members = [arrange(np.flatnonzero(y == label)) for label in np.unique(y)]
    pieces = [np.split(one, np.cumsum(split_sizes(len(one), fractions))[:-1]) for one in members]
    return [np.concatenate(part) for part in zip(*pieces, strict=True)]


@stratified_split.mistake(
    "You took as many examples of every class. A part should have the classes' own shares: a rare "
    "class stays rare.",
    symptom=lambda a, r: not _repeats(r) and (np.ptp(_class_counts(a["y"], r)[1:], axis=1) == 0).all(),
)
def as_many_of_every_class(y, fractions, rng):
    sizes = split_sizes(min(np.unique(y, return_counts=True)[1]), fractions)[1:]
    members = [rng.permutation(np.flatnonzero(y == label)) for label in np.unique(y)]
    cuts = np.cumsum(sizes)
    rest = [
        np.concatenate([one[start:end] for one in members])
        for start, end in zip([0, *cuts], cuts, strict=False)
    ]
    return [np.concatenate([one[cuts[-1] :] for one in members]), *rest]


@stratified_split.mistake(
    "A part holds some classes and not others, often because the examples were sorted by class and cut. Cut each "
    "class by itself.",
    symptom=lambda a, r: not _repeats(r) and (_class_counts(a["y"], r) == 0).any(),
)
def sorted_and_cut(y, fractions, rng):
    order = np.argsort(y, kind="stable")
    return np.split(order, np.cumsum(split_sizes(len(y), fractions))[:-1])


def _part_reversed(a, r):
    right = not _counts_off(a["y"], a["fractions"], r[::-1]).any()
    return right and bool(_counts_off(a["y"], a["fractions"], r).any())


@stratified_split.mistake(
    "The parts stand in the reverse order: the training set comes first.",
    symptom=_part_reversed,
)
def classes_in_parts_reversed(y, fractions, rng):
    return shuffled_parts(y, fractions, rng)[::-1]


@stratified_split.mistake(
    "Some examples are in no part, often because all parts of a class were rounded down. The training set takes "
    "what is left of each class.",
    symptom=lambda a, r: len(r) == len(a["fractions"]) and not _repeats(r) and 0 < _missing(a["y"], r) < 20,
)
def rest_of_class_lost(y, fractions, rng):
    parts = [[] for _ in fractions]
    for label in np.unique(y):
        members = rng.permutation(np.flatnonzero(y == label))
        cuts = np.cumsum(examples_lost(len(members), fractions))
        for part, piece in zip(parts, np.split(members, cuts), strict=False):
            part.append(piece)
    return [np.concatenate(part) for part in parts]


def _missing(y, result):
    """How many of the examples are in no part."""
    return len(np.setdiff1d(np.arange(len(y)), _joined(result)))


@stratified_split.mistake(
    "The result goes class by class: one list of arrays for each class. Go part by part: join what all classes give "
    "to part k.",
    symptom=lambda a, r: (
        len(r) == len(np.unique(a["y"])) and all(len(one) == len(a["fractions"]) for one in r)
    ),
)
def class_by_class(y, fractions, rng):
    members = [rng.permutation(np.flatnonzero(y == label)) for label in np.unique(y)]
    return [np.split(one, np.cumsum(split_sizes(len(one), fractions))[:-1]) for one in members]


@stratified_split.mistake(
    "The classes' shares differ from part to part, as after a plain shuffle. Shuffle and cut each "
    "class by itself.",
    symptom=lambda a, r: (
        _partition(r, len(a["fractions"]), len(a["y"])) is None
        and _counts_off(a["y"], a["fractions"], r).any()
    ),
)
def plain_shuffle(y, fractions, rng):
    return np.split(rng.permutation(len(y)), np.cumsum(split_sizes(len(y), fractions))[:-1])


@stratified_split.variant
def class_by_class_in_lists(y, fractions, rng):
    parts = [[] for _ in fractions]
    order = [int(i) for i in rng.permutation(len(y))]
    for label in sorted({int(value) for value in y}):
        members = [i for i in order if y[i] == label]
        for part, size in zip(parts[1:], split_sizes(len(members), fractions)[1:], strict=True):
            part += [members.pop() for _ in range(size)]
        parts[0] += members
    return [np.array(part) for part in parts]


@stratified_split.variant
def ranks_within_class(y, fractions, rng):
    order = np.lexsort((rng.random(len(y)), y))
    _, first, counts = np.unique(y[order], return_index=True, return_counts=True)
    rank = (np.arange(len(y)) - np.repeat(first, counts) + 0.5) / np.repeat(counts, counts)
    part_of = np.searchsorted(np.cumsum(fractions)[:-1], rank)
    return [np.sort(order[part_of == part]) for part in range(len(fractions))]


@stratified_split.variant
def shuffled_parts(y, fractions, rng):
    return [rng.permutation(part) for part in _by_class(y, fractions, rng, rng.permutation)]


@exercise(
    points=3,
    minutes=10,
    hints=(
        "Split the groups, not the examples: then collect each part's examples.",
        "names = rng.permutation(np.unique(groups)), cut with split_sizes(len(names), fractions).",
        "For each piece of np.split(names, cuts): np.flatnonzero(np.isin(groups, piece)).",
    ),
)
def group_split(groups, fractions, rng):
    """Cut a data set so that all examples of a group (a patient, a speaker) stay together.

    groups: (m,) the group of each example, whole numbers. fractions: shares, the training
    set's first. rng: a np.random.Generator. Returns a list of index arrays, one a part: the
    groups, in random order, are cut by split_sizes(number of groups, fractions), and a part
    holds the indices of all examples of its groups.
    """
    names = rng.permutation(np.unique(groups))
    pieces = np.split(names, np.cumsum(split_sizes(len(names), fractions))[:-1])
    return [np.flatnonzero(np.isin(groups, piece)) for piece in pieces]


def _some_groups(rng, count):
    names = rng.choice(np.arange(1000, 9000), size=count, replace=False)
    return np.repeat(names, rng.integers(60, 90, size=count))


@group_split.cases
def _(rng):
    yield rng.permutation(_some_groups(rng, 36)), SMALL, rng.spawn(1)[0]
    yield _some_groups(rng, 43), (0.7, 0.2, 0.1), rng.spawn(1)[0]
    yield rng.permutation(_some_groups(rng, 50)), (0.4, 0.3, 0.2, 0.1), rng.spawn(1)[0]
    yield np.sort(_some_groups(rng, 38)), (0.5, 0.25, 0.25), rng.spawn(1)[0]


def _homes(groups, result):
    """(parts, groups): how many examples of each group a part holds."""
    return _class_counts(groups, result)


def _shared(a, result):
    """The number of groups that stand in two parts or more."""
    return int(np.sum(np.count_nonzero(_homes(a["groups"], result), axis=0) > 1))


def _shares_right(a, result):
    """Whether the shares are about right, counted in groups or in examples."""
    homes, fractions = _homes(a["groups"], result), np.array(a["fractions"])
    groups = np.count_nonzero(homes, axis=1)
    by_groups = np.abs(groups - split_sizes(int(groups.sum()), a["fractions"]))[1:] <= 1
    by_examples = np.abs(homes.sum(axis=1) - fractions * homes.sum()) <= homes.max()
    return by_groups.all() or by_examples.all()


def _names_in_order(a, result):
    """Whether the parts take the groups block by block, as they are sorted or as they first appear."""
    names, first = np.unique(a["groups"], return_index=True)
    part_of = _homes(a["groups"], result).argmax(axis=0)
    return any(
        np.count_nonzero(np.diff(part_of[order])) < len(result)
        for order in (np.arange(len(names)), np.argsort(first))
    )


@group_split.judge
def _(a, result):
    trouble = _partition(result, len(a["fractions"]), len(a["groups"]))
    if trouble:
        return trouble
    if _shared(a, result):
        return f"{_shared(a, result)} groups stand in more than one part"
    if not _shares_right(a, result):
        counts = tuple(np.count_nonzero(_homes(a["groups"], result), axis=1).tolist())
        wanted = split_sizes(sum(counts), a["fractions"])
        return f"of the groups, {wanted} should go to the parts, with you {counts} go there"
    if _names_in_order(a, result):
        return "the groups go to the parts in their own order: draw them at random"
    return None


@group_split.mistake(
    "These are masks of True and False. Return indices: np.flatnonzero(mask).",
    symptom=lambda a, r: _are_masks(r),
)
def group_masks(groups, fractions, rng):
    return [np.isin(np.arange(len(groups)), part) for part in random_ranks(groups, fractions, rng)]


@group_split.mistake(
    "These are the names of the groups. Return the indices of the examples that belong to them.",
    symptom=lambda a, r: np.array_equal(np.sort(_joined(r)), np.unique(a["groups"])),
)
def names_themselves(groups, fractions, rng):
    names = rng.permutation(np.unique(groups))
    return np.split(names, np.cumsum(split_sizes(len(names), fractions))[:-1])


@group_split.mistake(
    "These indices count the groups. Return the indices of the examples: all those whose group is in "
    "the part.",
    symptom=lambda a, r: np.array_equal(np.sort(_joined(r)), np.arange(len(np.unique(a["groups"])))),
)
def places_of_names(groups, fractions, rng):
    n = len(np.unique(groups))
    return np.split(rng.permutation(n), np.cumsum(split_sizes(n, fractions))[:-1])


@group_split.mistake(
    "Only one example of each group is left. A part holds all examples of its groups: np.isin(groups, "
    "names_of_the_part).",
    symptom=lambda a, r: (_homes(a["groups"], r).sum(axis=0) == 1).all(),
)
def one_example_each(groups, fractions, rng):
    first = rng.permutation(np.unique(groups, return_index=True)[1])
    return np.split(first, np.cumsum(split_sizes(len(first), fractions))[:-1])


@group_split.mistake(
    "An example stands in the parts more than once, often because the groups of each part were drawn from all "
    "groups. Cut one permutation of them.",
    symptom=lambda a, r: _repeats(r),
)
def drawn_from_all_groups(groups, fractions, rng):
    names = np.unique(groups)
    chosen = [rng.choice(names, size, replace=False) for size in split_sizes(len(names), fractions)]
    return [np.flatnonzero(np.isin(groups, piece)) for piece in chosen]


@group_split.mistake(
    "A group is torn apart, often because the examples were put in order of group and then cut by "
    "number. Cut the list of groups.",
    symptom=lambda a, r: 0 < _shared(a, r) < len(r),
)
def cut_through_groups(groups, fractions, rng):
    key = dict(zip(np.unique(groups).tolist(), rng.random(len(np.unique(groups))), strict=True))
    order = np.argsort([key[name] for name in groups.tolist()], kind="stable")
    return np.split(order, np.cumsum(split_sizes(len(order), fractions))[:-1])


@group_split.mistake(
    "Many groups stand in several parts, often because the examples were shuffled and cut. Shuffle and cut the "
    "groups' names instead.",
    symptom=lambda a, r: _shared(a, r) >= len(r),
)
def examples_shuffled(groups, fractions, rng):
    return np.split(rng.permutation(len(groups)), np.cumsum(split_sizes(len(groups), fractions))[:-1])


@group_split.mistake(
    "Some groups are in no part, often because all sizes were rounded down. Use split_sizes, which gives the rest "
    "to the training set.",
    symptom=lambda a, r: (
        len(r) == len(a["fractions"])
        and not _repeats(r)
        and 0 < np.sum(_homes(a["groups"], r).sum(axis=0) == 0) < len(r)
    ),
)
def groups_lost(groups, fractions, rng):
    names = rng.permutation(np.unique(groups))
    pieces = np.split(names, np.cumsum(examples_lost(len(names), fractions)))[: len(fractions)]
    return [np.flatnonzero(np.isin(groups, piece)) for piece in pieces]


@group_split.mistake(
    "The parts stand in the reverse order: the training set comes first.",
    symptom=lambda a, r: _shares_right(a, r[::-1]) and not _shares_right(a, r),
)
def groups_in_parts_reversed(groups, fractions, rng):
    return random_ranks(groups, fractions, rng)[::-1]


@group_split.mistake(
    "There is one array for each group here. Return one for each part, with the examples of all its groups.",
    symptom=lambda a, r: len(r) == len(np.unique(a["groups"])),
)
def one_array_a_group(groups, fractions, rng):
    return [np.flatnonzero(groups == name) for name in rng.permutation(np.unique(groups))]


@group_split.mistake(
    "The groups go to the parts in their own order. They may be sorted by something: permute them.",
    symptom=lambda a, r: _shared(a, r) == 0 and _names_in_order(a, r),
)
def names_in_order(groups, fractions, rng):
    names = np.unique(groups)
    pieces = np.split(names, np.cumsum(split_sizes(len(names), fractions))[:-1])
    return [np.flatnonzero(np.isin(groups, piece)) for piece in pieces]


@group_split.variant
def with_a_dictionary(groups, fractions, rng):
    names = list(dict.fromkeys(groups.tolist()))
    rng.shuffle(names)
    home = {}
    for part, size in enumerate(split_sizes(len(names), fractions)):
        home.update((names.pop(), part) for _ in range(size))
    part_of = np.array([home[name] for name in groups.tolist()])
    return [np.flatnonzero(part_of == part) for part in range(len(fractions))]


@group_split.variant
def random_ranks(groups, fractions, rng):
    _, group = np.unique(groups, return_inverse=True)
    rank = rng.permutation(group.max() + 1)
    edges = np.cumsum(split_sizes(len(rank), fractions))
    part_of = np.searchsorted(edges, rank[group], side="right")
    return [rng.permutation(np.flatnonzero(part_of == part)) for part in range(len(fractions))]


@group_split.variant
def by_number_of_examples(groups, fractions, rng):
    names, counts = np.unique(groups, return_counts=True)
    missing = np.array(fractions) * len(groups)
    parts = [[] for _ in fractions]
    for i in sorted(rng.permutation(len(names)), key=lambda i: -counts[i]):
        part = int(np.argmax(missing))
        parts[part].append(np.flatnonzero(groups == names[i]))
        missing[part] -= counts[i]
    return [np.concatenate(part) for part in parts]


@exercise(
    points=1,
    minutes=4,
    hints=(
        "One example is a coin that shows 1 (wrong) with probability p. What is the variance of one toss?",
        "One toss has the variance p (1 - p); the mean of n tosses has that divided by n.",
        "The square root of error * (1 - error) / n.",
    ),
)
def dev_standard_error(error, n):
    """How far a measured error rate typically lies from the true one.

    error: the error rate p, between 0 and 1.
    n: the number of dev examples that it was measured on.
    Returns a float, the standard error of a share: sqrt(p (1 - p) / n).
    """
    return np.sqrt(error * (1 - error) / n)


@dev_standard_error.cases
def _(rng):
    yield 0.2, 100
    yield float(rng.uniform(0.02, 0.3)), int(rng.integers(20, 5000))
    yield float(rng.uniform(0.6, 0.9)), int(rng.integers(2, 20))
    yield 0.0, 50
    yield 1.0, 40
    yield 0.03, 10_000


@dev_standard_error.mistake(
    "This is the variance of the measured error. The standard error is its square root."
)
def variance(error, n):
    return error * (1 - error) / n


@dev_standard_error.mistake(
    "This is the spread of a single example. The mean of n examples spreads less: divide by n inside "
    "the root."
)
def of_one_example(error, n):
    return np.sqrt(error * (1 - error))


@dev_standard_error.mistake(
    "You divided by n outside the root. Variances are divided by n, so n belongs inside the root."
)
def n_outside_the_root(error, n):
    return np.sqrt(error * (1 - error)) / n


@dev_standard_error.mistake("The root is taken of n alone. Take it of the whole, p (1 - p) / n.")
def root_of_n_only(error, n):
    return error * (1 - error) / np.sqrt(n)


@dev_standard_error.mistake(
    "The factor 1 - p is missing: an error rate of 1 does not spread any more than one of 0."
)
def as_if_rare(error, n):
    return np.sqrt(error / n)


@dev_standard_error.mistake("You divided by n - 1. The formula with the known share p divides by n.")
def one_less(error, n):
    return np.sqrt(error * (1 - error) / (n - 1))


@dev_standard_error.mistake(
    "This is the half width of a 95 % interval, 1.96 standard errors. Return one standard error."
)
def half_width(error, n):
    return 1.96 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is the largest value that it can take, the one at p = 1/2. Use the error that is given."
)
def worst_case(error, n):
    return 0.5 / np.sqrt(n)


@dev_standard_error.mistake("This is in percent. Return a share, in the unit of the error that is given.")
def in_percent(error, n):
    return 100 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is two standard errors, about a 95 % interval to either side. Return one standard error."
)
def two_of_them(error, n):
    return 2 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "This is the standard error of a difference of two such measurements: it has a factor sqrt(2). One error rate "
    "is given here."
)
def of_a_difference(error, n):
    return np.sqrt(2 * error * (1 - error) / n)


@dev_standard_error.mistake("You took p (1 + p). The variance of a single example is p (1 - p).")
def with_a_plus(error, n):
    return np.sqrt(error * (1 + error) / n)


@dev_standard_error.mistake(
    "This is the whole width of a 95 % interval, 2 x 1.96 standard errors. Return one standard error."
)
def whole_width(error, n):
    return 2 * 1.96 * np.sqrt(error * (1 - error) / n)


@dev_standard_error.mistake(
    "The root is missing, and n is squared. The variance is p (1 - p) / n; its root is asked for."
)
def over_n_squared(error, n):
    return error * (1 - error) / n**2


@dev_standard_error.mistake(
    "Brackets are missing: this takes 1 - error / n and leaves error alone. It is error * (1 - error) / n, under the root."
)
def missing_brackets(error, n):
    return np.sqrt(error * 1 - error / n)


@dev_standard_error.variant
def with_math(error, n):
    return math.sqrt(error - error * error) / math.sqrt(n)


@dev_standard_error.variant
def by_powers(error, n):
    right = 1 - error
    return float((right * error) ** 0.5 * n**-0.5)


where_the_test_set_stops = question(
    "You compared 300 settings on the dev set, kept the best one and measured it once on the test "
    "set: 4.1 % on dev, "
    "4.9 % on test. Which number do you report?",
    wrong(
        "4.1 %, since the model was chosen with it",
        "That is the reason against it: the best of 300 is also the luckiest of 300.",
    ),
    wrong("The mean, 4.5 %", "One of the two is biased, and a mean with it is biased, too."),
    right(
        "4.9 %",
        "The test set had no say in any choice, so its number is unbiased; the dev number has been "
        "selected for luck.",
    ),
    wrong(
        "Neither: try further settings until both agree",
        "Then the test set takes part in the choice and is a second dev set.",
    ),
)

how_many_dev_examples = question(
    "Two models differ by 0.1 percentage points, near an error rate of 1 %. Which dev set tells them "
    "apart reliably?",
    wrong(
        "100 examples, because the error rate is low",
        "One example is 1 % here: ten times the difference you look for.",
    ),
    wrong(
        "10 000 examples, the usual number",
        "The standard error is about 0.1 points there, as large as the difference.",
    ),
    wrong("20 % of whatever you have", "What counts is the number of examples, not their share."),
    right(
        "About 100 000 or more", "There the standard error is about 0.03 points, a third of the difference."
    ),
)

why_the_accuracy_is_zero = question(
    "Someone trains with Keras' `validation_split=0.2` on a file that is sorted by label. Training "
    "accuracy is high, validation "
    "accuracy near 0. What happened?",
    right(
        "The validation set holds classes that training never saw",
        "Keras takes the last rows before it shuffles, and here these are the last classes.",
    ),
    wrong(
        "The network overfits",
        "Overfitting costs some accuracy on the same classes; it does not bring it to 0.",
    ),
    wrong("The learning rate is too large", "Then training would suffer, too."),
    wrong("The validation set is too small", "A small set makes the number noisy, not 0."),
)

which_split_for_x_rays = question(
    "1 200 X-rays of 300 patients, four each, taken in one sitting. Which split tells how well new "
    "patients will be diagnosed?",
    wrong(
        "A plain shuffle: each X-ray is one example",
        "A patient's other pictures would be in training: the network may know the patient.",
    ),
    right(
        "By patient",
        "New patients are unknown to the network, so the dev patients must be unknown to it, too.",
    ),
    wrong(
        "Stratified by diagnosis, picture by picture",
        "The shares are right then, but patients still stand on both sides.",
    ),
    wrong(
        "The first 900 pictures for training",
        "That may keep most patients together, but the order may mean something, such as the date.",
    ),
)

what_the_dev_set_should_hold = question(
    "You train on 200 000 sharp pictures from the web; the app will get blurred ones from telephones, "
    "of which you have 10 000. "
    "What should dev and test hold?",
    wrong(
        "A shuffle of all 210 000",
        "Then less than 5 % of the dev set is what you care about, and you choose for the web.",
    ),
    wrong(
        "Web pictures in dev, telephone pictures in test",
        "You would aim at one target and be measured at another.",
    ),
    right(
        "Telephone pictures, both of them",
        "The dev set is the target that you aim at. The rest of the telephone pictures may join the "
        "web pictures in training.",
    ),
    wrong(
        "Web pictures in both, because the training set has those",
        "The number would be reassuring, and about something else.",
    ),
)

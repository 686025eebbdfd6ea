"""Exercise stratified_split: cut a data set so that every part has the same shares of the classes."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.data_splits.exercises.shared import (
    SMALL,
    are_masks,
    class_counts,
    joined,
    partition,
    repeats,
)
from nnutils.lessons.data_splits.exercises.split_sizes import examples_lost, split_sizes


@exercise(
    points=3,
    minutes=6,
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

    y: (m,) labels, whole numbers. fractions: shares,
    the training set's first.
    rng: a np.random.Generator.
    Returns a list of index arrays, one a part,
    in any order within a part. The examples of each class go to the parts
    at random, in the numbers that split_sizes gives for that class. Every
    index from 0 to m - 1 stands in exactly one part.
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
    yield (
        rng.permutation(np.repeat([2, 4, 5, 9], sizes.astype(np.intp))),
        (0.5, 0.25, 0.15, 0.1),
        rng.spawn(1)[0],
    )
    yield rng.permutation(np.repeat(np.arange(8), np.array(many) + 20)), (0.1, 0.9), rng.spawn(1)[0]


def _wanted_counts(y, fractions):
    return np.array([split_sizes(int(n), fractions) for n in np.unique(y, return_counts=True)[1]]).T


def _counts_off(y, fractions, result):
    """Where a part holds other numbers of the classes than it should, give or take one of each."""
    far = np.abs(class_counts(y, result) - _wanted_counts(y, fractions))
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
    trouble = partition(result, len(fractions), len(y))
    if trouble:
        return trouble
    off = np.argwhere(_counts_off(y, fractions, result))
    if len(off):
        part, label = off[0]
        wanted, got = _wanted_counts(y, fractions)[part, label], class_counts(y, result)[part, label]
        return (
            f"part {part} should hold {wanted} examples of the class {np.unique(y)[label]}, yours holds {got}"
        )
    if _blocks_of_classes(y, result):
        return "the examples of a class go to the parts in the order in which they came: draw them at random"
    return None


@stratified_split.mistake(
    "These are masks of True and False. Return indices: np.flatnonzero(mask).",
    symptom=lambda a, r: are_masks(r),
)
def class_masks(y, fractions, rng):
    return [np.isin(np.arange(len(y)), part) for part in shuffled_parts(y, fractions, rng)]


@stratified_split.mistake(
    "These are the labels. Return where the examples stand, their indices, so that X and y can both "
    "be cut with them.",
    symptom=lambda a, r: len(joined(r)) == len(a["y"]) and bool(np.isin(joined(r), a["y"]).all()),
)
def labels_themselves(y, fractions, rng):
    return [y[part] for part in shuffled_parts(y, fractions, rng)]


def _within_class(a, r):
    largest = max(np.unique(a["y"], return_counts=True)[1])
    return repeats(r) and len(joined(r)) == len(a["y"]) and joined(r).max() < largest


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
    symptom=lambda a, r: repeats(r),
)
def drawn_from_whole_class(y, fractions, rng):
    members = [np.flatnonzero(y == label) for label in np.unique(y)]
    sizes = [split_sizes(len(rows), fractions) for rows in members]
    chosen = [
        [rng.choice(rows, n, replace=False) for n in ns] for rows, ns in zip(members, sizes, strict=True)
    ]
    return [np.concatenate(part) for part in zip(*chosen, strict=True)]


@stratified_split.mistake(
    "The shares are right, but the examples of a class go to the parts in blocks, in the order in which they came: "
    "permute them first.",
    symptom=lambda a, r: (
        not repeats(r) and _blocks_of_classes(a["y"], r) and not _counts_off(a["y"], a["fractions"], r).any()
    ),
)
def classes_in_order(y, fractions, rng):
    return _by_class(y, fractions, rng, lambda members: members)


def _by_class(y, fractions, rng, arrange):
    members = [arrange(np.flatnonzero(y == label)) for label in np.unique(y)]
    pieces = [np.split(rows, np.cumsum(split_sizes(len(rows), fractions))[:-1]) for rows in members]
    return [np.concatenate(part) for part in zip(*pieces, strict=True)]


@stratified_split.mistake(
    "You took as many examples of every class. A part should have the classes' own shares: a rare "
    "class stays rare.",
    symptom=lambda a, r: not repeats(r) and (np.ptp(class_counts(a["y"], r)[1:], axis=1) == 0).all(),
)
def as_many_of_every_class(y, fractions, rng):
    sizes = split_sizes(min(np.unique(y, return_counts=True)[1]), fractions)[1:]
    members = [rng.permutation(np.flatnonzero(y == label)) for label in np.unique(y)]
    cuts = np.cumsum(sizes)
    rest = [
        np.concatenate([rows[start:end] for rows in members])
        for start, end in zip([0, *cuts], cuts, strict=False)
    ]
    return [np.concatenate([rows[cuts[-1] :] for rows in members]), *rest]


@stratified_split.mistake(
    "A part holds some classes and not others, often because the examples were sorted by class and cut. Cut each "
    "class by itself.",
    symptom=lambda a, r: not repeats(r) and (class_counts(a["y"], r) == 0).any(),
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
    symptom=lambda a, r: len(r) == len(a["fractions"]) and not repeats(r) and 0 < _missing(a["y"], r) < 20,
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
    return len(np.setdiff1d(np.arange(len(y)), joined(result)))


@stratified_split.mistake(
    "The result goes class by class: one list of arrays for each class. Go part by part: join what all classes give "
    "to part k.",
    symptom=lambda a, r: (
        len(r) == len(np.unique(a["y"])) and all(len(rows) == len(a["fractions"]) for rows in r)
    ),
)
def class_by_class(y, fractions, rng):
    members = [rng.permutation(np.flatnonzero(y == label)) for label in np.unique(y)]
    return [np.split(rows, np.cumsum(split_sizes(len(rows), fractions))[:-1]) for rows in members]


def _equal_parts(a, r):
    """Whether each class is shared equally by the parts, where the fractions ask for something else."""
    counts = class_counts(a["y"], r)
    return np.ptp(a["fractions"]) > 0.05 and bool((np.ptp(counts, axis=0) <= 1).all())


@stratified_split.mistake(
    "Each class is cut into equal parts. Cut it by the fractions: split_sizes says how many examples each part gets.",
    symptom=lambda a, r: partition(r, len(a["fractions"]), len(a["y"])) is None and _equal_parts(a, r),
)
def equal_parts_of_each_class(y, fractions, rng):
    members = [rng.permutation(np.flatnonzero(y == label)) for label in np.unique(y)]
    pieces = [np.array_split(rows, len(fractions)) for rows in members]
    return [np.concatenate(part) for part in zip(*pieces, strict=True)]


@stratified_split.mistake(
    "The classes' shares differ from part to part, as after a plain shuffle. Shuffle and cut each "
    "class by itself.",
    symptom=lambda a, r: (
        partition(r, len(a["fractions"]), len(a["y"])) is None
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

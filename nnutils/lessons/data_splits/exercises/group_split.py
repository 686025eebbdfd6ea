"""Exercise group_split: cut a data set so that all examples of a group (a patient, a speaker) stay together."""

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
    minutes=4,
    hints=(
        "Split the groups, not the examples: then collect each part's examples.",
        "names = rng.permutation(np.unique(groups)), cut with split_sizes(len(names), fractions).",
        "For each piece of np.split(names, cuts): np.flatnonzero(np.isin(groups, piece)).",
    ),
)
def group_split(groups, fractions, rng):
    """Cut a data set so that all examples of a group
    (a patient, a speaker) stay together.

    groups: (m,) the group of each example, whole numbers.
    fractions: shares, the training set's first. rng: a np.random.Generator.
    Returns a list of index arrays, one a part. The groups go to the parts
    at random, in the numbers that split_sizes gives for the groups (not for
    the examples), and a part holds all examples of its groups.
    """
    names = rng.permutation(np.unique(groups))
    pieces = np.split(names, np.cumsum(split_sizes(len(names), fractions))[:-1])
    return [np.flatnonzero(np.isin(groups, piece)) for piece in pieces]


def _some_groups(rng, count):
    names = rng.choice(np.arange(1000, 9000), size=count, replace=False)
    return np.repeat(names, rng.integers(60, 90, size=count).astype(np.intp))


@group_split.cases
def _(rng):
    yield rng.permutation(_some_groups(rng, 36)), SMALL, rng.spawn(1)[0]
    yield _some_groups(rng, 43), (0.7, 0.2, 0.1), rng.spawn(1)[0]
    yield rng.permutation(_some_groups(rng, 50)), (0.4, 0.3, 0.2, 0.1), rng.spawn(1)[0]
    yield np.sort(_some_groups(rng, 38)), (0.5, 0.25, 0.25), rng.spawn(1)[0]


def _homes(groups, result):
    """(parts, groups): how many examples of each group a part holds."""
    return class_counts(groups, result)


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
    trouble = partition(result, len(a["fractions"]), len(a["groups"]))
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
    symptom=lambda a, r: are_masks(r),
)
def group_masks(groups, fractions, rng):
    return [np.isin(np.arange(len(groups)), part) for part in random_ranks(groups, fractions, rng)]


@group_split.mistake(
    "These are the names of the groups. Return the indices of the examples that belong to them.",
    symptom=lambda a, r: np.array_equal(np.sort(joined(r)), np.unique(a["groups"])),
)
def names_themselves(groups, fractions, rng):
    names = rng.permutation(np.unique(groups))
    return np.split(names, np.cumsum(split_sizes(len(names), fractions))[:-1])


@group_split.mistake(
    "These are the groups of the examples. Return where the examples stand, their indices: np.flatnonzero(mask), "
    "and not groups[mask].",
    symptom=lambda a, r: np.array_equal(np.sort(joined(r)), np.sort(a["groups"])),
)
def groups_of_the_examples(groups, fractions, rng):
    return [groups[part] for part in random_ranks(groups, fractions, rng)]


@group_split.mistake(
    "These indices count the groups. Return the indices of the examples: all those whose group is in "
    "the part.",
    symptom=lambda a, r: np.array_equal(np.sort(joined(r)), np.arange(len(np.unique(a["groups"])))),
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
    symptom=lambda a, r: repeats(r),
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
        and not repeats(r)
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

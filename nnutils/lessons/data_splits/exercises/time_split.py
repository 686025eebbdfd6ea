"""Exercise time_split: the oldest examples train, the newest ones test."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.lessons.data_splits.exercises.shared import SMALL, are_masks, joined, partition, repeats
from nnutils.lessons.data_splits.exercises.split_sizes import split_sizes


@exercise(
    points=2,
    minutes=4,
    hints=(
        "The rows need not come in order of time. In which order would you like to cut them?",
        "np.argsort(times) lists the indices from the oldest example to the newest one.",
        "order = np.argsort(times), cut by np.split(order, np.cumsum(split_sizes(len(times), fractions))[:-1]).",
    ),
)
def time_split(times, fractions):
    """Cut a data set by time: the oldest examples first.

    times: (m,) numbers, when each example came, in any order; several
    may be equal.
    fractions: shares, the training set's first.
    Returns a list of index arrays, one a part, of the sizes that
    split_sizes gives. No example of a later part is earlier than one of
    an earlier part. The order within a part is free, and equal times may
    be cut anywhere.
    Raises ValueError where a time is missing (nan): nobody knows to which
    part that example belongs.
    """
    if np.isnan(times).any():
        raise ValueError("a time is missing")
    order = np.argsort(times)
    return np.split(order, np.cumsum(split_sizes(len(times), fractions))[:-1])


A_YEAR = [3, 8, 5, 4, 7, 6, 3, 8, 4, 5, 6, 7]  # how many examples came in each of twelve years


@time_split.cases
def _(rng):
    yield rng.permutation(np.arange(40)) * 1.5 + 100, (0.7, 0.3)
    yield rng.uniform(-5, 5, size=97) ** 3, SMALL  # half of the span holds nearly all examples
    yield (
        rng.permutation(np.repeat(np.arange(2001, 2013), A_YEAR)),
        (0.5, 0.3, 0.1, 0.1),
    )
    yield 1000 - np.sort(rng.exponential(50, size=33)), (0.1, 0.4, 0.5)  # the newest come first
    yield np.array([3.0, 3.0, 1.0, 2.0, 3.0, 3.0, 3.0]), (0.4, 0.3, 0.3)
    yield raises(ValueError, np.array([2.0, np.nan, 1.0, 4.0, 3.0, 5.0]), (0.5, 0.5))


def _sizes(result):
    return tuple(len(part) for part in result)


def _in_time(times, result):
    """Whether no part holds an example that is earlier than one of a part before it."""
    parts = [times[np.asarray(part, dtype=int)] for part in result if len(part)]
    return all(old.max() <= new.min() for old, new in zip(parts, parts[1:], strict=False))


def _all_known(times):
    if not np.isfinite(times).all():
        raise ValueError("every example needs a time")


@time_split.judge
def _(a, result):
    trouble = partition(result, len(a["fractions"]), len(a["times"]))
    if trouble:
        return trouble
    wanted = split_sizes(len(a["times"]), a["fractions"])
    if _sizes(result) != wanted:
        return f"the parts should hold {wanted} examples, yours hold {_sizes(result)}"
    if not _in_time(a["times"], result):
        return "a later part holds an example that is earlier than one of an earlier part"
    return None


@time_split.mistake(
    "These are masks of True and False. Return indices: np.flatnonzero(mask).",
    symptom=lambda a, r: are_masks(r),
)
def masks_of_time(times, fractions):
    _all_known(times)
    return [np.isin(np.arange(len(times)), part) for part in newest_popped(times, fractions)]


@time_split.mistake(
    "These are the times themselves. Return where the examples stand, their indices.",
    symptom=lambda a, r: np.array_equal(np.sort(np.concatenate(r)), np.sort(a["times"])),
)
def times_themselves(times, fractions):
    _all_known(times)
    return np.split(np.sort(times), np.cumsum(split_sizes(len(times), fractions))[:-1])


@time_split.mistake(
    "The newest examples train here, and the oldest ones are held out: the network would be asked about its past.",
    symptom=lambda a, r: (
        _sizes(r) == split_sizes(len(a["times"]), a["fractions"])
        and not _in_time(a["times"], r)
        and _in_time(-a["times"], r)
    ),
)
def newest_first(times, fractions):
    _all_known(times)
    return np.split(np.argsort(-times), np.cumsum(split_sizes(len(times), fractions))[:-1])


@time_split.mistake(
    "The parts stand in the reverse order: the training set comes first.",
    symptom=lambda a, r: (
        len(r) == len(a["fractions"])
        and _in_time(a["times"], r[::-1])
        and _sizes(r[::-1]) == split_sizes(len(a["times"]), a["fractions"])
    ),
)
def parts_of_time_reversed(times, fractions):
    _all_known(times)
    return newest_popped(times, fractions)[::-1]


@time_split.mistake(
    "The rows are cut in the order in which they came. They need not come in order of time: sort by times first."
)
def as_the_rows_came(times, fractions):
    _all_known(times)
    return np.split(np.arange(len(times)), np.cumsum(split_sizes(len(times), fractions))[:-1])


@time_split.mistake(
    "These are ranks: how many examples are older. Asked for are the indices in order of time, one np.argsort and not two."
)
def ranks_of_time(times, fractions):
    _all_known(times)
    ranks = np.argsort(np.argsort(times))
    return np.split(ranks, np.cumsum(split_sizes(len(times), fractions))[:-1])


def _by_span(times, fractions):
    edges = times.min() + np.ptp(times) * np.cumsum(fractions)[:-1]
    part_of = np.searchsorted(edges, times, side="right")
    return [np.flatnonzero(part_of == part) for part in range(len(fractions))]


@time_split.mistake(
    "The span of time is cut by the fractions here. They are shares of the examples: count these, from the oldest on."
)
def span_of_time_cut(times, fractions):
    _all_known(times)
    return _by_span(times, fractions)


@time_split.mistake(
    "Some examples are in no part, often because each part was rounded down. The first part takes what is left.",
    symptom=lambda a, r: (
        len(r) == len(a["fractions"]) and not repeats(r) and 0 < len(a["times"]) - len(joined(r)) < len(r)
    ),
)
def rest_of_time_lost(times, fractions):
    _all_known(times)
    sizes = [int(fraction * len(times)) for fraction in fractions]
    return np.split(np.argsort(times), np.cumsum(sizes))[:-1]


@time_split.mistake(
    "The last part takes what is left here. Use split_sizes, which gives it to the training set.",
)
def rest_to_the_newest(times, fractions):
    _all_known(times)
    sizes = [int(fraction * len(times)) for fraction in fractions[:-1]]
    return np.split(np.argsort(times, kind="stable"), np.cumsum(sizes))


@time_split.mistake(
    "A missing time (nan) passes without a word: sorting puts it last, as if it were the newest. Raise a ValueError."
)
def nan_is_newest(times, fractions):
    return np.split(np.argsort(times), np.cumsum(split_sizes(len(times), fractions))[:-1])


@time_split.variant
def newest_popped(times, fractions):
    _all_known(times)
    order, parts = sorted(range(len(times)), key=lambda i: times[i]), []
    for size in split_sizes(len(times), fractions):
        parts.append(np.array(order[:size], dtype=int))
        order = order[size:]
    return parts


@time_split.variant
def newest_taken_off(times, fractions):
    _all_known(times)
    order, parts = np.lexsort((-np.arange(len(times)), times)), []
    for size in split_sizes(len(times), fractions)[:0:-1]:
        parts.insert(0, order[len(order) - size :])
        order = order[: len(order) - size]
    return (np.sort(order), *parts)

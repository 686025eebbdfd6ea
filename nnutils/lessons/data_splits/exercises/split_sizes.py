"""Exercise split_sizes: how many examples each part of a data set gets."""

import math

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.data_splits.exercises.shared import LARGE, SMALL


@exercise(
    points=2,
    minutes=4,
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
    fractions: shares that sum to 1, the training set's first,
    as in (0.6, 0.2, 0.2).
    Returns a tuple of ints that sum to m, one a part, as the formula in the
    text says: the first part takes what rounding down leaves.
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
    "A part that rounds down to 0 gets one example here. The formula gives it none: the first part takes all that is left."
)
def one_at_least(m, fractions):
    sizes = [max(1, int(fraction * m)) for fraction in fractions[1:]]
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

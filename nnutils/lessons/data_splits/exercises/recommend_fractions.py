"""Exercise recommend_fractions: shares for train, dev and test, for a data set of m examples."""

import numpy as np

from nnutils.checks.exercise import exercise


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
    Returns (train, dev, test), three floats that sum to
    1: dev = test = min(0.2, 10 000 / m).
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

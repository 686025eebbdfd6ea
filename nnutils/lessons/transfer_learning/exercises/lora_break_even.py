"""Exercise lora_break_even: up to which rank adapters have fewer numbers than what they stand for."""

from fractions import Fraction

import numpy as np

from nnutils.checks.exercise import exercise

SEVERAL = ((90, 80), (5, 4), (30, 7), (12, 60))
PRIMES = (101, 151, 211, 263, 307, 353)  # of two of them the product is no multiple of the sum


@exercise(
    kind="derive",
    points=2,
    minutes=6,
    hints=(
        "How many numbers do A and B of one layer hold at rank r? How many does W hold? Write both sums over all layers.",
        "The adapters hold r times the sum of n_in + n_out. The largest r for which that is smaller than the sum of n_in * n_out is wanted. What if r times the one is exactly the other?",
        "With full = sum of n_in * n_out and thin = sum of n_in + n_out: the answer is (full - 1) // thin.",
    ),
)
def lora_break_even(shapes):
    """The largest rank at which adapters are smaller than the layers.

    shapes: list of (n_in, n_out), the shapes of W of all layers that get
    an adapter. All adapters have the same rank.
    Returns an int: the largest rank at which A and B of all layers
    together hold fewer numbers than all W together; equal is
    not fewer. 0 where even rank 1 does not pay.
    """
    full = sum(n_in * n_out for n_in, n_out in shapes)
    thin = sum(n_in + n_out for n_in, n_out in shapes)
    return (full - 1) // thin


@lora_break_even.cases
def _(rng):
    yield ([(8, 8)],)
    yield ([(1, 7), (5, 1)],)
    yield ([(576, 64), (64, 10)],)
    yield ([(3, 6), (6, 3), (12, 4)],)
    yield ([(10, 10), (10, 10), (4, 40)],)
    yield ([SEVERAL[i] for i in rng.permutation(len(SEVERAL))],)
    yield ([tuple(map(int, rng.permutation(PRIMES)[:2]))],)


def _numbers(shapes):
    return sum(n * k for n, k in shapes), sum(n + k for n, k in shapes)


@lora_break_even.mistake(
    "At this rank the adapters may hold as many numbers as W itself. Fewer is asked for."
)
def not_more(shapes):
    full, thin = _numbers(shapes)
    return full // thin


@lora_break_even.mistake("The rank is rounded up: at this rank the adapters hold no fewer numbers than W.")
def rounded_up(shapes):
    full, thin = _numbers(shapes)
    return -(-full // thin)


@lora_break_even.mistake(
    "This is the smallest rank of one layer alone. The adapters of all layers together are compared with all W."
)
def smallest_of_all(shapes):
    return min((n * k - 1) // (n + k) for n, k in shapes)


@lora_break_even.mistake(
    "This is the full rank of W, the smaller of its sides. There A and B hold more numbers than W."
)
def full_rank(shapes):
    return min(min(shape) for shape in shapes)


@lora_break_even.mistake("Only one of the two matrices is counted, A. B holds numbers, too.")
def one_matrix(shapes):
    return (_numbers(shapes)[0] - 1) // sum(n for n, _ in shapes)


@lora_break_even.mistake("The break-even ranks of the layers are averaged. Compare the sums over all layers.")
def mean_of_ranks(shapes):
    return int(np.mean([(n * k - 1) // (n + k) for n, k in shapes]))


@lora_break_even.mistake("At least rank 1 is answered, even where that does not pay: the answer can be 0.")
def at_least_one(shapes):
    full, thin = _numbers(shapes)
    return max(1, (full - 1) // thin)


@lora_break_even.variant
def by_trying(shapes):
    full, thin = _numbers(shapes)
    r = 0
    while (r + 1) * thin < full:
        r += 1
    return r


@lora_break_even.variant
def by_fractions(shapes):
    full, thin = _numbers(shapes)
    ratio = Fraction(full, thin)
    whole = int(ratio)
    return whole - 1 if ratio == whole else whole

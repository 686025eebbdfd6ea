"""Exercise beta_for_window: the beta whose effective window is n, so that the average holds about n values."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=2,
    hints=(
        "Turn n = 1 / (1 - beta) round: solve it for beta.",
        "1 - beta is 1 / n.",
        "return 1 - 1 / n",
    ),
)
def beta_for_window(n):
    """The beta whose effective window is n,
    so that the average holds about n values.

    n: a number from 1. Returns a float: 1 - 1/n.
    """
    return 1 - 1 / n


@beta_for_window.cases
def _(rng):
    yield (10,)
    yield (50,)
    yield (int(rng.integers(3, 9)),)
    yield (float(rng.uniform(1.2, 2.8)),)
    yield (1,)


@beta_for_window.mistake(
    "This is 1/n, the share of the newest value. beta is the share of the old average: 1 - 1/n."
)
def share_of_newest(n):
    return 1 / n


@beta_for_window.mistake(
    "This is (n - 1) / (n + 1), as some libraries define their span. Here n = 1 / (1 - beta), so beta = 1 - 1/n."
)
def from_span(n):
    return (n - 1) / (n + 1)


@beta_for_window.mistake("This is n / (n + 1), whose window is n + 1 values. The denominator is n: 1 - 1/n.")
def one_more_value(n):
    return n / (n + 1)


@beta_for_window.mistake(
    "This is e^(-1/n), close for large n only. Solve n = 1 / (1 - beta) for beta, without a logarithm."
)
def from_exact_decay(n):
    return np.exp(-1 / n)


@beta_for_window.mistake("You put n into 1 / (1 - n). Solve n = 1 / (1 - beta) for beta instead.")
def same_formula_again(n):
    return 1 / (1 - n)


@beta_for_window.mistake(
    "The sign is wrong: with 1 + 1/n the average would grow without end. beta = 1 - 1/n."
)
def above_one(n):
    return 1 + 1 / n


@beta_for_window.mistake(
    "`//` drops what stands behind the point, so that 1 // n is 0. Use a single stroke: 1 / n."
)
def whole_division(n):
    return 1 - 1 // n


@beta_for_window.mistake("This is the half-life rule, 0.5^(1/n). Solve n = 1 / (1 - beta) for beta.")
def from_half_life(n):
    return 0.5 ** (1 / n)


@beta_for_window.variant
def one_fraction(n):
    return (n - 1) / n


@beta_for_window.variant
def by_bisection(n):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if n * (1 - middle) < 1 else (middle, high)
    return (low + high) / 2

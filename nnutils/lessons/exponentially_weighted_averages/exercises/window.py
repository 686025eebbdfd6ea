"""Exercise window: after how many steps a weight has fallen to 1/e."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=8,
    hints=(
        "A weight is multiplied by beta in each step. What is left of it after n steps? Set that equal to 1/e.",
        "To get at n, which stands in an exponent, take the logarithm of both sides.",
        "n times the natural logarithm of beta is -1. Solve it for n; np.log is the natural logarithm.",
    ),
)
def window(beta):
    """After how many steps a weight has fallen to 1/e of what it was.

    beta: a number, 0 < beta < 1, as in `ewma`.
    Returns a float: the exact number of steps, which need not be whole.
    """
    return -1 / np.log(beta)


@window.cases
def _(rng):
    yield (0.9,)
    yield (0.5,)
    yield (float(rng.uniform(0.1, 0.3)),)
    yield (float(rng.uniform(0.6, 0.8)),)
    yield (float(rng.uniform(0.97, 0.99)),)
    yield (0.9999,)


@window.mistake(
    "This is 1 / (1 - beta), the rule of thumb. Put it to the test for beta = 0.5: after 2 steps a quarter is left, which is "
    "less than 1/e. The exact number makes beta^n equal to 1/e."
)
def rule_of_thumb(beta):
    return 1 / (1 - beta)


@window.mistake(
    "This is the half-life: after so many steps 1/2 is left. Here 1/e is to be left. Does your logarithm have the base 2?"
)
def half_life(beta):
    return np.log(0.5) / np.log(beta)


@window.mistake("The number is negative. The logarithm of 1/e is -1, and that of beta is negative as well.")
def sign_turned(beta):
    return 1 / np.log(beta)


@window.mistake(
    "This is the first whole step after which less than 1/e is left. Asked for is the exact number of steps, where beta^n is 1/e."
)
def first_whole_step(beta):
    return float(np.ceil(-1 / np.log(beta)))


@window.mistake("You rounded to the nearest whole number. Return the number of steps as it is.")
def rounded(beta):
    return float(round(-1 / np.log(beta)))


@window.mistake("This logarithm has the base 10. To get 1/e you need the natural one, np.log.")
def base_ten(beta):
    return -1 / np.log10(beta)


@window.mistake("This is -log(beta), one over what is asked for. Solve n log(beta) = -1 for n.")
def turned_over(beta):
    return -np.log(beta)


@window.mistake(
    "This is beta / (1 - beta), the mean age of what is remembered. Asked for is the age at which a weight is 1/e of the newest."
)
def mean_age(beta):
    return beta / (1 - beta)


@window.mistake(
    "This is (1 + beta) / (1 - beta), the length of a plain window with as little noise. Asked for is the age at which a weight "
    "is 1/e of the newest."
)
def as_span(beta):
    return (1 + beta) / (1 - beta)


@window.mistake(
    "Here the whole weight, (1 - beta) beta^n, has fallen to 1/e. It is to fall to 1/e of the newest weight, which is 1 - beta."
)
def of_the_whole_weight(beta):
    return -(1 + np.log(1 - beta)) / np.log(beta)


@window.mistake(
    "The weights of one value more are counted. After n steps a weight has been multiplied by beta n times, so the newest is at n = 0."
)
def one_more(beta):
    return 1 - 1 / np.log(beta)


@window.variant
def by_bisection(beta):
    low, high = 0.0, 1.0
    while beta**high > np.exp(-1):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if beta**middle < np.exp(-1) else (middle, high)
    return (low + high) / 2


@window.variant
def by_another_base(beta):
    return np.log2(1 / np.e) / np.log2(beta)

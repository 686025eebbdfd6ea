"""Exercise effective_window: how many values an exponentially weighted average holds, roughly."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=2,
    hints=(
        "For beta = 0.9 the answer is 10, for 0.98 it is 50. Which simple fraction gives that?",
        "It is 1 over the share of the newest value.",
        "return 1 / (1 - beta)",
    ),
)
def effective_window(beta):
    """How many values an exponentially weighted average holds, roughly.

    beta: a number, 0 <= beta < 1. Returns a float: 1 / (1 - beta).
    Values older than that weigh less than about 1/e of what
    the newest weighs.
    """
    return 1 / (1 - beta)


@effective_window.cases
def _(rng):
    yield (0.9,)
    yield (0.98,)
    yield (float(rng.uniform(0.31, 0.69)),)
    yield (float(rng.uniform(0.991, 0.9989)),)
    yield (0.5,)


@effective_window.mistake("This is 1 / beta. The share of the newest value is 1 - beta: turn that one over.")
def one_over_beta(beta):
    return 1 / beta


@effective_window.mistake(
    "This is 1 - beta, the share of the newest value. The window is 1 divided by it; mind the brackets, 1 / (1 - beta)."
)
def the_share(beta):
    return 1 - beta


@effective_window.mistake(
    "This is beta / (1 - beta), the average age of what is remembered. The window is one longer: 1 / (1 - beta)."
)
def average_age(beta):
    return beta / (1 - beta)


@effective_window.mistake(
    "This is (1 + beta) / (1 - beta), the plain window with as little noise. The rule asked for here is 1 / (1 - beta)."
)
def as_span(beta):
    return (1 + beta) / (1 - beta)


@effective_window.mistake(
    "This is -1 / ln(beta), after how many steps a share is exactly 1/e. The rule asked for here is 1 / (1 - beta)."
)
def exact_decay(beta):
    return -1 / np.log(beta)


@effective_window.mistake(
    "This is the half-life, after how many steps a share is halved. The window is 1 / (1 - beta)."
)
def half_life(beta):
    return np.log(0.5) / np.log(beta)


@effective_window.mistake("You rounded to a whole number. Return 1 / (1 - beta) as it is.")
def rounded(beta):
    return round(1 / (1 - beta))


@effective_window.mistake(
    "The window is negative: the difference is the wrong way round. Write 1 / (1 - beta)."
)
def sign_turned(beta):
    return 1 / (beta - 1)


@effective_window.variant
def sum_of_relative_weights(beta):
    total, power = 1.0, beta  # 1 + beta + beta^2 + ... = (1 + beta)(1 + beta^2)(1 + beta^4)...
    while power > 1e-18:
        total, power = total * (1 + power), power * power
    return total


@effective_window.variant
def complement_first(beta):
    alpha = 1.0 - beta
    return np.exp(-np.log(alpha))

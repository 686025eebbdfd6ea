"""Exercise power_decay: the learning rate of a step, decayed by a power."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=1,
    minutes=2,
    hints=(
        "First measure the time in units of s: how many s have passed?",
        "The denominator is 1 plus that number, and all of it is raised to the power c.",
        "return lr0 / (1 + step / s) ** c",
    ),
)
def power_decay(lr0, step, s, c):
    """The learning rate of a step, decayed by a power.

    lr0: the rate of step 0. step: counted from 0, an update or an epoch.
    s: a number of steps above 0; after it the rate is half of lr0 if c is 1,
    and after 2 s a third.
    c: the power, above 0.
    Returns a float.
    """
    return lr0 / (1 + step / s) ** c


@power_decay.cases
def _(rng):
    lr0, s, c = rng.uniform(0.3, 0.9), int(rng.integers(15, 30)), rng.uniform(0.4, 0.8)
    yield lr0, 0, s, c
    yield lr0, s + 3, s, c
    yield lr0, 3 * s + 7, s, 1
    yield 2 * lr0, s // 2, s, 2.3
    yield 1, 10, 20, 0.5


@power_decay.mistake(
    "You used whole-number division: 1 + step // s changes only every s steps. Use a single slash."
)
def power_in_stairs(lr0, step, s, c):
    return lr0 / (1 + step // s) ** c


@power_decay.mistake("The power is left out: raise the whole denominator to c.")
def power_without_c(lr0, step, s, c):
    return lr0 / (1 + step / s)


@power_decay.mistake(
    "Only step / s is raised to the power. The 1 belongs under it as well: (1 + step / s) ** c."
)
def power_of_part(lr0, step, s, c):
    return lr0 / (1 + (step / s) ** c)


@power_decay.mistake("The fraction is upside down: time passes in units of s, so it is step / s.")
def power_upside_down(lr0, step, s, c):
    return lr0 / (1 + s / step) ** c if step else float(lr0) / 2


@power_decay.mistake("You multiplied by c instead of raising to it.")
def power_times_c(lr0, step, s, c):
    return lr0 / ((1 + step / s) * c)


@power_decay.mistake("The quotient is raised to the power, lr0 included. Raise only the denominator.")
def power_of_all(lr0, step, s, c):
    return (lr0 / (1 + step / s)) ** c


@power_decay.mistake("You count from 1: at step 0 this is already smaller than lr0. Steps start at 0.")
def power_from_one(lr0, step, s, c):
    return lr0 / (1 + (step + 1) / s) ** c


@power_decay.mistake("s is left out: time passes in units of s, so it is step / s.")
def power_without_s(lr0, step, s, c):
    return lr0 / (1 + step) ** c


@power_decay.mistake("You multiplied the step by s. Time passes in units of s: divide by it.")
def power_times_s(lr0, step, s, c):
    return lr0 / (1 + step * s) ** c


@power_decay.mistake("You multiplied by the power, so the learning rate grows. Divide by it.")
def power_grows(lr0, step, s, c):
    return lr0 * (1 + step / s) ** c


@power_decay.mistake(
    "This is exponential decay, which multiplies by c once in s steps. Here c is the power of the denominator."
)
def power_as_exponential(lr0, step, s, c):
    return float(lr0 * c ** (step / s))


@power_decay.mistake(
    "The 1 in the denominator is missing, so that step 0 divides by zero. With it, step 0 gives lr0."
)
def power_without_one(lr0, step, s, c):
    return lr0 / (step / s) ** c


@power_decay.mistake("The denominator is 1 + step / s; here it is 1 - step / s, which is 0 after s steps.")
def power_with_minus(lr0, step, s, c):
    return float(lr0 / np.float64(1 - step / s) ** c)


@power_decay.mistake(
    "The brackets are missing: you add the step to lr0 / 1. Divide lr0 by all of (1 + step / s) ** c."
)
def power_without_brackets(lr0, step, s, c):
    return float(lr0 / 1 + (step / s) ** c)


@power_decay.variant
def power_by_negative_exponent(lr0, step, s, c):
    return lr0 * ((s + step) / s) ** -c


@power_decay.variant
def power_by_logarithm(lr0, step, s, c):
    return float(lr0 * np.exp(-c * np.log1p(step / s)))

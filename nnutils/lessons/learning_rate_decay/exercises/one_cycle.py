"""Exercise one_cycle: the learning rate of a step in a one-cycle schedule (Smith 2018), two straight lines."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Draw it: a tent that is 0 on the left, lr_max in the middle, 0 on the right.",
        "In the first half it is lr_max times step / (total / 2); in the second half the same with the steps that are left, total - step.",
        "return lr_max * min(step, total - step) / (total / 2)",
    ),
)
def one_cycle(step, total, lr_max):
    """The learning rate of a step in a one-cycle schedule (Smith 2018),
    two straight lines.

    step: from 0 to total. total: number of steps. lr_max: the top,
    at step total / 2.
    Returns a float: 0 at step 0, lr_max at total / 2, 0 at total.
    """
    return lr_max * min(step, total - step) / (total / 2)


@one_cycle.cases
def _(rng):
    lr_max, total = rng.uniform(0.2, 0.9), int(rng.integers(20, 30)) * 2
    yield 0, total, lr_max
    yield total // 2, total, lr_max
    yield total // 2 - 4, total, lr_max
    yield total // 2 + 15, total, lr_max  # no other curve is as high there, whatever the total
    yield total, total, lr_max
    yield 4, 15, lr_max
    yield 13, 15, lr_max


@one_cycle.mistake("Your top is lr_max / 2: divide by half of total, not by total.")
def half_as_high(step, total, lr_max):
    return lr_max * min(step, total - step) / total


@one_cycle.mistake("It rises all the way to the end. After the middle it comes down again.")
def only_up(step, total, lr_max):
    return lr_max * step / total


@one_cycle.mistake("It only falls. In the first half the rate rises from 0 to lr_max.")
def only_down(step, total, lr_max):
    return lr_max * (1 - step / total)


@one_cycle.mistake(
    "This goes on rising past lr_max: in the second half count the steps that are left, total - step."
)
def goes_on_rising(step, total, lr_max):
    return lr_max * step / (total / 2)


@one_cycle.mistake("This is a cosine wave. The schedule asked for has straight lines up and down.")
def by_cosine(step, total, lr_max):
    return float(lr_max * (1 - np.cos(2 * np.pi * step / total)) / 2)


@one_cycle.mistake("The tent is upside down: it starts and ends at lr_max and is 0 in the middle.")
def upside_down(step, total, lr_max):
    return lr_max * abs(1 - 2 * step / total)


@one_cycle.mistake(
    "With an odd total the top is not in the middle. Often because of // : half of the total is total / 2, which need not be whole."
)
def half_by_floor(step, total, lr_max):
    return float(np.interp(step, [0, total // 2, total], [0, lr_max, 0]))


@one_cycle.mistake("It stays at the top after the middle. In the second half it comes down to 0 again.")
def stays_at_the_top(step, total, lr_max):
    return lr_max * min(1.0, step / (total / 2))


@one_cycle.mistake("This is a parabola. The schedule asked for has straight lines up and down.")
def as_parabola(step, total, lr_max):
    return lr_max * 4 * step * (total - step) / total**2


@one_cycle.mistake("This is half a sine wave. The schedule asked for has straight lines up and down.")
def as_sine(step, total, lr_max):
    return float(lr_max * np.sin(np.pi * step / total))


@one_cycle.mistake("The cycle ends one step early, at total - 1. It is 0 at total.")
def one_step_short(step, total, lr_max):
    return lr_max * min(step, total - 1 - step) / ((total - 1) / 2)


@one_cycle.mistake("You count from 1: step 0 should have the rate 0.")
def cycle_from_one(step, total, lr_max):
    return lr_max * min(step + 1, total - step - 1) / (total / 2)


@one_cycle.mistake(
    "In the second half the rate is below 0. Often because the steps made so far are taken off, and not those since the middle. "
    "Count the steps that are left, total - step."
)
def falls_from_the_start(step, total, lr_max):
    half = total / 2
    return lr_max * step / half if step <= half else lr_max * (1 - step / half)


@one_cycle.mistake(
    "With an odd total the rate is too large everywhere. Often because of // : half of the total is total / 2, which need not be whole."
)
def too_small_a_half(step, total, lr_max):
    return lr_max * min(step, total - step) / (total // 2)


@one_cycle.variant
def by_interpolation(step, total, lr_max):
    return float(np.interp(step, [0, total / 2, total], [0, lr_max, 0]))


@one_cycle.variant
def by_distance_from_the_middle(step, total, lr_max):
    return lr_max * (1 - abs(step - total / 2) / (total / 2))

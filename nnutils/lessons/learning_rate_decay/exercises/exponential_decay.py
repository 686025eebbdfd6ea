"""Exercise exponential_decay: the learning rate of an epoch, decayed exponentially, smoothly or in stairs."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=2,
    minutes=3,
    hints=(
        "First ask how many periods of `every` epochs have passed. Smoothly, that may be a fraction.",
        "In stairs only whole periods count. The rate has been multiplied by base once for each period.",
        "periods = epoch / every; if staircase: periods = np.floor(periods); then lr0 * base**periods.",
    ),
)
def exponential_decay(lr0, base, epoch, every=1, staircase=False):
    """The learning rate of an epoch, decayed exponentially.

    lr0: the rate of epoch 0. base: above 0 and below 1. epoch: counted from
    0; 2.5 is the middle of the third epoch.
    every: a number of epochs above 0. In any `every` epochs the rate is
    multiplied by base once.
    staircase: False: the rate falls smoothly. True: it stays as it is for
    `every` epochs, then jumps; at epoch `every` itself it has jumped.
    Returns a float.
    """
    periods = epoch / every
    if staircase:
        periods = np.floor(periods)
    return float(lr0 * base**periods)


@exponential_decay.cases
def _(rng):
    lr0, base = rng.uniform(0.3, 0.9), rng.uniform(0.5, 0.9)
    yield lr0, base, 0
    yield lr0, base, 1
    yield lr0, base, 6
    yield 3 * lr0, base**2, 3.5
    yield 2, 0.5, 4
    yield lr0, base, 7, 3
    yield lr0, base, 7, 3, True
    yield lr0, base, 6, 3, True
    yield lr0, base, 11.5, 4, True
    yield lr0, base, 2, 5, True
    yield 1, 0.1, 3, 0.5
    yield lr0, base, 7, 2.5, True


def _periods(epoch, every, staircase):
    return epoch // every if staircase else epoch / every


@exponential_decay.mistake(
    "The rate is lr0 times base times the time, and 0 at epoch 0. Multiply by base once for each period: that is a power."
)
def exponential_product(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base * _periods(epoch, every, staircase)


@exponential_decay.mistake(
    "The power is over the product: only base is raised to it, lr0 stands before it once."
)
def exponential_of_product(lr0, base, epoch, every=1, staircase=False):
    return (lr0 * base) ** _periods(epoch, every, staircase)


@exponential_decay.mistake("Epoch 0 has lr0 times base already. It should have lr0 itself: count from 0.")
def exponential_from_one(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (_periods(epoch, every, staircase) + 1)


@exponential_decay.mistake("This is lr0 * exp(-base * time). The base is given here: raise it to the time.")
def exponential_of_e(lr0, base, epoch, every=1, staircase=False):
    return lr0 * float(np.exp(-base * _periods(epoch, every, staircase)))


@exponential_decay.mistake(
    "The rate grows, often because it is divided by the power. A base below 1 makes it smaller when you multiply."
)
def exponential_grows(lr0, base, epoch, every=1, staircase=False):
    return lr0 / base ** _periods(epoch, every, staircase)


@exponential_decay.mistake(
    "The rate is multiplied by 1 - base in each period. The base is what is kept, not what is lost."
)
def exponential_of_rest(lr0, base, epoch, every=1, staircase=False):
    return lr0 * (1 - base) ** _periods(epoch, every, staircase)


@exponential_decay.mistake(
    "This is a straight line: each period takes the same amount. It should take the same share of what is left."
)
def exponential_as_line(lr0, base, epoch, every=1, staircase=False):
    return lr0 * (1 - (1 - base) * _periods(epoch, every, staircase))


@exponential_decay.mistake(
    "The rate is divided by 1 + base * time, which is decay by inverse time. Multiply by a power of base."
)
def exponential_as_inverse_time(lr0, base, epoch, every=1, staircase=False):
    return lr0 / (1 + base * _periods(epoch, every, staircase))


@exponential_decay.mistake("Base and exponent are exchanged: this is lr0 times time to the power of base.")
def exponential_turned_round(lr0, base, epoch, every=1, staircase=False):
    return lr0 * _periods(epoch, every, staircase) ** base


@exponential_decay.mistake(
    "`every` has no effect: the rate is multiplied by base once an epoch. Measure the time in periods of `every` epochs."
)
def exponential_without_every(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** _periods(epoch, 1, staircase)


@exponential_decay.mistake(
    "With a longer period the rate falls faster, often because the epoch is multiplied by `every`. Divide by it."
)
def exponential_times_every(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** _periods(epoch * every, 1, staircase)


@exponential_decay.mistake(
    "With staircase=True the rate still falls smoothly: within a period it should stay as it is."
)
def exponential_never_in_stairs(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (epoch / every)


@exponential_decay.mistake(
    "With staircase=False the rate jumps, too, often because of // in both cases. Without stairs the fraction of a period counts."
)
def exponential_always_in_stairs(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (epoch // every)


@exponential_decay.mistake(
    "The two ways are exchanged: it jumps with staircase=False, and falls smoothly with True."
)
def exponential_ways_exchanged(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** _periods(epoch, every, not staircase)


@exponential_decay.mistake(
    "With staircase=True the jump comes in the middle of a period, often because the time is rounded. Only whole periods count: round down."
)
def exponential_rounded(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (round(epoch / every) if staircase else epoch / every)


@exponential_decay.mistake(
    "With staircase=True each jump comes a period too early, often because the time is rounded up."
)
def exponential_rounded_up(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (math.ceil(epoch / every) if staircase else epoch / every)


@exponential_decay.mistake(
    "At the end of a period, at epoch `every` itself, the rate has not jumped yet. There the next period begins."
)
def exponential_jumps_late(lr0, base, epoch, every=1, staircase=False):
    periods = epoch / every
    return lr0 * base ** (max(math.ceil(periods) - 1, 0) if staircase else periods)


@exponential_decay.mistake("With staircase=True only one jump is ever made. There is one after each period.")
def exponential_one_jump(lr0, base, epoch, every=1, staircase=False):
    return lr0 * base ** (min(epoch // every, 1) if staircase else epoch / every)


@exponential_decay.mistake(
    "With staircase=True the rate jumps at whole epochs alone, often because of epoch % every == 0 in a loop. `every` need not be whole: "
    "after 5 epochs two periods of 2.5 have passed."
)
def exponential_at_whole_epochs(lr0, base, epoch, every=1, staircase=False):
    jumps = sum(e % every == 0 for e in range(1, int(epoch) + 1))
    return lr0 * base ** (jumps if staircase else epoch / every)


@exponential_decay.variant
def exponential_by_logarithm(lr0, base, epoch, every=1, staircase=False):
    time = np.floor_divide(epoch, every) if staircase else np.divide(epoch, every)
    return float(np.exp(np.log(lr0) + time * np.log(base)))


@exponential_decay.variant
def exponential_by_counting(lr0, base, epoch, every=1, staircase=False):
    lr, left = float(lr0), epoch
    while left >= every:
        lr, left = lr * base, left - every
    return lr if staircase else lr * base ** (left / every)

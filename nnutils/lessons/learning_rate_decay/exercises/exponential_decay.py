"""Exercise exponential_decay: the learning rate of an epoch, decayed exponentially."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Each epoch takes the same share of what the epoch before it had.",
        "After 3 epochs lr0 has been multiplied by base three times.",
        "return lr0 * base**epoch",
    ),
)
def exponential_decay(lr0, base, epoch):
    """The learning rate of an epoch, decayed exponentially.

    lr0: rate of epoch 0. base: what it is multiplied by each
    epoch, such as 0.95.
    epoch: counted from 0.
    Returns lr0 base^epoch, a float.
    """
    return lr0 * base**epoch


@exponential_decay.cases
def _(rng):
    lr0, base = rng.uniform(0.3, 0.9), rng.uniform(0.5, 0.9)
    yield lr0, base, 0
    yield lr0, base, 1
    yield lr0, base, 6
    yield 3 * lr0, base**2, 3
    yield 2, 0.5, 4


@exponential_decay.mistake(
    "You multiplied by base * epoch. Multiply by base once for each epoch: that is a power."
)
def exponential_product(lr0, base, epoch):
    return lr0 * base * epoch


@exponential_decay.mistake(
    "The power is over the product: only base is raised to the epoch, lr0 stands before it once."
)
def exponential_of_product(lr0, base, epoch):
    return (lr0 * base) ** epoch


@exponential_decay.mistake("You count from 1: epoch 0 should have lr0 itself.")
def exponential_from_one(lr0, base, epoch):
    return lr0 * base ** (epoch + 1)


@exponential_decay.mistake("This is lr0 * exp(-base * epoch). The base is given here: raise it to the epoch.")
def exponential_of_e(lr0, base, epoch):
    return lr0 * np.exp(-base * epoch)


@exponential_decay.mistake(
    "You divided by the power, so the learning rate grows. A base below 1 shrinks it when you multiply."
)
def exponential_grows(lr0, base, epoch):
    return lr0 / base**epoch


@exponential_decay.mistake("You decayed by 1 - base. The base is what is kept each epoch, not what is lost.")
def exponential_of_rest(lr0, base, epoch):
    return lr0 * (1 - base) ** epoch


@exponential_decay.mistake(
    "The decay is compounded: the rate that has fallen already is multiplied by base^epoch once more in each epoch. "
    "It is lr0 that is multiplied, or the last rate by base alone."
)
def exponential_compounded(lr0, base, epoch):
    return lr0 * base ** (epoch * (epoch + 1) / 2)


@exponential_decay.mistake(
    "One factor too few: after `epoch` epochs lr0 has been multiplied by base `epoch` times."
)
def exponential_one_less(lr0, base, epoch):
    return lr0 * base ** (epoch - 1)


@exponential_decay.mistake(
    "Epoch 1 still has the rate of epoch 0, and every later one is an epoch late. Epochs count from 0, so epoch 1 is multiplied once."
)
def exponential_an_epoch_late(lr0, base, epoch):
    return lr0 * base ** max(epoch - 1, 0)


@exponential_decay.mistake(
    "This is a straight line: each epoch takes the same amount, lr0 (1 - base). Each should take the same share of what is left."
)
def exponential_as_line(lr0, base, epoch):
    return lr0 * (1 - (1 - base) * epoch)


@exponential_decay.mistake(
    "You divided by 1 + base * epoch, which is decay by inverse time. Multiply by a power of base."
)
def exponential_as_inverse_time(lr0, base, epoch):
    return lr0 / (1 + base * epoch)


@exponential_decay.mistake(
    "Base and exponent are exchanged: this is lr0 * epoch ** base. Raise base to the epoch."
)
def exponential_turned_round(lr0, base, epoch):
    return lr0 * epoch**base


@exponential_decay.mistake(
    "Only one factor is ever applied: the rate is lr0 * base in every epoch but the first. Apply it once for each epoch."
)
def exponential_only_once(lr0, base, epoch):
    return lr0 * base if epoch else float(lr0)


@exponential_decay.variant
def exponential_by_counting(lr0, base, epoch):
    lr = float(lr0)
    for _ in range(epoch):
        lr *= base
    return lr


@exponential_decay.variant
def exponential_by_logarithm(lr0, base, epoch):
    return float(np.exp(np.log(lr0) + epoch * np.log(base)))

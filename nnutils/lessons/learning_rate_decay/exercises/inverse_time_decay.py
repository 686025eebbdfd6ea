"""Exercise inverse_time_decay: the learning rate of an epoch, decayed by inverse time."""

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=3,
    hints=(
        "At epoch 0 the denominator must be 1, so that you begin with lr0.",
        "The denominator grows by the same amount, rate, in every epoch.",
        "return lr0 / (1 + rate * epoch)",
    ),
)
def inverse_time_decay(lr0, rate, epoch):
    """The learning rate of an epoch, decayed by inverse time.

    lr0: rate of epoch 0. rate: how fast it decays. epoch: counted from 0.
    Returns lr0 / (1 + rate epoch), a float (Robbins & Monro 1951
    allow such rates).
    """
    return lr0 / (1 + rate * epoch)


@inverse_time_decay.cases
def _(rng):
    lr0, rate = rng.uniform(0.3, 0.9), rng.uniform(0.2, 0.7)
    yield lr0, rate, 0
    yield lr0, rate, 1
    yield lr0, rate, 7
    yield 2 * lr0, 3 * rate, 4
    yield 1, 1, 3


@inverse_time_decay.mistake(
    "You count from 1: at epoch 0 this is already smaller than lr0. Epochs start at 0."
)
def inverse_from_one(lr0, rate, epoch):
    return lr0 / (1 + rate * (epoch + 1))


@inverse_time_decay.mistake(
    "The 1 in the denominator is missing. With it, epoch 0 gives lr0 instead of a division by zero."
)
def inverse_without_one(lr0, rate, epoch):
    return lr0 / (rate * epoch)


@inverse_time_decay.mistake(
    "This is exponential decay, which multiplies by the same factor each epoch. Here you divide by a sum."
)
def inverse_as_exponential(lr0, rate, epoch):
    return lr0 / (1 + rate) ** epoch


@inverse_time_decay.mistake(
    "You subtracted a fixed part each epoch, a straight line that ends below zero. Divide instead."
)
def inverse_as_line(lr0, rate, epoch):
    return lr0 * (1 - rate * epoch)


@inverse_time_decay.mistake(
    "You divided by 1 - rate * epoch, so the learning rate grows. The sign in the denominator is a plus."
)
def inverse_grows(lr0, rate, epoch):
    return lr0 / (1 - rate * epoch)


@inverse_time_decay.mistake("Only the 1 stands under the fraction bar: put brackets around 1 + rate * epoch.")
def inverse_without_brackets(lr0, rate, epoch):
    return lr0 / 1 + rate * epoch


@inverse_time_decay.variant
def inverse_by_reciprocals(lr0, rate, epoch):
    return 1 / (1 / lr0 + rate * epoch / lr0)


@inverse_time_decay.variant
def inverse_by_counting(lr0, rate, epoch):
    below = 1.0
    for _ in range(epoch):
        below += rate
    return lr0 / below

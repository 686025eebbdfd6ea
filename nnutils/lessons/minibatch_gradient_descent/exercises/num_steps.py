"""Exercise num_steps: how many updates mini-batch gradient descent makes."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Count the mini-batches of one epoch first. Does the smaller last one count?",
        "One epoch has m / batch_size steps, rounded up, because the rest gets a step, too. Then multiply.",
        "return epochs * int(np.ceil(m / batch_size))",
    ),
)
def num_steps(m, batch_size, epochs):
    """How many updates mini-batch gradient descent makes.

    m: number of examples; batch_size and epochs: whole numbers from 1.
    Every epoch goes through all examples, with a last,
    smaller batch where there is a rest.
    Returns an int.
    """
    return epochs * int(np.ceil(m / batch_size))


@num_steps.cases
def _(rng):
    yield 1797, 64, 5
    yield 60, 20, 3
    size = int(rng.integers(7, 12))
    yield 10 * size + int(rng.integers(1, size // 2)), size, 4
    yield int(rng.integers(18, 31)), 32, 2
    yield int(rng.integers(20, 40)), 1, 2


@num_steps.mistake("You rounded down, so that the examples of the last, smaller batch get no step. Round up.")
def rounded_down(m, batch_size, epochs):
    return epochs * (m // batch_size)


@num_steps.mistake(
    "You added one to the whole batches. Where batch_size divides m there is no rest, and no batch for it."
)
def always_one_more(m, batch_size, epochs):
    return epochs * (m // batch_size + 1)


@num_steps.mistake(
    "You rounded up once for all epochs. Each epoch ends with its own smaller batch: round up within the epoch, then multiply."
)
def rounded_at_the_end(m, batch_size, epochs):
    return -(-m * epochs // batch_size)


@num_steps.mistake("These are the steps of one epoch. Multiply by the number of epochs.")
def of_one_epoch(m, batch_size, epochs):
    return -(-m // batch_size)


@num_steps.mistake("The number is right, but it is a float. Steps are counted: return an int.")
def as_float(m, batch_size, epochs):
    return float(epochs * -(-m // batch_size))


@num_steps.mistake("This is not rounded at all. A step cannot be made by a part: round up within an epoch.")
def not_rounded(m, batch_size, epochs):
    return epochs * m / batch_size


@num_steps.mistake("You counted examples. An update uses batch_size of them.")
def counted_examples(m, batch_size, epochs):
    return epochs * m


@num_steps.mistake(
    "You rounded to the nearest whole number. A rest below half a batch needs its step, too: round up."
)
def rounded_to_nearest(m, batch_size, epochs):
    return epochs * round(m / batch_size)


@num_steps.variant
def by_adding_almost_one_batch(m, batch_size, epochs):
    return epochs * ((m + batch_size - 1) // batch_size)


@num_steps.variant
def by_counting(m, batch_size, epochs):
    return sum(1 for _ in range(epochs) for _ in range(0, m, batch_size))

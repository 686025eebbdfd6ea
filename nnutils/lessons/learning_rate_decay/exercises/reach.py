"""Exercise reach: how far from their start weights can get under a schedule."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.learning_rate_decay.given import ByPower, ByShare, InTable


@exercise(
    kind="derive",
    points=1,
    minutes=4,
    hints=(
        "How far do the weights move in one step, at most?",
        "They get farthest if all steps go in the same direction. Then the lengths of the steps add up.",
        "Add schedule(step) for step = 0 to total - 1.",
    ),
)
def reach(schedule, total):
    """The largest distance that weights can have from their start.

    schedule: schedule(step) is the learning rate of a step, never below 0;
    steps are counted from 0.
    total: the number of steps that are made, 0 or more.
    Each step is the learning rate times a gradient, whose length is at most
    1 (it may be clipped). Returns a float: no run of `total` steps
    gets farther, and one gets as far.
    """
    return float(sum(schedule(step) for step in range(total)))


@reach.cases
def _(rng):
    lr0, base = rng.uniform(0.3, 0.9), rng.uniform(0.8, 0.9)
    yield ByShare(lr0, base), 1
    yield ByShare(lr0, base), 9
    yield ByPower(lr0, int(rng.integers(3, 9)), 0.5), 40
    yield InTable((0.0, lr0, 0.3, 0.1, 0.0, 0.7)), 5
    yield InTable((0.0, lr0, 0.3, 0.1, 0.2, 0.7)), 4
    yield ByShare(lr0, base), 0


def _rates(schedule, total):
    return np.array([schedule(step) for step in range(total)], float)


@reach.mistake(
    "One step too many is made: with `total` steps counted from 0, the last one is number total - 1."
)
def reach_one_more(schedule, total):
    return float(sum(schedule(step) for step in range(total + 1)))


@reach.mistake("The steps are counted from 1 here, so that step 0 is missing and step `total` is added.")
def reach_from_one(schedule, total):
    return float(sum(schedule(step) for step in range(1, total + 1)))


@reach.mistake("Step 0 is missing: steps are counted from 0, and the first one moves the weights, too.")
def reach_without_the_first(schedule, total):
    return float(sum(schedule(step) for step in range(1, total)))


@reach.mistake("The last step is missing: it is number total - 1, and it counts.")
def reach_without_the_last(schedule, total):
    return float(sum(schedule(step) for step in range(total - 1)))


@reach.mistake(
    "This is the first rate times the number of steps, as if the rate never changed. Each step has a rate of its own."
)
def reach_at_the_first_rate(schedule, total):
    return float(total * schedule(0))


@reach.mistake(
    "This is the last rate times the number of steps. The steps before it had other rates: add them all."
)
def reach_at_the_last_rate(schedule, total):
    return float(total * schedule(max(total - 1, 0)))


@reach.mistake(
    "The squares of the rates are added and the root is taken. That is how far a random walk gets on average. If all steps go in one "
    "direction, their lengths themselves add up."
)
def reach_of_a_random_walk(schedule, total):
    return float(np.sqrt(np.sum(_rates(schedule, total) ** 2)))


@reach.mistake("This is the mean of the rates. The way is as long as all steps together.")
def reach_mean(schedule, total):
    return float(np.sum(_rates(schedule, total)) / max(total, 1))


@reach.mistake("This is the rate of one step. The weights move in every step: add them up.")
def reach_of_one_step(schedule, total):
    return float(schedule(max(total - 1, 0)))


@reach.mistake("This is the longest single step. The weights move in every step: add them up.")
def reach_of_the_longest(schedule, total):
    return float(max(_rates(schedule, total), default=0))


@reach.mistake(
    "The squares of the rates are added. A step is as long as its rate times the gradient's length."
)
def reach_of_squares(schedule, total):
    return float(np.sum(_rates(schedule, total) ** 2))


@reach.mistake("This is the product of the rates. Steps that go in one direction add up.")
def reach_product(schedule, total):
    return float(np.prod(_rates(schedule, total)))


@reach.mistake(
    "These are the distances after each step. The farthest is the last of them: return that number."
)
def reach_of_each_step(schedule, total):
    return np.cumsum(_rates(schedule, total))


@reach.variant
def reach_by_a_walk(schedule, total):
    w = 0.0
    for step in range(total):
        w -= schedule(step) * -1.0
    return abs(w)


@reach.variant
def reach_by_an_array(schedule, total):
    return np.fromiter(map(schedule, range(total)), dtype=float, count=total).sum()

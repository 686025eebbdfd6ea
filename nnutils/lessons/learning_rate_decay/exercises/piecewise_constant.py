"""Exercise piecewise_constant: the learning rate of a step, constant between boundaries."""

import numpy as np

from nnutils.checks.exercise import exercise, raises


@exercise(
    kind="write",
    points=2,
    minutes=3,
    hints=(
        "Go through the boundaries from the first to the last. Which is the first one that the step has not passed?",
        "At a boundary itself the earlier value still holds, so the value is found when step <= boundary. What if that never happens?",
        "if len(values) != len(boundaries) + 1: raise ValueError; for boundary, value in zip(boundaries, values): if step <= boundary: "
        "return value; and after the loop return values[-1].",
    ),
)
def piecewise_constant(boundaries, values, step):
    """The learning rate of a step, constant between boundaries.

    boundaries: step numbers in rising order, perhaps none.
    values: learning rates, one more than boundaries.
    Up to and including boundaries[0] it is values[0], after it values[1],
    and so on; after the last boundary it is the last value. Returns a float.
    Raises ValueError: values are not one more than boundaries.
    """
    if len(values) != len(boundaries) + 1:
        raise ValueError("there must be one value more than boundaries")
    for boundary, value in zip(boundaries, values, strict=False):
        if step <= boundary:
            return float(value)
    return float(values[-1])


@piecewise_constant.cases
def _(rng):
    first, second = int(rng.integers(3, 9)), int(rng.integers(12, 20))
    high, middle, low = rng.uniform(0.5, 1), rng.uniform(0.2, 0.4), rng.uniform(0.01, 0.1)
    third = second + int(rng.integers(4, 9))
    for step in (first, first + 1, second, third - 1, third + 5, 0):
        yield [first, second, third], [2 * high, high, middle, low], step
    yield [second], [high, low], first
    yield [second], [high, low], third
    yield [], [high], first
    yield raises(ValueError, [first, second], [high, low], 1)
    yield raises(ValueError, [first], [high, middle, low], third)


def _not_one_more(boundaries, values):
    if len(values) != len(boundaries) + 1:
        raise ValueError


def _passed(boundaries, step):
    return sum(boundary < step for boundary in boundaries)


@piecewise_constant.mistake(
    "At a boundary itself you already use the next value. The earlier one still holds there (as in Keras)."
)
def too_early(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[sum(boundary <= step for boundary in boundaries)])


@piecewise_constant.mistake(
    "The step is the index into values here. Count how many boundaries the step has passed."
)
def step_as_index(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[min(step, len(values) - 1)])


@piecewise_constant.mistake(
    "You stop at the first boundary: after it, only the second value is ever used. Count all boundaries passed."
)
def only_the_first(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[min(_passed(boundaries, step), 1)])


@piecewise_constant.mistake(
    "The values come in reverse: before the first boundary it is values[0], after the last one values[-1]."
)
def in_reverse(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[sum(boundary >= step for boundary in boundaries)])


@piecewise_constant.mistake(
    "You take the value of the boundary before: after one boundary it is values[1], the index is the count itself."
)
def one_behind(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[max(_passed(boundaries, step) - 1, 0)])


@piecewise_constant.mistake(
    "The last value never comes: after the last boundary the one before it still holds. Often because the loop ends one too early. "
    "There is one value more than there are boundaries."
)
def never_the_last(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[min(_passed(boundaries, step), len(values) - 2)])


@piecewise_constant.mistake(
    "The first value holds at every step. Count how many boundaries the step has passed."
)
def always_the_first(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[0])


@piecewise_constant.mistake(
    "The value is one too far: before the first boundary you use values[1] already. The count of the boundaries passed is the index."
)
def one_ahead(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[min(_passed(boundaries, step) + 1, len(values) - 1)])


@piecewise_constant.mistake(
    "One step after a boundary you still use the earlier value. It holds up to and including the boundary, and not longer."
)
def one_step_late(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[sum(boundary + 1 < step for boundary in boundaries)])


@piecewise_constant.mistake(
    "The rate falls along straight lines between the boundaries. It should be constant between them, and jump."
)
def in_straight_lines(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(np.interp(step, [0, *boundaries], values))


@piecewise_constant.mistake(
    "The values are multiplied with each other. Each value is a learning rate by itself, not what the one before is multiplied by."
)
def values_as_factors(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(np.prod(values[: _passed(boundaries, step) + 1]))


@piecewise_constant.mistake(
    "Where values are not one more than boundaries, no ValueError is raised. Compare the two lengths first."
)
def nothing_raised(boundaries, values, step):
    return float(values[min(_passed(boundaries, step), len(values) - 1)])


@piecewise_constant.mistake(
    "Where there are too many values, no ValueError is raised. There must be just one more than boundaries."
)
def too_many_accepted(boundaries, values, step):
    if len(values) <= len(boundaries):
        raise ValueError
    return float(values[_passed(boundaries, step)])


@piecewise_constant.mistake(
    "Where there are too few values, no ValueError is raised. There must be one more than boundaries."
)
def too_few_accepted(boundaries, values, step):
    if len(values) > len(boundaries) + 1:
        raise ValueError
    return float(values[min(_passed(boundaries, step), len(values) - 1)])


@piecewise_constant.variant
def by_search(boundaries, values, step):
    _not_one_more(boundaries, values)
    return float(values[int(np.searchsorted(boundaries, step))])


@piecewise_constant.variant
def by_count(boundaries, values, step):
    if len(boundaries) + 1 != len(values):
        raise ValueError(f"{len(boundaries)} boundaries and {len(values)} values")
    return values[len([b for b in boundaries if b < step])]

"""Exercise residual_backward: the gradient by the input of a residual block."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.very_deep_networks.exercises.shared import linear
from nnutils.lessons.very_deep_networks.given import Gated, Linear, Same


@exercise(
    kind="derive",
    points=3,
    minutes=7,
    hints=(
        "The input reaches the output on two ways. Nudge one entry of x: what changes on the first way, and what on the second?",
        "The derivatives of the two ways add up. The shortcut's is 1. The branch's output enters the sum times scale, so the gradient by that output is not d.",
        "The branch's output receives scale * d. Hand this to branch_backward, and add d for the shortcut.",
    ),
)
def residual_backward(d, branch_backward, scale):
    """The gradient of a cost by the input of a residual block.

    The block has returned x + scale * branch(x). d: (m, n), the gradient of
    the cost by what the block returned. branch_backward: a function. From
    the gradient by the branch's output it makes the gradient by the
    branch's input. scale: a number.
    Returns the gradient by x: a new array (m, n). d stays as it is.
    """
    return d + branch_backward(scale * d)


@residual_backward.cases
def _(rng):
    d = rng.normal(size=(4, 3))
    yield d, Linear(linear(rng, 3)), 0.3
    yield d, Gated(rng.random((4, 3)) < 0.5, linear(rng, 3)), 1.7
    yield rng.normal(size=(2, 5)), Linear(linear(rng, 5, 3.0)), -0.6
    yield d, Same(), 0.4
    yield d, Linear(linear(rng, 3)), 0.0


@residual_backward.mistake(
    "Only what comes through the branch is here. The shortcut hands d back, too, and it is what keeps the gradient alive: add it."
)
def shortcut_forgotten(d, branch_backward, scale):
    return branch_backward(scale * d)


@residual_backward.mistake("Only the shortcut's part is here. x has an influence through the branch, too.")
def branch_forgotten(d, branch_backward, scale):
    return d.copy()


@residual_backward.mistake(
    "The scale is missing: the branch's output entered the sum times scale, so its gradient is scale times as large."
)
def scale_forgotten(d, branch_backward, scale):
    return d + branch_backward(d)


@residual_backward.mistake("Both ways are scaled. Forward, the shortcut was not; so it is not backward.")
def all_scaled(d, branch_backward, scale):
    return scale * (d + branch_backward(d))


@residual_backward.mistake(
    "The scale is applied twice, before the branch and after it. Forward it was applied once."
)
def scaled_twice(d, branch_backward, scale):
    return d + scale * branch_backward(scale * d)


@residual_backward.mistake("The shortcut is scaled, and the branch is not. It should be the other way round.")
def shortcut_scaled(d, branch_backward, scale):
    return scale * d + branch_backward(d)


@residual_backward.mistake(
    "Forward the branch was multiplied by scale, so its gradient is multiplied, too, and not divided."
)
def divided(d, branch_backward, scale):
    with np.errstate(all="ignore"):
        return d + branch_backward(d / scale if scale else np.full(d.shape, np.inf))


@residual_backward.mistake(
    "The two ways are multiplied. Along one way derivatives are multiplied; those of different ways add up."
)
def multiplied(d, branch_backward, scale):
    return d * branch_backward(scale * d)


@residual_backward.mistake(
    "The branch gets the sum of both ways, as if its backward pass stood behind the sum. It gets scale * d alone."
)
def sum_through_the_branch(d, branch_backward, scale):
    return branch_backward(d + scale * d)


@residual_backward.mistake("The branch's part is subtracted. Derivatives of two ways add up.")
def subtracted(d, branch_backward, scale):
    return d - branch_backward(scale * d)


@residual_backward.variant
def scaled_afterwards(d, branch_backward, scale):
    """The same, since a backward pass is linear in what it gets."""
    return d + scale * branch_backward(d)


@residual_backward.variant
def by_steps(d, branch_backward, scale):
    total = np.array(d, dtype=float)
    total += branch_backward(np.multiply(d, scale))
    return total

"""Exercise residual_forward: a residual block, and what a shortcut needs."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.lessons.very_deep_networks.exercises.shared import linear, mixed
from nnutils.lessons.very_deep_networks.given import Dropping, Linear, Narrow, Rectified, Same


@exercise(
    points=2,
    minutes=5,
    hints=(
        "Call the branch once and keep what it returns. You need it twice: for its shape and for the sum.",
        "Compare the two shapes before you add. NumPy would stretch a column (m, 1) to all units without a word.",
        "out = branch(x); where out.shape is not x.shape raise ValueError; otherwise the result is x + scale * out, with no += on x or out.",
    ),
)
def residual_forward(x, branch, scale):
    """What a residual block returns: the input and, scaled, its branch.

    x: (m, n). branch: a function of such an array. It may hold dropout, and
    then returns something else at each call: call it once. scale: a number,
    or (n,), one for each unit.
    Returns a new array (m, n). x stays as it is, also where the branch
    returns x itself.
    Raises ValueError where the branch's result has not the shape of x: then
    a shortcut is not possible.
    """
    out = branch(x)
    if np.shape(out) != np.shape(x):
        raise ValueError(f"the branch turns {np.shape(x)} into {np.shape(out)}")
    return x + scale * out


@residual_forward.cases
def _(rng):
    x = mixed(rng, 4, 3)
    yield x, Linear(linear(rng, 3)), 0.7
    yield mixed(rng, 2, 4), Rectified(linear(rng, 4)), rng.uniform(0.1, 0.5, size=4)
    yield x, Dropping(linear(rng, 3)), 0.3
    yield x, Same(), 0.4
    yield mixed(rng, 3, 3), Rectified(linear(rng, 3)), rng.uniform(0.1, 0.5, size=3)
    yield raises(ValueError, x, Narrow(), 0.5)
    yield raises(ValueError, x, Linear(rng.normal(size=(3, 5))), 0.5)
    yield rng.integers(-9, -3, size=(2, 3)), Linear(linear(rng, 3)), -0.2


def _checked(x, out):
    if np.shape(out) != np.shape(x):
        raise ValueError("the branch's result has another shape")
    return out


@residual_forward.mistake(
    "What the branch returns is stretched to the shape of x. The branch has one number for each example, not one for each unit: compare the shapes, and raise ValueError."
)
def stretched(x, branch, scale):
    out = branch(x)
    if out.shape[1] not in (1, x.shape[1]):
        raise ValueError("the branch's result has another shape")
    return x + scale * out


@residual_forward.mistake("The shortcut is missing: this is the scaled branch alone. Add x.")
def branch_alone(x, branch, scale):
    return scale * _checked(x, branch(x))


@residual_forward.mistake("The scale is missing: the branch enters the sum at its full size.")
def without_scale(x, branch, scale):
    return x + _checked(x, branch(x)) + 0 * scale


@residual_forward.mistake("x is scaled as well as the branch. The shortcut hands x on as it is.")
def both_scaled(x, branch, scale):
    return scale * (x + _checked(x, branch(x)))


@residual_forward.mistake("x is scaled, and the branch is not. It should be the other way round.")
def shortcut_scaled(x, branch, scale):
    return scale * x + _checked(x, branch(x))


@residual_forward.mistake(
    "The branch gets the scaled input. Scale what it returns: with a nonlinear branch that is not the same."
)
def input_scaled(x, branch, scale):
    return x + _checked(x, branch(scale * x))


@residual_forward.mistake(
    "The branch is called twice. One with dropout returns something else then: call it once, and keep the result."
)
def called_twice(x, branch, scale):
    _checked(x, branch(x))
    return x + scale * branch(x)


@residual_forward.mistake("The branch is subtracted. It is added to x.")
def subtracted(x, branch, scale):
    return x - scale * _checked(x, branch(x))


@residual_forward.mistake(
    "What is negative in the sum has become 0. The first residual networks had a ReLU there; here nothing comes after the sum."
)
def relu_behind(x, branch, scale):
    return np.maximum(x + scale * _checked(x, branch(x)), 0)


@residual_forward.mistake(
    "x is multiplied by 1 - scale, so that the two weights sum to 1. The shortcut hands x on as it is."
)
def weighted_mean(x, branch, scale):
    return (1 - scale) * x + scale * _checked(x, branch(x))


@residual_forward.mistake(
    "What the branch returns is changed in place, with *= or +=. Where the branch returns what it got, the input changes with it."
)
def branch_in_place(x, branch, scale):
    out = _checked(x, branch(x))
    out *= scale
    out += x
    return out


@residual_forward.variant
def by_copy(x, branch, scale):
    y = branch(x)
    if y.shape != x.shape:
        raise ValueError(y.shape)
    total = np.array(x, dtype=float)
    total += y * scale
    return total


@residual_forward.variant
def by_rows(x, branch, scale):
    added = branch(x)
    if added.ndim != x.ndim or any(a != b for a, b in zip(added.shape, x.shape, strict=True)):
        raise ValueError("a shortcut needs as many units behind the branch as before it")
    return np.stack([row + scale * more for row, more in zip(x, added, strict=True)])

"""Exercise pre_norm_block: a residual block whose branch begins with a norm."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.very_deep_networks.exercises.shared import linear
from nnutils.lessons.very_deep_networks.given import Dropping, Linear, OfTheUnits, Rectified, Same


@exercise(
    points=2,
    minutes=5,
    hints=(
        "Draw the block: a line that goes straight from x to the sum, and a second way with two stations. Which station comes first?",
        "Only the second way meets the norm. Where norm is None it has one station.",
        "inner = x if norm is None else norm(x); the result is x + scale * branch(inner).",
    ),
)
def pre_norm_block(x, norm, branch, scale):
    """What a pre-norm block returns.

    x: (m, n). norm: a function that returns a normalized array (m, n), or
    None: then the block has no norm. branch: a function of an array
    (m, n); it may hold dropout, so call it once. scale: a number, or (n,).
    Returns a new array (m, n). x stays as it is, also where norm and branch
    return what they got.
    """
    inner = x if norm is None else norm(x)
    return x + scale * branch(inner)


@pre_norm_block.cases
def _(rng):
    x = rng.normal(3, 4, size=(4, 3))
    yield x, OfTheUnits(), Rectified(linear(rng, 3)), 0.7
    yield x, None, Linear(linear(rng, 3)), 0.4
    yield (
        rng.normal(1, 5, size=(2, 4)),
        OfTheUnits(0.5),
        Linear(linear(rng, 4)),
        rng.uniform(0.2, 0.9, size=4),
    )
    yield x, OfTheUnits(), Dropping(linear(rng, 3)), 0.3
    yield x, Same(), Same(), 0.6
    yield (
        rng.normal(2, 3, size=(3, 3)),
        OfTheUnits(),
        Rectified(linear(rng, 3)),
        rng.uniform(0.2, 0.9, size=3),
    )


def _normed(x, norm):
    return x if norm is None else norm(x)


@pre_norm_block.mistake(
    "The norm stands behind the sum: this is a post-norm block, and its shortcut is not free. Normalize what the branch gets, and nothing else."
)
def post_norm(x, norm, branch, scale):
    return _normed(x + scale * branch(x), norm)


@pre_norm_block.mistake("The shortcut carries the normalized x. It should hand on x as it is.")
def normed_shortcut(x, norm, branch, scale):
    inner = _normed(x, norm)
    return inner + scale * branch(inner)


@pre_norm_block.mistake("The norm stands behind the branch, inside of the block. It comes before the branch.")
def norm_behind_the_branch(x, norm, branch, scale):
    return x + scale * _normed(branch(x), norm)


@pre_norm_block.mistake("The norm is not used: the branch gets x as it is.")
def no_norm(x, norm, branch, scale):
    return x + scale * branch(x)


@pre_norm_block.mistake("The shortcut is missing: add x.")
def no_shortcut(x, norm, branch, scale):
    return scale * branch(_normed(x, norm))


@pre_norm_block.mistake("The scale is missing: the branch enters the sum at its full size.")
def no_scale(x, norm, branch, scale):
    return x + branch(_normed(x, norm)) + 0 * scale


@pre_norm_block.mistake("x is scaled as well as the branch. The shortcut hands x on as it is.")
def all_scaled(x, norm, branch, scale):
    return scale * (x + branch(_normed(x, norm)))


@pre_norm_block.mistake(
    "The scale stands between norm and branch. Scale what the branch returns: with a nonlinear branch that is not the same."
)
def inner_scaled(x, norm, branch, scale):
    return x + branch(scale * _normed(x, norm))


@pre_norm_block.mistake(
    "The branch is called twice, and with dropout it returns something else each time. Call it once."
)
def called_twice(x, norm, branch, scale):
    branch(_normed(x, norm))
    return x + scale * branch(_normed(x, norm))


@pre_norm_block.mistake(
    "What the branch returns is changed in place, with *= or +=. Where the branch returns what it got, the input changes with it."
)
def branch_in_place(x, norm, branch, scale):
    out = branch(_normed(x, norm))
    out *= scale
    out += x
    return out


@pre_norm_block.variant
def by_a_list_of_stations(x, norm, branch, scale):
    signal = x
    for station in (norm, branch):
        if station is not None:
            signal = station(signal)
    return np.add(x, np.multiply(signal, scale))


@pre_norm_block.variant
def by_identity(x, norm, branch, scale):
    norm = norm or (lambda a: a)
    total = x.astype(float)
    total += scale * branch(norm(x))
    return total

"""Exercise branch_scale: how large may a branch be, where there are many of them?"""

import numpy as np

from nnutils.checks.exercise import exercise, raises


@exercise(
    kind="derive",
    points=3,
    minutes=7,
    hints=(
        "Take mean square 1 for x. One branch returns mean square 1, too. What is it after it is multiplied by the scale s?",
        "Scaled by s, a branch has mean square s * s. Those of uncorrelated signals add up: what do L of them have together, and what should they have?",
        "L * s**2 = 1. Solve it for s, and look at L before you do.",
    ),
)
def branch_scale(layers):
    """The scale of the branches with which depth does no harm to the signal.

    A branch returns as much mean square as it gets, and what it returns is
    uncorrelated with x and with the other branches. Suppose that each of
    the branches got the input of the first block. Then all of them
    together, each multiplied by the scale, should add exactly as much mean
    square as that input has.
    layers: the number of blocks, a whole number. Returns a float, the same
    scale for all blocks. Raises ValueError for less than 1 block.
    """
    if layers < 1:
        raise ValueError(f"there is no network of {layers} blocks")
    return 1 / np.sqrt(layers)


@branch_scale.cases
def _(rng):
    yield (1,)
    yield (2,)
    yield (int(rng.integers(5, 20)),)
    yield (100,)
    yield raises(ValueError, 0)
    yield raises(ValueError, -4)


def _counted(layers):
    if layers < 1:
        raise ValueError("no blocks")
    return layers


@branch_scale.mistake(
    "This is 1/L. Then the branches add a mean square of L / L^2, which goes to 0 in deep networks: mean squares go with the square of a scale."
)
def one_over(layers):
    return 1 / _counted(layers)


@branch_scale.mistake(
    "This takes into account that later branches get a larger signal, so that the whole doubles exactly. The contract lets each branch get the input of the first block."
)
def doubles_exactly(layers):
    return np.sqrt(2 ** (1 / _counted(layers)) - 1)


@branch_scale.mistake(
    "With this scale the whole grows e-fold exactly. The contract asks that the branches together add as much mean square as the input has."
)
def grows_by_e(layers):
    return np.sqrt(np.exp(1 / _counted(layers)) - 1)


@branch_scale.mistake(
    "The number under the root is one more than the number of branches. The shortcut of the input is not scaled, and not counted."
)
def one_too_many(layers):
    return 1 / np.sqrt(_counted(layers) + 1)


@branch_scale.mistake(
    "The branches add only half as much mean square as the input has: there is a 2 too many under the root. It belongs to He's weights, which are in the branch already."
)
def with_he(layers):
    return 1 / np.sqrt(2 * _counted(layers))


@branch_scale.mistake(
    "This is the root of L. More branches must be scaled down, and not up: take one over it."
)
def upside_down(layers):
    return np.sqrt(_counted(layers))


@branch_scale.mistake(
    "This is 1 over the fourth root of L. Then each branch has a mean square of 1 over the root of L, and L of them add far more than the input has."
)
def fourth_root(layers):
    return _counted(layers) ** -0.25


@branch_scale.mistake(
    "A network without blocks gets a scale, or another error. Raise ValueError for less than 1 block."
)
def not_counted(layers):
    return 1 / np.sqrt(max(layers, 1))


@branch_scale.variant
def by_power(layers):
    if layers <= 0:
        raise ValueError("at least one block")
    return layers**-0.5


@branch_scale.variant
def by_logarithm(layers):
    if not layers >= 1:
        raise ValueError
    return float(np.exp(-np.log(layers) / 2))

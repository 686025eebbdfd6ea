"""Exercise l1_subgradient: a subgradient of the L1 penalty."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.shared import signed


@exercise(
    kind="derive",
    points=1,
    minutes=4,
    hints=(
        "Draw |w|. What is its slope to the right of 0, and what to the left?",
        "The slope is 1 or -1: the sign of w, whatever its size. What stands in front of the sum stays in front. And at 0?",
        "lam / m * np.sign(W): np.sign is 0 at 0.",
    ),
)
def l1_subgradient(W, lam, m):
    """A subgradient of the L1 penalty.

    W: weights of any shape. lam: lambda. m: number of examples in the
    training set.
    Returns an array of W's shape: how fast the L1 penalty grows with each
    weight, and 0 where a weight is 0. The penalty's alone: no loss is in it.
    """
    return lam / m * np.sign(W)


@l1_subgradient.cases
def _(rng):
    W = signed(rng, 4, 3)
    W[[0, 2], [1, 2]] = 0.0
    yield W, 0.7, 5
    yield rng.permuted(np.arange(-4, 6).reshape(2, 5)), 3, 7
    yield 5 * signed(rng, 1, 6), 12.5, 37
    W = signed(rng, 7)
    W[2:4] = 0.0
    yield W, 0.03, 3
    yield np.array([[0.5, -1e-9, 0.0], [-2.0, 1e-7, -1e-5]]), 9, 4  # small weights are not 0


@l1_subgradient.mistake(
    "At 0 yours is positive. Take 0 there, so that a weight that has come to 0 is left alone."
)
def one_at_zero(W, lam, m):
    return lam / m * np.where(W >= 0, 1, -1)


@l1_subgradient.mistake(
    "At 0 yours is negative. Take 0 there, so that a weight that has come to 0 is left alone."
)
def minus_one_at_zero(W, lam, m):
    return lam / m * np.where(W > 0, 1, -1)


@l1_subgradient.mistake(
    "This is the gradient of the L2 penalty. That of |w| does not depend on how large w is."
)
def gradient_of_l2(W, lam, m):
    return lam / m * W


@l1_subgradient.mistake("You did not divide by m.")
def sign_without_m(W, lam, m):
    return lam * 1.0 * np.sign(W)


@l1_subgradient.mistake(
    "Your slopes are half of what they should be. The half belongs to L2: |w| needs none."
)
def sign_with_half(W, lam, m):
    return lam / (2 * m) * np.sign(W)


@l1_subgradient.mistake("The sign is the wrong way round: the penalty grows away from 0 on both sides.")
def downhill(W, lam, m):
    return -lam / m * np.sign(W)


@l1_subgradient.mistake(
    "This is the penalty of each weight. Return its slope: how fast it grows with the weight."
)
def the_penalty(W, lam, m):
    return lam / m * np.abs(W)


@l1_subgradient.mistake("W / |W| is 0 / 0 where a weight is 0. Use np.sign, which is 0 there.")
def divided_by_zero(W, lam, m):
    return lam / m * W / np.abs(W)


@l1_subgradient.mistake(
    "Where a weight is small your slope is smaller than elsewhere, often because of a small number in the "
    "denominator, as in W / (|W| + 1e-8). The slope of |w| is 1 or -1 however small w is: np.sign.",
    symptom=lambda a, r: _between_0_and_the_slope(a, r).any(),
)
def smoothed(W, lam, m):
    return lam / m * W / (np.abs(W) + 1e-8)


def _between_0_and_the_slope(a, r):
    """Where a subgradient has the right sign and less than the right size, if nothing else is wrong with it."""
    slope = l1_subgradient(a["W"], a["lam"], a["m"])
    share = r[slope != 0] / slope[slope != 0]
    fine = not r[slope == 0].any() and (share >= 0).all() and np.isclose(share.max(), 1)
    return fine & (share > 0) & (share < 0.9999)


@l1_subgradient.mistake("Small weights are treated as 0. Only at exactly 0 the slope is 0: np.sign knows.")
def small_is_zero(W, lam, m):
    return lam / m * np.where(np.abs(W) < 1e-4, 0.0, np.sign(W))


@l1_subgradient.mistake(
    "All slopes are positive here, whatever the weight. To the left of 0 |w| falls: the slope is -1."
)
def same_everywhere(W, lam, m):
    return lam / m * np.ones(W.shape)


@l1_subgradient.mistake("m multiplies. The penalty is divided by it.")
def sign_times_m(W, lam, m):
    return lam * m * np.sign(W) * 1.0


@l1_subgradient.mistake("There is a factor 2 too much. The slope of |w| is 1 or -1; the 2 belongs to w^2.")
def sign_doubled(W, lam, m):
    return 2 * lam / m * np.sign(W)


@l1_subgradient.mistake(
    "The factor in front of the signs is rounded down, often because // stands where / belongs."
)
def sign_by_whole_factor(W, lam, m):
    return lam // m * np.sign(W) * 1.0


@l1_subgradient.mistake("This is one number, the sum over all weights. Every weight has a slope of its own.")
def slopes_summed(W, lam, m):
    return lam / m * np.sum(np.sign(W))


@l1_subgradient.mistake(
    "You divided by the number of weights. m is the number of training examples, an argument."
)
def slope_by_number_of_weights(W, lam, m):
    return lam * np.sign(W) / W.size


@l1_subgradient.mistake("The signs are lost: the slope of |w| is -1 where w is negative.")
def signs_lost(W, lam, m):
    return lam / m * np.abs(np.sign(W))


@l1_subgradient.variant
def two_comparisons(W, lam, m):
    return lam * ((W > 0) * 1.0 - (W < 0) * 1.0) / m


@l1_subgradient.variant
def by_parts(W, lam, m):
    slope = np.zeros(W.shape)
    slope[W > 0] = lam / m
    slope[W < 0] = -lam / m
    return slope

"""Exercise l2_gradient: the gradient of the cost with its L2 penalty."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.shared import signed


def _gradient_cases(rng):
    """dW, W, lam, m."""
    yield rng.normal(size=(4, 3)), signed(rng, 4, 3), 0.7, 5
    yield rng.normal(size=(2, 6)), 3 * signed(rng, 2, 6), 12.5, 37
    yield rng.normal(size=(3, 2)), rng.integers(2, 9, size=(3, 2)), 3, 7
    yield rng.normal(size=(1, 4)), signed(rng, 1, 4), 9, 4
    yield rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 0.0, 4


@exercise(
    kind="derive",
    points=2,
    minutes=4,
    hints=(
        "Move one weight w by a tiny step and ask what the L2 penalty does. Every other weight's term stays as it is.",
        "Differentiate lam / (2 m) w^2 by w. What becomes of the 2? The derivative of a sum is the sum of the derivatives.",
        "The penalty's part of the gradient is lam / m * W. Add it to dW.",
    ),
)
def l2_gradient(dW, W, lam, m):
    """The gradient of the mean loss plus the L2 penalty.

    dW: (n_in, n_out), the gradient of the mean loss alone. W: the
    weights, of the same shape. lam: lambda. m: number of examples in the
    training set.
    Returns an array (n_in, n_out): how fast the whole cost grows with
    each weight.
    """
    return dW + lam / m * W


l2_gradient.cases(_gradient_cases)


@l2_gradient.mistake(
    "The penalty's part is half as large as it should be, often because the 2 below the line is kept and that of the derivative is not."
)
def half_of_it(dW, W, lam, m):
    return dW + lam / (2 * m) * W


@l2_gradient.mistake(
    "The penalty's part is twice as large as it should be, often because the 2 of the derivative is kept and that below the line is not."
)
def twice(dW, W, lam, m):
    return dW + 2 * lam / m * W


@l2_gradient.mistake("The penalty's part is not divided by m, as the penalty is.")
def undivided(dW, W, lam, m):
    return dW + lam * W * 1.0


@l2_gradient.mistake("You subtract the penalty's part. The cost grows where a weight moves away from 0.")
def subtracted(dW, W, lam, m):
    return dW - lam / m * W


@l2_gradient.mistake("This is the penalty's gradient alone. Add it to dW.")
def penalty_alone(dW, W, lam, m):
    return lam / m * W


@l2_gradient.mistake("This is the gradient of an L1 penalty, with the sign of W. For L2 it is W itself.")
def with_sign(dW, W, lam, m):
    return dW + lam / m * np.sign(W)


@l2_gradient.mistake(
    "You added the penalty itself, one number, to each entry. Add its derivative by each weight."
)
def cost_added(dW, W, lam, m):
    return dW + lam / (2 * m) * np.sum(W**2)


@l2_gradient.mistake("dW is divided by m once more. It is a mean over the examples already.")
def all_divided(dW, W, lam, m):
    return (dW + lam * W) / m


@l2_gradient.mistake("This is dW as it came. The penalty's derivative is missing.")
def penalty_missing(dW, W, lam, m):
    return dW * 1.0


@l2_gradient.mistake("The penalty's part is multiplied by m. The penalty is divided by it.")
def times_m(dW, W, lam, m):
    return dW + lam * m * W


@l2_gradient.mistake("The penalty's factor is rounded down, often because // stands where / belongs.")
def whole_factor(dW, W, lam, m):
    return dW + lam // m * W


@l2_gradient.mistake(
    "You divided by the number of weights. m is the number of training examples, an argument."
)
def by_number_of_weights(dW, W, lam, m):
    return dW + lam / W.size * W


@l2_gradient.mistake("The weights are squared in the penalty's part. The derivative of w^2 is 2 w.")
def weights_squared(dW, W, lam, m):
    return dW + lam / m * W**2


@l2_gradient.mistake(
    "W is divided by its norm: that is the derivative of the norm. The penalty has the SQUARED norm."
)
def of_the_norm(dW, W, lam, m):
    return dW + lam / m * W / np.linalg.norm(W)


@l2_gradient.mistake(
    "The result is right, but dW itself has changed: += writes into the caller's array. Return dW + ..."
)
def added_in_place(dW, W, lam, m):
    dW += lam / m * W
    return dW


@l2_gradient.mistake(
    "The same number is added to each entry. But how fast the square of a weight grows depends on that weight."
)
def factor_alone(dW, W, lam, m):
    return dW + lam / m


@l2_gradient.mistake(
    "You added the sum of all weights to each entry. If one weight moves, only its own square changes."
)
def sum_of_weights(dW, W, lam, m):
    return dW + lam / m * np.sum(W)


@l2_gradient.mistake(
    "The sizes of the weights are added, without their signs. The derivative of w^2 has the sign of w."
)
def without_signs(dW, W, lam, m):
    return dW + lam / m * np.abs(W)


@l2_gradient.variant
def added_up(dW, W, lam, m):
    total = np.array(dW, float)
    total += W * (lam / m)
    return total


@l2_gradient.variant
def added_to_a_copy(dW, W, lam, m):
    total = dW.copy()
    total += lam / m * W
    return total


@l2_gradient.variant
def common_denominator(dW, W, lam, m):
    return (m * dW + lam * W) / m

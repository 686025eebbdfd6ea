"""Exercises of lesson 03: penalties on the weights, L2, L1, both, and a cap on a unit's weights."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 3
MINUTES = 80


def _layers(rng, *shapes):
    return [rng.normal(size=shape) + 0.3 for shape in shapes]


def _signed(rng, *shape):
    """Numbers of both signs, at least 0.2 from 0."""
    size = int(np.prod(shape))
    return (rng.permutation(np.resize([1, -1], size)) * rng.uniform(0.2, 2, size=size)).reshape(shape)


def _cost_cases(rng):
    """(weights, lam, m): layers of different shapes, m not 1, an integer layer, a single layer, no penalty."""
    yield _layers(rng, (4, 3), (3, 2)), 0.7, 5
    yield _layers(rng, (2, 6), (6, 5), (5, 1)), 12.5, 37
    yield [rng.integers(1, 6, size=(3, 2)), rng.integers(-6, -1, size=(2, 4))], 2, 7
    yield [_signed(rng, 1, 4)], 0.03, 3
    yield _layers(rng, (2, 2), (2, 3)), 0.0, 4


@exercise(
    points=1,
    minutes=5,
    hints=(
        "Square every weight of every layer and add them all up. Then one factor in front.",
        "np.sum(W**2) is the sum of one layer. Add them up over the list, biases are not in it.",
        "lam / (2 * m) * sum(np.sum(W**2) for W in weights)",
    ),
)
def l2_cost(weights, lam, m):
    """The L2 penalty on the weights.

    weights: list of the layers' matrices W, of any shapes (no biases).
    lam: lambda, 0 or more. m: number of training examples.
    Returns a float: lambda / (2 m) * the sum of w^2 over every weight w of every layer.
    (Hoerl & Kennard 1970: ridge; Krogh & Hertz 1992: weight decay.)
    """
    return lam / (2 * m) * sum(np.sum(W**2) for W in weights)


l2_cost.cases(_cost_cases)


@l2_cost.mistake("The 2 is missing below the line: lam / (2 m). It cancels the 2 of the derivative.")
def without_the_half(weights, lam, m):
    return lam / m * sum(np.sum(W**2) for W in weights)


@l2_cost.mistake("You did not divide by m. (Keras has no m in its penalty; here it is lam / (2 m).)")
def without_m(weights, lam, m):
    return lam / 2 * sum(np.sum(W**2) for W in weights)


@l2_cost.mistake("This is Keras' penalty, lam times the sum of squares. Here the factor is lam / (2 m).")
def as_keras(weights, lam, m):
    return float(lam * sum(np.sum(W**2) for W in weights))


@l2_cost.mistake("You took the root, so this is with the norm. The penalty has the squared norm: no root.")
def with_root(weights, lam, m):
    return lam / (2 * m) * sum(np.sqrt(np.sum(W**2)) for W in weights)


@l2_cost.mistake("Only the first layer is counted. Add up over all of the list.")
def first_layer(weights, lam, m):
    return lam / (2 * m) * np.sum(weights[0] ** 2.0)


@l2_cost.mistake("You add up the weights and then square. Square each weight first: otherwise they cancel.")
def sum_then_square(weights, lam, m):
    return lam / (2 * m) * sum(np.sum(W) ** 2 for W in weights)


@l2_cost.mistake("You average the squares in each layer. Sum them: a weight counts alike in every layer.")
def mean_of_squares(weights, lam, m):
    return lam / (2 * m) * sum(np.mean(W**2.0) for W in weights)


@l2_cost.mistake("These are absolute values, the L1 penalty's. For L2 square the weights.")
def absolute_values(weights, lam, m):
    return lam / (2 * m) * sum(np.sum(np.abs(W)) for W in weights)


@l2_cost.variant
def dot_products(weights, lam, m):
    flat = np.concatenate([W.ravel() for W in weights])
    return lam * (flat @ flat) / m / 2


@l2_cost.variant
def loops(weights, lam, m):
    total = 0.0
    for W in weights:
        for row in W:
            for w in row:
                total += lam * w * w
    return total / (2 * m)


def _gradient_cases(rng):
    """dW, W, lam, m."""
    yield rng.normal(size=(4, 3)), _signed(rng, 4, 3), 0.7, 5
    yield rng.normal(size=(2, 6)), 3 * _signed(rng, 2, 6), 12.5, 37
    yield rng.normal(size=(3, 2)), rng.integers(2, 9, size=(3, 2)), 3, 7
    yield rng.normal(size=(1, 4)), _signed(rng, 1, 4), 9, 4
    yield rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 0.0, 4


@exercise(
    points=1,
    minutes=5,
    hints=(
        "Differentiate lam / (2 m) w^2 by w. What becomes of the 2?",
        "The derivative of the penalty by W is lam / m * W. Add it to the derivative of the loss.",
        "dW + lam / m * W",
    ),
)
def l2_gradient(dW, W, lam, m):
    """The gradient of the cost with its L2 penalty.

    dW: (n_in, n_out), the gradient of the loss alone. W: the weights, of the same shape.
    lam: lambda. m: number of training examples.
    Returns an array (n_in, n_out): dW plus the derivative of the penalty
    lambda / (2 m) * sum of w^2 by W.
    """
    return dW + lam / m * W


l2_gradient.cases(_gradient_cases)


@l2_gradient.mistake("The derivative of w^2 is 2 w, and the 2 cancels: lam / m, not lam / (2 m).")
def half_of_it(dW, W, lam, m):
    return dW + lam / (2 * m) * W


@l2_gradient.mistake(
    "This is twice the penalty's gradient: the 2 of the derivative cancels that of lam / (2 m)."
)
def twice(dW, W, lam, m):
    return dW + 2 * lam / m * W


@l2_gradient.mistake("The penalty's part is not divided by m: it is lam / m * W.")
def undivided(dW, W, lam, m):
    return dW + lam * W * 1.0


@l2_gradient.mistake(
    "You subtract the penalty. The cost grows with the weights: add lam / m * W to the gradient."
)
def subtracted(dW, W, lam, m):
    return dW - lam / m * W


@l2_gradient.mistake("This is the penalty's gradient alone. Add it to dW.")
def penalty_alone(dW, W, lam, m):
    return lam / m * W


@l2_gradient.mistake("This is the gradient of an L1 penalty, with the sign of W. For L2 it is W itself.")
def with_sign(dW, W, lam, m):
    return dW + lam / m * np.sign(W)


@l2_gradient.mistake("You added the penalty itself, one number, to each entry. Add its derivative by W.")
def cost_added(dW, W, lam, m):
    return dW + lam / (2 * m) * np.sum(W**2)


@l2_gradient.mistake("dW is divided by m once more. It is a mean over the examples already.")
def all_divided(dW, W, lam, m):
    return (dW + lam * W) / m


@l2_gradient.mistake("This is dW as it came. The penalty's derivative is missing: add lam / m * W.")
def penalty_missing(dW, W, lam, m):
    return dW * 1.0


@l2_gradient.mistake("The penalty's part is multiplied by m. Divide by it: lam / m * W.")
def times_m(dW, W, lam, m):
    return dW + lam * m * W


@l2_gradient.mistake("The factor lam / m is rounded down, often because // stands where / belongs.")
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
    "You added the factor lam / m and forgot W. The derivative of the penalty is lam / m * W."
)
def factor_alone(dW, W, lam, m):
    return dW + lam / m


@l2_gradient.mistake(
    "You added the sum of all weights to each entry. Each weight has its own derivative: lam / m * W."
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


@exercise(
    points=2,
    minutes=6,
    hints=(
        "A gradient step is W - lr * gradient. Put your L2 gradient there and sort the terms by W and dW.",
        "W - lr (dW + lam / m W). What stands in front of W, all together?",
        "(1 - lr * lam / m) * W - lr * dW",
    ),
)
def weight_decay_step(W, dW, lr, lam, m):
    """One step of gradient descent on the cost with its L2 penalty.

    W: (n_in, n_out) weights. dW: the gradient of the loss ALONE, of the same shape.
    lr: learning rate. lam: lambda. m: number of training examples.
    Returns the new weights, (n_in, n_out): W - lr * (gradient of loss plus penalty).
    """
    return (1 - lr * lam / m) * W - lr * dW


@weight_decay_step.cases
def _(rng):
    yield rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 0.5, 0.7, 5
    yield 3 * rng.normal(size=(2, 6)), rng.normal(size=(2, 6)), 0.03, 12.5, 37
    yield rng.integers(2, 9, size=(3, 2)), rng.normal(size=(3, 2)), 0.2, 3, 7
    yield rng.normal(size=(1, 4)) + 2, np.zeros((1, 4)), 0.9, 0.8, 3
    yield rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 0.1, 0.0, 4


@weight_decay_step.mistake("The learning rate is missing in the factor: it is 1 - lr lam / m.")
def factor_without_lr(W, dW, lr, lam, m):
    return (1 - lam / m) * W - lr * dW


@weight_decay_step.mistake("m is missing in the factor: it is 1 - lr lam / m.")
def factor_without_m(W, dW, lr, lam, m):
    return (1 - lr * lam) * W - lr * dW


@weight_decay_step.mistake("The penalty's gradient is lam / m * W, without a half: the 2 cancels.")
def factor_with_half(W, dW, lr, lam, m):
    return (1 - lr * lam / (2 * m)) * W - lr * dW


@weight_decay_step.mistake(
    "Your weights grow: the penalty's gradient is subtracted, so the factor is below 1."
)
def growing(W, dW, lr, lam, m):
    return (1 + lr * lam / m) * W - lr * dW


@weight_decay_step.mistake(
    "You shrink after the step, the new dW part as well. The penalty's gradient is taken at the old W."
)
def shrunk_afterwards(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * (W - lr * dW)


@weight_decay_step.mistake("You go up the gradient. Subtract lr * dW.")
def uphill(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W + lr * dW


@weight_decay_step.mistake("This is a plain gradient step. The penalty is missing.")
def without_penalty(W, dW, lr, lam, m):
    return W - lr * dW


@weight_decay_step.mistake("The weights decay, but the loss is forgotten: subtract lr * dW, too.")
def decay_alone(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W


@weight_decay_step.mistake("The gradient is not multiplied by the learning rate.")
def gradient_without_lr(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W - dW


@weight_decay_step.mistake(
    "Every weight shrinks by the same amount, lr lam / m, as with L1. With L2 it shrinks in proportion to itself."
)
def decay_by_sign(W, dW, lr, lam, m):
    return W - lr * lam / m * np.sign(W) - lr * dW


@weight_decay_step.mistake("dW is divided by m once more. It is a mean over the examples already.")
def dW_divided(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W - lr * dW / m


@weight_decay_step.mistake("m multiplies in the factor. Divide by it: 1 - lr lam / m.")
def factor_times_m(W, dW, lr, lam, m):
    return (1 - lr * lam * m) * W - lr * dW


@weight_decay_step.mistake(
    "The weights decay twice as fast. The 2 of the derivative cancels: the factor is 1 - lr lam / m."
)
def factor_doubled(W, dW, lr, lam, m):
    return (1 - 2 * lr * lam / m) * W - lr * dW


@weight_decay_step.mistake("This is the change of W. Return the new W: add it to the old one.")
def the_change(W, dW, lr, lam, m):
    return -lr * (dW + lam / m * W)


@weight_decay_step.mistake(
    "This is the gradient of loss and penalty. Return W after the step along it: W - lr * gradient."
)
def the_gradient(W, dW, lr, lam, m):
    return dW + lam / m * W


@weight_decay_step.mistake(
    "-= or *= writes into the caller's W (and fails where it holds whole numbers). Write W = W - ..., a new array."
)
def stepped_in_place(W, dW, lr, lam, m):
    W -= lr * (dW + lam / m * W)
    return W


@weight_decay_step.mistake("The decay is lam * W, without lr and m. It is lr * lam / m * W.")
def decay_by_lam(W, dW, lr, lam, m):
    return W - lr * dW - lam * W


@weight_decay_step.variant
def through_the_gradient(W, dW, lr, lam, m):
    return W - lr * l2_gradient(dW, W, lam, m)


@weight_decay_step.variant
def step_by_step(W, dW, lr, lam, m):
    new = W.astype(float)
    new -= lr * dW
    new -= lr / m * lam * W
    return new


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Like the L2 cost, with |w| in place of w^2, and with another factor.",
        "np.sum(np.abs(W)) for each layer, added up. The factor has no 2 here.",
        "lam / m * sum(np.sum(np.abs(W)) for W in weights)",
    ),
)
def l1_cost(weights, lam, m):
    """The L1 penalty on the weights.

    weights: list of the layers' matrices W (no biases). lam: lambda. m: number of examples.
    Returns a float: lambda / m * the sum of |w| over every weight w of every layer.
    (Tibshirani 1996: the lasso.)
    """
    return lam / m * sum(np.sum(np.abs(W)) for W in weights)


l1_cost.cases(_cost_cases)


@l1_cost.mistake(
    "There is no half in the L1 penalty: |w| has the derivative 1 or -1, so nothing is to cancel."
)
def with_half(weights, lam, m):
    return lam / (2 * m) * sum(np.sum(np.abs(W)) for W in weights)


@l1_cost.mistake("You did not divide by m: the factor is lam / m.")
def l1_without_m(weights, lam, m):
    return lam * 1.0 * sum(np.sum(np.abs(W)) for W in weights)


@l1_cost.mistake("These are squares. L1 adds up absolute values.")
def squares(weights, lam, m):
    return lam / m * sum(np.sum(W**2) for W in weights)


@l1_cost.mistake(
    "You add up the weights and take the absolute value last. They cancel: take it of each weight."
)
def sum_then_absolute(weights, lam, m):
    return lam / m * sum(np.abs(np.sum(W)) for W in weights)


@l1_cost.mistake("The absolute values are missing: negative weights lower your penalty.")
def without_absolute(weights, lam, m):
    return lam / m * float(sum(np.sum(W) for W in weights))


@l1_cost.mistake("You average over each layer. Sum: a weight counts alike in every layer.")
def mean_of_absolutes(weights, lam, m):
    return lam / m * sum(np.mean(np.abs(W)) for W in weights)


@l1_cost.mistake("np.linalg.norm(W, 1) of a matrix is its largest column sum. Add up |w| over all entries.")
def matrix_norm(weights, lam, m):
    return lam / m * sum(np.max(np.sum(np.abs(W), axis=0)) for W in weights)


@l1_cost.variant
def flat_norm(weights, lam, m):
    return lam * sum(np.linalg.norm(np.ravel(W), 1) for W in weights) / m


@l1_cost.variant
def by_sign(weights, lam, m):
    return sum((lam / m * np.sign(W) * W).sum() for W in weights)


@exercise(
    points=1,
    minutes=4,
    hints=(
        "What is the slope of |w| to the right of 0, and what to the left?",
        "1 and -1: the sign of w. At 0 the slope is not defined, and 0 is the value to take. np.sign does that.",
        "lam / m * np.sign(W)",
    ),
)
def l1_subgradient(W, lam, m):
    """A subgradient of the L1 penalty.

    W: weights of any shape. lam: lambda. m: number of training examples.
    Returns an array of W's shape: the derivative of lambda / m * sum of |w| by W, and 0
    where a weight is 0. (The penalty's alone: the loss is not in it.)
    """
    return lam / m * np.sign(W)


@l1_subgradient.cases
def _(rng):
    W = _signed(rng, 4, 3)
    W[[0, 2], [1, 2]] = 0.0
    yield W, 0.7, 5
    yield rng.permuted(np.arange(-4, 6).reshape(2, 5)), 3, 7
    yield 5 * _signed(rng, 1, 6), 12.5, 37
    W = _signed(rng, 7)
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


@l1_subgradient.mistake("There is no half: the penalty is lam / m * |w|, and the slope of |w| is 1.")
def sign_with_half(W, lam, m):
    return lam / (2 * m) * np.sign(W)


@l1_subgradient.mistake("The sign is the wrong way round: the penalty grows away from 0 on both sides.")
def downhill(W, lam, m):
    return -lam / m * np.sign(W)


@l1_subgradient.mistake("This is the penalty of each weight. Its slope is lam / m times the sign.")
def the_penalty(W, lam, m):
    return lam / m * np.abs(W)


@l1_subgradient.mistake("W / |W| is 0 / 0 where a weight is 0. Use np.sign, which is 0 there.")
def divided_by_zero(W, lam, m):
    return lam / m * W / np.abs(W)


@l1_subgradient.mistake(
    "Where a weight is small your slope is less than lam / m in size, often because of a small number in the "
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


@l1_subgradient.mistake("m multiplies. Divide by it: lam / m.")
def sign_times_m(W, lam, m):
    return lam * m * np.sign(W) * 1.0


@l1_subgradient.mistake("There is a factor 2 too much. The slope of |w| is 1 or -1; the 2 belongs to w^2.")
def sign_doubled(W, lam, m):
    return 2 * lam / m * np.sign(W)


@l1_subgradient.mistake("The factor lam / m is rounded down, often because // stands where / belongs.")
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


@exercise(
    points=1,
    minutes=4,
    hints=(
        "A weighted mean of two costs that you have.",
        "l1_ratio of the L1 cost, and what is left to 1 of the L2 cost.",
        "l1_ratio * l1_cost(weights, lam, m) + (1 - l1_ratio) * l2_cost(weights, lam, m)",
    ),
)
def elastic_net_cost(weights, lam, l1_ratio, m):
    """The elastic net: a mixture of the L1 and the L2 penalty.

    weights: list of the layers' matrices W. lam: lambda. l1_ratio: from 0 (L2 alone) to 1
    (L1 alone). m: number of training examples.
    Returns a float: l1_ratio times the L1 cost plus (1 - l1_ratio) times the L2 cost, both
    as in this lesson. (Zou & Hastie 2005)
    """
    return l1_ratio * l1_cost(weights, lam, m) + (1 - l1_ratio) * l2_cost(weights, lam, m)


@elastic_net_cost.cases
def _(rng):
    yield _layers(rng, (4, 3), (3, 2)), 0.7, 0.3, 5
    yield _layers(rng, (2, 6), (6, 5), (5, 1)), 12.5, 0.8, 37
    yield [rng.integers(2, 6, size=(3, 2)), rng.integers(-6, -1, size=(2, 4))], 2, 0.6, 7
    yield _layers(rng, (3, 4)), 0.3, 0.0, 3
    yield _layers(rng, (1, 4)), 0.3, 1.0, 3


def _l1(weights, lam, m):
    return lam / m * sum(np.sum(np.abs(W)) for W in weights)


def _l2(weights, lam, m):
    return lam / (2 * m) * sum(np.sum(W**2) for W in weights)


@elastic_net_cost.mistake("The shares are swapped: l1_ratio is the share of L1.")
def shares_swapped(weights, lam, l1_ratio, m):
    return (1 - l1_ratio) * _l1(weights, lam, m) + l1_ratio * _l2(weights, lam, m)


@elastic_net_cost.mistake("The L2 part counts in full. It gets what L1 leaves: 1 - l1_ratio.")
def l2_in_full(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) + _l2(weights, lam, m)


@elastic_net_cost.mistake("The L1 part counts in full. It gets the share l1_ratio.")
def l1_in_full(weights, lam, l1_ratio, m):
    return _l1(weights, lam, m) + (1 - l1_ratio) * _l2(weights, lam, m)


@elastic_net_cost.mistake("Both costs count in full: this is their sum, and l1_ratio is not used.")
def plain_sum(weights, lam, l1_ratio, m):
    return _l1(weights, lam, m) + _l2(weights, lam, m)


@elastic_net_cost.mistake("The half of the L2 cost is missing: use your l2_cost.")
def l2_without_half(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) + (1 - l1_ratio) * 2 * _l2(weights, lam, m)


@elastic_net_cost.mistake("The L1 part is halved, too. The half belongs to L2 alone.")
def l1_with_half(weights, lam, l1_ratio, m):
    return l1_ratio * _l1(weights, lam, m) / 2 + (1 - l1_ratio) * _l2(weights, lam, m)


@elastic_net_cost.mistake("You did not divide by m.")
def net_without_m(weights, lam, l1_ratio, m):
    return m * (l1_ratio * _l1(weights, lam, m) + (1 - l1_ratio) * _l2(weights, lam, m))


@elastic_net_cost.variant
def weight_by_weight(weights, lam, l1_ratio, m):
    flat = np.abs(np.concatenate([np.ravel(W) for W in weights]))
    return lam / m * np.sum(flat * (l1_ratio + (1 - l1_ratio) / 2 * flat))


@elastic_net_cost.variant
def as_a_blend(weights, lam, l1_ratio, m):
    ridge, lasso = l2_cost(weights, lam, m), l1_cost(weights, lam, m)
    return ridge + l1_ratio * (lasso - ridge)


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Move every weight towards 0 by t. What should become of one that is closer to 0 than t?",
        "The size of the new weight is |w| - t, but never below 0. The sign stays.",
        "np.sign(W) * np.maximum(np.abs(W) - t, 0)",
    ),
)
def soft_threshold(W, t):
    """Move every weight towards 0 by t, and no further than 0.

    W: weights of any shape. t: a float, 0 or more.
    Returns an array of W's shape: sign(w) * max(|w| - t, 0) for each weight w. With
    t = lr * lambda / m, after a plain gradient step, this is a step with an L1 penalty.
    (Daubechies, Defrise & De Mol 2004: ISTA.)
    """
    return np.sign(W) * np.maximum(np.abs(W) - t, 0)


@soft_threshold.cases
def _(rng):
    def spread(*shape):  # sizes 0.1 to 2, of both signs, in random order
        size = int(np.prod(shape))
        signs = np.resize([1, -1], size)
        return rng.permutation(signs * (0.1 + 1.9 * (np.arange(size) // 2) / size * 2)).reshape(shape)

    yield spread(4, 3), 0.7
    yield spread(2, 9), 1.3
    yield rng.permuted(np.arange(-5, 7).reshape(3, 4)), 2.5
    yield spread(8), 0.25
    yield spread(2, 2, 3), 0.0
    yield np.array([[0.0, -1.5, 0.25]]), 0.0
    yield np.array([0.5, -0.5, 0.75, 0.0, -2.0]), 0.5


@soft_threshold.mistake(
    "This is the hard threshold: small weights become 0, but large ones must move by t as well.",
    symptom=lambda a, r: a["t"] > 0 and (r == a["W"] * (np.abs(a["W"]) > a["t"])).all() and r.any(),
)
def hard(W, t):
    return np.where(np.abs(W) > t, W, 0.0)


@soft_threshold.mistake("The sign is lost: negative weights come out positive.")
def sign_lost(W, t):
    return np.maximum(np.abs(W) - t, 0.0)


@soft_threshold.mistake("Negative weights have all become 0. They move towards 0, too, by adding t.")
def one_side(W, t):
    return np.maximum(W - t, 0.0)


@soft_threshold.mistake(
    "Small weights jump over 0 to the other side, so none ever stays at 0. Stop at 0: max(|w| - t, 0)."
)
def jumps_over(W, t):
    return W - t * np.sign(W)


@soft_threshold.mistake(
    "You cut the weights off at t. That keeps what should go: this is W minus the answer."
)
def clipped(W, t):
    return np.clip(W, -t, t) * 1.0


@soft_threshold.mistake(
    "You shrink in proportion, as weight decay does. Here every weight moves by the same t."
)
def in_proportion(W, t):
    return (1 - t) * W


@soft_threshold.mistake("The weights move away from 0. Take t off their size.")
def outwards(W, t):
    return np.sign(W) * (np.abs(W) + t)


@soft_threshold.mistake(
    "Weights closer to 0 than t are left as they are. They should become 0, and that is what the penalty is for."
)
def small_left_alone(W, t):
    return np.where(np.abs(W) > t, W - t * np.sign(W), W)


@soft_threshold.mistake(
    "You subtract t from every weight. Negative ones then move away from 0: they should gain t."
)
def subtracted_everywhere(W, t):
    return W - t


@soft_threshold.mistake(
    "No size falls below t here: max(|w|, t). Take t off the size first: max(|w| - t, 0)."
)
def lifted_to_t(W, t):
    return np.sign(W) * np.maximum(np.abs(W), t)


@soft_threshold.mistake(
    "1 - t / |w| is 0 / 0 where a weight and t are both 0. Take t off the size instead, and give it the sign of w."
)
def ratio_at_zero(W, t):
    return W * np.maximum(1 - t / np.abs(W), 0)


@soft_threshold.mistake("You shrink by the norm of the whole array. Every weight moves by itself.")
def by_the_norm(W, t):
    return W * np.maximum(1 - t / np.linalg.norm(W), 0)


@soft_threshold.mistake(
    "Where W holds whole numbers the result is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(W). Make it an array of floats."
)
def result_kept_whole(W, t):
    return (np.sign(W) * np.maximum(np.abs(W) - t, 0)).astype(W.dtype)


@soft_threshold.mistake("The weights move by 2 t. Move them by t.")
def moved_twice(W, t):
    return np.sign(W) * np.maximum(np.abs(W) - 2 * t, 0)


@soft_threshold.mistake(
    "Small weights jump over 0, and 0 itself moves to the other side. Where |w| is at most t the new weight is 0."
)
def jumps_at_zero(W, t):
    return np.where(W > 0, W - t, W + t)


@soft_threshold.mistake("The new size is multiplied by w. It only gets the SIGN of w: np.sign(W).")
def times_the_weight(W, t):
    return W * np.maximum(np.abs(W) - t, 0)


@soft_threshold.variant
def two_sides(W, t):
    return np.maximum(W - t, 0) - np.maximum(-W - t, 0)


@soft_threshold.variant
def what_is_left(W, t):
    return W - np.clip(W, -t, t)


@soft_threshold.variant
def three_regions(W, t):
    out = np.zeros(W.shape)
    above, below = np.greater(W, t), np.less(W, -t)
    out[above] = W[above] - t
    out[below] = W[below] + t
    return out


@exercise(
    points=2,
    minutes=8,
    hints=(
        "The weights that come into unit j are column j of W. How long is each column?",
        "lengths = np.sqrt(np.sum(W**2, axis=0)). Columns longer than r are multiplied by r / length, the others by 1.",
        "W * (r / np.maximum(lengths, r)): the factor is 1 where a column is shorter than r, and a column of zeros is "
        "no trouble.",
    ),
)
def max_norm(W, r):
    """Cap the length of each unit's incoming weights.

    W: (n_in, n_out); column j holds the weights that come into unit j. r: the largest
    length allowed, a float above 0.
    Returns an array (n_in, n_out): columns whose Euclidean length exceeds r are scaled down
    to the length r, in their direction; the others stay as they are. (Srebro & Shraibman
    2005; Hinton et al. 2012, with dropout.)
    """
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * (r / np.maximum(lengths, r))


def _columns(rng, n_in, lengths):
    W = rng.normal(size=(n_in, len(lengths)))
    return W / np.sqrt(np.sum(W**2, axis=0)) * rng.permutation(lengths)


@max_norm.cases
def _(rng):
    yield _columns(rng, 4, [0.3, 1.2, 2.5, 5.0, 9.0]), 2.0
    yield _columns(rng, 6, [0.4, 0.65, 0.75, 0.9, 1.6]), 0.7
    yield np.column_stack([_columns(rng, 3, [0.5, 4.0, 7.0]), np.zeros(3)]), 3.0
    yield np.array([[3, 6, 0], [4, 8, 1], [0, 0, 2], [0, 0, 2]]) * rng.choice([-1, 1], size=(4, 1)), 4.0
    yield rng.permutation([0.5, -1.7, 3.0])[np.newaxis], 1.5
    yield np.array([[3.0, 3e-6, 6.0], [-4.0, 4e-6, 8.0]]), 5.0  # lengths 5, 5e-6 and 10


@max_norm.mistake(
    "You capped the rows, the weights that leave a unit. What comes into unit j is column j: axis=0."
)
def by_rows(W, r):
    lengths = np.sqrt(np.sum(W**2, axis=1, keepdims=True))
    return W * (r / np.maximum(lengths, r))


@max_norm.mistake("All columns have the length r now. Those that were shorter must stay as they are.")
def all_to_r(W, r):
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * np.where(lengths > 0, r / np.where(lengths > 0, lengths, 1), 1)


@max_norm.mistake("You divide a column of zeros by its length. Leave columns alone that are shorter than r.")
def zero_by_zero(W, r):
    return r * W / np.sqrt(np.sum(W**2, axis=0))


@max_norm.mistake("You capped the length of the whole matrix. Every column has a cap of its own.")
def whole_matrix(W, r):
    return W * (r / np.maximum(np.sqrt(np.sum(W**2)), r))


@max_norm.mistake("You cut off every weight at r. That turns the column; scale it as a whole.")
def each_weight(W, r):
    return np.clip(W, -r, r) * 1.0


@max_norm.mistake("The root is missing: you compare the squared length with r.")
def squared_length(W, r):
    return W * (r / np.maximum(np.sum(W**2, axis=0), r))


@max_norm.mistake("The long columns have the length 1 now. Multiply them by r, too.")
def to_length_one(W, r):
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return np.where(lengths > r, W / np.maximum(lengths, r), W * 1.0)


@max_norm.mistake("This takes the sum of absolute values for the length. The Euclidean length is meant.")
def by_absolute_values(W, r):
    return W * (r / np.maximum(np.sum(np.abs(W), axis=0), r))


@max_norm.mistake("Columns that are too long have become 0. Scale them to the length r.")
def removed(W, r):
    return np.where(np.sqrt(np.sum(W**2, axis=0)) > r, 0.0, W)


@max_norm.mistake(
    "One factor scales all columns, that of the longest one. Columns shorter than r must stay as they are."
)
def one_factor_for_all(W, r):
    return W * (r / max(np.sqrt(np.sum(W**2, axis=0)).max(), r))


@max_norm.mistake(
    "You capped the matrix by its largest singular value: np.linalg.norm(W, 2) of a matrix is that. Take the length of "
    "each column: axis=0."
)
def spectral_norm(W, r):
    return W * (r / max(np.linalg.norm(W, 2), r))


@max_norm.mistake(
    "Short columns come out a little shorter, often because a small number is added to the length. Columns not longer "
    "than r must stay as they are.",
    symptom=lambda a, result: _a_little_short(a["W"], a["r"], result),
)
def small_number_added(W, r):
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * np.clip(lengths, 0, r) / (lengths + 1e-3)


def _a_little_short(W, r, result):
    """Whether columns keep their direction and, but for tiny ones, their right length, and some are too short."""
    before, after = (np.sqrt(np.sum(one**2, axis=0)) for one in (W, result))
    share = after[before > 0] / np.minimum(before, r)[before > 0]
    turned = not np.allclose(result * before, W * after)
    tiny = before[before > 0] < 1e-3
    return not turned and bool(
        (share[~tiny] > 0.99).all() and (share < 1 + 1e-9).all() and (share < 1 - 1e-8).any()
    )


@max_norm.mistake("This takes the largest entry for the length of a column. The Euclidean length is meant.")
def by_largest_entry(W, r):
    return W * (r / np.maximum(np.abs(W).max(axis=0), r))


@max_norm.mistake(
    "You divided by the number of weights: this is the root mean square of a column. Its length has the sum."
)
def by_root_mean_square(W, r):
    return W * (r / np.maximum(np.sqrt(np.mean(W**2, axis=0)), r))


@max_norm.mistake(
    "The factor is the root of what it should be: r / length, where the length has had its root already."
)
def root_of_the_factor(W, r):
    return W * np.sqrt(r / np.maximum(np.sqrt(np.sum(W**2, axis=0)), r))


@max_norm.mistake(
    "Long columns are scaled inside the caller's W (and cut to whole numbers where it holds those). Work on a copy "
    "with floats."
)
def capped_in_place(W, r):
    for j in range(W.shape[1]):
        length = np.linalg.norm(W[:, j])
        if length > r:
            W[:, j] = W[:, j] * r / length
    return W


@max_norm.mistake(
    "Entries above r are cut to r, one by one and on one side. Scale a column that is too long as a whole."
)
def each_weight_above(W, r):
    return np.minimum(W, r) * 1.0


@max_norm.variant
def column_by_column(W, r):
    out = W.astype(float)
    for j in range(W.shape[1]):
        length = np.linalg.norm(out[:, j])
        if length > r:
            out[:, j] *= r / length
    return out


@max_norm.variant
def by_where(W, r):
    lengths = np.linalg.norm(W, axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(lengths > r, r * W / lengths, W)


what_lambda_does = question(
    "You raise lambda step by step, from 0 to very large. What do train and dev error do?",
    wrong(
        "Both fall all the way", "A very large lambda holds the weights at 0, and then nothing is learned."
    ),
    wrong("Train falls, dev rises", "The penalty pulls away from the best fit: train can only get worse."),
    right(
        "Train rises; dev falls at first and then rises",
        "First less variance, then more bias, as in your sweep.",
    ),
    wrong(
        "Train stays, dev falls",
        "The penalty works through the training cost; it cannot leave the fit alone.",
    ),
)

why_small_weights_help = question(
    "Why does a tanh network with small weights compute something simpler?",
    right(
        "Its units stay where tanh is nearly a straight line",
        "Layers of straight lines are a straight line, so the whole is close to a linear model.",
    ),
    wrong("Small weights are faster to multiply", "A multiplication takes as long for small numbers."),
    wrong(
        "Some of its units are switched off",
        "L2 makes weights small, hardly ever 0. Switching units off is dropout's way.",
    ),
    wrong(
        "The gradient vanishes, so training stops early", "Near 0 the slope of tanh is largest, not smallest."
    ),
)

which_gives_zeros = question(
    "L1 makes many weights exactly 0 and L2 does not. Which of these explains it?",
    wrong(
        "L1 is larger than L2 for all weights",
        "For |w| above 2 the square is larger, and size is not the point.",
    ),
    wrong("L1 has no factor 1/2", "A factor only changes lambda."),
    wrong(
        "L2 also shrinks the biases",
        "Neither does, in this course; and it would not make a weight 0.",
    ),
    right(
        "L1 pulls as hard near 0 as far away, while the pull of L2 fades with the weight",
        "A constant pull wins against a weak gradient and reaches 0; a pull of lam / m * w never quite does.",
    ),
)

translate_to_keras = question(
    "A paper uses lambda = 0.8 with the penalty lam / (2 m) sum of W^2, on m = 2 000 examples. What do you hand to "
    "`keras.regularizers.L2`?",
    wrong("0.8", "Keras multiplies the sum of squares by it, with no 2 m below."),
    right("0.0002", "0.8 / (2 * 2000): Keras' factor is all that stands before the sum of squares."),
    wrong("0.0004", "That is lam / m, the factor in the gradient. Keras differentiates by itself."),
    wrong("1600", "You multiplied by m. A penalty of that size would leave no weight standing."),
)

what_about_biases = question(
    "Someone penalizes the biases as well, with a large lambda. In 90 % of the training data y = 1. What goes wrong first?",
    wrong("The network overfits", "More penalty is less freedom to overfit."),
    right(
        "It cannot even say 90 % any more: the predictions are drawn towards one half",
        "The base rate lives in the bias. That costs one number and does not overfit, so leave it free.",
    ),
    wrong("Training diverges", "The factor stays below 1 as long as lr lam / m does."),
    wrong(
        "Nothing: a bias is a weight of an input that is 1",
        "True, and this is the one weight that should be free.",
    ),
)

"""Exercise l2_cost: the L2 penalty on the weights."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.shared import cost_cases


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
    Returns a float: lambda / (2 m) * the sum of w^2 over every weight
    w of every layer.
    (Hoerl & Kennard 1970: ridge; Krogh & Hertz 1992: weight decay.)
    """
    return lam / (2 * m) * sum(np.sum(W**2) for W in weights)


l2_cost.cases(cost_cases)


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

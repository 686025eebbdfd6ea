"""Exercise l1_cost: the L1 penalty on the weights."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.shared import cost_cases


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

    weights: list of the layers' matrices W (no biases). lam: lambda.
    m: number of examples.
    Returns a float: lambda / m * the sum of |w| over every weight
    w of every layer.
    (Tibshirani 1996: the lasso.)
    """
    return lam / m * sum(np.sum(np.abs(W)) for W in weights)


l1_cost.cases(cost_cases)


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

"""Exercise penalty: the L2 penalty, the L1 penalty, and every mixture of the two."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.lessons.l2_regularization.exercises.shared import layers, signed


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Two sums over all weights of all layers: one of their sizes, one of their squares.",
        "Go through the list and add up: l1_ratio times the sum of |w|, and the rest of the share times half the sum of w^2. "
        "The factor in front of both comes last.",
        "total += l1_ratio * np.sum(np.abs(W)) + (1 - l1_ratio) / 2 * np.sum(W**2) for each W; then lam / m * total. Before "
        "that: raise ValueError unless 0 <= l1_ratio <= 1.",
    ),
)
def penalty(weights, lam, m, l1_ratio=0.0):
    """The penalty on the weights of a network.

    weights: list of the layers' matrices W, of any shapes (no biases).
    lam: lambda, 0 or more. m: number of examples in the training set.
    l1_ratio: the share of L1, from 0 (L2 alone) to 1 (L1 alone).
    Returns a float: what is added to the mean loss.
    Raises ValueError where l1_ratio is below 0 or above 1.
    (Hoerl & Kennard 1970: ridge; Tibshirani 1996: lasso; Zou & Hastie
    2005: elastic net.)
    """
    if not 0 <= l1_ratio <= 1:
        raise ValueError("l1_ratio must lie between 0 and 1")
    total = 0.0
    for W in weights:
        total += l1_ratio * np.sum(np.abs(W)) + (1 - l1_ratio) / 2 * np.sum(W**2)
    return lam / m * total


@penalty.cases
def _(rng):
    yield layers(rng, (4, 3), (3, 2)), 0.7, 5
    yield layers(rng, (2, 6), (6, 5), (5, 1)), 12.5, 37, 0.3
    yield [rng.integers(2, 6, size=(3, 2)), rng.integers(-6, -1, size=(2, 4))], 2, 7, 0.6
    yield [signed(rng, 1, 4)], 0.03, 3, 1.0
    yield layers(rng, (3, 4)), 0.3, 4, 0.0
    yield layers(rng, (2, 2), (2, 3)), 0.0, 4, 0.5
    yield raises(ValueError, [signed(rng, 2, 2)], 0.7, 5, -0.01)
    yield raises(ValueError, [signed(rng, 2, 2)], 0.7, 5, 1.01)


def _sums(weights):
    return sum(np.sum(np.abs(W)) for W in weights), sum(np.sum(W**2) for W in weights)


def _checked(l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError("l1_ratio must lie between 0 and 1")


@penalty.mistake(
    "The part with the squares is twice as large as it should be: its half is missing. That half cancels the 2 of the "
    "derivative."
)
def without_the_half(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) * squares)


@penalty.mistake("The part with the absolute values is halved, too. The half belongs to the squares alone.")
def both_halved(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam / (2 * m) * (l1_ratio * sizes + (1 - l1_ratio) * squares)


@penalty.mistake("The shares are swapped: l1_ratio is the share of the absolute values.")
def shares_swapped(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam / m * ((1 - l1_ratio) * sizes + l1_ratio * squares / 2)


@penalty.mistake("The squares count in full whatever l1_ratio is. They get the share that L1 leaves.")
def l2_in_full(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam / m * (l1_ratio * sizes + squares / 2)


@penalty.mistake("The absolute values count in full whatever l1_ratio is. They get the share l1_ratio.")
def l1_in_full(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam / m * (sizes + (1 - l1_ratio) / 2 * squares)


@penalty.mistake("This is always the L2 penalty: l1_ratio changes nothing.")
def l2_alone(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    return lam / (2 * m) * _sums(weights)[1]


@penalty.mistake("It is not divided by m. (Keras' penalties have no m; this one has.)")
def without_m(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares) * 1.0


@penalty.mistake("m multiplies here. The penalty is divided by it.")
def times_m(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights)
    return lam * m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares)


@penalty.mistake("The L2 part has the norm of each matrix. The penalty has the squared norm: no root.")
def with_root(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    norms = sum(np.sqrt(np.sum(W**2)) for W in weights)
    return lam / m * (l1_ratio * _sums(weights)[0] + (1 - l1_ratio) / 2 * norms)


@penalty.mistake("Only the first matrix is counted. Add up over all of the list.")
def first_layer(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights[:1])
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares)


@penalty.mistake("Only the last matrix is counted, often because = stands where += belongs.")
def last_layer(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes, squares = _sums(weights[-1:])
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares)


@penalty.mistake(
    "The weights of a matrix are added before they are squared, or made positive. Then they cancel: do it with each weight first."
)
def sum_first(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sums = [np.sum(W) for W in weights]
    return lam / m * sum(l1_ratio * abs(s) + (1 - l1_ratio) / 2 * s**2 for s in sums)


@penalty.mistake("The absolute values are missing: negative weights lower the L1 part.")
def without_absolute(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    total = sum(l1_ratio * np.sum(W) + (1 - l1_ratio) / 2 * np.sum(W**2) for W in weights)
    return lam / m * float(total)


@penalty.mistake("This averages over each matrix. Sum: a weight counts alike in every layer.")
def means(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    return lam / m * sum(l1_ratio * np.mean(np.abs(W)) + (1 - l1_ratio) / 2 * np.mean(W**2) for W in weights)


@penalty.mistake(
    "np.linalg.norm(W, 1) of a matrix is its largest column sum. Add up |w| over all of its entries."
)
def matrix_norm(weights, lam, m, l1_ratio=0.0):
    _checked(l1_ratio)
    sizes = sum(np.max(np.sum(np.abs(W), axis=0)) for W in weights)
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * _sums(weights)[1])


@penalty.mistake("An l1_ratio below 0 or above 1 gives a number here. The docstring asks for a ValueError.")
def no_error(weights, lam, m, l1_ratio=0.0):
    sizes, squares = _sums(weights)
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares)


@penalty.mistake("It raises an error where l1_ratio is exactly 0 or 1, too. Both ends are allowed.")
def ends_refused(weights, lam, m, l1_ratio=0.0):
    if not 0 < l1_ratio < 1:
        raise ValueError("l1_ratio must lie between 0 and 1")
    sizes, squares = _sums(weights)
    return lam / m * (l1_ratio * sizes + (1 - l1_ratio) / 2 * squares)


@penalty.variant
def flat(weights, lam, m, l1_ratio=0.0):
    if l1_ratio < 0 or l1_ratio > 1:
        raise ValueError(l1_ratio)
    sizes = np.abs(np.concatenate([np.ravel(W) for W in weights]))
    return lam / m * np.sum(sizes * (l1_ratio + (1 - l1_ratio) / 2 * sizes))


@penalty.variant
def weight_by_weight(weights, lam, m, l1_ratio=0.0):
    a_share = 0 <= l1_ratio <= 1
    if not a_share:
        raise ValueError("a share lies between 0 and 1")
    l1, l2 = 0.0, 0.0
    for W in weights:
        for row in W:
            for w in row:
                l1 += abs(w)
                l2 += w * w / 2
    return float(l1_ratio * lam * l1 / m + (1 - l1_ratio) * lam * l2 / m)

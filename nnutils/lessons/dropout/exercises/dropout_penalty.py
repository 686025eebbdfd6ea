"""Exercise dropout_penalty: by how much dropout raises the cost of a linear unit, on average."""

import itertools

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.shared import spread_draws


@exercise(
    kind="derive",
    points=3,
    minutes=9,
    hints=(
        "Write each dropped activation as a * r, where r is 0 or 1 / keep_prob. What are the mean and the variance of r? "
        "For one example, the prediction with dropout is then its mean, a @ w, plus a random part of mean 0.",
        "The mean of (error + random part)^2 is error^2 plus the variance of the random part, for y does not matter. The "
        "units are dropped independently: the variance of a sum is the sum of the variances of a_j w_j r_j.",
        "The variance of r is (1 - q) / q. So the rise is (1 - q) / (2 q) times the sum over the units of "
        "w_j^2 times the mean of a_j^2 over the examples.",
    ),
)
def dropout_penalty(a, w, keep_prob):
    """By how much dropout raises the cost of a linear unit, on average.

    a: (m, n), the activations of m examples; w: (n,), the unit's weights;
    keep_prob: the probability to keep an activation, above 0 and at most 1.
    The cost is half the mean squared error of the prediction a @ w over the m
    examples; with dropout each activation of each example is dropped and
    scaled as in dropout_forward.
    Returns a float: the mean of the cost over all masks, minus the cost
    without dropout. It is exact, and the targets y do not matter.
    Source: Wager et al. 2013.
    """
    strength = (1 - keep_prob) / (2 * keep_prob)
    return strength * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.cases
def _(rng):
    for m, n, keep_prob in ((5, 3, 0.8), (4, 6, 0.3), (1, 4, 0.6), (7, 1, 0.7)):
        yield _activations(rng, m, n), _weights(rng, n), keep_prob
    yield rng.integers(1, 9, size=(4, 3)), rng.integers(2, 9, size=3), 0.9
    yield _activations(rng, 3, 2), _weights(rng, 2), 1.0


def _activations(rng, m, n):
    """Columns of different size, and none with mean 0."""
    return (0.5 + spread_draws(rng, m, n)) * 2.0 ** rng.permutation(n)


def _weights(rng, n):
    """Weights of both signs, none of them near 0 or 1."""
    return rng.choice([-1, 1], size=n) * (1.2 + spread_draws(rng, n))


@dropout_penalty.mistake(
    "This is twice the rise. The cost is HALF the mean squared error: the half stays in front of the penalty."
)
def penalty_without_half(a, w, keep_prob):
    return (1 - keep_prob) / keep_prob * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "This penalty does not depend on the activations: it is plain L2. A weight of a large activation adds more noise, "
    "so the mean of a_j^2 belongs to w_j^2."
)
def penalty_plain_l2(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(np.square(w, dtype=float))


@dropout_penalty.mistake(
    "This has the variance of the activations over the examples. The noise comes from the masks, and it moves an activation "
    "between 0 and its scaled value: the mean of a^2 counts, not the spread around a's mean."
)
def penalty_of_the_variance(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(w**2 * np.var(a, axis=0))


@dropout_penalty.mistake(
    "This has the square of the mean activation. The mean of the squares is needed: each example has noise of its own."
)
def penalty_of_the_squared_mean(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(w**2 * np.mean(a, axis=0) ** 2)


@dropout_penalty.mistake(
    "keep_prob and 1 - keep_prob are swapped in the factor: it should grow when fewer units are kept, "
    "and be 0 where all are kept.",
    symptom=lambda a, r: a["keep_prob"] < 1 and _strength(a, r, lambda q: q / (2 * (1 - q))),
)
def penalty_swapped(a, w, keep_prob):
    return keep_prob / (2 * max(1 - keep_prob, 1e-3)) * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The factor is that of dropout without scaling, q (1 - q). Here what is kept is divided by keep_prob, so its variance "
    "is divided by keep_prob squared."
)
def penalty_of_classic_dropout(a, w, keep_prob):
    return keep_prob * (1 - keep_prob) / 2 * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The factor is (1 - q) / 2, without a division. Kept units are divided by keep_prob, which makes their noise larger."
)
def penalty_not_divided(a, w, keep_prob):
    return (1 - keep_prob) / 2 * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The factor has the mean square of the noise, 1 / q, in place of its variance, 1 / q - 1: where all units are kept, the "
    "rise should be 0."
)
def penalty_second_moment(a, w, keep_prob):
    return 1 / (2 * keep_prob) * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The factor is divided by keep_prob squared. The variance of a mask is q (1 - q); divided by q squared that is (1 - q) / q."
)
def penalty_divided_twice(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob**2) * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The factor with keep_prob is missing: dropout that keeps nearly all units hardly raises the cost."
)
def penalty_without_factor(a, w, keep_prob):
    return 0.5 * np.sum(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake("This is the sum over the examples. The cost is a mean over them: divide by m.")
def penalty_summed_over_examples(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(w**2 * np.sum(a**2, axis=0))


@dropout_penalty.mistake(
    "This is the mean over the units. Each unit adds noise of its own: sum over the units, and average over the examples."
)
def penalty_averaged_over_units(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.mean(w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "This squares the sum a @ w, as if all units were dropped together. They are dropped one by one: square each a_j w_j, then sum."
)
def penalty_of_the_sum(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.mean((a @ w) ** 2)


@dropout_penalty.mistake(
    "The weights are not squared: this is an L1 that adapts. The cost is a square, so w_j is squared, too."
)
def penalty_of_sizes(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(np.abs(w) * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The activations are not squared. The noise of a_j w_j is proportional to it, so its variance has a_j squared."
)
def penalty_of_plain_activations(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * np.sum(w**2 * np.mean(a, axis=0))


@dropout_penalty.mistake("This is a number for each unit. Their sum is the rise of the cost.")
def penalty_unit_by_unit(a, w, keep_prob):
    return (1 - keep_prob) / (2 * keep_prob) * (w**2 * np.mean(a**2, axis=0))


@dropout_penalty.mistake(
    "The sign is wrong: dropout adds noise, and noise raises a mean squared error. Take the mean over the masks minus the "
    "cost without dropout."
)
def penalty_negative(a, w, keep_prob):
    return -(1 - keep_prob) / (2 * keep_prob) * np.sum(w**2 * np.mean(a**2, axis=0))


def _strength(arguments, result, of):
    """Whether the result is the right sum of squares with another factor."""
    a, w, keep_prob = arguments["a"], arguments["w"], arguments["keep_prob"]
    total = np.sum(w**2 * np.mean(a**2, axis=0))
    return np.ndim(result) == 0 and np.isclose(result, of(keep_prob) * total) and not np.isclose(result, 0)


@dropout_penalty.variant
def penalty_of_products(a, w, keep_prob):
    return (1 / keep_prob - 1) / 2 * np.sum(np.square(a * w)) / len(a)


@dropout_penalty.variant
def penalty_by_all_masks(a, w, keep_prob):
    total = 0.0
    for mask in itertools.product([0, 1], repeat=len(w)):
        chance = np.prod(np.where(mask, keep_prob, 1 - keep_prob))
        total += chance * np.mean((a * mask / keep_prob @ w - a @ w) ** 2) / 2
    return total


@dropout_penalty.variant
def penalty_as_quadratic_form(a, w, keep_prob):
    curvature = np.diag(np.diag(a.T @ a)) / len(a)
    return float(w @ curvature @ w * (1 - keep_prob) / keep_prob / 2)

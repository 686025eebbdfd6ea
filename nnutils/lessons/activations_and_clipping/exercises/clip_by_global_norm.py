"""Exercise clip_by_global_norm: gradients scaled so that their norm together is at most limit."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import draw_gradients


@exercise(
    points=2,
    minutes=5,
    hints=(
        "One norm for all arrays together, as if they were one long vector. Then one factor for all of them.",
        "norm = sqrt of the sum of all squares. The factor is limit / norm if norm is above limit, else 1.",
        "norm = np.sqrt(sum(np.sum(g**2) for g in grads)), then return [g * (limit / max(norm, limit)) for g in grads]",
    ),
)
def clip_by_global_norm(grads, limit):
    """Gradients scaled so that their norm together is at most limit.

    grads: a list of arrays of any shapes. limit: a positive number.
    Their norm is that of one long vector of all their entries. Where it is
    within the limit, the gradients stay as they are; they may all be zero.
    Returns a list of arrays of the same shapes, in the same direction;
    the arguments stay as they are.
    Source: Pascanu, Mikolov & Bengio 2013.
    """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.cases
def _(rng):
    yield draw_gradients(rng, (3, 2), (2,), (2, 4), size=6.0), 2.5
    yield draw_gradients(rng, (2, 3), (3,), size=0.1), 5.0
    yield [rng.permutation([-9.0, -3, -1, 1, 2, 7]).reshape(2, 3), np.array([4.0, -5])], 1.5
    yield [np.zeros((2, 2)), np.zeros(3)], 0.7
    yield draw_gradients(rng, (1, 3), (3, 1), size=20.0), 4.0
    yield draw_gradients(rng, (3,)), 2.0
    yield [np.array([3e-3, 0.0]), np.array([[-4e-3]])], 1e-3  # a norm of 5e-3
    yield [np.array([3.0, 0.0]), np.array([[-4.0]])], 6.0  # a norm of 5
    yield draw_gradients(rng, (2, 2), (4,), size=1.0), 50.0
    yield draw_gradients(rng, (3, 3), size=0.01), 2.0


def _norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


@clip_by_global_norm.mistake(
    "Each array is scaled by its own norm (Keras' clipnorm). Then the direction of the whole changes: "
    "take one norm over all arrays."
)
def each_by_its_own(grads, limit):
    return [g * (limit / max(np.linalg.norm(g), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You always scale to the norm limit. Gradients that are short already should stay as they are."
)
def always_scaled(grads, limit):
    norm = _norm(grads)
    return [g * (limit / norm if norm > 0 else 1.0) for g in grads]


@clip_by_global_norm.mistake(
    "Where all gradients are zero you divide zero by zero. Scale only if the norm is larger than limit."
)
def zero_by_zero(grads, limit):
    return [g * (limit / _norm(grads)) for g in grads]


@clip_by_global_norm.mistake("The root is missing: you scale by the sum of squares instead of the norm.")
def without_root(grads, limit):
    return [g * (limit / max(_norm(grads) ** 2, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "Each entry is cut by itself: that is clip_by_value, which turns the direction. Scale them all."
)
def by_value(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


@clip_by_global_norm.mistake(
    "You added the norms of the arrays. Norms do not add up: add the squares, then take one root."
)
def norms_added(grads, limit):
    return [g * (limit / max(sum(np.linalg.norm(grad) for grad in grads), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You scaled by the largest entry. The norm is the root of the sum of all squares."
)
def by_the_largest(grads, limit):
    return [g * (limit / max(max(np.abs(grad).max() for grad in grads), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "Long gradients become unit vectors: they are divided by the norm, not multiplied by limit / norm."
)
def to_length_one(grads, limit):
    norm = _norm(grads)
    return [g / norm if norm > limit else g * 1.0 for g in grads]


@clip_by_global_norm.mistake("The factor is upside down: norm / limit makes long gradients longer still.")
def upside_down(grads, limit):
    return [g * (max(_norm(grads), limit) / limit) for g in grads]


@clip_by_global_norm.mistake("You return the norm as well. Return the list of gradients alone.")
def norm_returned(grads, limit):
    norm = _norm(grads)
    return [g * (limit / max(norm, limit)) for g in grads], norm


def _a_little_short(a, r):
    """Whether long gradients have the right direction, and a norm that is a little below limit."""
    norm, mine = _norm(a["grads"]), _norm(r)
    along = all(np.allclose(new * norm, g * mine) for new, g in zip(r, a["grads"], strict=True))
    return norm > a["limit"] and along and 0.8 < mine / a["limit"] < 1 - 1e-8


@clip_by_global_norm.mistake(
    "Long gradients come out a little shorter than limit, often because a small number is added to the norm. The norm is "
    "not 0 where it is above limit: divide by it as it is.",
    symptom=_a_little_short,
)
def small_number_added(grads, limit):
    norm = _norm(grads)
    return [g * min(1.0, limit / (norm + 1e-3)) for g in grads]


@clip_by_global_norm.mistake(
    "np.linalg.norm(g, 2) of a matrix is its largest singular value. The norm is the root of the sum of all squares."
)
def spectral_norm(grads, limit):
    norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake("You added absolute values. The norm is the root of the sum of all squares.")
def sum_of_sizes(grads, limit):
    norm = sum(np.abs(g).sum() for g in grads)
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You divided the sum of squares by the number of entries: that is the root mean square. The norm has the sum."
)
def root_mean_square_norm(grads, limit):
    norm = _norm(grads) / np.sqrt(sum(np.size(g) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "The gradients are right, but the caller's arrays have changed: g *= writes into them. Return new ones."
)
def scaled_in_place(grads, limit):
    factor = limit / max(_norm(grads), limit)
    for g in grads:
        g *= factor
    return grads


@clip_by_global_norm.mistake("The norm is that of the first array alone. Take it over all arrays together.")
def norm_of_the_first(grads, limit):
    return [g * (limit / max(np.linalg.norm(grads[0]), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "The gradients are divided by the SQUARE of the norm. The factor is limit / norm."
)
def by_the_square(grads, limit):
    norm = _norm(grads)
    return [g * limit / norm**2 if norm > limit else g for g in grads]


@clip_by_global_norm.mistake("You added the MEAN squares of the arrays. The norm has the sum of all squares.")
def root_of_added_means(grads, limit):
    norm = np.sqrt(sum(np.mean(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.variant
def as_one_vector(grads, limit):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    if norm <= limit:
        return list(grads)
    return [np.asarray(g) * limit / norm for g in grads]


@clip_by_global_norm.variant
def number_by_number(grads, limit):
    total = 0.0
    for g in grads:
        for value in np.nditer(g):
            total += float(value) ** 2
    shrink = 1.0 if total <= limit * limit else limit / total**0.5
    return tuple(np.multiply(g, shrink) for g in grads)

"""Exercise clip_by_value: gradients with every entry cut to the range from -limit to limit."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import draw_gradients


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Every number by itself: what is above limit becomes limit, what is below -limit becomes -limit.",
        "np.clip does this to one array. There is a list of them.",
        "return [np.clip(g, -limit, limit) for g in grads]",
    ),
)
def clip_by_value(grads, limit):
    """Gradients with every entry cut to the range from -limit to limit.

    grads: a list of arrays of any shapes. limit: a positive number.
    Returns a list of arrays of the same shapes;
    the arguments stay as they are.
    """
    return [np.clip(g, -limit, limit) for g in grads]


@clip_by_value.cases
def _(rng):
    yield draw_gradients(rng, (3, 2), (2,), (2, 4)), 2.5
    yield draw_gradients(rng, (4,), size=1.0), 0.4
    yield [rng.permutation([-9.0, -3, -1, 1, 2, 7]).reshape(2, 3), np.array([4.0, -5])], 2.5
    yield draw_gradients(rng, (2, 3), (1,), size=0.1), 5.0
    yield draw_gradients(rng, (1, 3), (3, 1), size=20.0), 1.0


@clip_by_value.mistake("Large negative numbers are left as they are. Cut below -limit as well.")
def only_above(grads, limit):
    return [np.minimum(g, limit) for g in grads]


@clip_by_value.mistake("Large positive numbers are left as they are. Cut above limit as well.")
def below_alone(grads, limit):
    return [np.maximum(g, -limit) for g in grads]


@clip_by_value.mistake("You cut to the range from 0 to limit. Gradients have signs: from -limit to limit.")
def from_zero(grads, limit):
    return [np.clip(g, 0, limit) for g in grads]


@clip_by_value.mistake(
    "You scaled each array by its largest entry. Cut entry by entry: small ones stay as they are."
)
def scaled_to_limit(grads, limit):
    return [g * min(1.0, limit / np.abs(g).max()) for g in grads]


@clip_by_value.mistake(
    "You scaled by the norm: that is clip_by_global_norm. Here each entry is cut by itself."
)
def by_the_norm(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_value.mistake("Entries beyond the limit became 0. They should become limit, or -limit.")
def set_to_zero(grads, limit):
    return [np.where(np.abs(g) > limit, 0.0, g) for g in grads]


@clip_by_value.mistake("Large negative entries became +limit. They keep their sign: -limit.")
def sign_lost(grads, limit):
    return [np.where(np.abs(g) > limit, limit, g) for g in grads]


@clip_by_value.mistake("Every entry became limit or -limit. Only those beyond the limit should.")
def signs_alone(grads, limit):
    return [limit * np.sign(g) for g in grads]


@clip_by_value.mistake("This is one long array. Return a list of arrays with the shapes of grads.")
def one_array(grads, limit):
    return np.clip(np.concatenate([np.ravel(g) for g in grads]), -limit, limit)


@clip_by_value.mistake(
    "The gradients are right, but the caller's arrays have changed: out=g and g[...] = write into them. Return new ones."
)
def clipped_in_place(grads, limit):
    return [np.clip(g, -limit, limit, out=g) for g in grads]


@clip_by_value.mistake(
    "The two ends of the range are exchanged: np.clip(g, -limit, limit), the lower one first."
)
def bounds_exchanged(grads, limit):
    return [np.clip(g, limit, -limit) for g in grads]


@clip_by_value.mistake("Only the first array is cut. Cut every array of the list.")
def first_array_alone(grads, limit):
    return [np.clip(grads[0], -limit, limit), *grads[1:]]


@clip_by_value.mistake("You cut to half of the range. It goes from -limit to limit.")
def half_the_range(grads, limit):
    return [np.clip(g, -limit / 2, limit / 2) for g in grads]


@clip_by_value.variant
def min_and_max(grads, limit):
    return tuple(np.maximum(-limit, np.minimum(limit, g)) for g in grads)


@clip_by_value.variant
def sign_and_size(grads, limit):
    clipped = []
    for g in grads:
        new = np.array(g, dtype=float)
        far = abs(new) > limit
        new[far] = np.sign(new[far]) * limit
        clipped.append(new)
    return clipped

"""Exercise dropout_mask: the mask of dropout: which units are kept."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.shared import spread_draws


@exercise(
    points=1,
    minutes=2,
    hints=(
        "A draw u is uniform between 0 and 1. With which probability is it below .8?",
        "u lies below keep_prob with probability keep_prob: those are the units to keep.",
        "Compare the whole array at once, u < keep_prob. The comparison is the mask.",
    ),
)
def dropout_mask(u, keep_prob):
    """The mask of dropout: which units are kept.

    u: array of any shape, one uniform draw from [0, 1) for every unit
    of every example.
    keep_prob: the probability to keep a unit, above 0 and at most 1.
    Returns a boolean array of u's shape: True where the unit is kept,
    False where it is dropped.
    Source: Srivastava et al. 2014.
    """
    return u < keep_prob


def _draws(rng, keep_prob, kept, *shape):
    """Draws in random places of which exactly `kept` lie below keep_prob."""
    below = keep_prob * spread_draws(rng, kept)
    above = keep_prob + (1 - keep_prob) * spread_draws(rng, int(np.prod(shape)) - kept)
    return rng.permutation(np.concatenate([below, above])).reshape(shape)


@dropout_mask.cases
def _(rng):
    yield _draws(rng, 0.8, 12, 4, 5), 0.8
    yield _draws(rng, 0.3, 12, 3, 7), 0.3
    yield 0.6 * spread_draws(rng, 11), 0.8
    yield _draws(rng, 0.9, 28, 3, 3, 4), 0.9
    yield spread_draws(rng, 3, 2), 1.0
    yield np.array([[0.0, 0.25, 0.5], [0.75, 0.5, 0.99]]), 0.5


@dropout_mask.mistake(
    "A unit whose u equals keep_prob is kept here. It is kept where u is smaller than keep_prob: < and not <=."
)
def equal_is_kept(u, keep_prob):
    return u <= keep_prob


@dropout_mask.mistake(
    "This mask is True where u is above keep_prob, so it says which units are dropped. A unit is kept where u is below."
)
def true_above(u, keep_prob):
    return u > keep_prob


@dropout_mask.mistake(
    "This mask is True where a unit is dropped. It should be True where the unit is kept: u below keep_prob."
)
def true_where_dropped(u, keep_prob):
    return u >= keep_prob


@dropout_mask.mistake(
    "You compare with 1 - keep_prob, which is what Keras calls the rate. "
    "Here keep_prob is the probability to keep: compare with keep_prob itself."
)
def compared_with_the_rate(u, keep_prob):
    return u < 1 - keep_prob


@dropout_mask.mistake(
    "These are the right units, written as floats. Return the comparison itself: an array of True and False."
)
def mask_of_numbers(u, keep_prob):
    return (u < keep_prob).astype(float)


@dropout_mask.mistake(
    "These are the right units, written as 0 and 1. As indices these numbers would pick rows 0 and 1: return the "
    "comparison itself, an array of True and False."
)
def mask_of_whole_numbers(u, keep_prob):
    return (u < keep_prob).astype(int)


@dropout_mask.mistake(
    "This mask is divided by keep_prob already. That is the next step: "
    "the mask only says True or False, and dropout_forward divides."
)
def mask_already_scaled(u, keep_prob):
    return (u < keep_prob) / keep_prob


@dropout_mask.mistake(
    "You use the first row's mask for every example. Each example has a thinned network of its own: "
    "compare every entry of u."
)
def one_mask_for_the_batch(u, keep_prob):
    return np.broadcast_to(u[:1] < keep_prob, u.shape).copy()


@dropout_mask.mistake(
    "You keep a fixed number of units, those with the smallest draws. In dropout every unit decides for "
    "itself: kept if its own u is below keep_prob, whatever the others do."
)
def fixed_number_of_units(u, keep_prob):
    rank = u.ravel().argsort().argsort().reshape(u.shape)
    return rank < round(keep_prob * u.size)


@dropout_mask.mistake("This cuts at one half. The unit is kept where u is below keep_prob.")
def cut_at_one_half(u, keep_prob):
    return u < 0.5


@dropout_mask.mistake(
    "All units of an example share one draw, its first. Every unit has a draw of its own: compare every entry of u."
)
def one_draw_an_example(u, keep_prob):
    return np.broadcast_to(u[..., :1] < keep_prob, u.shape).copy()


@dropout_mask.mistake(
    "You keep a unit where u is above 1 - keep_prob. That happens as often, but to other units: the mask is True where u "
    "lies below keep_prob."
)
def kept_above(u, keep_prob):
    return u > 1 - keep_prob


@dropout_mask.mistake(
    "A unit is kept whose u is larger than that of a dropped one, so u does not decide here, often because the function "
    "draws random numbers itself. Compare the u in the argument with keep_prob.",
    symptom=lambda a, r: (
        r.dtype == bool and a["u"][r].max(initial=0) > a["u"][~r].min(initial=1) and r[a["u"] < 0.2].any()
    ),
)
def own_draws(u, keep_prob):
    return np.random.default_rng(7).random(u.shape) < keep_prob


@dropout_mask.variant
def by_where(u, keep_prob):
    return np.where(u >= keep_prob, False, True)


@dropout_mask.variant
def entry_by_entry(u, keep_prob):
    mask = np.zeros(u.shape, bool)
    for place in np.ndindex(u.shape):
        mask[place] = u[place] < keep_prob
    return mask


@dropout_mask.variant
def by_sign(u, keep_prob):
    return np.ceil(keep_prob - u).astype(bool)

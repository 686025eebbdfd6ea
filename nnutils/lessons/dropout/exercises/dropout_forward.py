"""Exercise dropout_forward: inverted dropout, in training."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.shared import draw_mask


@exercise(
    points=2,
    minutes=4,
    hints=(
        "Two things happen to a unit: it may become zero, and if it does not, it grows.",
        "A boolean mask times an array is the array with zeros where the mask is False. "
        "A unit survives in a share keep_prob of all draws: which factor makes up for the rest?",
        "Multiply a by the mask and divide the product by keep_prob.",
    ),
)
def dropout_forward(a, mask, keep_prob):
    """Inverted dropout, in training.

    a: activations of any shape; mask: booleans of the same shape,
    True where a unit is kept; keep_prob: the probability with which mask was
    drawn, above 0 and at most 1.
    Returns an array of a's shape: 0 where a unit is dropped, and where it
    is kept so much larger than a that the mean over all masks is a.
    Source: Srivastava et al. 2014.
    """
    return a * mask / keep_prob


@dropout_forward.cases
def _(rng):
    yield rng.normal(size=(4, 3)), draw_mask(rng, 0.8, 4, 3), 0.8
    yield rng.normal(size=(3, 7)), draw_mask(rng, 0.3, 3, 7), 0.3
    yield rng.integers(1, 9, size=(3, 5)), draw_mask(rng, 0.7, 3, 5), 0.7
    yield rng.normal(size=(3, 3, 4)), draw_mask(rng, 0.8, 3, 3, 4), 0.8
    yield rng.normal(size=(1, 3)), np.array([[True, False, True]]), 0.6
    yield rng.normal(size=4), np.ones(4, bool), 1.0


@dropout_forward.mistake(
    "You dropped the units and did not scale the others. On average the activations are too small now: "
    "divide by keep_prob."
)
def forward_not_scaled(a, mask, keep_prob):
    return a * mask


@dropout_forward.mistake(
    "You multiplied by keep_prob. The units that are left have to stand in for the dropped ones, so they "
    "grow: "
    "divide by keep_prob."
)
def forward_multiplied(a, mask, keep_prob):
    return a * mask * keep_prob


@dropout_forward.mistake(
    "You divided by 1 - keep_prob, the share that is dropped. A unit is kept with probability keep_prob: "
    "divide by that."
)
def forward_over_the_rate(a, mask, keep_prob):
    return a * mask / (1 - keep_prob)


@dropout_forward.mistake(
    "You dropped the units that the mask keeps. The mask is True where a unit is kept: multiply by the "
    "mask itself."
)
def forward_drops_the_kept(a, mask, keep_prob):
    return a * ~mask / keep_prob


@dropout_forward.mistake(
    "You divided by the share of units that this one mask happens to keep. Divide by keep_prob: "
    "the expected value is over all masks."
)
def forward_over_the_share(a, mask, keep_prob):
    return a * mask / mask.mean()


@dropout_forward.mistake("Every unit is scaled and none is dropped. Multiply by the mask, too.")
def forward_without_mask(a, mask, keep_prob):
    return a / keep_prob


@dropout_forward.mistake(
    "You return only the units that are kept, so the shape is lost. A dropped unit stays in its place as a 0."
)
def forward_cuts_out(a, mask, keep_prob):
    return a[mask] / keep_prob


@dropout_forward.mistake(
    "The numbers are right, but a itself has changed: a *= and a[...] = write into the caller's array. "
    "Compute a new one."
)
def forward_in_place(a, mask, keep_prob):
    a *= mask
    return a / keep_prob


def _masked_otherwise(arguments, result):
    kept = result != 0
    by_mask = (kept == arguments["mask"]).all() or (kept != arguments["mask"]).all()
    scaled = arguments["a"] / arguments["keep_prob"]
    return np.allclose(result, scaled * kept) and kept.any() and not kept.all() and not by_mask


@dropout_forward.mistake(
    "You divided by the root of keep_prob, which keeps the variance of a. The expected value is asked for: divide by "
    "keep_prob."
)
def forward_over_the_root(a, mask, keep_prob):
    return a * mask / np.sqrt(keep_prob)


@dropout_forward.mistake("The kept units are divided by keep_prob twice. Once is right.")
def forward_scaled_twice(a, mask, keep_prob):
    return a * mask / keep_prob**2


@dropout_forward.mistake(
    "The dropped units are still there, unscaled. Where the mask is False the result is 0."
)
def forward_leaves_the_dropped(a, mask, keep_prob):
    return np.where(mask, a / keep_prob, a)


@dropout_forward.mistake(
    "The result is rounded down to whole numbers, often because // stands where / belongs."
)
def forward_rounded_down(a, mask, keep_prob):
    return a * mask // keep_prob


@dropout_forward.mistake(
    "Where a holds whole numbers the result is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(a). Make it an array of floats."
)
def forward_cut_down(a, mask, keep_prob):
    return (a * mask / keep_prob).astype(a.dtype)


@dropout_forward.mistake(
    "The first row's mask is used for every example. Multiply by the whole mask, entry by entry."
)
def forward_first_row_of_the_mask(a, mask, keep_prob):
    return a * mask[:1] / keep_prob


@dropout_forward.mistake(
    "Other units than the mask's are dropped, often because the function draws a mask of its own. Use the one in the "
    "argument: the backward pass needs the same mask again.",
    symptom=_masked_otherwise,
)
def forward_own_mask(a, mask, keep_prob):
    return a * (np.random.default_rng(7).random(a.shape) < keep_prob) / keep_prob


@dropout_forward.variant
def forward_by_where(a, mask, keep_prob):
    return np.where(mask, a / keep_prob, 0)


@dropout_forward.variant
def forward_on_a_copy(a, mask, keep_prob):
    out = np.array(a, float)
    out[~mask] = 0
    out /= keep_prob
    return out


@dropout_forward.variant
def forward_scaled_mask(a, mask, keep_prob):
    return np.einsum("i,i->i", a.ravel(), mask.ravel() * (1 / keep_prob)).reshape(a.shape)

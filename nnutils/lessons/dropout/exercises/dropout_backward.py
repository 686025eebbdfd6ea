"""Exercise dropout_backward: the derivative of the loss, taken back through inverted dropout."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.dropout_forward import dropout_forward
from nnutils.lessons.dropout.exercises.shared import draw_mask


@exercise(
    kind="derive",
    points=2,
    minutes=4,
    hints=(
        "Move one entry of a a little, with the mask as it is. By how much does dropout's output move, if that unit is "
        "dropped? And if it is kept?",
        "The forward pass multiplies every unit by a number: 0 for a dropped one, 1 / keep_prob for a kept one. "
        "The chain rule multiplies the derivative from above by that number.",
        "It is the forward pass's own formula, with da in the place of a: da * mask / keep_prob.",
    ),
)
def dropout_backward(da, mask, keep_prob):
    """The derivative of the loss, taken back through inverted dropout.

    da: derivative of the loss with respect to dropout's OUTPUT, of any shape;
    mask: the very mask of the forward pass, booleans of the same shape;
    keep_prob: that of the forward pass.
    Returns the derivative with respect to dropout's INPUT a,
    an array of da's shape: what a numerical derivative of the loss would
    give, with the mask held fixed.
    Source: Srivastava et al. 2014.
    """
    return da * mask / keep_prob


@dropout_backward.cases
def _(rng):
    yield rng.normal(size=(3, 4)), draw_mask(rng, 0.8, 3, 4), 0.8
    yield rng.normal(size=(7, 2)), draw_mask(rng, 0.3, 7, 2), 0.3
    yield rng.integers(1, 9, size=(5, 3)), draw_mask(rng, 0.7, 5, 3), 0.7
    yield rng.normal(size=(3, 2, 4)), draw_mask(rng, 0.9, 3, 2, 4), 0.9
    yield rng.normal(size=5), np.ones(5, bool), 1.0


@dropout_backward.variant
def backward_in_two_steps(da, mask, keep_prob):
    d = 1.0 * da * mask
    d /= keep_prob
    return d


@dropout_backward.mistake(
    "The derivative passes where it should, but it is not scaled. The forward pass divides by keep_prob, "
    "so its derivative does, too."
)
def backward_not_scaled(da, mask, keep_prob):
    return da * mask


@dropout_backward.mistake(
    "You scaled and did not mask. A unit that was dropped had no share in the loss: its derivative is 0."
)
def backward_not_masked(da, mask, keep_prob):
    return da / keep_prob


@dropout_backward.mistake(
    "You passed da on unchanged. The output was a * mask / keep_prob, so a change of a reaches the loss "
    "through that factor."
)
def backward_unchanged(da, mask, keep_prob):
    return np.array(da, float)


@dropout_backward.mistake(
    "You undid the forward pass: multiplied where it divides. The derivative of c * a is c, not 1 / c: "
    "divide by keep_prob here as well."
)
def backward_undone(da, mask, keep_prob):
    return da * mask * keep_prob


@dropout_backward.mistake(
    "The factor 1 / keep_prob is in there twice. The chain rule multiplies da by the factor of the forward "
    "pass once."
)
def backward_scaled_twice(da, mask, keep_prob):
    return da * mask / keep_prob**2


@dropout_backward.mistake(
    "The derivative passes through the dropped units and stops at the kept ones. The mask is True where a "
    "unit "
    "is kept."
)
def backward_through_the_dropped(da, mask, keep_prob):
    return da * ~mask / keep_prob


@dropout_backward.mistake(
    "The numbers are right, but da itself has changed: da *= and da[...] = write into the caller's array. "
    "Compute a new one."
)
def backward_in_place(da, mask, keep_prob):
    da[~mask] = 0
    return da / keep_prob


@dropout_backward.mistake(
    "You divided by 1 - keep_prob, the share that is dropped. The forward pass divides by keep_prob."
)
def backward_over_the_rate(da, mask, keep_prob):
    return da * mask / (1 - keep_prob)


@dropout_backward.mistake(
    "You divided by the share of units that this one mask keeps. The forward pass divides by keep_prob."
)
def backward_over_the_share(da, mask, keep_prob):
    return da * mask / mask.mean()


@dropout_backward.mistake(
    "The derivative passes unscaled through the dropped units. They had no share in the loss: it is 0 there."
)
def backward_leaves_the_dropped(da, mask, keep_prob):
    return np.where(mask, da / keep_prob, da)


@dropout_backward.mistake(
    "The result is rounded down to whole numbers, often because // stands where / belongs."
)
def backward_rounded_down(da, mask, keep_prob):
    return da * mask // keep_prob


@dropout_backward.mistake(
    "This is the derivative of dropout's output by its input, and da is missing. The chain rule multiplies by da."
)
def backward_without_da(da, mask, keep_prob):
    return mask / keep_prob


@dropout_backward.mistake(
    "You divided by the mask, which is division by zero where a unit is dropped. Multiply by it."
)
def backward_over_the_mask(da, mask, keep_prob):
    return da / mask / keep_prob


@dropout_backward.mistake(
    "You divided by the root of keep_prob. The forward pass divides by keep_prob, so its derivative does, too."
)
def backward_over_the_root(da, mask, keep_prob):
    return da * mask / np.sqrt(keep_prob)


@dropout_backward.mistake(
    "The first row's mask is used for every example. Multiply by the whole mask, entry by entry."
)
def backward_first_row_of_the_mask(da, mask, keep_prob):
    return da * mask[:1] / keep_prob


@dropout_backward.mistake(
    "Where da holds whole numbers the result is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(da). Make it an array of floats."
)
def backward_cut_down(da, mask, keep_prob):
    return (da * mask / keep_prob).astype(da.dtype)


def _masked_otherwise(arguments, result):
    kept = result != 0
    by_mask = (kept == arguments["mask"]).all() or (kept != arguments["mask"]).all()
    scaled = arguments["da"] / arguments["keep_prob"]
    return np.allclose(result, scaled * kept) and kept.any() and not kept.all() and not by_mask


@dropout_backward.mistake(
    "The derivative stops at other units than the mask's, often because the function draws a mask of its own. It must be the "
    "mask of the forward pass, which is in the argument.",
    symptom=_masked_otherwise,
)
def backward_own_mask(da, mask, keep_prob):
    return da * (np.random.default_rng(7).random(da.shape) < keep_prob) / keep_prob


@dropout_backward.variant
def backward_is_forward(da, mask, keep_prob):
    return dropout_forward(da, mask, keep_prob)


@dropout_backward.variant
def backward_by_where(da, mask, keep_prob):
    return np.where(mask, da, 0.0) * (1 / keep_prob)


@dropout_backward.variant
def backward_entry_by_entry(da, mask, keep_prob):
    d = np.zeros(da.shape)
    for place in zip(*np.nonzero(mask), strict=True):
        d[place] = da[place] / keep_prob
    return d

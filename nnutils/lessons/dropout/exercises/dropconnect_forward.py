"""Exercise dropconnect_forward: a dense layer with DropConnect, in training: weights are dropped instead of units."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.shared import draw_mask


@exercise(
    points=2,
    minutes=3,
    hints=(
        "Dropout sets units to 0; DropConnect sets single weights to 0. Which array does the mask fit?",
        "The mask has W's shape. Treat W as dropout_forward treats a; then it is an ordinary dense layer.",
        "Mask W and divide it by keep_prob, multiply x by the result, and add b at the end.",
    ),
)
def dropconnect_forward(x, W, b, mask, keep_prob):
    """A dense layer with DropConnect, in training: weights are dropped
    instead of units.

    x: (m, n_in); W: (n_in, n_out); b: (n_out,);
    mask: (n_in, n_out) booleans, True where a weight is kept,
    the same for all m examples; keep_prob: the probability to keep a weight.
    Returns z: (m, n_out), the layer's output before the activation.
    Dropped weights count as 0, the kept ones are scaled as in inverted
    dropout, and the bias is left alone.
    Source: Wan et al. 2013 (with a mask for each example).
    """
    return x @ (W * mask / keep_prob) + b


@dropconnect_forward.cases
def _(rng):
    for m, n_in, n_out, keep_prob in ((4, 3, 7, 0.8), (2, 7, 3, 0.3), (1, 4, 2, 0.6), (3, 1, 5, 0.7)):
        x, W, b = rng.normal(size=(m, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
        b[1] = -20  # some z is negative
        yield x, W, b, _mixed(draw_mask(rng, keep_prob, n_in, n_out)), keep_prob
    x, W = rng.integers(1, 5, size=(2, 3)), rng.integers(1, 9, size=(3, 4))
    yield x, W, rng.integers(1, 9, size=4), _mixed(draw_mask(rng, 0.9, 3, 4)), 0.9


def _mixed(mask):
    """The mask with weights dropped and kept in the first two rows and columns."""
    mask[:2, :2] = np.eye(2)[: len(mask)]
    return mask


@dropconnect_forward.mistake(
    "The weights that are left are not scaled. On average x @ W is too small now: divide by keep_prob."
)
def connect_not_scaled(x, W, b, mask, keep_prob):
    return x @ (W * mask) + b


@dropconnect_forward.mistake(
    "You multiplied by keep_prob. The weights that are left stand in for the dropped ones: divide by "
    "keep_prob."
)
def connect_multiplied(x, W, b, mask, keep_prob):
    return x @ (W * mask * keep_prob) + b


@dropconnect_forward.mistake(
    "You scaled the bias, too. Only the product with the masked weights is divided by keep_prob; "
    "b is added after that."
)
def connect_scales_the_bias(x, W, b, mask, keep_prob):
    return (x @ (W * mask) + b) / keep_prob


@dropconnect_forward.mistake("The bias is missing: add b to every row.")
def connect_without_bias(x, W, b, mask, keep_prob):
    return x @ (W * mask / keep_prob)


@dropconnect_forward.mistake(
    "The first row of the mask is used on the outputs: whole units are dropped, which is dropout. "
    "DropConnect masks single weights: the mask multiplies W, entry by entry."
)
def connect_drops_outputs(x, W, b, mask, keep_prob):
    return x @ W * mask[0] / keep_prob + b


@dropconnect_forward.mistake(
    "You used the first column of the mask on the inputs: whole inputs are dropped, which is dropout. "
    "DropConnect masks single weights: the mask multiplies W, entry by entry."
)
def connect_drops_inputs(x, W, b, mask, keep_prob):
    return (x * mask[:, 0] / keep_prob) @ W + b


@dropconnect_forward.mistake(
    "You dropped the weights that the mask keeps. The mask is True where a weight is kept."
)
def connect_drops_the_kept(x, W, b, mask, keep_prob):
    return x @ (W * ~mask / keep_prob) + b


@dropconnect_forward.mistake(
    "The numbers are right, but W itself has changed: W *= and W[...] = write into the layer's weights, and "
    "those that were dropped are lost for good. Compute a new array."
)
def connect_in_place(x, W, b, mask, keep_prob):
    W *= mask
    return x @ W / keep_prob + b


@dropconnect_forward.mistake(
    "You divided by 1 - keep_prob, the share that is dropped. A weight is kept with probability keep_prob: divide by that."
)
def connect_over_the_rate(x, W, b, mask, keep_prob):
    return x @ (W * mask / (1 - keep_prob)) + b


@dropconnect_forward.mistake(
    "You divided by the share of weights that this one mask keeps. Divide by keep_prob: the mean is over all masks."
)
def connect_over_the_share(x, W, b, mask, keep_prob):
    return x @ (W * mask / mask.mean()) + b


@dropconnect_forward.mistake(
    "No weight is dropped and none is scaled: this is the plain dense layer. Mask W first."
)
def connect_plain(x, W, b, mask, keep_prob):
    return x @ W + b


@dropconnect_forward.mistake("Every weight is scaled and none is dropped. Multiply W by the mask, too.")
def connect_without_mask(x, W, b, mask, keep_prob):
    return x @ (W / keep_prob) + b


@dropconnect_forward.mistake(
    "Some entries of the bias are dropped, too. Leave b alone: only weights are dropped."
)
def connect_drops_the_bias(x, W, b, mask, keep_prob):
    return x @ (W * mask / keep_prob) + b * mask[0]


@dropconnect_forward.mistake(
    "The negative outputs are 0: an activation was applied. Return z, the output before it."
)
def connect_activated(x, W, b, mask, keep_prob):
    return np.maximum(x @ (W * mask / keep_prob) + b, 0)


@dropconnect_forward.mistake("W stands before x, as where examples are columns. Here they are rows: x @ W.")
def connect_weights_first(x, W, b, mask, keep_prob):
    return (W * mask / keep_prob) @ x + b


@dropconnect_forward.mistake(
    "The mask multiplies the output. It has the shape of W: multiply W by it, in brackets, before x @."
)
def connect_masks_the_output(x, W, b, mask, keep_prob):
    return x @ (W / keep_prob) * mask + b


@dropconnect_forward.mistake(
    "You divided by the root of keep_prob. The mean over all masks should be the plain layer's output: divide by keep_prob."
)
def connect_over_the_root(x, W, b, mask, keep_prob):
    return x @ (W * mask / np.sqrt(keep_prob)) + b


@dropconnect_forward.mistake("The kept weights are divided by keep_prob twice. Once is right.")
def connect_scaled_twice(x, W, b, mask, keep_prob):
    return x @ (W * mask / keep_prob**2) + b


@dropconnect_forward.variant
def connect_product_scaled(x, W, b, mask, keep_prob):
    return x @ np.where(mask, W, 0) / keep_prob + b


@dropconnect_forward.variant
def connect_einsum(x, W, b, mask, keep_prob):
    return np.einsum("mi,ij,ij->mj", x, W, mask.astype(float)) / keep_prob + b


@dropconnect_forward.variant
def connect_unit_by_unit(x, W, b, mask, keep_prob):
    z = np.zeros((len(x), W.shape[1]))
    for j in range(W.shape[1]):
        kept = mask[:, j]
        z[:, j] = x[:, kept] @ W[kept, j] / keep_prob + b[j]
    return z

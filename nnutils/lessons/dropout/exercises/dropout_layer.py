"""Exercise dropout_layer: a dense layer with dropout behind it, in training and in evaluation."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.exercises.shared import generator, weights_of_both_signs


@exercise(
    kind="repair",
    points=3,
    minutes=8,
    returns=("out", "dW", "dx"),
    hints=(
        "Run the layer twice with training=False and compare out with np.maximum(x @ W + b, 0). Then ask the same of "
        "training=True: where out is 0, may the derivative pass?",
        "In evaluation two things may go wrong with dropout: units are dropped, and units are scaled. In training, the "
        "backward pass needs the mask of the forward pass.",
        "Compute one mask and one number to divide by, which is 1 in evaluation, and use both in out and in dz.",
    ),
)
def dropout_layer(x, W, b, dout, keep_prob, training, rng):
    """A dense layer with ReLU and inverted dropout behind it, forward and
    back.

    x: (m, n_in); W: (n_in, n_out); b: (n_out,); dout: (m, n_out), the
    derivative of the loss with respect to out; keep_prob: the probability
    to keep a unit, above 0 and at most 1.
    training: True in training; the mask is then made of the draws
    rng.random((m, n_out)), as in dropout_mask. With False the layer is
    evaluated: nothing is random, and out is the plain ReLU's.
    rng: the random generator.
    Returns (out, dW, dx): the output (m, n_out), and the derivatives of the
    loss with respect to W and to x, for that same output.
    """
    z = x @ W + b
    q = keep_prob if training else 1.0
    mask = rng.random(z.shape) < q
    out = np.maximum(z, 0) * mask / q
    dz = dout * mask / q * (z > 0)
    return out, x.T @ dz, dz @ W.T


dropout_layer.fault(
    "on_in_evaluation",
    "With training=False units are still dropped: some outputs are 0 although their z is positive, and which ones changes "
    "from call to call.",
    right="rng.random(z.shape) < q",
    wrong="rng.random(z.shape) < keep_prob",
)
dropout_layer.fault(
    "scaled_in_evaluation",
    "With training=False the outputs are still scaled: those that are not 0 are larger than the plain ReLU's.",
    right="np.maximum(z, 0) * mask / q",
    wrong="np.maximum(z, 0) * mask / keep_prob",
)
dropout_layer.fault(
    "mask_drawn_anew",
    "In training the derivatives do not belong to the output: they pass through units that the forward pass dropped, and stop "
    "at units that it kept. The backward pass has drawn a mask of its own.",
    right="dout * mask / q * (z > 0)",
    wrong="dout * (rng.random(z.shape) < q) / q * (z > 0)",
)


@dropout_layer.cases
def _(rng):
    for m, n_in, n_out, keep_prob, training in (
        (5, 3, 7, 0.6, True),
        (4, 4, 6, 0.8, True),
        (5, 3, 7, 0.6, False),
        (4, 4, 6, 0.3, False),
        (3, 2, 4, 1.0, True),
    ):
        x, W = rng.uniform(0.5, 2, size=(m, n_in)), weights_of_both_signs(rng, n_in, n_out)
        dout = 1 + rng.random((m, n_out))
        yield (
            x,
            W,
            rng.normal(0, 0.1, n_out),
            dout,
            keep_prob,
            training,
            generator(rng, (m, n_out), keep_prob),
        )


def _passed(x, W, b, dout, mask, q_out, q_back, back=None):
    """A layer with these masks and divisors on its way forward and back."""
    z = x @ W + b
    dz = dout * (mask if back is None else back) / q_back * (z > 0)
    return np.maximum(z, 0) * mask / q_out, x.T @ dz, dz @ W.T


@dropout_layer.mistake(
    "The output is right, and the derivatives pass through dropped units, too: the mask is missing in the backward pass."
)
def layer_without_mask_in_backward(x, W, b, dout, keep_prob, training, rng):
    q = keep_prob if training else 1.0
    mask = rng.random((len(x), len(b))) < q
    return _passed(x, W, b, dout, mask, q, q, np.ones_like(mask))


@dropout_layer.mistake(
    "The output is right, and in training the derivatives are too small: the backward pass is not scaled as the forward pass is."
)
def layer_without_scale_in_backward(x, W, b, dout, keep_prob, training, rng):
    q = keep_prob if training else 1.0
    return _passed(x, W, b, dout, rng.random((len(x), len(b))) < q, q, 1.0)


@dropout_layer.mistake(
    "With training=True nothing is dropped: the layer is a plain ReLU layer in training, too."
)
def layer_never_drops(x, W, b, dout, keep_prob, training, rng):
    return _passed(x, W, b, dout, np.ones((len(x), len(b)), bool), 1.0, 1.0)


@dropout_layer.mistake(
    "With training=True what is kept is not scaled: its mean over the masks is smaller than the plain output."
)
def layer_not_scaled(x, W, b, dout, keep_prob, training, rng):
    q = keep_prob if training else 1.0
    return _passed(x, W, b, dout, rng.random((len(x), len(b))) < q, 1.0, 1.0)


@dropout_layer.mistake(
    "With training=False the output is multiplied by keep_prob, as in classic dropout. Here training divides already, so "
    "evaluation changes nothing."
)
def layer_classic_in_evaluation(x, W, b, dout, keep_prob, training, rng):
    if training:
        return _passed(x, W, b, dout, rng.random((len(x), len(b))) < keep_prob, keep_prob, keep_prob)
    return _passed(x, W, b, dout, np.ones((len(x), len(b)), bool), 1 / keep_prob, 1 / keep_prob)


@dropout_layer.mistake(
    "The two modes are swapped: with training=False units are dropped, and with training=True none is."
)
def layer_modes_swapped(x, W, b, dout, keep_prob, training, rng):
    q = 1.0 if training else keep_prob
    return _passed(x, W, b, dout, rng.random((len(x), len(b))) < q, q, q)


@dropout_layer.variant
def layer_in_two_branches(x, W, b, dout, keep_prob, training, rng):
    z = x @ W + b
    out, dz = np.where(z > 0, z, 0.0), np.where(z > 0, dout, 0.0)
    if training:
        factor = (rng.random(out.shape) < keep_prob) / keep_prob
        out, dz = out * factor, dz * factor
    return out, x.T @ dz, dz @ W.T


@dropout_layer.variant
def layer_with_one_factor(x, W, b, dout, keep_prob, training, rng):
    z = x @ W + b
    slope = (z > 0).astype(float)
    if training:
        slope *= rng.random(z.shape) < keep_prob
        slope /= keep_prob
    return [z * slope, np.einsum("mi,mo->io", x, dout * slope), (dout * slope) @ W.T]

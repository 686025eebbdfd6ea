"""Exercise residual_gradients: a small pre-norm network whose backward pass is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.very_deep_networks.exercises.shared import linear, mixed


@exercise(
    kind="repair",
    points=4,
    minutes=9,
    returns=("h", "d", "dWs"),
    hints=(
        "Begin with the forward pass and one block. Is h what the text says, x + scale * branch(norm(x))? Then take weights = [zeros]: which d must come back, and which does?",
        "Compare with residual_backward: what goes into the branch, and what goes around it? And compare the backward pass of the norm with the one of batch normalization: each number also moves the length by which all are divided.",
        "The shortcut adds h in the forward and d in the backward pass. The branch receives scale * d. The norm's gradient is (d_normed - normed * mean(d_normed * normed)) / rms, the mean over the units of each example.",
    ),
)
def residual_gradients(x, weights, scale, d):
    """A network of pre-norm blocks: its output, and its gradients.

    Each block divides each example by its root mean square (the norm),
    takes a ReLU and a matrix W (the branch), multiplies by scale, and adds
    the block's input as it was.
    x: (m, n). weights: a list of matrices (n, n), one for each block. scale:
    a number. d: (m, n), the gradient of a cost by the network's output.
    Returns (h, d, dWs): the output, the gradient by x, and the list
    of the gradients by the weights, in the order of the weights.
    """
    h, kept = x, []
    for W in weights:
        rms = np.sqrt(np.mean(h**2, axis=1, keepdims=True))
        normed = h / rms
        kept.append((rms, normed))
        h = h + scale * (np.maximum(normed, 0) @ W)
    dWs = []
    for W, (rms, normed) in zip(weights[::-1], kept[::-1], strict=True):
        d_branch = scale * d
        dWs.append(np.maximum(normed, 0).T @ d_branch)
        d_normed = (d_branch @ W.T) * (normed > 0)
        along = np.mean(d_normed * normed, axis=1, keepdims=True)
        inside = (d_normed - normed * along) / rms
        d = d + inside
    return h, d, dWs[::-1]


residual_gradients.fault(
    "norm_in_the_shortcut",
    "The output is wrong: what goes around a branch is the normalized signal, so each block forgets how large its input was.",
    right="h = h + scale",
    wrong="h = normed + scale",
)
residual_gradients.fault(
    "shortcut_forgotten",
    "The gradient by x has come through every branch: nothing goes around them, so in a deep network it dies out.",
    right="d = d + inside",
    wrong="d = inside",
)
residual_gradients.fault(
    "scale_forgotten",
    "The branches get their gradient at full size: the forward pass multiplies them by scale, and the backward pass does not.",
    right="d_branch = scale * d",
    wrong="d_branch = d",
)
residual_gradients.fault(
    "length_held_fixed",
    "The backward pass of the norm takes the length by which it divides for a constant. It depends on all units of the example.",
    right="d_normed - normed * along",
    wrong="d_normed",
)


@residual_gradients.cases
def _(rng):
    for m, n, blocks, scale in ((4, 3, 1, 0.6), (3, 4, 2, 0.4), (5, 2, 3, 1.5)):
        weights = [linear(rng, n) for _ in range(blocks)]
        yield mixed(rng, m, n), weights, scale, rng.normal(size=(m, n))
    yield mixed(rng, 2, 3), [linear(rng, 3)], -0.8, rng.normal(size=(2, 3))


def _network(x, weights, scale, d, order=1, sided=False, batch=False):
    h, kept = x, []
    axis = 0 if batch else 1
    for W in weights:
        rms = np.sqrt(np.mean(h**2, axis=axis, keepdims=True))
        normed = h / rms
        kept.append((W, rms, normed))
        h = h + scale * (np.maximum(normed, 0) @ W)
    dWs = []
    for W, rms, normed in reversed(kept):
        dWs.insert(0, np.maximum(normed, 0).T @ (scale * d))
        d_normed = (scale * d @ W.T) * (1 if sided else normed > 0)
        d = d + (d_normed - normed * np.mean(d_normed * normed, axis=axis, keepdims=True)) / rms
    return h, d, dWs[::order]


@residual_gradients.mistake(
    "The gradients by the weights stand in reverse order: the last block's comes first."
)
def reversed_weights(x, weights, scale, d):
    return _network(x, weights, scale, d, order=-1)


@residual_gradients.mistake(
    "The gradient passes the ReLU also where its input was not positive: its derivative is 0 there."
)
def relu_open(x, weights, scale, d):
    return _network(x, weights, scale, d, sided=True)


@residual_gradients.mistake(
    "The norm goes over the examples. Each example is divided by the root mean square of its own units."
)
def over_the_examples(x, weights, scale, d):
    return _network(x, weights, scale, d, batch=True)


@residual_gradients.variant
def by_one_pass(x, weights, scale, d):
    return _network(x, weights, scale, d)


@residual_gradients.variant
def by_recursion(x, weights, scale, d):
    if not weights:
        return x.copy(), d.copy(), []
    length = np.sqrt((x * x).mean(axis=1))[:, None]
    unit = x / length
    active = np.where(unit > 0, unit, 0)
    out, later, rest = by_recursion(x + scale * active @ weights[0], weights[1:], scale, d)
    back = np.where(unit > 0, scale * later @ weights[0].T, 0)
    inside = (back - unit * (back * unit).mean(axis=1)[:, None]) / length
    return out, later + inside, [scale * active.T @ later, *rest]

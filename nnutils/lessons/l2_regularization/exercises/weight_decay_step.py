"""Exercise weight_decay_step: one step of gradient descent on the cost with its L2 penalty."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.l2_regularization.exercises.l2_gradient import l2_gradient


@exercise(
    kind="derive",
    points=2,
    minutes=5,
    hints=(
        "A step of gradient descent goes against the gradient of the whole cost, and you have that gradient.",
        "Put your l2_gradient into W - lr * gradient and sort the terms by W and dW. What stands in front of W, all together?",
        "(1 - lr * lam / m) * W - lr * dW",
    ),
)
def weight_decay_step(W, dW, lr, lam, m):
    """One step of gradient descent on the mean loss plus the L2 penalty.

    W: (n_in, n_out) weights. dW: the gradient of the mean loss ALONE at
    W, of the same shape. lr: learning rate. lam: lambda. m: number of
    examples in the training set.
    Returns the new weights, an array (n_in, n_out).
    """
    return (1 - lr * lam / m) * W - lr * dW


@weight_decay_step.cases
def _(rng):
    yield rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 0.5, 0.7, 5
    yield 3 * rng.normal(size=(2, 6)), rng.normal(size=(2, 6)), 0.03, 12.5, 37
    yield rng.integers(2, 9, size=(3, 2)), rng.normal(size=(3, 2)), 0.2, 3, 7
    yield rng.normal(size=(1, 4)) + 2, np.zeros((1, 4)), 0.9, 0.8, 3
    yield rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), 0.1, 0.0, 4


@weight_decay_step.mistake(
    "The decay is the same whatever the learning rate is. A step multiplies the whole gradient by it, the penalty's part, too."
)
def factor_without_lr(W, dW, lr, lam, m):
    return (1 - lam / m) * W - lr * dW


@weight_decay_step.mistake("The decay is the same whatever m is. The penalty is divided by it.")
def factor_without_m(W, dW, lr, lam, m):
    return (1 - lr * lam) * W - lr * dW


@weight_decay_step.mistake(
    "The weights decay half as fast as they should. Does your l2_gradient have this half?"
)
def factor_with_half(W, dW, lr, lam, m):
    return (1 - lr * lam / (2 * m)) * W - lr * dW


@weight_decay_step.mistake("The weights grow: a step goes against the gradient of the penalty, too.")
def growing(W, dW, lr, lam, m):
    return (1 + lr * lam / m) * W - lr * dW


@weight_decay_step.mistake(
    "You shrink after the step, the new dW part as well. The penalty's gradient is taken at the old W."
)
def shrunk_afterwards(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * (W - lr * dW)


@weight_decay_step.mistake("You go up the gradient of the loss. A step goes down.")
def uphill(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W + lr * dW


@weight_decay_step.mistake("This is a plain gradient step. The penalty is missing.")
def without_penalty(W, dW, lr, lam, m):
    return W - lr * dW


@weight_decay_step.mistake("The weights decay, but the loss is forgotten: dW has no effect.")
def decay_alone(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W


@weight_decay_step.mistake("The gradient is not multiplied by the learning rate.")
def gradient_without_lr(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W - dW


@weight_decay_step.mistake(
    "Every weight shrinks by the same amount, as with L1. With L2 it shrinks in proportion to itself."
)
def decay_by_sign(W, dW, lr, lam, m):
    return W - lr * lam / m * np.sign(W) - lr * dW


@weight_decay_step.mistake("dW is divided by m once more. It is a mean over the examples already.")
def dW_divided(W, dW, lr, lam, m):
    return (1 - lr * lam / m) * W - lr * dW / m


@weight_decay_step.mistake("m multiplies in the decay. The penalty is divided by it.")
def factor_times_m(W, dW, lr, lam, m):
    return (1 - lr * lam * m) * W - lr * dW


@weight_decay_step.mistake(
    "The weights decay twice as fast as they should. Does your l2_gradient have this 2?"
)
def factor_doubled(W, dW, lr, lam, m):
    return (1 - 2 * lr * lam / m) * W - lr * dW


@weight_decay_step.mistake("This is the change of W. Return the new W: add it to the old one.")
def the_change(W, dW, lr, lam, m):
    return -lr * (dW + lam / m * W)


@weight_decay_step.mistake("This is the gradient of loss and penalty. Return W after a step against it.")
def the_gradient(W, dW, lr, lam, m):
    return dW + lam / m * W


@weight_decay_step.mistake(
    "-= or *= writes into the caller's W (and fails where it holds whole numbers). Write W = W - ..., a new array."
)
def stepped_in_place(W, dW, lr, lam, m):
    W -= lr * (dW + lam / m * W)
    return W


@weight_decay_step.mistake(
    "The decay depends neither on the learning rate nor on m. A step takes lr times the gradient, and the penalty is divided by m."
)
def decay_by_lam(W, dW, lr, lam, m):
    return W - lr * dW - lam * W


@weight_decay_step.variant
def through_the_gradient(W, dW, lr, lam, m):
    return W - lr * l2_gradient(dW, W, lam, m)


@weight_decay_step.variant
def step_by_step(W, dW, lr, lam, m):
    new = W.astype(float)
    new -= lr * dW
    new -= lr / m * lam * W
    return new

"""Exercise sgd_update: one step of gradient descent."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.momentum_rmsprop_adam.exercises.shared import SHAPES, at_rest, whole


@exercise(
    points=1,
    minutes=3,
    fresh=True,
    hints=(
        "The gradient points uphill. Which way do you want to go, and how far?",
        "The step is the gradient times the learning rate, and it is taken away from w.",
        "return w - lr * g",
    ),
)
def sgd_update(w, g, lr):
    """One step of gradient descent.

    w, g: parameters and their gradient, arrays of one shape.
    lr: the learning rate.
    Returns the new parameters, a new array: w - lr g.
    The arguments stay as they are.
    """
    return w - lr * g


@sgd_update.cases
def _(rng):
    for shape, lr in zip((*SHAPES, (1,)), (0.3, 0.05, 0.7, 0.01), strict=True):
        w, g, *_ = draw_state(rng, shape)
        g.flat[0] = -0.5
        yield w, g, lr
    yield *whole(rng)[:2], 0.25
    yield *at_rest(rng)[:2], 0.5


@sgd_update.mistake("You went uphill. The gradient points where the cost grows, so subtract it.")
def uphill(w, g, lr):
    return w + lr * g


@sgd_update.mistake("You took the whole gradient as the step. The learning rate scales it: lr * g.")
def without_lr(w, g, lr):
    return w - g


@sgd_update.mistake("This is the step, lr * g, alone. Subtract it from w and return where you arrive.")
def step_alone(w, g, lr):
    return lr * g


@sgd_update.mistake("You scaled w as well: this is lr * (w - g). Only the gradient is multiplied by lr.")
def scaled_all(w, g, lr):
    return lr * (w - g)


@sgd_update.mistake("You divided by the learning rate. A smaller lr means a shorter step: multiply by it.")
def divided_by_lr(w, g, lr):
    return w - g / lr


@sgd_update.mistake(
    "This multiplies w by (1 - lr g). The step lr g does not depend on how large w is: subtract it."
)
def multiplied(w, g, lr):
    return w * (1 - lr * g)


@sgd_update.mistake("You used the sign of the gradient alone. Its size counts, too: w - lr * g.")
def sign_alone(w, g, lr):
    return w - lr * np.sign(g)


@sgd_update.mistake(IN_PLACE)
def in_place(w, g, lr):
    w -= lr * g
    return w


@sgd_update.mistake(
    "You used the size of the gradient and lost its sign: every step goes the same way. Subtract lr * g."
)
def size_without_sign(w, g, lr):
    return w - lr * np.abs(g)


@sgd_update.mistake(
    "The gradient is brought to length 1 before the step. Here a steep place makes a long step: subtract lr * g as it is."
)
def step_of_one_length(w, g, lr):
    return w - lr * g / max(np.linalg.norm(g), 1e-300)


@sgd_update.mistake("You squared the gradient. The step is lr * g.")
def squared_gradient(w, g, lr):
    return w - lr * g**2


@sgd_update.mistake(
    "Every parameter makes the same step, along the mean of the gradient. Each has its own entry of g: w - lr * g, element by element."
)
def one_step_for_all(w, g, lr):
    return w - lr * np.mean(g)


@sgd_update.mistake(
    "w and g are exchanged: you return g - lr * w. The parameters move along the gradient: w - lr * g."
)
def w_and_g_exchanged(w, g, lr):
    return g - lr * w


@sgd_update.variant
def one_by_one(w, g, lr):
    new = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * g[index]
    return new


@sgd_update.variant
def on_a_copy(w, g, lr):
    new = np.array(w, dtype=float)
    new += np.multiply(-lr, g)
    return new

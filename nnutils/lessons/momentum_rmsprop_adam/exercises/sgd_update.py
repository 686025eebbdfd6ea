"""Exercise sgd_update: one step of gradient descent."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.momentum_rmsprop_adam.exercises.shared import SHAPES, at_rest, whole


@exercise(
    points=1,
    minutes=3,
    fresh=True,
    hints=(
        "The gradient points uphill. Which way do you want to go, and how far? And what does NumPy do with shapes that differ?",
        "Compare np.shape(g) with np.shape(w) first, and raise ValueError where they differ. Then take lr times the gradient away from w.",
        "if np.shape(g) != np.shape(w): raise ValueError(...); then return w - lr * g",
    ),
)
def sgd_update(w, g, lr):
    """One step of gradient descent.

    w, g: parameters and their gradient, arrays. lr: the learning rate.
    Returns the new parameters, a new array.
    Raises ValueError where the shapes of w and g differ, also where NumPy
    could combine them.
    """
    if np.shape(g) != np.shape(w):
        raise ValueError("w and g must have the same shape")
    return w - lr * g


@sgd_update.cases
def _(rng):
    for shape, lr in zip((*SHAPES, (1,)), (0.3, 0.05, 0.7, 0.01), strict=True):
        w, g, *_ = draw_state(rng, shape)
        g.flat[0] = -0.5
        yield w, g, lr
    yield *whole(rng)[:2], 0.25
    yield *at_rest(rng)[:2], 0.5
    yield raises(ValueError, rng.normal(size=3), rng.normal(size=(3, 1)), 0.1)
    yield raises(ValueError, rng.normal(size=(2, 3)), rng.normal(size=3), 0.1)
    yield raises(ValueError, rng.normal(size=(3, 1)), rng.normal(size=(1, 3)), 0.1)


def _checked(w, g):
    if np.shape(g) != np.shape(w):
        raise ValueError("w and g must have the same shape")


@sgd_update.mistake(
    "The numbers are right, but shapes that differ are accepted: with w of shape (3,) and g of (3, 1) NumPy makes a (3, 3) out of "
    "them, silently. Raise ValueError where np.shape(g) differs from np.shape(w)."
)
def shapes_not_compared(w, g, lr):
    return w - lr * g


@sgd_update.mistake(
    "The sizes are compared, and the shapes must be: (3,) and (3, 1) have as many entries, and NumPy makes a (3, 3) out of them."
)
def sizes_compared(w, g, lr):
    if np.size(g) != np.size(w):
        raise ValueError("w and g must have as many entries")
    return w - lr * g


@sgd_update.mistake(
    "The numbers of dimensions are compared, and the shapes must be: (3, 1) and (1, 3) have two each, and NumPy makes a (3, 3) out of them."
)
def dimensions_compared(w, g, lr):
    if np.ndim(g) != np.ndim(w):
        raise ValueError("w and g must have as many dimensions")
    return w - lr * g


@sgd_update.mistake("You went uphill. The gradient points where the cost grows, so subtract it.")
def uphill(w, g, lr):
    _checked(w, g)
    return w + lr * g


@sgd_update.mistake("You took the whole gradient as the step. The learning rate scales it: lr * g.")
def without_lr(w, g, lr):
    _checked(w, g)
    return w - g


@sgd_update.mistake("This is the step, lr * g, alone. Subtract it from w and return where you arrive.")
def step_alone(w, g, lr):
    _checked(w, g)
    return lr * g


@sgd_update.mistake("You scaled w as well: this is lr * (w - g). Only the gradient is multiplied by lr.")
def scaled_all(w, g, lr):
    _checked(w, g)
    return lr * (w - g)


@sgd_update.mistake("You divided by the learning rate. A smaller lr means a shorter step: multiply by it.")
def divided_by_lr(w, g, lr):
    _checked(w, g)
    return w - g / lr


@sgd_update.mistake(
    "This multiplies w by (1 - lr g). The step lr g does not depend on how large w is: subtract it."
)
def multiplied(w, g, lr):
    _checked(w, g)
    return w * (1 - lr * g)


@sgd_update.mistake("You used the sign of the gradient alone. Its size counts, too: w - lr * g.")
def sign_alone(w, g, lr):
    _checked(w, g)
    return w - lr * np.sign(g)


@sgd_update.mistake(IN_PLACE)
def in_place(w, g, lr):
    _checked(w, g)
    w -= lr * g
    return w


@sgd_update.mistake(
    "You used the size of the gradient and lost its sign: every step goes the same way. Subtract lr * g."
)
def size_without_sign(w, g, lr):
    _checked(w, g)
    return w - lr * np.abs(g)


@sgd_update.mistake(
    "The gradient is brought to length 1 before the step. Here a steep place makes a long step: subtract lr * g as it is."
)
def step_of_one_length(w, g, lr):
    _checked(w, g)
    return w - lr * g / max(np.linalg.norm(g), 1e-300)


@sgd_update.mistake("You squared the gradient. The step is lr * g.")
def squared_gradient(w, g, lr):
    _checked(w, g)
    return w - lr * g**2


@sgd_update.mistake(
    "Every parameter makes the same step, along the mean of the gradient. Each has its own entry of g: w - lr * g, element by element."
)
def one_step_for_all(w, g, lr):
    _checked(w, g)
    return w - lr * np.mean(g)


@sgd_update.mistake(
    "w and g are exchanged: you return g - lr * w. The parameters move along the gradient: w - lr * g."
)
def w_and_g_exchanged(w, g, lr):
    _checked(w, g)
    return g - lr * w


@sgd_update.variant
def one_by_one(w, g, lr):
    _checked(w, g)
    new = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * g[index]
    return new


@sgd_update.variant
def on_a_copy(w, g, lr):
    _checked(w, g)
    new = np.array(w, dtype=float)
    new += np.multiply(-lr, g)
    return new

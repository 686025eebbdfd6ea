"""Exercise rmsprop_update: one step of RMSProp (Tieleman & Hinton 2012): each gradient divided by its own usual."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.momentum_rmsprop_adam.exercises.shared import SHAPES, at_rest, whole


@exercise(
    points=2,
    minutes=4,
    returns=("w", "s"),
    fresh=True,
    hints=(
        "s is an average, too, but of the squared gradients: it knows how large the gradient usually is in each direction.",
        "Update s with g**2. Then divide the gradient by the root of the new s, with eps added outside the root.",
        "s = beta * s + (1 - beta) * g**2, then return w - lr * g / (np.sqrt(s) + eps), s",
    ),
)
def rmsprop_update(w, g, s, lr, beta, eps):
    """One step of RMSProp (Tieleman & Hinton 2012): each gradient in units
    of its own usual size.

    w, g, s: parameters, gradient, and the average of squared gradients
    before this step (0 at the start), arrays of one shape.
    lr, beta, eps: numbers.
    Returns (w, s): the new parameters, and the average with this gradient
    in it, which the next step gets. No argument is changed.
    """
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.3, 0.05, 1.5), (0.9, 0.8, 0.7), strict=True):
        w, g, _, s = draw_state(rng, shape)
        yield w, g, s, lr, beta, 0.1
    w, g, _, s = whole(rng)
    yield w, g, s, 0.2, 0.9, 0.5
    yield np.array([0.3, -0.5, 0.4]), np.array([0.0, 0.5, -20.0]), np.zeros(3), 0.1, 0.9, 1e-3
    w, g, _, s = at_rest(rng)
    yield w, g, s, 0.1, 0.9, 1e-8


def _rmsprop(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake("Epsilon is inside the root: sqrt(s + eps). Add it outside: sqrt(s) + eps.")
def epsilon_in_root(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / np.sqrt(s + eps), s


@rmsprop_update.mistake(
    "The root is missing: you divided by s + eps. s holds squares, so divide by sqrt(s) + eps."
)
def root_forgotten(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (s + eps), s


@rmsprop_update.mistake(
    "You averaged g, not its square: that is momentum's v, which can be negative. Put g**2 into s."
)
def not_squared(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "s is updated correctly, but you divided by the root of the old s. Update first, then divide."
)
def old_squares(w, g, s, lr, beta, eps):
    return w - lr * g / (np.sqrt(s) + eps), beta * s + (1 - beta) * g**2


@rmsprop_update.mistake(
    "You left out (1 - beta): s = beta s + g^2 is a sum that outgrows the squares. Weigh g**2 with 1 - beta."
)
def share_forgotten(w, g, s, lr, beta, eps):
    s = beta * s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "You added up all squares, s + g^2: that is AdaGrad, whose steps die out. RMSProp forgets: beta s + (1 "
    "- beta) g^2."
)
def as_adagrad(w, g, s, lr, beta, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake("The shares are exchanged: beta belongs to the old s and 1 - beta to the new square.")
def weights_exchanged(w, g, s, lr, beta, eps):
    return _rmsprop(w, g, s, lr, 1 - beta, eps)


@rmsprop_update.mistake("You went uphill: subtract the step from w.")
def plus_step(w, g, s, lr, beta, eps):
    return 2 * w - _rmsprop(w, g, s, lr, beta, eps)[0], beta * s + (1 - beta) * g**2


@rmsprop_update.mistake(
    "Epsilon is missing, or ended up outside the fraction. A parameter whose gradient was always 0 then "
    "gets 0 / 0. "
    "Mind the brackets: g / (sqrt(s) + eps)."
)
def epsilon_forgotten(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / np.sqrt(s), s


@rmsprop_update.mistake(
    "Brackets: you wrote g / sqrt(s) + eps, which adds epsilon to the step. It belongs in the "
    "denominator: g / (sqrt(s) + eps)."
)
def epsilon_added(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * (g / np.sqrt(s) + eps), s


@rmsprop_update.mistake("The learning rate is missing in the step: lr * g / (sqrt(s) + eps).")
def rate_forgotten(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "w is right, but you return the root. The state is the average of the squares, s, before the root."
)
def root_kept(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), np.sqrt(s)


@rmsprop_update.mistake(IN_PLACE)
def stepped_in_place(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * g**2
    w -= lr * g / (np.sqrt(s) + eps)
    return w, s


@rmsprop_update.mistake("Both are right and in the wrong order: return w first, then s.")
def squares_first(w, g, s, lr, beta, eps):
    return _rmsprop(w, g, s, lr, beta, eps)[::-1]


@rmsprop_update.mistake("w is right, but you return the old s. The next step needs the new one.")
def old_squares_returned(w, g, s, lr, beta, eps):
    return _rmsprop(w, g, s, lr, beta, eps)[0], s.copy()


@rmsprop_update.mistake("w is right, but epsilon was added to the state: return s without it.")
def epsilon_kept_in_s(w, g, s, lr, beta, eps):
    w, s = _rmsprop(w, g, s, lr, beta, eps)
    return w, s + eps


@rmsprop_update.mistake(
    "The numbers are right, but you changed s in place (with *= or +=), and s belongs to whoever called you. "
    "Write s = beta * s + ..., which makes a new array."
)
def squares_in_place(w, g, s, lr, beta, eps):
    s *= beta
    s += (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "All entries get one square, that of the whole gradient. Each parameter has a usual size of its own: g**2, element by element."
)
def one_square_for_all(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * np.sum(g**2)
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "s averages the sizes |g|, not the squares. Put g**2 into s, since its root is taken."
)
def sizes_for_squares(w, g, s, lr, beta, eps):
    s = beta * s + (1 - beta) * np.abs(g)
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "The share 1 - beta is squared together with the gradient. Square g alone: (1 - beta) * g**2."
)
def share_squared(w, g, s, lr, beta, eps):
    s = beta * s + ((1 - beta) * g) ** 2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.mistake(
    "The step has the length lr in every entry: g is divided by its own size of this step. Divide by the root of the average s."
)
def divided_by_own_size(w, g, s, lr, beta, eps):
    return w - lr * g / (np.abs(g) + eps), beta * s + (1 - beta) * g**2


@rmsprop_update.variant
def with_scales(w, g, s, lr, beta, eps):
    squares = s - (1 - beta) * (s - g * g)
    scale = lr / (squares**0.5 + eps)
    return np.array([w - scale * g, squares])


@rmsprop_update.variant
def entry_by_entry(w, g, s, lr, beta, eps):
    w, s = np.array(w, dtype=float), np.array(s, dtype=float)
    for i in np.ndindex(w.shape):
        s[i] = beta * s[i] + (1 - beta) * g[i] ** 2
        w[i] -= lr * g[i] / (s[i] ** 0.5 + eps)
    return w, s

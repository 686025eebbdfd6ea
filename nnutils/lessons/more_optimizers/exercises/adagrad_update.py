"""Exercise adagrad_update: one step of AdaGrad (Duchi, Hazan and Singer 2011)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.more_optimizers.exercises.shared import SHAPES, start, whole


@exercise(
    points=2,
    minutes=3,
    returns=("w", "s"),
    fresh=True,
    hints=(
        "s remembers how much gradient each parameter has ever seen. It never forgets.",
        "Add the square of g to s, then divide the step by the root of the new s, plus eps.",
        "s = s + g**2, then return w - lr * g / (np.sqrt(s) + eps), s",
    ),
)
def adagrad_update(w, g, s, lr, eps):
    """One step of AdaGrad (Duchi, Hazan and Singer 2011).

    w, g, s: parameters, gradient, and what the update remembers of the
    gradients before (0 at the start), arrays of one shape.
    lr, eps: numbers; eps stands outside the root and is no part of the state.
    Returns the new (w, s).
    """
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.cases
def _(rng):
    for shape, lr, eps in zip(SHAPES, (0.3, 0.05, 0.7), (0.1, 0.02, 0.3), strict=True):
        w, g, _v, s = draw_state(rng, shape)
        yield w, g, s, lr, eps
    w, g, _v, s = whole(rng, (2, 2))
    yield w, g, s / 2, 0.25, 0.1
    w, g, _v, s = start(rng)
    yield w, g, s, 0.1, 0.05


@adagrad_update.mistake("Epsilon is inside the root. It belongs outside: sqrt(s) + eps.")
def adagrad_eps_inside(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / np.sqrt(s + eps), s


@adagrad_update.mistake("You divide by the root of the old s. Update s first, then divide by the new one.")
def adagrad_old_sum(w, g, s, lr, eps):
    return w - lr * g / (np.sqrt(s) + eps), s + g**2


@adagrad_update.mistake("You forgot the root: the step is divided by sqrt(s) + eps.")
def adagrad_without_root(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / (s + eps), s


@adagrad_update.mistake("You added g itself. Gradients of different sign would cancel: add g**2.")
def adagrad_not_squared(w, g, s, lr, eps):
    s = s + g
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake("You added up absolute values. The sum is of squares.")
def adagrad_of_sizes(w, g, s, lr, eps):
    s = s + np.abs(g)
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake("You averaged, as RMSProp does, with 0.9 and 0.1. AdaGrad adds, and forgets nothing.")
def adagrad_as_rmsprop(w, g, s, lr, eps):
    s = 0.9 * s + 0.1 * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake("You went uphill: subtract the step.")
def adagrad_uphill(w, g, s, lr, eps):
    s = s + g**2
    return w + lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake("w is right, but you return the root. The state is the sum of squares itself.")
def adagrad_keeps_root(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), np.sqrt(s)


@adagrad_update.mistake("w is right, but epsilon was added to the state: return s without it.")
def adagrad_eps_in_state(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s + eps


@adagrad_update.mistake(
    "Epsilon is missing. Where every gradient so far was 0, this is 0 / 0: divide by sqrt(s) + eps."
)
def adagrad_without_eps(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * g / np.sqrt(s), s


@adagrad_update.mistake(
    "All entries get one sum, of the squares of the whole gradient. Each parameter has a sum of its own: g**2, element by element."
)
def adagrad_one_sum_for_all(w, g, s, lr, eps):
    s = s + np.sum(g**2)
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake("Both are right and in the wrong order: return w first, then s.")
def adagrad_order_of_two(w, g, s, lr, eps):
    s = s + g**2
    return s, w - lr * g / (np.sqrt(s) + eps)


@adagrad_update.mistake("w is right, but you return the old sum. The next step needs the new one.")
def adagrad_old_state(w, g, s, lr, eps):
    return w - lr * g / (np.sqrt(s + g**2) + eps), s.copy()


@adagrad_update.mistake("The learning rate is missing in the step: lr * g / (sqrt(s) + eps).")
def adagrad_without_lr(w, g, s, lr, eps):
    s = s + g**2
    return w - g / (np.sqrt(s) + eps), s


@adagrad_update.mistake(
    "Brackets: epsilon is added to the step, g / sqrt(s) + eps. It belongs in the denominator: g / (sqrt(s) + eps)."
)
def adagrad_eps_on_the_step(w, g, s, lr, eps):
    s = s + g**2
    return w - lr * (g / np.sqrt(s) + eps), s


@adagrad_update.mistake(
    "The numbers are right, but you changed s in place, and s belongs to whoever called you. Write s = s + g**2, which makes a new array."
)
def adagrad_sum_in_place(w, g, s, lr, eps):
    s += g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.mistake(IN_PLACE)
def adagrad_in_place(w, g, s, lr, eps):
    s = s + g**2
    w -= lr * g / (np.sqrt(s) + eps)
    return w, s


@adagrad_update.variant
def adagrad_by_scales(w, g, s, lr, eps):
    total = g * g + s
    scale = lr / (total**0.5 + eps)
    return np.array([w - scale * g, total])


@adagrad_update.variant
def adagrad_by_entries(w, g, s, lr, eps):
    w, s = np.array(w, dtype=float), np.array(s, dtype=float)
    for i in np.ndindex(w.shape):
        s[i] += g[i] ** 2
        w[i] -= lr * g[i] / (s[i] ** 0.5 + eps)
    return w, s

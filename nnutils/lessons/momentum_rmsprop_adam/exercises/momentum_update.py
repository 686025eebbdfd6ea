"""Exercise momentum_update: one step of gradient descent with momentum (Polyak 1964), as an average of gradients."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.momentum_rmsprop_adam.exercises.shared import SHAPES, at_rest, whole


@exercise(
    points=2,
    minutes=5,
    returns=("w", "v"),
    fresh=True,
    hints=(
        "v is an exponentially weighted average of the gradients, as in lesson 11. Update it first.",
        "The old v keeps the share beta, the new gradient enters with the share 1 - beta. Then step along the new v.",
        "v = beta * v + (1 - beta) * g, then return w - lr * v, v",
    ),
)
def momentum_update(w, g, v, lr, beta):
    """One step of gradient descent with momentum (Polyak 1964), in the
    form of an average of gradients.

    w, g, v: parameters, gradient, and the average before this step (0 at
    the start), arrays of one shape. lr, beta: numbers.
    Returns (w, v): the new parameters, and the average with this
    gradient in it, which the next step gets. No argument is changed.
    """
    v = beta * v + (1 - beta) * g
    return w - lr * v, v


@momentum_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.3, 0.05, 2.0), (0.9, 0.8, 0.7), strict=True):
        yield *draw_state(rng, shape)[:3], lr, beta
    yield *whole(rng)[:3], 0.2, 0.9
    yield *at_rest(rng)[:3], 0.5, 0.9
    yield rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), np.zeros((3, 2)), 0.1, 0.95


def _momentum(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - lr * v, v


@momentum_update.mistake(
    "You left out (1 - beta). This is PyTorch's convention, v = beta v + g, whose steps are 1 / (1 - beta) "
    "times as long. "
    "Here v is an average: weigh the new gradient with 1 - beta."
)
def sum_of_gradients(w, g, v, lr, beta):
    v = beta * v + g
    return w - lr * v, v


@momentum_update.mistake(
    "This is Keras' convention, v = beta v - lr g and w + v: the learning rate is inside v. "
    "Here v averages gradients alone, and lr comes in with the step."
)
def as_keras(w, g, v, lr, beta):
    v = beta * v - lr * g
    return w + v, v


@momentum_update.mistake(
    "The learning rate went into v, v = beta v + lr g. Here v averages gradients: (1 - beta) g goes in, lr "
    "scales the step."
)
def lr_inside(w, g, v, lr, beta):
    v = beta * v + lr * g
    return w - v, v


@momentum_update.mistake(
    "The shares are exchanged: beta belongs to the old v and 1 - beta to the new gradient."
)
def shares_exchanged(w, g, v, lr, beta):
    return _momentum(w, g, v, lr, 1 - beta)


@momentum_update.mistake(
    "v is updated correctly, but the step still uses the old v. Update v first, then step along it."
)
def old_average(w, g, v, lr, beta):
    return w - lr * v, beta * v + (1 - beta) * g


@momentum_update.mistake(
    "v is updated correctly, but w steps along g, which is plain gradient descent. Step along v."
)
def step_along_gradient(w, g, v, lr, beta):
    return w - lr * g, beta * v + (1 - beta) * g


@momentum_update.mistake("w is right, but you return the old v. The next step needs the new one.")
def state_not_kept(w, g, v, lr, beta):
    return _momentum(w, g, v, lr, beta)[0], v.copy()


@momentum_update.mistake("You went uphill: v points where the cost grows, so subtract lr * v.")
def with_plus(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w + lr * v, v


@momentum_update.mistake("The learning rate is missing in the step: w - lr * v.")
def without_the_rate(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - v, v


@momentum_update.mistake(
    "You looked ahead with beta v + (1 - beta) g once more: that is a Nesterov step, the next lesson. Here "
    "w moves by lr times v."
)
def looked_ahead(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - lr * (beta * v + (1 - beta) * g), v


@momentum_update.mistake("Both numbers are right and in the wrong order: return w first, then v.")
def order_of_two(w, g, v, lr, beta):
    return _momentum(w, g, v, lr, beta)[::-1]


@momentum_update.mistake(IN_PLACE)
def moved_in_place(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    w -= lr * v
    return w, v


@momentum_update.mistake(
    "The numbers are right, but you changed v in place (with *= or +=), and v belongs to whoever called you. "
    "Write v = beta * v + ..., which makes a new array."
)
def average_in_place(w, g, v, lr, beta):
    v *= beta
    v += (1 - beta) * g
    return w - lr * v, v


@momentum_update.mistake(
    "v takes the new gradient with a minus and w moves by plus lr v: with the v that you are given, which points uphill, the two do not match. "
    "Here v = beta v + (1 - beta) g, and w - lr v."
)
def minus_in_the_average(w, g, v, lr, beta):
    v = beta * v - (1 - beta) * g
    return w + lr * v, v


@momentum_update.mistake(
    "w is right, but you return lr * v, the step. The state is the average v itself; lr enters anew at each step."
)
def step_kept_for_average(w, g, v, lr, beta):
    w, v = _momentum(w, g, v, lr, beta)
    return w, lr * v


@momentum_update.mistake(
    "lr is there twice: in v, as beta v + lr g, and in the step, w - lr v. Here v averages gradients alone, with the share 1 - beta."
)
def rate_twice(w, g, v, lr, beta):
    v = beta * v + lr * g
    return w - lr * v, v


@momentum_update.mistake(
    "The step is lr (g + beta v), as PyTorch makes it with nesterov=True. Here w moves by lr times v alone."
)
def pytorch_look_ahead(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - lr * (g + beta * v), v


@momentum_update.mistake(
    "v forgets nothing: the old v has lost its share beta. Here v = beta v + (1 - beta) g."
)
def old_average_whole(w, g, v, lr, beta):
    v = v + (1 - beta) * g
    return w - lr * v, v


@momentum_update.mistake(
    "The step is 1 / (1 - beta) times too long: it follows v / (1 - beta). Often because a bias correction is applied, as if this were always "
    "the first step. Here none is asked for: w - lr * v."
)
def corrected_as_if_first(w, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return w - lr * v / (1 - beta), v


@momentum_update.mistake(
    "The learning rate is inside v, v = beta v - lr (1 - beta) g, and w moves by v. Here v averages gradients alone, and lr comes in with "
    "the step: w - lr v."
)
def rate_in_the_average(w, g, v, lr, beta):
    v = beta * v - lr * (1 - beta) * g
    return w + v, v


@momentum_update.variant
def as_correction(w, g, v, lr, beta):
    new = v + (1 - beta) * (g - v)
    return [w - lr * new, new]


@momentum_update.variant
def by_weights(w, g, v, lr, beta):
    new = np.tensordot([beta, 1 - beta], np.stack([v, g]), axes=1)
    return np.subtract(w, lr * new), new

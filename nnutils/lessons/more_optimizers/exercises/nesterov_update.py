"""Exercise nesterov_update: one step with Nesterov's momentum, in the form of Sutskever et al. (2013)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.more_optimizers.exercises.shared import SHAPES, whole
from nnutils.lessons.more_optimizers.given import BowlGradient


@exercise(
    points=2,
    minutes=5,
    returns=("w", "v"),
    fresh=True,
    hints=(
        "The velocity is about to carry you to w + beta * v anyway. Where would you rather ask for the gradient?",
        "Ask grad at the point ahead, w + beta * v. Then the new velocity is beta * v minus lr times that gradient.",
        "v = beta * v - lr * grad(w + beta * v), then return w + v, v",
    ),
)
def nesterov_update(w, grad, v, lr, beta):
    """One step with Nesterov's momentum, in the form of Sutskever et al.
    (2013).

    w, v: parameters and velocity (0 at the start), arrays of one shape. The
    velocity points downhill and holds the learning rate.
    grad: a function that gives the gradient at any point.
    lr, beta: numbers.
    Returns the new (w, v).
    """
    v = beta * v - lr * grad(w + beta * v)
    return w + v, v


@nesterov_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.1, 0.03, 0.2), (0.9, 0.7, 0.8), strict=True):
        w, centre, v, c = draw_state(rng, shape)
        yield w, BowlGradient(c, centre), v, lr, beta
    w, centre, v, c = whole(rng, (2, 2))
    yield w, BowlGradient(c / 4, centre / 2), v, 0.05, 0.5
    w, centre, v, c = draw_state(rng, (2,))
    yield w, BowlGradient(c, centre), np.zeros(2), 0.1, 0.9


@nesterov_update.mistake(
    "This is plain momentum: the gradient is taken where you are. Nesterov asks for it at the point ahead, w + beta v."
)
def gradient_here(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w)
    return w + v, v


@nesterov_update.mistake("You look ahead by the whole velocity, w + v. The part that will be kept is beta v.")
def whole_velocity_ahead(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w + v)
    return w + v, v


@nesterov_update.mistake(
    "You look behind you: the point ahead is w PLUS beta v in this convention, where v points downhill."
)
def looks_behind(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w - beta * v)
    return w + v, v


@nesterov_update.mistake("The velocity grows uphill: subtract lr times the gradient from beta v.")
def velocity_uphill(w, grad, v, lr, beta):
    v = beta * v + lr * grad(w + beta * v)
    return w + v, v


@nesterov_update.mistake("v already points downhill, so it is added to w. You subtracted it.")
def step_back(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w + beta * v)
    return w - v, v


@nesterov_update.mistake("You step from the point ahead. The step starts at w itself: w + v.")
def steps_from_ahead(w, grad, v, lr, beta):
    ahead = w + beta * v
    v = beta * v - lr * grad(ahead)
    return ahead + v, v


@nesterov_update.mistake(
    "You took an average, with the share 1 - beta for the gradient, as in lesson 12. Here it enters as lr * gradient."
)
def as_average(w, grad, v, lr, beta):
    v = beta * v - (1 - beta) * lr * grad(w + beta * v)
    return w + v, v


@nesterov_update.mistake("You moved by the old velocity. Update v first, then move by the new one.")
def old_velocity(w, grad, v, lr, beta):
    return w + v, beta * v - lr * grad(w + beta * v)


@nesterov_update.mistake(IN_PLACE)
def nesterov_in_place(w, grad, v, lr, beta):
    v *= beta
    v -= lr * grad(w + v)
    return w + v, v.copy()


@nesterov_update.mistake(
    "The gradient is taken where you are, and the step mixes it in once more: that is PyTorch's nesterov=True, v = beta v + g and "
    "w - lr (g + beta v). Here v points downhill and holds lr, and grad is asked at the point ahead."
)
def as_pytorch(w, grad, v, lr, beta):
    g = grad(w)
    v = beta * v + g
    return w - lr * (g + beta * v), v


@nesterov_update.mistake(
    "The gradient is taken where you are, and w moves by beta v - lr grad with the new v. So do Keras and other libraries, whose w "
    "stands for the point ahead. Here w is w: ask grad at w + beta v and move by the new v."
)
def in_one_variable(w, grad, v, lr, beta):
    g = grad(w)
    v = beta * v - lr * g
    return w + beta * v - lr * g, v


@nesterov_update.mistake(
    "The point ahead is taken for w - lr beta v. Here lr is inside v already, and v points downhill: w + beta v."
)
def ahead_by_the_rate(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w - lr * beta * v)
    return w + v, v


@nesterov_update.mistake("The learning rate is missing: beta v minus lr times the gradient.")
def nesterov_without_lr(w, grad, v, lr, beta):
    v = beta * v - grad(w + beta * v)
    return w + v, v


@nesterov_update.mistake(
    "The velocity is kept whole. Its share beta is missing where the new velocity is made: beta v - lr * gradient."
)
def never_slows_down(w, grad, v, lr, beta):
    v = v - lr * grad(w + beta * v)
    return w + v, v


@nesterov_update.mistake("w is right, but you return the old velocity. The next step needs the new one.")
def nesterov_old_state(w, grad, v, lr, beta):
    new = beta * v - lr * grad(w + beta * v)
    return w + new, v.copy()


@nesterov_update.mistake("Both are right and in the wrong order: return w first, then v.")
def nesterov_order_of_two(w, grad, v, lr, beta):
    v = beta * v - lr * grad(w + beta * v)
    return v, w + v


@nesterov_update.variant
def in_two_moves(w, grad, v, lr, beta):
    ahead = w + beta * v
    correction = -lr * grad(ahead)
    return ahead + correction, ahead + correction - w


@nesterov_update.variant
def on_copies(w, grad, v, lr, beta):
    w, v = np.array(w, dtype=float), np.array(v, dtype=float)
    v *= beta
    v -= lr * np.asarray(grad(w + v))
    w += v
    return [w, v]

"""Exercises of lesson 11: four updates, from the plain step downhill to Adam."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.checks.updates import IN_PLACE, draw_state, whole_state

NUMBER = 11
MINUTES = 75

SHAPES = ((3,), (2, 3), (4, 1, 2))


def _whole(rng):
    """Whole numbers: g of both signs and nowhere the same as w or v, and g^2 below s in the first entry."""
    w, g, v, s = whole_state(rng, (2, 2))
    s[0, 0], g[0, 0], g[1, 1] = 5, 2, -3
    return np.where(w == g, -w, w), g, np.where(v == g, -v, v), s


def _at_rest(rng):
    """No gradient, and averages of 0: what is returned equals what was given, and is new all the same."""
    return rng.normal(size=2), np.zeros(2), np.zeros(2), np.zeros(2)


# ------------------------------------------------------------------------------------------- gradient descent


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

    w, g: parameters and their gradient, arrays of one shape. lr: the learning rate.
    Returns the new parameters, a new array: w - lr g. The arguments stay as they are.
    """
    return w - lr * g


@sgd_update.cases
def _(rng):
    for shape, lr in zip((*SHAPES, (1,)), (0.3, 0.05, 0.7, 0.01), strict=True):
        w, g, *_ = draw_state(rng, shape)
        g.flat[0] = -0.5
        yield w, g, lr
    yield *_whole(rng)[:2], 0.25
    yield *_at_rest(rng)[:2], 0.5


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


# --------------------------------------------------------------------------------------------------- momentum


@exercise(
    points=2,
    minutes=8,
    returns=("w", "v"),
    fresh=True,
    hints=(
        "v is an exponentially weighted average of the gradients, as in lesson 10. Update it first.",
        "The old v keeps the share beta, the new gradient enters with the share 1 - beta. Then step along "
        "the new v.",
        "v = beta * v + (1 - beta) * g, then return w - lr * v, v",
    ),
)
def momentum_update(w, g, v, lr, beta):
    """One step of gradient descent with momentum (Polyak 1964), as an average of gradients.

    w, g, v: parameters, gradient, average so far (0 at the start), arrays of one shape. lr,
    beta: numbers.
    v_new = beta v + (1 - beta) g, and w_new = w - lr v_new. Returns (w_new, v_new); no
    argument is changed.
    """
    v = beta * v + (1 - beta) * g
    return w - lr * v, v


@momentum_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.3, 0.05, 2.0), (0.9, 0.8, 0.7), strict=True):
        yield *draw_state(rng, shape)[:3], lr, beta
    yield *_whole(rng)[:3], 0.2, 0.9
    yield *_at_rest(rng)[:3], 0.5, 0.9
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
    "v is updated rightly, but the step still uses the old v. Update v first, then step along it."
)
def old_average(w, g, v, lr, beta):
    return w - lr * v, beta * v + (1 - beta) * g


@momentum_update.mistake(
    "v is updated rightly, but w steps along g, which is plain gradient descent. Step along v."
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


# ---------------------------------------------------------------------------------------------------- RMSProp


@exercise(
    points=2,
    minutes=8,
    returns=("w", "s"),
    fresh=True,
    hints=(
        "s is an average, too, but of the squared gradients: it knows how large the gradient usually is in "
        "each direction.",
        "Update s with g**2. Then divide the gradient by the root of the new s, with eps added outside the "
        "root.",
        "s = beta * s + (1 - beta) * g**2, then return w - lr * g / (np.sqrt(s) + eps), s",
    ),
)
def rmsprop_update(w, g, s, lr, beta, eps):
    """One step of RMSProp (Tieleman & Hinton 2012): each gradient divided by its own usual
    size.

    w, g, s: parameters, gradient, average of g^2 so far, arrays of one shape. lr, beta,
    eps: numbers.
    s_new = beta s + (1 - beta) g^2, and w_new = w - lr g / (sqrt(s_new) + eps), element by
    element.
    Returns (w_new, s_new); no argument is changed.
    """
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@rmsprop_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.3, 0.05, 1.5), (0.9, 0.8, 0.7), strict=True):
        w, g, _, s = draw_state(rng, shape)
        yield w, g, s, lr, beta, 0.1
    w, g, _, s = _whole(rng)
    yield w, g, s, 0.2, 0.9, 0.5
    yield np.array([0.3, -0.5, 0.4]), np.array([0.0, 0.5, -20.0]), np.zeros(3), 0.1, 0.9, 1e-3
    w, g, _, s = _at_rest(rng)
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
    "s is updated rightly, but you divided by the root of the old s. Update first, then divide."
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
    "Brackets: you wrote g / sqrt(s) + eps, which adds epsilon to the step. It belongs into the "
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


@rmsprop_update.mistake("w is right, but epsilon has crept into the state: return s without it.")
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


# ------------------------------------------------------------------------------------------------------- Adam


@exercise(
    points=4,
    minutes=15,
    returns=("w", "m", "v"),
    fresh=True,
    hints=(
        "Adam is momentum's average m and RMSProp's average v side by side. Update both, then correct both, "
        "then step.",
        "Correct into new names, because the state that you return stays uncorrected: "
        "m_hat = m / (1 - beta1**t), and the same for v with beta2.",
        "m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g**2; m_hat and v_hat as in the "
        "second hint; "
        "return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v",
    ),
)
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam (Kingma & Ba 2015, algorithm 1).

    w, g, m, v: parameters, gradient, averages of g and g^2 so far, arrays of one shape. t:
    1 at the first.
    m_new = beta1 m + (1 - beta1) g             v_new = beta2 v + (1 - beta2) g^2
    m_hat = m_new / (1 - beta1^t)               v_hat = v_new / (1 - beta2^t)
    w_new = w - lr m_hat / (sqrt(v_hat) + eps)
    Returns (w_new, m_new, v_new), the averages as they are before the correction; no
    argument is changed.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.cases
def _(rng):
    for shape, t, lr in zip(SHAPES, (3, 2, 5), (0.3, 0.05, 1.5), strict=True):
        w, g, m, v = draw_state(rng, shape)
        g.flat[0] = 0.1  # whose square is below any v
        yield w, g, m, v, t, lr, 0.7, 0.8, 0.1
    yield *_whole(rng), 4, 0.2, 0.9, 0.6, 0.2
    yield *_at_rest(rng), 1, 0.1, 0.9, 0.999, 1e-8
    g = np.array([0.0, 0.5, -20.0])
    yield rng.normal(size=3), g, np.zeros(3), np.zeros(3), 1, 0.001, 0.9, 0.999, 1e-8


def _averages(g, m, v, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def _hats(g, m, v, t, beta1, beta2):
    """The new averages, then both corrected."""
    m, v = _averages(g, m, v, beta1, beta2)
    return m, v, m / (1 - beta1**t), v / (1 - beta2**t)


def _adam(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake("Epsilon is inside the root: sqrt(v_hat + eps). It belongs outside: sqrt(v_hat) + eps.")
def eps_inside_root(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / np.sqrt(v_hat + eps), m, v


@adam_update.mistake(
    "Epsilon is added to the root of the uncorrected v, as Keras does (the paper calls it epsilon hat). "
    "Here it comes after the correction: sqrt(v_hat) + eps."
)
def eps_before_correction(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


@adam_update.mistake(
    "Brackets: epsilon ended up being added to the parameter, w - lr m_hat / sqrt(v_hat) + eps. "
    "It belongs into the denominator: / (sqrt(v_hat) + eps)."
)
def eps_added_to_parameter(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / np.sqrt(v_hat) + eps, m, v


@adam_update.mistake(
    "Brackets: epsilon is added to the step, lr (m_hat / sqrt(v_hat) + eps). It belongs into the "
    "denominator: "
    "m_hat / (sqrt(v_hat) + eps)."
)
def eps_added_to_step(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * (m_hat / np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "Epsilon is missing. Where every gradient so far was 0, this is 0 / 0: divide by sqrt(v_hat) + eps."
)
def eps_forgotten(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr, beta1, beta2, 0.0)


@adam_update.mistake(
    "The bias correction is missing. m and v start at 0 and are too small in the first steps: "
    "divide them by 1 - beta1**t and 1 - beta2**t."
)
def uncorrected(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    return w - lr * m / (np.sqrt(v) + eps), m, v


@adam_update.mistake("Only m is corrected. v starts at 0 as well: divide it by 1 - beta2**t before the root.")
def only_m_corrected(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, _ = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / (np.sqrt(v) + eps), m, v


@adam_update.mistake("Only v is corrected. m starts at 0 as well: divide it by 1 - beta1**t.")
def only_v_corrected(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, _, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "The correction divides by 1 - beta, as if t were always 1. Raise the betas to the power of t: 1 - "
    "beta1**t."
)
def t_never_advanced(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, 1, lr, beta1, beta2, eps)


@adam_update.mistake("You used t + 1. Here t counts from 1 and arrives advanced already: 1 - beta1**t.")
def t_one_too_many(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t + 1, lr, beta1, beta2, eps)


@adam_update.mistake("You used t - 1, which divides by 0 at the first step. t counts from 1: 1 - beta1**t.")
def t_one_too_few(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, np.float64(t - 1), lr, beta1, beta2, eps)


@adam_update.mistake("You multiplied the betas by t. The correction takes their power: beta1**t.")
def t_as_factor(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1 * t), v / (1 - beta2 * t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "You multiplied by the corrections. The averages are too small at first, so divide by 1 - beta**t."
)
def corrections_multiplied(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    m_hat, v_hat = m * (1 - beta1**t), v * (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "The corrections are exchanged: m was averaged with beta1, so divide m by 1 - beta1**t and v by 1 - "
    "beta2**t."
)
def corrections_exchanged(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "beta1 and beta2 are exchanged throughout: m, the average of g, takes beta1, and v, of g^2, takes beta2."
)
def betas_exchanged(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr, beta2, beta1, eps)


@adam_update.mistake(
    "w is right, but you return the corrected averages. Often because m and v themselves were overwritten by them. "
    "The state that goes on is the uncorrected m and v."
)
def corrected_state_returned(w, g, m, v, t, lr, beta1, beta2, eps):
    _, _, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m_hat, v_hat


@adam_update.mistake(
    "v averages the square of m. It averages the squared gradient: beta2 * v + (1 - beta2) * g**2."
)
def v_from_new_m(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * m**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake("v averages g, not its square, and can be negative under the root. Put g**2 into v.")
def g_not_squared(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake(
    "The root is missing: you divided by v_hat + eps. v holds squares, so divide by sqrt(v_hat) + eps."
)
def no_root(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / (v_hat + eps), m, v


@adam_update.mistake("You left out (1 - beta1) and (1 - beta2): without them m and v are sums, not averages.")
def shares_forgotten(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + g, beta2 * v + g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake("You left out (1 - beta1): the new gradient enters m with that share.")
def share_of_g_forgotten(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + g, _averages(g, m, v, beta1, beta2)[1]
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake("You left out (1 - beta2): the new square enters v with that share.")
def share_of_square_forgotten(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)[0], beta2 * v + g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake(
    "The shares are exchanged: the old m and v keep the betas, the new gradient gets 1 - beta."
)
def old_and_new_exchanged(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, 1 - beta1, 1 - beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake("You stepped along g. In Adam the numerator is the average, m_hat.")
def g_on_top(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, _, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * g / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "m and v are updated rightly, but the step uses the old ones. Update first, then correct and step."
)
def old_averages_used(w, g, m, v, t, lr, beta1, beta2, eps):
    new = _averages(g, m, v, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), *new


@adam_update.mistake("You went uphill: m_hat points where the cost grows, so subtract the step from w.")
def step_with_plus(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w + lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake("The learning rate is missing in the step: lr * m_hat / (sqrt(v_hat) + eps).")
def lr_forgotten(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, 1.0, beta1, beta2, eps)


@adam_update.mistake("All three are right and in another order than asked: return w, then m, then v.")
def order_of_three(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, v, m


@adam_update.mistake(IN_PLACE)
def walked_in_place(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    w -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return w, m, v


@adam_update.mistake(
    "The numbers are right, but you changed m and v in place (with *= or +=), and they belong to whoever "
    "called you. "
    "Write m = beta1 * m + ..., which makes a new array."
)
def state_in_place(w, g, m, v, t, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake(
    "You raised 1 - beta to the power t. Only the beta is raised: the corrections are 1 - beta1**t and 1 - beta2**t."
)
def powers_of_the_difference(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1) ** t, v / (1 - beta2) ** t
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "You divided by the root of the larger of the old and the new v. That is AMSGrad's idea; Adam takes the new v, also where it has fallen."
)
def larger_v(w, g, m, v, t, lr, beta1, beta2, eps):
    old, (m, v) = v, _averages(g, m, v, beta1, beta2)
    v_hat = np.maximum(old, v) / (1 - beta2**t)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "Besides the step, w has shrunk by lr * 0.01 * w. That is the weight decay of AdamW, with PyTorch's default. None is asked for here."
)
def decay_unasked(w, g, m, v, t, lr, beta1, beta2, eps):
    stepped, m, v = _adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return stepped - lr * 0.01 * w, m, v


@adam_update.mistake(
    "The numerator mixes the present gradient in once more: that is Nadam, in the next lesson. Adam steps along m_hat."
)
def looks_ahead(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    ahead = beta1 * m_hat + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v_hat) + eps), m, v


@adam_update.mistake(
    "m is updated rightly, but the step uses the old one. Update m first, then correct and step."
)
def old_m_used(w, g, m, v, t, lr, beta1, beta2, eps):
    new = _averages(g, m, v, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(new[1] / (1 - beta2**t)) + eps), *new


@adam_update.mistake(
    "v is updated rightly, but the step is divided by the root of the old one. Update v first."
)
def old_v_used(w, g, m, v, t, lr, beta1, beta2, eps):
    new = _averages(g, m, v, beta1, beta2)
    return w - lr * (new[0] / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), *new


@adam_update.mistake(
    "The correction of v comes after the root: sqrt(v) / (1 - beta2**t). It belongs to v itself, so under the root."
)
def corrected_behind_the_root(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = _averages(g, m, v, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v


@adam_update.mistake(
    "The corrections are there twice: in m_hat and v_hat, and in a learning rate times sqrt(1 - beta2**t) / (1 - beta1**t). One of the two is enough."
)
def corrected_twice(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr * np.sqrt(1 - beta2**t) / (1 - beta1**t), beta1, beta2, eps)


@adam_update.mistake("w is right, but you return the old m and v. The next step needs the new ones.")
def old_averages_returned(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr, beta1, beta2, eps)[0], m.copy(), v.copy()


@adam_update.mistake(
    "beta1 stands for both: v, the average of the squares, takes beta2 and is corrected with it."
)
def beta1_for_both(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr, beta1, beta1, eps)


@adam_update.mistake(
    "beta2 stands for both: m, the average of the gradients, takes beta1 and is corrected with it."
)
def beta2_for_both(w, g, m, v, t, lr, beta1, beta2, eps):
    return _adam(w, g, m, v, t, lr, beta2, beta2, eps)


@adam_update.mistake(
    "v averages the square of g - m, how far the gradient is from its average: that is AdaBelief. Adam averages g**2."
)
def square_of_the_surprise(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * (g - m) ** 2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adam_update.mistake(
    "w and v are right, but you return the corrected m. Often because m itself was overwritten by it. The m that goes on is the uncorrected one."
)
def corrected_m_returned(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, m / (1 - beta1**t), v


@adam_update.mistake(
    "w and m are right, but you return the corrected v. Often because v itself was overwritten by it. The v that goes on is the uncorrected one."
)
def corrected_v_returned(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, m, v / (1 - beta2**t)


@adam_update.variant
def corrections_in_the_rate(w, g, m, v, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    root = (1 - beta2**t) ** 0.5
    return w - lr * root / (1 - beta1**t) * m / (v**0.5 + eps * root), m, v


@adam_update.variant
def each_by_itself(w, g, m, v, t, lr, beta1, beta2, eps):
    new = np.empty((3, *w.shape))
    for i in np.ndindex(w.shape):
        mi = g[i] + beta1 * (m[i] - g[i])
        vi = np.average([v[i], g[i] ** 2], weights=[beta2, 1 - beta2])
        step = (mi / (1 - beta1**t)) / (np.sqrt(vi / (1 - beta2**t)) + eps)
        new[(slice(None), *i)] = w[i] - lr * step, mi, vi
    return new


# ------------------------------------------------------------------------------------------------------- quiz

zigzag_remedy = question(
    "In a valley that is 50 times steeper across than along, gradient descent zigzags and hardly gets on. "
    "Why does averaging the gradients help?",
    wrong(
        "The average is shorter than each gradient, so the steps become safe",
        "A smaller learning rate does that, too, and then you crawl along the valley. The average is "
        "shorter across and not along.",
    ),
    wrong(
        "The average points exactly at the minimum",
        "It still points across the valley for a while, and it overshoots. It only cancels what alternates.",
    ),
    right(
        "Across the valley the gradients change sign and cancel; along it they agree and remain",
        "What alternates averages out, what agrees stays. So a larger learning rate becomes stable, and "
        "that buys the progress.",
    ),
    wrong(
        "The average equalises the steepness of the two directions",
        "That is RMSProp's idea: it divides each direction by its usual size. Momentum leaves the scales as "
        "they are.",
    ),
)

turned_valley = question(
    "RMSProp crosses the long valley easily. Now the same valley lies at 45 degrees to the axes. What "
    "happens?",
    right(
        "Much of its advantage is lost: both coordinates see gradients of about the same size",
        "It scales coordinate by coordinate. With the valley between the axes there is nothing left to "
        "equalise.",
    ),
    wrong(
        "Nothing changes, for RMSProp only uses the gradient's length",
        "It uses the size of every coordinate by itself, not the length, so it matters how the axes lie.",
    ),
    wrong(
        "It becomes unstable, since s grows without bound",
        "s is an average of squares with weights that sum to at most 1: it cannot outgrow the largest "
        "square.",
    ),
    wrong(
        "It becomes faster, since both coordinates move now",
        "Both move, but in proportion to gradients that are dominated by the steep direction across: the "
        "zigzag is back.",
    ),
)

first_step = question(
    "Adam with beta1 = 0.9 and beta2 = 0.999, and someone leaves out the bias correction. How long is the "
    "very first step?",
    wrong(
        "Ten times too short, because m is only a tenth of g",
        "m is a tenth of g, yes. But the root of v is only about 3 % of |g|, and it stands below.",
    ),
    wrong(
        "About right: both averages are too small by the same factor",
        "m is too small by 0.1, but the root of v by the root of 0.001, about 0.03. They do not cancel.",
    ),
    wrong(
        "Infinite, because v is 0",
        "v is updated before it is used, so it is 0.001 g^2, not 0.",
    ),
    right(
        "About three times too long: 0.1 g over the root of 0.001 g^2",
        "0.1 / 0.0316 is about 3.16. And v stays too small for hundreds of steps, long after m has warmed "
        "up.",
    ),
)

scaled_cost = question(
    "You multiply the cost by 1000 and leave every learning rate as it was. Whose path stays (nearly) the "
    "same?",
    wrong(
        "Nobody's: all gradients are 1000 times larger now",
        "They are, but two of the four updates divide the gradient by its own usual size.",
    ),
    right(
        "RMSProp's and Adam's",
        "Numerator and denominator grow by the same 1000, and only epsilon notices. That is why one "
        "learning rate serves many problems.",
    ),
    wrong(
        "Momentum's, because an average has no scale",
        "An average of numbers 1000 times larger is 1000 times larger: momentum diverges as plain gradient "
        "descent does.",
    ),
    wrong(
        "Everybody's, as the minimum stays where it was",
        "The minimum does, but the steps of plain gradient descent and of momentum are 1000 times longer.",
    ),
)

beta_near_one = question(
    "You raise momentum's beta from 0.9 to 0.999 and keep lr. The cost now falls, rises again, falls again, "
    "in slow waves. "
    "What do you see?",
    wrong(
        "The noise of mini-batches, which a larger beta lets through",
        "A larger beta averages over more batches and lets less noise through. These waves come without any "
        "noise, too.",
    ),
    wrong(
        "A learning rate that is too small for such a beta",
        "A smaller one would make the waves slower still, not fewer. The average simply remembers for too "
        "long.",
    ),
    right(
        "Overshooting: v remembers about 1000 steps and keeps pushing long after the minimum is passed",
        "The window is 1 / (1 - beta). The gradient has turned round, but a thousand old ones outvote it: "
        "the path rings.",
    ),
    wrong(
        "The start-up bias of v, which starts at 0",
        "That makes the first steps too short. It does not make the cost rise again.",
    ),
)

which_weights = question(
    "Your momentum uses lr = 0.1 and beta = 0.9 in this course's convention. "
    "Which Keras optimiser moves the weights in the same way?",
    wrong(
        "SGD(learning_rate=0.1, momentum=0.9)",
        "In Keras v = 0.9 v - lr g lacks the factor 1 - beta: with the same numbers its steps become ten "
        "times as long.",
    ),
    wrong(
        "SGD(learning_rate=1.0, momentum=0.9)",
        "The factor is the other way round: Keras' steps are too long already, not too short.",
    ),
    wrong(
        "SGD(learning_rate=0.1, momentum=0.1)",
        "momentum multiplies the old v in both conventions; 0.1 would forget at once.",
    ),
    right(
        "SGD(learning_rate=0.01, momentum=0.9)",
        "Its learning rate is ours times 1 - beta, because the factor 1 - beta is missing in its v.",
    ),
)

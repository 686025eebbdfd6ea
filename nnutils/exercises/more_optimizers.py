"""Exercises of lesson 12: four more updates, each one idea away from those of lesson 11."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.checks.updates import IN_PLACE, draw_state, whole_state
from nnutils.givens.more_optimizers import BowlGradient

NUMBER = 12
MINUTES = 70

SHAPES = ((3,), (2, 3), (4, 1))


def _whole(rng, shape):
    """Whole numbers: g of both signs and nowhere the same as w or v."""
    w, g, v, s = whole_state(rng, shape)
    g.flat[:2] = -3, 2
    return np.where(w == g, -w, w), g, np.where(v == g, -v, v), s


def _start(rng):
    """The first step: averages of 0, and one gradient of 0."""
    return rng.normal(size=3), np.array([0.0, 0.5, -20.0]), np.zeros(3), np.zeros(3)


# --------------------------------------------------------------------------------------------------- Nesterov


@exercise(
    points=2,
    minutes=8,
    returns=("w", "v"),
    fresh=True,
    hints=(
        "The velocity is about to carry you to w + beta * v anyway. Where would you rather ask for the gradient?",
        "Ask grad at the point ahead, w + beta * v. Then the new velocity is beta * v minus lr times that gradient.",
        "v = beta * v - lr * grad(w + beta * v), then return w + v, v",
    ),
)
def nesterov_update(w, grad, v, lr, beta):
    """One step with Nesterov's momentum (Nesterov 1983; Sutskever et al. 2013).

    w, v: parameters and velocity (0 at the start), arrays of one shape.
    grad: a function; grad(p) is the gradient at the point p. lr, beta: numbers.
    v_new = beta v - lr grad(w + beta v), and w_new = w + v_new. Returns (w_new, v_new).
    """
    v = beta * v - lr * grad(w + beta * v)
    return w + v, v


@nesterov_update.cases
def _(rng):
    for shape, lr, beta in zip(SHAPES, (0.1, 0.03, 0.2), (0.9, 0.7, 0.8), strict=True):
        w, centre, v, c = draw_state(rng, shape)
        yield w, BowlGradient(c, centre), v, lr, beta
    w, centre, v, c = _whole(rng, (2, 2))
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
    "You took an average, with the share 1 - beta for the gradient, as in lesson 11. Here it enters as lr * gradient."
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


# ---------------------------------------------------------------------------------------------------- AdaGrad


@exercise(
    points=2,
    minutes=6,
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

    w, g, s: parameters, gradient, sum of squares so far (0 at the start), of one shape.
    s_new = s + g^2, and w_new = w - lr g / (sqrt(s_new) + eps). Returns (w_new, s_new).
    """
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@adagrad_update.cases
def _(rng):
    for shape, lr, eps in zip(SHAPES, (0.3, 0.05, 0.7), (0.1, 0.02, 0.3), strict=True):
        w, g, _v, s = draw_state(rng, shape)
        yield w, g, s, lr, eps
    w, g, _v, s = _whole(rng, (2, 2))
    yield w, g, s / 2, 0.25, 0.1
    w, g, _v, s = _start(rng)
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


@adagrad_update.mistake("w is right, but epsilon has crept into the state: return s without it.")
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
    "Brackets: epsilon is added to the step, g / sqrt(s) + eps. It belongs into the denominator: g / (sqrt(s) + eps)."
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


# ----------------------------------------------------------------------------------------------------- AdaMax


@exercise(
    points=3,
    minutes=8,
    returns=("w", "m", "u"),
    fresh=True,
    hints=(
        "m is Adam's. What stands below the line is now the largest recent gradient instead of a root of squares.",
        "u fades by beta2 and is raised to |g| where that is larger: np.maximum. Only m is corrected for its start at 0.",
        "m = beta1 * m + (1 - beta1) * g; u = np.maximum(beta2 * u, np.abs(g)); then w - lr * m / (1 - beta1**t) / (u + eps).",
    ),
)
def adamax_update(w, g, m, u, t, lr, beta1, beta2, eps):
    """One step of AdaMax (Kingma and Ba 2015, section 7.1).

    w, g, m, u: parameters, gradient, average of gradients, fading maximum of their sizes
    (m and u are 0 at the start), arrays of one shape. t: number of this step, from 1.
    m_new = beta1 m + (1 - beta1) g; u_new = max(beta2 u, |g|) for each entry.
    w_new = w - lr m_new / (1 - beta1^t) / (u_new + eps).
    Returns (w_new, m_new, u_new), u without eps.
    """
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.cases
def _(rng):
    for shape, lr, t in zip(SHAPES, (0.3, 0.05, 0.7), (3, 1, 5), strict=True):
        w, g, m, _ = draw_state(rng, shape)
        g = (np.abs(g) + 0.5) * np.resize([1, -1, -1, 1], shape)
        g.flat[1] = -0.3
        yield (
            w,
            g,
            m,
            np.abs(g) * np.resize([3, 0.6], shape),
            t,
            lr,
            0.7,
            0.8,
            0.1,
        )  # above |g|, below it, ...
    w, g, m, _ = _whole(rng, (2, 3))
    yield w, g, m, np.resize([1, 1, 5], (2, 3)), 2, 0.25, 0.5, 0.75, 0.2
    yield *_start(rng), 1, 0.1, 0.9, 0.99, 0.01


def _adamax(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("The signs of the gradients are left in: the maximum is of sizes, np.abs(g).")
def adamax_signed(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, g)
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("u does not fade: multiply the old u by beta2 before you compare.")
def adamax_never_fades(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("You fade the new maximum. Only the old u is multiplied by beta2; |g| enters whole.")
def adamax_fades_all(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = beta2 * np.maximum(u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("m is not corrected for its start at 0: divide it by 1 - beta1**t.")
def adamax_uncorrected(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (u + eps), m, u


@adamax_update.mistake(
    "You corrected u, too. A maximum does not start too small in proportion; only m is corrected."
)
def adamax_corrects_u(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u / (1 - beta2**t) + eps), m, u


@adamax_update.mistake(
    "You took an average of the sizes, as Adam does of squares. AdaMax takes the larger of beta2 u and |g|."
)
def adamax_averages(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = beta2 * u + (1 - beta2) * np.abs(g)
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("You took a root of u. u is a size already, not a square.")
def adamax_root(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (np.sqrt(u) + eps), m, u


@adamax_update.mistake(
    "w is right, but epsilon has crept into u. It is added where u divides; return u without it."
)
def adamax_eps_in_state(w, g, m, u, t, lr, beta1, beta2, eps):
    w, m, u = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w, m, u + eps


@adamax_update.mistake("beta1 and beta2 are exchanged: beta1 belongs to m, beta2 to u.")
def adamax_betas_exchanged(w, g, m, u, t, lr, beta1, beta2, eps):
    return _adamax(w, g, m, u, t, lr, beta2, beta1, eps)


@adamax_update.mistake(
    "w is right, but you return the corrected m. The state stays uncorrected, or the correction is applied again each step."
)
def adamax_keeps_corrected(w, g, m, u, t, lr, beta1, beta2, eps):
    w, m, u = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w, m / (1 - beta1**t), u


@adamax_update.mistake(
    "m is updated rightly, but the step follows the old one. Update m first, then correct and step."
)
def adamax_old_m(w, g, m, u, t, lr, beta1, beta2, eps):
    _, new, u = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w - lr * m / (1 - beta1**t) / (u + eps), new, u


@adamax_update.mistake(
    "u is updated rightly, but the step is divided by the old one. Update u first, then divide."
)
def adamax_old_u(w, g, m, u, t, lr, beta1, beta2, eps):
    _, m, new = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w - lr * m / (1 - beta1**t) / (u + eps), m, new


@adamax_update.mistake(
    "Epsilon is missing. Where every gradient so far was 0, this is 0 / 0: divide by u + eps."
)
def adamax_without_eps(w, g, m, u, t, lr, beta1, beta2, eps):
    return _adamax(w, g, m, u, t, lr, beta1, beta2, 0.0)


@adamax_update.mistake(
    "Epsilon is inside the maximum, max(beta2 u, |g| + eps), as in PyTorch. Here it is added where u divides, and u holds none of it."
)
def adamax_eps_in_the_maximum(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g) + eps)
    return w - lr * m / (1 - beta1**t) / u, m, u


@adamax_update.mistake("You raised 1 - beta1 to the power t. Only beta1 is raised: 1 - beta1**t.")
def adamax_power_of_the_difference(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1) ** t / (u + eps), m, u


@adamax_update.mistake("You used t + 1. Here t counts from 1 and arrives advanced already: 1 - beta1**t.")
def adamax_late_t(w, g, m, u, t, lr, beta1, beta2, eps):
    return _adamax(w, g, m, u, t + 1, lr, beta1, beta2, eps)


@adamax_update.mistake("You compare with the square of the gradient. u holds sizes, not squares: np.abs(g).")
def adamax_of_squares(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, g**2)
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake(
    "One maximum of all entries serves the whole array. Each parameter has its own: np.maximum compares element by element."
)
def adamax_one_for_all(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g).max())
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@adamax_update.mistake("You went uphill: subtract the step from w.")
def adamax_uphill(w, g, m, u, t, lr, beta1, beta2, eps):
    return _adamax(w, g, m, u, t, -lr, beta1, beta2, eps)


@adamax_update.mistake("All three are right and in another order than asked: return w, then m, then u.")
def adamax_order_of_three(w, g, m, u, t, lr, beta1, beta2, eps):
    w, m, u = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w, u, m


@adamax_update.mistake(IN_PLACE)
def adamax_in_place(w, g, m, u, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    w -= lr * m / (1 - beta1**t) / (u + eps)
    return w, m, u


@adamax_update.variant
def adamax_by_where(w, g, m, u, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    u = np.where(beta2 * u > np.abs(g), beta2 * u, np.abs(g))
    rate = lr / (1 - beta1**t)
    return w - rate * m / (u + eps), m, u


@adamax_update.variant
def adamax_by_entries(w, g, m, u, t, lr, beta1, beta2, eps):
    w, m, u = (np.array(a, dtype=float) for a in (w, m, u))
    for i in np.ndindex(w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        u[i] = max(beta2 * u[i], abs(g[i]))
        w[i] -= lr * m[i] / ((1 - beta1**t) * (u[i] + eps))
    return w, m, u


# ------------------------------------------------------------------------------------------------------ Nadam


@exercise(
    points=3,
    minutes=10,
    returns=("w", "m", "v"),
    fresh=True,
    hints=(
        "Adam's step follows m, where the present g has the share 1 - beta1. Nadam mixes in g once more, as if it looked one step ahead.",
        "The numerator is beta1 times m corrected with t + 1, plus (1 - beta1) times g corrected with t. The rest is Adam.",
        "ahead = beta1 * m / (1 - beta1**(t + 1)) + (1 - beta1) * g / (1 - beta1**t), with the new m; w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps).",
    ),
)
def nadam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Nadam, Adam with Nesterov's look ahead (Dozat 2016, constant beta1).

    w, g, m, v: as in Adam, arrays of one shape (m and v are 0 at the start).
    t: number of this step, from 1.
    m_new = beta1 m + (1 - beta1) g; v_new = beta2 v + (1 - beta2) g^2.
    ahead = beta1 m_new / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t).
    w_new = w - lr ahead / (sqrt(v_new / (1 - beta2^t)) + eps).
    Returns (w_new, m_new, v_new).
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@nadam_update.cases
def _(rng):
    for shape, lr, t in zip(SHAPES, (0.3, 0.05, 0.7), (3, 1, 5), strict=True):
        yield *draw_state(rng, shape), t, lr, 0.7, 0.8, 0.1
    yield *_whole(rng, (2, 3)), 2, 0.25, 0.5, 0.75, 0.2
    yield *_start(rng), 1, 0.1, 0.9, 0.99, 0.01


def _nadam(w, g, m, v, t, lr, beta1, beta2, eps, *, late=1, early=0, inside=False, old_m=False, correct=True):
    old, m = m, beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    average, new = (1 - beta1 ** (t + late), 1 - beta1 ** (t + early)) if correct else (1, 1)
    ahead = beta1 * (old if old_m else m) / average + (1 - beta1) * g / new
    below = v / (1 - beta2**t)
    return w - lr * ahead / (np.sqrt(below + eps) if inside else np.sqrt(below) + eps), m, v


@nadam_update.mistake("This is Adam. Nadam's numerator mixes the present gradient in once more.")
def nadam_as_adam(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@nadam_update.mistake(
    "m is corrected with t. It stands for the step after this one, so its correction has t + 1."
)
def nadam_same_t(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, eps, late=0)


@nadam_update.mistake("g is corrected with t + 1, too. It belongs to this step: 1 - beta1**t.")
def nadam_late_g(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, eps, early=1)


@nadam_update.mistake("You mixed with the old m. Update m first; the look ahead uses the new one.")
def nadam_old_m(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, eps, old_m=True)


@nadam_update.mistake("Epsilon is inside the root. It belongs outside, as in Adam.")
def nadam_eps_inside(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, eps, inside=True)


@nadam_update.mistake("Neither m nor g is corrected for the start at 0.")
def nadam_uncorrected(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, eps, correct=False)


@nadam_update.mistake("v is not corrected for its start at 0: divide it by 1 - beta2**t under the root.")
def nadam_v_uncorrected(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v) + eps), m, v


@nadam_update.mistake(
    "The factor (1 - beta1) before g is missing in the look ahead, so the present gradient counts far too much."
)
def nadam_whole_g(w, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@nadam_update.mistake("w is right, but you return the look ahead as m. The state is the average itself.")
def nadam_keeps_ahead(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _nadam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t), v


@nadam_update.mistake("beta1 and beta2 are exchanged: beta1 belongs to m, beta2 to v.")
def nadam_betas_exchanged(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta2, beta1, eps)


@nadam_update.mistake(
    "Epsilon is missing. Where every gradient so far was 0, this is 0 / 0: add eps to the root."
)
def nadam_without_eps(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, lr, beta1, beta2, 0.0)


@nadam_update.mistake(
    "The factor beta1 before m is missing in the look ahead, so the average counts too much beside the present gradient."
)
def nadam_whole_m(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    ahead = m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@nadam_update.mistake(
    "v is updated rightly, but the step is divided by the root of the old one. Update v first."
)
def nadam_old_v(w, g, m, v, t, lr, beta1, beta2, eps):
    _, new_m, new_v = _nadam(w, g, m, v, t, lr, beta1, beta2, eps)
    ahead = beta1 * new_m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), new_m, new_v


@nadam_update.mistake(
    "You raised 1 - beta to a power. Only the beta is raised: 1 - beta1**t, 1 - beta1**(t + 1) and 1 - beta2**t."
)
def nadam_powers_of_the_difference(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1) ** (t + 1) + (1 - beta1) * g / (1 - beta1) ** t
    return w - lr * ahead / (np.sqrt(v / (1 - beta2) ** t) + eps), m, v


@nadam_update.mistake(
    "The root is missing: v holds squares, so divide by the root of the corrected v, plus eps."
)
def nadam_without_root(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (v / (1 - beta2**t) + eps), m, v


@nadam_update.mistake(
    "w is right, but you return the corrected averages. The state stays uncorrected, or it is corrected again at each step."
)
def nadam_keeps_corrected(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _nadam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, m / (1 - beta1**t), v / (1 - beta2**t)


@nadam_update.mistake("You went uphill: subtract the step from w.")
def nadam_uphill(w, g, m, v, t, lr, beta1, beta2, eps):
    return _nadam(w, g, m, v, t, -lr, beta1, beta2, eps)


@nadam_update.mistake("All three are right and in another order than asked: return w, then m, then v.")
def nadam_order_of_three(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = _nadam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, v, m


@nadam_update.mistake(IN_PLACE)
def nadam_in_place(w, g, m, v, t, lr, beta1, beta2, eps):
    new, m, v = _nadam(w, g, m, v, t, lr, beta1, beta2, eps)
    w -= w - new
    return w, m, v


@nadam_update.variant
def nadam_by_scales(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g * g - v)
    root = (v / (1 - beta2**t)) ** 0.5 + eps
    first, second = lr * beta1 / (1 - beta1 ** (t + 1)), lr * (1 - beta1) / (1 - beta1**t)
    return w - (first * m + second * g) / root, m, v


@nadam_update.variant
def nadam_by_entries(w, g, m, v, t, lr, beta1, beta2, eps):
    w, m, v = (np.array(a, dtype=float) for a in (w, m, v))
    for i in np.ndindex(w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        ahead = beta1 * m[i] / (1 - beta1 ** (t + 1)) + (1 - beta1) * g[i] / (1 - beta1**t)
        w[i] -= lr * ahead / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
    return w, m, v


why_nesterov_overshoots_less = question(
    "Momentum and Nesterov's version run down the same valley with the same beta. Why does Nesterov's overshoot less?",
    wrong("It has a smaller learning rate", "Both have the same one."),
    right(
        "It asks for the gradient where the velocity is about to carry it, so it begins to brake before it has passed the bottom",
        "At the point ahead the gradient already points back. Plain momentum learns of it one step later.",
    ),
    wrong("It forgets its velocity after each step", "It keeps the share beta, as momentum does."),
    wrong("It divides by the size of the gradient", "That is what AdaGrad, RMSProp and Adam do."),
)

why_adagrad_stops = question(
    "AdaGrad starts well on a deep network and then hardly moves, far from a minimum. Why?",
    wrong("The gradient has vanished", "It may still be large: it is the divisor that has grown."),
    wrong(
        "The learning rate was set to zero by a schedule",
        "There is no schedule. But what happens here acts like one.",
    ),
    wrong("Epsilon is too large", "Epsilon is constant and tiny beside s."),
    right(
        "s only ever grows, so every step is divided by more than the one before",
        "With gradients of about the same size the steps shrink like one over the root of t. RMSProp forgets old squares and keeps on.",
    ),
)

what_suits_rare_words = question(
    "One feature is a word that stands in one example of a thousand. Which update gives its weight the largest steps, and why?",
    right(
        "AdaGrad: the weight has seen few gradients, so its s is small",
        "Frequent features have large sums and small steps, rare ones the reverse. It was made for such data.",
    ),
    wrong(
        "SGD: it treats all weights alike",
        "Alike is the trouble: the rare weight gets a gradient of zero nearly always, and no larger step when it counts.",
    ),
    wrong("Momentum: it collects the rare gradients", "Between two of them the velocity has long faded."),
    wrong(
        "AdaMax: it takes the maximum",
        "Its maximum fades between two rare gradients, but the step after one is at most about lr, as for every weight.",
    ),
)

what_adamax_forgets = question(
    "A weight meets one enormous gradient, then ordinary ones. How long do AdaMax's steps stay small?",
    wrong("Forever, as in AdaGrad", "AdaGrad never forgets. AdaMax's u is multiplied by beta2 each step."),
    wrong("One step", "u fades slowly: with beta2 = 0.999 it halves in about 700 steps."),
    right(
        "Until beta2 to the power of the steps since then has brought u down to the ordinary size",
        "The maximum holds the outlier whole and lets it fade at the rate beta2.",
    ),
    wrong(
        "Not at all: outliers are clipped",
        "Nothing is clipped. The step with the outlier is itself about lr long, and u is large afterwards.",
    ),
)

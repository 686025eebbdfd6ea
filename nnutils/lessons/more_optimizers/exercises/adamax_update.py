"""Exercise adamax_update: one step of AdaMax (Kingma and Ba 2015, section 7.1)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.more_optimizers.exercises.shared import SHAPES, start, whole


@exercise(
    points=2,
    minutes=4,
    returns=("w", "m", "u"),
    fresh=True,
    hints=(
        "m is Adam's. The divisor is now the largest recent gradient instead of a root of squares.",
        "u fades by beta2 and is raised to |g| where that is larger: np.maximum. Only m is corrected for its start at 0.",
        "m = beta1 * m + (1 - beta1) * g; u = np.maximum(beta2 * u, np.abs(g)); then w - lr * m / (1 - beta1**t) / (u + eps).",
    ),
)
def adamax_update(w, g, m, u, t, lr, beta1, beta2, eps):
    """One step of AdaMax (Kingma and Ba 2015, section 7.1).

    w, g, m, u: parameters, gradient, Adam's average of gradients, and the
    fading maximum of their sizes (m and u are 0 at the start), arrays of one
    shape. t: number of this step, from 1.
    lr, beta1, beta2, eps: numbers; beta1 belongs to m, beta2 to u, and eps is
    added where u divides.
    Returns the new (w, m, u): m uncorrected, u without eps.
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
    w, g, m, _ = whole(rng, (2, 3))
    yield w, g, m, np.resize([1, 1, 5], (2, 3)), 2, 0.25, 0.5, 0.75, 0.2
    yield *start(rng), 1, 0.1, 0.9, 0.99, 0.01


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
    "w is right, but epsilon was added to u. It is added where u divides; return u without it."
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
    "m is updated correctly, but the step follows the old one. Update m first, then correct and step."
)
def adamax_old_m(w, g, m, u, t, lr, beta1, beta2, eps):
    _, new, u = _adamax(w, g, m, u, t, lr, beta1, beta2, eps)
    return w - lr * m / (1 - beta1**t) / (u + eps), new, u


@adamax_update.mistake(
    "u is updated correctly, but the step is divided by the old one. Update u first, then divide."
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

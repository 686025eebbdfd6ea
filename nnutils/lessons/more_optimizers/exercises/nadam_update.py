"""Exercise nadam_update: one step of Nadam, Adam with Nesterov's look ahead (Dozat 2016, constant beta1)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.more_optimizers.exercises.shared import SHAPES, start, whole


@exercise(
    points=2,
    minutes=5,
    returns=("w", "m", "v"),
    fresh=True,
    hints=(
        "Adam's step follows m, where the present g has the share 1 - beta1. Nadam mixes in g once more, as if it looked one step ahead.",
        "The numerator is beta1 times m corrected with t + 1, plus (1 - beta1) times g corrected with t. The rest is Adam.",
        "ahead = beta1 * m / (1 - beta1**(t + 1)) + (1 - beta1) * g / (1 - beta1**t), with the new m; w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps).",
    ),
)
def nadam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Nadam, Adam with Nesterov's look ahead
    (Dozat 2016, constant beta1).

    w, g, m, v: as in Adam, arrays of one shape (m and v are 0 at the start).
    t: number of this step, from 1.
    lr, beta1, beta2, eps: numbers; eps stands outside the root.
    Returns the new (w, m, v), the averages as they are before the
    correction.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@nadam_update.cases
def _(rng):
    for shape, lr, t in zip(SHAPES, (0.3, 0.05, 0.7), (3, 1, 5), strict=True):
        yield *draw_state(rng, shape), t, lr, 0.7, 0.8, 0.1
    yield *whole(rng, (2, 3)), 2, 0.25, 0.5, 0.75, 0.2
    yield *start(rng), 1, 0.1, 0.9, 0.99, 0.01


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
    "v is updated correctly, but the step is divided by the root of the old one. Update v first."
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

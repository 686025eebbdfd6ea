"""Exercise adamw_update: one step of AdamW, Adam with decoupled weight decay (Loshchilov and Hutter 2019)."""

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
        "Adam's averages see the gradient g alone. The decay enters nowhere but in the last line, where w moves.",
        "Make Adam's step, corrected m over the root of the corrected v plus eps. Add weight_decay times the old w to it. The learning rate multiplies both.",
        "m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g**2; step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps); return w - lr * (step + weight_decay * w), m, v",
    ),
)
def adamw_update(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    """One step of AdamW (Loshchilov and Hutter 2019), with the learning rate
    before the decay, as in Keras and PyTorch.

    w, g, m, v: as in Adam, arrays of one shape (m and v are 0 at the start).
    g is the gradient of the loss without a penalty.
    t: number of this step, from 1.
    lr, beta1, beta2, eps, weight_decay: numbers; eps stands outside the root,
    and what decays is w as it was before this step.
    Returns the new (w, m, v), the averages as they are before the
    correction.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - lr * (step + weight_decay * w), m, v


@adamw_update.cases
def _(rng):
    for shape, lr, t, decay in zip(SHAPES, (0.3, 0.05, 0.7), (3, 1, 5), (0.4, 2.0, 0.1), strict=True):
        yield *draw_state(rng, shape), t, lr, 0.7, 0.8, 0.1, decay
    yield *whole(rng, (2, 3)), 2, 0.25, 0.5, 0.75, 0.2, 0.5
    yield *start(rng), 1, 0.1, 0.9, 0.99, 0.01, 0.3
    yield *draw_state(rng, (3,)), 4, 0.2, 0.6, 0.9, 0.05, 0.0


def _adam(g, m, v, t, beta1, beta2, eps):
    """(Adam's step without the rate, m, v)."""
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@adamw_update.mistake(
    "The decay went through the averages: weight_decay * w was added to the gradient. That is L2 inside Adam, which divides the "
    "decay by the size of the gradient. Here it stands beside Adam's step."
)
def decay_in_the_gradient(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g + weight_decay * w, m, v, t, beta1, beta2, eps)
    return w - lr * step, m, v


@adamw_update.mistake(
    "The decay is not multiplied by the learning rate. The paper writes it so; here, as in Keras and PyTorch, lr multiplies both."
)
def decay_without_rate(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * step - weight_decay * w, m, v


@adamw_update.mistake(
    "What decays is w after Adam's step. Take the old w: both parts start from the same point."
)
def decays_the_new_w(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return (w - lr * step) * (1 - lr * weight_decay), m, v


@adamw_update.mistake("This is Adam: the decay is missing. Subtract lr * weight_decay * w, too.")
def without_decay(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * step, m, v


@adamw_update.mistake("The weights grow: the decay has the wrong sign. It brings w nearer to 0.")
def grows(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * (step - weight_decay * w), m, v


@adamw_update.mistake(
    "The decay takes away a constant amount, whatever the size of w. It is proportional to w: weight_decay * w."
)
def decay_of_the_sign(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * (step + weight_decay * np.sign(w)), m, v


@adamw_update.mistake(
    "The decay is divided by the root of v, too: brackets. It is added to Adam's step after the division."
)
def decay_divided(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    _, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return w - lr * (m / (1 - beta1**t) + weight_decay * w) / root, m, v


@adamw_update.mistake("m and v are not corrected for their start at 0.")
def adamw_uncorrected(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (np.sqrt(v) + eps) + weight_decay * w), m, v


@adamw_update.mistake("Epsilon is inside the root. It belongs outside, as in Adam.")
def adamw_eps_inside(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    step = m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)
    return w - lr * (step + weight_decay * w), m, v


@adamw_update.mistake(
    "w is right, but you return the corrected averages. The state stays uncorrected, or it is corrected again at each step."
)
def adamw_keeps_corrected(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * (step + weight_decay * w), m / (1 - beta1**t), v / (1 - beta2**t)


@adamw_update.mistake("beta1 and beta2 are exchanged: beta1 belongs to m, beta2 to v.")
def adamw_betas_exchanged(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta2, beta1, eps)
    return w - lr * (step + weight_decay * w), m, v


@adamw_update.mistake("You went uphill: subtract Adam's step from w.")
def adamw_uphill(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w + lr * step - lr * weight_decay * w, m, v


@adamw_update.mistake(
    "The decay is that of L2 with its half: weight_decay / 2. The number itself multiplies w."
)
def half_the_decay(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * (step + weight_decay / 2 * w), m, v


@adamw_update.mistake("All three are right and in another order than asked: return w, then m, then v.")
def adamw_order_of_three(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    return w - lr * (step + weight_decay * w), v, m


@adamw_update.mistake(IN_PLACE)
def adamw_in_place(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    step, m, v = _adam(g, m, v, t, beta1, beta2, eps)
    w -= lr * (step + weight_decay * w)
    return w, m, v


@adamw_update.variant
def shrinks_first(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g * g - v)
    shrunk = (1 - lr * weight_decay) * w
    return shrunk - lr / (1 - beta1**t) * m / ((v / (1 - beta2**t)) ** 0.5 + eps), m, v


@adamw_update.variant
def adamw_by_entries(w, g, m, v, t, lr, beta1, beta2, eps, weight_decay):
    w, m, v = (np.array(a, dtype=float) for a in (w, m, v))
    for i in np.ndindex(w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        decay = lr * weight_decay * w[i]
        w[i] -= lr * m[i] / (1 - beta1**t) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps) + decay
    return w, m, v

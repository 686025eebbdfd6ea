"""Exercise decayed_training: a loop of AdamW is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.more_optimizers.exercises.adamw_update import adamw_update
from nnutils.lessons.more_optimizers.given import SlopeOfBowls


@exercise(
    kind="repair",
    points=4,
    minutes=9,
    hints=(
        "Go through one step of the code with pencil and paper: case('decayed_training', 1) has its arguments. Where does the decay enter, and what happens to it on the way to w?",
        "Try three things in turn: a gradient of 0 everywhere, decays that are False everywhere, and rates that fall. Each of them shows one fault alone.",
        "Adam's averages see grad(w) and nothing else; only parameters with decays True decay; and both the step and the decay are multiplied by the rate of this step.",
    ),
)
def decayed_training(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    """AdamW from a start, with a schedule of learning rates.

    w: (n,), the start. grad: a function; grad(w) is the gradient of the loss
    without a penalty.
    rates: the learning rate of each step, one or more.
    decays: (n,) bools, True for the parameters that decay (weights), False
    for the others (biases, gains).
    weight_decay, beta1, beta2, eps: as in adamw_update. A parameter whose
    gradient is always 0 loses the share rates[i] * weight_decay of its
    value in step i, whatever the other gradients are.
    Returns w after the last step. The argument w is left as it is.
    """
    m, v = np.zeros(len(w)), np.zeros(len(w))
    for t, lr in enumerate(rates, start=1):
        pull = weight_decay * np.where(decays, w, 0.0)
        g, beside = grad(w), pull
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2**t)) + eps
        step = m / (1 - beta1**t) / root
        w = w - lr * step - lr * beside
    return w


decayed_training.fault(
    "through_the_moments",
    "The decay passes through Adam's averages. There it is divided by the size of the gradient: parameters with large gradients "
    "hardly decay, and those without a gradient move by whole steps of Adam.",
    right="g, beside = grad(w), pull",
    wrong="g, beside = grad(w) + pull, 0.0",
)
decayed_training.fault(
    "all_decay",
    "Parameters decay that should not: a bias or a gain without a gradient comes nearer to 0, too.",
    right="pull = weight_decay * np.where(decays, w, 0.0)",
    wrong="pull = weight_decay * w",
)
decayed_training.fault(
    "first_rate_forever",
    "The step follows the schedule of rates and something else does not. When the rates have fallen to nearly 0 the parameters "
    "should stand still, and they still change as in the first step.",
    right="lr * step - lr * beside",
    wrong="lr * step - rates[0] * beside",
)


@decayed_training.cases
def _(rng):
    decays = np.array([True, True, False, True, False])
    scale = np.array(
        [0.0, 50.0, 0.0, 0.5, 2.0]
    )  # none, a large and a small gradient; none and some without decay
    for rates, decay in (([0.3, 0.1, 0.02], 0.4), ([0.05] * 4, 1.5), ([0.2, 0.2, 0.001, 0.001, 0.001], 0.2)):
        w, centre = rng.normal(size=(2, 5))
        w = w + 2 * np.sign(w)
        yield w, SlopeOfBowls(scale, centre), rates, decays, decay, 0.7, 0.8, 0.1
    yield np.array([3, -2, 4]), SlopeOfBowls(np.array([1.0, 0.0, 3.0]), np.zeros(3)), [0.25], np.array([True, True, False]), 0.5, 0.5, 0.75, 0.2  # fmt: skip
    yield rng.normal(size=2) + 3, SlopeOfBowls(np.zeros(2), np.zeros(2)), [0.1, 0.05], np.array([True, False]), 0.8, 0.9, 0.99, 1e-3  # fmt: skip


def _trained(
    w,
    grad,
    rates,
    decays,
    weight_decay,
    beta1,
    beta2,
    eps,
    *,
    late=False,
    rate=True,
    kept=False,
    no_t=False,
    share=1.0,
):
    m, v = np.zeros(len(w)), np.zeros(len(w))
    for t, lr in enumerate(rates, start=1):
        pull = share * weight_decay * np.where(decays, w, 0.0)
        g = grad(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = (m, v) if no_t else (m / (1 - beta1**t), v / (1 - beta2**t))
        m, v = (m_hat, v_hat) if kept else (m, v)
        new = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        pull = weight_decay * np.where(decays, new, 0.0) if late else pull
        w = new - (lr if rate else 1) * pull
    return w


@decayed_training.mistake("Nothing decays any more: the decay is missing in the step of w.")
def never_decays(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    return _trained(w, grad, rates, decays, weight_decay, beta1, beta2, eps, share=0.0)


@decayed_training.mistake("The decay is not multiplied by the rate of the step, so it is far too strong.")
def no_rate(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    return _trained(w, grad, rates, decays, weight_decay, beta1, beta2, eps, rate=False)


@decayed_training.mistake(
    "Biases and gains decay and the weights do not: decays is True where a parameter decays."
)
def others_decay(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    return _trained(w, grad, rates, ~decays, weight_decay, beta1, beta2, eps)


@decayed_training.mistake("What decays is w after Adam's step. It is w before it, as in adamw_update.")
def decays_late(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    return _trained(w, grad, rates, decays, weight_decay, beta1, beta2, eps, late=True)


@decayed_training.mistake(
    "The bias correction has gone. The averages start at 0 and are too small in the first steps."
)
def correction_gone(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    return _trained(w, grad, rates, decays, weight_decay, beta1, beta2, eps, no_t=True)


@decayed_training.mistake(
    "The decay enters twice: beside the step and in the gradient that Adam's averages see. Only the first place is right."
)
def decays_twice(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    def with_penalty(p):
        return grad(p) + weight_decay * np.where(decays, p, 0.0)

    return _trained(w, with_penalty, rates, decays, weight_decay, beta1, beta2, eps)


@decayed_training.variant
def shrinks_by_a_factor(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    m, v = 0 * np.asarray(w, float), 0 * np.asarray(w, float)
    for t in range(1, len(rates) + 1):
        g, lr = grad(w), rates[t - 1]
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        kept = np.where(decays, 1 - lr * weight_decay, 1.0)
        w = kept * w - lr / (1 - beta1**t) * m / ((v / (1 - beta2**t)) ** 0.5 + eps)
    return w


@decayed_training.variant
def by_one_step_after_another(w, grad, rates, decays, weight_decay, beta1, beta2, eps):
    m = v = np.zeros(len(w))
    strength = weight_decay * decays.astype(float)
    for t, lr in enumerate(rates, start=1):
        w, m, v = adamw_update(w, grad(w), m, v, t, lr, beta1, beta2, eps, strength)
    return w

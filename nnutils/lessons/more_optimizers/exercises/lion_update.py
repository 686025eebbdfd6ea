"""Exercise lion_update: one step of Lion, the sign of a momentum (Chen et al. 2023)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.updates import IN_PLACE, draw_state


@exercise(
    points=2,
    minutes=4,
    returns=("w", "m"),
    fresh=True,
    hints=(
        "There are two averages, with two betas. One is made for the step and thrown away, the other is kept.",
        "For the step, mix the OLD m and g with beta1, and take np.sign. For the state, mix the OLD m and g with beta2.",
        "mixed = beta1 * m + (1 - beta1) * g; w = w - lr * (np.sign(mixed) + weight_decay * w); return w, beta2 * m + (1 - beta2) * g",
    ),
)
def lion_update(w, g, m, lr, beta1, beta2, weight_decay):
    """One step of Lion (Chen et al. 2023).

    w, g, m: parameters, gradient, average of gradients (0 at the start),
    arrays of one shape.
    lr: a number. beta1 serves the step, beta2 the state. weight_decay: as in
    AdamW; what decays is w as it was before this step.
    Where the average for the step is 0, w only decays.
    Returns the new (w, m).
    """
    mixed = beta1 * m + (1 - beta1) * g
    w = w - lr * (np.sign(mixed) + weight_decay * w)
    return w, beta2 * m + (1 - beta2) * g


@lion_update.cases
def _(rng):
    # -g / m: in the first entry beta1 and beta2 mix to different signs, in the second the new m does, in the third g is alone
    # or, in the first case, m + g has another sign
    for shape, lr, betas, decay, ratios in (
        ((3,), 0.3, (0.7, 0.9), 0.4, (5.0, 2.0, 1.3)),
        ((2, 3), 0.05, (0.5, 0.8), 2.0, (2.0, 0.8, 0.1)),
        ((4, 1), 0.7, (0.9, 0.6), 0.1, (3.0, 3.0, 0.1)),
    ):
        w, g, m, _ = draw_state(rng, shape)
        m = rng.uniform(0.5, 2, shape) * np.resize([1, -1, 1], shape)
        g = np.abs(g) * np.sign(m)
        g.flat[:3] = -np.array(ratios) * m.flat[:3]
        yield w, g, m, lr, *betas, decay
    yield np.array([3, -2, 2]), np.array([-3, 2, 5]), np.array([2, 3, -1]), 0.25, 0.5, 0.75, 0.5
    yield rng.normal(size=3), np.array([0.0, 0.5, -20.0]), np.zeros(3), 0.1, 0.9, 0.99, 0.0
    yield (
        np.array([2.0, -1.0]),
        np.array([1.0, -1.0]),
        np.array([-1.0, 1.0]),
        0.1,
        0.5,
        0.75,
        0.3,
    )  # a mix of 0


def _wrong_only_at_zero(a, w, m):
    """Whether w is wrong just where the mixture of the step is 0, and m is right."""
    right_w, right_m = lion_update(**a)
    wrong = ~np.isclose(w, right_w, 1e-7, 1e-9)
    zero = a["beta1"] * a["m"] + (1 - a["beta1"]) * a["g"] == 0
    return bool(wrong.any() and zero[wrong].all() and np.allclose(m, right_m, 1e-7, 1e-9))


@lion_update.mistake(
    "The step has the sign of the new state, made with beta2. It has a mixture of its own, made with beta1 from the old m."
)
def sign_of_the_state(w, g, m, lr, beta1, beta2, weight_decay):
    m = beta2 * m + (1 - beta2) * g
    return w - lr * (np.sign(m) + weight_decay * w), m


@lion_update.mistake("The state is mixed with beta1. beta1 serves the step alone; m is kept with beta2.")
def one_beta(w, g, m, lr, beta1, beta2, weight_decay):
    m = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(m) + weight_decay * w), m


@lion_update.mistake("beta1 and beta2 are exchanged: beta1 makes the step, beta2 the state.")
def lion_betas_exchanged(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta2 * m + (1 - beta2) * g
    return w - lr * (np.sign(mixed) + weight_decay * w), beta1 * m + (1 - beta1) * g


@lion_update.mistake(
    "The state is updated from the mixture of the step. It is made from the old m, with beta2."
)
def state_from_the_mixture(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w - lr * (np.sign(mixed) + weight_decay * w), beta2 * mixed + (1 - beta2) * g


@lion_update.mistake(
    "The state is updated first, and the step mixes the new m with g. The step comes first, from the old m."
)
def state_first(w, g, m, lr, beta1, beta2, weight_decay):
    m = beta2 * m + (1 - beta2) * g
    return w - lr * (np.sign(beta1 * m + (1 - beta1) * g) + weight_decay * w), m


@lion_update.mistake(
    "The step has the sign of m + g, without shares: the past counts beta1 there, and the present gradient 1 - beta1."
)
def without_shares(w, g, m, lr, beta1, beta2, weight_decay):
    return w - lr * (np.sign(m + g) + weight_decay * w), beta2 * m + (1 - beta2) * g


@lion_update.mistake(
    "The sign is missing: this is momentum. Lion keeps the sign of each entry and forgets its size."
)
def without_sign(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w - lr * (mixed + weight_decay * w), beta2 * m + (1 - beta2) * g


@lion_update.mistake(
    "This is the sign of the gradient alone. The average decides, with the share beta1 of the past."
)
def sign_of_the_gradient(w, g, m, lr, beta1, beta2, weight_decay):
    return w - lr * (np.sign(g) + weight_decay * w), beta2 * m + (1 - beta2) * g


@lion_update.mistake(
    "The decay is inside the sign, so it can only change the direction. It is added after the sign."
)
def decay_inside_the_sign(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(mixed + weight_decay * w), beta2 * m + (1 - beta2) * g


@lion_update.mistake("The decay is missing: subtract lr * weight_decay * w, too.")
def lion_without_decay(w, g, m, lr, beta1, beta2, weight_decay):
    return w - lr * np.sign(beta1 * m + (1 - beta1) * g), beta2 * m + (1 - beta2) * g


@lion_update.mistake(
    "The decay is not multiplied by the learning rate: lr multiplies the sign and the decay."
)
def lion_decay_without_rate(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w - lr * np.sign(mixed) - weight_decay * w, beta2 * m + (1 - beta2) * g


@lion_update.mistake("What decays is w after the step. Take the old w: both parts start from the same point.")
def lion_decays_the_new_w(w, g, m, lr, beta1, beta2, weight_decay):
    w = w - lr * np.sign(beta1 * m + (1 - beta1) * g)
    return w * (1 - lr * weight_decay), beta2 * m + (1 - beta2) * g


@lion_update.mistake("The shares are exchanged: beta belongs to the old m, 1 - beta to the gradient.")
def lion_shares_exchanged(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * g + (1 - beta1) * m
    return w - lr * (np.sign(mixed) + weight_decay * w), beta2 * g + (1 - beta2) * m


@lion_update.mistake("You went uphill: subtract the sign.")
def lion_uphill(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w + lr * np.sign(mixed) - lr * weight_decay * w, beta2 * m + (1 - beta2) * g


@lion_update.mistake(
    "Where the mixture is 0, w moves as if it were not: the sign of 0 is 0. np.where(mixed > 0, 1, -1) and mixed / abs(mixed) "
    "do not know that; np.sign does.",
    symptom=lambda a, r: _wrong_only_at_zero(a, *r),
)
def no_zero(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return w - lr * (np.where(mixed > 0, 1.0, -1.0) + weight_decay * w), beta2 * m + (1 - beta2) * g


@lion_update.mistake("Both are right and in the wrong order: return w first, then m.")
def lion_order_of_two(w, g, m, lr, beta1, beta2, weight_decay):
    mixed = beta1 * m + (1 - beta1) * g
    return beta2 * m + (1 - beta2) * g, w - lr * (np.sign(mixed) + weight_decay * w)


@lion_update.mistake(IN_PLACE)
def lion_in_place(w, g, m, lr, beta1, beta2, weight_decay):
    w -= lr * (np.sign(beta1 * m + (1 - beta1) * g) + weight_decay * w)
    return w, beta2 * m + (1 - beta2) * g


@lion_update.variant
def lion_by_differences(w, g, m, lr, beta1, beta2, weight_decay):
    up, down = m * beta1 > (beta1 - 1) * g, m * beta1 < (beta1 - 1) * g
    return (1 - lr * weight_decay) * w - lr * up + lr * down, m + (1 - beta2) * (g - m)


@lion_update.variant
def lion_by_entries(w, g, m, lr, beta1, beta2, weight_decay):
    w, m = np.array(w, dtype=float), np.array(m, dtype=float)
    for i in np.ndindex(w.shape):
        mixed = beta1 * m[i] + (1 - beta1) * g[i]
        w[i] -= lr * ((mixed > 0) * 1.0 - (mixed < 0) * 1.0) + lr * weight_decay * w[i]
        m[i] = beta2 * m[i] + (1 - beta2) * g[i]
    return [w, m]

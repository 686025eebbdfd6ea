"""Exercise adam_update: one step of Adam (Kingma & Ba 2015, algorithm 1)."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.checks.updates import IN_PLACE, draw_state
from nnutils.lessons.momentum_rmsprop_adam.exercises.shared import SHAPES, at_rest, whole


@exercise(
    points=4,
    minutes=11,
    returns=("w", "m", "v"),
    fresh=True,
    hints=(
        "Adam is momentum's average m and RMSProp's average v side by side. Update both, then correct both, then step.",
        "Correct into new names, because the state that you return stays uncorrected: m_hat = m / (1 - beta1**t), and the same for v "
        "with beta2. Where is the denominator 0, and what should happen there?",
        "After both updates: root = np.sqrt(v / (1 - beta2**t)) + eps; where root is 0, divide by 1 instead (np.where), since m is 0 "
        "there, too; return w - lr * m / (1 - beta1**t) / root, m, v. Before all: raise ValueError if t < 1.",
    ),
)
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam (Kingma & Ba 2015, algorithm 1).

    w, g, m, v: parameters, gradient, and the averages of gradients and of
    their squares before this step (0 at the start), arrays of one shape.
    t: the number of this step, 1 at the first.
    lr, beta1, beta2, eps: numbers; each beta may be 0, and eps may be 0.
    Returns (w, m, v): the new parameters, and both averages with this
    gradient in them, as the next step needs them. No argument is changed.
    Where every gradient has been 0 so far, w stays, also with eps 0.
    Raises ValueError where t is below 1.
    """
    if t < 1:
        raise ValueError("t counts from 1")
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    root = np.sqrt(v / (1 - beta2**t)) + eps
    return w - lr * m_hat / np.where(root == 0, 1.0, root), m, v


@adam_update.cases
def _(rng):
    for shape, t, lr in zip(SHAPES, (3, 2, 5), (0.3, 0.05, 1.5), strict=True):
        w, g, m, v = draw_state(rng, shape)
        g.flat[0] = 0.1  # whose square is below any v
        yield w, g, m, v, t, lr, 0.7, 0.8, 0.1
    yield *whole(rng), 4, 0.2, 0.9, 0.6, 0.2
    yield *at_rest(rng), 1, 0.1, 0.9, 0.999, 1e-8
    g = np.array([0.0, 0.5, -20.0])
    yield rng.normal(size=3), g, np.zeros(3), np.zeros(3), 1, 0.001, 0.9, 0.999, 1e-8
    w, g, m, v = draw_state(rng, (2, 2))
    g[1, 0] = 0.1
    yield w, g, m, v, 2, 0.1, 0.0, 0.9, 0.3
    yield w, g, m, v, 3, 0.1, 0.8, 0.0, 0.0
    # Alone, so that a mistake is the same with and without this edge in all other cases.
    yield *at_rest(rng), 2, 0.1, 0.9, 0.99, 0.0
    yield raises(ValueError, *draw_state(rng, (3,)), 0, 0.1, 0.9, 0.99, 1e-3)


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
    "It belongs in the denominator: / (sqrt(v_hat) + eps)."
)
def eps_added_to_parameter(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * m_hat / np.sqrt(v_hat) + eps, m, v


@adam_update.mistake(
    "Brackets: epsilon is added to the step, lr (m_hat / sqrt(v_hat) + eps). It belongs in the "
    "denominator: "
    "m_hat / (sqrt(v_hat) + eps)."
)
def eps_added_to_step(w, g, m, v, t, lr, beta1, beta2, eps):
    m, v, m_hat, v_hat = _hats(g, m, v, t, beta1, beta2)
    return w - lr * (m_hat / np.sqrt(v_hat) + eps), m, v


@adam_update.mistake("Epsilon is not added to the root: divide by sqrt(v_hat) + eps.")
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
    "m and v are updated correctly, but the step uses the old ones. Update first, then correct and step."
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
    "m is updated correctly, but the step uses the old one. Update m first, then correct and step."
)
def old_m_used(w, g, m, v, t, lr, beta1, beta2, eps):
    new = _averages(g, m, v, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(new[1] / (1 - beta2**t)) + eps), *new


@adam_update.mistake(
    "v is updated correctly, but the step is divided by the root of the old one. Update v first."
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


@adam_update.mistake(
    "Everything is right but the edges: a t below 1 must raise ValueError, and with eps 0 a parameter whose gradients were all 0 must "
    "stay where it is."
)
def neither_edge(w, g, m, v, t, lr, beta1, beta2, eps):
    with np.errstate(all="ignore"):
        return _adam(w, g, m, v, t, lr, beta1, beta2, eps)


@adam_update.mistake(
    "Everything is right, but a t below 1 is accepted: with t = 0 the corrections are 1 - 1 = 0. Raise ValueError."
)
def t_not_looked_at(w, g, m, v, t, lr, beta1, beta2, eps):
    with np.errstate(all="ignore"):
        new = _adam(w, g, m, v, t, lr, beta1, beta2, eps)
    rests = (eps == 0) & (np.asarray(new[1]) == 0) & (np.asarray(new[2]) == 0)
    return np.where(rests, w, new[0]), *new[1:]


@adam_update.mistake(
    "Everything is right, but with eps 0 a parameter whose gradients were all 0 becomes nan: 0 / 0. It must stay where it is."
)
def zero_over_zero(w, g, m, v, t, lr, beta1, beta2, eps):
    if t < 1:
        raise ValueError("t counts from 1")
    with np.errstate(all="ignore"):
        return _adam(w, g, m, v, t, lr, beta1, beta2, eps)


@adam_update.mistake(
    "With eps 0 the steps are too short: a number of your own takes the place of eps. Add nothing; only where the denominator is 0 does "
    "w stay."
)
def another_eps(w, g, m, v, t, lr, beta1, beta2, eps):
    if t < 1:
        raise ValueError("t counts from 1")
    return _adam(w, g, m, v, t, lr, beta1, beta2, eps or 1e-3)


@adam_update.variant
def corrections_in_the_rate(w, g, m, v, t, lr, beta1, beta2, eps):
    if not t >= 1:
        raise ValueError("the first step is step 1")
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    root = (1 - beta2**t) ** 0.5
    below = v**0.5 + eps * root
    step = np.divide(m, below, out=np.zeros(below.shape), where=below > 0)
    return w - lr * root / (1 - beta1**t) * step, m, v


@adam_update.variant
def each_by_itself(w, g, m, v, t, lr, beta1, beta2, eps):
    if t < 1:
        raise ValueError(t)
    new = np.empty((3, *w.shape))
    for i in np.ndindex(w.shape):
        mi = g[i] + beta1 * (m[i] - g[i])
        vi = np.average([v[i], g[i] ** 2], weights=[beta2, 1 - beta2])
        below = np.sqrt(vi / (1 - beta2**t)) + eps
        step = mi / (1 - beta1**t) / below if below else 0.0
        new[(slice(None), *i)] = w[i] - lr * step, mi, vi
    return new

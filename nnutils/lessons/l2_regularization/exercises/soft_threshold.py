"""Exercise soft_threshold: move every weight towards 0 by t, and no further than 0."""

import numpy as np

from nnutils.checks.exercise import exercise, raises


@exercise(
    points=2,
    minutes=6,
    hints=(
        "First the question which t is allowed. Then: what should become of a weight that is closer to 0 than t?",
        "The size of the new weight is |w| - t, but never below 0. The sign stays.",
        "raise ValueError if t < 0; then np.sign(W) * np.maximum(np.abs(W) - t, 0)",
    ),
)
def soft_threshold(W, t):
    """Move every weight towards 0 by t, and stop at 0.

    W: weights of any shape. t: a float, 0 or more.
    Returns an array of W's shape.
    Raises ValueError where t is negative: the weights would grow.
    (Daubechies, Defrise & De Mol 2004: ISTA.)
    """
    if t < 0:
        raise ValueError("t must be 0 or more")
    return np.sign(W) * np.maximum(np.abs(W) - t, 0)


@soft_threshold.cases
def _(rng):
    def spread(*shape):  # sizes 0.1 to 2, of both signs, in random order
        size = int(np.prod(shape))
        signs = np.resize([1, -1], size)
        return rng.permutation(signs * (0.1 + 1.9 * (np.arange(size) // 2) / size * 2)).reshape(shape)

    yield spread(4, 3), 0.7
    yield spread(2, 9), 1.3
    yield rng.permuted(np.arange(-5, 7).reshape(3, 4)), 2.5
    yield spread(8), 0.25
    yield spread(2, 2, 3), 0.0
    yield np.array([[0.0, -1.5, 0.25]]), 0.0
    yield np.array([0.5, -0.5, 0.75, 0.0, -2.0]), 0.5
    yield raises(ValueError, spread(3), -0.01)


def _checked(t):
    if t < 0:
        raise ValueError("t must be 0 or more")


@soft_threshold.mistake(
    "This is the hard threshold: small weights become 0, but large ones must move by t as well.",
    symptom=lambda a, r: a["t"] > 0 and (r == a["W"] * (np.abs(a["W"]) > a["t"])).all() and r.any(),
)
def hard(W, t):
    _checked(t)
    return np.where(np.abs(W) > t, W, 0.0)


@soft_threshold.mistake("The sign is lost: negative weights come out positive.")
def sign_lost(W, t):
    _checked(t)
    return np.maximum(np.abs(W) - t, 0.0)


@soft_threshold.mistake("Negative weights have all become 0. They move towards 0, too, by adding t.")
def one_side(W, t):
    _checked(t)
    return np.maximum(W - t, 0.0)


@soft_threshold.mistake(
    "Small weights jump over 0 to the other side, so none ever stays at 0. Stop at 0: max(|w| - t, 0)."
)
def jumps_over(W, t):
    _checked(t)
    return W - t * np.sign(W)


@soft_threshold.mistake(
    "You cut the weights off at t. That keeps what should go: this is W minus the answer."
)
def clipped(W, t):
    _checked(t)
    return np.clip(W, -t, t) * 1.0


@soft_threshold.mistake(
    "You shrink in proportion, as weight decay does. Here every weight moves by the same t."
)
def in_proportion(W, t):
    _checked(t)
    return (1 - t) * W


@soft_threshold.mistake("The weights move away from 0. Take t off their size.")
def outwards(W, t):
    _checked(t)
    return np.sign(W) * (np.abs(W) + t)


@soft_threshold.mistake(
    "Weights closer to 0 than t are left as they are. They should become 0, and that is what the penalty is for."
)
def small_left_alone(W, t):
    _checked(t)
    return np.where(np.abs(W) > t, W - t * np.sign(W), W)


@soft_threshold.mistake(
    "You subtract t from every weight. Negative ones then move away from 0: they should gain t."
)
def subtracted_everywhere(W, t):
    _checked(t)
    return W - t


@soft_threshold.mistake(
    "No size falls below t here: max(|w|, t). Take t off the size first: max(|w| - t, 0)."
)
def lifted_to_t(W, t):
    _checked(t)
    return np.sign(W) * np.maximum(np.abs(W), t)


@soft_threshold.mistake(
    "1 - t / |w| is 0 / 0 where a weight and t are both 0. Take t off the size instead, and give it the sign of w."
)
def ratio_at_zero(W, t):
    _checked(t)
    return W * np.maximum(1 - t / np.abs(W), 0)


@soft_threshold.mistake("You shrink by the norm of the whole array. Every weight moves by itself.")
def by_the_norm(W, t):
    _checked(t)
    return W * np.maximum(1 - t / np.linalg.norm(W), 0)


@soft_threshold.mistake(
    "Where W holds whole numbers the result is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(W). Make it an array of floats."
)
def result_kept_whole(W, t):
    _checked(t)
    return (np.sign(W) * np.maximum(np.abs(W) - t, 0)).astype(W.dtype)


@soft_threshold.mistake("The weights move by 2 t. Move them by t.")
def moved_twice(W, t):
    _checked(t)
    return np.sign(W) * np.maximum(np.abs(W) - 2 * t, 0)


@soft_threshold.mistake(
    "Small weights jump over 0, and 0 itself moves to the other side. Where |w| is at most t the new weight is 0."
)
def jumps_at_zero(W, t):
    _checked(t)
    return np.where(W > 0, W - t, W + t)


@soft_threshold.mistake("The new size is multiplied by w. It only gets the SIGN of w: np.sign(W).")
def times_the_weight(W, t):
    _checked(t)
    return W * np.maximum(np.abs(W) - t, 0)


@soft_threshold.mistake("A negative t makes the weights grow here. The docstring asks for a ValueError.")
def no_error(W, t):
    return np.sign(W) * np.maximum(np.abs(W) - t, 0)


@soft_threshold.mistake("It raises an error where t is 0, too. Then every weight stays as it is.")
def zero_refused(W, t):
    if t <= 0:
        raise ValueError("t must be above 0")
    return np.sign(W) * np.maximum(np.abs(W) - t, 0)


@soft_threshold.variant
def two_sides(W, t):
    _checked(t)
    return np.maximum(W - t, 0) - np.maximum(-W - t, 0)


@soft_threshold.variant
def what_is_left(W, t):
    _checked(t)
    return W - np.clip(W, -t, t)


@soft_threshold.variant
def three_regions(W, t):
    _checked(t)
    out = np.zeros(W.shape)
    above, below = np.greater(W, t), np.less(W, -t)
    out[above] = W[above] - t
    out[below] = W[below] + t
    return out

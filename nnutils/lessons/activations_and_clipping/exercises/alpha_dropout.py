"""Exercise alpha_dropout: alpha dropout, in training: dropout for SELU networks, keeping mean 0 and variance 1."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.activations_and_clipping.exercises.shared import draw_mask

LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def _affine(keep_prob, dropped=-LAMBDA * ALPHA):
    a = 1 / np.sqrt(keep_prob + dropped**2 * keep_prob * (1 - keep_prob))
    return a, -a * dropped * (1 - keep_prob)


@exercise(
    points=3,
    minutes=7,
    # SELU's constants to five digits are good enough, and the cases keep clear of results near 0
    tolerance=2e-4,
    hints=(
        "Three steps: put SELU's limit where a unit is dropped, compute the two numbers A and B of the text, "
        "and send every unit through them.",
        "np.where(mask, x, d) is x where the mask is True and d elsewhere. A and B are plain numbers, "
        "and B uses A.",
        "d = -lambda * alpha; A = 1 / np.sqrt(keep_prob + d**2 * keep_prob * (1 - keep_prob)); "
        "B = -A * d * (1 - keep_prob).",
    ),
)
def alpha_dropout(x, mask, keep_prob):
    """Alpha dropout, in training: dropout for SELU networks.

    x: activations of any shape; mask: booleans of the same shape, True
    where a unit is kept; keep_prob: the probability with which mask was
    drawn, above 0 and at most 1.
    Returns an array of x's shape: dropped units at SELU's limit far to the
    left, then all units corrected alike, so that a unit of mean 0 and
    variance 1 has mean 0 and variance 1 over all masks.
    Source: Klambauer et al. 2017.
    """
    dropped = -1.0507009873554805 * 1.6732632423543772
    scale = 1 / np.sqrt(keep_prob + dropped**2 * keep_prob * (1 - keep_prob))
    shift = -scale * dropped * (1 - keep_prob)
    return scale * np.where(mask, x, dropped) + shift


@alpha_dropout.cases
def _(rng):
    for shape, q in (((4, 3), 0.8), ((2, 7), 0.3), ((2, 3, 4), 0.95), ((5,), 0.6)):
        yield _clear_of_zero(rng.normal(size=shape), q), draw_mask(rng, q, *shape), q
    yield rng.integers(3, 9, size=(3, 4)), draw_mask(rng, 0.7, 3, 4), 0.7
    yield _clear_of_zero(rng.normal(size=(2, 2)), 1.0), np.ones((2, 2), bool), 1.0


def _clear_of_zero(x, keep_prob):
    a, b = _affine(keep_prob)
    return np.where(np.abs(a * x + b) < 0.3, x + 1, x)


@alpha_dropout.mistake(
    "You set the dropped units to 0. In a SELU network a silent unit is not at 0 but at d = -lambda alpha: "
    "put that value there before the correction."
)
def alpha_zeros(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * (x * mask) + b


@alpha_dropout.mistake(
    "The dropped units are right, and the affine correction is missing: mean and variance are no longer 0 "
    "and 1. "
    "Return A (...) + B."
)
def alpha_uncorrected(x, mask, keep_prob):
    return np.where(mask, x, -LAMBDA * ALPHA)


@alpha_dropout.mistake(
    "This is ordinary inverted dropout. It keeps the mean but not the variance; put -lambda alpha where a "
    "unit is "
    "dropped, and correct by A and B."
)
def alpha_inverted(x, mask, keep_prob):
    return x * mask / keep_prob


@alpha_dropout.mistake("B has the wrong sign: B = -A d (1 - q), and as d is negative, B is positive.")
def alpha_shift_sign(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) - b


@alpha_dropout.mistake("The root in A is missing: A = (q + d^2 q (1 - q)) to the power of -1/2.")
def alpha_without_root(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = 1 / (keep_prob + d**2 * keep_prob * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake(
    "The minus in A's exponent is missing: A divides by the root, it does not multiply by it."
)
def alpha_root_upside_down(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = np.sqrt(keep_prob + d**2 * keep_prob * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake(
    "Lambda is missing: far to the left SELU goes to -lambda alpha, and -alpha is ELU's limit."
)
def alpha_without_lambda(x, mask, keep_prob):
    a, b = _affine(keep_prob, -ALPHA)
    return a * np.where(mask, x, -ALPHA) + b


@alpha_dropout.mistake("A dropped unit gets the value -lambda alpha. The minus is missing.")
def alpha_positive(x, mask, keep_prob):
    a, b = _affine(keep_prob, LAMBDA * ALPHA)
    return a * np.where(mask, x, LAMBDA * ALPHA) + b


@alpha_dropout.mistake(
    "You took 1 - keep_prob for q in A and B. Here q is the probability to KEEP: q = keep_prob."
)
def alpha_rate(x, mask, keep_prob):
    a, b = _affine(1 - keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) + b


@alpha_dropout.mistake(
    "You corrected the kept units only. A and B are for all of them, the dropped ones too."
)
def alpha_corrects_the_kept(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return np.where(mask, a * x + b, -LAMBDA * ALPHA)


@alpha_dropout.mistake("You dropped the units that the mask keeps. The mask is True where a unit is kept.")
def alpha_drops_the_kept(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * np.where(mask, -LAMBDA * ALPHA, x) + b


@alpha_dropout.mistake(
    "The q before (1 - q) is missing in A: it is (q + d^2 q (1 - q)) to the power of -1/2."
)
def alpha_factor_without_q(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = 1 / np.sqrt(keep_prob + d**2 * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake("d is not squared in A: it is (q + d^2 q (1 - q)) to the power of -1/2.")
def alpha_d_not_squared(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = 1 / np.sqrt(keep_prob + d * keep_prob * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake("B has q where 1 - q belongs: B = -A d (1 - q).")
def alpha_shift_with_q(x, mask, keep_prob):
    a, _ = _affine(keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) + a * LAMBDA * ALPHA * keep_prob


@alpha_dropout.mistake("B lacks the factor A: B = -A d (1 - q).")
def alpha_shift_without_factor(x, mask, keep_prob):
    a, _ = _affine(keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) + LAMBDA * ALPHA * (1 - keep_prob)


@alpha_dropout.mistake("B is missing: the variance is 1 again, the mean is not 0. Return A (...) + B.")
def alpha_without_shift(x, mask, keep_prob):
    a, _ = _affine(keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA)


@alpha_dropout.mistake(
    "The kept units are divided by keep_prob as well. Here A does the scaling, for all units."
)
def alpha_scaled_as_well(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * np.where(mask, x / keep_prob, -LAMBDA * ALPHA) + b


@alpha_dropout.variant
def alpha_by_moments(x, mask, keep_prob):
    d = -1.7580993408473766
    dropped = 1 - keep_prob
    mean = dropped * d  # of a unit with mean 0 and variance 1, after the drop
    variance = keep_prob * 1 + dropped * d**2 - mean**2
    return (x * mask + d * (1 - mask) - mean) / variance**0.5


@alpha_dropout.variant
def alpha_five_digits(x, mask, keep_prob):
    d = -1.0507 * 1.67326
    a = (keep_prob + d * d * keep_prob * (1 - keep_prob)) ** -0.5
    out = np.array(x, float)
    out[~mask] = d
    return a * out - a * d * (1 - keep_prob)


@alpha_dropout.variant
def alpha_entry_by_entry(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    out = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        out[place] = a * (x[place] if mask[place] else -LAMBDA * ALPHA) + b
    return out

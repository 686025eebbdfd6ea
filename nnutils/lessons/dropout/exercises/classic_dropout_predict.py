"""Exercise classic_dropout_predict: the test-time step of classic dropout, which does NOT scale the kept units in training."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=2,
    hints=(
        "In training a unit was there in a share keep_prob of the steps, and 0 in the others. "
        "What did the next layer see on average?",
        "The average is keep_prob * a + (1 - keep_prob) * 0. At test time nothing is random any more.",
        "Multiply a by keep_prob.",
    ),
)
def classic_dropout_predict(a, keep_prob):
    """The test-time step of classic dropout, which does NOT scale the kept
    units in training.

    a: activations at test time, with all units present,
    of any shape; keep_prob: the probability to keep a unit in training.
    Returns an array of a's shape: what the next layer saw on average in
    training, the mean over all masks of a * mask.
    Nothing is dropped and nothing is drawn. Source: Hinton et al. 2012.
    """
    return a * keep_prob


@classic_dropout_predict.cases
def _(rng):
    yield rng.normal(size=(4, 3)), 0.8
    yield rng.normal(size=(2, 5)), 0.3
    yield rng.integers(2, 9, size=(3, 2)), 0.7  # 1 would be cut down to 0
    yield rng.normal(size=6), 0.9
    yield rng.normal(size=(1, 1)), 0.6


@classic_dropout_predict.mistake(
    "You return a as it is. That is the test-time step of inverted dropout; here the scaling was left out in "
    "training, so it is due now."
)
def predict_unscaled(a, keep_prob):
    return np.array(a, float)


@classic_dropout_predict.mistake(
    "You divided by keep_prob. In training units were missing, now all are there, so the sum is too large: "
    "multiply by keep_prob."
)
def predict_divided(a, keep_prob):
    return a / keep_prob


@classic_dropout_predict.mistake(
    "You multiplied by 1 - keep_prob, the share that was dropped. The average is over the share that was "
    "kept."
)
def predict_by_the_rate(a, keep_prob):
    return a * (1 - keep_prob)


def _has_zeros(arguments, result):
    """Some units are 0 and the others carry one and the same factor: a mask was drawn."""
    kept = result != 0
    ratio = (result / arguments["a"])[kept]
    return kept.any() and not kept.all() and np.allclose(ratio, ratio[0])


@classic_dropout_predict.mistake(
    "You dropped units at test time. Now all of them are there, and the answer should be the same each time: "
    "scale them by keep_prob.",
    symptom=_has_zeros,
)
def predict_still_drops(a, keep_prob):
    return a * (np.random.default_rng(7).random(a.shape) < keep_prob)


@classic_dropout_predict.mistake(
    "You cut the result down to whole numbers, because a holds whole numbers. Let the product be floats."
)
def predict_cut_down(a, keep_prob):
    return (a * keep_prob).astype(a.dtype)


@classic_dropout_predict.mistake(
    "You changed a itself: a *= keep_prob writes into the caller's array (and fails if it holds whole "
    "numbers). "
    "Compute a new one."
)
def predict_in_place(a, keep_prob):
    a *= keep_prob
    return a


@classic_dropout_predict.mistake(
    "You divided by 1 - keep_prob. In training a unit was there in a share keep_prob of the steps: multiply by that."
)
def predict_over_the_rate(a, keep_prob):
    return a / (1 - keep_prob)


@classic_dropout_predict.mistake(
    "You multiplied by the root of keep_prob. The mean of a * mask is keep_prob * a: no root."
)
def predict_by_the_root(a, keep_prob):
    return a * np.sqrt(keep_prob)


@classic_dropout_predict.mistake("keep_prob is in there twice. The mean of a * mask is keep_prob * a.")
def predict_scaled_twice(a, keep_prob):
    return a * keep_prob**2


@classic_dropout_predict.mistake("This is one half of a, whatever keep_prob is. Multiply by keep_prob.")
def predict_by_one_half(a, keep_prob):
    return a * 0.5


@classic_dropout_predict.variant
def predict_as_mean(a, keep_prob):
    return keep_prob * a + (1 - keep_prob) * np.zeros_like(a)


@classic_dropout_predict.variant
def predict_less_the_dropped(a, keep_prob):
    return a - (1 - keep_prob) * a

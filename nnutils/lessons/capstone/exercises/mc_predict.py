"""Exercise mc_predict: MC dropout in Keras: the mean and the spread of predictions with dropout on."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.models import (
    seed_from,
)
from nnutils.lessons.capstone.exercises.shared import OURS
from nnutils.lessons.capstone.given import Dropped


@exercise(
    points=2,
    minutes=8,
    allows=OURS,
    hints=(
        "Called as it is, a Keras model leaves its dropout out. A flag of the call switches it on.",
        "network(x, training=True) is one pass with fresh masks. Make n_passes of them and turn each into an array.",
        "passes = np.array([np.asarray(network(x, training=True)) for _ in range(n_passes)]); "
        "return passes.mean(axis=0), passes.std(axis=0).",
    ),
)
def mc_predict(network, x, n_passes):
    """MC dropout in Keras: the mean and the spread of predictions
    with dropout on.

    network: a keras.Model with dropout; x: (m, n_in);
    n_passes: how often it is asked, each time with fresh
    masks: network(x, training=True) switches dropout on.
    Returns (mean, std) over the passes (ddof 0), each (m, n_classes),
    as NumPy arrays or tensors. Source: Gal & Ghahramani 2016.
    """
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.cases
def _(rng):
    yield Dropped((4, 3, 2), seed_from(rng)), _rows(rng, 4), 2
    yield Dropped((3, 3, 4), seed_from(rng), keep_prob=0.5), _rows(rng, 3), 12
    yield Dropped((2, 3, 3), seed_from(rng), keep_prob=0.7), _rows(rng, 2), 1


def _rows(rng, n_in):
    return rng.normal(size=(5, n_in)).astype(np.float32)


def _is_a_pair(a, result, scale=1.0, power=1):
    """Whether mean and (std * scale)^power belong, row by row, to two passes with some masks or other."""
    outcomes, _ = a["network"].outcomes(a["x"])
    mean, spread = (np.asarray(part, float) for part in result)
    one, other = outcomes[:, None], outcomes[None, :]
    fits = np.isclose((one + other) / 2, mean, atol=1e-4) & np.isclose(
        (scale * np.abs(one - other) / 2) ** power, spread, atol=1e-4
    )
    return bool(fits.all(axis=-1).any(axis=(0, 1)).all())


def _is_likely(a, result):
    """Whether mean and std lie where those of n_passes passes lie, all but never otherwise."""
    outcomes, likely = a["network"].outcomes(a["x"])
    mean = np.tensordot(likely, outcomes, 1)
    std = np.sqrt(np.tensordot(likely, (outcomes - mean) ** 2, 1))
    near = np.abs(result[0] - mean) < 8 * std / np.sqrt(a["n_passes"]) + 1e-4
    return bool(
        np.all(near) and np.all(result[1] < 2.5 * std + 1e-4) and np.all(result[1] > 0.1 * std - 1e-4)
    )


def _is_one_pass(a, result):
    outcomes, _ = a["network"].outcomes(a["x"])
    same = np.isclose(outcomes, np.asarray(result[0]), atol=1e-4).all(axis=-1)
    return bool(same.any(axis=0).all()) and np.allclose(result[1], 0, atol=1e-6)


@mc_predict.judge
def _(a, result):
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "it should return two things: the mean and the standard deviation"
    shape = len(a["x"]), a["network"].sizes[-1]
    for name, part in zip(("mean", "standard deviation"), result, strict=True):
        if np.shape(part) != shape:
            return f"the {name} should have the shape {shape}, yours has {np.shape(part)}"
    parts = [np.asarray(part, float) for part in result]
    if a["n_passes"] == 1:
        return None if _is_one_pass(a, parts) else "with one pass, the mean is that pass and the deviation 0"
    if a["n_passes"] == 2:
        return (
            None if _is_a_pair(a, parts) else "with two passes, these are not mean and deviation of the two"
        )
    return None if _is_likely(a, parts) else "mean and deviation are not those of passes with dropout on"


def _still(a, result):
    return a["n_passes"] > 1 and np.allclose(result[1], 0, atol=1e-7)


@mc_predict.mistake(
    "All passes are alike: dropout is off unless you ask for it. Call network(x, training=True); network(x) and predict leave it out.",
    symptom=lambda a, result: (
        _still(a, result) and np.allclose(result[0], a["network"].plain(a["x"]), atol=1e-4)
    ),
)
def dropout_left_off(network, x, n_passes):
    passes = [np.asarray(network(x)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.mistake(
    "The network is asked once and that one answer is repeated. Call it n_passes times: each call draws masks of its own.",
    symptom=lambda a, result: (
        _still(a, result) and not np.allclose(result[0], a["network"].plain(a["x"]), atol=1e-4)
    ),
)
def asked_once(network, x, n_passes):
    passes = [np.asarray(network(x, training=True))] * n_passes
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.mistake(
    "The second result is the variance. The standard deviation is its root.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, power=2),
)
def variance_instead(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.var(passes, axis=0)


@mc_predict.mistake(
    "The second result is the standard error of the mean. It shrinks the more often you ask; the doubt of the model does not. "
    "Do not divide by the root of n_passes.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, scale=2**-0.5),
)
def error_of_the_mean(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0) / np.sqrt(n_passes)


@mc_predict.mistake(
    "Your deviation divides by n_passes - 1, which is 0 for a single pass. The course divides by the count: ddof 0.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, scale=2**0.5),
)
def one_less(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0) * np.sqrt(n_passes / max(n_passes - 1, 1))


@mc_predict.mistake(
    "You took mean and deviation over the examples. Take them over the passes, axis 0, and keep every example.",
    symptom=lambda a, result: (
        a["n_passes"] != len(a["x"]) and np.shape(result[0]) == (a["n_passes"], a["network"].sizes[-1])
    ),
)
def over_the_examples(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=1), np.std(passes, axis=1)


@mc_predict.mistake(
    "Only the mean is returned. The deviation over the passes is what MC dropout adds: return both.",
    symptom=lambda a, result: np.shape(result) == (len(a["x"]), a["network"].sizes[-1]),
)
def mean_alone(network, x, n_passes):
    return np.mean([np.asarray(network(x, training=True)) for _ in range(n_passes)], axis=0)


@mc_predict.variant
def in_one_call(network, x, n_passes):
    stacked = np.asarray(network(np.tile(x, (n_passes, 1)), training=True))
    passes = stacked.reshape(n_passes, len(x), -1)
    return passes.mean(axis=0), passes.std(axis=0)


@mc_predict.variant
def by_sums(network, x, n_passes):
    total = squares = 0.0
    for _ in range(n_passes):
        proba = np.asarray(network(x, training=True), dtype=float)
        total, squares = total + proba, squares + proba**2
    mean = total / n_passes
    return mean, np.sqrt(np.maximum(squares / n_passes - mean**2, 0))

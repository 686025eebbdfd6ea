"""Our numbers against those that Keras gave when make_values.py was run, and against the Keras that is installed."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from nnutils.initializers import init_std
from nnutils.lessons.activations_and_clipping import exercises as activations
from nnutils.lessons.dropout import exercises as dropout
from nnutils.lessons.early_stopping_and_augmentation import exercises as augmentation

from .keras_cases import CASES, X

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
STORED = json.loads(Path(__file__).with_name("keras_values.json").read_text())


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras", reason="Keras is not installed: the stored values still hold")


def test_the_file_names_its_versions_and_holds_every_case():
    assert {"keras", "tensorflow"} == set(STORED["made_with"])
    assert set(STORED["cases"]) == set(CASES)


def compare(numbers, expected, tolerance):
    assert numbers.keys() == expected.keys()
    for name, value in numbers.items():
        np.testing.assert_allclose(
            np.ravel(value), np.ravel(expected[name]), rtol=tolerance, atol=tolerance, err_msg=name
        )


@pytest.mark.parametrize("case", CASES)
def test_ours_are_the_stored_numbers(case):
    ours, _, tolerance = CASES[case]
    compare(ours(), STORED["cases"][case], tolerance)


@pytest.mark.parametrize("case", CASES)
def test_ours_are_keras_numbers(case, keras):
    ours, theirs, tolerance = CASES[case]
    compare(ours(), theirs(), tolerance)


@pytest.mark.parametrize(
    ("scheme", "name"),
    [("he", "HeNormal"), ("glorot", "GlorotNormal"), ("glorot", "GlorotUniform"), ("lecun", "LecunNormal")],
)
def test_initialisers_have_keras_spread(scheme, name, keras):
    W = getattr(keras.initializers, name)(seed=0)((400, 300)).numpy()
    assert W.std() == pytest.approx(init_std(400, 300, scheme), rel=0.01)


def test_keras_dropout_is_inverted_too(keras):
    out = keras.layers.Dropout(0.2, seed=1)(np.abs(X), training=True).numpy()
    kept = out != 0
    assert 0 < kept.sum() < kept.size
    np.testing.assert_allclose(out[kept], np.abs(X)[kept] / 0.8, rtol=1e-6)
    np.testing.assert_allclose(out, dropout.dropout_forward(np.abs(X), kept, 0.8), rtol=1e-6)


def test_alpha_dropout_is_keras_alpha_dropout(keras):
    out = keras.layers.AlphaDropout(0.2, seed=1, dtype="float64")(X, training=True).numpy()
    dropped = np.isclose(out, activations.alpha_dropout(X, np.zeros(X.shape, bool), 0.8), rtol=1e-6)
    assert 0 < dropped.sum() < dropped.size
    np.testing.assert_allclose(out, activations.alpha_dropout(X, ~dropped, 0.8), rtol=1e-6)


def test_fractional_pooling_is_tensorflow_s(keras):
    """TensorFlow writes the last edge over, so only some of its draws make edges by our rule; those are compared."""
    import tensorflow as tf

    image = np.random.default_rng(1).normal(size=(25, 18))
    ratios, compared = [1.0, 25 / 17, 18 / 11, 1.0], 0
    for seed in range(1, 21):
        pooled, *edges = tf.nn.fractional_max_pool(
            image[None, :, :, None], ratios, pseudo_random=True, seed=seed
        )
        draws = [draw_with(*found) for found in zip((25, 18), (17, 11), edges, strict=True)]
        if None not in draws:
            ours = augmentation.fractional_max_pool(image, (17, 11), draws)
            np.testing.assert_array_equal(ours, pooled.numpy()[0, :, :, 0])
            compared += 1
    assert compared >= 3


def draw_with(n_in, n_out, edges):
    """A draw u with which the rule of lesson 05 makes these edges, or None."""
    for u in np.arange(0.0005, 1, 0.001):
        places = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u))
        if (places - places[0] == edges.numpy()).all():
            return u
    return None

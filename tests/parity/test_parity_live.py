"""Our numbers against the Keras that is installed."""

import os

import numpy as np
import pytest

from nnutils.initializers import init_std

from .keras_cases import CASES, X

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
keras = pytest.importorskip("keras", reason="Keras is not installed: the stored values still hold")


@pytest.mark.parametrize("case", CASES)
def test_ours_are_keras_numbers(case):
    ours, theirs, tolerance = CASES[case]
    numbers, expected = ours(), theirs()
    assert numbers.keys() == expected.keys()
    for name, value in numbers.items():
        np.testing.assert_allclose(value, expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize(
    ("scheme", "name"),
    [("he", "HeNormal"), ("glorot", "GlorotNormal"), ("glorot", "GlorotUniform"), ("lecun", "LecunNormal")],
)
def test_initialisers_have_keras_spread(scheme, name):
    W = getattr(keras.initializers, name)(seed=0)((400, 300)).numpy()
    assert W.std() == pytest.approx(init_std(400, 300, scheme), rel=0.01)


def test_keras_dropout_is_inverted_too():
    out = keras.layers.Dropout(0.2, seed=1)(np.abs(X), training=True).numpy()
    kept = out != 0
    assert 0 < kept.sum() < kept.size
    np.testing.assert_allclose(out[kept], np.abs(X)[kept] / 0.8, rtol=1e-6)

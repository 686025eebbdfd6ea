import numpy as np
import pytest

from nnutils import activations, dropout, initializers


def test_mask_and_inverted_dropout():
    u = np.array([[0.1, 0.79, 0.8, 0.9]])
    mask = dropout.dropout_mask(u, 0.8)
    assert mask.tolist() == [[True, True, False, False]]
    np.testing.assert_allclose(dropout.dropout_forward([[4, 8, 4, 8]], mask, 0.8), [[5, 10, 0, 0]])


def test_dropout_keeps_the_expected_value():
    a, u = np.full((20_000, 3), 2.0), np.random.default_rng(0).random((20_000, 3))
    dropped = dropout.dropout_forward(a, dropout.dropout_mask(u, 0.8), 0.8)
    np.testing.assert_allclose(dropped.mean(axis=0), 2, rtol=0.02)


@pytest.mark.parametrize("keep_prob", [0, -0.1, 1.1, float("nan")])
def test_a_wrong_keep_prob_is_told(keep_prob):
    with pytest.raises(ValueError, match="keep_prob"):
        dropout.dropout_forward([1.0], [True], keep_prob)


@pytest.mark.parametrize(("scheme", "variance"), [("he", 2 / 300), ("glorot", 2 / 500), ("lecun", 1 / 300)])
def test_init_schemes(scheme, variance):
    assert initializers.init_std(300, 200, scheme) == pytest.approx(np.sqrt(variance))
    W = initializers.weights(300, 200, scheme, np.random.default_rng(0), np.float32)
    assert W.shape == (300, 200) and W.dtype == np.float32
    assert W.var() == pytest.approx(variance, rel=0.03) and abs(W.mean()) < 0.001
    with pytest.raises(ValueError, match="he, glorot, lecun"):
        initializers.init_std(3, 3, "He")


def test_float32_stays():
    w = np.random.default_rng(2).normal(0, 1, (4, 3)).astype(np.float32)
    assert dropout.dropout_forward(w, w > 0, 0.8).dtype == np.float32


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda z: z, 1),
        (lambda z: np.maximum(z, 0), 2**0.5),
        (lambda z: np.where(z > 0, z, 0.2 * z), (2 / 1.04) ** 0.5),
        (lambda z: activations.selu(z)[0], 1),
        (lambda z: (z > 0).astype(float), 2**0.5),  # ReLU's slope: the same backward
        (lambda z: z**2, 3**-0.5),
    ],
)
def test_gain_is_that_of_the_integral(function, expected):
    assert initializers.gain(function) == pytest.approx(expected, rel=1e-3)


def test_weights_of_the_gain_keep_the_mean_square():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(200, 1000))
    g = initializers.gain(np.tanh)
    for _ in range(20):
        z = np.tanh(z) @ (g * initializers.weights(1000, 1000, "lecun", rng))
    assert np.mean(z**2) == pytest.approx(1, abs=0.1)

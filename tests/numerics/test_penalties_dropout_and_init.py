import numpy as np
import pytest

from nnutils import dropout, initializers, regularizers
from nnutils.gradients import numerical_gradient

RNG = np.random.default_rng(2)
W, DW = RNG.normal(0, 1, (4, 3)), RNG.normal(0, 1, (4, 3))
LAM, M = 0.7, 5


def test_penalty_costs():
    weights = [np.array([[1.0, -2.0]]), np.array([[3.0]])]
    assert regularizers.l2_cost(weights, LAM, M) == pytest.approx(0.07 * 14)
    assert regularizers.l1_cost(weights, LAM, M) == pytest.approx(0.14 * 6)
    assert regularizers.elastic_net_cost(iter(weights), LAM, 0.25, M) == pytest.approx(
        0.25 * 0.84 + 0.75 * 0.98
    )


def test_penalty_gradients_are_those_of_the_costs():
    l2 = numerical_gradient(lambda W: regularizers.l2_cost([W], LAM, M), W)
    np.testing.assert_allclose(regularizers.l2_gradient(DW, W, LAM, M), DW + l2, rtol=1e-8)
    l1 = numerical_gradient(lambda W: regularizers.l1_cost([W], LAM, M), W)
    np.testing.assert_allclose(regularizers.l1_subgradient(W, LAM, M), l1, rtol=1e-8)
    assert regularizers.l1_subgradient([0.0], LAM, M)[0] == 0
    step = W - 0.3 * regularizers.l2_gradient(DW, W, LAM, M)
    np.testing.assert_allclose(regularizers.weight_decay_step(W, DW, 0.3, LAM, M), step)


def test_soft_threshold_and_max_norm():
    assert regularizers.soft_threshold([-3.0, -0.5, 0.0, 0.5, 2.0], 1).tolist() == [-2, 0, 0, 0, 1]
    limited = regularizers.max_norm([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]], 1)
    np.testing.assert_allclose(limited, [[0.6, 0.3, 0], [0.8, 0.4, 0]])


def test_mask_and_inverted_dropout():
    u = np.array([[0.1, 0.79, 0.8, 0.9]])
    mask = dropout.dropout_mask(u, 0.8)
    assert mask.tolist() == [[True, True, False, False]]
    np.testing.assert_allclose(dropout.dropout_forward([[4, 8, 4, 8]], mask, 0.8), [[5, 10, 0, 0]])
    np.testing.assert_allclose(dropout.dropout_backward([[4.0, 8, 4, 8]], mask, 0.8), [[5, 10, 0, 0]])
    np.testing.assert_allclose(dropout.classic_dropout_predict([5.0], 0.8), [4])


def test_dropout_keeps_the_expected_value_and_dropconnect_too():
    a, u = np.full((1, 3), 2.0), np.random.default_rng(0).random((20_000, 3))
    dropped = dropout.dropout_forward(np.repeat(a, 20_000, axis=0), dropout.dropout_mask(u, 0.8), 0.8)
    np.testing.assert_allclose(dropped.mean(axis=0), 2, rtol=0.02)
    mask = np.array([[1, 0], [1, 1], [0, 1]])
    out = dropout.dropconnect_forward(a, np.ones((3, 2)), [0.5, 1], mask, 0.8)
    np.testing.assert_allclose(out, [[5.5, 6]])


def test_alpha_dropout_keeps_mean_0_and_variance_1():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(1_000_000)
    out = dropout.alpha_dropout(x, rng.random(x.size) < 0.8, 0.8)
    assert abs(out.mean()) < 0.005 and abs(out.var() - 1) < 0.005
    np.testing.assert_allclose(dropout.alpha_dropout(x[:3], [True] * 3, 1.0), x[:3])


def test_mc_dropout_uses_the_one_generator():
    mean, std = dropout.mc_dropout_predict(
        lambda x, rng: x + rng.integers(0, 100), [0.0, 1.0], 7, np.random.default_rng(3)
    )
    draws = np.random.default_rng(3).integers(0, 100, 7)
    np.testing.assert_allclose(mean, draws.mean() + np.array([0, 1]))
    np.testing.assert_allclose(std, draws.std())


@pytest.mark.parametrize("keep_prob", [0, -0.1, 1.1, float("nan")])
def test_a_wrong_keep_prob_is_told(keep_prob):
    with pytest.raises(ValueError, match="keep_prob"):
        dropout.dropout_forward([1.0], [True], keep_prob)


@pytest.mark.parametrize(("scheme", "variance"), [("he", 2 / 300), ("glorot", 2 / 500), ("lecun", 1 / 300)])
def test_init_schemes(scheme, variance):
    assert initializers.init_std(300, 200, scheme) == pytest.approx(np.sqrt(variance))
    (W1, b1), (W2, b2) = initializers.initialize(
        [300, 200, 100], scheme, np.random.default_rng(0), np.float32
    )
    assert W1.shape == (300, 200) and b1.shape == (200,) and W2.shape == (200, 100) and not b2.any()
    assert W1.dtype == b1.dtype == np.float32
    assert W1.var() == pytest.approx(variance, rel=0.03) and abs(W1.mean()) < 0.001
    with pytest.raises(ValueError, match="he, glorot, lecun"):
        initializers.init_std(3, 3, "He")


def test_float32_stays():
    w = W.astype(np.float32)
    mask = w > 0
    results = [
        regularizers.l2_gradient(w, w, LAM, M), regularizers.weight_decay_step(w, w, 0.1, LAM, M),
        regularizers.l1_subgradient(w, LAM, M), regularizers.soft_threshold(w, 0.1), regularizers.max_norm(w, 1.0),
        dropout.dropout_forward(w, mask, 0.8), dropout.classic_dropout_predict(w, 0.8), dropout.alpha_dropout(w, mask, 0.8),
        dropout.dropconnect_forward(w, w.T, w[:, 0], mask.T, 0.8),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}

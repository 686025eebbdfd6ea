import numpy as np
import pytest

from nnutils import averages, normalization, schedules
from nnutils.gradients import numerical_gradient, relative_error

RNG = np.random.default_rng(6)
Z, GAMMA, BETA, D = (
    RNG.normal(2, 3, (7, 4)),
    RNG.normal(0, 1, 4),
    RNG.normal(0, 1, 4),
    RNG.normal(0, 1, (7, 4)),
)
EPS = 0.1


def test_standardizer_uses_the_training_set_and_survives_constants():
    X = np.array([[1.0, 0.1, 5.0], [3.0, 0.1, 6.0], [5.0, 0.1, 7.0]])
    standardizer = normalization.Standardizer().fit(X)
    assert standardizer.std[1] == 1
    out = standardizer.transform(X)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(out.std(axis=0), [1, 0, 1])
    np.testing.assert_allclose(standardizer.transform([[3, 0.1, 6]]), [[0, 0, 0]], atol=1e-15)
    np.testing.assert_allclose(standardizer.inverse_transform(out), X)
    with pytest.raises(ValueError, match="fit"):
        normalization.Standardizer().transform(X)


def test_batchnorm_backward():
    def value(z, gamma, beta):
        return np.sum(D * normalization.batchnorm_forward(z, gamma, beta, EPS)[0])

    _, cache = normalization.batchnorm_forward(Z, GAMMA, BETA, EPS)
    dz, dgamma, dbeta = normalization.batchnorm_backward(D, cache)
    assert relative_error(dz, numerical_gradient(lambda z: value(z, GAMMA, BETA), Z)) < 1e-9
    assert relative_error(dgamma, numerical_gradient(lambda g: value(Z, g, BETA), GAMMA)) < 1e-9
    assert relative_error(dbeta, numerical_gradient(lambda b: value(Z, GAMMA, b), BETA)) < 1e-9


def test_batchnorm_forward_inference_and_running():
    out, cache = normalization.batchnorm_forward(Z, GAMMA, BETA, EPS)
    np.testing.assert_allclose(out, GAMMA * (Z - Z.mean(0)) / np.sqrt(Z.var(0) + EPS) + BETA)
    np.testing.assert_allclose(
        normalization.batchnorm_inference(Z, cache.mean, cache.var, GAMMA, BETA, EPS), out
    )
    np.testing.assert_allclose(normalization.update_running([1.0, 2.0], [3.0, 0.0], 0.9), [1.2, 1.8])


def test_folded_batchnorm_is_one_dense_layer():
    x, W, b, var = RNG.normal(0, 1, (5, 3)), RNG.normal(0, 1, (3, 4)), RNG.normal(0, 1, 4), RNG.random(4)
    W2, b2 = normalization.fold_batchnorm(W, b, Z[0], var, GAMMA, BETA, EPS)
    np.testing.assert_allclose(
        x @ W2 + b2, normalization.batchnorm_inference(x @ W + b, Z[0], var, GAMMA, BETA, EPS)
    )


def test_ewma_is_the_whole_curve():
    theta = [10, 20, 0, 5]
    np.testing.assert_allclose(averages.ewma(theta, 0.8), [2, 5.6, 4.48, 4.584])
    np.testing.assert_allclose(
        averages.ewma_bias_corrected(theta, 0.8), np.array([2, 5.6, 4.48, 4.584]) / [0.2, 0.36, 0.488, 0.5904]
    )
    np.testing.assert_allclose(averages.ewma_bias_corrected([7.0] * 5, 0.9), 7)
    assert averages.ewma([], 0.9).shape == (0,) and averages.ewma(np.ones((3, 2)), 0.9).shape == (3, 2)


def test_ewma_weights_and_window():
    weights, theta = averages.ewma_weights(0.9, 20), RNG.normal(0, 1, 20)
    assert weights @ theta[::-1] == pytest.approx(averages.ewma(theta, 0.9)[-1])
    assert weights.sum() == pytest.approx(1 - 0.9**20)
    assert averages.effective_window(0.98) == pytest.approx(50) and averages.beta_for_window(50) == 0.98
    for wrong in (1, -0.1):
        with pytest.raises(ValueError, match="beta"):
            averages.ewma(theta, wrong)


def test_decays():
    assert schedules.inverse_time_decay(0.2, 1, 3) == 0.05
    assert schedules.exponential_decay(0.2, 0.5, 3) == 0.025
    assert schedules.power_decay(0.2, 30, 10, 2) == 0.0125
    values = [schedules.piecewise_constant([10, 20], [1.0, 0.5, 0.1], step) for step in (0, 10, 11, 20, 21)]
    assert values == [1, 1, 0.5, 0.5, 0.1]
    assert [schedules.one_cycle(step, 8, 0.4) for step in (0, 2, 4, 6, 8, 9)] == pytest.approx(
        [0, 0.2, 0.4, 0.2, 0, 0]
    )
    assert [schedules.cosine(step, 8, 0.4, 0.1) for step in (0, 4, 8, 9)] == pytest.approx(
        [0.4, 0.25, 0.1, 0.1]
    )


def test_reduce_on_plateau():
    rates = schedules.reduce_on_plateau([3, 2, 2, 2.5, 1, 1, 1, 1, 1], 1.0, 0.5, 2)
    assert rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_wrong_schedules_are_told():
    with pytest.raises(ValueError, match="3 values"):
        schedules.piecewise_constant([10, 20], [1, 2], 5)
    with pytest.raises(ValueError, match="rise"):
        schedules.piecewise_constant([20, 10], [1, 2, 3], 5)


def test_float32_stays():
    z, g = Z.astype(np.float32), GAMMA.astype(np.float32)
    out, cache = normalization.batchnorm_forward(z, g, g)
    results = [
        out, *cache, *normalization.batchnorm_backward(z, cache), normalization.update_running(g, g),
        normalization.batchnorm_inference(z, g, g**2, g, g), *normalization.fold_batchnorm(z, g, g, g**2, g, g),
        normalization.Standardizer().fit(z).transform(z), averages.ewma(z, 0.9), averages.ewma_bias_corrected(z, 0.9),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}

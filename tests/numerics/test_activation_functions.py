import math

import numpy as np
import pytest

from nnutils import activations
from nnutils.activations import elu, gelu, leaky_relu, normal_cdf, relu, selu, sigmoid, silu, softmax, tanh

PAIRS = {
    "relu": relu,
    "leaky_relu": lambda z: leaky_relu(z, 0.2),
    "elu": lambda z: elu(z, 1.7),
    "selu": selu,
    "gelu": gelu,
    "silu": silu,
    "tanh": tanh,
    "sigmoid": sigmoid,
}


@pytest.mark.parametrize("name", PAIRS)
def test_derivative_is_the_complex_or_real_difference(name):
    z = np.array([-3.0, -0.7, -0.01, 0.02, 0.9, 4.0])
    numerical = (PAIRS[name](z + 1e-6)[0] - PAIRS[name](z - 1e-6)[0]) / 2e-6
    np.testing.assert_allclose(PAIRS[name](z)[1], numerical, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_values_are_finite_and_the_type_stays(name, dtype):
    z = np.array([-1000, -100, 0, 100, 1000], dtype)
    with np.errstate(all="raise", under="ignore"):
        value, slope = PAIRS[name](z)
    assert np.isfinite(value).all() and np.isfinite(slope).all()
    assert value.dtype == slope.dtype == dtype


@pytest.mark.parametrize("name", PAIRS)
def test_integers_give_floats_and_stay_what_they_are(name):
    z = np.array([[-2, 3]])
    value, slope = PAIRS[name](z)
    assert value.dtype == slope.dtype == np.float64 and value.shape == slope.shape == (1, 2)
    np.testing.assert_array_equal(z, [[-2, 3]])


def test_known_values():
    assert relu([-1.0, 0.0, 2.0])[1].tolist() == [0, 0, 1]
    assert leaky_relu([-2.0])[0] == -0.02
    np.testing.assert_allclose(elu([-1.0], 2.0)[0], 2 * (np.exp(-1) - 1))
    np.testing.assert_allclose(sigmoid([0.0, np.log(3)])[0], [0.5, 0.75])


def test_selu_holds_mean_0_and_variance_1():
    z = np.random.default_rng(0).standard_normal(2_000_000)
    value = selu(z)[0]
    assert abs(value.mean()) < 0.003 and abs(value.var() - 1) < 0.005
    assert abs(activations.SELU_SCALE - 1.05070098) < 1e-8


def test_normal_cdf_is_that_of_erfc_to_fourteen_digits():
    z = np.linspace(-12, 12, 4801)
    exact = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in z])
    np.testing.assert_allclose(normal_cdf(z), exact, rtol=0, atol=2e-14)
    assert normal_cdf(0) == 0.5 and normal_cdf(np.float32([1])).dtype == np.float32


def test_gelu_is_a_relu_whose_border_is_a_normal_number():
    borders = np.random.default_rng(0).standard_normal(1_000_000)
    for z in (-1.3, -0.2, 0.4, 2.0):
        assert np.mean(np.where(z > borders, z, 0)) == pytest.approx(gelu(z)[0], abs=4e-3)


def test_softmax_sums_to_one_and_ignores_a_shift():
    z = np.array([[1.0, 2.0, 3.0], [1000.0, 1000.0, -1000.0]])
    p = softmax(z)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_allclose(p[1], [0.5, 0.5, 0])
    np.testing.assert_allclose(softmax(z - 7.0), p)
    assert softmax(z.astype(np.float32)).dtype == np.float32

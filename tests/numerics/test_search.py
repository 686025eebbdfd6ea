"""nnutils.search: scales, coordinates and the kernel of a Gaussian process."""

import numpy as np
import pytest

from nnutils import search

SPACE = {"lr": (1e-4, 1.0, "log"), "keep_prob": (0.5, 1.0, "linear")}


def test_log_uniform_gives_every_decade_its_share():
    values = search.log_uniform(1e-4, 1, np.linspace(0, 1, 4001)[:-1])
    assert np.histogram(values, [1e-4, 1e-3, 1e-2, 1e-1, 1])[0].tolist() == [1000] * 4
    assert search.log_uniform(3e-4, 0.7, 0.0) == pytest.approx(3e-4)
    with pytest.raises(ValueError, match="log scale"):
        search.log_uniform(0, 1, 0.5)


def test_unit_coordinates_go_both_ways():
    u = np.random.default_rng(0).uniform(size=(20, 2))
    for place in u:
        np.testing.assert_allclose(search.to_unit(SPACE, search.from_unit(SPACE, place)), place, atol=1e-12)
    assert search.from_unit(SPACE, [0, 1]) == pytest.approx({"lr": 1e-4, "keep_prob": 1.0})
    assert search.to_unit({"a": (2.0, 2.0, "log")}, {"a": 2.0}) == 0.5


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="'linear' or 'log'"):
        search.from_unit({"lr": (1, 2, "cubic")}, [0.5])


def test_the_kernel_is_one_at_a_place_and_falls_with_the_distance():
    A = np.random.default_rng(0).uniform(size=(5, 2))
    K = search.rbf_kernel(A, A, 0.3)
    np.testing.assert_allclose(np.diag(K), 1)
    np.testing.assert_allclose(K, K.T)
    one = search.rbf_kernel([[0.0, 0.0]], [[0.3, 0.0], [0.3, 0.4]], 0.5)
    np.testing.assert_allclose(one, np.exp([[-0.09 / 0.5, -0.25 / 0.5]]))


def test_the_kernel_agrees_with_scikit_learn():
    from sklearn.gaussian_process.kernels import RBF

    rng = np.random.default_rng(1)
    A, B = rng.uniform(size=(6, 3)), rng.uniform(size=(4, 3))
    np.testing.assert_allclose(search.rbf_kernel(A, B, 0.4), RBF(0.4)(A, B), rtol=1e-12)

"""nnutils.search: scales, coordinates and the Gaussian process."""

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


def test_gaussian_process_goes_through_its_points_and_knows_what_it_does_not_know():
    X = np.array([[0.0], [0.3], [0.6]])
    model = search.GaussianProcess().fit(X, np.sin(6 * X[:, 0]))
    mean, std = model.predict(np.array([[0.0], [0.3], [0.6], [0.9]]))
    np.testing.assert_allclose(mean[:3], np.sin(6 * X[:, 0]), atol=1e-3)
    assert (std[:3] < 0.02).all() and std[3] > 10 * std[:3].max()


def test_gaussian_process_agrees_with_scikit_learn():
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    rng = np.random.default_rng(1)
    X, Z = rng.uniform(size=(12, 2)), rng.uniform(size=(7, 2))
    y = np.cos(4 * X[:, 0]) + X[:, 1]
    theirs = GaussianProcessRegressor(RBF(0.3), alpha=1e-4, optimizer=None, normalize_y=True).fit(X, y)
    ours = search.GaussianProcess(lengths=(0.3,)).fit(X, y)
    for numbers, expected in zip(ours.predict(Z), theirs.predict(Z, return_std=True), strict=True):
        np.testing.assert_allclose(numbers, expected, rtol=1e-6, atol=1e-8)


def test_gaussian_process_prefers_the_length_that_the_data_have():
    X = np.linspace(0, 1, 25)[:, None]
    short = search.GaussianProcess().fit(X, np.sin(30 * X[:, 0])).length
    assert short < search.GaussianProcess().fit(X, X[:, 0] ** 2).length


def test_gaussian_process_bears_equal_losses_and_equal_points():
    model = search.GaussianProcess().fit([[0.5], [0.5], [0.2]], [1.0, 1.0, 1.0])
    mean, std = model.predict([[0.5], [0.9]])
    assert np.isfinite(mean).all() and np.isfinite(std).all() and mean[0] == pytest.approx(1)

"""nnutils.search: scales, plain searches, expected improvement against a simulation, and the Gaussian process."""

import math

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


def test_sample_beta_spreads_the_window_evenly():
    u = np.linspace(0, 1, 301)[:-1]
    beta = search.sample_beta(0.9, 0.9999, u)
    np.testing.assert_allclose(np.log10(1 / (1 - beta)), 1 + 3 * u, rtol=1e-9)
    assert beta[0] == pytest.approx(0.9)


def test_unit_coordinates_go_both_ways():
    u = np.random.default_rng(0).uniform(size=(20, 2))
    for one in u:
        np.testing.assert_allclose(search.to_unit(SPACE, search.from_unit(SPACE, one)), one, atol=1e-12)
    assert search.from_unit(SPACE, [0, 1]) == pytest.approx({"lr": 1e-4, "keep_prob": 1.0})
    assert search.to_unit({"a": (2.0, 2.0, "log")}, {"a": 2.0}) == 0.5


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="'linear' or 'log'"):
        search.grid({"lr": (1, 2, "cubic")}, 3)


def test_random_search_is_even_along_each_scale_and_independent():
    points = search.random_search(SPACE, 4000, np.random.default_rng(0))
    u = np.array([search.to_unit(SPACE, point) for point in points])
    for column in u.T:
        assert np.abs(np.sort(column) - np.arange(4000) / 4000).max() < 0.03
    assert abs(np.corrcoef(u.T)[0, 1]) < 0.05


def test_grid_has_every_combination_once_and_both_ends():
    points = search.grid(SPACE, 3)
    assert len({tuple(point.values()) for point in points}) == 9
    assert sorted({round(point["lr"], 9) for point in points}) == pytest.approx([1e-4, 1e-2, 1])
    assert {point["keep_prob"] for point in points} == {0.5, 0.75, 1.0}
    with pytest.raises(ValueError, match="2 or more"):
        search.grid(SPACE, 1)


def test_coarse_to_fine_spans_the_best():
    results = [({"lr": 10.0**-k, "keep_prob": 0.5 + k / 10}, abs(k - 2.2)) for k in range(5)]
    fine = search.coarse_to_fine(results, SPACE, 3)
    assert fine["lr"][2] == "log" and fine["keep_prob"][2] == "linear"
    assert fine["lr"][:2] == pytest.approx((1e-3, 1e-1))
    assert fine["keep_prob"][:2] == pytest.approx((0.6, 0.8))
    for keep in (1, 6):
        with pytest.raises(ValueError, match="keep from 2"):
            search.coarse_to_fine(results, SPACE, keep)


def test_expected_improvement_agrees_with_a_simulation():
    rng = np.random.default_rng(0)
    mean, std, best = np.array([0.3, -1.0, 2.0]), np.array([0.5, 1.5, 0.7]), 0.4
    draws = mean + std * rng.normal(size=(400_000, 3))
    np.testing.assert_allclose(
        search.expected_improvement(mean, std, best), np.maximum(best - draws, 0).mean(axis=0), atol=4e-3
    )


def test_expected_improvement_without_spread_and_far_out():
    np.testing.assert_allclose(search.expected_improvement([1.0, 3.0], [0.0, 0.0], 2.0), [1, 0])
    assert search.expected_improvement(50.0, 1.0, 0.0) >= 0
    assert float(search.expected_improvement(1.0, 1.0, 1.0)) == pytest.approx(1 / math.sqrt(2 * math.pi))


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
    for one, other in zip(ours.predict(Z), theirs.predict(Z, return_std=True), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-8)


def test_gaussian_process_prefers_the_length_that_the_data_have():
    X = np.linspace(0, 1, 25)[:, None]
    short = search.GaussianProcess().fit(X, np.sin(30 * X[:, 0])).length
    assert short < search.GaussianProcess().fit(X, X[:, 0] ** 2).length


def test_gaussian_process_bears_equal_losses_and_equal_points():
    model = search.GaussianProcess().fit([[0.5], [0.5], [0.2]], [1.0, 1.0, 1.0])
    mean, std = model.predict([[0.5], [0.9]])
    assert np.isfinite(mean).all() and np.isfinite(std).all() and mean[0] == pytest.approx(1)


def _bowl(point):
    return (math.log10(point["lr"]) + 2) ** 2 + 10 * (point["keep_prob"] - 0.8) ** 2


def test_bayesian_search_beats_random_search_on_a_bowl():
    def best(results):
        return min(loss for _, loss in results)

    model, chance = [], []
    for seed in range(8):
        results = search.bayesian_search(_bowl, SPACE, 20, np.random.default_rng(seed))
        assert len(results) == 20
        assert all(SPACE[name][0] <= point[name] <= SPACE[name][1] for point, _ in results for name in SPACE)
        model.append(best(results))
        points = search.random_search(SPACE, 20, np.random.default_rng(seed))
        chance.append(min(map(_bowl, points)))
    assert np.mean(model) < 0.3 * np.mean(chance)


def test_bayesian_search_is_repeatable_and_may_be_short():
    runs = [search.bayesian_search(_bowl, SPACE, 7, np.random.default_rng(3)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert len(search.bayesian_search(_bowl, SPACE, 3, np.random.default_rng(3))) == 3

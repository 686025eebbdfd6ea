"""Lesson 03: references against values by hand and against slopes, the explorer, the figures."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient
from nnutils.lessons.l2_regularization import exercises as lesson
from nnutils.lessons.l2_regularization import plots
from nnutils.lessons.l2_regularization.explorer import LAMBDAS, penalty_and_boundary, trained
from nnutils.network import dense_network

W, DW = np.random.default_rng(2).normal(0, 1, (2, 4, 3))
LAM, M = 0.7, 5


def test_penalty_costs():
    weights = [np.array([[1.0, -2.0]]), np.array([[3.0]])]
    assert lesson.l2_cost(weights, LAM, M) == pytest.approx(0.07 * 14)
    assert lesson.l1_cost(weights, LAM, M) == pytest.approx(0.14 * 6)
    assert lesson.elastic_net_cost(weights, LAM, 0.25, M) == pytest.approx(0.25 * 0.84 + 0.75 * 0.98)


def test_penalty_gradients_are_those_of_the_costs():
    l2 = numerical_gradient(lambda W: lesson.l2_cost([W], LAM, M), W)
    np.testing.assert_allclose(lesson.l2_gradient(DW, W, LAM, M), DW + l2, rtol=1e-8)
    l1 = numerical_gradient(lambda W: lesson.l1_cost([W], LAM, M), W)
    np.testing.assert_allclose(lesson.l1_subgradient(W, LAM, M), l1, rtol=1e-8)
    assert lesson.l1_subgradient(np.array([0.0]), LAM, M)[0] == 0
    step = W - 0.3 * lesson.l2_gradient(DW, W, LAM, M)
    np.testing.assert_allclose(lesson.weight_decay_step(W, DW, 0.3, LAM, M), step)


def test_soft_threshold_and_max_norm():
    assert lesson.soft_threshold(np.array([-3.0, -0.5, 0.0, 0.5, 2.0]), 1).tolist() == [-2, 0, 0, 0, 1]
    limited = lesson.max_norm(np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]]), 1)
    np.testing.assert_allclose(limited, [[0.6, 0.3, 0], [0.8, 0.4, 0]])


def test_float32_stays():
    w = W.astype(np.float32)
    results = [
        lesson.l2_gradient(w, w, LAM, M), lesson.weight_decay_step(w, w, 0.1, LAM, M), lesson.l1_subgradient(w, LAM, M),
        lesson.soft_threshold(w, 0.1), lesson.max_norm(w, 1.0),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def test_gradients_are_the_slopes_of_the_costs():
    rng = np.random.default_rng(0)
    W, h = rng.normal(size=(3, 2)), 1e-6
    for cost, slope in (
        (lesson.l2_cost, lambda W: lesson.l2_gradient(0 * W, W, 0.7, 5)),
        (lesson.l1_cost, lambda W: lesson.l1_subgradient(W, 0.7, 5)),
    ):
        for index in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[index] = h
            measured = (cost([W + step], 0.7, 5) - cost([W - step], 0.7, 5)) / (2 * h)
            assert measured == pytest.approx(slope(W)[index], rel=1e-6)


def test_penalty_is_the_network_s_own():
    network = dense_network([4, 5, 2], rng=0, l2=0.7)
    assert lesson.l2_cost(network.weights, 0.7, 9) == pytest.approx(network.penalty(9))


def test_soft_threshold_solves_the_problem_that_it_stands_for():
    """argmin over v of (v - w)^2 / 2 + t |v|, found on a fine grid."""
    grid = np.linspace(-3, 3, 60_001)
    for w in (-2.1, -0.4, 0.0, 0.3, 1.7):
        best = grid[np.argmin((grid - w) ** 2 / 2 + 0.7 * np.abs(grid))]
        assert lesson.soft_threshold(np.array([w]), 0.7)[0] == pytest.approx(best, abs=1e-4)


def test_explorer_s_weights_shrink_with_lambda():
    lengths = [np.linalg.norm(trained(lam, "L2").weights) for lam in LAMBDAS]
    assert (np.diff(lengths) < 0).all()


def test_the_explorer_follows_its_controls():
    explorer = penalty_and_boundary()
    summaries = {explorer.summary}
    for penalty in ("L2", "L1"):
        explorer.controls["penalty"].value = penalty
        for step in (0, len(LAMBDAS) - 1):
            explorer.controls["step"].value = step
            summaries.add(explorer.summary)
            assert f"{penalty} with lambda = {LAMBDAS[step]:g}" in explorer.summary
            assert "alert" not in explorer.words.value
    assert len(summaries) == 4


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    for draw in (
        lambda: plots.decay({"one": rng.random(9), "two": rng.random(9)}),
        lambda: plots.sweep([0, 1, 2], rng.random((5, 3, 2)), rng.random((5, 3))),
        lambda: plots.linear_range({"one": rng.normal(size=(9, 4)), "two": rng.normal(size=(9, 4))}),
        lambda: plots.bias_terms([0, 1], {"free": [0.5, 0.6], "penalized": [0.5, 0.4]}, 0.63),
        lambda: plots.pulls(np.sign, lambda w: w),
        lambda: plots.equal_costs({"one": 0.0, "two": 1.0}, lesson.elastic_net_cost),
        lambda: plots.unit_lengths({"one": rng.random(9), "two": rng.random(9)}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() for one in axes) and axes[0].get_ylabel()


def test_weight_pictures_hide_exact_zeros(drawn):
    W = np.ones((64, 10))
    W[:5] = 0
    plots.weight_pictures({"one": W, "two": W}, [0, 3])
    assert len(drawn()) == 4
    assert all(one.images[0].get_array().mask.sum() == 5 for one in drawn())

"""Lesson 03: references against nnutils.regularizers and against slopes, the explorer, the figures."""

import numpy as np
import pytest

from nnutils import regularizers
from nnutils.lessons.l2_regularization import exercises as lesson
from nnutils.lessons.l2_regularization import plots
from nnutils.lessons.l2_regularization.explorer import LAMBDAS, penalty_and_boundary, trained
from nnutils.network import dense_network

NAMES = (
    "l2_cost",
    "l2_gradient",
    "weight_decay_step",
    "l1_cost",
    "l1_subgradient",
    "elastic_net_cost",
    "soft_threshold",
    "max_norm",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        np.testing.assert_allclose(
            exercise(**arguments), getattr(regularizers, name)(**arguments), rtol=1e-12, atol=1e-15
        )


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


@pytest.fixture
def drawn():
    """The axes of the figure that was drawn last; all are closed afterwards."""
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
    yield lambda: pyplot.gcf().axes
    pyplot.close("all")


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

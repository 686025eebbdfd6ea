"""Lesson 03: references against values by hand and against slopes, the repair, the explorer, the figures."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient
from nnutils.lessons.l2_regularization import exercises as lesson
from nnutils.lessons.l2_regularization import plots
from nnutils.lessons.l2_regularization.explorer import LAMBDAS, penalty_and_boundary, trained
from nnutils.lessons.l2_regularization.given import ScaledLines
from nnutils.network import dense_network

W, DW = np.random.default_rng(2).normal(0, 1, (2, 4, 3))
LAM, M = 0.7, 5


def test_penalty_by_hand():
    weights = [np.array([[1.0, -2.0]]), np.array([[3.0]])]
    assert lesson.penalty(weights, LAM, M) == pytest.approx(0.07 * 14)
    assert lesson.penalty(weights, LAM, M, 1.0) == pytest.approx(0.14 * 6)
    assert lesson.penalty(weights, LAM, M, 0.25) == pytest.approx(0.25 * 0.84 + 0.75 * 0.98)


def test_gradients_are_the_slopes_of_the_penalty():
    l2 = numerical_gradient(lambda W: lesson.penalty([W], LAM, M), W)
    np.testing.assert_allclose(lesson.l2_gradient(DW, W, LAM, M), DW + l2, rtol=1e-8)
    l1 = numerical_gradient(lambda W: lesson.penalty([W], LAM, M, 1.0), W)
    np.testing.assert_allclose(lesson.l1_subgradient(W, LAM, M), l1, rtol=1e-8)
    assert lesson.l1_subgradient(np.array([0.0]), LAM, M)[0] == 0
    step = W - 0.3 * lesson.l2_gradient(DW, W, LAM, M)
    np.testing.assert_allclose(lesson.weight_decay_step(W, DW, 0.3, LAM, M), step)


def test_penalty_and_gradient_are_the_network_s_own():
    network, plain = (dense_network([4, 5, 2], rng=0, l2=l2) for l2 in (LAM, 0.0))
    X, y = np.random.default_rng(0).normal(size=(9, 4)), np.arange(9) % 2
    assert lesson.penalty(network.weights, LAM, 9) == pytest.approx(network.penalty(9))
    for net in (network, plain):
        net.loss_and_grad(X[:4], y[:4], m=9)
    dW = network.layers[0].dW
    np.testing.assert_allclose(dW, lesson.l2_gradient(plain.layers[0].dW, network.weights[0], LAM, 9))


def test_soft_threshold_and_max_norm():
    assert lesson.soft_threshold(np.array([-3.0, -0.5, 0.0, 0.5, 2.0]), 1).tolist() == [-2, 0, 0, 0, 1]
    limited = lesson.max_norm(np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]]), 1)
    np.testing.assert_allclose(limited, [[0.6, 0.3, 0], [0.8, 0.4, 0]])


def test_soft_threshold_solves_the_problem_that_it_stands_for():
    """argmin over v of (v - w)^2 / 2 + t |v|, found on a fine grid."""
    grid = np.linspace(-3, 3, 60_001)
    for w in (-2.1, -0.4, 0.0, 0.3, 1.7):
        best = grid[np.argmin((grid - w) ** 2 / 2 + 0.7 * np.abs(grid))]
        assert lesson.soft_threshold(np.array([w]), 0.7)[0] == pytest.approx(best, abs=1e-4)


def test_float32_stays():
    w = W.astype(np.float32)
    results = [
        lesson.l2_gradient(w, w, LAM, M), lesson.weight_decay_step(w, w, 0.1, LAM, M), lesson.l1_subgradient(w, LAM, M),
        lesson.soft_threshold(w, 0.1), lesson.max_norm(w, 1.0),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def parameters():
    shapes = {"W1": (3, 2), "b1": (2,), "gamma1": (2,), "beta1": (2,), "W2": (2, 1), "b2": (1,)}
    rng = np.random.default_rng(4)
    return {name: rng.normal(1, 0.2, shape) for name, shape in shapes.items()}


def test_an_epoch_of_one_batch_is_a_step_down_the_cost_that_names_its_weights():
    X, y, start = np.random.default_rng(5).normal(size=(6, 3)), np.arange(6.0), parameters()

    def cost(**changed):
        p = start | changed
        hidden = (X @ p["W1"] + p["b1"]) * p["gamma1"] + p["beta1"]
        error = hidden @ p["W2"] + p["b2"] - y[:, None]
        return np.mean(error**2) / 2 + lesson.penalty([p["W1"], p["W2"]], LAM, 6)

    after = lesson.penalized_epoch(start, ScaledLines(), X, y, 6, 0.1, LAM)
    for name, value in start.items():
        slope = numerical_gradient(lambda value, name=name: cost(**{name: value}), value)
        np.testing.assert_allclose(after[name], value - 0.1 * slope, rtol=1e-7)


def test_the_pull_of_an_epoch_does_not_depend_on_the_batches():
    def nothing(parameters, X, y):
        return {name: np.zeros_like(value) for name, value in parameters.items()}

    start, X, y = parameters(), np.zeros((6, 3)), np.zeros(6)
    for size, steps in ((6, 1), (4, 2), (1, 6)):
        after = lesson.penalized_epoch(start, nothing, X, y, size, 0.1, LAM)
        for name, value in start.items():
            factor = (1 - 0.1 * LAM / 6) ** steps if name in ("W1", "W2") else 1
            np.testing.assert_allclose(after[name], factor * value, rtol=1e-12)


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
    lams = {"digits": [0, 1, 3], "rings": [0, 1]}
    runs = {task: {"tanh": rng.random((4, len(values)))} for task, values in lams.items()}
    for draw in (
        lambda: plots.sweep(lams, runs, runs),
        lambda: plots.directions(rng.random(5), rng.random(5), 0.1, [0, 1], {"all": rng.random((4, 2))}, 30),
        lambda: plots.batch_sizes([1, 9], {"one": rng.random((4, 2)), "two": rng.random((4, 2))}),
        lambda: plots.pulls(np.sign, lambda w: w, lambda pair, r: lesson.penalty([pair], 1, 1, r)),
        lambda: plots.l1_beside_l2(
            {"L1": ([1, 2], rng.random((4, 2)))}, [1, 2], {"units": rng.random((4, 2))}
        ),
        lambda: plots.copies({"L1": rng.random(4), "L2": rng.random(4)}),
        lambda: plots.caps([1, 2], rng.random((4, 2)), {"no cap": 0.3}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") for one in axes) and axes[0].get_ylabel()
        assert axes[-1].get_xlabel()


def test_a_guess_is_drawn_only_where_there_is_one(drawn):
    h = np.array([0.01, 0.1, 1.0])
    for guess, count in ((None, 2), (70, 3)):
        plots.directions(h, h, 0.1, [0, 1], {"all": np.zeros((2, 2))}, guess)
        assert len(drawn()[0].lines) == count


def test_weight_pictures_hide_exact_zeros(drawn):
    W = np.ones((64, 10))
    W[:5] = 0
    plots.weight_pictures({"one": W, "two": W}, [0, 3])
    assert len(drawn()) == 4
    assert all(one.images[0].get_array().mask.sum() == 5 for one in drawn())

"""Lesson 11: references against the library and pandas' formula, the trainings it hands out, the explorer, the figures."""

import itertools

import numpy as np
import pytest

from nnutils import averages
from nnutils.data import share_prices
from nnutils.lessons.exponentially_weighted_averages import exercises as lesson
from nnutils.lessons.exponentially_weighted_averages import given, plots
from nnutils.lessons.exponentially_weighted_averages.explorer import JUMP, SHARES, STARTS, YEAR, memory
from nnutils.network import Network, dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit

THETA = np.random.default_rng(0).normal(10, 3, size=50)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_the_lesson_and_the_library_agree(beta):
    np.testing.assert_allclose(lesson.ewma(THETA, beta), averages.ewma(THETA, beta), rtol=1e-12)
    np.testing.assert_allclose(
        lesson.ewma_bias_corrected(THETA, beta), averages.ewma_bias_corrected(THETA, beta), rtol=1e-12
    )
    np.testing.assert_allclose(
        lesson.ewma_weights(beta, 9), [(1 - beta) * beta**k for k in range(9)], rtol=1e-12
    )
    for t in (0, 5, 80, 1000):
        np.testing.assert_allclose(
            lesson.weight_average(THETA, THETA[::-1], beta, t),
            averages.weight_average(THETA, THETA[::-1], beta, t),
            rtol=1e-12,
        )


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.824, 0.9, 0.9999])
def test_after_a_window_1_over_e_is_left(beta):
    assert beta ** lesson.window(beta) == pytest.approx(np.exp(-1))
    assert lesson.window(beta) == pytest.approx(averages.window(beta))


def test_the_weights_are_those_of_the_average():
    assert lesson.ewma_weights(0.8, 50) @ THETA[::-1] == pytest.approx(lesson.ewma(THETA, 0.8)[-1])
    assert lesson.ewma_weights(0.9, 20).sum() == pytest.approx(1 - 0.9**20)


def test_missing_values_are_left_out_of_the_average_and_of_the_count():
    theta = np.array([4.0, np.nan, 2.0, np.nan, np.nan, 6.0])
    # what pandas gives for Series(theta).ewm(alpha=0.1, adjust=True, ignore_na=True).mean()
    known = [4.0, 5.6 / 1.9, 11.04 / 2.71]
    np.testing.assert_allclose(
        lesson.ewma_bias_corrected(theta, 0.9), np.array(known)[[0, 0, 1, 1, 1, 2]], rtol=1e-12
    )
    np.testing.assert_allclose(
        lesson.ewma_bias_corrected(theta, 0.9)[[0, 2, 5]], averages.ewma_bias_corrected([4, 2, 6], 0.9)
    )


def test_equal_losses_are_their_own_average_and_spikes_leave_no_trace():
    averages_of, spikes = lesson.watch_losses(np.full(30, 2.5), 0.9, 1.5)
    np.testing.assert_allclose(averages_of, 2.5)
    assert not spikes.any()
    losses = np.random.default_rng(1).uniform(1, 1.2, size=20)
    with_spikes = np.insert(losses, [3, 9, 9], 50.0)
    averages_of, spikes = lesson.watch_losses(with_spikes, 0.8, 4.0)
    assert np.flatnonzero(spikes).tolist() == [3, 10, 11]
    np.testing.assert_allclose(averages_of[~spikes], averages.ewma_bias_corrected(losses, 0.8))


def test_random_labels_are_in_training_alone():
    (X, y), (X_dev, y_dev) = given.digit_sets(3, 0.0)
    assert X.shape == (600, 64) and X_dev.shape == (700, 64)
    (_, noisy), (_, still) = given.digit_sets(3, 0.5)
    assert np.mean(noisy != y) == pytest.approx(0.45, abs=0.07)  # a tenth of the drawn labels are right
    np.testing.assert_array_equal(still, y_dev)
    both = np.concatenate([X, X_dev])
    assert len(np.unique(both, axis=0)) == len(both)


def test_the_weights_on_the_way_are_those_of_gradient_descent():
    train, _ = given.digit_sets(0, 0.2, m=50)
    by_fit, by_hand = (dense_network([64, 5, 10], rng=0) for _ in range(2))
    fit(by_fit, *train, SGD(0.1), epochs=3, batch_size=8, rng=4, measure=False)
    path = [theta.copy() for theta in given.weights_of(by_hand, train, 0.1, 21, rng=4)]
    assert len(path) == 21
    np.testing.assert_allclose(path[-1], by_fit.theta, rtol=1e-12)


def test_a_stack_trains_each_run_with_its_rate_and_its_fall():
    train, dev = given.digit_sets(0, 0.2, m=40)
    lr, falling = np.array([[0.1], [0.3]]), np.array([[False], [True]])
    stack = Network.stack([dense_network([64, 5, 10], rng=0) for _ in lr])
    *_, last = given.weights_of(stack, train, lr, 10, falling, rng=4)
    errors = given.errors_with(stack, last, dev)
    for run in range(2):
        alone = dense_network([64, 5, 10], rng=0)
        first = alone.theta.copy()
        path = given.weights_of(alone, train, lr[run], 10, falling[run], rng=4)
        *_, theta = itertools.chain([first], path)
        np.testing.assert_allclose(theta, last[run], rtol=1e-12)
        assert given.errors_with(alone, theta, dev) == pytest.approx(errors[run])
        before = alone.theta.copy()
        given.errors_with(alone, first, dev)
        np.testing.assert_array_equal(alone.theta, before)  # the training goes on with its own weights


@pytest.fixture
def explorer():
    return memory()


@pytest.mark.parametrize("series", [YEAR, SHARES, JUMP])
@pytest.mark.parametrize("start", STARTS)
def test_the_explorer_follows_every_control_to_its_ends(explorer, series, start):
    explorer.controls["series"].value, explorer.controls["start"].value = series, start
    told = []
    for exponent in (explorer.controls["window"].min, explorer.controls["window"].max):
        explorer.controls["window"].value = 10**exponent
        told.append(explorer.summary)
        assert "alert" not in explorer.words.value
        assert f"window {10**exponent:.0f} days" in explorer.summary
    assert told[0] != told[1]
    assert "moves 100 % as much" in told[0]  # a window of one day is the series itself


def test_the_explorer_says_what_the_average_is(explorer):
    explorer.controls["series"].value, explorer.controls["window"].value = SHARES, 10**1.0
    first = share_prices().prices[0]
    assert f"its average from 0 is {0.1 * first:.1f}" in explorer.summary
    explorer.controls["start"].value = STARTS[1]
    assert f"then corrected is {first:.1f}" in explorer.summary
    curve = explorer.figure.axes[0].lines[1].get_ydata()
    np.testing.assert_allclose(curve, averages.ewma_bias_corrected(share_prices().prices, 0.9))


def test_the_figures_show_what_they_are_given(drawn):
    days, curves = np.arange(1, 51), {"a": THETA, "b": 2 * THETA}
    plots.averages(days, THETA, curves, "a title")
    assert [len(line.get_xdata()) for line in drawn()[-1].lines] == [50, 50, 50]
    plots.weights({"β = 0.9": lesson.ewma_weights(0.9, 20)})
    assert drawn()[-1].lines[0].get_ydata()[0] == pytest.approx(0.1)
    plots.cold_start(days, THETA, THETA, 2 * THETA, beta=0.98)
    upper, lower = drawn()
    assert "0.98" in upper.get_title(loc="left")
    assert lower.lines[0].get_ydata()[1] == pytest.approx(100 * 0.98**2)
    plots.after_a_jump(THETA, curves)
    plots.trade_off(np.geomspace(1, 100, 5), np.ones((3, 5)))
    assert len(drawn()[-1].lines) == 4
    plots.first_steps({"a": np.linspace(0.1, 1, 30), "b": np.ones(30)})
    assert [len(line.get_xdata()) for line in drawn()[-1].lines] == [30, 30]


@pytest.mark.parametrize("guess, lines", [(None, 3), (0.7, 4), (0.1, 3)])
def test_a_guess_is_drawn_where_it_lies_in_the_figure(drawn, guess, lines):
    betas = np.linspace(0.4, 0.99, 60)
    plots.rule_of_thumb(betas, -1 / np.log(betas), 0.824, guess)
    left, right = drawn()
    assert left.lines[3].get_xdata()[0] == pytest.approx(10)
    assert len(right.lines) == lines
    np.testing.assert_allclose(
        right.lines[0].get_ydata(), 100 * (-np.log(betas) / (1 - betas) - 1), rtol=1e-9
    )


def test_figures_of_trainings_have_a_line_for_each_way(drawn):
    errors = {"a": np.linspace(30, 10, 6), "b": np.linspace(40, 8, 6)}
    plots.on_the_way(np.arange(6), errors, {"c": errors["a"]})
    assert [len(axes.lines) for axes in drawn()] == [2, 1]
    plots.errors_by_rate([0.01, 0.03, 0.1, 0.3, 1, 3], {"right": errors, "wrong": errors})
    assert [len(axes.lines) for axes in drawn()] == [2, 2]
    assert all(axes.get_xlabel() for axes in drawn())

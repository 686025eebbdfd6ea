import numpy as np
import pytest

from nnutils import averages
from nnutils.data import share_prices
from nnutils.lessons.exponentially_weighted_averages import exercises as lesson
from nnutils.lessons.exponentially_weighted_averages import plots
from nnutils.lessons.exponentially_weighted_averages.explorer import JUMP, SHARES, STARTS, YEAR, memory

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
    assert lesson.effective_window(beta) == averages.effective_window(beta)


@pytest.mark.parametrize("n", [1, 2.5, 10, 1000])
def test_a_window_and_its_beta_are_inverse(n):
    assert lesson.beta_for_window(n) == averages.beta_for_window(n)
    assert lesson.effective_window(lesson.beta_for_window(n)) == pytest.approx(n)


def test_the_weights_are_those_of_the_average():
    assert lesson.ewma_weights(0.8, 50) @ THETA[::-1] == pytest.approx(lesson.ewma(THETA, 0.8)[-1])
    assert lesson.ewma_weights(0.9, 20).sum() == pytest.approx(1 - 0.9**20)


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
    assert "0.98" in drawn()[-1].get_title(loc="left")
    plots.fading((0.5, 0.9))
    assert drawn()[-1].lines[3].get_xdata()[0] == pytest.approx(10)
    plots.after_a_jump(THETA, curves)
    plots.trade_off(np.geomspace(1, 100, 5), np.ones((3, 5)))
    assert len(drawn()[-1].lines) == 4

import numpy as np
import pytest

from nnutils import averages, schedules


def test_ewma_is_the_whole_curve():
    theta = [10, 20, 0, 5]
    np.testing.assert_allclose(averages.ewma(theta, 0.8), [2, 5.6, 4.48, 4.584])
    np.testing.assert_allclose(
        averages.ewma_bias_corrected(theta, 0.8), np.array([2, 5.6, 4.48, 4.584]) / [0.2, 0.36, 0.488, 0.5904]
    )
    np.testing.assert_allclose(averages.ewma_bias_corrected([7.0] * 5, 0.9), 7)
    assert averages.ewma([], 0.9).shape == (0,) and averages.ewma(np.ones((3, 2)), 0.9).shape == (3, 2)


def test_window():
    for beta in (0.1, 0.5, 0.9, 0.999):
        assert beta ** averages.window(beta) == pytest.approx(np.exp(-1))
    assert averages.window(0.999) == pytest.approx(1000, rel=1e-3)
    for wrong in (1, -0.1):
        with pytest.raises(ValueError, match="beta"):
            averages.ewma([1.0], wrong)


def test_decays():
    assert schedules.exponential_decay(0.2, 0.5, 3) == 0.025
    assert schedules.exponential_decay(0.2, 0.25, 3, every=6) == pytest.approx(0.1)
    stairs = [schedules.exponential_decay(0.2, 0.5, epoch, 3, staircase=True) for epoch in (0, 2.9, 3, 5, 6)]
    assert stairs == [0.2, 0.2, 0.1, 0.1, 0.05]
    assert schedules.power_decay(0.2, 3, 1) == 0.05
    assert schedules.power_decay(0.2, 30, 10, 2) == 0.0125
    values = [schedules.piecewise_constant([10, 20], [1.0, 0.5, 0.1], step) for step in (0, 10, 11, 20, 21)]
    assert values == [1, 1, 0.5, 0.5, 0.1]
    assert [schedules.one_cycle(step, 8, 0.4) for step in (0, 2, 4, 6, 8, 9)] == pytest.approx(
        [0, 0.2, 0.4, 0.2, 0, 0]
    )
    cycle = [schedules.one_cycle(step, 10, 0.4, start=0.1, tail=0.2) for step in (0, 2, 4, 8, 9, 10, 12)]
    assert cycle == pytest.approx([0.04, 0.22, 0.4, 0.04, 0.02, 0, 0])
    warm = [schedules.warmup_cosine(step, 4, 12, 0.4, 0.1) for step in (0, 1, 3, 4, 8, 12, 13)]
    assert warm == pytest.approx([0.1, 0.2, 0.4, 0.4, 0.25, 0.1, 0.1])
    assert schedules.warmup_cosine(3, 0, 8, 0.4) == schedules.cosine(3, 8, 0.4)
    assert [schedules.cosine(step, 8, 0.4, 0.1) for step in (0, 4, 8, 9)] == pytest.approx(
        [0.4, 0.25, 0.1, 0.1]
    )


def test_reduce_on_plateau():
    rates = schedules.reduce_on_plateau([3, 2, 2, 2.5, 1, 1, 1, 1, 1], 1.0, 0.5, 2)
    assert rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_a_range_test_suggests_a_tenth_of_the_rate_at_the_lowest_loss():
    rates = [0.1, 0.2, 0.4, 0.8, 1.6]
    assert schedules.suggest_lr(rates, [2, 1, 0.5, 1, 0.9], beta=0) == 0.04
    assert schedules.suggest_lr(rates, [2, 1, 5, 0.5, 0.4], beta=0) == 0.02  # 5 times the lowest: the end
    assert schedules.suggest_lr(rates, [2, 1, np.nan, 0.5, 0.4], beta=0) == 0.02
    assert schedules.suggest_lr(rates, [2, 1, 1.5, 1, 1.5], beta=0) == 0.02
    smooth = averages.ewma_bias_corrected([3, 1, 2, 2, 2.5], 0.5)
    assert schedules.suggest_lr(rates, [3, 1, 2, 2, 2.5], beta=0.5) == rates[int(np.argmin(smooth))] / 10


def test_weight_average_forgets_its_start_first():
    average = np.array([4.0, 0.0])
    np.testing.assert_allclose(averages.weight_average(average, [0.0, 10.0], 0.99, 0), [0.4, 9])
    np.testing.assert_allclose(averages.weight_average(average, [0.0, 10.0], 0.5, 1000), [2, 5])
    single = np.ones(2, np.float32)
    assert averages.weight_average(single, 2 * single, 0.9, 3).dtype == np.float32


def test_wrong_schedules_are_told():
    with pytest.raises(ValueError, match="3 values"):
        schedules.piecewise_constant([10, 20], [1, 2], 5)
    with pytest.raises(ValueError, match="rise"):
        schedules.piecewise_constant([20, 10], [1, 2, 3], 5)


def test_float32_stays():
    z = np.random.default_rng(6).normal(2, 3, (7, 4)).astype(np.float32)
    assert averages.ewma(z, 0.9).dtype == averages.ewma_bias_corrected(z, 0.9).dtype == np.float32

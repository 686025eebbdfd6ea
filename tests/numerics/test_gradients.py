"""Checks along random directions: they ask for few values, and see what single entries show."""

import numpy as np
import pytest

from nnutils.gradients import directional_check


def test_it_asks_twice_a_direction_and_returns_the_same_for_the_same_generator():
    asked = []

    def f(theta):
        asked.append(theta)
        return np.sum(theta**3)

    theta = np.random.default_rng(0).normal(size=(50, 20))
    errors = [directional_check(f, lambda t: 3 * t**2, theta, np.random.default_rng(1), 4) for _ in range(2)]
    assert len(asked) == 16 and errors[0] == errors[1] < 1e-7
    steps = np.array([np.linalg.norm(point - theta) for point in asked])
    np.testing.assert_allclose(steps, 1e-5, rtol=1e-6)


@pytest.mark.parametrize("factor, error", [(1.0, 0.0), (1.5, 0.2), (-1.0, 1.0), (0.0, 1.0)])
def test_a_factor_is_seen_along_any_direction(factor, error):
    theta = np.arange(1.0, 5.0)
    found = directional_check(lambda t: t @ t, lambda t: factor * 2 * t, theta, np.random.default_rng(2), 1)
    assert found == pytest.approx(error, abs=1e-8)


def test_a_flat_function_has_the_slope_of_no_gradient():
    assert directional_check(lambda t: 1.0, np.zeros_like, np.ones(3), np.random.default_rng(0)) == 0

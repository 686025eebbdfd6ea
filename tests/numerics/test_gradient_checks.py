import numpy as np
import pytest

from nnutils.gradients import gradient_check, numerical_gradient, relative_error

THETA = np.array([[0.5, -1.5, 2.0]])


def cubic(theta):
    return np.sum(theta**3)


def test_two_sided_difference_of_a_cubic():
    numerical = numerical_gradient(cubic, THETA, eps=0.1)
    np.testing.assert_allclose(numerical, 3 * THETA**2 + 0.1**2)  # the error is exactly eps^2
    np.testing.assert_allclose(numerical_gradient(cubic, THETA), 3 * THETA**2, rtol=1e-9)


def test_any_shape_integers_and_no_change():
    theta = np.array([1, 2])
    np.testing.assert_allclose(numerical_gradient(cubic, theta), [3, 12])
    assert theta.tolist() == [1, 2] and numerical_gradient(cubic, 2.0).shape == ()


def test_relative_error():
    assert relative_error([3.0, 0.0], [0.0, 4.0]) == pytest.approx(5 / 7)
    assert relative_error([0.0], [0.0]) == 0 and relative_error([0.0], [1e-150]) == 1


def test_gradient_check_tells_right_from_wrong():
    assert gradient_check(cubic, lambda t: 3 * t**2, THETA) < 1e-9
    assert gradient_check(cubic, lambda t: 3.01 * t**2, THETA) > 1e-3

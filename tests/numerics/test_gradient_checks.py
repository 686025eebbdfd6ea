import numpy as np
import pytest

from nnutils.gradients import (
    clip_by_global_norm,
    clip_by_value,
    complex_step_gradient,
    flatten,
    gradient_check,
    numerical_gradient,
    relative_error,
    unflatten,
)

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


def test_complex_step_is_exact():
    np.testing.assert_allclose(
        complex_step_gradient(lambda t: np.sum(np.sin(t) ** 3), THETA),
        3 * np.sin(THETA) ** 2 * np.cos(THETA),
        rtol=1e-15,
    )


def test_relative_error():
    assert relative_error([3.0, 0.0], [0.0, 4.0]) == pytest.approx(5 / 7)
    assert relative_error([0.0], [0.0]) == 0 and relative_error([0.0], [1e-150]) == 1


def test_flatten_and_back():
    params = [np.arange(6.0).reshape(2, 3), np.array(7.0), np.array([8.0])]
    theta = flatten(params)
    assert theta.tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    for back, param in zip(unflatten(theta, [(2, 3), (), (1,)]), params, strict=True):
        np.testing.assert_array_equal(back, param)
        assert back.shape == param.shape
    with pytest.raises(ValueError, match="8"):
        unflatten(theta, [(2, 3)])


def test_gradient_check_tells_right_from_wrong():
    assert gradient_check(cubic, lambda t: 3 * t**2, THETA) < 1e-9
    assert gradient_check(cubic, lambda t: 3.01 * t**2, THETA) > 1e-3


def test_clipping():
    grads = [np.array([3.0, -0.5]), np.array([[4.0]])]
    assert [g.tolist() for g in clip_by_value(grads, 1)] == [[1, -0.5], [[1]]]
    norm = np.sqrt(9 + 0.25 + 16)
    for clipped, g in zip(clip_by_global_norm(grads, 2), grads, strict=True):
        np.testing.assert_allclose(clipped, g * 2 / norm)
    for kept, g in zip(clip_by_global_norm(grads, 6), grads, strict=True):
        assert (kept == g).all() and not np.shares_memory(kept, g)
    assert {g.dtype for g in clip_by_global_norm([np.ones(3, np.float32)], 1)} == {np.dtype(np.float32)}

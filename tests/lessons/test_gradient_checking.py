"""Lesson 08: references against nnutils.gradients, the givens, what the judge refuses, the explorer's arithmetic, figures."""

import numpy as np
import pytest

from nnutils import gradients
from nnutils.checks.faults import function_of
from nnutils.lessons.gradient_checking import exercises as lesson
from nnutils.lessons.gradient_checking import plots
from nnutils.lessons.gradient_checking.exercises.gradient_check import _check
from nnutils.lessons.gradient_checking.explorer import AT, NUDGES, errors, u_curve
from nnutils.lessons.gradient_checking.given import (
    Cubic,
    CubicGradient,
    five_programs,
    flatten,
    suspect_gradient,
    unflatten,
)
from nnutils.network import dense_network


@pytest.mark.parametrize("name", ["numerical_gradient", "relative_error"])
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        ours, theirs = exercise(**arguments), getattr(gradients, name)(**arguments)
        assert np.shape(ours) == np.shape(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_flatten_and_back():
    params = [np.arange(6.0).reshape(2, 3), np.array(7.0), np.array([8.0])]
    theta = flatten(params)
    assert theta.tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    for back, param in zip(unflatten(theta, [(2, 3), (), (1,)]), params, strict=True):
        np.testing.assert_array_equal(back, param)
        assert back.shape == param.shape


@pytest.mark.parametrize("seed", range(5))
def test_judge_accepts_the_library_and_complex_precision_and_nothing_blind(seed):
    for arguments in lesson.gradient_check.draw(seed):
        good = gradients.gradient_check(**arguments)
        assert lesson.gradient_check.verdict_on(arguments, good) is None
        assert lesson.gradient_check.verdict_on(arguments, good + 0.01) is not None
        for odd in (np.nan, -good - 1e-3, np.array([good]), good < 1, np.inf):
            assert lesson.gradient_check.verdict_on(arguments, odd) is not None


@pytest.mark.parametrize(
    ("eps", "fine"), [(1e-2, 0), (1e-3, 0), (1e-4, 1), (1e-5, 1), (1e-6, 1), (1e-7, 0), (1e-9, 0)]
)
@pytest.mark.parametrize("seed", [None, *range(10)])
def test_eps_is_about_that_of_the_docstring(eps, fine, seed):
    cases = lesson.gradient_check.draw(seed)
    parts = [_check(**case, eps=eps) for case in cases]
    said = [
        lesson.gradient_check.verdict_on(case, apart / (one + other))
        for case, (apart, one, other) in zip(cases, parts, strict=True)
    ]
    assert (said == [None] * len(cases)) == bool(fine)


def test_a_gradient_of_nan_is_no_agreement():
    for function in (lesson.relative_error, *lesson.relative_error.variants):
        assert np.isnan(function(np.array([1.0, np.nan]), np.ones(2)))


def test_given_gradient_is_that_of_the_given_function():
    rng = np.random.default_rng(0)
    c, b, theta = rng.normal(size=(3, 2, 3))
    assert gradients.gradient_check(Cubic(c, b), CubicGradient(c, b), theta) < 1e-8
    for slip in ({"factor": 1.01}, {"shift": 0.1}):
        assert gradients.gradient_check(Cubic(c, b), CubicGradient(c, b, **slip), theta) > 1e-3


@pytest.mark.parametrize("seed", range(5))
def test_directional_check_agrees_with_the_library_on_its_own_directions(seed):
    for arguments in lesson.directional_check.draw(seed):
        good = gradients.directional_check(**arguments)
        assert lesson.directional_check.verdict_on(arguments, good) is None
        for odd in (np.nan, -0.1, np.array([good]), good < 1, 1.1):
            assert lesson.directional_check.verdict_on(arguments, odd) is not None


def test_along_many_directions_the_error_is_that_of_all_entries():
    rng = np.random.default_rng(0)
    c, b, theta = rng.normal(size=(3, 2, 3))
    wrong = CubicGradient(c, b, shift=2.0)
    whole = gradients.gradient_check(Cubic(c, b), wrong, theta)
    along = gradients.directional_check(Cubic(c, b), wrong, theta, rng, 20_000)
    assert along == pytest.approx(whole, rel=0.03)


def test_one_direction_for_all_does_not_pass():
    """A student who draws v once, before the loop, sees the fault of one direction n times."""

    def drawn_once(f, grad, theta, rng, n):
        v = rng.normal(size=theta.shape)
        v /= np.linalg.norm(v)
        found = (f(theta + 1e-5 * v) - f(theta - 1e-5 * v)) / 2e-5
        return gradients.relative_error(np.full(n, np.sum(grad(theta) * v)), np.full(n, found))

    refused = 0
    for seed in range(20):
        cases = lesson.directional_check.draw(seed)
        refused += any(lesson.directional_check.verdict_on(case, drawn_once(**case)) for case in cases)
    assert refused >= 18


@pytest.mark.parametrize("seed", range(3))
def test_the_suspect_of_the_lesson_is_the_code_to_repair(seed):
    item = lesson.network_gradient
    faulty = function_of(item.faulty, item.name, item.reference.__globals__, "faulty")
    for case in item.draw(seed):
        for mine, theirs in zip(suspect_gradient(**case), faulty(**case), strict=True):
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("seed", range(3))
def test_the_repaired_gradient_is_that_of_the_library(seed):
    for case in lesson.network_gradient.draw(seed):
        W1, b1, _, b2 = case["params"]
        network = dense_network([len(W1), len(b1), len(b2)], activation="tanh", l2=case["lam"])
        network.theta[:] = flatten(case["params"])
        network.loss_and_grad(case["X"], case["y"])
        np.testing.assert_allclose(flatten(lesson.network_gradient(**case)), network.grad, atol=1e-14)


def test_the_five_programs_have_the_faults_that_they_are_called_by():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 6)), rng.integers(10, size=12)
    programs = five_programs(X, y, seed=1)
    errors = [gradients.gradient_check(one.cost, one.grad, one.start) for one in programs.values()]
    assert [error > 1e-7 for error in errors] == [False, False, True, False, False]
    right, large, forgotten, twice, mixed = programs.values()
    assert large.start.std() > 10 * right.start.std()
    assert twice.train(50, 0.5)[-1] > np.log(1 + 9 / np.e)
    assert (mixed.y != y).any() and sorted(mixed.y) == sorted(y)
    costs = right.train(3, 0.1)
    assert len(costs) == 4 and costs[0] == right.cost(right.start) > costs[-1]
    assert (forgotten.grad(forgotten.start) == 0).sum() == 16


def test_explorer_errors_have_the_right_powers_and_arms():
    one, two, tilted = errors(np.array([1e-2, 1e-3]), 2.0, 0.0, "float64")
    assert one[0] / one[1] == pytest.approx(10, rel=0.1)
    assert two[0] / two[1] == pytest.approx(100, rel=0.01)
    assert tilted[0] / tilted[1] == pytest.approx(100, rel=0.01)
    one, two, tilted = errors(np.array([1e-14]), 2.0, 1.0, "float64")[:, 0]
    assert one > 1e-4 and two > 1e-5 and tilted < 1e-14
    best = [NUDGES[np.nanargmin(errors(NUDGES, 2.0, 1.0, kind)[1])] for kind in ("float64", "float32")]
    assert 1e-6 < best[0] < 1e-4 < best[1] < 1e-1
    assert (
        errors(np.array([1e-5]), 2.0, 1e6, "float64")[1, 0]
        > errors(np.array([1e-5]), 2.0, 1.0, "float64")[1, 0]
    )
    assert np.cos(2 * AT) != 0


def test_explorer_follows_its_controls():
    explorer = u_curve()
    before, picture = explorer.summary, explorer.picture.value
    explorer.controls["eps"].value = 1e-5
    assert explorer.summary != before and explorer.picture.value != picture and "1.0e-05" in explorer.summary
    two = errors(np.array([1e-5]), 1.5, 1.0, "float64")[1, 0]
    assert f"{two:.1e} two-sided" in explorer.summary
    for eps in (1e-16, 1.0):
        for k in (0.5, 6.0):
            for offset in (1e-2, 1e6):
                for precision in ("float32", "float64"):
                    values = {"eps": eps, "k": k, "offset": offset, "precision": precision}
                    for name, value in values.items():
                        explorer.controls[name].value = value
                    assert precision in explorer.words.value and "alert" not in explorer.words.value


def test_figures_have_titles_and_labels(drawn):
    for draw in (
        lambda: plots.secants(lambda w: w**3, 3.0, 1.0, 0.4),
        lambda: plots.u_curves([1, 0.1], {"one": [1.0, 0.0], "two": [0.1, 0.01]}, "title"),
        lambda: plots.errors_of_checks({"one": 1e-9, "two": [0.1, 0.2]}, "title"),
        lambda: plots.u_curves([1, 0.1], {"one": [1.0, 0.1]}, "title", guess=0.5),
        lambda: plots.errors_over([0.1, 1], {"one": [1e-9, 1e-9], "two": [1e-8, 0.1]}, "title", "x"),
        lambda: plots.costs_over_steps({"one": [2.0, 1.0, 0.5]}, "title", 2.3, "ln 10"),
    ):
        draw()
        axes = drawn()[-1]
        assert axes.get_title(loc="left") and axes.get_xlabel()


@pytest.mark.parametrize("seed", range(5))
def test_directions_along_the_axes_and_mean_errors_do_not_pass(seed):
    """One entry among 1000 is hardly ever on a random axis, and the mean of the errors along directions is too large."""

    def along_axes(f, grad, theta, rng, n):
        steps = 1e-5 * np.eye(theta.size)[rng.integers(theta.size, size=n)].reshape(n, *theta.shape)
        found = [(f(theta + step) - f(theta - step)) / 2e-5 for step in steps]
        return gradients.relative_error(
            np.array([np.sum(grad(theta) * step) / 1e-5 for step in steps]), np.array(found)
        )

    def mean_of_errors(f, grad, theta, rng, n):
        return np.mean([gradients.directional_check(f, grad, theta, rng, 1) for _ in range(n)])

    cases = lesson.directional_check.draw(seed)
    for wrong in (along_axes, mean_of_errors):
        assert any(lesson.directional_check.verdict_on(case, wrong(**case)) for case in cases)

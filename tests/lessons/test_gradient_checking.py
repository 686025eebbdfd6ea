"""Lesson 08: references against nnutils.gradients, the givens, what the judge refuses, the explorer's arithmetic, figures."""

import inspect

import numpy as np
import pytest

from nnutils import gradients
from nnutils.lessons.gradient_checking import exercises as lesson
from nnutils.lessons.gradient_checking import plots
from nnutils.lessons.gradient_checking.exercises.gradient_check import _check
from nnutils.lessons.gradient_checking.explorer import AT, NUDGES, errors, u_curve
from nnutils.lessons.gradient_checking.given import Cubic, CubicGradient


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
    theta = lesson.flatten(params)
    assert theta.tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    for back, param in zip(lesson.unflatten(theta, [(2, 3), (), (1,)]), params, strict=True):
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


def test_every_mistake_of_find_bug_is_a_name_that_the_docstring_offers():
    text = inspect.getdoc(lesson.find_bug.reference)
    names = [one.function() for one in lesson.find_bug.mistakes] + [lesson.find_bug()]
    assert len({*names}) == 6 and all(f'"{name}"' in text for name in names)


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
        lambda: plots.growing_weights([0.1, 1], {"one": [1e-9, 1e-9], "two": [1e-8, 0.1]}),
    ):
        draw()
        axes = drawn()[-1]
        assert axes.get_title(loc="left") and axes.get_xlabel()

"""Lesson 06: references against scikit-learn and direct computation, the explorer's closed forms, the figures."""

import numpy as np
import pytest

from nnutils.lessons.input_normalization import exercises as lesson
from nnutils.lessons.input_normalization import explorer, plots


@pytest.mark.parametrize("seed", range(5))
def test_references_agree_with_scikit_learn(seed):
    from sklearn.preprocessing import StandardScaler

    for arguments in lesson.fit_standardizer.draw(seed):
        X = arguments["X"]
        theirs = StandardScaler().fit(X)
        mean, std = lesson.fit_standardizer(X)
        np.testing.assert_allclose(mean, theirs.mean_, rtol=1e-12)
        np.testing.assert_allclose(std, theirs.scale_, rtol=1e-12)
        np.testing.assert_allclose(
            lesson.standardize(X, mean, std), theirs.transform(X), rtol=1e-9, atol=1e-12
        )


def test_the_training_set_s_statistics_survive_constants():
    X = np.array([[1.0, 0.1, 5.0], [3.0, 0.1, 6.0], [5.0, 0.1, 7.0]])
    mean, std = lesson.fit_standardizer(X)
    assert std[1] == 1
    out = lesson.standardize(X, mean, std)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(out.std(axis=0), [1, 0, 1])
    np.testing.assert_allclose(
        lesson.standardize(np.array([[3, 0.1, 6]]), mean, std), [[0, 0, 0]], atol=1e-15
    )
    single = X.astype(np.float32)
    assert lesson.standardize(single, *lesson.fit_standardizer(single)).dtype == np.float32


@pytest.mark.parametrize(
    "X", [np.zeros((3, 2)), np.ones((3, 2)), [[0.1, 0.3], [0.2, 0.6], [0.7, 2.1]], [[1.0, 2.0]]]
)
def test_condition_number_of_a_singular_matrix_is_inf(X):
    assert lesson.condition_number(np.array(X)) == np.inf


def test_condition_number_is_the_square_of_that_of_the_data():
    assert lesson.condition_number(np.diag([1.0, 3.0])) == pytest.approx(9)


@pytest.mark.parametrize("scale, mean, correlation", [(1, 0, 0.0), (3, 0, 0.3), (0.2, 2.0, -0.5)])
def test_curvature_is_that_of_data_with_these_moments(scale, mean, correlation):
    rng = np.random.default_rng(0)
    white = rng.normal(size=(50, 2))
    white = np.linalg.qr(white - white.mean(axis=0))[0] * np.sqrt(50)
    second = correlation * white[:, 0] + np.sqrt(1 - correlation**2) * white[:, 1]
    X = (np.column_stack([white[:, 0], second]) + mean) * [1, scale]
    np.testing.assert_allclose(explorer.curvature(scale, mean, correlation), X.T @ X / 50, atol=1e-12)


def test_path_is_gradient_descent_and_its_steps_are_counted():
    H, lr, d = explorer.curvature(3, 0.5, 0.3), 0.05, explorer.START
    path, first, steps = explorer.path(H, lr, 400), np.linalg.norm(H @ explorer.START), None
    for t in range(401):
        np.testing.assert_allclose(path[t], d, atol=1e-12)
        if steps is None and np.linalg.norm(H @ d) <= 1e-3 * first:
            steps = t
        d = d - lr * H @ d
    assert steps is not None and explorer.steps_needed(H, lr) == steps
    assert explorer.steps_needed(H, 1.01 * 2 / np.linalg.eigvalsh(H)[-1]) is None


def test_ellipses_are_contours():
    H = explorer.curvature(4, 1.0, 0.5)
    for level, contour in zip(plots.LEVELS, plots.ellipses(H), strict=True):
        heights = np.einsum("ip,ij,jp->p", contour, H, contour)
        np.testing.assert_allclose(heights, level**2 * H.sum(), rtol=1e-9)


def test_explorer_tells_what_standardizing_takes_away():
    valley = explorer.valley_before_and_after()
    valley.controls["correlation"].value = 0.0
    valley.controls["mean"].value = 5.0
    raw, standardized = valley.summary.split("Standardized: ")
    assert "condition number 1.0," in standardized and "condition number 1.0," not in raw
    valley.controls["correlation"].value = 0.95
    assert "condition number 39.0," in valley.summary.split("Standardized: ")[1]
    valley.controls["share"].value = 1.05
    assert valley.summary.count("does not converge") == 2
    for control in valley.controls.values():
        for value in (control.min, control.max):
            control.value = value if value < 1.6 or "scale" not in control.description else 10**value
            assert "alert" not in valley.words.value


def test_figures_have_labels(drawn):
    X = np.random.default_rng(0).normal(size=(20, 2)) + 3
    runs = np.random.default_rng(1).random((4, 5))
    for draw in (
        lambda: plots.scales(X, X - 3),
        lambda: plots.valleys({"a": X}, {"a": X - 3}),
        lambda: plots.limits_and_steps([1, 2, 3, 4], [4, 3, 2, 1], [4, 3, 2, 1], {"a": [1, 2, 3, 4]}),
        lambda: plots.learning_rates([0.1, 1, 10, 100], {"a": runs}),
        lambda: plots.predictions({"a": runs, "b": runs}, list("pqrs")),
    ):
        draw()
        axes = drawn()
        assert axes[0].get_ylabel() and all(one.get_xlabel() for one in axes)

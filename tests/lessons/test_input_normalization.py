"""Lesson 06: references against scikit-learn and direct computation, the explorer's closed forms, the figures."""

import re

import numpy as np
import pytest

from nnutils.lessons.input_normalization import exercises as lesson
from nnutils.lessons.input_normalization import explorer, given, plots
from nnutils.optimizers import SGD


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


def test_the_explorer_s_first_picture_shows_the_gain():
    valley = explorer.valley_before_and_after()
    steps = [int(n) for n in re.findall(r"takes (\d+) step", valley.summary)]
    assert len(steps) == 3 and steps[0] > 4 * steps[1] > 4 * steps[2] == 4


def test_explorer_tells_what_standardizing_and_whitening_take_away():
    valley = explorer.valley_before_and_after()
    valley.controls["correlation"].value = 0.0
    valley.controls["mean"].value = 5.0
    raw, standardized, white = re.split("Standardized: |Whitened: ", valley.summary)
    assert "condition number 1.0," in standardized and "condition number 1.0," not in raw
    valley.controls["correlation"].value = 0.95
    _, standardized, white = re.split("Standardized: |Whitened: ", valley.summary)
    assert "condition number 39.0," in standardized and "condition number 1.0," in white
    valley.controls["share"].value = 1.05
    assert valley.summary.count("does not converge") == 3
    for control in valley.controls.values():
        for value in (control.min, control.max):
            control.value = value if value < 1.6 or "scale" not in control.description else 10**value
            assert "alert" not in valley.words.value


@pytest.mark.parametrize("seed", range(5))
def test_whitened_data_are_those_of_scikit_learn_but_for_a_rotation(seed):
    from sklearn.decomposition import PCA

    for arguments in lesson.whiten.draw(seed):
        X = arguments["X"]
        mean, W = lesson.whiten(X)
        theirs = PCA(whiten=True).fit(X).transform(X) * np.sqrt(len(X) / (len(X) - 1))
        mine = (X - mean) @ W
        np.testing.assert_allclose(mine @ mine.T, theirs @ theirs.T, atol=1e-8)


def test_any_rotation_of_whitened_data_passes_and_a_stretched_one_does_not():
    rng = np.random.default_rng(0)
    for a in lesson.whiten.draw(3):
        mean, W = lesson.whiten(a["X"])
        turn = np.linalg.qr(rng.normal(size=W.shape))[0]
        assert lesson.whiten.verdict_on(a, (mean, W @ turn)) is None
        assert "variance" in lesson.whiten.verdict_on(a, (mean, 1.001 * W @ turn))
        assert "mean 0" in lesson.whiten.verdict_on(a, (mean + 0.1 * np.abs(mean), W))
    stretched = np.array([[1.0, 0.01], [0.0, np.sqrt(1 - 0.01**2)]])
    a = lesson.whiten.draw(3)[1]
    mean, W = lesson.whiten(a["X"])
    assert "correlated" in lesson.whiten.verdict_on(a, (mean, W @ stretched))


def test_what_the_service_gives_a_patient_does_not_depend_on_the_batch():
    a = lesson.serve.draw(1)[0]
    together = lesson.serve(**a)
    for i, row in enumerate(a["new"]):
        alone = lesson.serve(**a | {"new": row[None]})
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-12)
    names = a["new_names"]
    by_hand = [
        (a["study"][a["in_train"]][:, i], a["new"][:, names.index(n)]) for i, n in enumerate(a["names"])
    ]
    expected = np.column_stack([(new - known.mean()) / known.std() for known, new in by_hand])
    np.testing.assert_allclose(together, expected, rtol=1e-12)


def test_the_race_counts_the_steps_of_gradient_descent():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(20, 3)) @ rng.normal(size=(3, 3))
    target = rng.normal(size=20)
    best = np.linalg.lstsq(X, target)[0]
    first, theta, steps = np.sum((X @ best) ** 2), np.zeros(3), 0
    lr = 1 / np.linalg.eigvalsh(X.T @ X / 20)[-1]
    while np.sum((X @ (theta - best)) ** 2) > 1e-3 * first:
        theta = theta - lr * X.T @ (X @ theta - target) / 20
        steps += 1
    slower = np.array([[lr / 5], [lr], [lr / 3]])
    assert given.first_to_fit(X, target, SGD(slower)) == (steps, 1)
    assert given.first_to_fit(X, target, SGD(slower), most=2) == (2, 0)


def test_a_rate_is_chosen_on_some_seeds_and_reported_on_others():
    asked = []

    def measure(lr, seed):
        asked.append((lr, seed))
        return (lr if seed < 5 else -lr), 7

    lr, found = given.at_best_rate(measure, [1, 3, 2], chosen_on=(0, 1), seeds=(8, 9))
    assert lr == 3 and found.tolist() == [[-3, 7], [-3, 7]]
    assert [pair for pair in asked if pair[1] > 5] == [(3, 8), (3, 9)]


def test_a_patient_comes_first_in_batches_of_different_others():
    X = np.arange(12.0)[:, None]
    batches = given.in_company(X, 5, 4, 30, np.random.default_rng(0))
    assert batches.shape == (30, 5, 1) and (batches[:, 0] == 5).all()
    assert all(len(np.unique(batch)) == 5 for batch in batches)
    assert len(np.unique(np.sort(batches[:, :, 0], axis=1), axis=0)) > 20


def test_figures_have_labels(drawn):
    X = np.abs(np.random.default_rng(0).normal(size=(20, 2))) + 3
    runs = np.random.default_rng(1).random((4, 5))
    for draw in (
        lambda: plots.scales(X, X - 3, ["a", "b"]),
        lambda: plots.valleys({"a": X}, {"a": X - 3}),
        lambda: plots.limits_and_steps([1, 2, 3, 4], [4, 3, 2, 1], [4, 3, 2, 1], {"a": [1, 2, 3, 4]}),
        lambda: plots.learning_rates([0.1, 1, 10, 100], {("a", "b"): runs, ("c", "b"): runs}),
        lambda: plots.steps_of_methods({"a": {"x": [1, 2], "y": [3, 4]}, "b": {"x": [5, 6], "y": [7, 8]}}),
        lambda: plots.shares_that_move(np.linspace(0, 1, 11), {"a": np.linspace(1, 0, 11)}, 0.5, 20),
    ):
        draw()
        axes = drawn()
        assert axes[-1].get_xlabel() or axes[0].get_ylabel()
        assert all(one.get_xlabel() or one.get_ylabel() for one in axes)

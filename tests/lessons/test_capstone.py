"""Lesson 21: the network of the cases, the judges on answers beyond the planted mistakes, the explorer, the figures."""

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.checks.models import softmax
from nnutils.checks.sent import sent
from nnutils.lessons.capstone import exercises as lesson
from nnutils.lessons.capstone import explorer, plots
from nnutils.lessons.capstone.exercises.mc_predict import _is_likely
from nnutils.lessons.capstone.given import Dropped
from nnutils.losses import softmax_cross_entropy

NET = Dropped((3, 3, 4), 5, keep_prob=0.5)
X = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)


def test_keras_gives_what_the_judge_expects_without_dropout():
    np.testing.assert_allclose(np.asarray(NET.build({})(X)), NET.plain(X), atol=1e-5)


def test_every_pass_of_keras_is_one_of_the_listed_outcomes():
    outcomes, likely = NET.outcomes(X)
    assert outcomes.shape == (8, 6, 4) and likely.sum() == pytest.approx(1)
    for _ in range(3):
        given = np.asarray(NET.build({})(X, training=True))
        same = np.isclose(outcomes, given, atol=1e-5).all(axis=-1)
        assert same.any(axis=0).all()


def test_the_judge_of_many_passes_takes_any_draw_and_no_other_mean():
    a = {"network": NET, "x": X, "n_passes": 40}
    outcomes, likely = NET.outcomes(X)
    rng = np.random.default_rng(1)
    for _ in range(200):
        passes = outcomes[rng.choice(8, p=likely, size=(40, 6)), np.arange(6)]
        assert _is_likely(a, (passes.mean(axis=0), passes.std(axis=0)))
    assert not _is_likely(a, (passes.mean(axis=0), passes.std(axis=0) / 20))
    assert not _is_likely(a, (np.full((6, 4), 0.25), passes.std(axis=0)))


def normalizes_by_the_batch(X, layer_sizes, lr, keep_prob):
    import keras

    model = lesson.self_normalizing_recipe.reference(X, layer_sizes, lr, keep_prob)
    layers = [keras.layers.BatchNormalization(), *model.layers[1:]]
    return keras.Sequential([keras.Input((layer_sizes[0],)), *layers])


@pytest.mark.parametrize(
    "exercise, answer, word",
    [
        ("default_recipe", lambda layer_sizes, lr, batch_norm: layer_sizes, "Keras model"),
        ("self_normalizing_recipe", lambda X, layer_sizes, lr, keep_prob: layer_sizes, "Keras model"),
        ("mc_predict", lambda network, x, n_passes: (x, x), "shape"),
        ("mc_predict", lambda network, x, n_passes: 0, "two things"),
        ("diagnose_history", lambda history, goal, max_gap: "good fit", ""),
    ],
)
def test_check_refuses(exercise, answer, word):
    verdict = examine(getattr(lesson, exercise), answer)
    assert verdict.status == "failed" and word in " ".join([verdict.headline, *verdict.details])


def test_the_judge_refuses_batch_normalization_in_place_of_standardised_inputs():
    a = lesson.self_normalizing_recipe.draw(0)[0]
    told = lesson.self_normalizing_recipe.verdict_on(a, sent(normalizes_by_the_batch(**a), {}))
    assert "no batch normalization" in told


@pytest.mark.parametrize("recipe", ["default_recipe", "self_normalizing_recipe"])
def test_the_judge_leaves_the_weights_of_the_model(recipe):
    exercise = getattr(lesson, recipe)
    a = exercise.draw(0)[1]
    model = sent(exercise.reference(**a), {})
    before = model.rebuilt.get_weights()
    assert exercise.verdict_on(a, model) is None
    assert all(map(np.array_equal, before, model.rebuilt.get_weights()))


def test_a_recipe_trains():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4)).astype(np.float32)
    y = (X[:, 0] > 0).astype(int)
    model = lesson.default_recipe([4, 8, 8, 2], 0.01, False)
    history = model.fit(X, y, epochs=4, batch_size=20, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] and len(history["accuracy"]) == 4


def test_the_report_agrees_with_the_numerics():
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(50, 4)), rng.integers(4, size=50)
    accuracy, error, log_loss, _ = lesson.report(softmax(z), y)
    assert error == pytest.approx(np.sqrt(accuracy * (1 - accuracy) / 50))
    assert log_loss == pytest.approx(softmax_cross_entropy(z, y)[0])


def test_a_turn_by_a_quarter_is_exact():
    picture = np.arange(64.0).reshape(8, 8)
    np.testing.assert_allclose(explorer.turned(picture, 0), picture)
    np.testing.assert_allclose(explorer.turned(picture, 90), np.rot90(picture))
    np.testing.assert_allclose(explorer.turned(picture, 180), picture[::-1, ::-1], atol=1e-9)


def test_the_explorers_network_reads_digits_that_it_never_saw():
    X, y = explorer.digits(np.float32)
    network, unseen = explorer.trained(), slice(0, explorer.EXAMPLES)
    assert network.accuracy(X[unseen], y[unseen]) > 0.8
    proba = explorer.passes(X[0])
    assert proba.shape == (explorer.PASSES, 10)
    np.testing.assert_allclose(proba.sum(axis=1), 1, atol=1e-5)


def test_the_explorer_follows_its_controls():
    shown = explorer.digit_in_doubt()
    assert shown.summary.startswith("Top class 4:")
    for name, control in shown.controls.items():
        start, before = control.value, shown.picture.value
        ends = (
            [control.options[0], control.options[-1]]
            if hasattr(control, "options")
            else [control.min, control.max]
        )
        for value in ends:
            control.value = value
            assert "alert" not in shown.words.value
        if name == "other":
            continue  # of which nothing is blended in
        assert shown.picture.value != before
        control.value = start
    shown.controls["blend"].value = 1.0
    shown.controls["other"].value = 0
    assert shown.summary.startswith("Top class 0:")


def test_figures_show_their_means(drawn):
    plots.learning_curves({"one": [[3, 2, 1], [1, 0]], "two": [[1, 1, 1]]}, "title")
    mean = drawn()[0].lines[2]
    np.testing.assert_array_equal(mean.get_ydata(), [2, 1])
    plots.scoreboard({"accuracy": {"a": [1, 3], "b": [2, 2]}, "loss": {"a": [0, 1], "b": [1, 1]}}, "title")
    assert [axes.get_xlabel() for axes in drawn()] == ["accuracy", "loss"]
    assert list(drawn()[0].lines[1].get_xdata()) == [2, 2]
    plots.accuracy_without_the_doubtful([0, 0.5], [[0.8, 1.0], [0.6, 0.8]], "title")
    np.testing.assert_allclose(drawn()[0].lines[-1].get_ydata(), [70, 90])

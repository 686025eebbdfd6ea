"""Lesson 21: its data, baselines and training, what the trial refuses, its measures, Keras recipes, explorer and figures."""

import dataclasses
import math

import numpy as np
import pytest

from nnutils.lessons.capstone import exercises as lesson
from nnutils.lessons.capstone import explorer, few_labels, given, keras_recipes, measures, plots
from nnutils.losses import softmax_cross_entropy
from nnutils.network import dense_network

TINY = {"hidden": (8,), "epochs": 2, "batch_size": 100}


@pytest.fixture(scope="module")
def data():
    return given.pictures(3)


# --- the data and the baselines ----------------------------------------------------------------------------------------


def test_parts_are_apart_and_without_their_mean(data):
    assert data.X.shape == (600, 144) and data.X_dev.shape == (600, 144) and data.X_test.shape == (1000, 144)
    for X in (data.X, data.X_dev, data.X_test):
        np.testing.assert_allclose(X.mean(axis=1), 0, atol=1e-5)
    parts = np.concatenate([data.X, data.X_dev, data.X_test])
    assert len(np.unique(parts, axis=0)) == len(parts)
    assert not np.array_equal(given.pictures(4).X, data.X)


def test_baselines_read_what_is_easy():
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=800)
    X = 3 * np.eye(3)[y] + 0.2 * rng.normal(size=(800, 3))
    for name, rule in given.BASELINES.items():
        right = np.mean(rule(X[:600], y[:600], X[600:]) == y[600:])
        assert right < 0.7 if name == "constant" else right > 0.9, name


def test_the_nearest_neighbour_of_a_training_picture_is_itself(data):
    np.testing.assert_array_equal(given.nearest_neighbour(data.X, data.y, data.X[:50]), data.y[:50])


# --- a training --------------------------------------------------------------------------------------------------------


def test_networks_that_train_together_train_as_alone():
    both = [given.pictures(3), given.pictures(4)]
    recipe = TINY | {
        "turn": 10,
        "shift": 1,
        "negative": 0.3,
        "smoothing": 0.1,
        "average": 0.9,
        "weight_decay": 0.1,
    }
    together = given.train(recipe, both, [5, 6])
    for i in range(2):
        alone = given.train(recipe, both[i : i + 1], [5 + i])
        np.testing.assert_allclose(together.theta[i], alone.theta[0], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    "setting",
    [
        {"keep_prob": 0.5}, {"keep_prob": 0.9, "activation": "selu"}, {"batch_norm": True}, {"mixup": 0.4}, {"hidden": ()},
        {"optimizer": "nadam"}, {"schedule": "linear"}, {"schedule": "warmup"}, {"turn": 20}, {"negative": 1.0},
    ],
)  # fmt: skip
def test_every_setting_changes_what_is_trained(setting, data):
    plain = given.train(TINY, [data], [0])
    network = given.train(TINY | setting, [data], [0])
    assert np.isfinite(network.theta).all()
    assert network.theta.shape != plain.theta.shape or not np.allclose(network.theta, plain.theta)


def test_the_gradient_of_a_step_is_that_of_the_cost(data):
    """One step of plain SGD on the whole set, in the order in which it was drawn."""
    network = given.train(
        {"hidden": (5,), "epochs": 1, "batch_size": 600, "optimizer": "sgd", "lr": 0.3}, [data], [9]
    )
    rng = np.random.default_rng(9)
    alone = dense_network([144, 5, 10], rng=rng, dtype=np.float32)
    alone.loss_and_grad(data.X, data.y)
    np.testing.assert_allclose(network.theta[0], alone.theta - 0.3 * alone.grad, atol=1e-5)


def test_l1_makes_weights_zero(data):
    sparse = given.train(TINY, [data], [0], l1=1e5)
    assert np.mean([np.mean(W == 0) for W in sparse.weights]) > 0.5
    assert all(np.all(W != 0) for W in given.train(TINY, [data], [0]).weights)


def test_members_are_averaged_and_differ(data):
    logs = given.logits(TINY | {"members": 2}, data, 0, data.X_dev)
    np.testing.assert_allclose(np.exp(logs).sum(axis=1), 1, atol=1e-6)
    one = given.logits(TINY, data, 0, data.X_dev)
    other = given.logits(TINY, data, 1000, data.X_dev)
    np.testing.assert_allclose(np.exp(logs), (np.exp(one) + np.exp(other)) / 2, atol=1e-4)


@pytest.mark.parametrize("schedule", given.CHOICES["schedule"])
def test_rates(schedule):
    rates = [given.rate(schedule, step, 40, 0.5) for step in range(40)]
    assert min(rates) > 0 and max(rates) <= 0.5 + 1e-12
    if schedule != "constant":
        assert rates[-1] < 0.05 and np.argmax(rates) == {"warmup": 3, "one_cycle": 19}.get(schedule, 0)


# --- the sealed test ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipe", "word"),
    [
        (3, "dict"),
        ({"depth": 3}, "no other settings"),
        ({"lr": "fast"}, "lr is a number"),
        ({"lr": math.nan}, "lr is a number"),
        ({"epochs": 2.5}, "epochs is a whole number"),
        ({"members": 10**9}, "members is a whole number from 1 to 20"),
        ({"epochs": 61}, "60 epochs"),
        ({"epochs": 31, "members": 2}, "60 epochs"),
        ({"batch_size": 1}, "batch_size is a whole number from 20"),
        ({"hidden": 64}, "hidden is a tuple"),
        ({"hidden": (10**9,)}, "whole numbers from 1 to 1000"),
        ({"hidden": (True,)}, "whole numbers"),
        ({"hidden": (20,) * 25}, "24 widths"),
        ({"hidden": (300,)}, "40000 weights"),
        ({"hidden": (150,), "members": 2}, "40000 weights"),
        ({"activation": "magic"}, "activation is one of"),
        ({"activation": ["relu"]}, "activation is one of"),
        ({"batch_norm": 1}, "True or False"),
        ({"smoothing": 1}, "smoothing is a number from 0 to 0.9"),
    ],
)
def test_the_trial_refuses(recipe, word, monkeypatch):
    monkeypatch.setattr(given, "train", lambda *args, **kwargs: pytest.fail("it was trained"))
    monkeypatch.setattr(given, "pictures", lambda *args: pytest.fail("pictures were drawn"))
    with pytest.raises(ValueError, match=word):
        given.try_recipe(recipe, 0)


def test_the_trial_says_the_same_twice():
    assert given.try_recipe(TINY, 5) == given.try_recipe(TINY, 5) != given.try_recipe(TINY, 6)


def test_a_recipe_that_diverges_loses():
    assert given.try_recipe(TINY | {"optimizer": "sgd", "lr": 100.0}, 5) < -5


def test_the_lead_is_in_paired_standard_errors():
    rng = np.random.default_rng(0)
    a, b = rng.random(500) < 0.8, rng.random(500) < 0.6
    gains = a.astype(float) - b
    assert given.lead(a, b) == pytest.approx(gains.mean() / (gains.std() / np.sqrt(500)))
    assert given.lead(a, a) == 0
    assert np.isfinite(given.lead(np.ones(10, bool), np.zeros(10, bool)))


def test_every_default_is_explained():
    for name in given.DEFAULTS:
        assert f'"{name}"' in lesson.project_recipe.reference.__doc__


# --- measures ----------------------------------------------------------------------------------------------------------


def test_log_loss_and_temperature_agree_with_the_numerics():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(80, 4))
    y, z = (z + rng.gumbel(size=z.shape)).argmax(axis=1), 3 * z
    assert measures.log_loss(measures.softened(z), y) == pytest.approx(softmax_cross_entropy(z, y)[0])
    T = lesson.temperature(z, y)
    for near in (0.98, 1.02):
        assert softmax_cross_entropy(z / T, y)[0] < softmax_cross_entropy(z / (near * T), y)[0]
    z, y = np.stack([z, 2 * z]), np.stack([y, y])
    np.testing.assert_allclose(measures.log_loss(measures.softened(z, [T, 2 * T]), y)[0],
                               measures.log_loss(measures.softened(z, [T, 2 * T]), y)[1])  # fmt: skip


def test_an_honest_network_is_calibrated_and_one_that_is_too_sure_is_not():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(1, 20000, 3))
    y = (z + rng.gumbel(size=z.shape)).argmax(axis=-1)
    assert measures.calibration_error(measures.softened(z), y)[0] < 0.02
    assert measures.calibration_error(measures.softened(3 * z), y)[0] > 0.1
    share, confidence, right = measures.reliability(measures.softened(z), y)
    assert (
        share.sum() == pytest.approx(1)
        and np.isnan(confidence[0])
        and np.nanmax(abs(confidence - right)) < 0.06
    )


def test_what_is_decided():
    scores = {"a": [1.0, 2.0, 3.0], "b": [2.0, 3.1, 3.9], "c": [0.0, 0.0, 0.0]}
    best, rival, ahead = measures.decided(scores)
    assert (best, rival) == ("b", "a") and ahead == pytest.approx(1 / (0.1 / math.sqrt(3)))


# --- few labels --------------------------------------------------------------------------------------------------------


def test_layers_are_taken_over_but_the_last(data):
    body = given.train(TINY, [data], [0])
    begun = few_labels.begun_with(body, TINY, 10, seed=1)
    np.testing.assert_array_equal(begun.weights[0], body.weights[0])
    assert not np.allclose(begun.weights[1], body.weights[1])
    before = begun.weights[0].copy()
    given.train(TINY, [data], [1], start=begun)
    assert not np.allclose(begun.weights[0], before) and not np.shares_memory(begun.theta, body.theta)


def test_quarter_turns(data):
    turned = few_labels.quarter_turns(data.X[:5])
    assert turned.X.shape == (20, 144) and list(turned.y[::5]) == [0, 1, 2, 3]
    np.testing.assert_array_equal(turned.X[7].reshape(12, 12), np.rot90(data.X[2].reshape(12, 12)))


def test_only_sure_pictures_get_a_label(data):
    some = few_labels.labelled(data, 10)
    proba = np.array([[0.95, 0.05], [0.6, 0.4], [0.1, 0.9]])
    more = few_labels.pseudo_labelled(some, data.X[10:13], proba, 0.9)
    assert len(some.X) == 10 and more.X.shape == (32, 144) and list(more.y[-2:]) == [0, 1]
    np.testing.assert_array_equal(more.X[-2:], data.X[[10, 12]])
    assert dataclasses.replace(more, X=some.X, y=some.y).X_dev is data.X_dev


# --- Keras -------------------------------------------------------------------------------------------------------------


def test_the_recipes_in_keras_are_what_they_are_called():
    default = keras_recipes.default_recipe([4, 8, 8, 3], 0.01, batch_norm=True)
    kinds = [type(layer).__name__ for layer in default.layers]
    assert kinds == ["Dense", "BatchNormalization", "Activation"] * 2 + ["Dense"]
    selu = keras_recipes.self_normalizing_recipe([4, 8, 8, 3], 0.01, keep_prob=0.9)
    assert [type(layer).__name__ for layer in selu.layers] == ["Dense", "Dense", "AlphaDropout", "Dense"]
    assert type(selu.optimizer).__name__ == "Nadam"


def test_the_exercise_of_the_book_runs_from_end_to_end():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=200)
    X = (rng.normal(size=(200, 4)) + 3 * y[:, None]).astype(np.float32)
    found = keras_recipes.exercise_8(X, y, depth=2, width=8, epochs=8, patience=3, rates=(0.01,))
    assert len(found) == 6 and all(0 <= value <= 1 for value in found.values())
    assert max(found.values()) > 0.9


def test_many_passes_differ_where_there_is_dropout():
    X = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    dropped = keras_recipes.self_normalizing_recipe([4, 8, 3], 0.01, keep_prob=0.5)
    mean, std = keras_recipes.mc_predict(dropped, X, 20)
    assert mean.shape == std.shape == (5, 3) and std.max() > 0.01
    np.testing.assert_allclose(mean.sum(axis=1), 1, atol=1e-5)
    _, still = keras_recipes.mc_predict(keras_recipes.self_normalizing_recipe([4, 8, 3], 0.01), X, 3)
    assert still.max() < 1e-6


# --- the explorer and the figures --------------------------------------------------------------------------------------


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


def test_the_explorer_opens_in_doubt_and_follows_its_controls():
    shown = explorer.digit_in_doubt()
    assert float(shown.summary.split("deviation ")[1].split()[0]) > 0.1
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
        assert shown.picture.value != before or name == "other"
        control.value = start
    shown.controls["blend"].value = 0.0
    assert shown.summary.startswith("Top class 4:")
    shown.controls["blend"].value = 1.0
    shown.controls["other"].value = 0
    assert shown.summary.startswith("Top class 0:")


def test_figures_show_what_they_are_given(drawn):
    rng = np.random.default_rng(0)
    plots.letters({"A": rng.normal(size=(3, 144)), "B": rng.normal(size=(3, 144))}, "title")
    drawn()
    plots.scoreboard({"a": [10, 30], "b": [20, 20]}, "title", ("rival", 50.0), guess="b")
    (axes,) = drawn()
    assert list(axes.lines[1].get_xdata()) == [20, 20] and "your guess" in [
        text.get_text() for text in axes.texts
    ]
    plots.rates([0.1, 1.0], {"flat": np.array([[1, 3], [5, 7]])}, "title")
    assert list(drawn()[0].lines[-1].get_ydata()) == [2, 6]
    proba = measures.softened(rng.normal(size=(2, 50, 3)))
    rows = measures.reliability(proba, proba.argmax(axis=-1))
    plots.reliability({"one": {"a": rows}, "two": {"a": rows}}, "title")
    assert [axes.get_title() or axes.get_title("left") for axes in drawn()] == ["one", "two"]
    plots.answered_alone([0, 0.5], {"a": np.array([[80, 100], [60, 80]])}, "title")
    np.testing.assert_allclose(drawn()[0].lines[-1].get_ydata(), [70, 90])

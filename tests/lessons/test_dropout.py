"""Lesson 04: the references against the library, the layers and values by hand, what is given, figures and the explorer."""

import inspect

import numpy as np
import pytest

from nnutils import dropout as library
from nnutils.activations import softmax
from nnutils.layers import Dense, Dropout, ReLU
from nnutils.lessons.dropout import exercises as lesson
from nnutils.lessons.dropout import given, plots
from nnutils.lessons.dropout.explorer import draw_masks, dropout_rate, probability, trained
from nnutils.network import Network


@pytest.mark.parametrize("name", ["dropout_mask", "dropout_forward"])
def test_the_reference_agrees_with_the_library(name):
    exercise = getattr(lesson, name)
    for ours, theirs in zip(exercise.draw(3), exercise.draw(3), strict=True):
        expected = getattr(library, name)(*theirs.values())
        np.testing.assert_allclose(exercise(*ours.values()), expected, rtol=1e-12)


def test_dropped_units_are_0_and_kept_ones_are_scaled():
    mask = np.array([[True, True, False, False]])
    np.testing.assert_allclose(
        lesson.dropout_backward(np.array([[4.0, 8, 4, 8]]), mask, 0.8), [[5, 10, 0, 0]]
    )
    np.testing.assert_allclose(lesson.classic_dropout_predict(np.array([5.0]), 0.8), [4])


def test_dropconnect_drops_weights():
    mask = np.array([[1, 0], [1, 1], [0, 1]], bool)
    out = lesson.dropconnect_forward(np.full((1, 3), 2.0), np.ones((3, 2)), np.array([0.5, 1]), mask, 0.8)
    np.testing.assert_allclose(out, [[5.5, 6]])


def test_mc_dropout_uses_the_one_generator():
    mean, std = lesson.mc_dropout_predict(
        lambda x, rng: x + rng.integers(0, 100), np.array([0.0, 1.0]), 7, np.random.default_rng(3)
    )
    draws = np.random.default_rng(3).integers(0, 100, 7)
    np.testing.assert_allclose(mean, draws.mean() + np.array([0, 1]))
    np.testing.assert_allclose(std, draws.std())


def test_float32_stays():
    w = np.random.default_rng(2).normal(size=(4, 3)).astype(np.float32)
    mask = w > 0
    results = [
        lesson.dropout_backward(w, mask, 0.8), lesson.classic_dropout_predict(w, 0.8),
        lesson.dropconnect_forward(w, w.T, w[:, 0], mask.T, 0.8),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def test_the_layer_agrees_with_the_reference():
    x = np.random.default_rng(2).normal(size=(6, 5))
    built = Dropout(0.7)
    built.build(5, rng=1)
    out = built.forward(x, training=True)
    np.testing.assert_allclose(out, lesson.dropout_forward(x, built.mask > 0, 0.7))


def test_the_layer_s_backward_pass_agrees_with_the_reference():
    x, d = np.random.default_rng(2).normal(size=(2, 7, 4))
    layer = Dropout(0.8)
    layer.build(4, rng=5)
    layer.forward(x, training=True)
    mask = layer.mask == 1
    assert 0 < mask.sum() < mask.size
    np.testing.assert_allclose(layer.backward(d), lesson.dropout_backward(d, mask, 0.8))


def test_backward_is_the_derivative_of_forward():
    rng = np.random.default_rng(0)
    a, da, mask = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.random((3, 4)) < 0.6
    h = 1e-6
    up, down = (np.sum(da * lesson.dropout_forward(a + s * np.eye(3, 4), mask, 0.6)) for s in (h, -h))
    along = np.sum(lesson.dropout_backward(da, mask, 0.6) * np.eye(3, 4))
    assert (up - down) / (2 * h) == pytest.approx(along, rel=1e-6)


def test_the_penalty_is_what_masks_add_to_the_cost_whatever_the_targets():
    rng = np.random.default_rng(0)
    a, w, q = rng.normal(1, 1, size=(6, 4)), rng.normal(size=4), 0.7
    masks = (np.arange(16)[:, None] >> np.arange(4)) % 2 == 1
    chance = np.where(masks, q, 1 - q).prod(axis=1)
    for y in (np.zeros(6), rng.normal(size=6)):
        costs = [np.mean((lesson.dropout_forward(a, mask, q) @ w - y) ** 2) / 2 for mask in masks]
        rise = chance @ costs - np.mean((a @ w - y) ** 2) / 2
        assert lesson.dropout_penalty(a, w, q) == pytest.approx(rise, rel=1e-12)


def test_calibration_by_hand():
    sure, right = np.array([1.0, 0.95, 0.65, 0.65]), np.array([True, False, True, False])
    # the last bin: half are right, 0.975 is promised; the bin of 0.65: half are right
    assert lesson.expected_calibration_error(sure, right) == pytest.approx(0.5 * 0.475 + 0.5 * 0.15)
    assert lesson.expected_calibration_error(sure, right, bins=1) == pytest.approx(0.3125)


def test_the_repaired_layer_is_the_library_s():
    rng = np.random.default_rng(3)
    x, W, b, dout = (
        rng.normal(size=(6, 3)),
        rng.normal(size=(3, 5)),
        rng.normal(size=5),
        rng.normal(size=(6, 5)),
    )
    for training in (True, False):
        net = Network(3, [Dense(5), ReLU(), Dropout(0.6)], loss="mse", rng=0)
        net.weights[0][:], net.biases[0][:] = W, b
        net.layers[2].rng = np.random.default_rng(8)
        out = net.logits(x, training=training).copy()
        ours, dW, _ = lesson.dropout_layer(x, W, b, dout, 0.6, training, np.random.default_rng(8))
        np.testing.assert_allclose(ours, out)
        if training:
            net.backpropagate(dout)
            np.testing.assert_allclose(dW, net.layers[0].dW)


def test_the_temperature_is_the_one_that_made_the_probabilities_too_sure():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 4))
    y = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)  # drawn by softmax(logits)
    assert given.best_temperature(softmax(2 * logits), y) == pytest.approx(2, rel=0.05)
    np.testing.assert_allclose(given.softened(softmax(logits), 3), softmax(logits / 3))
    assert given.log_loss(np.array([[0.5, 0.5], [0.2, 0.8]]), np.array([0, 1])) == pytest.approx(
        -np.log([0.5, 0.8]).mean()
    )


def test_the_least_noisy_cost_is_the_least_penalized_one():
    A, signal = given.five_copies(0)
    adaptive = [2 * lesson.dropout_penalty(A, e, 0.5) for e in np.eye(5)]
    w = given.least_cost(A, signal, adaptive)
    error = A @ w - signal
    np.testing.assert_allclose(A.T @ error / len(A) + adaptive * w, 0, atol=1e-12)

    def dropped(A, rng):
        return lesson.dropout_forward(A, rng.random(A.shape) < 0.5, 0.5)

    trained = given.least_noisy_cost(A, signal, dropped, 0)
    assert given.apart([{"a": trained}], "a", [{"b": w}], "b") < 0.05
    assert given.largest_share([{"a": np.array([3.0, -1.0])}], "a") == pytest.approx(0.75)


def test_figures_have_titles_and_labels(drawn):
    rows, accuracies = np.random.default_rng(0).random((5, 12)), np.random.default_rng(1).random(5)
    history = type("", (), {"epochs": 9, "loss": range(9), "dev_loss": range(9), "accuracy": range(9)})()
    history.dev_accuracy = history.accuracy
    for draw in (
        lambda: plots.overfitting(history),
        lambda: plots.thinned_predictions(rows[:, :3], accuracies[:3], accuracies[:3]),
        lambda: plots.rivals({"wrong": {"a": accuracies, "b": accuracies}, "clean": {"a": accuracies}}),
        lambda: plots.passes({"a": rows, "b": rows}, 7, guess=3),
        lambda: plots.costs(range(9), range(9)),
        lambda: plots.leaning({"same": {"a": accuracies}, "other": {"a": accuracies}}),
        lambda: plots.weights(("one", "two"), ("x", "y"), {"a": rows.reshape(2, 3, 10)[:, :, :2]}),
        lambda: plots.layer_by_layer({"a": accuracies, "b": accuracies}),
        lambda: plots.scoreboard({"a": rows[:, :3], "b": rows[:, :3]}),
    ):
        draw()
        for axis in drawn():
            assert axis.get_title(loc="left") and (axis.get_xlabel() or axis.get_ylabel())
    functions = {
        name
        for name, one in vars(plots).items()
        if inspect.isfunction(one) and one.__module__ == plots.__name__ and not name.startswith("_")
    }
    assert len(functions) == 9


def test_the_explorer_moves_and_says_what_it_shows():
    explorer = dropout_rate()
    picture, words = explorer.picture.value, explorer.summary
    explorer.controls["seed"].value = 7
    assert explorer.picture.value != picture
    assert explorer.summary != words


def test_with_every_unit_kept_thinned_and_whole_network_are_one():
    explorer = dropout_rate()
    for name in ("keep1", "keep2"):
        explorer.controls[name].value = 1.0
    assert "layer 1: none; in layer 2: none" in explorer.summary
    network = trained("spirals", 1.0, 1.0)
    X = np.random.default_rng(0).normal(size=(9, 2))
    one = probability(network, X, draw_masks(1.0, 1.0, seed=5), (1.0, 1.0))
    np.testing.assert_allclose(one[0], network.predict_proba(X), atol=1e-12)

"""Lesson 04: the references against the library, the layers and values by hand, and the explorer."""

import numpy as np
import pytest

from nnutils import dropout as library
from nnutils.layers import Dropout
from nnutils.lessons.dropout import exercises as lesson
from nnutils.lessons.dropout.explorer import draw_masks, dropout_rate, probability, trained


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

"""Lesson 04: the references against the library, and the explorer."""

import numpy as np
import pytest

from nnutils import dropout as library
from nnutils.layers import AlphaDropout, Dropout
from nnutils.lessons.dropout import exercises as lesson
from nnutils.lessons.dropout.explorer import draw_masks, dropout_rate, probability, trained

NAMES = (
    "dropout_mask",
    "dropout_forward",
    "dropout_backward",
    "classic_dropout_predict",
    "dropconnect_forward",
    "mc_dropout_predict",
    "alpha_dropout",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_agrees_with_the_library(name):
    exercise = getattr(lesson, name)
    for ours, theirs in zip(exercise.draw(3), exercise.draw(3), strict=True):
        expected = getattr(library, name)(*theirs.values())
        np.testing.assert_allclose(exercise(*ours.values()), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "forward"), [(Dropout, lesson.dropout_forward), (AlphaDropout, lesson.alpha_dropout)]
)
def test_the_layer_agrees_with_the_reference(layer, forward):
    x = np.random.default_rng(2).normal(size=(6, 5))
    built = layer(0.7)
    built.build(5, rng=1)
    out = built.forward(x, training=True)
    np.testing.assert_allclose(out, forward(x, built.mask > 0, 0.7))


def test_backward_is_the_derivative_of_forward():
    rng = np.random.default_rng(0)
    a, da, mask = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.random((3, 4)) < 0.6
    h = 1e-6
    up, down = (np.sum(da * lesson.dropout_forward(a + s * np.eye(3, 4), mask, 0.6)) for s in (h, -h))
    along = np.sum(lesson.dropout_backward(da, mask, 0.6) * np.eye(3, 4))
    assert (up - down) / (2 * h) == pytest.approx(along, rel=1e-6)


def test_alpha_dropout_keeps_mean_and_variance():
    rng = np.random.default_rng(1)
    x = rng.normal(size=200_000)
    out = lesson.alpha_dropout(x, rng.random(x.shape) < 0.8, 0.8)
    assert abs(out.mean()) < 0.01
    assert out.var() == pytest.approx(1, abs=0.01)


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

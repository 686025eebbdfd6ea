"""Lesson 09: references against nnutils.activations and the library's layers, clipping, what the judge refuses, figures."""

import numpy as np
import pytest

from nnutils import activations
from nnutils.layers import AlphaDropout
from nnutils.lessons.activations_and_clipping import exercises as lesson

LIBRARY = {
    "leaky_relu": activations.leaky_relu,
    "elu": activations.elu,
    "selu": activations.selu,
}


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        for ours, theirs in zip(exercise(**arguments), LIBRARY[name](**arguments), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_clipping():
    grads = [np.array([3.0, -0.5]), np.array([[4.0]])]
    assert [g.tolist() for g in lesson.clip_by_value(grads, 1)] == [[1, -0.5], [[1]]]
    norm = np.sqrt(9 + 0.25 + 16)
    for clipped, g in zip(lesson.clip_by_global_norm(grads, 2), grads, strict=True):
        np.testing.assert_allclose(clipped, g * 2 / norm)
    for kept, g in zip(lesson.clip_by_global_norm(grads, 6), grads, strict=True):
        assert (kept == g).all() and not np.shares_memory(kept, g)
    assert {g.dtype for g in lesson.clip_by_global_norm([np.ones(3, np.float32)], 1)} == {
        np.dtype(np.float32)
    }


def test_alpha_dropout_is_the_layer_s():
    x = np.random.default_rng(2).normal(size=(6, 5))
    layer = AlphaDropout(0.7)
    layer.build(5, rng=1)
    out = layer.forward(x, training=True)
    np.testing.assert_allclose(out, lesson.alpha_dropout(x, layer.mask > 0, 0.7))


def test_alpha_dropout_keeps_mean_and_variance():
    rng = np.random.default_rng(1)
    x = rng.normal(size=200_000)
    out = lesson.alpha_dropout(x, rng.random(x.shape) < 0.8, 0.8)
    assert abs(out.mean()) < 0.01
    assert out.var() == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(lesson.alpha_dropout(x[:3], np.full(3, True), 1.0), x[:3])

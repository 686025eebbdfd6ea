"""The networks that come with the package: what is promised of them, and that NumPy computes what Keras computes."""

import json

import numpy as np
import pytest

from coursekit.authoring import body as script
from nnutils.convolution import conv2d, max_pool
from nnutils.data import drawn_characters, pretrained_body
from nnutils.data.body import DIFFICULTY, FOLDER, KINDS, SIZE, features, network

LARGEST = 150_000  # bytes of a body in the package


def test_a_convolution_is_the_sum_that_its_docstring_says():
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(2, 4, 5, 3)), rng.normal(size=(3, 5, 3, 2)), rng.normal(size=2)
    padded = np.pad(x, ((0, 0), (1, 1), (2, 2), (0, 0)))
    z = conv2d(x, W, b)
    for r in range(4):
        for c in range(5):
            window = padded[:, r : r + 3, c : c + 5]
            np.testing.assert_allclose(z[:, r, c], np.einsum("muvk,uvko->mo", window, W) + b)


def test_pooling_keeps_the_largest_and_cuts_what_is_left_over():
    x = np.arange(2 * 5 * 4 * 1.0).reshape(2, 5, 4, 1)
    pooled = max_pool(x)
    assert pooled.shape == (2, 2, 2, 1)
    np.testing.assert_array_equal(pooled[0, ..., 0], [[5, 7], [13, 15]])


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_reads_its_letters_far_better_than_by_guessing(kind):
    body = pretrained_body(kind)
    assert body.depth == len(body.weights) // 2 - 1 and body.weights[-1].shape == (len(body.old),)
    assert not set(body.old) & set(body.new) and {*script.DIGITS} < {*body.new}
    X, y = drawn_characters(400, body.old, DIFFICULTY, SIZE, 77, np.float32)
    scores = body.features(X) @ body.weights[-2] + body.weights[-1]
    assert np.mean(scores.argmax(axis=1) == y) > 0.5 and body.features(X).shape == (400, 64)
    assert (FOLDER / f"{kind}.npz").stat().st_size < LARGEST
    with pytest.raises(ValueError, match="read-only"):
        body.weights[0][:] = 0


@pytest.mark.parametrize("kind", KINDS)
def test_features_are_those_of_keras(kind):
    import keras

    body = pretrained_body(kind)
    model = network(kind, len(body.old))
    model.set_weights(body.weights)
    X = drawn_characters(30, "AB", DIFFICULTY, SIZE, 3, np.float32).X
    layers = [layer for layer in model.layers if layer.weights or "pool" in layer.name]
    for depth in (1, 2, 3, 4):
        if depth > body.depth:
            continue
        last = [i for i, layer in enumerate(layers) if layer.weights][depth - 1]
        pooled = last + 1 < len(layers) and "pool" in layers[last + 1].name
        upto = model.layers.index(layers[last + pooled]) + 1
        part = keras.Sequential([keras.Input((SIZE, SIZE, 1)), *model.layers[:upto]])
        theirs = np.asarray(part(X.reshape(-1, SIZE, SIZE, 1))).reshape(30, -1)
        np.testing.assert_allclose(features(body.weights, X, depth), theirs, atol=1e-4)
    np.testing.assert_array_equal(features(body.weights, X, 0), X)


def test_wrong_kinds_and_depths_are_refused():
    with pytest.raises(ValueError, match="no 'deep' body"):
        pretrained_body("deep")
    with pytest.raises(ValueError, match="depth is from 0"):
        pretrained_body().features(np.zeros((1, 144)), 5)


def test_the_median_of_five_splits_is_kept():
    report = json.loads((FOLDER / "report.json").read_text())
    scores = [one["score"] for one in report["bodies"]]
    assert len(scores) == script.SPLITS and scores[report["kept"]] == sorted(scores)[script.SPLITS // 2]
    assert (pretrained_body().old, pretrained_body().new) == script.letters(report["kept"])

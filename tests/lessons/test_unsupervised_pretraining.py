"""Lesson 19: the references against each other and against the library."""

import numpy as np

from nnutils.lessons.unsupervised_pretraining import exercises as lesson
from nnutils.lessons.unsupervised_pretraining.given import Autoencoder, Trainer
from nnutils.network import dense_network


def test_four_turns_are_no_turn():
    images = np.random.default_rng(0).random((3, 4, 4))
    rotated, turns = lesson.auxiliary_labels(images)
    for picture, k, original in zip(rotated, turns, np.tile(images, (4, 1, 1)), strict=True):
        np.testing.assert_array_equal(np.rot90(picture, 4 - k), original)


def test_pretrained_layers_are_those_of_a_sigmoid_network():
    X, seen = np.random.default_rng(1).random((5, 4)), []

    def train_layer(H, n_units):
        seen.append(H)
        return Trainer(2.0)(H, n_units)

    layers = lesson.pretrain_layers(X, [3, 2], train_layer)
    network = dense_network([4, 3, 2], activation="sigmoid", rng=0)
    for k, (W, b) in enumerate(layers):
        network.weights[k][:], network.biases[k][:] = W, b
    codes = network.logits(X)
    np.testing.assert_allclose(codes, seen[1] @ layers[1][0] + layers[1][1])


def test_a_given_autoencoder_is_kept_by_reuse_and_not_by_training():
    given = Autoencoder((6, 4, 6), 3)
    model = given.build({})
    lesson.reuse_encoder(model, 3)
    assert given.is_unchanged(model)
    model.compile("sgd", "mse", run_eagerly=True)
    model.train_on_batch(np.ones((2, 6)), np.zeros((2, 6)))
    assert not given.is_unchanged(model)

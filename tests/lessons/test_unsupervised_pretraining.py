"""Lesson 19: the references against each other and against the library; what the lesson gives."""

import numpy as np
import pytest

from nnutils.contrastive import info_nce
from nnutils.lessons.unsupervised_pretraining import exercises as lesson
from nnutils.lessons.unsupervised_pretraining.given import (
    Autoencoder,
    ByMeans,
    Encoder,
    Trainer,
    codes,
    labelled_rows,
    letters,
    plain_rivals,
    reuse_encoder,
    small_network,
    train_on_views,
    views,
)
from nnutils.network import dense_network

RNG = np.random.default_rng(0)


def test_four_turns_are_no_turn():
    images = RNG.random((3, 4, 4))
    rotated, turns = lesson.auxiliary_labels(images)
    for picture, k, original in zip(rotated, turns, np.tile(images, (4, 1, 1)), strict=True):
        np.testing.assert_array_equal(np.rot90(picture, 4 - k), original)


def test_pretrained_layers_are_those_of_a_sigmoid_network():
    X, seen = RNG.random((5, 4)), []

    def train_layer(H, n_units):
        seen.append(H)
        return Trainer(2.0)(H, n_units)

    layers = lesson.pretrain_layers(X, [3, 2], train_layer)
    network = dense_network([4, 3, 2], activation="sigmoid", rng=0)
    for k, (W, b) in enumerate(layers):
        network.weights[k][:], network.biases[k][:] = W, b
    np.testing.assert_allclose(network.logits(X), seen[1] @ layers[1][0] + layers[1][1])


def test_the_contrastive_loss_is_the_librarys():
    a, b = RNG.normal(size=(2, 7, 3))
    assert lesson.contrastive_loss(a, b, 0.3) == pytest.approx(info_nce(a, b, 0.3)[0], rel=1e-12)


def test_the_contrastive_loss_is_log_m_where_all_rows_are_alike():
    assert lesson.contrastive_loss(np.ones((6, 2)), np.ones((6, 2)), 0.5) == pytest.approx(np.log(6))


def test_the_contrastive_loss_is_the_same_with_both_sides_exchanged():
    a, b = RNG.normal(size=(2, 5, 3))
    assert lesson.contrastive_loss(a, b, 0.5) == pytest.approx(lesson.contrastive_loss(b, a, 0.5))


def test_self_training_keeps_nothing_that_the_last_model_is_not_sure_of():
    y = np.arange(6) % 3
    X, U = (
        np.eye(3)[y] * 3 + RNG.normal(size=(6, 3)),
        np.concatenate([RNG.normal(size=(29, 3)), np.ones((1, 3))]),
    )
    index, labels, counts = lesson.self_training(ByMeans(0.5, 3), X, y, U, 0.8, 50)
    model = ByMeans(0.5, 3)(np.concatenate([X, U[index]]), np.concatenate([y, labels]))
    again = lesson.pseudo_labels(model(U), 0.8)  # settled: the last round gives what the round before gave
    assert counts[-1] == counts[-2] == len(index) < 30
    np.testing.assert_array_equal(again, (index, labels))


def test_a_test_picture_changes_nothing_but_its_own_scores():
    X, y = RNG.normal(size=(40, 4)), np.arange(40) % 3
    labelled, test = np.arange(12), np.arange(30, 40)
    moved = X.copy()
    moved[35] += 5
    before, after = (
        lesson.probe_codes(Z, y, labelled, test, Encoder(1.0, 5), [0.1, 1.0]) for Z in (X, moved)
    )
    same = np.arange(10) != 5
    np.testing.assert_array_equal(before[2][same], after[2][same])
    assert before[1] == after[1] and not np.array_equal(before[2][5], after[2][5])


def test_views_are_pictures_of_their_own_and_follow_from_the_generator():
    X = letters(0, 40, 10)[0]
    one, two = (views(X, np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == X.shape and one.dtype == np.float32 and not np.allclose(one, two)
    np.testing.assert_array_equal(one, views(X, np.random.default_rng(1)))


def test_labelled_rows_are_as_many_of_each_class():
    y = RNG.integers(3, size=60)
    assert np.bincount(y[labelled_rows(y, 4, 0)]).tolist() == [4, 4, 4]


def test_the_rivals_learn_letters_and_the_network_too():
    U, y, T, T_y = letters(1, 300, 100)
    rows = labelled_rows(y, 5, 0)
    assert all(0.3 < accuracy <= 1 for accuracy in plain_rivals(U, y, rows, T, T_y).values())
    assert train_on_views(U[rows], y[rows], 0, steps=120).accuracy(T, T_y) > 0.5
    np.testing.assert_allclose(np.linalg.norm(codes(small_network(8, 0), T), axis=1), 1, rtol=1e-5)


def test_a_given_autoencoder_is_kept_by_reuse_and_not_by_training():
    pytest.importorskip("keras")
    given = Autoencoder((6, 4, 6), 3)
    model = given.build({})
    classifier = reuse_encoder(model, 3)
    assert given.is_unchanged(model) and classifier.output_shape == (None, 3)
    np.testing.assert_array_equal(classifier.get_weights()[0], model.get_weights()[0])
    assert not {id(layer) for layer in classifier.layers} & {id(layer) for layer in model.layers}
    model.compile("sgd", "mse", run_eagerly=True)
    model.train_on_batch(np.ones((2, 6)), np.zeros((2, 6)))
    assert not given.is_unchanged(model)

"""Lesson 18: the models of the cases, what check refuses beyond the planted mistakes, the explorer, the figures."""

import subprocess
import sys

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.checks.models import Base, flags_of, softmax
from nnutils.lessons.transfer_learning import exercises as lesson
from nnutils.lessons.transfer_learning import plots
from nnutils.lessons.transfer_learning.explorer import SIZES, Heads, labels_and_accuracy
from nnutils.lessons.transfer_learning.given import Network, Trainee, descend
from nnutils.quick import quick

BASE = Base((4, 5, 3, 2), 7, (True, False, True))


def test_keras_is_imported_on_first_use_only():
    code = (
        "import inspect, sys; from nnutils.checks.lazy import keras; inspect.unwrap(keras); repr(keras); "
        "print('keras' in sys.modules); keras.layers; print('keras' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]


def test_a_model_is_made_alike_each_time():
    one, two = BASE.build({}), BASE.build({})
    assert one is not two and BASE.has_weights_of(one) and BASE.has_weights_of(two)
    assert flags_of(one) == [True, False, True]


@pytest.mark.parametrize("normalized", [False, True])
def test_what_the_judge_computes_is_what_keras_computes(normalized):
    base = Base((4, 5, 3, 2), 7, normalized=normalized)
    x = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    W, b = base.weights[-2:]
    ours = softmax(base.features(x) @ W + b)
    np.testing.assert_allclose(np.asarray(base.build({})(x)), ours, atol=1e-5)


def test_kept_tells_changed_weights_and_flags():
    for kind, weights, flags in ((Base, False, False), (Network, False, True), (Trainee, True, True)):
        given = kind((3, 4, 2), 1)
        model = given.build({})
        assert given.is_unchanged(model)
        model.layers[0].trainable = False
        assert given.is_unchanged(model) == flags
        model.layers[0].trainable = True
        model.layers[0].set_weights([np.ones((3, 4)), np.ones(4)])
        assert given.is_unchanged(model) == weights
        model = given.build({})
        model.pop()
        assert given.is_unchanged(model) == weights


def spoils_the_base(base, n_classes):
    import keras

    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    base.layers[0].set_weights([0 * w for w in base.layers[0].get_weights()])
    head = keras.layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(base.input_shape[1:]), *copy.layers[:-1], head])


def disturbs_the_weights(model):
    model.layers[0].set_weights([w + 1 for w in model.layers[0].get_weights()])
    for layer in model.layers:
        layer.trainable = layer is model.layers[-1]
    return model


@pytest.mark.parametrize(
    "exercise, answer, word",
    [
        ("build_transfer_model", spoils_the_base, "in place"),
        ("freeze", disturbs_the_weights, "in place"),
        ("build_transfer_model", lambda base, n_classes: base.layers[0], "model"),
        ("freeze", lambda model: model.layers, "model"),
        ("fine_tune", lambda model, data, phases: model, "two things"),
        ("fine_tune", lambda model, data, phases: (model, list(phases)), "fit was called 0 times"),
    ],
)
def test_check_refuses(exercise, answer, word):
    verdict = examine(getattr(lesson, exercise), answer)
    assert verdict.status == "failed" and word in " ".join([verdict.headline, *verdict.details])


def test_trainee_keeps_old_flags_until_it_is_compiled_as_keras_does():
    import keras

    model = Trainee((3, 4, 2), 0, (False, True)).build({})
    X, y = np.ones((4, 3), np.float32), np.array([0, 1, 0, 1])
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    before = model.layers[0].get_weights()[0]
    model.fit(X, y)
    model.layers[0].trainable = True
    model.fit(X, y, epochs=2)
    np.testing.assert_array_equal(model.layers[0].get_weights()[0], before)
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    history = model.fit(X, y, epochs=3)
    assert not np.array_equal(model.layers[0].get_weights()[0], before)
    assert [fit["compiled"] for fit in model.recorder.fits] == [True, False, True]
    assert len(history.history["loss"]) == 3


def test_fine_tune_trains_and_leaves_the_frozen_layers():
    model = Trainee((3, 4, 4, 2), 0).build({})
    before = model.get_weights()
    rng = np.random.default_rng(0)
    data = rng.normal(size=(8, 3)).astype(np.float32), rng.integers(2, size=8)
    same, histories = lesson.fine_tune(model, data, [(2, 0.05, 3), (1, 0.05, 3)])
    moved = [not np.array_equal(*pair) for pair in zip(before, same.get_weights(), strict=True)]
    assert same is model and moved == [False, False, True, True, True, True]
    assert histories[-1].history["loss"][-1] < histories[0].history["loss"][0]


def two_kinds(m=450):
    rng = np.random.default_rng(0)
    y = np.arange(m) % 5
    clear = np.eye(5)[y] + rng.normal(0, 0.3, (m, 5))
    return {"noise": rng.normal(size=(m, 5)), "clear": clear}, y


def test_heads_agree_with_ridge_regression():
    features, y = two_kinds()
    heads = Heads(features, y)
    order = np.random.default_rng(3).permutation(len(y))
    train, dev = order[:50], order[400:]
    centred = features["clear"] - features["clear"].mean(axis=0)
    scaled = np.c_[centred / np.sqrt(np.mean(np.sum(centred**2, axis=1))), np.ones(len(y))]
    A = scaled[train].T @ scaled[train] + 0.1 * np.eye(6)
    w = np.linalg.solve(A, scaled[train].T @ (2 * np.eye(5)[y[train]] - 1))
    expected = np.mean((scaled[dev] @ w).argmax(axis=1) == y[dev])
    assert heads.accuracies("clear", 3)[SIZES.index(50)] == pytest.approx(expected)


def test_the_explorer_follows_its_controls():
    explorer = labels_and_accuracy(*two_kinds())
    told, picture = explorer.summary, explorer.picture.value
    assert told.startswith("With 50 labels, a head on noise reaches")
    for name, value in (("n", 10), ("n", 400), ("draw", 4), ("draw", 0), ("without", "clear")):
        explorer.controls[name].value = value
        assert "alert" not in explorer.words.value
    assert explorer.summary.endswith("+0 points.") and "With 400 labels" in explorer.summary
    assert explorer.picture.value != picture


def test_figures_have_titles_and_labels(drawn):
    plots.movements({"head": [0, 0.2], "all": [0.1, 0.3]}, ["first", "head"], "title")
    assert [text.get_text() for text in drawn()[0].texts] == ["0", "0.20", "0.10", "0.30"]
    plots.accuracy_by_labels([50, 100], {"a": np.full((2, 3), 0.5), "b": np.full((2, 3), 0.7)})
    for axes in drawn():
        assert axes.get_title(loc="left") and axes.get_xlabel() and axes.get_ylabel()
    plots.feature_maps(np.zeros((2, 8, 8)), np.ones((2, 6, 6, 3)), "title")
    assert [len(axes.images) for axes in drawn()] == [1] * 8


def two_alike():
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, activation="tanh"),
            layers.BatchNormalization(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return model, copy


def test_quick_takes_the_steps_that_keras_takes():
    import keras

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 4)).astype(np.float32), rng.integers(3, size=12)
    model, copy = two_alike()
    for one in (model, quick(copy)):
        one.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy")
        losses = [one.fit(x, y, batch_size=12, epochs=n, verbose=0).history["loss"] for n in (3, 2)]
        assert [len(part) for part in losses] == [3, 2]
    for mine, theirs in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_quick_serves_every_model_of_a_kind_and_none_but_its_own():
    import keras

    x, y = np.ones((5, 4), np.float32), np.array([0, 1, 2, 1, 0])
    one, other = two_alike()
    before = other.get_weights()
    trained = quick(one, 3)
    trained.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    first = trained.fit(x, y, batch_size=2, epochs=4).history["loss"]
    assert all(map(np.array_equal, other.get_weights(), before))
    again = quick(other, 3)
    again.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    assert again.fit(x, y, batch_size=2, epochs=4).history["loss"] == first
    assert all(map(np.array_equal, other.get_weights(), one.get_weights()))


def test_quick_leaves_frozen_layers_and_old_flags_count_until_compile():
    import keras

    x, y = np.eye(4, dtype=np.float32), np.array([0, 1, 2, 1])
    model = quick(two_alike()[0])
    with pytest.raises(ValueError, match="compile"):
        model.fit(x, y)
    before = model.layers[0].get_weights()[0]
    for flag, moves in ((False, False), (True, False)):
        model.layers[0].trainable = flag
        if not flag:
            model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
        model.fit(x, y, epochs=2)
        assert np.array_equal(model.layers[0].get_weights()[0], before) is not moves
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=2)
    assert not np.array_equal(model.layers[0].get_weights()[0], before)


def test_the_trainees_gradient_is_that_of_keras():
    import keras
    import tensorflow as tf

    given = Trainee((3, 5, 4, 2), 1)
    model = given.build({})
    x, y = np.random.default_rng(2).normal(size=(6, 3)).astype(np.float32), np.array([0, 1, 1, 0, 1, 0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    theirs = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    weights, losses = descend(model.get_weights(), [True, True, True], x, y, 0.5, 1)
    assert losses[0] == pytest.approx(float(loss), abs=1e-5)
    for old, grad, new in zip(given.weights, theirs, weights, strict=True):
        np.testing.assert_allclose(new, old - 0.5 * grad.numpy(), atol=1e-5)

"""Lesson 18: the models of the cases, what check refuses beyond the planted mistakes, the explorer, the figures."""

import subprocess
import sys

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.checks.models import Base, flags_of, softmax
from nnutils.lessons.transfer_learning import exercises as lesson
from nnutils.lessons.transfer_learning import plots
from nnutils.lessons.transfer_learning.adapters import adapted_accuracy
from nnutils.lessons.transfer_learning.explorer import SIZES, Heads, labels_and_accuracy
from nnutils.lessons.transfer_learning.given import Network, Trainee, try_few_labels
from nnutils.quick import quick
from nnutils.transfer import Task, few_shot, scaled, with_copies

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
    pixels, ways = np.zeros((3, 144)), {"scratch": np.array([0.3, 0.4]), "frozen": np.array([0.6, 0.7])}
    plots.pictures({"old": pixels, "new": pixels}, "title")
    assert [len(axes.images) for axes in drawn()] == [1] * 6
    plots.rivals({50: ways, 100: ways}, "frozen", guess=20)
    stars = [line for line in drawn()[0].lines if line.get_marker() == "*"]
    assert [line.get_xdata()[0] for line in stars] == [pytest.approx(55)]
    plots.table({(row, column): ways for row in ("50", "400") for column in ("similar", "different")})
    assert [axes.get_title(loc="left") for axes in drawn()][1] == "50, different"
    plots.tuning({"plain": ways, "wild": ways}, "title")
    assert len(drawn()) == 2
    plots.adapters([10, 100], ways, "title")
    assert [text.get_text() for text in drawn()[0].texts] == ["scratch", "frozen"]
    plots.picked([0.1, 0.2, 0.6], "title")
    for axes in drawn():
        assert axes.get_title(loc="left") and axes.get_xlabel() and axes.get_ylabel()


def test_features_are_scaled_by_the_training_set_alone():
    rng = np.random.default_rng(0)
    F, dev_F = 0.01 * rng.normal(5, 1, (50, 4)), rng.normal(size=(9, 4))
    small, dev = scaled(F, dev_F)
    np.testing.assert_allclose(small, (F - F.mean(axis=0)) / F.std(), rtol=1e-3)
    np.testing.assert_allclose(dev, (dev_F - F.mean(axis=0)) / F.std(), rtol=1e-3)
    assert small.dtype == dev.dtype == np.float32
    assert not scaled(np.ones((3, 2)), dev_F[:, :2])[
        0
    ].any()  # where nothing differs, nothing is divided by 0


def test_a_task_has_each_class_equally_often_and_its_copies_keep_their_labels():
    for similar in (True, False):
        task = few_shot(3, 40, similar, waiting=60)
        np.testing.assert_array_equal(np.bincount(task.y), [4] * 10)
        assert task.X.shape == (40, 144) and task.dev_X.shape == (60, 144)
        assert not any((task.dev_X == x).all(axis=1).any() for x in task.X)
    X, y = with_copies(task.X, task.y, 2, np.random.default_rng(0), shift=1, negatives=0.0)
    np.testing.assert_array_equal(y, np.tile(task.y, 3))
    np.testing.assert_array_equal(X[:40], task.X)
    inner = X[40:].reshape(2, 40, 12, 12)[0, 0]
    shifts = [np.roll(task.X[0].reshape(12, 12), (r, c), (0, 1)) for r in (-1, 0, 1) for c in (-1, 0, 1)]
    assert min(np.abs(inner - moved)[2:-2, 2:-2].max() for moved in shifts) < 0.2
    negatives, _ = with_copies(task.X, task.y, 1, np.random.default_rng(0), shift=0, negatives=1.0)
    assert np.abs(negatives[40:] + task.X - 1).max() < 0.2


GOOD = {"layers": 2, "hidden": 0, "rate": 0.01, "copies": 1, "shift": 1, "negatives": 0.0, "epochs": 20}


@pytest.mark.parametrize(
    "policy, words",
    [
        ([], "exactly these keys"),
        (GOOD | {"dropout": 0.5}, "exactly these keys"),
        (GOOD | {"layers": 5}, "layers is a whole number from 0 to 4"),
        (GOOD | {"layers": 1.0}, "layers is a whole number"),
        (GOOD | {"epochs": 10**9}, "epochs is a whole number"),
        (GOOD | {"epochs": 2000}, "over the budget"),
        (GOOD | {"rate": 0}, "rate is larger than 0"),
        (GOOD | {"rate": float("nan")}, "rate is a number"),
        (GOOD | {"negatives": True}, "negatives is a number"),
    ],
)
def test_a_policy_of_another_form_is_refused(policy, words):
    with pytest.raises(ValueError, match=words):
        try_few_labels(policy, 0, True, 50)


def test_a_policy_is_scored_alike_each_time_and_by_its_seed():
    first = try_few_labels(GOOD, 1, False, 50)
    assert first == try_few_labels(GOOD, 1, False, 50) > 0.5
    assert first != try_few_labels(GOOD, 2, False, 50)


def test_an_adapter_learns_what_a_head_alone_cannot():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4)).astype(np.float32)
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    layer = rng.normal(0, 0.01, (4, 16)), np.full(16, 0.1)
    task = Task(X[:400], y[:400], X[400:], y[400:])
    scores = [adapted_accuracy(lesson.lora, task, layer, rank, 0) for rank in (0, 4)]
    assert scores[0] < 0.65 and scores[1] > scores[0] + 0.1


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


@pytest.mark.parametrize("normalized, by_batch", [(False, False), (True, False), (True, True)])
def test_the_trainee_takes_the_step_that_keras_takes(normalized, by_batch):
    import keras

    sizes = (3, 5, 4, 2)
    model = Trainee(sizes, 1, normalized=normalized).build({})
    copy = Base(sizes, 1, normalized=normalized).build({})
    x, y = np.random.default_rng(2).normal(size=(6, 3)).astype(np.float32), np.array([0, 1, 1, 0, 1, 0])
    losses = []
    for one in (model, copy):
        if normalized:
            one.layers[-2].trainable = by_batch
        one.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy", jit_compile=False)
        losses.append(one.fit(x, y, batch_size=6, epochs=2, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, atol=1e-4)
    for mine, theirs in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-4)

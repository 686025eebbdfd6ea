"""The references of Keras exercises with one thing changed: `check` and the grader refuse each."""

import itertools

import numpy as np
import pytest

from coursekit.grading.grade_notebook import Grader
from coursekit.grading.models import unavailable
from nnutils.checks.catalogue import exercises_of, find_exercise
from nnutils.checks.check import examine
from nnutils.checks.faults import plain_source
from nnutils.checks.lazy import keras

pytestmark = pytest.mark.skipif(bool(unavailable()), reason=unavailable() or "Keras can be used here")
MUTANTS = {  # exercise → (what stands in its reference, what is put there)
    "build_transfer_model": [
        ("base.get_weights()", "copy.get_weights()"),
        ("copy.layers[:-1]", "copy.layers[:-2]"),
        ("copy.layers[:-1]", "copy.layers"),
        ("copy.layers[:-1]", "base.layers[:-1]"),
        ("Dense(n_classes", "Dense(n_classes + 1"),
        ('"softmax"', '"sigmoid"'),
        ("*copy.layers[:-1], head", "*copy.layers[:-1], keras.layers.Dropout(0.1), head"),
        ("    head =", "    copy.layers[0].trainable = False\n    head ="),
        ("    head =", "    base.layers[0].set_weights(copy.layers[-2].get_weights())\n    head ="),
    ],
    "freeze": [
        ("layer.trainable = False", "layer.trainable = True"),
        ("head.trainable = True", "pass"),
        ("head.trainable = True", "model.trainable = True"),
        ("*below, head = model.layers", "*below, _, head = model.layers"),
        ("return model", "return model.layers"),
        ("    return", "    model.layers[0].set_weights([w + 1 for w in model.layers[0].get_weights()])\n    return"),
    ],
    "unfreeze": [
        ("[from_layer:]", "[from_layer + 1:]"),
        ("[from_layer:]", "[:from_layer]"),
        ("[from_layer:]", "[from_layer:-1]"),
        ("[from_layer:]", "[from_layer - 1:]"),
        ("= True", "= not layer.trainable"),
        ("    for", "    model.trainable = False\n    for"),
    ],
    "fine_tune": [
        ("batch_size=16, ", "batch_size=8, "),
        ("batch_size=16, ", ""),
        ("epochs=epochs", "epochs=epochs + 1"),
        ("epochs=epochs", "epochs=1"),
        ("Adam(lr)", "Adam(2 * lr)"),
        ("Adam(lr)", "Adam()"),
        ("Adam(lr)", "SGD(lr)"),
        ("Adam(lr)", "AdamW(lr)"),
        ("Adam(lr)", "Adam(keras.optimizers.schedules.ExponentialDecay(lr, 9, 0.9))"),
        ('"sparse_categorical_crossentropy"', '"categorical_crossentropy"'),
        ('"sparse_categorical_crossentropy"', '"mse"'),
        (
            '"sparse_categorical_crossentropy"',
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        ),
        ("fit(X, y,", "fit(X[1:], y[1:],"),
        ("fit(X, y,", "fit(X[::-1], y,"),
        ("fit(X, y,", "fit(2 * X, y,"),
        ("fit(X, y,", "fit(X, y, validation_split=0.1,"),
        ("fit(X, y,", "fit(X, y, class_weight={0: 2.0, 1: 1.0, 2: 1.0},"),
        ("fit(X, y,", "fit(X, y, callbacks=[keras.callbacks.EarlyStopping('loss')],"),
        ("unfreeze(freeze(model), from_layer)", "unfreeze(freeze(model), from_layer + 1)"),
        ("unfreeze(freeze(model), from_layer)", "unfreeze(model, from_layer)"),
        ("unfreeze(freeze(model), from_layer)", "freeze(model)"),
        ("return model, histories", "return model, histories[::-1] + histories[:1]"),
        ("return model, histories", "return histories, model"),
        ("    return", "    model.layers[0].set_weights([w + 1 for w in model.layers[0].get_weights()])\n    return"),
    ],
    "build_autoencoder": [
        ('Dense(n_code, activation="sigmoid")', 'Dense(n_code, activation="tanh")'),
        ('Dense(n_in, activation="sigmoid")', "Dense(n_in)"),
        ("Dense(n_code", "Dense(n_code + 1"),
        ('"binary_crossentropy"', '"mse"'),
        ('"binary_crossentropy"', "keras.losses.BinaryCrossentropy(from_logits=True)"),
        ('model.compile(optimizer="adam", loss="binary_crossentropy")', "pass"),
        ("keras.Input((n_in,)),", "keras.Input((n_in,)), keras.layers.GaussianNoise(0.1),"),
        ('Dense(n_code, activation="sigmoid")', 'Dense(n_code, activation="sigmoid", kernel_regularizer="l2")'),
        ('Dense(n_code, activation="sigmoid")', 'Dense(n_code, activation="sigmoid", trainable=False)'),
    ],
}  # fmt: skip


def changed(name, old, new):
    source = plain_source(find_exercise(name).reference)
    head, _, body = source.rpartition('"""')
    assert old in body, "the reference was changed, and this mutant was not"
    return head + '"""' + body.replace(old, new)


@pytest.mark.parametrize("name", MUTANTS)
def test_check_refuses_a_mutant(name, sample):
    exercise = find_exercise(name)
    for old, new in sample(exercise.lesson, MUTANTS[name], name):
        world = {"np": np, "keras": keras, "__name__": "__main__"}
        world |= {other.name: other for other in exercises_of(exercise.lesson) if other is not exercise}
        exec(compile(changed(name, old, new), "<cell>", "exec"), world)
        verdict = examine(exercise, world[name])
        assert verdict.status == "failed", (old, new, verdict)


def notebooks(topic):
    """Cells with one mutant for each exercise of a lesson, until all were there."""
    of_lesson = [exercise.name for exercise in exercises_of(topic) if exercise.name in MUTANTS]
    lists = [[changed(name, *mutant) for mutant in MUTANTS[name]] for name in of_lesson]
    for row in itertools.zip_longest(*lists):
        yield [cell for cell in row if cell]


@pytest.mark.parametrize("topic", ["transfer_learning", "unsupervised_pretraining"])
def test_the_grader_refuses_them_too(runner, topic, sample):
    for cells in sample(topic, [*notebooks(topic)]):
        items, _ = Grader(runner).grade(["import numpy as np\nimport keras", *cells], topic, "ann")
        tried = [item for item in items if item.status != "not attempted" and item.kind == "exercise"]
        assert len(tried) == len(cells)
        assert all(item.points < item.max for item in tried), tried

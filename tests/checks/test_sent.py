"""Models as data: what is written down, what is built again, and what is not."""

import dataclasses
import json
import random

import numpy as np
import pytest

from nnutils.checks.rebuilt import CannotRebuild, shown
from nnutils.checks.sent import SentModel, models_in, sent, settings_of

keras = pytest.importorskip("keras")
L = keras.layers


def dense(*layers):
    return keras.Sequential([keras.Input((4,)), *layers])


def functional(out):
    x = keras.Input((4,))
    return keras.Model(x, out(x))


def by_hand(x):
    h = (x - np.arange(4, dtype=np.float32)) / np.full(4, 2, np.float32)
    return keras.ops.softmax(keras.ops.where(h > 0, h, keras.ops.expm1(h)) * 2 - 1)


def frozen_inside(x):
    inner = dense(L.Dense(3, activation="elu"), L.BatchNormalization())
    inner.layers[0].trainable = False
    inner.layers[1].set_weights([np.full(3, n) for n in (0.5, 0.1, 0.2, 1.5)])
    return L.Softmax()(L.Dense(2)(inner(x)))


def adapted():
    layer = L.Normalization()
    layer.adapt(np.random.default_rng(0).normal(2, 3, (30, 4)).astype(np.float32))
    return dense(layer, L.Dense(2))


def picture():
    convolved = [L.Conv2D(3, 3, activation="relu"), L.MaxPooling2D(), L.BatchNormalization(), L.Dropout(0.2)]
    head = [L.Flatten(), L.GaussianNoise(0.1), L.Dense(2, activation="softmax", kernel_regularizer="l2")]
    return keras.Sequential([keras.Input((6, 6, 1)), *convolved, *head])


def shared_layer(x):
    layer = L.Dense(4)
    return L.Concatenate()([layer(x), layer(layer(x))])


MODELS = {
    "dense": lambda: dense(L.Dense(3, activation="relu"), L.Dense(2, activation="softmax")),
    "operations": lambda: functional(by_hand),
    "a model inside, partly frozen": lambda: functional(frozen_inside),
    "a Normalization that was adapted": adapted,
    "convolutions": picture,
    "one layer twice": lambda: functional(shared_layer),
    "activations as functions": lambda: dense(
        L.Dense(3, activation=keras.ops.softmax), L.Activation(keras.activations.elu)
    ),
    "activations as layers": lambda: dense(L.Dense(3, activation=L.LeakyReLU(0.2)), L.ELU(), L.PReLU()),
}


@pytest.mark.parametrize("name", MODELS)
def test_what_is_rebuilt_computes_what_the_model_did(name):
    model = MODELS[name]()
    x = np.random.default_rng(1).normal(size=(5, *model.input_shape[1:])).astype(np.float32)
    again = sent(model, {}).rebuilt
    np.testing.assert_allclose(np.asarray(again(x)), np.asarray(model(x)), atol=1e-5)
    assert again is not model and not {*map(id, again.weights)} & {*map(id, model.weights)}
    assert [layer.trainable for layer in again.layers] == [layer.trainable for layer in model.layers]


def test_rebuilding_draws_no_random_number():
    model = sent(MODELS["dense"](), {})
    random.seed(3)
    expected = random.random()
    random.seed(3)
    assert model.rebuilt and random.random() == expected


class OfItsOwn(L.Layer):
    def call(self, z):
        return z


class Subclassed(keras.Model):
    def call(self, x):
        return x


def altered(change, *layers):
    """A description in which something was changed afterwards."""
    model = sent(dense(*(layers or (L.Dense(3), L.Dense(2)))), {})
    description = json.loads(model.config)
    change(description["config"]["layers"])
    return dataclasses.replace(model, config=json.dumps(description))


def wide(units):
    return lambda layers: [layer["config"].update(units=units) for layer in layers[1:]]


def named(module, name):
    return lambda layers: layers[1].update(module=module, class_name=name, registered_name=f"x>{name}")


REFUSED = {
    "a layer of its own": (lambda: sent(dense(OfItsOwn()), {}), "`OfItsOwn`"),
    "a model of its own": (lambda: sent(Subclassed(), {}), "`Subclassed`"),
    "a Lambda": (lambda: sent(dense(L.Lambda(lambda z: z)), {}), "`Lambda`"),
    "a lambda as activation": (lambda: sent(dense(L.Dense(2, activation=lambda z: z)), {}), "activation"),
    "no shape": (lambda: sent(keras.Sequential([L.Dense(2)]), {}), "no shape yet"),
    "a module of Python's": (lambda: altered(named("os", "system")), "`system`"),
    "a class under another module": (lambda: altered(named("builtins", "Dense")), "`Dense`"),
    "a layer that reads files": (lambda: altered(named("keras.layers", "TFSMLayer")), "`TFSMLayer`"),
    "a name that is no text": (lambda: altered(named("keras.layers", ["Dense"])), "cannot be|which no check"),
    "as wide as memory": (lambda: altered(wide(10**6)), "too large"),
    "wide without weights": (lambda: altered(lambda la: la[1]["config"].update(n=10**8), L.RepeatVector(5)), "too large"),
    "other weights": (lambda: altered(wide(5)), "do not fit"),
    "a negative size": (lambda: altered(wide(-5)), "Keras cannot"),
    "deep": (lambda: altered(lambda la: la[1]["config"].update(name=eval("[" * 90 + "]" * 90))), "Keras cannot"),
    "no description": (lambda: dataclasses.replace(sent(dense(L.Dense(2)), {}), config=""), "`Sequential`"),
    "half a description": (lambda: dataclasses.replace(sent(dense(L.Dense(2)), {}), config="{"), "`Sequential`"),
    "nested without end": (
        lambda: dataclasses.replace(sent(dense(L.Dense(2)), {}), config="[" * 10**5),
        "`Sequential`",
    ),
    "a long one": (lambda: dataclasses.replace(sent(dense(L.Dense(2)), {}), config="x" * 10**6), "too long"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_not_built(name):
    make, word = REFUSED[name]
    model = make()
    with pytest.raises(CannotRebuild, match=word) as raised:
        _ = model.rebuilt
    assert len(str(raised.value)) < 300
    assert sent(MODELS["dense"](), {}).rebuilt  # Keras works on


def test_names_in_sentences_are_cut_and_harmless():
    assert shown("<b>`\x1b[2J\u202e" + "x" * 99) == "?b???[2J?" + "x" * 31
    described = dataclasses.replace(sent(dense(L.Dense(2)), {}), config="", kind="<b>" * 99)
    with pytest.raises(CannotRebuild) as raised:
        _ = described.rebuilt
    assert "<b>" not in str(raised.value)


FIELDS = {
    "kind": 5,
    "config": None,
    "weights": [[1.0]],
    "learns": [1],
    "flags": ["x"],
    "trainable": 1,
    "settings": [],
    "fits": [5],
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_another_kind_is_refused(name):
    model = sent(dense(L.Dense(2)), {})
    with pytest.raises(ValueError, match="no model"):
        dataclasses.replace(model, **{name: FIELDS[name]})
    with pytest.raises(ValueError, match="no model"):
        dataclasses.replace(model, weights=[np.zeros(3)])  # not float32


def test_what_is_the_given_one_and_what_shares_with_it():
    given = dense(L.Dense(3), L.Dense(2))
    held = models_in({"base": given, "n": 3})
    copy = keras.models.clone_model(given)
    on_top = keras.Sequential([keras.Input((4,)), *given.layers[:-1], L.Dense(5)])
    told = sent([given, copy, on_top], held)
    assert [(model.given, model.shares) for model in told] == [("base", "base"), ("", ""), ("", "base")]
    given.pop()
    assert sent(given, held).given == "base" and len(sent(given, held).weights) == 2


def test_which_weights_learn():
    model = dense(L.Dense(3), L.BatchNormalization(), L.Dense(2))
    assert sent(model, {}).learns == [True] * 4 + [False] * 2 + [True] * 2
    model.layers[0].trainable = False
    assert sent(model, {}).learns == [False] * 2 + [True] * 2 + [False] * 2 + [True] * 2
    model.trainable = False
    model.layers[2].trainable = True
    assert sent(model, {}).learns == [False] * 8 and sent(model, {}).flags == [False, False, True]


LOSSES = {
    "sparse_categorical_crossentropy": ("sparse_categorical_crossentropy", False),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True): ("SparseCategoricalCrossentropy", True),
    keras.losses.binary_crossentropy: ("binary_crossentropy", False),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_settings_hold_names_and_numbers(loss):
    model = dense(L.Dense(2))
    assert settings_of(model) is None
    model.compile(keras.optimizers.Nadam(0.25), loss, metrics=["accuracy", keras.metrics.Accuracy()])
    name, from_logits = LOSSES[loss]
    assert settings_of(model) == {
        "optimizer": "Nadam", "learning_rate": 0.25, "loss": name, "from_logits": from_logits,
        "metrics": ["accuracy", "Accuracy"],
    }  # fmt: skip


def test_a_schedule_is_told_by_its_name():
    model = dense(L.Dense(2))
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), "mse")
    assert settings_of(model)["learning_rate"] == "ExponentialDecay"


def test_histories_are_lists_of_numbers_and_other_things_stay():
    history = keras.callbacks.History()
    history.history = {"loss": [np.float32(0.5), 1]}
    array = np.ones(2)
    assert sent((history, "x"), {}) == ({"loss": [0.5, 1.0]}, "x")
    assert sent([array], {})[0] is array
    with pytest.raises(ValueError, match="more than 10"):
        sent([dense(L.Dense(2))] * 11, {})
    assert isinstance(sent([dense(L.Dense(2))] * 10, {})[9], SentModel)

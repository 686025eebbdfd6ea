"""Exercise build_autoencoder: A network that learns to give back what it is given, through a layer of codes."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    activation_of,
    last_activation,
    named,
    not_a_model,
    probes,
    shapes_of,
    wrong_in_training,
    wrong_loss,
)
from nnutils.lessons.unsupervised_pretraining.exercises.shared import OURS, sigmoid


@exercise(
    points=2,
    minutes=6,
    allows=OURS,
    hints=(
        "Two Dense layers in a row: one from n_in numbers to n_code, one back.",
        "Both have activation='sigmoid'. The second has n_in units. Then call compile.",
        "keras.Sequential([keras.Input((n_in,)), Dense(n_code, activation='sigmoid'), "
        "Dense(n_in, activation='sigmoid')]), then compile(optimizer='adam', loss='binary_crossentropy').",
    ),
)
def build_autoencoder(n_in, n_code):
    """A network that learns to give back what it is given,
    through a layer of codes.

    n_in: number of inputs, which lie in [0, 1]. n_code: number of hidden
    units, the codes.
    Returns a compiled keras model of two Dense layers: n_in -> n_code
    -> n_in, both with sigmoid activations, compiled with any optimizer and
    the loss "binary_crossentropy".
    Source: Hinton & Salakhutdinov 2006.
    """
    model = keras.Sequential(
        [
            keras.Input((n_in,)),
            keras.layers.Dense(n_code, activation="sigmoid"),
            keras.layers.Dense(n_in, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


@build_autoencoder.cases
def _(rng):
    yield int(rng.integers(6, 10)), 3
    yield 5, 2
    yield 4, 6


@build_autoencoder.judge
def _(a, result):
    n_in, n_code = a["n_in"], a["n_code"]
    if wrong := not_a_model(result):
        return wrong
    model = result.rebuilt
    if model.input_shape != (None, n_in) or model.output_shape != (None, n_in):
        return f"it should take {n_in} numbers and give {n_in} back, yours: {model.input_shape[1:]} to {model.output_shape[1:]}"
    if shapes_of(result) != [(n_in, n_code), (n_code,), (n_code, n_in), (n_in,)]:
        return f"its weights should be those of two Dense layers, {n_in} to {n_code} to {n_in}"
    x = probes(n_in)
    if not np.allclose(np.asarray(model(x)), _through(result, x), atol=1e-4):
        return "both layers should have sigmoid activations"
    if result.settings is None:
        return "the model should be compiled"
    return wrong_loss(result.settings, "binary_crossentropy") or wrong_in_training(result)


def _through(model, x, hidden=sigmoid, out=sigmoid):
    """What two dense layers with the model's weights make of x."""
    W1, b1, W2, b2 = model.weights
    return out(hidden(x @ W1 + b1) @ W2 + b2)


def _computes(hidden, out):
    """A symptom: the model computes with these two activations."""

    def symptom(a, model):
        x = probes(a["n_in"])
        return np.allclose(np.asarray(model.rebuilt(x)), _through(model, x, hidden, out), atol=1e-4)

    return symptom


def _loss_is(*names):
    """A symptom: the model is compiled with one of these losses."""
    return lambda a, model: model.settings is not None and named(model.settings["loss"], *names)


def _auto(n_in, n_code, n_out, hidden="sigmoid", out="sigmoid", loss="binary_crossentropy"):
    Dense = keras.layers.Dense
    model = keras.Sequential(
        [keras.Input((n_in,)), Dense(n_code, activation=hidden), Dense(n_out, activation=out)]
    )
    if loss:
        model.compile(optimizer="adam", loss=loss)
    return model


@build_autoencoder.mistake(
    "Your model gives n_code numbers. It should give back all n_in inputs: after the codes, a second layer leads back.",
    symptom=lambda a, model: model.rebuilt.output_shape == (None, a["n_code"]),
)
def without_decoder(n_in, n_code):
    return _auto(n_in, n_code, n_code)


@build_autoencoder.mistake(
    "Your hidden layer has n_in units. It should have n_code: the way through few units is what forces the network to summarise.",
    symptom=lambda a, model: shapes_of(model)[0] == (a["n_in"], a["n_in"]),
)
def hidden_as_wide_as_inputs(n_in, n_code):
    return _auto(n_in, n_in, n_in)


@build_autoencoder.mistake(
    "The codes have no activation here. A linear autoencoder finds no more than principal components do; give the first layer a sigmoid.",
    symptom=lambda a, model: activation_of(model.rebuilt.layers[0]) == "linear",
)
def linear_codes(n_in, n_code):
    return _auto(n_in, n_code, n_in, hidden=None)


@build_autoencoder.mistake(
    "Your output is a softmax, whose numbers sum to 1. Pixels do not: each is a number between 0 and 1 of its own. Use a sigmoid.",
    symptom=lambda a, model: last_activation(model) == "softmax",
)
def softmax_output(n_in, n_code):
    return _auto(n_in, n_code, n_in, out="softmax")


@build_autoencoder.mistake(
    "The model is built and not compiled: without an optimizer and a loss, fit cannot train it.",
    symptom=lambda a, model: model.settings is None,
)
def not_compiled(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss=None)


@build_autoencoder.mistake(
    "The loss is one for classes. An autoencoder's targets are its inputs, pixel by pixel: binary_crossentropy.",
    symptom=_loss_is("categorical_crossentropy", "sparse_categorical_crossentropy"),
)
def loss_for_classes(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss="sparse_categorical_crossentropy")


@build_autoencoder.mistake(
    "The output has no activation, so it may be any number. The inputs lie between 0 and 1: give the last layer a sigmoid.",
    symptom=_computes(sigmoid, lambda z: z),
)
def linear_output(n_in, n_code):
    return _auto(n_in, n_code, n_in, out=None)


@build_autoencoder.mistake(
    "The codes come from a ReLU. Here both layers have a sigmoid.",
    symptom=_computes(lambda z: np.maximum(z, 0), sigmoid),
)
def relu_codes(n_in, n_code):
    return _auto(n_in, n_code, n_in, hidden="relu")


@build_autoencoder.mistake(
    'The loss is the squared error. The docstring asks for "binary_crossentropy", whose gradient does not vanish where a '
    "sigmoid is sure and wrong.",
    symptom=_loss_is("mse", "mean_squared_error"),
)
def squared_error(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss="mse")


@build_autoencoder.mistake(
    "The loss is told from_logits=True, and so takes a sigmoid of the outputs once more. They are between 0 and 1 already: "
    "leave from_logits out.",
    symptom=lambda a, model: model.settings["from_logits"],
)
def outputs_as_logits(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss=keras.losses.BinaryCrossentropy(from_logits=True))


@build_autoencoder.variant
def functional(n_in, n_code):
    x = keras.Input((n_in,))
    code = keras.layers.Dense(n_code, activation="sigmoid")(x)
    model = keras.Model(x, keras.layers.Dense(n_in, activation="sigmoid")(code))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.BinaryCrossentropy())
    return model


@build_autoencoder.variant
def layer_by_layer(n_in, n_code):
    model = keras.Sequential()
    model.add(keras.Input((n_in,)))
    for n in (n_code, n_in):
        model.add(keras.layers.Dense(n))
        model.add(keras.layers.Activation("sigmoid"))
    model.compile("sgd", "binary_crossentropy")
    return model

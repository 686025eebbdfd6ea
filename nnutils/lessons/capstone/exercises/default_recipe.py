"""Exercise default_recipe: the default recipe as a compiled Keras model: He, ELU, Nadam, batch norm if asked for."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    sigmoid,
    softmax,
    wrong_in_training,
)
from nnutils.lessons.capstone.exercises.shared import (
    OURS,
    compiled,
    computes,
    count_norms,
    elu,
    loss_is,
    of_kind,
    rules,
    wrong_compile,
    wrong_shape,
)


def _relu(z):
    return np.maximum(z, 0)


@exercise(
    points=3,
    minutes=15,
    allows=OURS,
    hints=(
        "Make the list of layers in a loop over the hidden sizes, layer_sizes[1:-1]. In each turn come up to three layers: "
        "the weighted sum, its normalization if asked for, and the activation.",
        'keras.layers.Dense(n, kernel_initializer="he_normal"), then perhaps keras.layers.BatchNormalization(momentum=0.9), then '
        'keras.layers.Activation("elu"). After the loop the softmax layer.',
        "model = keras.Sequential([keras.Input((layer_sizes[0],)), *layers]); model.compile(keras.optimizers.Nadam(lr), "
        '"sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False); return model.',
    ),
)
def default_recipe(layer_sizes, lr, batch_norm):
    """The default recipe as a compiled Keras model: He, ELU, Nadam,
    batch norm if asked for.

    layer_sizes: number of inputs, of units of each hidden layer,
    and of classes; lr: the learning rate; batch_norm: whether hidden layers
    are batch-normalized (bool).
    Every hidden layer is a Dense layer with He initialization ("he_normal" or
    "he_uniform"), then batch normalization of z if asked for,
    then ELU. The running statistics keep a share of
    0.9: BatchNormalization(momentum=0.9); before it a bias is redundant
    (lesson 15) and may be left out. The output layer is Dense, with softmax.
    Returns the model, compiled with Nadam at lr,
    "sparse_categorical_crossentropy", the metric "accuracy" and
    jit_compile=False (tracing with XLA takes longer than it saves).
    Sources: He et al. 2015; Clevert et al. 2016;
    Ioffe & Szegedy 2015; Dozat 2016.
    """
    layers = []
    for n in layer_sizes[1:-1]:
        he = {"kernel_initializer": "he_normal", "use_bias": not batch_norm}
        layers.append(keras.layers.Dense(n, **he))
        if batch_norm:
            layers.append(keras.layers.BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("elu"))
    layers.append(keras.layers.Dense(layer_sizes[-1], activation="softmax"))
    model = keras.Sequential([keras.Input((layer_sizes[0],)), *layers])
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    model.compile(keras.optimizers.Nadam(lr), loss, metrics=metrics, jit_compile=False)
    return model


@default_recipe.cases
def _(rng):
    yield [4, 5, 3], float(rng.uniform(0.002, 0.004)), False
    yield [3, 5, 4, 2], 0.005, True
    yield (5, 4, 4, 3), 0.003, False


def _x_of(layer_sizes):
    return np.random.default_rng(1).normal(0, 2, (8, layer_sizes[0])).astype(np.float32)


def _default_gives(a, model, hidden, out=softmax):
    x = _x_of(a["layer_sizes"])
    return computes(model, x, x, hidden, out)


@default_recipe.judge
def _(a, result):
    wrong = wrong_shape(a["layer_sizes"], result)
    if wrong:
        return wrong
    if rules(result) != {(2.0, "fan_in")}:
        return "every hidden layer should have He initialization"
    wanted = len(a["layer_sizes"][1:-1]) if a["batch_norm"] else 0
    if count_norms(result) != wanted:
        return f"it should have {wanted} batch normalization layers, yours has {count_norms(result)}"
    if any(not np.isclose(layer.momentum, 0.9) for layer in of_kind(result, "BatchNormalization")):
        return "the momentum of batch normalization should be 0.9"
    if not _default_gives(a, result, lambda z, normalize: elu(normalize(z))):
        return "its output should be what ELU of the (normalized) z in each hidden layer and a softmax give"
    return wrong_in_training(result) or wrong_compile(a["lr"], result)


def _default(
    layer_sizes,
    lr,
    batch_norm,
    init="he_normal",
    activation="elu",
    out="softmax",
    after=False,
    keep=0.9,
    **how,
):
    layers = [keras.Input((layer_sizes[0],))]
    for n in layer_sizes[1:-1]:
        norm = [keras.layers.BatchNormalization(momentum=keep)] if batch_norm else []
        act = [keras.layers.Activation(activation)]
        layers += [keras.layers.Dense(n, kernel_initializer=init), *(act + norm if after else norm + act)]
    return compiled([*layers, keras.layers.Dense(layer_sizes[-1], activation=out)], lr, **how)


@default_recipe.mistake(
    "The hidden layers start with Keras' default, Glorot, which loses part of the variance in every layer: "
    'kernel_initializer="he_normal".',
    symptom=lambda a, model: (1.0, "fan_avg") in rules(model),
)
def glorot_by_default(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, init="glorot_uniform")


@default_recipe.mistake(
    "Your hidden layers have ReLU. The default recipe has ELU, whose gradient does not vanish where z is a little below 0.",
    symptom=lambda a, model: _default_gives(a, model, lambda z, normalize: _relu(normalize(z))),
)
def relu_layers(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, activation="relu")


@default_recipe.mistake(
    "Batch normalization stands behind the activation. In this course it normalizes z: put it between the Dense layer, which "
    "then has no activation of its own, and the ELU.",
    symptom=lambda a, model: (
        count_norms(model) > 0 and _default_gives(a, model, lambda z, normalize: normalize(elu(z)))
    ),
)
def normalized_after(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, after=True)


@default_recipe.mistake(
    "The momentum of your batch normalization is Keras' default, 0.99. Its running statistics then look back over a hundred "
    "batches, to the time before anything was learned, if there are few batches in an epoch: momentum=0.9.",
    symptom=lambda a, model: any(
        np.isclose(layer.momentum, 0.99) for layer in of_kind(model, "BatchNormalization")
    ),
)
def default_momentum(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, keep=0.99)


@default_recipe.mistake(
    "Batch normalization is there although batch_norm is False. Add it only if it is asked for.",
    symptom=lambda a, model: not a["batch_norm"] and count_norms(model) > 0,
)
def always_normalized(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, True)


@default_recipe.mistake(
    "batch_norm is True and there is no batch normalization. Every hidden layer needs one.",
    symptom=lambda a, model: a["batch_norm"] and count_norms(model) == 0,
)
def never_normalized(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, False)


@default_recipe.mistake(
    "The scores of the output layer have no softmax, so they are no probabilities, and the loss expects some.",
    symptom=lambda a, model: _default_gives(a, model, lambda z, n: elu(n(z)), out=lambda z: z),
)
def without_softmax(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, out=None)


@default_recipe.mistake(
    "The model is built and not compiled: fit would stop with an error.",
    symptom=lambda a, model: model.settings is None,
)
def not_compiled(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, optimizer=None)


@default_recipe.mistake(
    "The optimizer is not Nadam. The default recipe takes Nadam: Adam with a look ahead (lesson 13).",
    symptom=lambda a, model: model.settings["optimizer"] != "Nadam",
)
def adam_instead(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, optimizer="Adam")


@default_recipe.mistake(
    'The learning rate is Nadam\'s own, since "nadam" as a word takes no lr. Write keras.optimizers.Nadam(lr).',
    symptom=lambda a, model: np.isclose(model.settings["learning_rate"], 0.001),
)
def rate_forgotten(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, 0.001, batch_norm)


@default_recipe.mistake(
    "This loss wants one-hot labels. Ours are whole numbers: sparse_categorical_crossentropy.",
    symptom=loss_is("categorical_crossentropy"),
)
def one_hot_loss(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, loss="categorical_crossentropy")


@default_recipe.mistake(
    'The history of this model would hold losses alone, and you will need accuracies: metrics=["accuracy"].',
    symptom=lambda a, model: model.settings["metrics"] == [],
)
def without_metric(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, metrics=())


@default_recipe.mistake(
    "The loss is told from_logits=True, and so takes a softmax of the probabilities once more. The model ends in a softmax: "
    "leave from_logits out.",
    symptom=lambda a, model: model.settings["from_logits"],
)
def probabilities_as_logits(layer_sizes, lr, batch_norm):
    return _default(
        layer_sizes, lr, batch_norm, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )


@default_recipe.mistake(
    "keras.metrics.Accuracy() compares the class numbers with the probabilities themselves, and is always next to 0. "
    'By the word, metrics=["accuracy"], Keras takes the metric that fits the loss.',
    symptom=lambda a, model: "Accuracy" in model.settings["metrics"],
)
def accuracy_as_a_class(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, metrics=(keras.metrics.Accuracy(),))


@default_recipe.mistake(
    "The momentum of your batch normalization is 0.1, often because in PyTorch it is the share that is replaced. In Keras it is "
    "the share that stays: momentum=0.9.",
    symptom=lambda a, model: any(
        np.isclose(layer.momentum, 0.1) for layer in of_kind(model, "BatchNormalization")
    ),
)
def momentum_as_in_pytorch(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, keep=0.1)


@default_recipe.mistake(
    "The output layer has a sigmoid for each class: those do not sum to 1. One class is right, so take softmax.",
    symptom=lambda a, model: _default_gives(a, model, lambda z, n: elu(n(z)), out=sigmoid),
)
def sigmoids(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, out="sigmoid")


@default_recipe.variant
def functional_default(layer_sizes, lr, batch_norm):
    x = a = keras.Input((layer_sizes[0],))
    for n in layer_sizes[1:-1]:
        a = keras.layers.Dense(n, use_bias=not batch_norm, kernel_initializer=keras.initializers.HeUniform())(
            a
        )
        a = keras.activations.elu(keras.layers.BatchNormalization(momentum=0.9)(a) if batch_norm else a)
    scores = keras.layers.Dense(layer_sizes[-1])(a)
    model = keras.Model(x, keras.layers.Softmax()(scores))
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=keras.optimizers.Nadam(learning_rate=lr), loss=loss, metrics=["acc"])
    return model


@default_recipe.variant
def added_one_by_one(layer_sizes, lr, batch_norm):
    n_in, *hidden, n_classes = layer_sizes
    he = keras.initializers.VarianceScaling(2.0, mode="fan_in")
    model = keras.Sequential()
    model.add(keras.Input((n_in,)))
    for n in hidden:
        if batch_norm:
            model.add(keras.layers.Dense(n, kernel_initializer=he))
            model.add(keras.layers.BatchNormalization(momentum=0.9))
            model.add(keras.layers.ELU())
        else:
            model.add(keras.layers.Dense(n, activation="elu", kernel_initializer=he))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(keras.optimizers.Nadam(lr), "sparse_categorical_crossentropy", metrics=[metric])
    return model

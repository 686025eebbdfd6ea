"""Exercise self_normalizing_recipe: the self-normalizing recipe as a compiled Keras model: SELU, LeCun, alpha dropout."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
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


def _selu(z):
    return 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))


@exercise(
    points=3,
    minutes=15,
    allows=OURS,
    hints=(
        "Four things are new against the default recipe: the inputs are standardized inside the model, the initialization, the "
        "activation, and the dropout before the output layer.",
        "keras.layers.Normalization(mean=..., variance=...) is the first layer; give a constant feature the variance 1. "
        "The course counts what is kept, Keras what is dropped: rate = 1 - keep_prob.",
        "variance = np.where(X.max(axis=0) > X.min(axis=0), X.var(axis=0), 1); hidden layers Dense(n, activation="
        '"selu", kernel_initializer="lecun_normal"); then AlphaDropout(1 - keep_prob), the softmax layer, and compile.',
    ),
)
def self_normalizing_recipe(X, layer_sizes, lr, keep_prob):
    """The self-normalizing recipe as a compiled Keras model: SELU,
    LeCun, alpha dropout.

    X: (m, n_x), the training inputs; layer_sizes: number of inputs,
    of units of each hidden layer, and of classes; lr: the learning rate;
    keep_prob: the chance to keep a unit.
    The model standardizes what it gets by mean and standard deviation
    (ddof 0) of X; a feature that is constant in X has its mean subtracted and
    is divided by 1. Every hidden layer is a Dense layer with "lecun_normal"
    initialization and SELU. Between the last of them and the softmax layer
    stands one AlphaDropout layer.
    Returns the model, compiled as in default_recipe: Nadam at lr,
    "sparse_categorical_crossentropy", the metric "accuracy" and
    jit_compile=False.
    Source: Klambauer et al. 2017.
    """
    constant = X.max(axis=0) == X.min(axis=0)
    variance = np.where(constant, 1, X.var(axis=0))
    layers = [keras.layers.Normalization(mean=X.mean(axis=0), variance=variance)]
    for n in layer_sizes[1:-1]:
        dense = keras.layers.Dense(n, activation="selu", kernel_initializer="lecun_normal")
        layers.append(dense)
    layers.append(keras.layers.AlphaDropout(1 - keep_prob))
    layers.append(keras.layers.Dense(layer_sizes[-1], activation="softmax"))
    model = keras.Sequential([keras.Input((layer_sizes[0],)), *layers])
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy"]
    model.compile(keras.optimizers.Nadam(lr), loss, metrics=metrics, jit_compile=False)
    return model


@self_normalizing_recipe.cases
def _(rng):
    yield _inputs(rng, 4), [4, 5, 3], float(rng.uniform(0.002, 0.004)), 0.9
    yield _inputs(rng, 3), [3, 4, 4, 2], 0.005, 0.8
    yield _inputs(rng, 5), (5, 3, 4, 4), 0.003, 0.7


def _inputs(rng, n_x):
    """Features of different scale, of which the last is constant."""
    X = rng.normal(size=(9, n_x)) * np.arange(2, n_x + 2) + 3 * np.arange(n_x)
    X[:, -1] = 2.0
    return X.astype(np.float32)


def _selu_gives(a, model, hidden=_selu, mean=None, std=None, out=softmax):
    X = a["X"]
    mean = X.mean(axis=0) if mean is None else mean
    std = np.where(X.max(axis=0) == X.min(axis=0), 1, X.std(axis=0)) if std is None else std
    x = X[:3] + np.linspace(0, 1, 3 * X.shape[1], dtype=np.float32).reshape(3, -1)  # not constant there
    return computes(model, x, (x - mean) / std, lambda z, _: hidden(z), out)


def _dropped_where(model):
    """For each dropout layer: how many Dense layers stand before it."""
    inside = of_kind(model, "Dense", "AlphaDropout", "Dropout")
    return [
        sum(isinstance(layer, keras.layers.Dense) for layer in inside[:place])
        for place, layer in enumerate(inside)
        if not isinstance(layer, keras.layers.Dense)
    ]


@self_normalizing_recipe.judge
def _(a, result):
    wrong = wrong_shape(a["layer_sizes"], result)
    if wrong:
        return wrong
    if rules(result) != {(1.0, "fan_in")}:
        return "every hidden layer should have LeCun initialization"
    alpha = of_kind(result, "AlphaDropout")
    if len(alpha) != 1 or of_kind(result, "Dropout") or count_norms(result):
        return "it should have one AlphaDropout layer, no other dropout and no batch normalization"
    if not np.isclose(alpha[0].rate, 1 - a["keep_prob"]):
        return f"Keras' rate should be {1 - a['keep_prob']:.1f}, yours is {alpha[0].rate:.1f}"
    if _dropped_where(result) != [len(a["layer_sizes"]) - 2]:
        return "the alpha dropout should stand between the last hidden layer and the output layer"
    if not _selu_gives(a, result):
        return "its output should be what SELU layers and a softmax make of the standardized inputs"
    return wrong_in_training(result, "AlphaDropout") or wrong_compile(a["lr"], result)


def _variance(X):
    return np.where(X.max(axis=0) == X.min(axis=0), 1, X.var(axis=0))


def _self_normal(
    X,
    layer_sizes,
    lr,
    keep_prob,
    init="lecun_normal",
    activation="selu",
    first=None,
    drop="AlphaDropout",
    dropped=None,
    **how,
):
    """The recipe with something done otherwise. `dropped`: behind how many Dense layers there is dropout."""
    if first is None:
        first = [keras.layers.Normalization(mean=X.mean(axis=0), variance=_variance(X))]
    places = [len(layer_sizes) - 2] if dropped is None else dropped
    layers = [keras.Input((layer_sizes[0],)), *first]
    for place, n in enumerate(layer_sizes):
        last = place == len(layer_sizes) - 1
        if place > 0:
            kind = (
                {"activation": "softmax"} if last else {"activation": activation, "kernel_initializer": init}
            )
            layers.append(keras.layers.Dense(n, **kind))
        if place in places:
            layers.append(getattr(keras.layers, drop)(1 - keep_prob))
    return compiled(layers, lr, **how)


@self_normalizing_recipe.mistake(
    "He initialization belongs to ReLU and its kin. SELU holds mean 0 and variance 1 with LeCun's variance 1 / fan_in: "
    '"lecun_normal".',
    symptom=lambda a, model: (2.0, "fan_in") in rules(model),
)
def he_with_selu(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, init="he_normal")


@self_normalizing_recipe.mistake(
    "The hidden layers start with Keras' default, Glorot. SELU normalizes itself with LeCun's only.",
    symptom=lambda a, model: (1.0, "fan_avg") in rules(model),
)
def glorot_with_selu(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, init="glorot_uniform")


@self_normalizing_recipe.mistake(
    "Plain dropout sets units to 0 and disturbs the mean and variance that SELU holds. AlphaDropout keeps both.",
    symptom=lambda a, model: len(of_kind(model, "Dropout")) > 0,
)
def plain_dropout(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, drop="Dropout")


@self_normalizing_recipe.mistake(
    "You handed keep_prob to Keras as it is. Keras' rate is the share that is dropped: 1 - keep_prob.",
    symptom=lambda a, model: np.isclose(of_kind(model, "AlphaDropout")[0].rate, a["keep_prob"]),
)
def rate_is_keep_prob(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, 1 - keep_prob)


@self_normalizing_recipe.mistake(
    "There is an AlphaDropout behind every hidden layer. One is asked for, before the output layer: in a deep network the "
    "noise of all of them adds up.",
    symptom=lambda a, model: len(of_kind(model, "AlphaDropout")) > 1,
)
def dropout_everywhere(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, dropped=range(1, len(layer_sizes) - 1))


@self_normalizing_recipe.mistake(
    "Your hidden layers have ELU. SELU is ELU with two constants that make it normalize itself; only those hold the variance.",
    symptom=lambda a, model: _selu_gives(a, model, elu),
)
def elu_layers(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, activation="elu")


@self_normalizing_recipe.mistake(
    "The inputs enter as they are. Self-normalization needs mean 0 and variance 1 at the start: put a Normalization layer first.",
    symptom=lambda a, model: _selu_gives(a, model, mean=0, std=1),
)
def not_standardized(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, first=[])


@self_normalizing_recipe.mistake(
    "A feature that is constant in X has the variance 0 here, so the smallest deviation in new data is divided by next to "
    "nothing. Give such features the variance 1.",
    symptom=lambda a, model: any(
        np.min(np.asarray(layer.variance)) == 0 for layer in of_kind(model, "Normalization")
    ),
)
def constant_feature_forgotten(X, layer_sizes, lr, keep_prob):
    first = keras.layers.Normalization(mean=X.mean(axis=0), variance=X.var(axis=0))
    return _self_normal(X, layer_sizes, lr, keep_prob, first=[first])


@self_normalizing_recipe.mistake(
    "You handed the standard deviation to Normalization as its variance: it takes the root once more. Hand it X.var(axis=0).",
    symptom=lambda a, model: _selu_gives(a, model, std=_variance(a["X"]) ** 0.25),
)
def deviation_as_variance(X, layer_sizes, lr, keep_prob):
    first = keras.layers.Normalization(mean=X.mean(axis=0), variance=np.sqrt(_variance(X)))
    return _self_normal(X, layer_sizes, lr, keep_prob, first=[first])


@self_normalizing_recipe.mistake(
    "The model is built, and compile is missing: it has neither optimizer nor loss.",
    symptom=lambda a, model: model.settings is None,
)
def compile_forgotten(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, optimizer=None)


@self_normalizing_recipe.mistake(
    "The optimizer is not Nadam. It is compiled as the default recipe is: Nadam at lr.",
    symptom=lambda a, model: model.settings["optimizer"] != "Nadam",
)
def another_optimizer(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, optimizer="Adam")


@self_normalizing_recipe.mistake(
    "The learning rate is Nadam's own, 0.001. Write keras.optimizers.Nadam(lr).",
    symptom=lambda a, model: np.isclose(model.settings["learning_rate"], 0.001),
)
def rate_left_out(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, 0.001, keep_prob)


@self_normalizing_recipe.mistake(
    "This loss wants one-hot labels. Ours are whole numbers, and the loss for those is sparse_categorical_crossentropy.",
    symptom=loss_is("categorical_crossentropy"),
)
def loss_for_one_hot_labels(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, loss="categorical_crossentropy")


@self_normalizing_recipe.mistake(
    'fit will not report the accuracy: compile with metrics=["accuracy"].',
    symptom=lambda a, model: model.settings["metrics"] == [],
)
def metric_left_out(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, metrics=())


@self_normalizing_recipe.mistake(
    "The mean and the variance are those of all numbers in X together. Each feature has its own: axis=0.",
    symptom=lambda a, model: _selu_gives(a, model, mean=a["X"].mean(), std=a["X"].std()),
)
def all_features_together(X, layer_sizes, lr, keep_prob):
    first = keras.layers.Normalization(axis=None, mean=X.mean(), variance=X.var())
    return _self_normal(X, layer_sizes, lr, keep_prob, first=[first])


@self_normalizing_recipe.mistake(
    "Batch normalization stands where the inputs should be standardized. It takes mean and variance of each batch; here they "
    "are those of X, once and for all: a Normalization layer.",
    symptom=lambda a, model: len(of_kind(model, "BatchNormalization")) > 0,
)
def batch_norm_for_the_inputs(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, first=[keras.layers.BatchNormalization()])


@self_normalizing_recipe.mistake(
    "There is no dropout. Put one AlphaDropout(1 - keep_prob) between the last hidden layer and the output layer.",
    symptom=lambda a, model: _dropped_where(model) == [],
)
def without_dropout(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, dropped=())


@self_normalizing_recipe.mistake(
    "The dropout stands behind the output layer, so probabilities themselves are dropped. Its place is before that layer.",
    symptom=lambda a, model: _dropped_where(model) == [len(a["layer_sizes"]) - 1],
)
def dropout_at_the_end(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, dropped=(len(layer_sizes) - 1,))


@self_normalizing_recipe.mistake(
    "The dropout stands before the first hidden layer, so inputs are dropped. Its place is between the last hidden layer and "
    "the output layer.",
    symptom=lambda a, model: _dropped_where(model) == [0],
)
def inputs_dropped(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, dropped=(0,))


@self_normalizing_recipe.variant
def functional_selu(X, layer_sizes, lr, keep_prob):
    mean, std = X.mean(axis=0), np.sqrt(_variance(X)).astype(np.float32)
    x = keras.Input((layer_sizes[0],))
    a = (x - mean) / std
    for n in layer_sizes[1:-1]:
        z = keras.layers.Dense(n, kernel_initializer=keras.initializers.LecunNormal())(a)
        a = keras.activations.selu(z)
    a = keras.layers.AlphaDropout(rate=1 - keep_prob)(a)
    model = keras.Model(x, keras.layers.Dense(layer_sizes[-1], activation="softmax")(a))
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=keras.optimizers.Nadam(lr), loss=loss, metrics=["accuracy"])
    return model


@self_normalizing_recipe.variant
def by_rescaling(X, layer_sizes, lr, keep_prob):
    std = np.array([column.std() or 1 for column in np.asarray(X, float).T])
    model = keras.Sequential([keras.Input((layer_sizes[0],))])
    model.add(keras.layers.Rescaling(list(1 / std), list(-X.mean(axis=0) / std)))
    lecun = keras.initializers.VarianceScaling(1.0, mode="fan_in")
    for n in layer_sizes[1:-1]:
        model.add(keras.layers.Dense(n, kernel_initializer=lecun))
        model.add(keras.layers.Activation("selu"))
    model.add(keras.layers.AlphaDropout(1 - keep_prob))
    model.add(keras.layers.Dense(layer_sizes[-1], activation="softmax"))
    metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(keras.optimizers.Nadam(lr), "sparse_categorical_crossentropy", metrics=[metric])
    return model

"""Exercises of lesson 18: choose a recipe, build it, read its curves, ask it many times, report."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.capstone import Dropped
from nnutils.givens.lazy import keras
from nnutils.givens.models import (
    named,
    not_a_model,
    seed_from,
    sigmoid,
    softmax,
    wrong_in_training,
    wrong_loss,
    wrong_optimizer,
)

NUMBER = 18
MINUTES = 90
SEEDS = 3  # Keras models take their time

OURS = ("keras", "tensorflow")


@exercise(
    points=2,
    minutes=8,
    returns=("start", "change"),
    hints=(
        "There are two decisions. They do not depend on each other: first what to start from, then what the need changes.",
        "The start is a chain of if, elif, elif, else in the order of the docstring. Two of its conditions ask for few labels "
        "and for something else. The change is a look-up in a dict.",
        'few = n_labels < 500; if few and relative: "transfer"; elif few and n_unlabelled > 10 * n_labels: "pretraining"; '
        'elif plain_stack: "self-normalizing"; else "default". The change: {"sparse": "L1", ...}.get(need, "none").',
    ),
)
def choose_recipe(n_labels, n_unlabelled, relative, plain_stack, need):
    """The decision guide: what to start from, and what to change for a special need.

    n_labels, n_unlabelled: numbers of examples; few labels are fewer than 500.
    relative: whether there is a network that has learned a related task (bool);
    plain_stack: whether the network is a plain stack of dense layers (bool).
    need: "sparse", "fast", "calibrated" or "nothing special".
    Returns two strings. start is the first of these that holds: "transfer" if labels are
    few and there is a relative; "pretraining" if labels are few and there are more than 10
    times as many unlabelled examples; "self-normalizing" for a plain stack; "default".
    change is "L1" for sparse, "ReLU" for fast, "MC dropout" for calibrated, else "none".
    """
    few = n_labels < 500
    if few and relative:
        start = "transfer"
    elif few and n_unlabelled > 10 * n_labels:
        start = "pretraining"
    elif plain_stack:
        start = "self-normalizing"
    else:
        start = "default"
    changes = {"sparse": "L1", "fast": "ReLU", "calibrated": "MC dropout"}
    return start, changes.get(need, "none")


@choose_recipe.cases
def _(rng):
    few, many = int(rng.integers(20, 100)), int(rng.integers(1000, 9000))
    yield few, 50 * few, True, True, "sparse"
    yield few, 50 * few, False, True, "fast"
    yield few, 4 * few, False, True, "calibrated"
    yield many, 50 * many, True, False, "nothing special"
    yield many, 50 * many, False, True, "calibrated"
    yield few, 4 * few, False, False, "sparse"
    yield 400, 8 * 400, True, False, "fast"
    yield 400, 12 * 400, False, False, "nothing special"


def _chosen(n_labels, n_unlabelled, need, order, few=500, times=10, changes=()):
    """The first name of `order` whose condition holds, and the change; with whatever is done otherwise."""
    names = {"sparse": "L1", "fast": "ReLU", "calibrated": "MC dropout", **dict(changes)}
    holds = {
        "transfer": n_labels < few,
        "pretraining": n_labels < few and n_unlabelled > times * n_labels,
        "self-normalizing": True,
        "default": True,
    }
    return next(name for name in order if holds[name]), names.get(need, "none")


def _order(relative, plain_stack, names=("transfer", "pretraining", "self-normalizing", "default")):
    out = {name for name, keep in (("transfer", relative), ("self-normalizing", plain_stack)) if not keep}
    return [name for name in names if name not in out]


@choose_recipe.mistake(
    "You try pretraining before transfer. A network that has learned a related task saves you the pretraining: ask for it first."
)
def pretraining_first(n_labels, n_unlabelled, relative, plain_stack, need):
    names = ("pretraining", "transfer", "self-normalizing", "default")
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack, names))


@choose_recipe.mistake(
    "You pick transfer or pretraining however many labels there are. With many labels the lead is gone (lessons 16 and 17): "
    "both need n_labels < 500."
)
def however_many_labels(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), few=np.inf)


@choose_recipe.mistake(
    "You ask for a plain stack first. What the labels allow comes before what the network looks like: transfer and "
    "pretraining stand above it."
)
def stack_first(n_labels, n_unlabelled, relative, plain_stack, need):
    names = ("self-normalizing", "transfer", "pretraining", "default")
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack, names))


@choose_recipe.mistake(
    "Any unlabelled example leads to pretraining here. It takes many: more than 10 times as many as there are labels."
)
def any_unlabelled(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), times=0)


@choose_recipe.mistake(
    "For a sparse model you take L2. It makes weights small and none of them zero (lesson 3): L1 makes exact zeros."
)
def l2_for_sparse(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), changes=[("sparse", "L2")])


@choose_recipe.mistake(
    "Fast and calibrated are mixed up. MC dropout asks the network many times, which is slow and calibrated; ReLU is the "
    "fast one."
)
def fast_by_dropout(n_labels, n_unlabelled, relative, plain_stack, need):
    swap = {"fast": "calibrated", "calibrated": "fast"}
    return _chosen(n_labels, n_unlabelled, swap.get(need, need), _order(relative, plain_stack))


@choose_recipe.mistake("The change is missing: return two strings, the start and what the need changes.")
def start_alone(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack))[0]


@choose_recipe.variant
def by_early_returns(n_labels, n_unlabelled, relative, plain_stack, need):
    def start():
        if n_labels < 500:
            if relative:
                return "transfer"
            if n_unlabelled / n_labels > 10:
                return "pretraining"
        return "self-normalizing" if plain_stack else "default"

    match need:
        case "sparse":
            return start(), "L1"
        case "fast":
            return start(), "ReLU"
        case "calibrated":
            return start(), "MC dropout"
    return start(), "none"


@choose_recipe.variant
def by_a_table(n_labels, n_unlabelled, relative, plain_stack, need):
    few = n_labels < 500
    rows = [
        (few and relative, "transfer"),
        (few and n_unlabelled > 10 * n_labels, "pretraining"),
        (plain_stack, "self-normalizing"),
        (True, "default"),
    ]
    needs = ["sparse", "fast", "calibrated", "nothing special"]
    changes = ["L1", "ReLU", "MC dropout", "none"]
    return [next(name for holds, name in rows if holds), changes[needs.index(need)]]


# --- what the judges of both recipes ask -------------------------------------------------------------------------------


def _elu(z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _selu(z):
    return 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))


def _relu(z):
    return np.maximum(z, 0)


def _of_kind(model, *names):
    """The layers of these Keras classes, wherever they stand in the model, in their order."""
    kinds = tuple(getattr(keras.layers, name) for name in names)
    inside = model.rebuilt._flatten_layers(include_self=False)
    return [layer for layer in inside if isinstance(layer, kinds)]


def _rule(layer):
    """(scale, mode) of the layer's initialiser: (2, "fan_in") is He, (1, "fan_in") LeCun, (1, "fan_avg") Glorot."""
    start = layer.kernel_initializer
    return getattr(start, "scale", None), getattr(start, "mode", None)


def _rules(model):
    """The rules of all hidden layers."""
    return {_rule(layer) for layer in _of_kind(model, "Dense")[:-1]}


def _tells_accuracy(model):
    """Whether fit reports the accuracy; the class Accuracy compares classes with probabilities, and is another thing."""
    return any(
        name in ("acc", "accuracy") or named(name, "sparse_categorical_accuracy")
        for name in model.settings["metrics"]
    )


def _loss_is(*names):
    """A symptom: the model is compiled with one of these losses."""
    return lambda a, model: model.settings is not None and named(model.settings["loss"], *names)


def _with_other_weights(work):
    """Decorate a look at a model: it is done with random weights, and the old ones are put back."""

    def done(model, *args, **kwargs):
        before = model.rebuilt.get_weights()
        rng = np.random.default_rng(0)
        for layer in _of_kind(model, "Dense", "BatchNormalization"):
            draw = _small if isinstance(layer, keras.layers.Dense) else _positive
            layer.set_weights([draw(rng, w.shape) for w in layer.get_weights()])
        try:
            return work(model, *args, **kwargs)
        finally:
            model.rebuilt.set_weights(before)

    return done


def _small(rng, shape):
    """Kernels and biases that saturate no softmax."""
    return rng.normal(0, 0.3, shape)


def _positive(rng, shape):
    """For batch norm, whose variances may not be negative."""
    return rng.uniform(0.2, 1.2, shape)


@_with_other_weights
def _computes(model, x, inputs, hidden, out=softmax):
    """Whether model(x) is what layers with `hidden(z, normalize)` make of `inputs`, and `out` of the last scores."""
    dense, norms = _of_kind(model, "Dense"), _of_kind(model, "BatchNormalization")
    if norms and len(norms) != len(dense) - 1:
        return False
    a = inputs
    for i, layer in enumerate(dense):
        W, *b = layer.get_weights()
        z = a @ W + sum(b)
        a = hidden(z, _normalizer(norms[i]) if norms else lambda z: z) if layer is not dense[-1] else out(z)
    return np.allclose(np.asarray(model.rebuilt(x)), a, atol=1e-4)


def _normalizer(layer):
    gamma, beta, mean, variance = layer.get_weights()
    return lambda z: gamma * (z - mean) / np.sqrt(variance + layer.epsilon) + beta


def _wrong_shape(layer_sizes, model):
    """What is wrong with the model as a whole, or None."""
    if wrong := not_a_model(model):
        return wrong
    shapes = [tuple(layer.kernel.shape) for layer in _of_kind(model, "Dense")]
    wanted = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    if shapes != wanted:
        return f"its Dense layers should have kernels of the shapes {wanted}, yours have {shapes}"
    return None


def _wrong_compile(lr, model):
    """What is wrong with how the model is compiled, or None."""
    if model.settings is None:
        return "the model should be compiled"
    wrong = wrong_optimizer(model.settings, "Nadam", lr) or wrong_loss(
        model.settings, "sparse_categorical_crossentropy"
    )
    if wrong:
        return wrong
    return None if _tells_accuracy(model) else 'fit should report the accuracy: metrics=["accuracy"]'


def _compiled(layers, lr, optimizer="Nadam", loss="sparse_categorical_crossentropy", metrics=("accuracy",)):
    model = keras.Sequential(layers)
    if optimizer:
        chosen = getattr(keras.optimizers, optimizer)(lr)
        model.compile(chosen, loss, metrics=list(metrics), jit_compile=False)
    return model


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
    """The default recipe as a compiled Keras model: He, ELU, Nadam, batch norm if asked for.

    layer_sizes: number of inputs, of units of each hidden layer, and of classes; lr: the
    learning rate; batch_norm: whether hidden layers are batch-normalized (bool).
    Every hidden layer is a Dense layer with He initialization ("he_normal" or
    "he_uniform"), then batch normalization of z if asked for, then ELU. The running
    statistics keep a share of 0.9: BatchNormalization(momentum=0.9); before it a bias is
    redundant (lesson 14) and may be left out. The output layer is Dense, with softmax.
    Returns the model, compiled with Nadam at lr, "sparse_categorical_crossentropy", the
    metric "accuracy" and jit_compile=False (tracing with XLA takes longer than it saves).
    Sources: He et al. 2015; Clevert et al. 2016; Ioffe & Szegedy 2015; Dozat 2016.
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
    return _computes(model, x, x, hidden, out)


def _norms(model):
    return len(_of_kind(model, "BatchNormalization"))


@default_recipe.judge
def _(a, result):
    wrong = _wrong_shape(a["layer_sizes"], result)
    if wrong:
        return wrong
    if _rules(result) != {(2.0, "fan_in")}:
        return "every hidden layer should have He initialization"
    wanted = len(a["layer_sizes"][1:-1]) if a["batch_norm"] else 0
    if _norms(result) != wanted:
        return f"it should have {wanted} batch normalization layers, yours has {_norms(result)}"
    if any(not np.isclose(layer.momentum, 0.9) for layer in _of_kind(result, "BatchNormalization")):
        return "the momentum of batch normalization should be 0.9"
    if not _default_gives(a, result, lambda z, normalize: _elu(normalize(z))):
        return "its output should be what ELU of the (normalized) z in each hidden layer and a softmax give"
    return wrong_in_training(result) or _wrong_compile(a["lr"], result)


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
    return _compiled([*layers, keras.layers.Dense(layer_sizes[-1], activation=out)], lr, **how)


@default_recipe.mistake(
    "The hidden layers start with Keras' default, Glorot, which loses part of the variance in every layer: "
    'kernel_initializer="he_normal".',
    symptom=lambda a, model: (1.0, "fan_avg") in _rules(model),
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
        _norms(model) > 0 and _default_gives(a, model, lambda z, normalize: normalize(_elu(z)))
    ),
)
def normalized_after(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, after=True)


@default_recipe.mistake(
    "The momentum of your batch normalization is Keras' default, 0.99. Its running statistics then look back over a hundred "
    "batches, to the time before anything was learned, if there are few batches in an epoch: momentum=0.9.",
    symptom=lambda a, model: any(
        np.isclose(layer.momentum, 0.99) for layer in _of_kind(model, "BatchNormalization")
    ),
)
def default_momentum(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, keep=0.99)


@default_recipe.mistake(
    "Batch normalization is there although batch_norm is False. Add it only if it is asked for.",
    symptom=lambda a, model: not a["batch_norm"] and _norms(model) > 0,
)
def always_normalized(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, True)


@default_recipe.mistake(
    "batch_norm is True and there is no batch normalization. Every hidden layer needs one.",
    symptom=lambda a, model: a["batch_norm"] and _norms(model) == 0,
)
def never_normalized(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, False)


@default_recipe.mistake(
    "The scores of the output layer have no softmax, so they are no probabilities, and the loss expects some.",
    symptom=lambda a, model: _default_gives(a, model, lambda z, n: _elu(n(z)), out=lambda z: z),
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
    "The optimizer is not Nadam. The default recipe takes Nadam: Adam with a look ahead (lesson 12).",
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
    symptom=_loss_is("categorical_crossentropy"),
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
        np.isclose(layer.momentum, 0.1) for layer in _of_kind(model, "BatchNormalization")
    ),
)
def momentum_as_in_pytorch(layer_sizes, lr, batch_norm):
    return _default(layer_sizes, lr, batch_norm, keep=0.1)


@default_recipe.mistake(
    "The output layer has a sigmoid for each class: those do not sum to 1. One class is right, so take softmax.",
    symptom=lambda a, model: _default_gives(a, model, lambda z, n: _elu(n(z)), out=sigmoid),
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
    """The self-normalizing recipe as a compiled Keras model: SELU, LeCun, alpha dropout.

    X: (m, n_x), the training inputs; layer_sizes: number of inputs, of units of each hidden
    layer, and of classes; lr: the learning rate; keep_prob: the chance to keep a unit.
    The model standardizes what it gets by mean and standard deviation (ddof 0) of X; a
    feature that is constant in X has its mean subtracted and is divided by 1. Every hidden
    layer is a Dense layer with "lecun_normal" initialization and SELU. Between the last of
    them and the softmax layer stands one AlphaDropout layer.
    Returns the model, compiled as in default_recipe: Nadam at lr,
    "sparse_categorical_crossentropy", the metric "accuracy" and jit_compile=False.
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
    return _computes(model, x, (x - mean) / std, lambda z, _: hidden(z), out)


def _dropped_where(model):
    """For each dropout layer: how many Dense layers stand before it."""
    inside = _of_kind(model, "Dense", "AlphaDropout", "Dropout")
    return [
        sum(isinstance(one, keras.layers.Dense) for one in inside[:place])
        for place, layer in enumerate(inside)
        if not isinstance(layer, keras.layers.Dense)
    ]


@self_normalizing_recipe.judge
def _(a, result):
    wrong = _wrong_shape(a["layer_sizes"], result)
    if wrong:
        return wrong
    if _rules(result) != {(1.0, "fan_in")}:
        return "every hidden layer should have LeCun initialization"
    alpha = _of_kind(result, "AlphaDropout")
    if len(alpha) != 1 or _of_kind(result, "Dropout") or _norms(result):
        return "it should have one AlphaDropout layer, no other dropout and no batch normalization"
    if not np.isclose(alpha[0].rate, 1 - a["keep_prob"]):
        return f"Keras' rate should be {1 - a['keep_prob']:.1f}, yours is {alpha[0].rate:.1f}"
    if _dropped_where(result) != [len(a["layer_sizes"]) - 2]:
        return "the alpha dropout should stand between the last hidden layer and the output layer"
    if not _selu_gives(a, result):
        return "its output should be what SELU layers and a softmax make of the standardized inputs"
    return wrong_in_training(result, "AlphaDropout") or _wrong_compile(a["lr"], result)


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
    return _compiled(layers, lr, **how)


@self_normalizing_recipe.mistake(
    "He initialization belongs to ReLU and its kin. SELU holds mean 0 and variance 1 with LeCun's variance 1 / fan_in: "
    '"lecun_normal".',
    symptom=lambda a, model: (2.0, "fan_in") in _rules(model),
)
def he_with_selu(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, init="he_normal")


@self_normalizing_recipe.mistake(
    "The hidden layers start with Keras' default, Glorot. SELU normalizes itself with LeCun's only.",
    symptom=lambda a, model: (1.0, "fan_avg") in _rules(model),
)
def glorot_with_selu(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, init="glorot_uniform")


@self_normalizing_recipe.mistake(
    "Plain dropout sets units to 0 and disturbs the mean and variance that SELU holds. AlphaDropout keeps both.",
    symptom=lambda a, model: len(_of_kind(model, "Dropout")) > 0,
)
def plain_dropout(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, drop="Dropout")


@self_normalizing_recipe.mistake(
    "You handed keep_prob to Keras as it is. Keras' rate is the share that is dropped: 1 - keep_prob.",
    symptom=lambda a, model: np.isclose(_of_kind(model, "AlphaDropout")[0].rate, a["keep_prob"]),
)
def rate_is_keep_prob(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, 1 - keep_prob)


@self_normalizing_recipe.mistake(
    "There is an AlphaDropout behind every hidden layer. One is asked for, before the output layer: in a deep network the "
    "noise of all of them adds up.",
    symptom=lambda a, model: len(_of_kind(model, "AlphaDropout")) > 1,
)
def dropout_everywhere(X, layer_sizes, lr, keep_prob):
    return _self_normal(X, layer_sizes, lr, keep_prob, dropped=range(1, len(layer_sizes) - 1))


@self_normalizing_recipe.mistake(
    "Your hidden layers have ELU. SELU is ELU with two constants that make it normalize itself; only those hold the variance.",
    symptom=lambda a, model: _selu_gives(a, model, _elu),
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
        np.min(np.asarray(layer.variance)) == 0 for layer in _of_kind(model, "Normalization")
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
    symptom=_loss_is("categorical_crossentropy"),
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
    symptom=lambda a, model: len(_of_kind(model, "BatchNormalization")) > 0,
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


@exercise(
    points=2,
    minutes=10,
    hints=(
        "Which epoch's weights does early stopping keep? Everything else is asked at that epoch.",
        "best = np.argmin(history['val_loss']). But first look for losses that are not finite, with np.isfinite.",
        'In this order: not np.all(np.isfinite(...)) of loss and val_loss: "diverged"; best is the last epoch: "train longer"; '
        'accuracy[best] < goal: "high bias"; accuracy[best] - val_accuracy[best] > max_gap: "high variance"; else "good fit".',
    ),
)
def diagnose_history(history, goal, max_gap):
    """What the curves of a run say about it, at the epoch whose weights are kept.

    history: a dict with the lists "loss", "accuracy", "val_loss" and "val_accuracy", one
    number an epoch, as fit's History.history has them ("val" is the dev set). goal: the
    training accuracy that is good enough; max_gap: the largest lead of training over dev
    accuracy that is tolerable.
    The best epoch has the lowest val_loss.
    Returns the first of these that holds: "diverged" if any loss or val_loss is not finite;
    "train longer" if the best epoch is the last; "high bias" if the accuracy at the best
    epoch is below goal; "high variance" if it exceeds val_accuracy there by more than
    max_gap; "good fit".
    """
    losses = [*history["loss"], *history["val_loss"]]
    if not np.all(np.isfinite(losses)):
        return "diverged"
    best = int(np.argmin(history["val_loss"]))
    accuracy, dev_accuracy = history["accuracy"][best], history["val_accuracy"][best]
    if best == len(history["val_loss"]) - 1:
        return "train longer"
    if accuracy < goal:
        return "high bias"
    if accuracy - dev_accuracy > max_gap:
        return "high variance"
    return "good fit"


def _history(rng, accuracy, val_accuracy, val_loss, loss=(0.9, 0.6, 0.4, 0.3)):
    """Four epochs; a little noise that changes no verdict."""
    noise = float(rng.uniform(-0.004, 0.004))
    lists = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
    return {name: [float(value + noise) for value in values] for name, values in lists.items()}


@diagnose_history.cases
def _(rng):
    turned = (0.9, 0.5, 0.6, 0.7)  # best at epoch 1
    flat = (0.7, 0.88, 0.88, 0.88)
    yield _history(rng, (0.7, 0.97, 0.98, 0.99), flat, turned), 0.95, 0.05  # high variance
    yield (
        _history(rng, (0.7, 0.96, 0.98, 0.99), (0.7, 0.94, 0.9, 0.9), turned),
        0.95,
        0.05,
    )  # good, not so at the end
    yield _history(rng, (0.6, 0.7, 0.97, 0.99), (0.6, 0.69, 0.7, 0.95), turned), 0.95, 0.05  # bias
    yield (
        _history(rng, (0.7, 0.85, 0.86, 0.87), (0.7, 0.7, 0.7, 0.7), turned),
        0.95,
        0.05,
    )  # bias before variance
    yield _history(rng, (0.6, 0.7, 0.75, 0.8), flat, (0.9, 0.6, 0.5, 0.4)), 0.95, 0.05  # train longer
    yield _history(rng, (0.1,) * 4, (0.1,) * 4, (0.9, 0.5, np.nan, np.nan)), 0.95, 0.05
    yield _history(rng, (0.96,) * 4, (0.93,) * 4, turned, (0.9, 0.6, np.inf, 0.7)), 0.95, 0.05
    yield _history(rng, (0.7, 0.9, 0.9, 0.9), (0.7, 0.86, 0.88, 0.87), turned), 0.85, 0.02  # other limits
    yield (
        _history(rng, (0.7, 0.99, 0.99, 0.99), (0.7, 0.9, 0.97, 0.9), turned),
        0.95,
        0.05,
    )  # best by loss: variance


def _read(history, goal, max_gap, best=None, finite=True, last=True, bias_first=True):
    val_loss = history["val_loss"]
    if finite and not np.all(np.isfinite([*history["loss"], *val_loss])):
        return "diverged"
    best = int(np.argmin(val_loss)) if best is None else best
    if last and best == len(val_loss) - 1:
        return "train longer"
    accuracy, dev = history["accuracy"][best], history["val_accuracy"][best]
    verdicts = [(accuracy < goal, "high bias"), (accuracy - dev > max_gap, "high variance")]
    ordered = verdicts if bias_first else verdicts[::-1]
    return next((name for holds, name in ordered if holds), "good fit")


@diagnose_history.mistake(
    "You read the last epoch. Early stopping goes back to the epoch of the lowest val_loss: read the numbers there."
)
def at_the_last_epoch(history, goal, max_gap):
    if int(np.argmin(history["val_loss"])) == 3 or not np.all(
        np.isfinite(history["loss"] + history["val_loss"])
    ):
        return _read(history, goal, max_gap)
    return _read(history, goal, max_gap, best=len(history["loss"]) - 1, last=False)


@diagnose_history.mistake(
    "Your best epoch is the one of the highest val_accuracy. Here it is the one of the lowest val_loss, which early stopping "
    "watches unless told otherwise."
)
def best_by_accuracy(history, goal, max_gap):
    return _read(history, goal, max_gap, best=int(np.argmax(history["val_accuracy"])))


@diagnose_history.mistake(
    "Your best epoch is the one of the lowest training loss. That one keeps falling while the dev loss rises: ask val_loss."
)
def best_by_training_loss(history, goal, max_gap):
    return _read(history, goal, max_gap, best=int(np.argmin(history["loss"])))


@diagnose_history.mistake(
    "A loss that is nan or inf goes unnoticed: no comparison with nan is true. Ask np.isfinite before all else."
)
def nan_unnoticed(history, goal, max_gap):
    return _read(history, goal, max_gap, finite=False)


@diagnose_history.mistake(
    "You ask for variance before bias. A network that cannot fit its training set needs that mended first (lesson 2)."
)
def variance_first(history, goal, max_gap):
    return _read(history, goal, max_gap, bias_first=False)


@diagnose_history.mistake(
    "You hold the dev accuracy against the goal. The goal is for the training accuracy; dev accuracy matters for the gap."
)
def goal_for_dev(history, goal, max_gap):
    return _read({**history, "accuracy": history["val_accuracy"]}, goal, max_gap)


@diagnose_history.mistake(
    'The run whose dev loss was lowest at the very end is not noticed: its verdict is "train longer", before bias and variance.'
)
def never_longer(history, goal, max_gap):
    return _read(history, goal, max_gap, last=False)


@diagnose_history.mistake(
    'You look at val_loss alone for losses that are not finite. The training loss may be inf or nan as well: that is "diverged", too.'
)
def finite_val_loss(history, goal, max_gap):
    if not np.all(np.isfinite(history["val_loss"])):
        return "diverged"
    return _read(history, goal, max_gap, finite=False)


@diagnose_history.variant
def by_sorting(history, goal, max_gap):
    epochs = list(zip(*(history[k] for k in ("val_loss", "loss", "accuracy", "val_accuracy")), strict=True))
    if any(value != value or value in (float("inf"), -float("inf")) for e in epochs for value in e[:2]):
        return "diverged"
    best = sorted(range(len(epochs)), key=lambda i: epochs[i][0])[0]
    _, _, accuracy, dev = epochs[best]
    if best + 1 == len(epochs):
        return "train longer"
    return "high bias" if accuracy < goal else "high variance" if accuracy > dev + max_gap else "good fit"


@diagnose_history.variant
def by_arrays(history, goal, max_gap):
    curves = {name: np.array(values, float) for name, values in history.items()}
    k = curves["val_loss"].argmin()
    tests = {
        "diverged": ~np.isfinite(curves["loss"] + curves["val_loss"]).all(),
        "train longer": k == curves["loss"].size - 1,
        "high bias": curves["accuracy"][k] < goal,
        "high variance": (curves["accuracy"] - curves["val_accuracy"])[k] > max_gap,
        "good fit": True,
    }
    return next(name for name, holds in tests.items() if holds)


@exercise(
    points=2,
    minutes=8,
    returns=("accuracy", "standard_error", "log_loss", "overconfidence"),
    hints=(
        "The class that is named is the most probable one, and its probability is how sure the model says it is.",
        "proba.argmax(axis=1) and proba.max(axis=1) give both. The probability of the right class is proba[np.arange(n), y].",
        "p = np.mean(proba.argmax(axis=1) == y); return p, np.sqrt(p * (1 - p) / n), "
        "-np.mean(np.log(proba[np.arange(n), y])), np.mean(proba.max(axis=1)) - p.",
    ),
)
def report(proba, y):
    """How good probabilities are: accuracy, its standard error, two measures of calibration.

    proba: (n, n_classes), each row sums to 1; y: (n,), the right classes. With p the share
    of rows whose largest probability is at y:
    Returns p; its standard error sqrt(p (1 - p) / n); the log loss, minus the mean log of
    the probability of the right class; and the overconfidence, the mean of each row's
    largest probability, minus p: 0 if the model is right as often as it says.
    """
    n = len(y)
    p = np.mean(proba.argmax(axis=1) == y)
    log_loss = -np.mean(np.log(proba[np.arange(n), y]))
    overconfidence = np.mean(proba.max(axis=1)) - p
    return p, np.sqrt(p * (1 - p) / n), log_loss, overconfidence


@report.cases
def _(rng):
    for n, classes in ((12, 3), (20, 4), (7, 2)):
        proba = softmax(2 * rng.normal(size=(n, classes)))
        y = proba.argmax(axis=1)
        y[: n // 3] = proba[: n // 3].argmin(axis=1)
        yield proba, y


def _reported(proba, y, se=None, log_loss=None, overconfidence=None):
    """The report, with one part of it given."""
    n, p = len(y), np.mean(proba.argmax(axis=1) == y)
    error = np.sqrt(p * (1 - p) / n) if se is None else se(p, n)
    loss = -np.mean(np.log(proba[range(n), y])) if log_loss is None else log_loss
    return p, error, loss, _confidence(proba) - p if overconfidence is None else overconfidence


def _confidence(proba):
    return np.mean(proba.max(axis=1))


@report.mistake(
    "Your standard error is the deviation of one answer. The error of a mean of n answers is smaller by the root of n."
)
def deviation_of_one(proba, y):
    return _reported(proba, y, se=lambda p, n: np.sqrt(p * (1 - p)))


@report.mistake("Your standard error lacks the root: sqrt(p (1 - p) / n).")
def variance_of_the_mean(proba, y):
    return _reported(proba, y, se=lambda p, n: p * (1 - p) / n)


@report.mistake(
    "Your log loss looks at the largest probability of each row. It is about the right class: where the model is sure and "
    "wrong, the loss must be large."
)
def loss_of_the_named_class(proba, y):
    return _reported(proba, y, log_loss=-np.mean(np.log(proba.max(axis=1))))


@report.mistake("Your log loss is the sum over all examples; take the mean.")
def summed_loss(proba, y):
    return _reported(proba, y, log_loss=-np.sum(np.log(proba[np.arange(len(y)), y])))


@report.mistake("Your log loss has the wrong sign: the log of a probability is negative, a loss is positive.")
def sign_of_the_loss(proba, y):
    return _reported(proba, y, log_loss=np.mean(np.log(proba[np.arange(len(y)), y])))


@report.mistake(
    "Your overconfidence has the wrong sign: it is confidence minus accuracy, so that a model that is too sure of itself "
    "has a positive one."
)
def accuracy_minus_confidence(proba, y):
    p = np.mean(proba.argmax(axis=1) == y)
    return _reported(proba, y, overconfidence=p - _confidence(proba))


@report.mistake(
    "Confidence is what the model gives to the class that it names, not to the right one: a model does not know which is right."
)
def confidence_in_the_right_class(proba, y):
    p = np.mean(proba.argmax(axis=1) == y)
    return _reported(proba, y, overconfidence=np.mean(proba[np.arange(len(y)), y]) - p)


@report.variant
def row_by_row(proba, y):
    hits = loss = confidence = 0.0
    for row, k in zip(proba, y, strict=True):
        hits += float(np.argmax(row) == k)
        loss -= np.log(row[k])
        confidence += max(row)
    n = len(y)
    return hits / n, (hits * (n - hits) / n**3) ** 0.5, loss / n, (confidence - hits) / n


@report.variant
def by_one_hot(proba, y):
    target = np.eye(proba.shape[1])[y]
    right_ones = (proba * target).sum(axis=1)
    correct = right_ones == proba.max(axis=1)
    error = correct.std() / np.sqrt(correct.size)
    return correct.mean(), error, np.log(1 / right_ones).mean(), (proba.max(axis=1) - correct).mean()


@exercise(
    points=2,
    minutes=8,
    allows=OURS,
    hints=(
        "Called as it is, a Keras model leaves its dropout out. A flag of the call switches it on.",
        "network(x, training=True) is one pass with fresh masks. Make n_passes of them and turn each into an array.",
        "passes = np.array([np.asarray(network(x, training=True)) for _ in range(n_passes)]); "
        "return passes.mean(axis=0), passes.std(axis=0).",
    ),
)
def mc_predict(network, x, n_passes):
    """MC dropout in Keras: the mean and the spread of predictions with dropout on.

    network: a keras.Model with dropout; x: (m, n_in); n_passes: how often it is asked, each
    time with fresh masks: network(x, training=True) switches dropout on.
    Returns (mean, std) over the passes (ddof 0), each (m, n_classes), as NumPy arrays or
    tensors. Source: Gal & Ghahramani 2016.
    """
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.cases
def _(rng):
    yield Dropped((4, 3, 2), seed_from(rng)), _rows(rng, 4), 2
    yield Dropped((3, 3, 4), seed_from(rng), keep_prob=0.5), _rows(rng, 3), 12
    yield Dropped((2, 3, 3), seed_from(rng), keep_prob=0.7), _rows(rng, 2), 1


def _rows(rng, n_in):
    return rng.normal(size=(5, n_in)).astype(np.float32)


def _is_a_pair(a, result, scale=1.0, power=1):
    """Whether mean and (std * scale)^power belong, row by row, to two passes with some masks or other."""
    outcomes, _ = a["network"].outcomes(a["x"])
    mean, spread = (np.asarray(part, float) for part in result)
    one, other = outcomes[:, None], outcomes[None, :]
    fits = np.isclose((one + other) / 2, mean, atol=1e-4) & np.isclose(
        (scale * np.abs(one - other) / 2) ** power, spread, atol=1e-4
    )
    return bool(fits.all(axis=-1).any(axis=(0, 1)).all())


def _is_likely(a, result):
    """Whether mean and std lie where those of n_passes passes lie, all but never otherwise."""
    outcomes, likely = a["network"].outcomes(a["x"])
    mean = np.tensordot(likely, outcomes, 1)
    std = np.sqrt(np.tensordot(likely, (outcomes - mean) ** 2, 1))
    near = np.abs(result[0] - mean) < 8 * std / np.sqrt(a["n_passes"]) + 1e-4
    return bool(
        np.all(near) and np.all(result[1] < 2.5 * std + 1e-4) and np.all(result[1] > 0.1 * std - 1e-4)
    )


def _is_one_pass(a, result):
    outcomes, _ = a["network"].outcomes(a["x"])
    same = np.isclose(outcomes, np.asarray(result[0]), atol=1e-4).all(axis=-1)
    return bool(same.any(axis=0).all()) and np.allclose(result[1], 0, atol=1e-6)


@mc_predict.judge
def _(a, result):
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "it should return two things: the mean and the standard deviation"
    shape = len(a["x"]), a["network"].sizes[-1]
    for name, part in zip(("mean", "standard deviation"), result, strict=True):
        if np.shape(part) != shape:
            return f"the {name} should have the shape {shape}, yours has {np.shape(part)}"
    parts = [np.asarray(part, float) for part in result]
    if a["n_passes"] == 1:
        return None if _is_one_pass(a, parts) else "with one pass, the mean is that pass and the deviation 0"
    if a["n_passes"] == 2:
        return (
            None if _is_a_pair(a, parts) else "with two passes, these are not mean and deviation of the two"
        )
    return None if _is_likely(a, parts) else "mean and deviation are not those of passes with dropout on"


def _still(a, result):
    return a["n_passes"] > 1 and np.allclose(result[1], 0, atol=1e-7)


@mc_predict.mistake(
    "All passes are alike: dropout is off unless you ask for it. Call network(x, training=True); network(x) and predict leave it out.",
    symptom=lambda a, result: (
        _still(a, result) and np.allclose(result[0], a["network"].plain(a["x"]), atol=1e-4)
    ),
)
def dropout_left_off(network, x, n_passes):
    passes = [np.asarray(network(x)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.mistake(
    "The network is asked once and that one answer is repeated. Call it n_passes times: each call draws masks of its own.",
    symptom=lambda a, result: (
        _still(a, result) and not np.allclose(result[0], a["network"].plain(a["x"]), atol=1e-4)
    ),
)
def asked_once(network, x, n_passes):
    passes = [np.asarray(network(x, training=True))] * n_passes
    return np.mean(passes, axis=0), np.std(passes, axis=0)


@mc_predict.mistake(
    "The second result is the variance. The standard deviation is its root.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, power=2),
)
def variance_instead(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.var(passes, axis=0)


@mc_predict.mistake(
    "The second result is the standard error of the mean. It shrinks the more often you ask; the doubt of the model does not. "
    "Do not divide by the root of n_passes.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, scale=2**-0.5),
)
def error_of_the_mean(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0) / np.sqrt(n_passes)


@mc_predict.mistake(
    "Your deviation divides by n_passes - 1, which is 0 for a single pass. The course divides by the count: ddof 0.",
    symptom=lambda a, result: a["n_passes"] == 2 and _is_a_pair(a, result, scale=2**0.5),
)
def one_less(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=0), np.std(passes, axis=0) * np.sqrt(n_passes / max(n_passes - 1, 1))


@mc_predict.mistake(
    "You took mean and deviation over the examples. Take them over the passes, axis 0, and keep every example.",
    symptom=lambda a, result: (
        a["n_passes"] != len(a["x"]) and np.shape(result[0]) == (a["n_passes"], a["network"].sizes[-1])
    ),
)
def over_the_examples(network, x, n_passes):
    passes = [np.asarray(network(x, training=True)) for _ in range(n_passes)]
    return np.mean(passes, axis=1), np.std(passes, axis=1)


@mc_predict.mistake(
    "Only the mean is returned. The deviation over the passes is what MC dropout adds: return both.",
    symptom=lambda a, result: np.shape(result) == (len(a["x"]), a["network"].sizes[-1]),
)
def mean_alone(network, x, n_passes):
    return np.mean([np.asarray(network(x, training=True)) for _ in range(n_passes)], axis=0)


@mc_predict.variant
def in_one_call(network, x, n_passes):
    stacked = np.asarray(network(np.tile(x, (n_passes, 1)), training=True))
    passes = stacked.reshape(n_passes, len(x), -1)
    return passes.mean(axis=0), passes.std(axis=0)


@mc_predict.variant
def by_sums(network, x, n_passes):
    total = squares = 0.0
    for _ in range(n_passes):
        proba = np.asarray(network(x, training=True), dtype=float)
        total, squares = total + proba, squares + proba**2
    mean = total / n_passes
    return mean, np.sqrt(np.maximum(squares / n_passes - mean**2, 0))


equal_weights = question(
    "You set all weights of a layer to the same number, 0.1, and train. What happens?",
    wrong(
        "It learns as usual, since the gradients differ from example to example",
        "They differ between examples, but not between the units: each unit of the layer gets the very same one.",
    ),
    right(
        "All units of the layer stay alike, so the layer counts as one unit",
        "Same weights, same outputs, same gradients, at every step. Random initial weights break the symmetry (lesson 07).",
    ),
    wrong("The gradients explode", "Their size is not the trouble: they are equal, not large."),
    wrong(
        "He's variance makes up for it",
        "He's rule is about the spread of random weights. Equal weights have no spread.",
    ),
)

zero_biases = question(
    "May all biases start at zero?",
    wrong(
        "No: units with equal biases never part",
        "They part if their weights are random: their gradients differ then, those of the biases included.",
    ),
    wrong(
        "Only with batch normalization",
        "Batch normalization makes the bias before it redundant; zero is a fine start without it, too.",
    ),
    wrong(
        "No: a bias of zero has a gradient of zero",
        "The gradient of a bias is the gradient of z, which has nothing to do with the value of the bias.",
    ),
    right(
        "Yes: the random weights already make the units differ",
        "Keras, PyTorch and this course start biases at zero. Symmetry needs to be broken once, not twice.",
    ),
)

momentum_near_one = question(
    "SGD with momentum 0.9 settles well. You set momentum to 0.999 and keep the rest. What do you expect of v = beta v - lr g?",
    right(
        "It picks up great speed, passes the minimum and swings back, many times",
        "Past gradients fade over about 1 / (1 - beta) steps, so a thousand of them push. It rings before it settles (lesson 11).",
    ),
    wrong(
        "It stops at the first flat place",
        "On the contrary: with that much momentum it rolls through flat places.",
    ),
    wrong(
        "Nothing changes, since only lr sets the speed",
        "In a steady slope the speed is lr g / (1 - beta): a hundred times that of 0.9.",
    ),
    wrong(
        "It behaves like RMSProp",
        "RMSProp divides by the size of the gradients; momentum only sums them up.",
    ),
)

cost_of_dropout = question(
    "What does dropout cost in time? Think of training, of plain predictions, and of MC dropout with 50 passes.",
    wrong(
        "It slows all three down by the same factor",
        "Plain predictions drop nothing, and MC dropout asks many times.",
    ),
    wrong(
        "Predictions get slower, since the outputs must be scaled",
        "Inverted dropout scales in training, so nothing is left to do when predicting.",
    ),
    right(
        "Training needs more epochs, plain predictions cost nothing more, MC dropout costs 50 predictions",
        "The noise slows convergence down. When predicting, dropout is switched off and free, unless you ask for the passes.",
    ),
    wrong(
        "Training gets faster, since half of the units need not be computed",
        "The products are computed all the same and the noise asks for more steps.",
    ),
)

batch_norm_and_mc = question(
    "You call mc_predict on the network with batch normalization, one example at a time. What goes wrong?",
    wrong(
        "Nothing: training=True concerns dropout alone",
        "It concerns every layer that behaves differently in training.",
    ),
    right(
        "training=True also makes batch normalization use the statistics of that one example",
        "A batch of one has variance 0 and is its own mean, so the example is wiped out. Switch on dropout layers only.",
    ),
    wrong("It is slow and otherwise right", "It is slow as well, but its numbers mean nothing."),
    wrong(
        "The weights are trained by accident",
        "Weights move in fit only. The moving statistics would, though, which is bad enough.",
    ),
)

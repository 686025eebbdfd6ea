"""Exercise build_transfer_model: A classifier for a new task, made from one for an old task."""

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    Base,
    has_other_weights,
    has_the_old_head,
    head_on_top,
    is_frozen,
    last_activation,
    seed_from,
    shapes_of,
    wrong_with_new_head,
)
from nnutils.lessons.transfer_learning.exercises.shared import OURS, cloned


@exercise(
    points=3,
    minutes=8,
    allows=OURS,
    hints=(
        "Three things are needed: layers of your own that look like the base's, the base's weights in them, "
        "and a new last layer. Keras has a function for the first and a pair of methods for the second.",
        "keras.models.clone_model(base) has new layers with new random weights; copy.set_weights(...) "
        "gives it those of base.get_weights(). All layers but the last are copy.layers[:-1].",
        "After the copy: keras.Sequential([keras.Input(base.input_shape[1:]), *copy.layers[:-1], "
        'keras.layers.Dense(n_classes, activation="softmax")]).',
    ),
)
def build_transfer_model(base, n_classes):
    """A classifier for a new task, made from one for an old task.

    base: a keras.Sequential; its last layer, a Dense layer,
    is the head of the old task.
    n_classes: the number of new classes.
    Returns a new keras.Sequential, not compiled,
    all of its layers trainable: every layer of base but the last,
    with the same weights, and a new Dense layer with n_classes outputs and
    softmax. The new model shares no layer with base,
    so that training it leaves base as it is:
    keras.models.clone_model(base) makes layers of the same kind
    with random weights, get_weights and set_weights carry the weights over.
    Source: Yosinski et al. 2014.
    """
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    head = keras.layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(base.input_shape[1:]), *copy.layers[:-1], head])


@build_transfer_model.cases
def _(rng):
    yield Base((4, 7, 3), seed_from(rng), normalized=True), 4
    yield Base((3, 5, 4, 2), seed_from(rng)), 2
    yield Base((2, 3, 3), seed_from(rng)), 2


@build_transfer_model.judge
def _(a, result):
    return wrong_with_new_head(a["base"], a["n_classes"], result)


def _assembled(base, layers, n_classes, activation="softmax"):
    head = keras.layers.Dense(n_classes, activation=activation)
    return keras.Sequential([keras.Input(base.input_shape[1:]), *layers, head])


def _copied(base):
    return cloned(base).layers


@build_transfer_model.mistake(
    "The new model is built of the base's own layers. Train it, and the base changes with it and forgets its "
    "task. Clone the base, and give the clone the base's weights.",
    symptom=lambda a, model: bool(model.shares) and not model.given,
)
def layers_shared(base, n_classes):
    return _assembled(base, base.layers[:-1], n_classes)


@build_transfer_model.mistake(
    "The layers are right, and their weights are random: clone_model copies the architecture alone, so nothing that was "
    "learned is taken over. Call set_weights with the base's get_weights().",
    symptom=lambda a, model: has_other_weights(a["base"], model),
)
def weights_forgotten(base, n_classes):
    return _assembled(base, keras.models.clone_model(base).layers[:-1], n_classes)


@build_transfer_model.mistake(
    "The old head is still there, below the new one: the new head sees the probabilities of the old classes only. "
    "Leave the last layer out, copy.layers[:-1].",
    symptom=lambda a, model: head_on_top(a["base"], model),
)
def old_head_beneath(base, n_classes):
    return _assembled(base, _copied(base), n_classes)


@build_transfer_model.mistake(
    "The last layer is the old head, or has its weights. The new task has classes of its own: put a new "
    "Dense layer with n_classes outputs in its place, and leave its weights random.",
    symptom=lambda a, model: has_the_old_head(a["base"], model),
)
def whole_copy(base, n_classes):
    return cloned(base)


@build_transfer_model.mistake(
    "You dropped more than the head: the last hidden layer is missing, too. Leave out one layer, the last.",
    symptom=lambda a, model: (
        len(model.weights) < len(a["base"].weights) and shapes_of(model)[-1] == (a["n_classes"],)
    ),
)
def one_layer_too_few(base, n_classes):
    return _assembled(base, _copied(base)[:-2], n_classes)


@build_transfer_model.mistake(
    "The new head has no activation, so the model gives scores and not probabilities. Its activation is softmax.",
    symptom=lambda a, model: last_activation(model) == "linear",
)
def without_softmax(base, n_classes):
    return _assembled(base, _copied(base)[:-1], n_classes, None)


@build_transfer_model.mistake(
    "The new head has a sigmoid for each class: those probabilities do not sum to 1. Exactly one class is "
    "right, so take softmax.",
    symptom=lambda a, model: last_activation(model) == "sigmoid",
)
def sigmoids(base, n_classes):
    return _assembled(base, _copied(base)[:-1], n_classes, "sigmoid")


@build_transfer_model.mistake(
    "The base itself lost its head and got the new one, so the old task is lost. Leave the base as it is: put the head on a copy.",
    symptom=lambda a, model: model.given == "base",
)
def head_of_the_base_replaced(base, n_classes):
    base.pop()
    base.add(keras.layers.Dense(n_classes, activation="softmax"))
    return base


@build_transfer_model.mistake(
    "The copied layers are frozen. Here every layer of the new model should be trainable: freezing is a step of its own, "
    "which comes next.",
    symptom=lambda a, model: is_frozen(a["base"], model),
)
def copies_frozen(base, n_classes):
    layers = _copied(base)[:-1]
    for layer in layers:
        layer.trainable = False
    return _assembled(base, layers, n_classes)


@build_transfer_model.mistake(
    "The new model is compiled already. Leave that to the one who trains it: which layers train, and at what rate, is settled then.",
    symptom=lambda a, model: model.settings is not None,
)
def compiled_already(base, n_classes):
    model = _assembled(base, _copied(base)[:-1], n_classes)
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
    return model


@build_transfer_model.mistake(
    "The new head has as many outputs as the old one. The new task has n_classes classes.",
    symptom=lambda a, model: (
        a["base"].sizes[-1] != a["n_classes"] and shapes_of(model)[-1] == (a["base"].sizes[-1],)
    ),
)
def as_many_classes_as_before(base, n_classes):
    return _assembled(base, _copied(base)[:-1], base.output_shape[-1])


@build_transfer_model.variant
def layer_by_layer(base, n_classes):
    model = keras.Sequential([keras.Input(base.input_shape[1:])])
    for layer in base.layers[:-1]:
        model.add(type(layer).from_config(layer.get_config()))
        model.layers[-1].set_weights(layer.get_weights())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


@build_transfer_model.variant
def nested_and_functional(base, n_classes):
    import keras as k

    inside = k.models.clone_model(k.Sequential([k.Input(base.input_shape[1:]), *base.layers[:-1]]))
    inside.set_weights(base.get_weights()[:-2])
    x = k.Input(base.input_shape[1:])
    scores = k.layers.Dense(n_classes)(inside(x))
    return k.Model(x, k.layers.Softmax()(scores))


@build_transfer_model.variant
def popped(base, n_classes):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    copy.pop()
    copy.add(keras.layers.Dense(n_classes, activation="softmax"))
    return copy

"""Exercises of lesson 16: take over what another network has learned, with Keras models."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.lazy import keras
from nnutils.givens.models import (
    Base,
    has_other_weights,
    has_the_old_head,
    head_on_top,
    is_frozen,
    last_activation,
    named,
    not_a_model,
    seed_from,
    shapes_of,
    wrong_loss,
    wrong_optimizer,
    wrong_with_new_head,
)
from nnutils.givens.rebuilt import shown
from nnutils.givens.sent import SentModel
from nnutils.givens.transfer_learning import Network, Trainee

NUMBER = 16
MINUTES = 75
SEEDS = 3  # Keras models take their time

OURS = ("keras", "tensorflow")


@exercise(
    points=3,
    minutes=10,
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

    base: a keras.Sequential; its last layer, a Dense layer, is the head of the old task.
    n_classes: the number of new classes.
    Returns a new keras.Sequential, not compiled, all of its layers trainable: every layer
    of base but the last, with the same weights, and a new Dense layer with n_classes outputs
    and softmax. The new model shares no layer with base, so that training it leaves base as it is:
    keras.models.clone_model(base) makes layers of the same kind with random weights,
    get_weights and set_weights carry the weights over.
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
    return _cloned(base).layers


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
    "This is the whole base again, its old head included. The new task has classes of its own: put a new "
    "Dense layer with n_classes outputs in the head's place.",
    symptom=lambda a, model: has_the_old_head(a["base"], model),
)
def whole_copy(base, n_classes):
    return _cloned(base)


def _cloned(base):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    return copy


@build_transfer_model.mistake(
    "You dropped more than the head: the last hidden layer is missing, too. Leave out one layer, the last.",
    symptom=lambda a, model: len(model.weights) < len(a["base"].weights),
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


@exercise(
    points=1,
    minutes=5,
    allows=OURS,
    hints=(
        "Every Keras layer has a flag, layer.trainable, which you may set.",
        "All layers but the last are model.layers[:-1]. And the last one may have been frozen before.",
        "Loop over model.layers[:-1] and set layer.trainable = False; set model.layers[-1].trainable = True; "
        "return model.",
    ),
)
def freeze(model):
    """Freeze every layer of a model but the last, its head.

    model: a keras.Sequential. Its weights stay as they are.
    Sets the flag `trainable` of the model's own layers: False for all of them but the last,
    and True for the last, whatever it was before. Returns this same model.
    """
    *below, head = model.layers
    for layer in below:
        layer.trainable = False
    head.trainable = True
    return model


@freeze.cases
def _(rng):
    yield (Network((3, 4, 5, 3, 2), seed_from(rng)),)
    yield (Network((4, 3, 2, 3, 2), seed_from(rng), (False, True, True, True)),)
    yield (Network((2, 4, 2, 3, 3), seed_from(rng), (True, True, True, False)),)


def _not_this_model(result):
    """What is wrong where the function does not return the model that it was given."""
    if result is None:
        return "it should return the model"
    if not isinstance(result, SentModel):
        return not_a_model(result)
    return (
        None if result.given == "model" else "this is another model: set the flags of the one that is given"
    )


def _as_words(flags):
    return ", ".join("trainable" if flag else "frozen" for flag in flags)


def _wrong_flags(model, wanted):
    if model.flags != wanted:
        return f"the layers should be {_as_words(wanted)}; yours are {_as_words(model.flags)}"
    if model.learns != [flag for flag in wanted for _ in ("kernel", "bias")]:
        return "the flags of the layers are right, but the flag of the model itself keeps all of it frozen"
    return None


@freeze.judge
def _(a, result):
    layers = len(a["model"].flags)
    return _not_this_model(result) or _wrong_flags(result, [False] * (layers - 1) + [True])


@freeze.mistake(
    "The model's own flag is False, and that counts for all that is inside it: nothing can be trained, although the "
    "head's flag is True. Set the flags of the layers, and leave the model's.",
    symptom=lambda a, model: not model.trainable and model.flags[-1],
)
def by_the_flag_of_the_model(model):
    model.trainable = False
    model.layers[-1].trainable = True
    return model


@freeze.mistake(
    "The head is frozen, too, so nothing is left that could learn. Stop before the last layer, and set its own flag to True: "
    "it may have been False before.",
    symptom=lambda a, model: not any(model.flags),
)
def head_too(model):
    for layer in model.layers:
        layer.trainable = False
    return model


@freeze.mistake(
    "This is the wrong way round: the head is frozen and the layers that you took over are trainable.",
    symptom=lambda a, model: all(model.flags[:-1]) and not model.flags[-1],
)
def head_alone(model):
    for layer in model.layers[:-1]:
        layer.trainable = True
    model.layers[-1].trainable = False
    return model


@freeze.mistake(
    "Only the first layer is frozen. All of them are to be, but the last.",
    symptom=lambda a, model: model.flags == [False] + [True] * (len(model.flags) - 1),
)
def first_alone(model):
    model.layers[0].trainable = False
    model.layers[-1].trainable = True
    return model


@freeze.mistake(
    "You froze a copy, and the model itself is as it was. Set the flags of the layers of the model that you are given.",
    symptom=lambda a, model: not model.given,
)
def a_copy(model):
    return flag_by_position(_cloned(model))


@freeze.mistake(
    "The last hidden layer is still trainable: you stopped one layer too early. Freeze every layer but the very last.",
    symptom=lambda a, model: model.flags == [False] * (len(model.flags) - 2) + [True, True],
)
def stopped_one_too_early(model):
    for i, layer in enumerate(model.layers):
        layer.trainable = i >= len(model.layers) - 2
    return model


@freeze.mistake(
    "The function returns None. Return the model after setting the flags.",
    symptom=lambda a, model: model is None,
)
def nothing_returned(model):
    flag_by_position(model)


@freeze.variant
def flag_by_position(model):
    for i, layer in enumerate(model.layers):
        layer.trainable = i == len(model.layers) - 1
    return model


@freeze.variant
def all_then_the_head(model):
    model.trainable = False
    model.trainable = True
    for layer in model.layers:
        if layer is not model.layers[-1]:
            layer.trainable = False
    return model


@exercise(
    points=1,
    minutes=4,
    allows=OURS,
    hints=(
        "Which part of the list model.layers is meant? Layers count from 0, as lists do.",
        "A slice with a start and no end: model.layers[from_layer:].",
        "Loop over model.layers[from_layer:], set layer.trainable = True, and return model.",
    ),
)
def unfreeze(model, from_layer):
    """Make the upper layers of a model trainable again.

    model: a keras.Sequential. from_layer: index of the first layer to be trainable, from 0.
    Sets the flag `trainable` of the layers from_layer, from_layer + 1, ... up to the last
    to True and leaves the layers before them as they are. Returns this same model. The
    weights stay as they are.
    """
    for layer in model.layers[from_layer:]:
        layer.trainable = True
    return model


@unfreeze.cases
def _(rng):
    frozen = (False, False, False, False, True)
    yield Network((2, 3, 4, 3, 2, 2, 3), seed_from(rng), (False, *frozen)), 2
    yield Network((3, 2, 3, 4, 3, 2), seed_from(rng), frozen), 1
    yield Network((3, 4, 2), seed_from(rng), (False, True)), 0
    yield Network((3, 4, 2, 3, 2, 2, 3, 2, 2), seed_from(rng), (True, *[False] * 7)), 5


@unfreeze.judge
def _(a, result):
    flags = a["model"].flags
    wanted = [flag or i >= a["from_layer"] for i, flag in enumerate(flags)]
    return _not_this_model(result) or _wrong_flags(result, wanted)


def _shows(pattern, least=1):
    """A symptom: the layers with `pattern(i, from_layer, n)` are trainable, the others as they were, and from_layer >= least."""

    def symptom(a, model):
        before, k = a["model"].flags, a["from_layer"]
        return k >= least and model.flags == [
            flag or bool(pattern(i, k, len(before))) for i, flag in enumerate(before)
        ]

    return symptom


@unfreeze.mistake(
    "One layer too few: the layer with the index from_layer itself should be trainable, too.",
    symptom=_shows(lambda i, k, n: i > k),
)
def one_too_few(model, from_layer):
    for layer in model.layers[from_layer + 1 :]:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "You unfroze the layers before from_layer. Those near the input are the ones to leave frozen: take from_layer and "
    "all that come after it.",
    symptom=_shows(lambda i, k, n: i < k),
)
def the_first_ones(model, from_layer):
    for layer in model.layers[:from_layer]:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "You unfroze the one layer from_layer. The ones after it belong to it, up to the last.",
    symptom=_shows(lambda i, k, n: i == k),
)
def that_one_alone(model, from_layer):
    model.layers[from_layer].trainable = True
    return model


@unfreeze.mistake(
    "One layer too many: the layer before from_layer is trainable, too. Start at the index from_layer, which counts from 0.",
    symptom=_shows(lambda i, k, n: i >= k - 1, least=2),
)
def one_too_many(model, from_layer):
    for layer in model.layers[max(from_layer - 1, 0) :]:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "All layers are trainable now. Those before from_layer should be left as they are.",
    symptom=lambda a, model: a["from_layer"] > 0 and all(model.flags),
)
def every_layer(model, from_layer):
    for layer in model.layers:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "The function returns None. Return the model once its flags are set.",
    symptom=lambda a, model: model is None,
)
def without_return(model, from_layer):
    by_index(model, from_layer)


@unfreeze.mistake(
    "You froze the layers before from_layer, one of which was trainable. Leave those as they are: only set flags to True.",
    symptom=lambda a, model: (
        any(a["model"].flags[: a["from_layer"]])
        and model.flags == [i >= a["from_layer"] for i in range(len(model.flags))]
    ),
)
def the_others_frozen(model, from_layer):
    for i, layer in enumerate(model.layers):
        layer.trainable = i >= from_layer
    return model


@unfreeze.mistake(
    "You counted from the end: these are the last from_layer layers. from_layer is an index from the front, "
    "model.layers[from_layer:].",
    symptom=_shows(lambda i, k, n: i >= n - k, least=2),
)
def counted_from_the_end(model, from_layer):
    for layer in model.layers[-from_layer:]:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "The head is left out. Unfreeze up to the last layer, with no end in the slice: model.layers[from_layer:].",
    symptom=lambda a, model: (
        not a["model"].flags[-1] and not model.flags[-1] and all(model.flags[a["from_layer"] : -1])
    ),
)
def head_left_out(model, from_layer):
    for layer in model.layers[from_layer:-1]:
        layer.trainable = True
    return model


@unfreeze.mistake(
    "You set the flags of a copy, and the model itself is as it was. Set those of the model that you are given.",
    symptom=lambda a, model: not model.given,
)
def flags_of_a_copy(model, from_layer):
    return by_index(_cloned(model), from_layer)


@unfreeze.variant
def by_index(model, from_layer):
    for i in range(from_layer, len(model.layers)):
        model.layers[i].trainable = True
    return model


@unfreeze.variant
def by_condition(model, from_layer):
    for i, layer in enumerate(model.layers):
        layer.trainable = layer.trainable or i >= from_layer
    return model


@exercise(
    points=1,
    minutes=6,
    allows=OURS,
    hints=(
        "Keras keeps a list of the arrays that training may change. Each of them has a shape.",
        "The list is model.trainable_weights. How many numbers are in an array of shape (3, 4)?",
        "Sum np.prod(w.shape) over all w in model.trainable_weights, and make it an int.",
    ),
)
def trainable_parameters(model):
    """How many numbers of a model training may change.

    model: a keras.Sequential, part of which may be frozen.
    Returns an int: the number of entries of all arrays in model.trainable_weights together,
    biases included. The running mean and variance of batch normalization are not among
    them, since no gradient moves them.
    """
    return int(sum(np.prod(weight.shape) for weight in model.trainable_weights))


@trainable_parameters.cases
def _(rng):
    yield (Network((5, 4, 3), seed_from(rng), (False, True)),)
    yield (Network((4, 6, 3), seed_from(rng), normalized=True),)
    yield (Network((3, 4), seed_from(rng), (False,)),)


@trainable_parameters.mistake(
    "You counted every parameter, the frozen ones too. Training changes those in model.trainable_weights only."
)
def all_of_them(model):
    return model.count_params()


@trainable_parameters.mistake("You counted the arrays. Each holds many numbers: the product of its shape.")
def number_of_arrays(model):
    return len(model.trainable_weights)


@trainable_parameters.mistake(
    "These are the kernels alone. The biases learn as well, and so do gamma and beta of batch normalization."
)
def kernels_alone(model):
    return int(sum(np.prod(w.shape) for w in model.trainable_weights if len(w.shape) > 1))


@trainable_parameters.mistake(
    "These are the parameters that training leaves alone. Asked for are the others, in model.trainable_weights."
)
def the_frozen_ones(model):
    return int(sum(np.prod(w.shape) for w in model.non_trainable_weights))


@trainable_parameters.mistake(
    "You counted all numbers of the layers whose flag is True. A layer of batch normalization also holds a running mean "
    "and variance, which no gradient moves: ask model.trainable_weights."
)
def by_flag_of_the_layer(model):
    return sum(layer.count_params() for layer in model.layers if layer.trainable)


@trainable_parameters.variant
def array_by_array(model):
    count = 0
    for layer in model.layers:
        for weight in layer.trainable_weights:
            count += weight.numpy().size
    return count


@trainable_parameters.variant
def all_less_the_frozen(model):
    frozen = sum(np.size(w.numpy()) for w in model.non_trainable_weights)
    return model.count_params() - frozen


@exercise(
    points=3,
    minutes=15,
    allows=OURS,
    hints=(
        "In each phase four things happen, in this order: flags, compile, fit, keep the history. freeze and unfreeze "
        "set the flags between them.",
        "unfreeze(freeze(model), from_layer) has exactly the layers from from_layer on trainable. model.compile with a "
        "new keras.optimizers.Adam(lr) makes Keras look at the flags again.",
        "for from_layer, lr, epochs in phases: unfreeze(freeze(model), from_layer); model.compile(...); "
        "histories.append(model.fit(X, y, epochs=epochs, batch_size=16, verbose=0)). Return model, histories.",
    ),
)
def fine_tune(model, data, phases):
    """Train a model in phases, each with its own trainable layers and learning rate.

    model: a keras.Sequential that ends in a softmax; data: a pair (X, y), y whole numbers,
    one an example; phases: a list of (from_layer, lr, epochs). In each phase the layers
    from index from_layer on are trainable and those before it frozen; compile the model
    anew, with keras.optimizers.Adam(lr) and the loss "sparse_categorical_crossentropy";
    fit it once on all of data, for that many epochs, with batch_size=16.
    (jit_compile=False and verbose=0 save time and lines: for a small model, compiling with
    XLA takes longer than it saves.)
    Trains this very model. Returns (model, histories): a list of what fit returned, one for
    each phase.
    """
    X, y = data
    histories = []
    for from_layer, lr, epochs in phases:
        unfreeze(freeze(model), from_layer)
        model.compile(keras.optimizers.Adam(lr), "sparse_categorical_crossentropy", jit_compile=False)
        histories.append(model.fit(X, y, batch_size=16, epochs=epochs, verbose=0))
    return model, histories


@fine_tune.cases
def _(rng):
    yield Trainee((4, 5, 3, 3), seed_from(rng)), _data(rng, 4, 3), [(2, 0.02, 3), (0, 0.005, 2)]
    yield (
        Trainee((3, 4, 4, 2), seed_from(rng), (False, False, True)),
        _data(rng, 3, 2),
        [(2, 0.03, 1), (1, 0.01, 2), (2, 0.002, 1)],
    )
    yield Trainee((3, 4, 2), seed_from(rng)), _data(rng, 3, 2), [(1, 0.004, 2)]


def _data(rng, n_x, classes):
    return rng.normal(size=(20, n_x)).astype(np.float32), rng.integers(classes, size=20)


@fine_tune.judge
def _(a, result):
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "it should return two things: the model and the list of histories"
    model, histories = result
    wrong = _not_this_model(model)
    if wrong:
        return wrong.replace("set the flags of", "train")
    phases, fits = a["phases"], model.fits
    if len(fits) != len(phases):
        return f"there are {len(phases)} phases, and fit was called {len(fits)} times"
    for number, (phase, fit) in enumerate(zip(phases, fits, strict=True), 1):
        wrong = _wrong_phase(phase, fit, len(a["data"][1]))
        if wrong:
            return f"phase {number}: {wrong}"
    weights, losses = a["model"].trained(*a["data"], phases)
    if not isinstance(histories, list | tuple) or not _alike(histories, losses):
        return "the list of histories should hold what fit returned, one for each phase"
    if not all(map(np.allclose, model.weights, weights)):
        return "the weights are not what these phases of training make of the given ones"
    return None


def _alike(histories, losses):
    """Whether each history holds the losses of its phase."""
    told = [one["loss"] for one in histories]
    return list(map(len, told)) == list(map(len, losses)) and all(map(np.allclose, told, losses))


def _wrong_phase(phase, fit, examples):
    """What is wrong with one call of fit, or None."""
    from_layer, lr, epochs = phase
    wanted = [i >= from_layer for i in range(len(fit["flags"]))]
    if fit["flags"] != wanted:
        return f"the layers should be {_as_words(wanted)}; yours are {_as_words(fit['flags'])}"
    if not fit["compiled"]:
        return (
            "the model was not compiled for it, so Keras goes on with the flags and the optimiser of before"
        )
    if wrong := wrong_optimizer(fit, "Adam", lr) or wrong_loss(fit, "sparse_categorical_crossentropy"):
        return wrong
    for word, wanted, mine in (
        ("epochs", epochs, fit["epochs"]),
        ("examples in a batch", 16, fit["batch_size"] or 32),  # 32 is Keras' own
        ("examples", examples, fit["examples"]),
    ):
        if mine != wanted:
            return f"it should take {wanted} {word}, yours takes {shown(mine)}"
    return f"fit was given {shown(', '.join(fit['odd']))}, which is not asked for" if fit["odd"] else None


def _in_each_phase(holds, where=lambda phases: True):
    """A symptom: fit is called once a phase, and `holds(a, phase, fit)` for all; in cases whose phases are such that it shows."""

    def symptom(a, result):
        fits, phases = result[0].fits, a["phases"]
        return (
            where(phases)
            and len(fits) == len(phases)
            and all(holds(a, *pair) for pair in zip(phases, fits, strict=True))
        )

    return symptom


def _trained(
    model, data, phases, flags=lambda i, k: i >= k, lr=None, compiled=lambda n: True, optimizer="Adam",
    loss="sparse_categorical_crossentropy", **how,
):  # fmt: skip
    """The phases, with something done otherwise."""
    histories = []
    for number, (from_layer, rate, epochs) in enumerate(phases):
        for i, layer in enumerate(model.layers):
            layer.trainable = bool(flags(i, from_layer))
        if compiled(number):
            model.compile(getattr(keras.optimizers, optimizer)(lr or rate), loss, jit_compile=False)
        histories.append(model.fit(*data, **{"batch_size": 16, "epochs": epochs, "verbose": 0, **how}))
    return model, histories


@fine_tune.mistake(
    "The model is compiled once, before the phases. Keras looks at the flags and takes the optimiser when you compile: "
    "without compiling again, a later phase trains what the first one trained, at its learning rate.",
    symptom=lambda a, result: not all(fit["compiled"] for fit in result[0].fits),
)
def compiled_once(model, data, phases):
    return _trained(model, data, phases, compiled=lambda number: number == 0)


@fine_tune.mistake(
    "Every phase trains all layers: nothing is frozen. Freeze the layers before from_layer in each phase.",
    symptom=_in_each_phase(lambda a, phase, fit: all(fit["flags"])),
)
def nothing_frozen(model, data, phases):
    return _trained(model, data, phases, flags=lambda i, k: True)


@fine_tune.mistake(
    "Every phase trains the head alone. Unfreeze the layers from from_layer on before you compile.",
    symptom=_in_each_phase(
        lambda a, phase, fit: sum(fit["flags"]) == 1 and fit["flags"][-1], lambda phases: len(phases) > 1
    ),
)
def head_in_every_phase(model, data, phases):
    last = len(model.layers) - 1
    return _trained(model, data, phases, flags=lambda i, k: i == last)


@fine_tune.mistake(
    "The layers are frozen the wrong way round: those before from_layer are to be frozen, those from it on trainable.",
    symptom=_in_each_phase(
        lambda a, phase, fit: fit["flags"] == [i < phase[0] for i in range(len(fit["flags"]))]
    ),
)
def wrong_way_round(model, data, phases):
    return _trained(model, data, phases, flags=lambda i, k: i < k)


@fine_tune.mistake(
    "Every phase has the first one's learning rate. Each phase brings its own: compile with a new Adam(lr).",
    symptom=_in_each_phase(
        lambda a, phase, fit: np.isclose(fit["learning_rate"], a["phases"][0][1]),
        lambda phases: len(phases) > 1,
    ),
)
def first_rate_for_all(model, data, phases):
    return _trained(model, data, phases, lr=phases[0][1])


@fine_tune.mistake(
    "The learning rate is Adam's default, 0.001, in every phase. Hand Adam the phase's lr.",
    symptom=_in_each_phase(lambda a, phase, fit: np.isclose(fit["learning_rate"], 1e-3)),
)
def default_rate(model, data, phases):
    return _trained(model, data, phases, lr=1e-3)


@fine_tune.mistake(
    "Every phase takes one epoch. Hand fit the phase's number of epochs.",
    symptom=_in_each_phase(
        lambda a, phase, fit: fit["epochs"] == 1, lambda phases: any(epochs > 1 for *_, epochs in phases)
    ),
)
def one_epoch_each(model, data, phases):
    return _trained(model, data, phases, epochs=1)


@fine_tune.mistake(
    "Only the last phase's history is returned. Keep what fit returns in a list, one for each phase.",
    symptom=lambda a, result: isinstance(result[1], dict),
)
def last_history(model, data, phases):
    model, histories = _trained(model, data, phases)
    return model, histories[-1]


@fine_tune.mistake(
    "The model alone is returned. Return two things: the model, and the list of what fit returned.",
    symptom=lambda a, result: isinstance(result, SentModel),
)
def without_histories(model, data, phases):
    return _trained(model, data, phases)[0]


@fine_tune.mistake(
    "A layer that an earlier phase unfroze is still trainable in a later phase, which should freeze it again. Set all flags "
    "anew in each phase: first freeze, then unfreeze.",
    symptom=lambda a, result: any(
        k > low and fit["flags"] == [i >= low for i in range(len(fit["flags"]))]
        for (k, *_), low, fit in zip(a["phases"], _lowest(a["phases"]), result[0].fits, strict=True)
    ),
)
def never_frozen_again(model, data, phases):
    return _trained(model, data, [(k, *rest) for k, (_, *rest) in zip(_lowest(phases), phases, strict=True)])


def _lowest(phases):
    """For each phase: the lowest layer that was to be trainable until then."""
    return [min(k for k, *_ in phases[: number + 1]) for number in range(len(phases))]


@fine_tune.mistake(
    "The optimizer is not Adam. Compile with keras.optimizers.Adam(lr).",
    symptom=_in_each_phase(lambda a, phase, fit: fit["optimizer"] != "Adam"),
)
def plain_descent(model, data, phases):
    return _trained(model, data, phases, optimizer="SGD")


@fine_tune.mistake(
    "This loss wants one-hot labels. Here y holds whole numbers: sparse_categorical_crossentropy.",
    symptom=_in_each_phase(lambda a, phase, fit: named(fit["loss"], "categorical_crossentropy")),
)
def loss_for_one_hot_labels(model, data, phases):
    return _trained(model, data, phases, loss="categorical_crossentropy")


@fine_tune.mistake(
    "The loss is the squared error, as in a regression. The model gives probabilities of classes: sparse_categorical_crossentropy.",
    symptom=_in_each_phase(lambda a, phase, fit: named(fit["loss"], "mse", "mean_squared_error")),
)
def squared_error(model, data, phases):
    return _trained(model, data, phases, loss="mse")


@fine_tune.mistake(
    "The loss is told from_logits=True, and so takes a softmax of the probabilities once more. The model ends in a softmax: "
    "leave from_logits out.",
    symptom=_in_each_phase(lambda a, phase, fit: fit["from_logits"]),
)
def probabilities_as_logits(model, data, phases):
    return _trained(model, data, phases, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))


@fine_tune.mistake(
    "The batches have 32 examples, which is Keras' default. Hand fit batch_size=16.",
    symptom=_in_each_phase(lambda a, phase, fit: fit["batch_size"] in (None, 32)),
)
def default_batch_size(model, data, phases):
    return _trained(model, data, phases, batch_size=None)


@fine_tune.mistake(
    "fit sees only a part of the examples, often because of validation_split, which holds some of them out. Train on all of data.",
    symptom=_in_each_phase(lambda a, phase, fit: fit["examples"] < len(a["data"][1])),
)
def some_held_out(model, data, phases):
    return _trained(model, data, phases, validation_split=0.2)


@fine_tune.mistake(
    "You trained a copy, and the given model learned nothing. Train the model itself.",
    symptom=lambda a, result: isinstance(result[0], SentModel) and not result[0].given,
)
def a_copy_trained(model, data, phases):
    return _trained(_quickly(_cloned(model)), data, phases)


def _quickly(model):
    """The model, with a fit that trains nothing: it stands for one of Keras', which takes seconds."""
    model.fit = lambda *args, **kwargs: keras.callbacks.History()
    return model


@fine_tune.variant
def step_by_step(model, data, phases):
    return _trained(model, data, phases)


@fine_tune.variant
def as_a_comprehension(model, data, phases):
    def phase(from_layer, lr, epochs):
        for layer in model.layers[:from_layer]:
            layer.trainable = False
        for layer in model.layers[from_layer:]:
            layer.trainable = True
        model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(lr))
        return model.fit(data[0], data[1], batch_size=16, epochs=epochs, verbose=0).history

    return [model, [phase(*one) for one in phases]]


why_clone = question(
    "A colleague builds `new = keras.Sequential([*base.layers[:-1], keras.layers.Dense(5)])`, trains `new` with every layer "
    "trainable, and then reads old digits with `base`. What happens?",
    wrong(
        "Nothing: `base` and `new` are two models",
        "Two models, but the same layer objects inside. A model is a list of layers, and the list does not copy them.",
    ),
    wrong(
        "Keras refuses, since a layer may belong to one model only",
        "A layer may belong to many models; that is how weights are shared on purpose.",
    ),
    right(
        "`base` gets worse at the old digits",
        "The layers are shared, so training `new` changed them, and base's old head does not fit them any more.",
    ),
    wrong(
        "`base` gets better, since its layers have seen more data",
        "They have moved to suit another task and another head; the lesson measured what that does to the old one.",
    ),
)

no_recompile = question(
    "You train with the base frozen, set `layer.trainable = True` for all layers, and call `fit` again at once. What is trained?",
    right(
        "The head alone, as before",
        "The training step was built when the model was compiled and first fitted; new flags count after the next compile.",
    ),
    wrong("All layers", "The flag is True, but nobody has looked at it since the training step was built."),
    wrong("Nothing, Keras raises an error", "It does not complain, which is why this slip is so common."),
    wrong(
        "The unfrozen layers, without the head",
        "The head was trainable all the time; nothing takes that away.",
    ),
)

frozen_or_tuned = question(
    "You have 30 labelled pictures of a new kind, and a base that was trained on a million pictures of a related one. What is a "
    "sound first step?",
    wrong(
        "Train all layers at once, at the usual learning rate",
        "The new head is random at first, and its large gradients run down into the layers that you took over.",
    ),
    right(
        "Freeze the base and train a new head, then see whether fine-tuning at a low rate adds anything",
        "With so few labels, a few parameters are what you can learn; the head must be sensible before gradients through it are.",
    ),
    wrong(
        "Train a small network from scratch, since it has fewer parameters",
        "It would have to learn from 30 pictures what the base already knows: edges, strokes, corners.",
    ),
    wrong(
        "Freeze the head and train the base",
        "The head is the one part that knows nothing yet, so it is the one that must learn.",
    ),
)

when_lead_shrinks = question(
    "Why does the lead of transfer over training from scratch shrink as labels are added?",
    wrong(
        "The base forgets what it knew",
        "The copy is trained further, but the lead shrinks with a frozen base as well.",
    ),
    wrong(
        "More labels need a larger network",
        "All the runs of the lesson had the same architecture.",
    ),
    wrong(
        "With more labels, transfer gets worse",
        "Its accuracy rises with the labels, too, only more slowly: it starts higher.",
    ),
    right(
        "The network from scratch learns from the labels what the other one had been given",
        "What the base brings is worth as much as some labels; the more you have of your own, the less that adds.",
    ),
)

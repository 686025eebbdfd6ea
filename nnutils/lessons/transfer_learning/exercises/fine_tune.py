"""Exercise fine_tune: train a model in phases, each with its own trainable layers and learning rate."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    named,
    seed_from,
    wrong_loss,
    wrong_optimizer,
)
from nnutils.checks.rebuilt import shown
from nnutils.checks.sent import SentModel
from nnutils.lessons.transfer_learning.exercises.freeze import freeze
from nnutils.lessons.transfer_learning.exercises.shared import OURS, as_words, cloned, not_this_model
from nnutils.lessons.transfer_learning.exercises.unfreeze import unfreeze
from nnutils.lessons.transfer_learning.given import Trainee


@exercise(
    points=3,
    minutes=9,
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
    """Train a model in phases, each with its own trainable layers
    and learning rate.

    model: a keras.Sequential that ends in a softmax; data: a pair (X, y),
    y whole numbers, one an example; phases: a list of
    (from_layer, lr, epochs). In each phase the layers from index from_layer
    on are trainable and those before it frozen; compile the model anew,
    with keras.optimizers.Adam(lr) and the loss
    "sparse_categorical_crossentropy"; fit it once on all of data,
    for that many epochs, with batch_size=16.
    (jit_compile=False and verbose=0 save time and lines: for a small
    model, compiling with XLA takes longer than it saves.)
    Trains this very model. Returns (model, histories): a list of what fit
    returned, one for each phase.
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
    wrong = not_this_model(model)
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
    of_dicts = isinstance(histories, list | tuple) and all(isinstance(one, dict) for one in histories)
    if not of_dicts or not _alike(histories, losses):
        return "the list of histories should hold what fit returned, one for each phase"
    if not all(map(np.allclose, model.weights, weights)):
        return "the weights are not what these phases of training make of the given ones"
    return None


def _alike(histories, losses):
    """Whether each history holds the losses of its phase."""
    told = [history["loss"] for history in histories]
    return list(map(len, told)) == list(map(len, losses)) and all(map(np.allclose, told, losses))


def _wrong_phase(phase, fit, examples):
    """What is wrong with one call of fit, or None."""
    from_layer, lr, epochs = phase
    wanted = [i >= from_layer for i in range(len(fit["flags"]))]
    if fit["flags"] != wanted:
        return f"the layers should be {as_words(wanted)}; yours are {as_words(fit['flags'])}"
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
    "The model is compiled once, before the phases. Keras takes flags and optimizer for the step that it builds after a compile: "
    "without compiling again, a later phase trains what the first one trained, at its learning rate.",
    symptom=lambda a, result: (
        len(result[0].fits) == len(a["phases"]) and not all(fit["compiled"] for fit in result[0].fits)
    ),
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
    "fit is called once for each epoch. Call it once for each phase, and hand it the phase's number of epochs: then there is one "
    "history for each phase.",
    symptom=lambda a, result: (
        len(result[0].fits) == sum(epochs for *_, epochs in a["phases"]) > len(a["phases"])
    ),
)
def a_fit_for_each_epoch(model, data, phases):
    return _trained(model, data, [(k, lr, 1) for k, lr, epochs in phases for _ in range(epochs)])


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
    return _trained(_quickly(cloned(model)), data, phases)


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

    return [model, [phase(*settings) for settings in phases]]

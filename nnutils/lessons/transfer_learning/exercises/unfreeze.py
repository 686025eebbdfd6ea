"""Exercise unfreeze: make the upper layers of a model trainable again."""

from nnutils.checks.exercise import exercise
from nnutils.checks.models import (
    seed_from,
)
from nnutils.lessons.transfer_learning.exercises.shared import OURS, cloned, not_this_model, wrong_flags
from nnutils.lessons.transfer_learning.given import Network


@exercise(
    points=1,
    minutes=3,
    allows=OURS,
    hints=(
        "Which part of the list model.layers is meant? Layers count from 0, as lists do.",
        "A slice with a start and no end: model.layers[from_layer:].",
        "Loop over model.layers[from_layer:], set layer.trainable = True, and return model.",
    ),
)
def unfreeze(model, from_layer):
    """Make the upper layers of a model trainable again.

    model: a keras.Sequential. from_layer: index of the first layer to be
    trainable, from 0.
    Sets the flag `trainable` of the layers from_layer, from_layer + 1,
    ... up to the last to True and leaves the layers before them as they are.
    Returns this same model. The weights stay as they are.
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
    return not_this_model(result) or wrong_flags(result, wanted)


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
    return by_index(cloned(model), from_layer)


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

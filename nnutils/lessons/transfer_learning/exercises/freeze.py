"""Exercise freeze: freeze every layer of a model but the last, its head."""

from nnutils.checks.exercise import exercise
from nnutils.checks.models import (
    seed_from,
)
from nnutils.lessons.transfer_learning.exercises.shared import OURS, cloned, not_this_model, wrong_flags
from nnutils.lessons.transfer_learning.given import Network


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
    Sets the flag `trainable` of the model's own layers: False for all of
    them but the last, and True for the last, whatever it was before.
    Returns this same model.
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


@freeze.judge
def _(a, result):
    layers = len(a["model"].flags)
    return not_this_model(result) or wrong_flags(result, [False] * (layers - 1) + [True])


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
    return flag_by_position(cloned(model))


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

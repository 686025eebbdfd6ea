"""Exercise trainable_parameters: how many numbers of a model training may change."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.models import (
    seed_from,
)
from nnutils.lessons.transfer_learning.exercises.shared import OURS
from nnutils.lessons.transfer_learning.given import Network


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
    Returns an int: the number of entries of all arrays in
    model.trainable_weights together, biases included.
    The running mean and variance of batch normalization are not among them,
    since no gradient moves them.
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

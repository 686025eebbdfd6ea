"""Exercises of lesson 07: a signal through many layers, the weights that keep its size, and clipped gradients."""

from nnutils.lessons.initialization.exercises.activation_statistics import activation_statistics
from nnutils.lessons.initialization.exercises.init_std import init_std
from nnutils.lessons.initialization.exercises.initialize import initialize
from nnutils.lessons.initialization.exercises.leaky_relu import leaky_relu
from nnutils.lessons.initialization.exercises.elu import elu
from nnutils.lessons.initialization.exercises.selu import selu
from nnutils.lessons.initialization.exercises.alpha_dropout import alpha_dropout
from nnutils.lessons.initialization.exercises.clip_by_value import clip_by_value
from nnutils.lessons.initialization.exercises.clip_by_global_norm import clip_by_global_norm

__all__ = [
    "activation_statistics",
    "init_std",
    "initialize",
    "leaky_relu",
    "elu",
    "selu",
    "alpha_dropout",
    "clip_by_value",
    "clip_by_global_norm",
]

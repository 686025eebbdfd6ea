"""Exercises of lesson 09: activations and their derivatives, a dead network, and gradients that are clipped."""

from nnutils.lessons.activations_and_clipping.exercises.leaky_relu import leaky_relu
from nnutils.lessons.activations_and_clipping.exercises.train_leaky import train_leaky
from nnutils.lessons.activations_and_clipping.exercises.elu import elu
from nnutils.lessons.activations_and_clipping.exercises.selu import selu
from nnutils.lessons.activations_and_clipping.exercises.alpha_dropout import alpha_dropout
from nnutils.lessons.activations_and_clipping.exercises.gelu import gelu
from nnutils.lessons.activations_and_clipping.exercises.clip_by_value import clip_by_value
from nnutils.lessons.activations_and_clipping.exercises.clip_by_global_norm import clip_by_global_norm

__all__ = [
    "leaky_relu",
    "train_leaky",
    "elu",
    "selu",
    "alpha_dropout",
    "gelu",
    "clip_by_value",
    "clip_by_global_norm",
]

"""Exercises of lesson 07: a signal through many layers, and the weights that keep its size."""

from nnutils.lessons.initialization.exercises.activation_statistics import activation_statistics
from nnutils.lessons.initialization.exercises.init_std import init_std
from nnutils.lessons.initialization.exercises.initialize import initialize

__all__ = [
    "activation_statistics",
    "init_std",
    "initialize",
]

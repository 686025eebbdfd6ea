"""Exercises of lesson 12: four updates, from the plain step downhill to Adam."""

from nnutils.lessons.momentum_rmsprop_adam.exercises.sgd_update import sgd_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.momentum_update import momentum_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.rmsprop_update import rmsprop_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.adam_update import adam_update

__all__ = [
    "sgd_update",
    "momentum_update",
    "rmsprop_update",
    "adam_update",
]

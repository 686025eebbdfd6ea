"""Exercises of lesson 12: from the plain step downhill to Adam, derived, written and repaired."""

from nnutils.lessons.momentum_rmsprop_adam.exercises.sgd_update import sgd_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.momentum_update import momentum_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.adam_from_property import adam_from_property
from nnutils.lessons.momentum_rmsprop_adam.exercises.rmsprop_update import rmsprop_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.adam_update import adam_update
from nnutils.lessons.momentum_rmsprop_adam.exercises.adam_on_arrays import adam_on_arrays

__all__ = [
    "sgd_update",
    "momentum_update",
    "adam_from_property",
    "rmsprop_update",
    "adam_update",
    "adam_on_arrays",
]

"""Exercises of lesson 13: four more updates, each one idea away from those of lesson 12."""

from nnutils.lessons.more_optimizers.exercises.nesterov_update import nesterov_update
from nnutils.lessons.more_optimizers.exercises.adagrad_update import adagrad_update
from nnutils.lessons.more_optimizers.exercises.adamax_update import adamax_update
from nnutils.lessons.more_optimizers.exercises.nadam_update import nadam_update

__all__ = [
    "nesterov_update",
    "adagrad_update",
    "adamax_update",
    "nadam_update",
]

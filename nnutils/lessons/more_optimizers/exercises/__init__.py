"""Exercises of lesson 13: what came beside Adam and after it."""

from nnutils.lessons.more_optimizers.exercises.nesterov_update import nesterov_update
from nnutils.lessons.more_optimizers.exercises.adagrad_update import adagrad_update
from nnutils.lessons.more_optimizers.exercises.adamax_update import adamax_update
from nnutils.lessons.more_optimizers.exercises.nadam_update import nadam_update
from nnutils.lessons.more_optimizers.exercises.adamw_update import adamw_update
from nnutils.lessons.more_optimizers.exercises.decayed_training import decayed_training
from nnutils.lessons.more_optimizers.exercises.lion_update import lion_update
from nnutils.lessons.more_optimizers.exercises.orthogonalize import orthogonalize
from nnutils.lessons.more_optimizers.exercises.muon_update import muon_update

__all__ = [
    "nesterov_update",
    "adagrad_update",
    "adamax_update",
    "nadam_update",
    "adamw_update",
    "decayed_training",
    "lion_update",
    "orthogonalize",
    "muon_update",
]

"""Exercises of lesson 18: take over what another network has learned, with Keras models."""

from nnutils.lessons.transfer_learning.exercises.build_transfer_model import build_transfer_model
from nnutils.lessons.transfer_learning.exercises.freeze import freeze
from nnutils.lessons.transfer_learning.exercises.unfreeze import unfreeze
from nnutils.lessons.transfer_learning.exercises.trainable_parameters import trainable_parameters
from nnutils.lessons.transfer_learning.exercises.fine_tune import fine_tune

__all__ = [
    "build_transfer_model",
    "freeze",
    "unfreeze",
    "trainable_parameters",
    "fine_tune",
]

"""Exercises of lesson 18: take over what another network has learned, with Keras models, and adapt it."""

from nnutils.lessons.transfer_learning.exercises.build_transfer_model import build_transfer_model
from nnutils.lessons.transfer_learning.exercises.freeze import freeze
from nnutils.lessons.transfer_learning.exercises.unfreeze import unfreeze
from nnutils.lessons.transfer_learning.exercises.fine_tune import fine_tune
from nnutils.lessons.transfer_learning.exercises.adapt import adapt
from nnutils.lessons.transfer_learning.exercises.lora import lora
from nnutils.lessons.transfer_learning.exercises.lora_share import lora_share
from nnutils.lessons.transfer_learning.exercises.lora_break_even import lora_break_even
from nnutils.lessons.transfer_learning.exercises.few_labels import few_labels

__all__ = [
    "build_transfer_model",
    "freeze",
    "unfreeze",
    "fine_tune",
    "adapt",
    "lora",
    "lora_share",
    "lora_break_even",
    "few_labels",
]

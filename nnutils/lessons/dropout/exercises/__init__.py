"""Exercises of lesson 04: dropout in training and at test time, the penalty that it is, and how sure a network may be."""

from nnutils.lessons.dropout.exercises.dropout_mask import dropout_mask
from nnutils.lessons.dropout.exercises.dropout_forward import dropout_forward
from nnutils.lessons.dropout.exercises.classic_dropout_predict import classic_dropout_predict
from nnutils.lessons.dropout.exercises.dropout_backward import dropout_backward
from nnutils.lessons.dropout.exercises.dropout_layer import dropout_layer
from nnutils.lessons.dropout.exercises.dropout_penalty import dropout_penalty
from nnutils.lessons.dropout.exercises.dropconnect_forward import dropconnect_forward
from nnutils.lessons.dropout.exercises.expected_calibration_error import expected_calibration_error
from nnutils.lessons.dropout.exercises.mc_dropout_predict import mc_dropout_predict

__all__ = [
    "dropout_mask",
    "dropout_forward",
    "classic_dropout_predict",
    "dropout_backward",
    "dropout_layer",
    "dropout_penalty",
    "dropconnect_forward",
    "expected_calibration_error",
    "mc_dropout_predict",
]

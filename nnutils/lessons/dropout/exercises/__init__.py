"""Exercises of lesson 04: dropout in training and at test time, and three of its relatives."""

from nnutils.lessons.dropout.exercises.dropout_mask import dropout_mask
from nnutils.lessons.dropout.exercises.dropout_forward import dropout_forward
from nnutils.lessons.dropout.exercises.dropout_backward import dropout_backward
from nnutils.lessons.dropout.exercises.classic_dropout_predict import classic_dropout_predict
from nnutils.lessons.dropout.exercises.dropconnect_forward import dropconnect_forward
from nnutils.lessons.dropout.exercises.mc_dropout_predict import mc_dropout_predict

__all__ = [
    "dropout_mask",
    "dropout_forward",
    "dropout_backward",
    "classic_dropout_predict",
    "dropconnect_forward",
    "mc_dropout_predict",
]

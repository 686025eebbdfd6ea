"""Exercises of lesson 15: batch normalization forward, backward, at inference and folded away; the same over other axes."""

from nnutils.lessons.batch_normalization.exercises.batchnorm_forward import batchnorm_forward
from nnutils.lessons.batch_normalization.exercises.batchnorm_backward_staged import batchnorm_backward_staged
from nnutils.lessons.batch_normalization.exercises.batchnorm_backward import batchnorm_backward
from nnutils.lessons.batch_normalization.exercises.update_running import update_running
from nnutils.lessons.batch_normalization.exercises.batchnorm_inference import batchnorm_inference
from nnutils.lessons.batch_normalization.exercises.train_and_judge import train_and_judge
from nnutils.lessons.batch_normalization.exercises.normalize import normalize
from nnutils.lessons.batch_normalization.exercises.fold_batchnorm import fold_batchnorm

__all__ = [
    "batchnorm_forward",
    "batchnorm_backward_staged",
    "batchnorm_backward",
    "update_running",
    "batchnorm_inference",
    "train_and_judge",
    "normalize",
    "fold_batchnorm",
]

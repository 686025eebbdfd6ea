"""Exercises of lesson 03: a penalty on weights and its gradients, weight decay, exact zeros, and a cap on a unit's weights."""

from nnutils.lessons.l2_regularization.exercises.penalty import penalty
from nnutils.lessons.l2_regularization.exercises.l2_gradient import l2_gradient
from nnutils.lessons.l2_regularization.exercises.weight_decay_step import weight_decay_step
from nnutils.lessons.l2_regularization.exercises.penalized_epoch import penalized_epoch
from nnutils.lessons.l2_regularization.exercises.l1_subgradient import l1_subgradient
from nnutils.lessons.l2_regularization.exercises.soft_threshold import soft_threshold
from nnutils.lessons.l2_regularization.exercises.max_norm import max_norm

__all__ = [
    "penalty",
    "l2_gradient",
    "weight_decay_step",
    "penalized_epoch",
    "l1_subgradient",
    "soft_threshold",
    "max_norm",
]

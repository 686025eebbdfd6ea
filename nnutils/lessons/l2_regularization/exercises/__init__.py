"""Exercises of lesson 03: penalties on the weights, L2, L1, both, and a cap on a unit's weights."""

from nnutils.lessons.l2_regularization.exercises.l2_cost import l2_cost
from nnutils.lessons.l2_regularization.exercises.l2_gradient import l2_gradient
from nnutils.lessons.l2_regularization.exercises.weight_decay_step import weight_decay_step
from nnutils.lessons.l2_regularization.exercises.l1_cost import l1_cost
from nnutils.lessons.l2_regularization.exercises.l1_subgradient import l1_subgradient
from nnutils.lessons.l2_regularization.exercises.elastic_net_cost import elastic_net_cost
from nnutils.lessons.l2_regularization.exercises.soft_threshold import soft_threshold
from nnutils.lessons.l2_regularization.exercises.max_norm import max_norm

__all__ = [
    "l2_cost",
    "l2_gradient",
    "weight_decay_step",
    "l1_cost",
    "l1_subgradient",
    "elastic_net_cost",
    "soft_threshold",
    "max_norm",
]

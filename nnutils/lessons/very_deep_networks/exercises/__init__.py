"""Exercises of lesson 16: a shortcut forward and backward, the size of its branch, a norm before it, blocks left out, 40 layers."""

from nnutils.lessons.very_deep_networks.exercises.residual_forward import residual_forward
from nnutils.lessons.very_deep_networks.exercises.residual_backward import residual_backward
from nnutils.lessons.very_deep_networks.exercises.branch_scale import branch_scale
from nnutils.lessons.very_deep_networks.exercises.pre_norm_block import pre_norm_block
from nnutils.lessons.very_deep_networks.exercises.residual_gradients import residual_gradients
from nnutils.lessons.very_deep_networks.exercises.stochastic_depth import stochastic_depth
from nnutils.lessons.very_deep_networks.exercises.deep_recipe import deep_recipe

__all__ = [
    "residual_forward",
    "residual_backward",
    "branch_scale",
    "pre_norm_block",
    "residual_gradients",
    "stochastic_depth",
    "deep_recipe",
]

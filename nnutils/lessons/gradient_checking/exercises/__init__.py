"""Exercises of lesson 08: the gradient by differences, and what it takes to check another one with it."""

from nnutils.lessons.gradient_checking.exercises.numerical_gradient import numerical_gradient
from nnutils.lessons.gradient_checking.exercises.relative_error import relative_error
from nnutils.lessons.gradient_checking.exercises.gradient_check import gradient_check
from nnutils.lessons.gradient_checking.exercises.directional_check import directional_check
from nnutils.lessons.gradient_checking.exercises.network_gradient import network_gradient

__all__ = [
    "numerical_gradient",
    "relative_error",
    "gradient_check",
    "directional_check",
    "network_gradient",
]

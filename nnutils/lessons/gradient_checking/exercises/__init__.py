"""Exercises of lesson 08: the gradient by differences, and what it takes to check another one with it."""

from nnutils.lessons.gradient_checking.exercises.numerical_gradient import numerical_gradient
from nnutils.lessons.gradient_checking.exercises.relative_error import relative_error
from nnutils.lessons.gradient_checking.exercises.flatten import flatten
from nnutils.lessons.gradient_checking.exercises.unflatten import unflatten
from nnutils.lessons.gradient_checking.exercises.gradient_check import gradient_check
from nnutils.lessons.gradient_checking.exercises.find_bug import find_bug

__all__ = [
    "numerical_gradient",
    "relative_error",
    "flatten",
    "unflatten",
    "gradient_check",
    "find_bug",
]

"""Exercises of lesson 02: bias and variance.

A learning curve depends on the order that is drawn, so it is judged by what must hold in any order, on ways to learn that
give themselves away: one that learns nothing, one that learns by heart, one that counts its examples.
"""

from nnutils.lessons.bias_variance.exercises.error_rate import error_rate
from nnutils.lessons.bias_variance.exercises.diagnose import diagnose
from nnutils.lessons.bias_variance.exercises.next_step import next_step
from nnutils.lessons.bias_variance.exercises.bias_variance import bias_variance
from nnutils.lessons.bias_variance.exercises.learning_curve import learning_curve

__all__ = [
    "error_rate",
    "diagnose",
    "next_step",
    "bias_variance",
    "learning_curve",
]

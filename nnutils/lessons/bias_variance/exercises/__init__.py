"""Exercises of lesson 02: bias and variance.

A learning curve depends on the order that is drawn, so it is judged by what must hold in any order, on ways to learn that
give themselves away: one that learns nothing, one that learns by heart, one that counts its examples.
"""

from nnutils.lessons.bias_variance.exercises.bias_variance import bias_variance
from nnutils.lessons.bias_variance.exercises.learning_curve import learning_curve
from nnutils.lessons.bias_variance.exercises.mean_curve import mean_curve
from nnutils.lessons.bias_variance.exercises.fit_power_law import fit_power_law
from nnutils.lessons.bias_variance.exercises.min_norm_fit import min_norm_fit
from nnutils.lessons.bias_variance.exercises.spend_budget import spend_budget

__all__ = [
    "bias_variance",
    "learning_curve",
    "mean_curve",
    "fit_power_law",
    "min_norm_fit",
    "spend_budget",
]

"""Exercises of lesson 11: averages that forget, their weights, their cold start and their window, and averaged weights."""

from nnutils.lessons.exponentially_weighted_averages.exercises.ewma import ewma
from nnutils.lessons.exponentially_weighted_averages.exercises.ewma_weights import ewma_weights
from nnutils.lessons.exponentially_weighted_averages.exercises.ewma_bias_corrected import ewma_bias_corrected
from nnutils.lessons.exponentially_weighted_averages.exercises.watch_losses import watch_losses
from nnutils.lessons.exponentially_weighted_averages.exercises.window import window
from nnutils.lessons.exponentially_weighted_averages.exercises.weight_average import weight_average

__all__ = [
    "ewma",
    "ewma_weights",
    "ewma_bias_corrected",
    "watch_losses",
    "window",
    "weight_average",
]

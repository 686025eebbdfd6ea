"""Exercises of lesson 11: averages that forget, their weights, their cold start and their window."""

from nnutils.lessons.exponentially_weighted_averages.exercises.ewma import ewma
from nnutils.lessons.exponentially_weighted_averages.exercises.ewma_weights import ewma_weights
from nnutils.lessons.exponentially_weighted_averages.exercises.ewma_bias_corrected import ewma_bias_corrected
from nnutils.lessons.exponentially_weighted_averages.exercises.effective_window import effective_window
from nnutils.lessons.exponentially_weighted_averages.exercises.beta_for_window import beta_for_window

__all__ = [
    "ewma",
    "ewma_weights",
    "ewma_bias_corrected",
    "effective_window",
    "beta_for_window",
]

"""Exercises of lesson 17: scales, random and grid search, coarse to fine, expected improvement.

A random search is judged by its ranges, its scales and its independence, never by the order of its draws.
"""

from nnutils.lessons.hyperparameter_search.exercises.log_uniform import log_uniform
from nnutils.lessons.hyperparameter_search.exercises.sample_beta import sample_beta
from nnutils.lessons.hyperparameter_search.exercises.random_search import random_search
from nnutils.lessons.hyperparameter_search.exercises.grid import grid
from nnutils.lessons.hyperparameter_search.exercises.coarse_to_fine import coarse_to_fine
from nnutils.lessons.hyperparameter_search.exercises.expected_improvement import expected_improvement

__all__ = [
    "log_uniform",
    "sample_beta",
    "random_search",
    "grid",
    "coarse_to_fine",
    "expected_improvement",
]

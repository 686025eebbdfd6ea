"""Exercises of lesson 17: scales, random and grid search, coarse to fine, halving, a Gaussian process, and an honest search.

A random search is judged by its ranges, its scales and its independence, never by the order of its draws.
"""

from nnutils.lessons.hyperparameter_search.exercises.log_uniform import log_uniform
from nnutils.lessons.hyperparameter_search.exercises.sample_beta import sample_beta
from nnutils.lessons.hyperparameter_search.exercises.random_search import random_search
from nnutils.lessons.hyperparameter_search.exercises.grid import grid
from nnutils.lessons.hyperparameter_search.exercises.search_report import search_report
from nnutils.lessons.hyperparameter_search.exercises.coarse_to_fine import coarse_to_fine
from nnutils.lessons.hyperparameter_search.exercises.successive_halving import successive_halving
from nnutils.lessons.hyperparameter_search.exercises.gp_posterior import gp_posterior
from nnutils.lessons.hyperparameter_search.exercises.expected_improvement import expected_improvement
from nnutils.lessons.hyperparameter_search.exercises.search_policy import search_policy

__all__ = [
    "log_uniform",
    "sample_beta",
    "random_search",
    "grid",
    "search_report",
    "coarse_to_fine",
    "successive_halving",
    "gp_posterior",
    "expected_improvement",
    "search_policy",
]

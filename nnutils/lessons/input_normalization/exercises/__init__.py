"""Exercises of lesson 06: bring the inputs to one scale, and see why gradient descent cares."""

from nnutils.lessons.input_normalization.exercises.fit_standardizer import fit_standardizer
from nnutils.lessons.input_normalization.exercises.standardize import standardize
from nnutils.lessons.input_normalization.exercises.condition_number import condition_number
from nnutils.lessons.input_normalization.exercises.gd_steps import gd_steps
from nnutils.lessons.input_normalization.exercises.whiten import whiten
from nnutils.lessons.input_normalization.exercises.serve import serve

__all__ = [
    "fit_standardizer",
    "standardize",
    "condition_number",
    "gd_steps",
    "whiten",
    "serve",
]

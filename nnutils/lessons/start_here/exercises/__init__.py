"""Exercises of lesson 00: one of each kind, in small."""

from nnutils.lessons.start_here.exercises.feature_means import feature_means
from nnutils.lessons.start_here.exercises.joined_mean import joined_mean
from nnutils.lessons.start_here.exercises.nearest_mean import nearest_mean
from nnutils.lessons.start_here.exercises.recipe import recipe

__all__ = [
    "feature_means",
    "joined_mean",
    "nearest_mean",
    "recipe",
]

"""Exercises of lesson 00: the tools of the course, tried on one toy."""

from nnutils.lessons.start_here.exercises.feature_means import feature_means

__all__ = [
    "feature_means",
]

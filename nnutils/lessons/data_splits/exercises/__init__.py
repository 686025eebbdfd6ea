"""Exercises of lesson 01: train, dev and test sets.

The splits are drawn at random, so they are judged by what must hold of them (nothing lost, nothing twice,
right shares, by chance) and never by the order of the draws.
"""

from nnutils.lessons.data_splits.exercises.split_sizes import split_sizes
from nnutils.lessons.data_splits.exercises.recommend_fractions import recommend_fractions
from nnutils.lessons.data_splits.exercises.shuffle_split import shuffle_split
from nnutils.lessons.data_splits.exercises.stratified_split import stratified_split
from nnutils.lessons.data_splits.exercises.group_split import group_split
from nnutils.lessons.data_splits.exercises.dev_standard_error import dev_standard_error

__all__ = [
    "split_sizes",
    "recommend_fractions",
    "shuffle_split",
    "stratified_split",
    "group_split",
    "dev_standard_error",
]

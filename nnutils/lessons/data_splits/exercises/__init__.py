"""Exercises of lesson 01: train, dev and test sets.

The splits are drawn at random, so they are judged by what must hold of them (nothing lost, nothing twice,
right shares, by chance) and never by the order of the draws.
"""

from nnutils.lessons.data_splits.exercises.split_sizes import split_sizes
from nnutils.lessons.data_splits.exercises.shuffle_split import shuffle_split
from nnutils.lessons.data_splits.exercises.stratified_split import stratified_split
from nnutils.lessons.data_splits.exercises.group_split import group_split
from nnutils.lessons.data_splits.exercises.time_split import time_split
from nnutils.lessons.data_splits.exercises.honest_score import honest_score
from nnutils.lessons.data_splits.exercises.dev_standard_error import dev_standard_error
from nnutils.lessons.data_splits.exercises.kfold_indices import kfold_indices
from nnutils.lessons.data_splits.exercises.paired_standard_error import paired_standard_error
from nnutils.lessons.data_splits.exercises.examples_needed import examples_needed

__all__ = [
    "split_sizes",
    "shuffle_split",
    "stratified_split",
    "group_split",
    "time_split",
    "honest_score",
    "dev_standard_error",
    "kfold_indices",
    "paired_standard_error",
    "examples_needed",
]

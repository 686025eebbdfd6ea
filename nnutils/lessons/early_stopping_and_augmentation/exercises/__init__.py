"""Exercises of lesson 05: stop in time, and make more of the images that you have."""

from nnutils.lessons.early_stopping_and_augmentation.exercises.early_stopping_epoch import (
    early_stopping_epoch,
)
from nnutils.lessons.early_stopping_and_augmentation.exercises.shrinkage import shrinkage
from nnutils.lessons.early_stopping_and_augmentation.exercises.horizontal_flip import horizontal_flip
from nnutils.lessons.early_stopping_and_augmentation.exercises.random_crop import random_crop
from nnutils.lessons.early_stopping_and_augmentation.exercises.color_jitter import color_jitter
from nnutils.lessons.early_stopping_and_augmentation.exercises.mixup import mixup
from nnutils.lessons.early_stopping_and_augmentation.exercises.smooth_labels import smooth_labels
from nnutils.lessons.early_stopping_and_augmentation.exercises.augmented_sets import augmented_sets
from nnutils.lessons.early_stopping_and_augmentation.exercises.augmentation_policy import augmentation_policy
from nnutils.lessons.early_stopping_and_augmentation.exercises.fractional_max_pool import fractional_max_pool

__all__ = [
    "early_stopping_epoch",
    "shrinkage",
    "horizontal_flip",
    "random_crop",
    "color_jitter",
    "mixup",
    "smooth_labels",
    "augmented_sets",
    "augmentation_policy",
    "fractional_max_pool",
]

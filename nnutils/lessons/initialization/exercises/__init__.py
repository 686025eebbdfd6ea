"""Exercises of lesson 07: units that part, a signal through many layers, and the weights that keep its size."""

from nnutils.lessons.initialization.exercises.train_units import train_units
from nnutils.lessons.initialization.exercises.activation_statistics import activation_statistics
from nnutils.lessons.initialization.exercises.gain import gain
from nnutils.lessons.initialization.exercises.init_std import init_std
from nnutils.lessons.initialization.exercises.initialize import initialize

__all__ = ["train_units", "activation_statistics", "gain", "init_std", "initialize"]

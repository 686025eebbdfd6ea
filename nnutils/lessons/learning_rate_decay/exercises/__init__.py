"""Exercises of lesson 14: learning rates that change while a network learns."""

from nnutils.lessons.learning_rate_decay.exercises.inverse_time_decay import inverse_time_decay
from nnutils.lessons.learning_rate_decay.exercises.exponential_decay import exponential_decay
from nnutils.lessons.learning_rate_decay.exercises.power_decay import power_decay
from nnutils.lessons.learning_rate_decay.exercises.piecewise_constant import piecewise_constant
from nnutils.lessons.learning_rate_decay.exercises.reduce_on_plateau import reduce_on_plateau
from nnutils.lessons.learning_rate_decay.exercises.one_cycle import one_cycle

__all__ = [
    "inverse_time_decay",
    "exponential_decay",
    "power_decay",
    "piecewise_constant",
    "reduce_on_plateau",
    "one_cycle",
]

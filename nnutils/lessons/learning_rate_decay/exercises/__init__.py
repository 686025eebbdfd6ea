"""Exercises of lesson 14: learning rates that change while a network learns."""

from nnutils.lessons.learning_rate_decay.exercises.hover_height import hover_height
from nnutils.lessons.learning_rate_decay.exercises.exponential_decay import exponential_decay
from nnutils.lessons.learning_rate_decay.exercises.power_decay import power_decay
from nnutils.lessons.learning_rate_decay.exercises.piecewise_constant import piecewise_constant
from nnutils.lessons.learning_rate_decay.exercises.reach import reach
from nnutils.lessons.learning_rate_decay.exercises.reduce_on_plateau import reduce_on_plateau
from nnutils.lessons.learning_rate_decay.exercises.warmup_cosine import warmup_cosine
from nnutils.lessons.learning_rate_decay.exercises.one_cycle import one_cycle
from nnutils.lessons.learning_rate_decay.exercises.scheduled_descent import scheduled_descent
from nnutils.lessons.learning_rate_decay.exercises.suggest_lr import suggest_lr

__all__ = [
    "hover_height",
    "exponential_decay",
    "power_decay",
    "piecewise_constant",
    "reach",
    "reduce_on_plateau",
    "warmup_cosine",
    "one_cycle",
    "scheduled_descent",
    "suggest_lr",
]

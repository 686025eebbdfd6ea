"""Exercises of lesson 10: one model, trained on all data, on one example and on a mini-batch at each step.

Answers that shuffle are judged by replaying them: the cost that an answer reports for a step tells which examples the step
used, whatever the order in which it drew them.
"""

from nnutils.lessons.minibatch_gradient_descent.exercises.batch_gd import batch_gd
from nnutils.lessons.minibatch_gradient_descent.exercises.sgd import sgd
from nnutils.lessons.minibatch_gradient_descent.exercises.minibatches import minibatches
from nnutils.lessons.minibatch_gradient_descent.exercises.num_steps import num_steps
from nnutils.lessons.minibatch_gradient_descent.exercises.minibatch_gd import minibatch_gd
from nnutils.lessons.minibatch_gradient_descent.exercises.gradient_noise import gradient_noise

__all__ = [
    "batch_gd",
    "sgd",
    "minibatches",
    "num_steps",
    "minibatch_gd",
    "gradient_noise",
]

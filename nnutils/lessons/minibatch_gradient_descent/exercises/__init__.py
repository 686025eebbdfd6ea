"""Exercises of lesson 10: mini-batches and their two ends, the noise of a step, and what it says about the batch size.

Answers that shuffle are judged by replaying them: the cost that an answer reports for a step tells which examples the step
used, whatever the order in which it drew them.
"""

from nnutils.lessons.minibatch_gradient_descent.exercises.minibatches import minibatches
from nnutils.lessons.minibatch_gradient_descent.exercises.minibatch_gd import minibatch_gd
from nnutils.lessons.minibatch_gradient_descent.exercises.train_epochs import train_epochs
from nnutils.lessons.minibatch_gradient_descent.exercises.gradient_noise import gradient_noise
from nnutils.lessons.minibatch_gradient_descent.exercises.noise_scale import noise_scale
from nnutils.lessons.minibatch_gradient_descent.exercises.accumulate import accumulate
from nnutils.lessons.minibatch_gradient_descent.exercises.training_plan import training_plan

__all__ = [
    "minibatches",
    "minibatch_gd",
    "train_epochs",
    "gradient_noise",
    "noise_scale",
    "accumulate",
    "training_plan",
]

"""Exercise shrinkage: the share of the way that gradient descent has gone when it is stopped."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=6,
    hints=(
        "Write the gradient of the cost by w, and one step of gradient descent. What does a step do to the distance to the minimum?",
        "Each step multiplies the distance in that direction by the same factor. What is it? After t steps it was multiplied t times.",
        "The factor is 1 - lr * eigenvalue, so the distance left is its power of steps. The share that was gone is 1 minus that.",
    ),
)
def shrinkage(eigenvalues, lr, steps):
    """The share of the way to the minimum that is gone when descent stops.

    In each direction the cost is a parabola with its minimum at some
    w* and the second derivative eigenvalue; descent starts at w = 0.
    eigenvalues: (n,), the curvatures, 0 or more. lr: the learning
    rate, a number. steps: how many steps are taken, an int, 0 or more.
    Returns (n,): w / w* after the steps, in each direction.
    It may exceed 1 where a step jumps over the minimum.
    """
    return 1 - (1 - lr * eigenvalues) ** steps


@shrinkage.cases
def _(rng):
    yield rng.uniform(0.1, 1, size=4), 0.3, 5
    yield np.array([0.001, 0.05, 0.4, 1.0]), rng.uniform(0.3, 0.7), 12
    yield (
        np.array([0.5, 2.0, 3.0]),
        0.5,
        3,
    )  # a curvature that is over the minimum in one step, and one that jumps
    yield np.array([0.0, 0.2, 0.8]), 0.9, 7  # a flat direction never moves
    yield np.array([0.3, 1.2]), 0.4, 0
    yield np.array([0.3, 1.2]), 0.4, 1
    yield rng.uniform(1e-4, 0.02, size=3), 0.25, 4


@shrinkage.mistake("This is the share that is LEFT. Return the share that was gone.")
def what_is_left(eigenvalues, lr, steps):
    return (1 - lr * eigenvalues) ** steps


@shrinkage.mistake(
    "This is the share after a single step. Each further step goes a share of the distance that is left."
)
def one_step(eigenvalues, lr, steps):
    return lr * eigenvalues * (1.0 if steps else 0.0)


@shrinkage.mistake(
    "Each step is taken to be as long as the first one. The slope falls as the minimum comes near, so later steps are shorter."
)
def equal_steps(eigenvalues, lr, steps):
    return steps * lr * eigenvalues


@shrinkage.mistake(
    "This is the share after infinitely many tiny steps, an exponential. The steps here have a length: each multiplies the distance by one factor."
)
def continuous(eigenvalues, lr, steps):
    return 1 - np.exp(-lr * steps * eigenvalues)


@shrinkage.mistake(
    "This is the share of ridge regression with lambda = 1 / (lr steps), which is close and not the same. Follow the steps."
)
def ridge(eigenvalues, lr, steps):
    x = lr * steps * eigenvalues
    return x / (x + 1)


@shrinkage.mistake("The learning rate is missing: a step is lr times the gradient.")
def without_lr(eigenvalues, lr, steps):
    return 1 - (1 - eigenvalues) ** steps


@shrinkage.mistake(
    "The step is twice as long as it should be: the parabola of second derivative e has the gradient e (w - w*), without a 2."
)
def twice(eigenvalues, lr, steps):
    return 1 - (1 - 2 * lr * eigenvalues) ** steps


@shrinkage.mistake("This is the state one step later.")
def one_more(eigenvalues, lr, steps):
    return 1 - (1 - lr * eigenvalues) ** (steps + 1)


@shrinkage.mistake("This is the state one step earlier.")
def one_less(eigenvalues, lr, steps):
    return 1 - (1 - lr * eigenvalues) ** max(steps - 1, 0)


@shrinkage.mistake(
    "The distance is divided by 1 + lr * eigenvalue in each step, as if the gradient were taken at the end of the step. It is taken at its start."
)
def gradient_at_the_end(eigenvalues, lr, steps):
    return 1 - (1 + lr * eigenvalues) ** -float(steps)


@shrinkage.mistake(
    "Where a step jumps over the minimum, the distance is counted without its sign: w has passed w* then, and w / w* exceeds 1."
)
def without_sign(eigenvalues, lr, steps):
    return 1 - np.abs(1 - lr * eigenvalues) ** steps


@shrinkage.mistake("The share is cut off at 1. Where a step jumps over the minimum, w / w* exceeds 1.")
def cut_off(eigenvalues, lr, steps):
    return np.minimum(1 - (1 - lr * eigenvalues) ** steps, 1)


@shrinkage.variant
def by_descending(eigenvalues, lr, steps):
    w = np.zeros(len(eigenvalues))
    for _ in range(steps):
        w = w - lr * eigenvalues * (w - 1)
    return w


@shrinkage.variant
def as_a_sum_of_steps(eigenvalues, lr, steps):
    lengths = [lr * eigenvalues * (1 - lr * eigenvalues) ** t for t in range(steps)]
    return np.sum(lengths, axis=0) + np.zeros(len(eigenvalues))

"""Exercise update_running: the running average after one more batch."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=1,
    minutes=3,
    fresh=True,
    hints=(
        "It is an exponentially weighted average, as in lesson 11. Which share does momentum name in this course?",
        "momentum is the share of the OLD value, 1 - momentum that of the new batch.",
        "return momentum * running + (1 - momentum) * batch",
    ),
)
def update_running(running, batch, momentum):
    """The running average after one more batch.

    running, batch: (n,), the average so far and the statistic of this
    batch. momentum: a number from 0 to 1, the share of the OLD value, such
    as 0.9 (as in Keras; PyTorch's momentum is the share of the new one).
    Returns the new average, (n,), a new array; running stays as it is.
    """
    return momentum * running + (1 - momentum) * batch


@update_running.cases
def _(rng):
    for n, momentum in ((4, 0.9), (2, 0.99), (3, 0.6), (1, 0.75)):
        yield rng.normal(size=n), 3 + rng.normal(size=n), momentum
    yield rng.integers(-5, 5, 3), rng.integers(6, 12, 3), 0.7
    yield rng.normal(size=3), 3 + rng.normal(size=3), 1.0
    yield rng.normal(size=3), 3 + rng.normal(size=3), 0.0


@update_running.mistake(
    "momentum is the share of the new batch here, as in PyTorch. In this course and in Keras it is that of the old value."
)
def as_pytorch(running, batch, momentum):
    return (1 - momentum) * running + momentum * batch


@update_running.mistake(
    "The new batch enters whole: weigh it with 1 - momentum, or the average becomes far too large."
)
def batch_enters_whole(running, batch, momentum):
    return momentum * running + batch


@update_running.mistake("The old value stays whole: weigh it with momentum.")
def old_stays_whole(running, batch, momentum):
    return running + (1 - momentum) * batch


@update_running.mistake("This is the plain mean of old and new. Use momentum and 1 - momentum as weights.")
def plain_mean(running, batch, momentum):
    return (running + batch) / 2


@update_running.mistake("This is the value of the batch alone: what came before is forgotten.")
def forgets(running, batch, momentum):
    return batch * 1.0


@update_running.mistake(
    "The numbers are right, but `*=` or `+=` changed the caller's running average (and fails on whole numbers): make a new array."
)
def running_in_place(running, batch, momentum):
    running *= momentum
    running += (1 - momentum) * batch
    return running


@update_running.mistake("The new batch is subtracted. An average adds both, each with its share.")
def batch_subtracted(running, batch, momentum):
    return momentum * running - (1 - momentum) * batch


@update_running.mistake(
    "Old and new have the same share, momentum. The new batch has the rest: 1 - momentum."
)
def one_share_for_both(running, batch, momentum):
    return momentum * (running + batch)


@update_running.mistake(
    "With whole numbers, the decimals are lost: an array made by zeros_like or copy from whole numbers holds whole numbers only."
)
def running_cut_off(running, batch, momentum):
    new = np.zeros_like(running)
    new[...] = momentum * running + (1 - momentum) * batch
    return new


@update_running.mistake(
    "The new average is written into the caller's array, running[...] = ..., which loses the decimals where it holds whole numbers. Make a new array."
)
def written_into_running(running, batch, momentum):
    running[...] = momentum * running + (1 - momentum) * batch
    return running


@update_running.mistake(
    "With momentum 1 or 0 you return the array that you were given, and what is done to the result is done to it as well. Return a new array."
)
def no_new_array_at_the_ends(running, batch, momentum):
    if momentum in (0, 1):
        return running if momentum else batch
    return momentum * running + (1 - momentum) * batch


@update_running.variant
def by_difference(running, batch, momentum):
    return running + (1 - momentum) * (batch - running)


@update_running.variant
def by_stack(running, batch, momentum):
    return np.average([running, batch], axis=0, weights=[momentum, 1 - momentum])

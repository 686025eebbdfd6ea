"""Exercise overfit_batch: can this training learn a few examples by heart?"""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.clinic.given import Pupil


@exercise(
    points=2,
    minutes=6,
    hints=(
        "First choose the rows, once, and then call step on the same few examples again and again.",
        "A data set may be sorted by class. np.flatnonzero(y == label)[:each] are the rows of one class; do this for each of np.unique(y), and join them.",
        "for done in range(steps): cost = step(X[rows], y[rows]); if cost < goal: return done. After the loop, return -1.",
    ),
)
def overfit_batch(step, X, y, each, steps, goal):
    """How many updates it takes to learn a few examples by heart.

    step: step(X, y) makes one update on these examples, and returns
    their cost as it was before the update.
    X: (m, n), y: (m,), class numbers. The few examples are the first
    `each` rows of every class that occurs in y, in any order, or all
    rows of a class that has fewer. All updates use all of them.
    Calls step `steps` times at most, and stops at the first cost below
    the goal. Returns the number of updates made before that cost was
    measured, 0 if it is the first one, or -1 if there is no such cost.
    """
    rows = np.concatenate([np.flatnonzero(y == label)[:each] for label in np.unique(y)])
    for done in range(steps):
        if step(X[rows], y[rows]) < goal:
            return done
    return -1


def _task(rng, m, n, counts):
    """Examples sorted by class, and a linear pupil for them."""
    y = np.repeat(np.arange(len(counts)), counts)
    X = rng.normal(size=(m, n)) / np.sqrt(n)
    assert len(y) == m
    return Pupil(0.1 * rng.normal(size=n), 1.0), X, y


@overfit_batch.cases
def _(rng):
    step, X, y = _task(rng, 40, 30, (20, 12, 8))
    yield step, X, y, 3, 400, 0.01
    step, X, y = _task(rng, 30, 40, (10, 10, 10))
    order = rng.permutation(30)
    yield step, X[order], y[order] + 4, 4, 400, 0.02
    step, X, y = _task(rng, 21, 30, (2, 15, 4))  # a class has fewer
    yield step, X, y, 3, 500, 0.005
    step, X, y = _task(rng, 24, 2, (8, 8, 8))  # two weights cannot learn them
    yield step, X, y, 5, 60, 0.01
    step, X, y = _task(rng, 12, 20, (6, 6))
    yield step, X, y, 2, 50, 1e6  # below the goal before any update
    step, X, y = _task(rng, 30, 40, (15, 15))
    yield step, X, 3 * y, 4, 3, 0.001  # there are not enough updates


def _counted(step, X, y, rows, steps, goal, late=0, never=-1):
    for done in range(steps):
        if step(X[rows], y[rows]) < goal:
            return done + late
    return never


def _rows(y, each):
    return [i for i in range(len(y)) if np.sum(y[:i] == y[i]) < each]


@overfit_batch.mistake(
    "The examples are the first rows of the set. If it is sorted by class, all of them have one label, and any constant answer fits them. Take some of each class."
)
def first_rows(step, X, y, each, steps, goal):
    return _counted(step, X, y, np.arange(each * len(np.unique(y))), steps, goal)


@overfit_batch.mistake(
    "All examples are used at each update. Use the few of each class: they are soon learned by heart."
)
def all_rows(step, X, y, each, steps, goal):
    return _counted(step, X, y, np.arange(len(y)), steps, goal)


@overfit_batch.mistake(
    "The count is one too high. The cost that step returns is that before its update: at the first call no update has been made."
)
def counted_from_one(step, X, y, each, steps, goal):
    return _counted(step, X, y, _rows(y, each), steps, goal, late=1)


@overfit_batch.mistake("Where the goal is never reached you return the number of steps. Return -1.")
def steps_for_never(step, X, y, each, steps, goal):
    return _counted(step, X, y, _rows(y, each), steps, goal, never=steps)


@overfit_batch.mistake("The examples are the last ones of each class. Take the first ones.")
def last_rows(step, X, y, each, steps, goal):
    rows = [i for i in range(len(y)) if np.sum(y[i + 1 :] == y[i]) < each]
    return _counted(step, X, y, rows, steps, goal)


@overfit_batch.mistake("Each class gives one example. Take `each` of every class.")
def one_of_each(step, X, y, each, steps, goal):
    return _counted(step, X, y, _rows(y, 1), steps, goal)


@overfit_batch.variant
def by_mask(step, X, y, each, steps, goal):
    keep = np.zeros(len(y), bool)
    for label in set(y.tolist()):
        keep |= (y == label) & (np.cumsum(y == label) <= each)
    for done in range(steps):
        cost = step(X[keep], y[keep])
        if cost < goal:
            return done
    return -1


@overfit_batch.variant
def with_while(step, X, y, each, steps, goal):
    rows, done = _rows(y, each)[::-1], 0
    while done < steps:
        if step(X[rows], y[rows]) < goal:
            return done
        done += 1
    return -1

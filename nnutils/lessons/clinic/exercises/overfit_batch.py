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


def _task(rng, y, each):
    """Examples with these labels, of which the right few are the easy ones, and a pupil who learns them by heart."""
    y = np.array(y)
    X = np.column_stack([np.full(len(y), 3.0), y, rng.normal(size=len(y))])
    X[_rows(y, each), 0] = 1.0
    return Pupil(np.zeros(1), float(rng.uniform(2, 3))), X, y


@overfit_batch.cases
def _(rng):
    yield *_task(rng, [0] * 20 + [1] * 12 + [2] * 8, 3), 3, 400, 0.1
    yield *_task(rng, [7, 4, 4, 4, 7, 4, 4, 5, 7, 5, 7, 5, 5, 4, 7, 5], 2), 2, 400, 0.2
    yield *_task(rng, [0] * 2 + [1] * 15 + [2] * 4, 3), 3, 400, 0.05  # a class has fewer
    yield *_task(rng, [3] * 8 + [1] * 8, 4), 4, 400, 1.5  # below the goal before any update
    yield *_task(rng, [0] * 9 + [3] * 9, 5), 5, 20, 0.1  # there are not enough updates
    yield *_task(rng, [2] * 6 + [0] * 6, 3), 3, int(1e9), 0.5
    yield (
        *_task(rng, [1] * 5 + [0] * 5, 2),
        2,
        400,
        1.0,
    )  # the first cost is the goal itself, which is not below it


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


@overfit_batch.mistake("A cost that just equals the goal counts as reached. It should be below the goal.")
def at_the_goal(step, X, y, each, steps, goal):
    return _counted(step, X, y, _rows(y, each), steps, np.nextafter(goal, np.inf))


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

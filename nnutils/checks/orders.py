"""Is an order of examples random, or the given order, begun somewhere else?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

ENOUGH = 30  # examples; among fewer, chance may leave many neighbours beside each other


def neighbours_stay(order: ArrayLike) -> bool:
    """Whether most examples stand beside a neighbour of the given order: (m,), indices. False for fewer than 30 examples.

    So it is after a rotation by a random offset, which is no shuffle. A random order keeps about two pairs, whatever m.
    """
    steps = np.abs(np.diff(np.asarray(order)))
    beside = (steps == 1) | (steps == len(steps))  # the last and the first one are neighbours, too
    return len(steps) + 1 >= ENOUGH and bool(beside.mean() > 0.5)


def rotated(order: ArrayLike) -> bool:
    """Whether it is the given order or its reverse, begun at any place: (m,), indices."""
    steps = np.diff(np.asarray(order))
    return bool(np.isin(steps, (1, -len(steps))).all() or np.isin(steps, (-1, len(steps))).all())

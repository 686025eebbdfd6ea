"""Exercise update_ratios: how far a step moves each array of weights, in parts of its size."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=4,
    hints=(
        "One number for each pair of arrays. The two lists have the same order.",
        "np.linalg.norm(new - old) flattens nothing for you if an array has more than two axes: take np.sqrt(np.sum(...**2)).",
        "In the loop: moved and size are two such norms. If size is 0, the ratio is inf, or 0.0 if moved is 0, too; otherwise it is moved / size.",
    ),
)
def update_ratios(before, after):
    """How far each array of weights has moved, in parts of its size.

    before, after: two lists of arrays, of any shapes, in one order: the
    weights before and after a step.
    Returns a list of floats, one an array. It is 0.0 where nothing
    moved, and inf where only the old array is all zeros.
    """
    ratios = []
    for old, new in zip(before, after, strict=True):
        moved, size = np.sqrt(np.sum((new - old) ** 2)), np.sqrt(np.sum(old**2))
        if size == 0:
            ratios.append(np.inf if moved > 0 else 0.0)
        else:
            ratios.append(moved / size)
    return ratios


@update_ratios.cases
def _(rng):
    shapes = [(4, 3), (3,), (2, 2, 3)]
    before = [rng.normal(1, 1, size=shape) for shape in shapes]
    yield before, [w + 0.1 * rng.normal(size=w.shape) for w in before]
    yield [np.zeros((2, 2)), np.zeros(3), np.ones(2)], [rng.normal(size=(2, 2)), np.zeros(3), np.ones(2)]
    yield [np.array([3.0, 4.0])], [np.array([3.0, -4.0])]
    yield [-before[0]], [-2 * before[0]]


def _ratios(before, after, norm, of=0):
    pairs = zip(before, after, strict=True)
    with np.errstate(all="ignore"):
        found = [(norm(new - old), norm((old, new)[of])) for old, new in pairs]
        return [float(a / b) if b else (np.inf if a else 0.0) for a, b in found]


def _norm(a):
    return np.sqrt((a**2).sum())


@update_ratios.mistake("You divide by the size of the new weights. Divide by that of the old ones.")
def by_the_new(before, after):
    return _ratios(before, after, _norm, of=1)


@update_ratios.mistake(
    "Where the old weights are all 0, a ratio is NaN. Without a move it is 0, and with one it is inf."
)
def nan_at_zero(before, after):
    with np.errstate(all="ignore"):
        pairs = zip(before, after, strict=True)
        return [float(_norm(new - old) / _norm(old)) for old, new in pairs]


@update_ratios.mistake("These are squares of the ratios: take the root of each sum of squares.")
def squared(before, after):
    return [ratio**2 for ratio in _ratios(before, after, _norm)]


@update_ratios.mistake(
    "You compare the sizes of old and new weights. Weights that only turn keep their size and do move: take the size of the difference."
)
def difference_of_sizes(before, after):
    pairs = zip(before, after, strict=True)
    found = [(abs(_norm(new) - _norm(old)), _norm(old)) for old, new in pairs]
    return [float(a / b) if b else (np.inf if a else 0.0) for a, b in found]


@update_ratios.mistake("You return one ratio for all weights together. Return one for each array.")
def all_together(before, after):
    old, new = (np.concatenate([a.ravel() for a in arrays]) for arrays in (before, after))
    return _ratios([old], [new], _norm)


@update_ratios.mistake(
    "This is the mean of the ratios of the single numbers, which a weight near 0 makes huge. Take the norm of the array first."
)
def mean_of_ratios(before, after):
    pairs = zip(before, after, strict=True)
    with np.errstate(all="ignore"):
        return [float(np.mean(np.abs((new - old) / old))) for old, new in pairs]


@update_ratios.variant
def by_roots_of_means(before, after):
    return _ratios(before, after, lambda a: np.sqrt(np.mean(a**2)))


@update_ratios.variant
def by_linalg(before, after):
    ratios = []
    for k in range(len(before)):
        moved = np.linalg.norm(np.ravel(after[k]) - np.ravel(before[k]))
        size = np.linalg.norm(np.ravel(before[k]))
        ratios.append(0.0 if moved == 0 else np.inf if size == 0 else moved / size)
    return ratios

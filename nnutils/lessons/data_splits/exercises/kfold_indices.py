"""Exercise kfold_indices: k splits of one data set, in which each example is a dev example once."""

import numpy as np

from nnutils.checks.exercise import exercise, raises
from nnutils.lessons.data_splits.exercises.shared import are_masks, joined, partition, repeats


@exercise(
    points=3,
    minutes=5,
    hints=(
        "First draw the k dev sets. Each training set is then all that its dev set leaves.",
        "np.array_split(rng.permutation(m), k) cuts one random order into k parts as equal as they can be.",
        "For each part of it: train is np.setdiff1d(np.arange(m), part). Collect the pairs (train, part).",
    ),
)
def kfold_indices(m, k, rng):
    """The k splits of k-fold cross-validation.

    m: number of examples. k: number of folds.
    rng: a np.random.Generator, for one random order of the examples.
    Returns a list of k pairs (train, dev) of index arrays, in any order
    within an array. Each example is in exactly one of the k dev sets,
    whose sizes differ by at most one; train holds all other examples.
    Raises ValueError where k is below 2 or above m.
    """
    if not 2 <= k <= m:
        raise ValueError(f"{k} folds of {m} examples")
    folds = np.array_split(rng.permutation(m), k)
    return [(np.setdiff1d(np.arange(m), dev), dev) for dev in folds]


@kfold_indices.cases
def _(rng):
    yield 40, 5, rng.spawn(1)[0]
    yield 62, 4, rng.spawn(1)[0]  # sizes 16, 16, 15, 15: m / k rounded up would leave 14 for the last
    yield 53, 10, rng.spawn(1)[0]  # three of 6 and seven of 5
    yield 35, 2, rng.spawn(1)[0]
    yield 6, 6, rng.spawn(1)[0]  # leave one out
    yield raises(ValueError, 30, 1, rng.spawn(1)[0])
    yield raises(ValueError, 5, 6, rng.spawn(1)[0])


def _devs(result):
    return [np.asarray(dev) for _, dev in result]


def _are_pairs(result, k):
    return (
        isinstance(result, list | tuple)
        and len(result) == k
        and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in result)
    )


def _overlap(result):
    """The number of folds in which train and dev share an example."""
    return sum(bool(np.intersect1d(train, dev).size) for train, dev in result)


def _sizes_differ(result):
    return int(np.ptp([len(dev) for dev in _devs(result)]))


def _in_turn(result, m):
    """Whether the dev sets are blocks of the original order, or take every k-th example."""
    fold_of = np.empty(m, dtype=int)
    for number, dev in enumerate(_devs(result)):
        fold_of[dev] = number
    k = len(result)
    if m < 20 or k == m:  # too few examples to tell chance from order
        return False
    return bool(np.count_nonzero(np.diff(fold_of)) < k + 1 or (fold_of[k:] == fold_of[:-k]).all())


def _checked(m, k):
    if k < 2 or k > m:
        raise ValueError("k must be from 2 to m")


@kfold_indices.judge
def _(a, result):
    m, k = a["m"], a["k"]
    if not _are_pairs(result, k):
        return f"the result should be a list of {k} pairs (train, dev) of index arrays"
    trouble = partition(_devs(result), k, m)
    if trouble:
        return f"of the dev sets: {trouble}"
    if _sizes_differ(result) > 1:
        return f"the sizes of the dev sets should differ by at most one, yours by {_sizes_differ(result)}"
    for number, (train, dev) in enumerate(result):
        trouble = partition([train, dev], 2, m)
        if trouble:
            return f"of train and dev in fold {number}: {trouble}"
    if _in_turn(result, m):
        return "the dev sets follow the order in which the examples came: shuffle them first"
    return None


@kfold_indices.mistake(
    "These are the dev sets alone. Return k pairs (train, dev), the training set of each fold beside them.",
    symptom=lambda a, r: (
        len(r) == a["k"] and all(np.ndim(fold) == 1 for fold in r) and len(joined(r)) == a["m"]
    ),
)
def dev_sets_alone(m, k, rng):
    _checked(m, k)
    return np.array_split(rng.permutation(m), k)


def _swapped(a, r):
    return _are_pairs(r, a["k"]) and a["k"] > 2 and all(len(train) < len(dev) for train, dev in r)


@kfold_indices.mistake(
    "Each pair is (dev, train). Return (train, dev): the large part comes first.", symptom=_swapped
)
def dev_first(m, k, rng):
    return [(dev, train) for train, dev in by_fold_numbers(m, k, rng)]


@kfold_indices.mistake(
    "A training set holds dev examples of its own fold, often because it holds all examples. Leave its dev set out.",
    symptom=lambda a, r: _are_pairs(r, a["k"]) and _overlap(r) == a["k"],
)
def trained_on_all(m, k, rng):
    return [(np.arange(m), dev) for _, dev in by_fold_numbers(m, k, rng)]


@kfold_indices.mistake(
    "An example is in two dev sets and another one in none, often because each fold draws an order of its own. "
    "Draw one order, and cut it into k parts.",
    symptom=lambda a, r: _are_pairs(r, a["k"]) and repeats(_devs(r)),
)
def an_order_for_each_fold(m, k, rng):
    folds = []
    for _ in range(k):
        train, dev = by_fold_numbers(m, k, rng)[0]
        folds.append((train, dev))
    return folds


def _sizes(a, r):
    """The sizes of the dev sets, the smallest first, where these hold each example once; else None."""
    whole = _are_pairs(r, a["k"]) and partition(_devs(r), a["k"], a["m"]) is None
    return sorted(len(dev) for dev in _devs(r)) if whole else None


@kfold_indices.mistake(
    "The examples that are left over all go to one fold. Deal them out: the sizes differ by at most one.",
    symptom=lambda a, r: set(_sizes(a, r)[:-1]) == {a["m"] // a["k"]} and _sizes_differ(r) > 1,
)
def rest_to_one_fold(m, k, rng):
    _checked(m, k)
    order, size = rng.permutation(m), m // k
    devs = np.split(order, [size * fold for fold in range(1, k)])
    return [(np.setdiff1d(order, dev), dev) for dev in devs]


@kfold_indices.mistake(
    "The last dev set is too small, often because all others have the size m / k, rounded up. Deal out what is left over: "
    "the sizes differ by at most one.",
    symptom=lambda a, r: a["m"] % a["k"] < _sizes(a, r).count(-(-a["m"] // a["k"])) and _sizes_differ(r) > 1,
)
def rounded_up(m, k, rng):
    _checked(m, k)
    order, size = rng.permutation(m), -(-m // k)
    devs = [order[size * fold : size * (fold + 1)] for fold in range(k)]
    return [(np.setdiff1d(order, dev), dev) for dev in devs]


@kfold_indices.mistake(
    "Some examples are never in a dev set, often because all folds have the size m // k. Deal out what is left over.",
    symptom=lambda a, r: (
        _are_pairs(r, a["k"]) and not repeats(_devs(r)) and 0 < a["m"] - len(joined(_devs(r))) < a["k"]
    ),
)
def rest_in_no_fold(m, k, rng):
    _checked(m, k)
    order, size = rng.permutation(m), m // k
    devs = [order[size * fold : size * (fold + 1)] for fold in range(k)]
    return [(np.setdiff1d(order, dev), dev) for dev in devs]


@kfold_indices.mistake(
    "The folds follow the order in which the examples came, so a sorted file gives folds of one class each. "
    "Draw a random order first.",
    symptom=lambda a, r: (
        _are_pairs(r, a["k"])
        and len(joined(_devs(r))) == a["m"]
        and not repeats(_devs(r))
        and _in_turn(r, a["m"])
    ),
)
def folds_in_turn(m, k, rng):
    _checked(m, k)
    devs = np.array_split(np.arange(m), k)
    return [(np.setdiff1d(np.arange(m), dev), dev) for dev in devs]


@kfold_indices.mistake(
    "A training set here holds one other fold. It should hold all the others, so that little is lost for learning.",
    symptom=lambda a, r: (
        _are_pairs(r, a["k"])
        and a["k"] > 3
        and not _overlap(r)
        and all(abs(len(train) - len(dev)) <= 1 for train, dev in r)
    ),
)
def trained_on_one_fold(m, k, rng):
    _checked(m, k)
    devs = np.array_split(rng.permutation(m), k)
    return list(zip(devs[1:] + devs[:1], devs, strict=True))


@kfold_indices.mistake(
    "The dev sets are right, but some examples are in no training set of the others: train is all that dev leaves.",
    symptom=lambda a, r: (
        _are_pairs(r, a["k"])
        and not _overlap(r)
        and not repeats(_devs(r))
        and any(len(train) + len(dev) < a["m"] for train, dev in r)
    ),
)
def only_what_came_before(m, k, rng):
    _checked(m, k)
    devs = np.array_split(rng.permutation(m), k)
    return [(np.concatenate([devs[-1][:0], *devs[:fold]]), dev) for fold, dev in enumerate(devs)]


def _split(m, k, rng):
    folds = np.array_split(rng.permutation(m), k)
    return [(np.setdiff1d(np.arange(m), dev), dev) for dev in folds]


@kfold_indices.mistake(
    "One fold, or more folds than examples, pass without a word, and a set stays empty. Raise a ValueError."
)
def no_error_at_all(m, k, rng):
    return _split(m, k, rng)


@kfold_indices.mistake(
    "More folds than examples pass without a word, and some dev sets stay empty. Raise a ValueError there, too."
)
def no_error_above(m, k, rng):
    _checked(max(m, k), k)
    return _split(m, k, rng)


@kfold_indices.mistake(
    "A single fold passes without a word, and nothing is left to train on. Raise a ValueError there, too."
)
def no_error_below(m, k, rng):
    _checked(m, max(k, 2))
    return _split(m, k, rng)


@kfold_indices.mistake(
    "As many folds as examples are refused. They are allowed: each example is then a dev set of its own (leave one out)."
)
def no_leave_one_out(m, k, rng):
    _checked(m - 1, k)
    return _split(m, k, rng)


@kfold_indices.mistake(
    "These are masks of True and False. Return indices: np.flatnonzero(mask).",
    symptom=lambda a, r: _are_pairs(r, a["k"]) and are_masks([part for pair in r for part in pair]),
)
def fold_masks(m, k, rng):
    fold_of = rng.permutation(np.arange(m) % k)
    _checked(m, k)
    return [(fold_of != fold, fold_of == fold) for fold in range(k)]


@kfold_indices.variant
def by_fold_numbers(m, k, rng):
    _checked(m, k)
    fold_of = rng.permutation(np.arange(m) % k)
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in range(k)]


@kfold_indices.variant
def every_kth_of_a_shuffle(m, k, rng):
    _checked(m, k)
    order = [int(i) for i in np.argsort(rng.random(m))]
    folds = [order[fold::k] for fold in range(k)]
    return [
        (np.array([i for j in range(k) if j != fold for i in folds[j]]), np.array(folds[fold]))
        for fold in range(k)
    ]

"""What several exercises of lesson 01 share."""

import numpy as np

SMALL, LARGE = (0.6, 0.2, 0.2), (0.98, 0.01, 0.01)


# stratified_split and group_split: lists of index arrays --------------------------------------------------


def partition(result, parts, m):
    """What keeps a list of index arrays from being a partition of the numbers 0 to m - 1, or None."""
    if not isinstance(result, list | tuple) or len(result) != parts:
        return f"the result should be a list of {parts} index arrays, one a part"
    if not all(isinstance(part, np.ndarray) and part.ndim == 1 for part in result):
        return "each part should be an array of indices, with one axis"
    if any(len(part) and part.dtype.kind not in "iu" for part in result):
        return "a part should hold indices, which are whole numbers"
    every = joined(result)
    if every.size and not 0 <= every.min() <= every.max() < m:
        return f"an index should be a number from 0 to {m - 1}, yours go from {every.min()} to {every.max()}"
    times = np.bincount(every, minlength=m)
    if times.max() > 1:
        return f"the example {times.argmax()} stands {times.max()} times in the parts: once is right"
    return None if times.min() else f"the example {times.argmin()} is in no part"


def joined(result):
    return np.concatenate([np.asarray(part, dtype=int) for part in result])


def repeats(result):
    every = joined(result)
    return len(np.unique(every)) < len(every)


def are_masks(result):
    return all(np.asarray(part).dtype == bool for part in result)


def class_counts(y, result):
    """(parts, classes): how many examples of each class a part holds."""
    labels, number = np.unique(y, return_inverse=True)
    return np.array(
        [np.bincount(number[np.asarray(part, dtype=int)], minlength=len(labels)) for part in result]
    )

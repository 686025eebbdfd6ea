"""Exercise flatten: all parameters in one vector."""

import numpy as np

from nnutils.checks.exercise import exercise

# flatten, unflatten ------------------------------------------------------------------------------------------


@exercise(
    points=1,
    minutes=4,
    hints=(
        "Make every array one row, then put the rows behind each other.",
        "np.ravel(p) makes one row in C order, of a number as well; np.concatenate joins a list of them.",
        "return np.concatenate([np.ravel(p) for p in params])",
    ),
)
def flatten(params):
    """All parameters in one vector.

    params: a list of arrays of any shapes; a scalar counts as one number.
    Returns a 1-D array: the first array's entries row by row
    (C order), then the second one's, ...
    """
    return np.concatenate([np.ravel(p) for p in params])


def _params(rng, *shapes):
    return [np.asarray(rng.normal(size=shape)) for shape in shapes]


@flatten.cases
def _(rng):
    yield (_params(rng, (3, 2), (2,), (2, 4), (4,)),)
    yield (_params(rng, (2, 3), (), (2, 2)),)
    yield (_params(rng, (2, 2, 3), (3, 2)),)
    yield (_params(rng, (4, 3)),)
    yield (_params(rng, (1, 2), (2, 1), (2, 2)),)


@flatten.mistake(
    "The matrices are read column by column. Take C order, row by row: that is what ravel does by itself."
)
def columns_first(params):
    return np.concatenate([np.ravel(p, order="F") for p in params])


@flatten.mistake("The arrays stand in the opposite order. The first one comes first.")
def last_first(params):
    return np.concatenate([np.ravel(p) for p in params[::-1]])


@flatten.mistake("These are rows in a list. Join them to one array with np.concatenate.")
def list_of_rows(params):
    return [np.ravel(p) for p in params]


@flatten.mistake("The result has two axes. It should be a vector, with one.")
def as_a_column(params):
    return np.concatenate([np.ravel(p) for p in params])[:, None]


@flatten.mistake("Only the matrices are in the vector. Biases and scalars belong to it, too.")
def matrices_alone(params):
    return np.concatenate([np.ravel(p) for p in params if np.ndim(p) > 1])


@flatten.mistake("The numbers are sorted. They should stand in the order of the parameters.")
def sorted_numbers(params):
    return np.sort(np.concatenate([np.ravel(p) for p in params]))


@flatten.variant
def number_by_number(params):
    numbers = []
    for p in params:
        numbers.extend(np.asarray(p).flatten().tolist())
    return np.array(numbers)


@flatten.variant
def into_an_empty_one(params):
    theta, start = np.empty(sum(np.size(p) for p in params)), 0
    for p in params:
        theta[start : start + np.size(p)] = np.reshape(p, -1)
        start += np.size(p)
    return theta

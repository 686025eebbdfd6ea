"""Exercise unflatten: the arrays of which flatten made a vector."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=7,
    hints=(
        "Walk along theta: each shape takes as many numbers as its entries, beginning where the one before it ended.",
        "The size of a shape is np.prod(shape), which is 1 for (), as an int. Cut theta[start:start + size] and reshape.",
        "size = int(np.prod(shape)); pieces.append(theta[start : start + size].reshape(shape)); start += size",
    ),
)
def unflatten(theta, shapes):
    """The arrays of which flatten made a vector.

    theta: (n,). shapes: a list of tuples whose sizes sum to n;
    () is a scalar and takes one number.
    Returns a list of arrays of these shapes,
    filled row by row (C order) with theta's numbers from first to last.
    """
    arrays, start = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        arrays.append(theta[start : start + size].reshape(shape))
        start += size
    return arrays


@unflatten.cases
def _(rng):
    yield rng.normal(size=20), [(3, 2), (2,), (2, 4), (4,)]
    yield rng.normal(size=11), [(2, 3), (), (2, 2)]
    yield rng.normal(size=18), [(2, 2, 3), (3, 2)]
    yield rng.normal(size=12), [(4, 3)]
    yield rng.normal(size=8), [(1, 2), (2, 1), (2, 2)]


def _pieces(theta, shapes):
    sizes = [int(np.prod(shape)) for shape in shapes]
    return np.split(theta, np.cumsum(sizes)[:-1])


@unflatten.mistake(
    "The matrices are filled column by column. Take C order, row by row, as reshape does by itself."
)
def columns_filled_first(theta, shapes):
    return [p.reshape(s, order="F") for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.mistake("Every array begins at theta[0]. Go on where the one before it ended.")
def always_from_the_start(theta, shapes):
    return [theta[: int(np.prod(s))].reshape(s) for s in shapes]


@unflatten.mistake("These are the right pieces, in one row each. Reshape them.")
def not_reshaped(theta, shapes):
    return _pieces(theta, shapes)


@unflatten.mistake("The shapes are turned round: (2, 3) has become (3, 2).")
def shapes_turned(theta, shapes):
    return [p.reshape(s[::-1]) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.mistake("The list begins with the last array. Keep the order of shapes.")
def reversed_list(theta, shapes):
    return [p.reshape(s) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)][::-1]


@unflatten.mistake("A scalar has become an array of shape (1,). Its shape is (), with no axis at all.")
def scalar_as_vector(theta, shapes):
    return [p.reshape(s or (1,)) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.variant
def with_split(theta, shapes):
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    pairs = zip(np.split(theta, ends[:-1]), shapes, strict=True)
    return tuple(np.reshape(piece, shape) for piece, shape in pairs)


@unflatten.variant
def taking_numbers(theta, shapes):
    numbers, arrays = iter(theta), []
    for shape in shapes:
        array = np.empty(shape)
        for place in np.ndindex(*shape):
            array[place] = next(numbers)
        arrays.append(array)
    return arrays

"""Exercise fractional_max_pool: the largest pixel of each region of an image."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Each pair of a row region and a column region is a small rectangle. One number remains of it.",
        "Region i holds rows row_edges[i] up to, not with, row_edges[i + 1]. Columns alike.",
        "np.array([[image[a:b, c:d].max() for c, d in zip(col_edges, col_edges[1:])] for a, b in zip(row_edges, row_edges[1:])])",
    ),
)
def fractional_max_pool(image, row_edges, col_edges):
    """The largest pixel of each region of an image.

    image: (h, w). row_edges: ints that rise from 0 to h;
    col_edges: from 0 to w. Region (i, j) holds the rows from row_edges[i] up
    to, not with, row_edges[i + 1], and likewise the columns.
    Returns (len(row_edges) - 1, len(col_edges) - 1).
    """
    rows = list(zip(row_edges[:-1], row_edges[1:], strict=True))
    columns = list(zip(col_edges[:-1], col_edges[1:], strict=True))
    return np.array([[image[a:b, c:d].max() for c, d in columns] for a, b in rows])


@fractional_max_pool.cases
def _(rng):
    for (h, w), rows, columns in (
        ((5, 7), [0, 2, 3, 5], [0, 1, 3, 5, 6, 7]),
        ((6, 4), [0, 1, 3, 4, 6], [0, 2, 3, 4]),
    ):
        image = rng.permutation(h * w).reshape(h, w) - h * w / 2
        image[0, 0] = image[-1, -1] = image.min()
        yield image, np.array(rows), np.array(columns)
    image = -rng.uniform(0.1, 1, size=(4, 4))
    image[0, 0] = image[-1, -1] = -2
    yield image, np.array([0, 1, 2, 4]), np.array([0, 2, 3, 4])


def _pool(image, rows, columns, take=np.max, more=0):
    pairs = [list(zip(edges[:-1], edges[1:], strict=True)) for edges in (rows, columns)]
    return np.array([[take(image[a : b + more, c : d + more]) for c, d in pairs[1]] for a, b in pairs[0]])


@fractional_max_pool.mistake(
    "The regions overlap by a pixel: the end of a region is not part of it. (That is a variant of Graham's paper, but not the one asked for.)"
)
def overlapping(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, more=1)


@fractional_max_pool.mistake("This is the mean of each region: average pooling. Take the largest pixel.")
def averages(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.mean)


@fractional_max_pool.mistake("This is the smallest pixel of each region. Take the largest.")
def smallest(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.min)


@fractional_max_pool.mistake(
    "This is the first pixel of each region. Look at all of them and take the largest."
)
def first_pixel(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: region[0, 0])


@fractional_max_pool.mistake("The result is transposed: rows of the image make rows of the result.")
def pooled_transposed(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges).T


@fractional_max_pool.mistake(
    "The maximum starts at 0, so regions of negative pixels come out as 0. Start with the region's own first pixel."
)
def from_zero(image, row_edges, col_edges):
    return np.maximum(_pool(image, row_edges, col_edges), 0)


@fractional_max_pool.mistake("The edges of rows and columns are exchanged: row_edges cut the first axis.")
def edges_exchanged(image, row_edges, col_edges):
    return _pool(image, col_edges, row_edges)


@fractional_max_pool.mistake(
    "Every region is 2 x 2 here. Its end is the next edge, and where that is one pixel on, the region is one pixel wide."
)
def always_two_by_two(image, row_edges, col_edges):
    return np.array([[image[a : a + 2, c : c + 2].max() for c in col_edges[:-1]] for a in row_edges[:-1]])


@fractional_max_pool.mistake(
    "The last row and the last column of regions are missing: n + 1 edges make n regions."
)
def last_regions_missing(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges)[:-1, :-1]


@fractional_max_pool.mistake(
    "This is the largest absolute value of each region. Take the largest pixel as it is: 1 is larger than -2."
)
def largest_in_size(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: np.abs(region).max())


@fractional_max_pool.mistake(
    "This is where in its region the largest pixel stands (argmax). Return the pixel."
)
def places(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.argmax) * 1.0


@fractional_max_pool.mistake("This is the sum of each region. Take the largest pixel.")
def sums(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.sum)


@fractional_max_pool.mistake(
    "This is the last pixel of each region. Look at all of them and take the largest."
)
def last_pixel(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: region[-1, -1])


@fractional_max_pool.variant
def by_reduceat(image, row_edges, col_edges):
    rows = np.maximum.reduceat(image, row_edges[:-1], axis=0)
    return np.maximum.reduceat(rows, col_edges[:-1], axis=1)


@fractional_max_pool.variant
def pixel_by_pixel(image, row_edges, col_edges):
    out = np.full((len(row_edges) - 1, len(col_edges) - 1), -np.inf)
    for r in range(image.shape[0]):
        i = int(np.searchsorted(row_edges, r, side="right")) - 1
        for c in range(image.shape[1]):
            j = int(np.searchsorted(col_edges, c, side="right")) - 1
            out[i, j] = max(out[i, j], image[r, c])
    return out

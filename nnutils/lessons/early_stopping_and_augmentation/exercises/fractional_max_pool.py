"""Exercise fractional_max_pool: an image made smaller by a factor between 1 and 2, at random places."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=6,
    hints=(
        "First make the edges of the rows, then those of the columns, by the same rule. A region of rows and one of columns make a small rectangle.",
        "For n_in pixels and n regions take np.ceil(n_in / n * (np.arange(n + 1) + u)) and subtract its first entry: these are the edges, as ints. Region i goes from edge i up to, not with, edge i + 1.",
        "With edges r of the rows and c of the columns: image[r[i] : r[i + 1], c[j] : c[j + 1]].max() for each i and j.",
    ),
)
def fractional_max_pool(image, shape, u):
    """The largest pixel of each region of an image; regions have two sizes.

    image: (h, w), any numbers. shape: the result's (rows, columns),
    from h / 2 to h and from w / 2 to w. u: (2,), a draw from [0, 1)
    for the rows and one for the columns.
    The edges of the regions follow the rule of the text. A region ends
    before its right and its lower edge: the next one begins there.
    Returns an array of that shape (Graham 2014).
    """
    edges = []
    for n_in, n_out, shift in zip(image.shape, shape, u, strict=True):
        places = np.ceil(n_in / n_out * (np.arange(n_out + 1) + shift))
        edges.append((places - places[0]).astype(int))
    rows, columns = [list(zip(e[:-1], e[1:], strict=True)) for e in edges]
    return np.array([[image[a:b, c:d].max() for c, d in columns] for a, b in rows])


@fractional_max_pool.cases
def _(rng):
    # Which pixels are largest is the same for every seed: else a wrong region could have the right maximum by chance.
    fixed = np.random.default_rng(5)
    for size, shape in (((8, 8), (5, 6)), ((5, 7), (4, 5)), ((9, 6), (5, 4)), ((11, 10), (7, 9))):
        yield _image(fixed, size, rng), shape, _draws(fixed, size, shape)
    yield _image(fixed, (7, 4), rng), (4, 2), np.array([0.0, 0.0])
    yield _image(fixed, (3, 5), rng), (3, 4), np.array([0.3, 0.55])  # no row disappears
    yield -np.exp(_image(fixed, (6, 5), rng) / 20), (4, 3), _draws(fixed, (6, 5), (4, 3))


def _image(fixed, size, rng):
    """Different numbers, of which about half are negative."""
    order = fixed.permutation(size[0] * size[1]).reshape(size)
    return (order - size[0] * size[1] / 2 + 0.5) * rng.uniform(0.5, 2)


def _draws(fixed, size, shape):
    """Two draws with which no edge is so near a whole number that rounding errors could decide."""
    while True:
        u = fixed.uniform(0.1, 0.9, size=2)
        places = [a / b * (np.arange(b + 1) + shift) for a, b, shift in zip(size, shape, u, strict=True)]
        if all(np.abs(one - np.round(one)).min() > 1e-3 for one in places):
            return u


def _edges(n_in, n_out, u, up=np.ceil):
    places = up(n_in / n_out * (np.arange(n_out + 1) + u))
    return (places - places[0]).astype(int)


def _pool(image, rows, columns, take=np.max, more=0):
    pairs = [list(zip(edges[:-1], edges[1:], strict=True)) for edges in (rows, columns)]
    return np.array([[take(image[a : b + more, c : d + more]) for c, d in pairs[1]] for a, b in pairs[0]])


def _pooled(image, shape, u, edges=_edges, **how):
    return _pool(image, *[edges(a, b, v) for a, b, v in zip(image.shape, shape, u, strict=True)], **how)


@fractional_max_pool.mistake(
    "Neighbouring regions share a pixel: the end of a region is not part of it. (Graham has that variant, too, but it is not the one asked for.)"
)
def overlapping(image, shape, u):
    return _pooled(image, shape, u, more=1)


@fractional_max_pool.mistake("This is the mean of each region: average pooling. Take the largest pixel.")
def averages(image, shape, u):
    return _pooled(image, shape, u, take=np.mean)


@fractional_max_pool.mistake("This is the smallest pixel of each region. Take the largest.")
def smallest(image, shape, u):
    return _pooled(image, shape, u, take=np.min)


@fractional_max_pool.mistake("This is the first pixel of each region. Take the largest of all of them.")
def first_pixel(image, shape, u):
    return _pooled(image, shape, u, take=lambda region: region[0, 0])


@fractional_max_pool.mistake(
    "Regions of negative pixels come out as 0, often because the maximum starts at 0. Start with the region's own first pixel."
)
def from_zero(image, shape, u):
    return np.maximum(_pooled(image, shape, u), 0)


@fractional_max_pool.mistake("u is not used: these are the regions for u = 0, whatever is drawn.")
def without_u(image, shape, u):
    return _pooled(image, shape, (0, 0))


@fractional_max_pool.mistake("The two draws are exchanged: u[0] is for the rows, u[1] for the columns.")
def draws_exchanged(image, shape, u):
    return _pooled(image, shape, u[::-1])


@fractional_max_pool.mistake("One draw serves rows and columns. u holds one for each.")
def one_draw(image, shape, u):
    return _pooled(image, shape, (u[0], u[0]))


@fractional_max_pool.mistake("The edges are rounded down. The rule of the text rounds up.")
def rounded_down(image, shape, u):
    return _pooled(image, shape, u, edges=lambda a, b, v: _edges(a, b, v, up=np.floor))


@fractional_max_pool.mistake(
    "The edges are rounded to the nearest whole number. The rule of the text rounds up."
)
def rounded(image, shape, u):
    return _pooled(image, shape, u, edges=lambda a, b, v: _edges(a, b, v, up=np.round))


@fractional_max_pool.mistake(
    "u is added after the multiplication. It shifts the number of the edge: the factor stretches i + u."
)
def shifted_too_late(image, shape, u):
    def edges(n_in, n_out, v):
        places = np.ceil(n_in / n_out * np.arange(n_out + 1) + v)
        return np.minimum(places - places[0], n_in).astype(int)

    return _pooled(image, shape, u, edges=edges)


@fractional_max_pool.mistake(
    "Every region but the last is one pixel wide, and the last takes the rest: the factor is missing, or its fraction was cut off."
)
def rest_in_the_last(image, shape, u):
    return _pooled(image, shape, u, edges=lambda a, b, v: np.append(np.arange(b), a))


@fractional_max_pool.mistake(
    "Every region is 2 x 2 pixels here. Its end is the next edge, and where that is one pixel on, the region is one pixel wide."
)
def always_two_by_two(image, shape, u):
    rows, columns = (_edges(a, b, v) for a, b, v in zip(image.shape, shape, u, strict=True))
    return np.array([[image[a : a + 2, c : c + 2].max() for c in columns[:-1]] for a in rows[:-1]])


@fractional_max_pool.mistake("The result is transposed: rows of the image make rows of the result.")
def transposed(image, shape, u):
    return _pooled(image, shape, u).T


@fractional_max_pool.mistake(
    "The last row and the last column of regions are missing: n + 1 edges make n regions."
)
def last_missing(image, shape, u):
    return _pooled(image, shape, u)[:-1, :-1]


@fractional_max_pool.variant
def by_reducing_twice(image, shape, u):
    def starts(n_in, n_out, shift):
        places = np.ceil((np.arange(n_out) + shift) * (n_in / n_out)).astype(int)
        return places - places[0]

    tall = np.maximum.reduceat(image, starts(image.shape[0], shape[0], u[0]), axis=0)
    return np.maximum.reduceat(tall, starts(image.shape[1], shape[1], u[1]), axis=1)


@fractional_max_pool.variant
def pixel_by_pixel(image, shape, u):
    out = np.full(shape, -np.inf)
    rows, columns = (_edges(a, b, v) for a, b, v in zip(image.shape, shape, u, strict=True))
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            i = np.searchsorted(rows, r, side="right") - 1
            j = np.searchsorted(columns, c, side="right") - 1
            out[i, j] = max(out[i, j], image[r, c])
    return out

"""Exercise fractional_pool_edges: where the regions of fractional max pooling begin and end, along one axis."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=10,
    hints=(
        "The edges should be about n_in / n_out apart. A shift u between 0 and 1, before rounding, decides where the long and the short gaps fall.",
        "With alpha = n_in / n_out, take ceil(alpha * (i + u)) for i = 0, 1, ..., n_out, and subtract the first one, so that it begins at 0.",
        "edges = np.ceil(alpha * (np.arange(n_out + 1) + u)).astype(int); edges = edges - edges[0]; edges[-1] = n_in.",
    ),
)
def fractional_pool_edges(n_in, n_out, u):
    """Where the regions of fractional max pooling begin and
    end, along one axis.

    n_in: pixels. n_out: regions, n_in / 2 < n_out < n_in.
    u: one draw from [0, 1).
    Returns ints (n_out + 1,) that begin with 0, end with n_in,
    and rise by the floor or the ceiling of n_in / n_out.
    Region i holds the pixels from edges[i] up to, not with, edges[i + 1].
    Other u give other edges (Graham 2014).
    """
    alpha = n_in / n_out
    edges = np.ceil(alpha * (np.arange(n_out + 1) + u)).astype(int)
    edges = edges - edges[0]
    edges[-1] = n_in
    return edges


@fractional_pool_edges.cases
def _(rng):
    for n_in, n_out in ((25, 17), (8, 5), (10, 7)):
        yield n_in, n_out, rng.uniform(0.45, 0.95)
    yield 9, 8, rng.uniform(0.2, 0.7)
    yield 25, 17, 0.0
    yield 8, 5, float(np.nextafter(1, 0))
    for n_in, n_out, u in ((60, 41, 0.4), (83, 59, 0.64), (61, 43, 0.25), (60, 41, 0.8)):
        yield n_in, n_out, u  # many regions: here edges that do not depend on u are known


def _same_for_any_u(n_in, n_out):
    """Edges that are often made without u. With many regions and the cases' own u, none of them comes about with it."""
    places = n_in / n_out * np.arange(n_out + 1)
    middle = np.ceil(n_in / n_out * (np.arange(n_out + 1) + 0.5))
    gaps = np.sort(np.diff(np.floor(places + 1e-9)))
    ends = [np.append(0, np.cumsum(lengths)) for lengths in (gaps, gaps[::-1])]
    return [np.floor(places + 1e-9), np.ceil(places - 1e-9), np.round(places), middle - middle[0], *ends]


def _ignores_u(a, edges):
    many = a["n_out"] > 40
    return many and any(
        np.array_equal(edges, expected) for expected in _same_for_any_u(a["n_in"], a["n_out"])
    )


def _edges(n_in, n_out, u):
    """Right edges for the mistakes to spoil: those of n_in / n_out, rounded up from u on."""
    places = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u)).astype(int)
    return np.append(places[:-1] - places[0], n_in)


@fractional_pool_edges.judge
def _(a, result):
    n_in, n_out = a["n_in"], a["n_out"]
    if not isinstance(result, np.ndarray):
        return f"the edges should be an array of ints, yours is of the type {type(result).__name__}"
    edges = result
    if edges.shape != (n_out + 1,):
        return f"{n_out} regions have {n_out + 1} edges, yours is an array of shape {edges.shape}"
    if edges.dtype.kind not in "iu":
        return "the edges cut between pixels: they should be whole numbers (ints)"
    if edges[0] != 0 or edges[-1] != n_in:
        return f"the edges should run from 0 to {n_in}, yours run from {edges[0]} to {edges[-1]}"
    gaps = np.diff(edges)
    allowed = {n_in // n_out, -(-n_in // n_out)}
    if not set(gaps.tolist()) <= allowed:
        odd = next(gap for gap in gaps.tolist() if gap not in allowed)
        return f"the gaps should be {' or '.join(map(str, sorted(allowed)))}, one of yours is {odd}"
    if _ignores_u(a, edges):
        return "these edges are the same for every u: another u should give other edges"
    return None


@fractional_pool_edges.mistake(
    "The gaps are the same everywhere, so the last edge is not n_in. Fractional pooling mixes gaps of two sizes.",
    symptom=lambda a, r: (
        len(r) == a["n_out"] + 1 and len(set(np.diff(r).tolist())) == 1 and np.asarray(r)[-1] != a["n_in"]
    ),
)
def equal_gaps(n_in, n_out, u):
    return np.arange(n_out + 1) * (n_in // n_out)


@fractional_pool_edges.mistake(
    "The last region is too long, often because it takes everything that is left. Spread the long gaps: round multiples of n_in / n_out.",
    symptom=lambda a, r: np.asarray(r)[-1] == a["n_in"] and np.diff(r)[-1] > -(-a["n_in"] // a["n_out"]),
)
def last_takes_the_rest(n_in, n_out, u):
    edges = np.arange(n_out + 1) * (n_in // n_out)
    edges[-1] = n_in
    return edges


@fractional_pool_edges.mistake(
    "The edges are fractions of a pixel. Round them up and return ints.",
    symptom=lambda a, r: r.dtype.kind == "f" and bool(np.any(r % 1)),
)
def not_rounded(n_in, n_out, u):
    return np.linspace(0, n_in, n_out + 1)


@fractional_pool_edges.mistake(
    "The edges are whole numbers, but floats, with which you cannot cut an image: np.ceil returns floats. Add astype(int).",
    symptom=lambda a, r: r.dtype.kind == "f" and not np.any(r % 1),
)
def whole_floats(n_in, n_out, u):
    return _edges(n_in, n_out, u).astype(float)


@fractional_pool_edges.mistake(
    "These edges are the same for every u. Add u to the number of each edge before you multiply by n_in / n_out and round.",
    symptom=_ignores_u,
)
def without_u(n_in, n_out, u):
    return np.round(np.linspace(0, n_in, n_out + 1)).astype(int)


@fractional_pool_edges.mistake(
    "The first region is too long or the last one is empty, often because 0 and n_in were written over the ends and the "
    "edges between were not moved. Subtract the first edge from all.",
    symptom=lambda a, r: (
        (r[0], r[-1]) == (0, a["n_in"]) and (r[1] > -(-a["n_in"] // a["n_out"]) or r[-1] == r[-2])
    ),
)
def ends_written_over(n_in, n_out, u):
    edges = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u)).astype(int)
    edges[0], edges[-1] = 0, n_in
    return edges


@fractional_pool_edges.mistake(
    "These are n_out numbers. n_out regions have n_out + 1 edges, the end of the last one among them.",
    symptom=lambda a, r: np.shape(r) == (a["n_out"],) and np.sum(r) != a["n_in"],
)
def one_edge_missing(n_in, n_out, u):
    return _edges(n_in, n_out, u)[:-1]


@fractional_pool_edges.mistake(
    "The first edge is not 0: subtract the first one from all, so that no pixel is left out.",
    symptom=lambda a, r: len(r) == a["n_out"] + 1 and np.asarray(r)[0] != 0,
)
def not_begun_at_zero(n_in, n_out, u):
    return np.ceil(n_in / n_out * (np.arange(n_out + 1) + max(u, 0.05))).astype(int)


@fractional_pool_edges.mistake(
    "These are the gaps, not the edges: add them up, beginning with 0.",
    symptom=lambda a, r: len(r) == a["n_out"] and np.sum(r) == a["n_in"],
)
def gaps_alone(n_in, n_out, u):
    return np.diff(_edges(n_in, n_out, u))


@fractional_pool_edges.variant
def by_floor(n_in, n_out, u):
    alpha = n_in / n_out
    edges = [int(np.floor(alpha * (i + u) + 1e-12)) for i in range(n_out + 1)]
    inner = [edge - edges[0] for edge in edges]
    return np.array([*inner[:-1], n_in])


@fractional_pool_edges.variant
def by_shuffled_gaps(n_in, n_out, u):
    short, long = n_in // n_out, n_in // n_out + 1
    gaps = np.array([long] * (n_in - short * n_out) + [short] * (n_out * long - n_in))
    order = np.random.default_rng(int(u * 2**32)).permutation(n_out)
    return np.concatenate([[0], np.cumsum(gaps[order])])

"""Exercise max_norm: cap the length of each unit's incoming weights."""

import numpy as np

from nnutils.checks.exercise import exercise, raises


@exercise(
    points=2,
    minutes=6,
    hints=(
        "The weights that come into unit j are column j of W. How long is each column?",
        "lengths = np.sqrt(np.sum(W**2, axis=0)). Columns longer than r are multiplied by r / length, the others by 1.",
        "raise ValueError unless r > 0; then W * (r / np.maximum(lengths, r)): the factor is 1 where a column is shorter than "
        "r, and a column of zeros is no trouble.",
    ),
)
def max_norm(W, r):
    """Cap the length of each unit's incoming weights.

    W: (n_in, n_out); column j holds the weights that come into unit
    j. r: the largest Euclidean length allowed, a float.
    Returns an array (n_in, n_out): too long columns have the length r and
    their old direction; all others are as they were, columns of zeros, too.
    Raises ValueError where r is not above 0.
    (Srebro & Shraibman 2005; Hinton et al. 2012, with dropout.)
    """
    if not r > 0:
        raise ValueError("r must be above 0")
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * (r / np.maximum(lengths, r))


def _columns(rng, n_in, lengths):
    W = rng.normal(size=(n_in, len(lengths)))
    return W / np.sqrt(np.sum(W**2, axis=0)) * rng.permutation(lengths)


@max_norm.cases
def _(rng):
    yield _columns(rng, 4, [0.3, 1.2, 2.5, 5.0, 9.0]), 2.0
    yield _columns(rng, 6, [0.4, 0.65, 0.75, 0.9, 1.6]), 0.7
    yield np.column_stack([_columns(rng, 3, [0.5, 4.0, 7.0]), np.zeros(3)]), 3.0
    yield np.array([[3, 6, 0], [4, 8, 1], [0, 0, 2], [0, 0, 2]]) * rng.choice([-1, 1], size=(4, 1)), 4.0
    yield rng.permutation([0.5, -1.7, 3.0])[np.newaxis], 1.5
    yield np.array([[3.0, 3e-6, 6.0], [-4.0, 4e-6, 8.0]]), 5.0  # lengths 5, 5e-6 and 10
    yield raises(ValueError, _columns(rng, 3, [0.5, 2.0]), 0.0)
    yield raises(ValueError, _columns(rng, 3, [0.5, 2.0]), -1.0)


def _checked(r):
    if not r > 0:
        raise ValueError("r must be above 0")


@max_norm.mistake(
    "You capped the rows, the weights that leave a unit. What comes into unit j is column j: axis=0."
)
def by_rows(W, r):
    _checked(r)
    lengths = np.sqrt(np.sum(W**2, axis=1, keepdims=True))
    return W * (r / np.maximum(lengths, r))


@max_norm.mistake("All columns have the length r now. Those that were shorter must stay as they are.")
def all_to_r(W, r):
    _checked(r)
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * np.where(lengths > 0, r / np.where(lengths > 0, lengths, 1), 1)


@max_norm.mistake("You divide a column of zeros by its length. Leave columns alone that are shorter than r.")
def zero_by_zero(W, r):
    _checked(r)
    return r * W / np.sqrt(np.sum(W**2, axis=0))


@max_norm.mistake("You capped the length of the whole matrix. Every column has a cap of its own.")
def whole_matrix(W, r):
    _checked(r)
    return W * (r / np.maximum(np.sqrt(np.sum(W**2)), r))


@max_norm.mistake("You cut off every weight at r. That turns the column; scale it as a whole.")
def each_weight(W, r):
    _checked(r)
    return np.clip(W, -r, r) * 1.0


@max_norm.mistake("The root is missing: you compare the squared length with r.")
def squared_length(W, r):
    _checked(r)
    return W * (r / np.maximum(np.sum(W**2, axis=0), r))


@max_norm.mistake("The long columns have the length 1 now. Multiply them by r, too.")
def to_length_one(W, r):
    _checked(r)
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return np.where(lengths > r, W / np.maximum(lengths, r), W * 1.0)


@max_norm.mistake("This takes the sum of absolute values for the length. The Euclidean length is meant.")
def by_absolute_values(W, r):
    _checked(r)
    return W * (r / np.maximum(np.sum(np.abs(W), axis=0), r))


@max_norm.mistake("Columns that are too long have become 0. Scale them to the length r.")
def removed(W, r):
    _checked(r)
    return np.where(np.sqrt(np.sum(W**2, axis=0)) > r, 0.0, W)


@max_norm.mistake(
    "One factor scales all columns, that of the longest one. Columns shorter than r must stay as they are."
)
def one_factor_for_all(W, r):
    _checked(r)
    return W * (r / max(np.sqrt(np.sum(W**2, axis=0)).max(), r))


@max_norm.mistake(
    "You capped the matrix by its largest singular value: np.linalg.norm(W, 2) of a matrix is that. Take the length of "
    "each column: axis=0."
)
def spectral_norm(W, r):
    _checked(r)
    return W * (r / max(np.linalg.norm(W, 2), r))


@max_norm.mistake(
    "Short columns come out a little shorter, often because a small number is added to the length. Columns not longer "
    "than r must stay as they are.",
    symptom=lambda a, result: _a_little_short(a["W"], a["r"], result),
)
def small_number_added(W, r):
    _checked(r)
    lengths = np.sqrt(np.sum(W**2, axis=0))
    return W * np.clip(lengths, 0, r) / (lengths + 1e-3)


def _a_little_short(W, r, result):
    """Whether columns keep their direction and, but for tiny ones, their right length, and some are too short."""
    before, after = (np.sqrt(np.sum(weights**2, axis=0)) for weights in (W, result))
    share = after[before > 0] / np.minimum(before, r)[before > 0]
    turned = not np.allclose(result * before, W * after)
    tiny = before[before > 0] < 1e-3
    return not turned and bool(
        (share[~tiny] > 0.99).all() and (share < 1 + 1e-9).all() and (share < 1 - 1e-8).any()
    )


@max_norm.mistake("This takes the largest entry for the length of a column. The Euclidean length is meant.")
def by_largest_entry(W, r):
    _checked(r)
    return W * (r / np.maximum(np.abs(W).max(axis=0), r))


@max_norm.mistake(
    "You divided by the number of weights: this is the root mean square of a column. Its length has the sum."
)
def by_root_mean_square(W, r):
    _checked(r)
    return W * (r / np.maximum(np.sqrt(np.mean(W**2, axis=0)), r))


@max_norm.mistake(
    "The factor is the root of what it should be: r / length, where the length has had its root already."
)
def root_of_the_factor(W, r):
    _checked(r)
    return W * np.sqrt(r / np.maximum(np.sqrt(np.sum(W**2, axis=0)), r))


@max_norm.mistake(
    "Long columns are scaled inside the caller's W (and cut to whole numbers where it holds those). Work on a copy "
    "with floats."
)
def capped_in_place(W, r):
    _checked(r)
    for j in range(W.shape[1]):
        length = np.linalg.norm(W[:, j])
        if length > r:
            W[:, j] = W[:, j] * r / length
    return W


@max_norm.mistake(
    "Entries above r are cut to r, one by one and on one side. Scale a column that is too long as a whole."
)
def each_weight_above(W, r):
    _checked(r)
    return np.minimum(W, r) * 1.0


@max_norm.mistake("An r of 0 or below gives weights here. The docstring asks for a ValueError.")
def no_error(W, r):
    return W * (r / np.maximum(np.sqrt(np.sum(W**2, axis=0)), max(r, 1e-12)))


@max_norm.mistake(
    "With r = 0 all columns become 0 here: 0 is no length to allow, and asks for a ValueError, too."
)
def zero_allowed(W, r):
    if r < 0:
        raise ValueError("r must be above 0")
    return W * (r / np.maximum(np.sqrt(np.sum(W**2, axis=0)), max(r, 1e-12)))


@max_norm.variant
def column_by_column(W, r):
    _checked(r)
    out = W.astype(float)
    for j in range(W.shape[1]):
        length = np.linalg.norm(out[:, j])
        if length > r:
            out[:, j] *= r / length
    return out


@max_norm.variant
def by_where(W, r):
    _checked(r)
    lengths = np.linalg.norm(W, axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(lengths > r, r * W / lengths, W)

"""Exercise min_norm_fit: least squares with the smallest weights, or with a ridge."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=6,
    hints=(
        "Two cases. With a ridge the matrix is always invertible. Without one it may not be: which function of NumPy "
        "solves least squares for any matrix, and takes the smallest solution where there are many?",
        "np.linalg.lstsq(F, Y)[0], or np.linalg.pinv(F) @ Y, are the minimum-norm solution. With a ridge: np.linalg.solve "
        "of the matrix in the text, which is features by features.",
        "if ridge == 0: return np.linalg.lstsq(F, Y)[0]. Else A = F.T @ F + ridge * np.eye(number of columns of F), and "
        "return np.linalg.solve(A, F.T @ Y).",
    ),
)
def min_norm_fit(F, Y, ridge=0.0):
    """Weights of a linear model by least squares, with or without a ridge.

    F: (m, features), one example a row; there may be fewer or more
    features than examples, and features may repeat one another.
    Y: (m, k), what should come out. ridge: number, 0 or more.
    ridge 0: of all weights with the least squared error, those with
    the smallest norm. ridge above 0: the ridge solution of the text;
    the ridge is not divided by m.
    Returns the weights, (features, k).
    """
    if ridge == 0:
        return np.linalg.lstsq(F, Y)[0]
    penalized = F.T @ F + ridge * np.eye(F.shape[1])
    return np.linalg.solve(penalized, F.T @ Y)


@min_norm_fit.cases
def _(rng):
    yield rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    yield rng.normal(size=(3, 6)), rng.normal(size=(3, 2))
    twice = rng.normal(size=(6, 2))
    yield np.column_stack([twice, twice[:, 0]]), rng.normal(size=(6, 1))
    yield rng.normal(size=(8, 3)) + 1, rng.normal(size=(8, 2)), 0.6
    yield rng.normal(size=(3, 5)), rng.normal(size=(3, 3)), 2.5
    yield rng.integers(-3, 4, size=(4, 5)) + 4 * np.eye(4, 5, dtype=int), rng.integers(0, 9, size=(4, 2)), 3
    yield np.column_stack([twice, twice]), rng.normal(size=(6, 2)) + 2, 0.0


def _ridge(F, Y, ridge):
    return np.linalg.solve(F.T @ F + ridge * np.eye(F.shape[1]), F.T @ Y)


def _least(F, Y):
    return np.linalg.lstsq(F, Y)[0]


@min_norm_fit.mistake("The ridge has no effect: the weights are those of ridge 0.")
def ridge_forgotten(F, Y, ridge=0.0):
    return _least(F, Y)


@min_norm_fit.mistake(
    "At ridge 0 the weights are those of a small ridge. It makes the matrix invertible, and the fit a little wrong. Take the "
    "minimum-norm solution itself."
)
def always_a_ridge(F, Y, ridge=0.0):
    return _ridge(F, Y, ridge or 1e-3)


@min_norm_fit.mistake(
    "With more features than examples the error is least, but the norm is not: some weights are 0 and others do all the "
    "work. Of all solutions take the one with the smallest norm."
)
def a_solution(F, Y, ridge=0.0):
    if ridge:
        return _ridge(F, Y, ridge)
    m, features = F.shape
    W = np.zeros((features, Y.shape[1]))
    W[:m] = _least(F[:, :m], Y)
    return W


@min_norm_fit.mistake("The ridge is divided by the number of examples. Here it is added as it is.")
def divided_by_m(F, Y, ridge=0.0):
    return _ridge(F, Y, ridge / len(F)) if ridge else _least(F, Y)


@min_norm_fit.mistake("The ridge is multiplied by the number of examples. Here it is added as it is.")
def times_m(F, Y, ridge=0.0):
    return _ridge(F, Y, ridge * len(F)) if ridge else _least(F, Y)


@min_norm_fit.mistake(
    "The ridge was added to every entry of the matrix. Add it to the diagonal alone: ridge times the identity."
)
def on_every_entry(F, Y, ridge=0.0):
    return np.linalg.pinv(F.T @ F + ridge) @ F.T @ Y if ridge else _least(F, Y)


@min_norm_fit.mistake(
    "The weights are those of the ridge squared. It often comes from rows of ridge times the identity below F: their squares "
    "count, so take the root of the ridge there."
)
def squared_ridge(F, Y, ridge=0.0):
    return _ridge(F, Y, ridge**2) if ridge else _least(F, Y)


@min_norm_fit.mistake("The weights are those of half the ridge. The matrix gets the whole of it.")
def half_the_ridge(F, Y, ridge=0.0):
    return _ridge(F, Y, ridge / 2) if ridge else _least(F, Y)


@min_norm_fit.mistake("The weights are those of twice the ridge. The matrix gets it once.")
def twice_the_ridge(F, Y, ridge=0.0):
    return _ridge(F, Y, 2 * ridge) if ridge else _least(F, Y)


@min_norm_fit.mistake("The ridge is taken away from the diagonal. Add it.")
def ridge_subtracted(F, Y, ridge=0.0):
    return _ridge(F, Y, -ridge) if ridge else _least(F, Y)


@min_norm_fit.mistake("These are the predictions of the fit, F @ W. Return the weights W.")
def predictions(F, Y, ridge=0.0):
    return F @ (_ridge(F, Y, ridge) if ridge else _least(F, Y))


@min_norm_fit.mistake("These are the weights with rows and columns exchanged. Return them as (features, k).")
def transposed(F, Y, ridge=0.0):
    return (_ridge(F, Y, ridge) if ridge else _least(F, Y)).T


@min_norm_fit.mistake(
    "The columns of F or Y were centred first. The fit has no intercept: take both as they are."
)
def centred(F, Y, ridge=0.0):
    F, Y = F - F.mean(axis=0), Y - Y.mean(axis=0)
    return _ridge(F, Y, ridge) if ridge else _least(F, Y)


@min_norm_fit.variant
def by_the_pseudoinverse(F, Y, ridge=0.0):
    if ridge > 0:
        return F.T @ np.linalg.inv(F @ F.T + ridge * np.identity(len(F))) @ Y
    return np.linalg.pinv(F) @ Y


@min_norm_fit.variant
def by_more_rows(F, Y, ridge=0.0):
    features = F.shape[1]
    below = np.sqrt(ridge) * np.eye(features)
    return np.linalg.lstsq(np.vstack([F, below]), np.vstack([Y, np.zeros((features, Y.shape[1]))]))[0]


@min_norm_fit.variant
def by_singular_values(F, Y, ridge=0.0):
    U, s, Vt = np.linalg.svd(F, full_matrices=False)
    keep = s > 1e-12 * s.max()
    factors = np.zeros_like(s)
    factors[keep] = s[keep] / (s[keep] ** 2 + ridge)
    return Vt.T @ (factors[:, None] * (U.T @ Y))

"""Exercise whiten: a linear map after which all features have variance 1 and no two are correlated."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.input_normalization.exercises.shared import features


@exercise(
    kind="derive",
    points=4,
    minutes=10,
    returns=("mean", "W"),
    hints=(
        "Write down the covariance of (X - mean) @ W in terms of C, the covariance of X, and W. It should be the identity.",
        "It is W.T @ C @ W. np.linalg.eigh(C) gives variances and axes with axes.T @ C @ axes = diag(variances). What is left to do to each column of axes?",
        "Each column of axes is divided by the ROOT of its variance: return mean, axes / np.sqrt(variances).",
    ),
)
def whiten(X):
    """A linear map that takes scale and correlation out of the data.

    X: (m, n), one example a row, n may be 1; no feature is constant, or a
    combination of the others.
    Returns (mean, W), of the shapes (n,) and (n, n), so that the examples
    (X - mean) @ W have mean 0, variance 1 in every column (ddof 0), and
    correlation 0 between any two columns.
    Several W do that. Each of them is right.
    """
    mean = X.mean(axis=0)
    variances, axes = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, axes / np.sqrt(variances)


@whiten.cases
def _(rng):
    yield (features(rng, 9, 3),)
    a, b = rng.normal(size=(2, 12))
    yield (np.column_stack([a, a + 0.4 * b]) + rng.uniform(2, 5, 2),)  # one scale, strongly correlated
    yield (np.array([[1, 50], [7, 20], [3, 80], [4, 40], [9, 60]]),)
    yield (3 * rng.normal(size=(5, 1)) + 8,)
    yield (rng.normal(size=(5, 4)) @ rng.normal(size=(4, 4)),)  # as few examples as can be


def _covariance(X):
    centred = X - X.mean(axis=0)
    return centred.T @ centred / len(X)


def _close(a, b):
    """Whether two matrices are the same but for rounding."""
    return bool(np.abs(a - b).max() <= 1e-5 * max(1e-12, np.abs(b).max()))


def _covariance_after(a, result):
    return _covariance((a["X"] - result[0]) @ result[1])


@whiten.judge
def _(a, result):
    X, (mean, W) = a["X"], result
    n = X.shape[1]
    if np.shape(mean) != (n,) or np.shape(W) != (n, n):
        return f"mean and W should have the shapes ({n},) and ({n}, {n})"
    if not (np.isfinite(mean).all() and np.isfinite(W).all()):
        return "a number of the result is not finite"
    if np.abs(mean - X.mean(axis=0)).max() > 1e-6 * np.abs(X).max():
        return "the columns of (X - mean) @ W do not have mean 0"
    C = _covariance_after(a, result)
    if np.abs(np.diag(C) - 1).max() > 1e-5:
        return "the columns of (X - mean) @ W do not all have variance 1"
    if np.abs(C - np.eye(len(C))).max() > 1e-5:
        return "the columns of (X - mean) @ W have variance 1, but some are still correlated"
    return None


def _seen(looks):
    """A symptom: what `looks(a, mean, W)` sees, where the result is not right anyway."""
    return lambda a, r: whiten.verdict_on(a, r) is not None and bool(looks(a, *r))


def _variances_are(power):
    """Whether the variances afterwards are those of the principal axes to this power."""

    def looks(a, mean, W):
        after, before = (
            np.linalg.eigvalsh(M) for M in (_covariance_after(a, (mean, W)), _covariance(a["X"]))
        )
        return np.allclose(after, np.sort(before**power), 1e-5, 0)

    return looks


def _with_weights(make):
    """A wrong version that has the right mean, and the weights made of the variances and the axes of the covariance."""
    return lambda X: (X.mean(axis=0), make(*np.linalg.eigh(_covariance(X))))


@whiten.mistake(
    "After your map the variance along each axis is one over what it was: the axes are divided by the variance, often because "
    "its root was forgotten. Dividing a column by s divides its variance by s squared.",
    symptom=_seen(_variances_are(-1)),
)
def by_the_variance(X):
    return _with_weights(lambda variances, axes: axes / variances)(X)


@whiten.mistake(
    "After your map the variance along each axis is the square of what it was: wide axes get wider. Divide by the root of the "
    "variance.",
    symptom=_seen(_variances_are(2)),
)
def made_wider(X):
    return _with_weights(lambda variances, axes: axes * np.sqrt(variances))(X)


@whiten.mistake(
    "Your map turns the data and changes no variance along the principal axes: correlation is gone, scale is not.",
    symptom=_seen(lambda a, mean, W: _close(W.T @ W, np.eye(len(W)))),
)
def only_turned(X):
    return _with_weights(lambda variances, axes: axes)(X)


@whiten.mistake(
    "Your W is diagonal: it rescales the features, and leaves the correlation between them. Each new column must be a mixture of "
    "the old ones.",
    symptom=_seen(lambda a, mean, W: len(W) > 1 and not np.any(W - np.diag(np.diag(W)))),
)
def only_rescaled(X):
    return X.mean(axis=0), np.diag(1 / X.std(axis=0))


@whiten.mistake(
    "All variances come out as (m - 1) / m: your covariance divides by m - 1, as np.cov does unless it is told bias=True. "
    "Here it divides by m.",
    symptom=_seen(
        lambda a, mean, W: _close(_covariance_after(a, (mean, W)), (1 - 1 / len(a["X"])) * np.eye(len(W)))
    ),
)
def divided_by_m_minus_one(X):
    variances, axes = np.linalg.eigh(_covariance(X) * len(X) / (len(X) - 1))
    return X.mean(axis=0), axes / np.sqrt(variances)


@whiten.mistake(
    "All variances come out as 1 / m: the sum over the examples is not divided by m.",
    symptom=_seen(lambda a, mean, W: _close(_covariance_after(a, (mean, W)), np.eye(len(W)) / len(a["X"]))),
)
def not_divided(X):
    return _with_weights(lambda variances, axes: axes / np.sqrt(len(X) * variances))(X)


@whiten.mistake(
    "Your W whitens X^T X / m, which holds the means as well. The covariance is that of X - mean.",
    symptom=_seen(lambda a, mean, W: _close(W.T @ (a["X"].T @ a["X"]) @ W / len(a["X"]), np.eye(len(W)))),
)
def not_centred(X):
    power, axes = np.linalg.eigh(X.T @ X / len(X))
    return X.mean(axis=0), axes / np.sqrt(power)


@whiten.mistake(
    "Your W is transposed: it would whiten by W @ (x - mean), with one example as a column. Here examples are rows, (X - mean) @ W.",
    symptom=_seen(lambda a, mean, W: _close(W @ _covariance(a["X"]) @ W.T, np.eye(len(W)))),
)
def transposed(X):
    return _with_weights(lambda variances, axes: (axes / np.sqrt(variances)).T)(X)


@whiten.mistake(
    "The rows of the axes were divided. np.linalg.eigh gives the axes as COLUMNS, and each has its own variance.",
    symptom=_seen(
        lambda a, mean, W: _close(
            W @ W.T, np.diag(1 / np.maximum(np.linalg.eigvalsh(_covariance(a["X"])), 1e-300))
        )
    ),
)
def rows_divided(X):
    return _with_weights(lambda variances, axes: axes / np.sqrt(variances)[:, None])(X)


@whiten.mistake(
    "The mean is 0 here, so the columns of (X - mean) @ W keep a mean. Return the mean of each feature.",
    symptom=_seen(lambda a, mean, W: not np.any(mean)),
)
def mean_left_out(X):
    return np.zeros(X.shape[1]), _with_weights(lambda variances, axes: axes / np.sqrt(variances))(X)[1]


@whiten.mistake(
    "The mean is that of X @ W. It is subtracted before the map: return the mean of each feature of X.",
    symptom=_seen(lambda a, mean, W: np.allclose(mean, a["X"].mean(axis=0) @ W, 1e-5, 0)),
)
def mean_after_the_map(X):
    mean, W = _with_weights(lambda variances, axes: axes / np.sqrt(variances))(X)
    return mean @ W, W


@whiten.variant
def without_turning(X):  # ZCA: the symmetric root
    mean = X.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(X, rowvar=False, bias=True).reshape(X.shape[1], -1))
    return mean, axes @ np.diag(variances**-0.5) @ axes.T


@whiten.variant
def by_cholesky(X):
    Z = X - np.mean(X, 0)
    return np.mean(X, 0), np.linalg.inv(np.linalg.cholesky(Z.T @ Z / X.shape[0])).T


@whiten.variant
def by_singular_values(X):
    mean = X.mean(axis=0)
    _, sizes, axes = np.linalg.svd(X - mean, full_matrices=False)
    return mean, axes.T * (np.sqrt(len(X)) / sizes)

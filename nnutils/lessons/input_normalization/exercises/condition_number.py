"""Exercise condition_number: how long the valley of the squared error is: a ratio of curvatures."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=6,
    tolerance=1e-5,
    hints=(
        "The curvature of the squared error is the matrix H = X^T X / m. Its eigenvalues are the curvatures along its axes.",
        "H is symmetric, so its singular values are its eigenvalues, and np.linalg.cond gives the largest over the smallest. Where H is singular, rounding may leave a smallest one of 1e-17: np.linalg.matrix_rank(X) tells.",
        "if np.linalg.matrix_rank(X) < X.shape[1]: return np.inf. Else return float(np.linalg.cond(X.T @ X / len(X))).",
    ),
)
def condition_number(X):
    """The condition number of the squared error of a linear model.

    X: (m, n_x), used as it is: neither centred nor scaled.
    Returns the ratio of the largest to the smallest curvature, a float; inf
    where a curvature is 0, also where rounding leaves a little of it.
    """
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    return float(np.linalg.cond(X.T @ X / len(X)))


@condition_number.cases
def _(rng):
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    base = np.linalg.qr(rng.normal(size=(8, 3)))[0]
    yield (base * [1.0, 2.5, rng.uniform(4, 9)] @ turn,)
    yield ((rng.normal(size=(7, 2)) + 2.0) * [1.0, 1.5],)
    yield (np.array([[1, 5], [7, 2], [3, 8], [4, 4], [9, 6]]),)
    yield (rng.normal(size=(6, 1)) + 3,)
    yield (np.array([[1.0, 1.0], [1.0, 1.0001], [1.0, 0.9999]]),)  # long, but not singular
    for singular in (
        [[0.1, 0.3], [0.2, 0.6], [0.7, 2.1]],
        [[0.1, 0.2, 0.3], [0.7, 0.5, 1.2], [0.3, 0.9, 1.2], [0.6, 0.1, 0.7]],
        [[1.0, 2.0]],
        [[1, 0], [2, 0]],
    ):
        yield (np.array(singular),)


def _told_where_H_is_regular(sentence):
    """A mistake of condition_number that is told by its numbers where H is regular. Elsewhere rounding would decide."""

    def add(wrong):
        def shows(a, r):
            right = condition_number(a["X"])
            far = np.isfinite(right) and np.isfinite(r) and not np.isclose(r, right, 1e-6, 0)
            return far and np.isclose(r, wrong(a["X"]), 1e-6, 0)

        return condition_number.mistake(sentence, symptom=shows)(wrong)

    return add


@_told_where_H_is_regular(
    "This is the condition number of X itself, the root of what was asked. The curvature is that of X^T X."
)
def of_x(X):
    return float(np.linalg.cond(X))


@_told_where_H_is_regular(
    "You centred X first. The condition number of the data as they are is asked for: an offset makes the valley longer, too."
)
def of_centred(X):
    centred = X - X.mean(axis=0)
    return float(np.linalg.cond(centred.T @ centred / len(X)))


@_told_where_H_is_regular(
    "This is the smallest over the largest, and the number must be 1 or more. Divide the largest eigenvalue by the smallest: "
    "np.linalg.eigvals returns them in any order."
)
def upside_down(X):
    return float(1 / np.linalg.cond(X.T @ X / len(X)))


@_told_where_H_is_regular("This is the largest eigenvalue alone. Divide it by the smallest.")
def largest_alone(X):
    return float(np.linalg.eigvalsh(X.T @ X / len(X))[-1])


@_told_where_H_is_regular(
    "You compare the features' variances. The axes of the valley are the eigenvectors of X^T X, not the features."
)
def ratio_of_variances(X):
    variance = X.var(axis=0)
    return float(variance.max() / variance.min())


@_told_where_H_is_regular(
    "This is the largest minus the smallest eigenvalue. Divide instead: a ratio does not depend on units."
)
def difference_of_eigenvalues(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return float(values[-1] - values[0])


@_told_where_H_is_regular(
    "This is the smallest eigenvalue alone. It belongs below the line: the largest over it."
)
def smallest_alone(X):
    return float(np.linalg.eigvalsh(X.T @ X / len(X))[0])


@_told_where_H_is_regular(
    "This is the condition number in the Frobenius norm. The ratio of the largest to the smallest eigenvalue is that in "
    "the 2-norm, np.linalg.cond's default."
)
def in_the_frobenius_norm(X):
    return float(np.linalg.cond(X.T @ X / len(X), "fro"))


@_told_where_H_is_regular(
    "You scaled the features to length 1 first. The condition number of the data as they are is asked for."
)
def of_scaled_features(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    scaled = X / np.linalg.norm(X, axis=0)
    return float(np.linalg.cond(scaled.T @ scaled))


@condition_number.mistake(
    "You say that H is singular where it is not, often because it was made as X X^T, (m, m). H is X^T X / m, (n_x, n_x): "
    "one row and column a feature.",
    symptom=lambda a, r: condition_number(a["X"]) < 1e6 and abs(r) > 1e12,
)
def of_the_examples(X):
    return float(np.linalg.cond(X @ X.T / len(X)))


@condition_number.mistake(
    "Where H is singular your number is huge and not inf: rounding leaves a smallest eigenvalue of about 1e-17. Ask "
    "whether the rank of X is below n_x.",
    symptom=lambda a, r: condition_number(a["X"]) == np.inf and 1e12 < abs(r) < np.inf,
)
def rounding_hides_it(X):
    return float(np.linalg.cond(X.T @ X / len(X)))


@condition_number.mistake(
    "You say inf where the valley is long and H is not singular, often because a small eigenvalue is taken for 0. How small "
    "it is depends on the units: compare it with the largest one, or ask for the rank of X.",
    symptom=lambda a, r: np.isfinite(condition_number(a["X"])) and r == np.inf,
)
def small_is_zero(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return np.inf if values[0] < 1e-8 else values[-1] / values[0]


@condition_number.variant
def by_singular_values(X):
    values = np.linalg.svd(X, compute_uv=False)
    full = len(values) == X.shape[1] and values[-1] > 1e-12 * values[0]
    return (values[0] / values[-1]) ** 2 if full else float("inf")


@condition_number.variant
def by_eigenvalues(X):
    values = np.linalg.eigvalsh(X.T @ X)
    return np.inf if values[0] <= 1e-14 * values[-1] else values[-1] / values[0]

"""Exercise orthogonalize: the orthogonal matrix that is nearest to a matrix."""

import itertools

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=4,
    minutes=9,
    hints=(
        "A matrix turns, stretches along axes that are perpendicular to each other, and turns again. What does a matrix look like that turns and does not stretch?",
        "Write M as a product of a rotation, a diagonal matrix of stretches and another rotation: the singular value decomposition. Which diagonal is nearest to the stretches if all of them must be 1?",
        "U, S, Vt = np.linalg.svd(M, full_matrices=False); return U @ Vt.",
    ),
)
def orthogonalize(M):
    """The orthogonal matrix that is nearest to M.

    M: (rows, columns), of full rank.
    Returns an array of the same shape. If M has no more columns than rows,
    the columns of the result have length 1 and are perpendicular to each
    other; otherwise its rows are. Of all such matrices it is the nearest
    one to M, measured by the sum of the squared differences.
    Any way to find it is right that comes to 1 within 0.01 in every singular
    value.
    """
    U, _, Vt = np.linalg.svd(M, full_matrices=False)
    return U @ Vt


def _turn(rng, n, k):
    """k perpendicular columns of length 1, none of them along an axis; a square one is far from symmetric."""
    angle = rng.uniform(0.5, 1.1)
    if n == k == 2:
        return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if n == k == 3:  # around the axis (1, 2, 2)
        K = np.array([[0, -2, 2], [2, 0, -1], [-2, 1, 0]]) / 3
        return np.eye(3) + np.sin(angle) * K + (1 - np.cos(angle)) * K @ K
    return np.linalg.qr(rng.normal(size=(n, k)))[0]


def _stretched(rng, shape, stretches):
    """A matrix with these singular values."""
    U, V = (_turn(rng, n, min(shape)) for n in shape)
    return U * np.asarray(stretches) @ V.T


@orthogonalize.cases
def _(rng):
    yield (_stretched(rng, (3, 3), [2.0, 0.9, 0.3]),)
    yield (_stretched(rng, (5, 3), [3.0, 1.5, 0.5]),)
    yield (_stretched(rng, (2, 4), [4.0, 0.7]),)
    yield (np.array([[2, 1], [0, 3], [1, -1]]),)
    yield (_stretched(rng, (4, 4), [50.0, 9.0, 3.0, 1.0]),)  # a few steps of an iteration are too few
    yield (_stretched(rng, (3, 2), [2e-5, 1e-5]),)  # the size does not matter
    yield (rng.uniform(1, 2, size=(4, 1)),)


def _inner(Q):
    """Q^T Q or Q Q^T, whichever is smaller."""
    return Q.T @ Q if Q.shape[0] >= Q.shape[1] else Q @ Q.T


@orthogonalize.judge
def _(a, Q):
    M = np.asarray(a["M"], float)
    if np.shape(Q) != M.shape:
        return f"the result should have the shape {M.shape} of M"
    if not np.isfinite(Q).all():
        return "a number of the result is not finite"
    if np.abs(np.linalg.svd(Q, compute_uv=False) - 1).max() > 0.0101:
        return "the singular values of the result are not all 1, so it still stretches"
    U, _, Vt = np.linalg.svd(M, full_matrices=False)
    if np.abs(Q - U @ Vt).max() > 0.0101:
        return "the result is orthogonal, but another orthogonal matrix is nearer to M"
    return None


def _seen(looks):
    """A symptom: what `looks(M, Q)` sees, where the result is not right anyway."""
    return lambda a, r: (
        orthogonalize.verdict_on(a, r) is not None and bool(looks(np.asarray(a["M"], float), r))
    )


def _close(a, b):
    return a.shape == b.shape and np.allclose(a, b, 1e-5, 1e-7 * np.abs(b).max())


def _rotations(M):
    """U and V^T of the decomposition, for each choice of the signs that it leaves open."""
    U, _, Vt = np.linalg.svd(M, full_matrices=False)
    return [(U * s, Vt * np.array(s)[:, None]) for s in itertools.product((1, -1), repeat=len(Vt))]


@orthogonalize.mistake(
    "M is divided by one number, its length. All stretches shrink alike, and their ratios stay: no column became perpendicular "
    "to another.",
    symptom=_seen(
        lambda M, Q: (
            M.shape[1] > 1 and M.shape[0] > 1 and _close(Q / np.linalg.norm(Q), M / np.linalg.norm(M))
        )
    ),
)
def only_shortened(M):
    return M / np.linalg.norm(M)


@orthogonalize.mistake(
    "This is the Q of a QR decomposition, or Gram and Schmidt's. It is orthogonal, but it keeps the direction of the first column "
    "and lets the others give way: it is not the nearest one.",
    symptom=_seen(
        lambda M, Q: (
            M.shape[0] >= M.shape[1] > 1
            and np.abs(_inner(Q) - np.eye(M.shape[1])).max() < 1e-6
            and np.abs(np.tril(Q.T @ M, -1)).max() < 1e-6 * np.abs(M).max()
        )
    ),
)
def by_qr(M):
    if M.shape[0] < M.shape[1]:
        return np.linalg.qr(M.T)[0].T
    return np.linalg.qr(M)[0]


@orthogonalize.mistake(
    "Each column has length 1 now, but they are not perpendicular to each other: M still stretches some mixtures of them more "
    "than others.",
    symptom=_seen(lambda M, Q: M.shape[1] > 1 and _close(Q, M / np.linalg.norm(M, axis=0))),
)
def columns_of_length_one(M):
    return M / np.linalg.norm(M, axis=0)


@orthogonalize.mistake(
    "Each row has length 1 now, but they are not perpendicular to each other.",
    symptom=_seen(lambda M, Q: M.shape[1] > 1 and _close(Q, M / np.linalg.norm(M, axis=1, keepdims=True))),
)
def rows_of_length_one(M):
    return M / np.linalg.norm(M, axis=1, keepdims=True)


@orthogonalize.mistake(
    "These are the signs of the entries. A sign looks at one entry at a time; here the whole matrix is to be turned into one that "
    "does not stretch.",
    symptom=_seen(lambda M, Q: M.shape[1] > 1 and _close(Q, np.sign(M))),
)
def signs(M):
    return np.sign(M).astype(float)


@orthogonalize.mistake(
    "The second rotation is transposed, often because np.linalg.svd returns V already transposed: its third result is V^T.",
    symptom=_seen(
        lambda M, Q: M.shape[0] == M.shape[1] and any(_close(Q, U @ Vt.T) for U, Vt in _rotations(M))
    ),
)
def v_transposed(M):
    U, _, Vt = np.linalg.svd(M, full_matrices=False)
    return U @ Vt.T if M.shape[0] == M.shape[1] else U @ Vt


@orthogonalize.mistake(
    "This is U alone. It is orthogonal, but M turns twice, before it stretches and after it: the nearest matrix makes both turns.",
    symptom=_seen(lambda M, Q: M.shape[0] >= M.shape[1] > 1 and any(_close(Q, U) for U, _ in _rotations(M))),
)
def first_rotation_alone(M):
    U, _, Vt = np.linalg.svd(M, full_matrices=False)
    return U if M.shape[0] >= M.shape[1] else Vt


@orthogonalize.mistake(
    "The singular values are near 1 and not at 1: some lie at 0.7, others at 1.2. So do five steps of Newton and Schulz with the "
    "published, tuned coefficients, which never come closer. Here take the decomposition itself, or coefficients that converge.",
    symptom=_seen(
        lambda M, Q: (
            np.all(np.abs(np.linalg.svd(Q, compute_uv=False) - 1) < 0.45)
            and np.abs(Q.T @ M - M.T @ Q).max() < 1e-4 * np.abs(Q.T @ M).max()
        )
    ),
)
def tuned_steps(M):
    X = M / np.linalg.norm(M)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return X


@orthogonalize.mistake(
    "Your iteration has the right directions and was stopped too early: its smallest singular value is still far below 1.",
    symptom=_seen(
        lambda M, Q: (
            np.linalg.svd(Q, compute_uv=False).max() < 1.0101
            and np.linalg.svd(Q, compute_uv=False).min() < 0.99
            and np.abs(Q.T @ M - M.T @ Q).max() < 1e-4 * np.abs(Q.T @ M).max()
            and not _close(Q / np.linalg.norm(Q), M / np.linalg.norm(M))
        )
    ),
)
def too_few_steps(M):
    X = M / np.linalg.norm(M)
    for _ in range(5):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    return X


@orthogonalize.mistake(
    "Each singular value became its inverse: what M stretched is now shrunk. The root of M^T M is what M is to be divided by, "
    "not M^T M itself.",
    symptom=_seen(lambda M, Q: M.shape[1] > 1 and _close(Q, np.linalg.pinv(M).T)),
)
def inverted(M):
    return np.linalg.pinv(M).T


@orthogonalize.mistake(
    "The result stretches as M does: the singular values have been multiplied in again. Leave them out.",
    symptom=_seen(_close),
)
def unchanged(M):
    U, S, Vt = np.linalg.svd(M, full_matrices=False)
    return U @ np.diag(S) @ Vt


@orthogonalize.variant
def by_the_root(M):
    M = np.asarray(M, float)
    A = M if M.shape[0] >= M.shape[1] else M.T
    values, vectors = np.linalg.eigh(A.T @ A)
    Q = A @ (vectors / np.sqrt(values)) @ vectors.T
    return Q if M.shape[0] >= M.shape[1] else Q.T


@orthogonalize.variant
def by_newton_and_schulz(M):
    X = M / np.linalg.norm(M)
    for _ in range(40):
        X = 1.5 * X - 0.5 * (X @ X.T) @ X
    return X

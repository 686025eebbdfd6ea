"""Exercise muon_update: one step of Muon, momentum that is made orthogonal (Jordan et al. 2024)."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.more_optimizers.exercises.orthogonalize import orthogonalize


@exercise(
    points=2,
    minutes=3,
    returns=("W", "M"),
    fresh=True,
    hints=(
        "Collect the gradients in M first. What moves W is not M but the matrix that you have just learned to make of it.",
        "M is a sum that fades: the old M times beta, plus the whole G. The state that you return is this M, not the orthogonal matrix.",
        "M = beta * M + G, then return W - lr * orthogonalize(M), M",
    ),
)
def muon_update(W, G, M, lr, beta):
    """One step of Muon (Jordan et al. 2024) for one weight matrix.

    W, G, M: weights, gradient, momentum (0 at the start), each
    (n_in, n_out). lr, beta: numbers.
    No look ahead, no decay, and no factor for the form of the matrix.
    The step may come from your `orthogonalize`, or from the five published
    Newton-Schulz steps, whose singular values are only near 1.
    Returns the new (W, M).
    """
    M = beta * M + G
    return W - lr * orthogonalize(M), M


@muon_update.cases
def _(rng):
    for shape, lr, beta in (((4, 3), 0.3, 0.7), ((2, 3), 0.05, 0.9), ((3, 3), 0.7, 0.5)):
        k = min(shape)
        turns = [np.linalg.qr(rng.normal(size=(n, k)))[0] for n in shape]
        target = turns[0] * np.array([3.0, 1.5, 0.8])[:k] @ turns[1].T  # the new M, whose rank is full
        W, M = rng.normal(size=(2, *shape))
        yield W, target - beta * M, M, lr, beta
    yield np.array([[3, -2], [2, 5]]), np.array([[2, 1], [0, 3]]), np.array([[4, 2], [-2, 2]]), 0.25, 0.5
    yield np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[2.0, 0.3], [0.1, -1.0]]), np.zeros((2, 2)), 0.1, 0.9


@muon_update.judge
def _(a, result):
    (W, M), (new_W, new_M) = (np.asarray(a["W"], float), np.asarray(a["M"], float)), result
    right = a["beta"] * M + a["G"]
    if not np.shape(new_W) == np.shape(new_M) == M.shape:
        return f"the new W and M should both have the shape {M.shape}"
    if not (np.isfinite(new_W).all() and np.isfinite(new_M).all()):
        return "a number of the result is not finite"
    if not np.allclose(new_M, right, 1e-7, 1e-9):
        return "M is not what it should be after this step"
    step = (W - new_W) / a["lr"]
    U, _, Vt = np.linalg.svd(right, full_matrices=False)
    along = U.T @ step @ Vt.T
    if np.abs(U @ along @ Vt - step).max() > 1e-4 or np.abs(along - np.diag(np.diag(along))).max() > 1e-4:
        return "W moves in other directions than those of the orthogonal matrix nearest to M"
    exact = np.abs(np.diag(along) - 1).max() <= 0.0101
    if not exact and not np.allclose(np.diag(along), _five_steps(right), 1e-3):
        return "the step has the right directions and not the right length: its singular values should be lr"
    return None


def _five_steps(M):
    """The singular values after the five published steps."""
    s = np.linalg.svd(M, compute_uv=False)
    s = s / np.linalg.norm(s)
    for _ in range(5):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return s


@muon_update.mistake(
    "The step is made of the gradient. It is made of M, in which the gradients are collected."
)
def step_of_the_gradient(W, G, M, lr, beta):
    return W - lr * orthogonalize(G), beta * M + G


@muon_update.mistake("The step is made of the old M. Add the new gradient first.")
def step_of_the_old_momentum(W, G, M, lr, beta):
    old = M if np.any(M) else G
    return W - lr * orthogonalize(old), beta * M + G


@muon_update.mistake("This is momentum: M itself moves W. Make it orthogonal first.")
def plain_momentum(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * M, M


@muon_update.mistake("You went uphill: subtract the step.")
def muon_uphill(W, G, M, lr, beta):
    M = beta * M + G
    return W + lr * orthogonalize(M), M


@muon_update.mistake(
    "The directions are right, but you return an average as M, with the share 1 - beta for the gradient. Here M is a sum: beta M + G."
)
def average_as_state(W, G, M, lr, beta):
    M = beta * M + (1 - beta) * G
    return W - lr * orthogonalize(M), M


@muon_update.mistake(
    "W is right, but you return the orthogonal matrix as M. The state is the sum of gradients, with all its sizes."
)
def keeps_the_orthogonal(W, G, M, lr, beta):
    step = orthogonalize(beta * M + G)
    return W - lr * step, step


@muon_update.mistake(
    "This looks ahead, as the published code does: G + beta M is made orthogonal, with the new M. Here it is M itself."
)
def looks_ahead(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * orthogonalize(G + beta * M), M


@muon_update.mistake(
    "The gradient is made orthogonal before it is collected, so a tiny gradient counts as much as a large one. Collect first."
)
def orthogonal_before_collecting(W, G, M, lr, beta):
    M = beta * M + orthogonalize(G)
    return W - lr * M, M


@muon_update.mistake(
    "The step has a factor for the form of the matrix, as in the published code. Here lr alone is its length.",
    symptom=lambda a, r: (
        a["W"].shape[0] != a["W"].shape[1]
        and np.allclose(r[1], muon_update(**a)[1])
        and np.linalg.matrix_rank(
            np.column_stack([np.ravel(a["W"] - r[0]), np.ravel(a["W"] - muon_update(**a)[0])]), 1e-6
        )
        == 1
        and not np.allclose(r[0], muon_update(**a)[0], 1e-2)
        and np.sum((a["W"] - r[0]) * (a["W"] - muon_update(**a)[0])) > 0
    ),
)
def with_a_factor(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * np.sqrt(max(W.shape)) * 0.2 * orthogonalize(M), M


@muon_update.mistake(
    "The step is M divided by its length: the direction of momentum. Its singular values are not 1."
)
def only_normalized(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * M / np.linalg.norm(M), M


@muon_update.mistake("The step has the signs of M, as in Lion. Muon makes the whole matrix orthogonal.")
def signs_of_momentum(W, G, M, lr, beta):
    M = beta * M + G
    return W - lr * np.sign(M), M


@muon_update.mistake("The learning rate is missing: lr times the orthogonal matrix.")
def muon_without_lr(W, G, M, lr, beta):
    M = beta * M + G
    return W - orthogonalize(M), M


@muon_update.mistake("W is right, but you return the old M. The next step needs the new one.")
def muon_old_state(W, G, M, lr, beta):
    return W - lr * orthogonalize(beta * M + G), M.astype(float)


@muon_update.mistake("Both are right and in the wrong order: return W first, then M.")
def muon_order_of_two(W, G, M, lr, beta):
    M = beta * M + G
    return M, W - lr * orthogonalize(M)


@muon_update.variant
def by_singular_values(W, G, M, lr, beta):
    total = G + beta * M
    U, _, Vt = np.linalg.svd(total, full_matrices=False)
    return W - lr * U @ Vt, total


@muon_update.variant
def by_the_published_steps(W, G, M, lr, beta):
    M = beta * M + G
    X = M / np.linalg.norm(M)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return W - lr * X, M

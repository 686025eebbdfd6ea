"""Exercise lora: a weight matrix with a change of low rank added to it."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=4,
    fresh=True,
    hints=(
        "The change of W has W's shape. Which product of A and B has it, and which side of A is the rank?",
        "The rank r is the number of A's columns. The product is multiplied by alpha divided by r.",
        "With r = A.shape[1]: return a copy of W where r is 0, else W + alpha / r * A @ B.",
    ),
)
def lora(W, A, B, alpha):
    """The weights with which an adapted layer computes.

    W: (n_in, n_out), the frozen weights. A: (n_in, r), B: (r, n_out),
    the two thin matrices of an adapter of rank r. alpha: a number, how
    strongly the adapter counts. Returns a new array (n_in, n_out).
    An adapter of rank 0 is allowed; it changes nothing.
    """
    r = A.shape[1]
    if r == 0:
        return W.copy()
    return W + alpha / r * (A @ B)


@lora.cases
def _(rng):
    for n_in, n_out, r, alpha in (
        (4, 3, 2, 1.0),
        (3, 5, 3, 8.0),
        (5, 2, 1, 4.0),
        (3, 3, 2, 2.5),
        (4, 3, 0, 2.0),
    ):
        yield rng.normal(size=(n_in, n_out)), rng.normal(size=(n_in, r)), rng.normal(size=(r, n_out)), alpha


@lora.mistake(
    "The change is not divided by the rank: with a larger rank it grows. Its factor is alpha over r."
)
def not_divided(W, A, B, alpha):
    return W + alpha * A @ B


@lora.mistake("The change is divided by the rank, and alpha is left out.")
def without_alpha(W, A, B, alpha):
    return W + A @ B / max(A.shape[1], 1)


@lora.mistake("This is the change alone. The layer computes with the frozen W plus the change.")
def change_alone(W, A, B, alpha):
    return alpha / max(A.shape[1], 1) * A @ B


@lora.mistake("The change is subtracted from W. It should be added.")
def subtracted(W, A, B, alpha):
    return W - alpha / max(A.shape[1], 1) * A @ B


@lora.mistake("alpha is divided by the number of inputs. The rank is the number of A's columns.")
def over_the_inputs(W, A, B, alpha):
    return W + alpha / len(A) * A @ B


@lora.mistake(
    "With rank 0 the factor is alpha over 0, and the result is not W. Return a copy of W in that case."
)
def no_rank_zero(W, A, B, alpha):
    return W + np.divide(alpha, A.shape[1]) * (A @ B)


@lora.mistake("The root of the rank divides the change, as in rsLoRA. Here it should be the rank itself.")
def over_the_root(W, A, B, alpha):
    return W + alpha / max(A.shape[1], 1) ** 0.5 * A @ B


@lora.variant
def direction_by_direction(W, A, B, alpha):
    out = W.astype(float)
    for a, b in zip(A.T, B, strict=True):
        out += alpha / len(B) * np.outer(a, b)
    return out


@lora.variant
def with_einsum(W, A, B, alpha):
    return W + np.einsum("ir,ro->io", A, B) * (alpha / max(1, B.shape[0]))

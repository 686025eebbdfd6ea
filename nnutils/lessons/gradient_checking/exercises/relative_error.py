"""Exercise relative_error: how far apart two gradients are, compared with their size."""

import numpy as np

from nnutils.checks.exercise import exercise

# relative_error ----------------------------------------------------------------------------------------------


@exercise(
    kind="write",
    points=1,
    minutes=5,
    hints=(
        "The length of the difference, compared with the lengths of the two.",
        "The numerator is np.linalg.norm(a - b), the denominator the sum of both norms. And if that sum is 0?",
        "total = np.linalg.norm(a) + np.linalg.norm(b); return np.linalg.norm(a - b) / total if total else 0.0",
    ),
)
def relative_error(a, b):
    """How far apart two gradients are, compared with their size.

    a, b: arrays of one shape, any shape. The norm is taken over all
    entries, as if the array were one vector.
    Returns a float from 0 to 1; 0 where both are zero everywhere.
    """
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / total if total else 0.0


def _added(a, b, result):
    """What must have been added to the divisor of ||a - b|| / (||a|| + ||b||), to come to this result."""
    return np.linalg.norm(a - b) / result - np.linalg.norm(a) - np.linalg.norm(b)


@relative_error.cases
def _(rng):
    yield rng.uniform(4, 8, size=4), rng.uniform(-2, 2, size=4)
    yield rng.uniform(-2, 2, size=(2, 3)), rng.uniform(4, 8, size=(2, 3))
    yield np.zeros(3), np.zeros(3)
    yield np.array([3, 4, -2]), np.array([1, -7, int(rng.integers(3, 9))])
    yield 1e-6 * rng.uniform(4, 8, size=(2, 1, 2)), 1e-6 * rng.uniform(-2, 2, size=(2, 1, 2))
    yield 1e-12 * rng.uniform(4, 8, size=3), 1e-12 * rng.uniform(-2, 2, size=3)
    yield np.zeros(3), rng.uniform(1, 2, size=3)
    yield rng.uniform(1, 2, size=(2, 2)), np.zeros((2, 2))


@relative_error.mistake(
    "This is the absolute distance. Divide it by the sum of the two norms: small gradients may be wrong, too."
)
def absolute(a, b):
    return np.linalg.norm(a - b)


@relative_error.mistake("You divide by the norm of a alone. The denominator is the sum of both norms.")
def by_the_first(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a) if a.any() else 0.0


@relative_error.mistake("You divide by the norm of b alone. The denominator is the sum of both norms.")
def by_the_second(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b) if b.any() else 0.0


@relative_error.mistake(
    "You divide by the larger norm. That is a sensible measure, but here it is their sum."
)
def by_the_larger(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b)) if a.any() else 0.0


@relative_error.mistake("Where both gradients are zero you divide 0 by 0. They agree, so return 0.")
def zero_by_zero(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@relative_error.mistake("These are sums of squares: the roots are missing. A norm is the root of the sum.")
def without_roots(a, b):
    total = np.sum(a**2) + np.sum(b**2)
    return np.sum((a - b) ** 2) / total if total > 0 else 0.0


@relative_error.mistake("These are sums of absolute values. The norm here is the root of the sum of squares.")
def sums_of_sizes(a, b):
    total = np.abs(a).sum() + np.abs(b).sum()
    return np.abs(a - b).sum() / total if total > 0 else 0.0


@relative_error.mistake(
    "Your denominator is the norm of a + b. It should be the sum of two norms: ||a|| + ||b||."
)
def norm_of_the_sum(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a + b) if (a + b).any() else 0.0


@relative_error.mistake(
    "This subtracts the norms: two gradients of equal length and other directions would agree. Subtract first."
)
def difference_of_norms(a, b):
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return abs(np.linalg.norm(a) - np.linalg.norm(b)) / total if total > 0 else 0.0


@relative_error.mistake(
    "For a matrix this is not the norm that is asked for: with ord=2, np.linalg.norm takes the largest singular value of a matrix, "
    "and refuses three axes. Leave ord away: the root of the sum of squares over all entries."
)
def spectral_norm(a, b):
    apart, one, other = (np.linalg.norm(x, 2) for x in (a - b, a, b))
    return apart / (one + other) if one + other > 0 else 0.0


@relative_error.mistake(
    "This is the largest of the errors of the single entries, |a - b| / (|a| + |b|). An entry near 0 decides it alone. "
    "Take the norm of the whole difference and the norms of the whole gradients."
)
def largest_of_the_entries(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300))


@relative_error.mistake(
    "This is the mean of the errors of the single entries, |a - b| / (|a| + |b|). Take the norm of the whole difference and "
    "the norms of the whole gradients."
)
def mean_of_the_entries(a, b):
    return np.mean(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-300))


@relative_error.mistake(
    "These are the largest sizes of an entry, of the difference and of each gradient. The norm here is the root of the sum of squares."
)
def largest_sizes(a, b):
    total = np.abs(a).max() + np.abs(b).max()
    return np.abs(a - b).max() / total if total > 0 else 0.0


@relative_error.mistake(
    "The error of tiny gradients comes out too small. Often because a number such as 1e-8 is added to the divisor. "
    "Return 0 where both are zero, and add nothing elsewhere.",
    symptom=lambda a, r: r > 0 and 1e-10 < _added(a["a"], a["b"], r) < 1e-4,
)
def with_something_added(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)


@relative_error.mistake(
    "Tiny gradients that differ get the error 0, often because a small norm is taken for 0. Return 0 only where both are zero.",
    symptom=lambda a, r: r == 0 and a["a"].any() and a["b"].any(),
)
def tiny_is_zero(a, b):
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / total if total > 1e-8 else 0.0


@relative_error.mistake(
    "This is twice as large: you divide by the mean of the two norms. Divide by their sum."
)
def by_the_mean_norm(a, b):
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return 2 * np.linalg.norm(a - b) / total if total > 0 else 0.0


@relative_error.mistake(
    "Your denominator is one root of both sums of squares. Take one norm for each gradient, and add them: ||a|| + ||b||."
)
def by_one_root(a, b):
    total = np.sqrt(np.sum(a**2) + np.sum(b**2))
    return np.linalg.norm(a - b) / total if total > 0 else 0.0


@relative_error.mistake(
    "Where one gradient is zero and the other is not, you return 0. They are as far apart as can be there, which is 1. "
    "Return 0 only where both are zero."
)
def zero_where_one_is(a, b):
    one, other = np.linalg.norm(a), np.linalg.norm(b)
    return np.linalg.norm(a - b) / (one + other) if one > 0 and other > 0 else 0.0


@relative_error.variant
def in_full(a, b):
    a, b = np.ravel(a), np.ravel(b)
    apart, total = np.sqrt((a - b) @ (a - b)), np.sqrt(a @ a) + np.sqrt(b @ b)
    if total == 0:
        return 0
    return float(apart / total)


@relative_error.variant
def by_sums(a, b):
    if not (np.any(a) or np.any(b)):
        return 0.0
    lengths = [float(np.sum(np.asarray(vector, dtype=float) ** 2)) ** 0.5 for vector in (a - b, a, b)]
    return lengths[0] / (lengths[1] + lengths[2])

"""Exercises of lesson 08: the gradient by differences, and what it takes to check another one with it."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.gradient_checking import Cubic, CubicGradient

NUMBER = 8
MINUTES = 75


def _coefficients(rng, *shape):
    """c and b of a Cubic, well away from 0 and of either sign."""
    return rng.uniform(0.5, 2, (2, *shape)) * rng.choice([-1, 1], (2, *shape))


def _theta(rng, *shape):
    return rng.uniform(0.4, 1.5, shape) * rng.choice([-1, 1], shape)


def _not_restored(rng, shape, eps):
    """Entries of which some are not the same again after + eps, - 2 eps and + eps: the sums are rounded."""
    while True:
        theta = _theta(rng, *shape)
        if ((((theta + eps) - 2 * eps) + eps) != theta).any():
            return theta


# numerical_gradient ------------------------------------------------------------------------------------------


@exercise(
    points=3,
    minutes=10,
    hints=(
        "Nudge one entry at a time, ask f on both sides, put the entry back. np.ndindex(theta.shape) gives all places.",
        "Work on a copy of floats, np.array(theta, dtype=float), or whole numbers swallow the nudge.",
        "In the loop: nudge = np.zeros(theta.shape); nudge[i] = eps; "
        "grad[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * eps).",
    ),
)
def numerical_gradient(f, theta, eps):
    """The gradient of f by two-sided differences.

    f: a function of an array like theta, returns a number. theta: array of any shape,
    floats or whole numbers. eps: how far to nudge, a small positive number.
    Returns a float array of theta's shape with, for every entry i,
    (f(theta + eps e_i) - f(theta - eps e_i)) / (2 eps), where e_i is 1 at entry i and 0
    elsewhere.
    theta itself stays as it is.
    """
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        nudge = np.zeros(theta.shape)
        nudge[i] = eps
        grad[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * eps)
    return grad


@numerical_gradient.cases
def _(rng):
    for shape, eps in (((3,), 0.1), ((2, 3), 0.02), ((2, 1, 2), 0.3)):
        yield Cubic(*_coefficients(rng, *shape)), _not_restored(rng, shape, eps), eps
    yield Cubic(*_coefficients(rng, 2, 2)), rng.choice([-2, -1, 1, 2, 3], (2, 2)), 0.05
    yield Cubic(*_coefficients(rng, 1)), _not_restored(rng, (1,), 0.2), 0.2


def _difference(f, theta, above, below, divisor):
    """(f(theta + above e_i) - f(theta - below e_i)) / divisor for each i."""
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[i] = 1
        grad[i] = (f(theta + above * e) - f(theta - below * e)) / divisor
    return grad


@numerical_gradient.mistake(
    "These are one-sided differences, f(theta + eps) - f(theta). Take both sides: the error is then of the order eps^2 instead of eps."
)
def one_sided(f, theta, eps):
    return _difference(f, theta, eps, 0, eps)


@numerical_gradient.mistake(
    "These are one-sided differences to the left, f(theta) - f(theta - eps). Take both sides."
)
def one_sided_left(f, theta, eps):
    return _difference(f, theta, 0, eps, eps)


@numerical_gradient.mistake("You divided by eps. From theta - eps to theta + eps it is 2 eps.")
def divided_by_eps(f, theta, eps):
    return _difference(f, theta, eps, eps, eps)


@numerical_gradient.mistake(
    "Mind the brackets: / 2 * eps divides by 2 and multiplies by eps. Write / (2 * eps)."
)
def brackets_forgotten(f, theta, eps):
    return _difference(f, theta, eps, eps, 2 / eps)


@numerical_gradient.mistake(
    "The difference is not divided: this is f(theta + eps) - f(theta - eps). Divide it by 2 eps."
)
def not_divided(f, theta, eps):
    return _difference(f, theta, eps, eps, 1)


@numerical_gradient.mistake("The sign is turned: f(theta + eps) comes first.")
def turned_round(f, theta, eps):
    return _difference(f, theta, eps, eps, -2 * eps)


@numerical_gradient.mistake(
    "This is the slope itself, and not the difference over the eps that you are given. Often because a number such as 1e-5 "
    "stands in its place. Use the argument: with it the result has an error, which is meant."
)
def own_eps(f, theta, eps):
    return _difference(f, theta, 1e-5, 1e-5, 2e-5)


@numerical_gradient.mistake(
    "All entries are nudged at once: this is one slope, the same for every entry. Nudge one entry at a time."
)
def all_at_once(f, theta, eps):
    slope = (f(theta + eps) - f(theta - eps)) / (2 * eps)
    return np.full(theta.shape, slope)


@numerical_gradient.mistake(
    "An entry is not put back after its turn, so the next ones are measured at another place. Restore it, or work on a fresh copy."
)
def not_put_back(f, theta, eps):
    theta = np.array(theta, dtype=float)
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        theta[i] += eps
        above = f(theta)
        theta[i] -= 2 * eps
        grad[i] = (above - f(theta)) / (2 * eps)
    return grad


@numerical_gradient.mistake("The numbers are right, but in one row. Return them in theta's shape.")
def flat(f, theta, eps):
    return _difference(f, theta, eps, eps, 2 * eps).reshape(1, -1)


@numerical_gradient.mistake(
    "Where theta holds whole numbers, the nudge is lost: an integer array cuts off what is behind the point. "
    "Work on np.array(theta, dtype=float)."
)
def nudge_cut_off(f, theta, eps):
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[i] = theta[i] + eps
        below[i] = theta[i] - eps
        grad[i] = (f(above) - f(below)) / (2 * eps)
    return grad


@numerical_gradient.mistake(
    "The numbers are right, but theta is no longer what it was: adding eps and subtracting it again leaves a rounding error, "
    "and fails on whole numbers. Keep the old value and put that back, or work on a copy."
)
def put_back_by_sums(f, theta, eps):
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        theta[i] += eps
        above = f(theta)
        theta[i] -= 2 * eps
        grad[i] = (above - f(theta)) / (2 * eps)
        theta[i] += eps
    return grad


@numerical_gradient.mistake(
    "Where theta holds whole numbers, the slopes are cut off at the point: np.zeros_like(theta) makes an array of integers, too. "
    "Write np.zeros(theta.shape)."
)
def result_cut_off(f, theta, eps):
    grad = np.zeros_like(theta)
    grad[...] = _difference(f, theta, eps, eps, 2 * eps)
    return grad


@numerical_gradient.mistake(
    "Where theta holds whole numbers, both the nudge and the slope lose what is behind the point: a copy of theta and "
    "np.zeros_like(theta) hold integers, too. Ask for floats, np.array(theta, dtype=float)."
)
def both_cut_off(f, theta, eps):
    grad = np.zeros_like(theta)
    grad[...] = nudge_cut_off(f, theta, eps)
    return grad


@numerical_gradient.mistake(
    "In a matrix all entries of a row get the same slope, since they are nudged together. Often because the loop counts "
    "len(theta) rows: np.ndindex(theta.shape) goes to every single entry."
)
def row_by_row(f, theta, eps):
    grad = np.zeros(theta.shape)
    for i in range(len(theta)):
        nudge = np.zeros(theta.shape)
        nudge[i] = eps
        grad[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * eps)
    return grad


@numerical_gradient.mistake(
    "These are differences over half the distance: from theta - eps/2 to theta + eps/2. Nudge by eps on either side."
)
def half_the_nudge(f, theta, eps):
    return _difference(f, theta, eps / 2, eps / 2, eps)


@numerical_gradient.mistake(
    "You compare f(theta + eps) with f(theta), and divide by 2 eps. Often because theta_minus is made from theta_plus, "
    "so that subtracting eps only takes the nudge back. Make both from theta."
)
def minus_made_from_plus(f, theta, eps):
    return _difference(f, theta, eps, 0, 2 * eps)


@numerical_gradient.mistake(
    "Every slope is 0: f is asked twice at the same place. Often because theta_plus and theta_minus are two names of one "
    "array. Make a copy for each of them."
)
def one_array_for_both(f, theta, eps):
    return _difference(f, theta, 0, 0, 2 * eps)


@numerical_gradient.variant
def by_copies(f, theta, eps):
    theta = np.array(theta, dtype=float)
    grad = np.empty_like(theta)
    for i, value in np.ndenumerate(theta):
        theta[i] = value + eps
        above = f(theta)
        theta[i] = value - eps
        grad[i] = (above - f(theta)) / (2 * eps)
        theta[i] = value
    return grad


@numerical_gradient.variant
def by_rows_of_the_identity(f, theta, eps):
    nudges = eps * np.eye(theta.size).reshape(theta.size, *theta.shape)
    slopes = [(f(theta + nudge) - f(theta - nudge)) / eps / 2 for nudge in nudges]
    return np.reshape(slopes, theta.shape)


# relative_error ----------------------------------------------------------------------------------------------


@exercise(
    points=1,
    minutes=5,
    hints=(
        "The length of the difference, compared with the lengths of the two.",
        "np.linalg.norm(a - b) above; the sum of both norms below. And if that sum is 0?",
        "total = np.linalg.norm(a) + np.linalg.norm(b); return np.linalg.norm(a - b) / total if total else 0.0",
    ),
)
def relative_error(a, b):
    """How far apart two gradients are, compared with their size.

    a, b: arrays of one shape, any shape. ||.|| is the root of the sum of squares over all
    entries.
    Returns the float ||a - b|| / (||a|| + ||b||): 0 if they are equal, 1 if they are
    opposite; and 0 where both are zero everywhere.
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
    yield np.zeros(3), rng.uniform(1, 2, size=3)
    yield rng.uniform(1, 2, size=(2, 2)), np.zeros((2, 2))


@relative_error.mistake(
    "This is the absolute distance. Divide it by the sum of the two norms: small gradients may be wrong, too."
)
def absolute(a, b):
    return np.linalg.norm(a - b)


@relative_error.mistake("You divide by the norm of a alone. Below stands the sum of both norms.")
def by_the_first(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a) if a.any() else 0.0


@relative_error.mistake("You divide by the norm of b alone. Below stands the sum of both norms.")
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


@relative_error.mistake("Below stands the norm of a + b. It is the sum of two norms: ||a|| + ||b||.")
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
    symptom=lambda a, r: 1e-10 < _added(a["a"], a["b"], r) < 1e-4,
)
def with_something_added(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)


@relative_error.mistake(
    "This is twice as large: you divide by the mean of the two norms. Divide by their sum."
)
def by_the_mean_norm(a, b):
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return 2 * np.linalg.norm(a - b) / total if total > 0 else 0.0


@relative_error.mistake(
    "Below stands one root over both sums of squares. It is one norm for each gradient, and their sum: ||a|| + ||b||."
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
    lengths = [float(np.sum(np.asarray(one, dtype=float) ** 2)) ** 0.5 for one in (a - b, a, b)]
    return lengths[0] / (lengths[1] + lengths[2])


# flatten, unflatten ------------------------------------------------------------------------------------------


@exercise(
    points=1,
    minutes=4,
    hints=(
        "Make every array one row, then put the rows behind each other.",
        "np.ravel(p) makes one row in C order, of a number as well; np.concatenate joins a list of them.",
        "return np.concatenate([np.ravel(p) for p in params])",
    ),
)
def flatten(params):
    """All parameters in one vector.

    params: a list of arrays of any shapes; a scalar counts as one number.
    Returns a 1-D array: the first array's entries row by row (C order), then the second
    one's, ...
    """
    return np.concatenate([np.ravel(p) for p in params])


def _params(rng, *shapes):
    return [np.asarray(rng.normal(size=shape)) for shape in shapes]


@flatten.cases
def _(rng):
    yield (_params(rng, (3, 2), (2,), (2, 4), (4,)),)
    yield (_params(rng, (2, 3), (), (2, 2)),)
    yield (_params(rng, (2, 2, 3), (3, 2)),)
    yield (_params(rng, (4, 3)),)
    yield (_params(rng, (1, 2), (2, 1), (2, 2)),)


@flatten.mistake(
    "The matrices are read column by column. Take C order, row by row: that is what ravel does by itself."
)
def columns_first(params):
    return np.concatenate([np.ravel(p, order="F") for p in params])


@flatten.mistake("The arrays stand in the opposite order. The first one comes first.")
def last_first(params):
    return np.concatenate([np.ravel(p) for p in params[::-1]])


@flatten.mistake("These are rows in a list. Join them to one array with np.concatenate.")
def list_of_rows(params):
    return [np.ravel(p) for p in params]


@flatten.mistake("The result has two axes. It should be a vector, with one.")
def as_a_column(params):
    return np.concatenate([np.ravel(p) for p in params])[:, None]


@flatten.mistake("Only the matrices are in the vector. Biases and scalars belong to it, too.")
def matrices_alone(params):
    return np.concatenate([np.ravel(p) for p in params if np.ndim(p) > 1])


@flatten.mistake("The numbers are sorted. They should stand in the order of the parameters.")
def sorted_numbers(params):
    return np.sort(np.concatenate([np.ravel(p) for p in params]))


@flatten.variant
def number_by_number(params):
    numbers = []
    for p in params:
        numbers.extend(np.asarray(p).flatten().tolist())
    return np.array(numbers)


@flatten.variant
def into_an_empty_one(params):
    theta, start = np.empty(sum(np.size(p) for p in params)), 0
    for p in params:
        theta[start : start + np.size(p)] = np.reshape(p, -1)
        start += np.size(p)
    return theta


@exercise(
    points=2,
    minutes=7,
    hints=(
        "Walk along theta: each shape takes as many numbers as its entries, beginning where the one before it ended.",
        "The size of a shape is np.prod(shape), which is 1 for (), as an int. Cut theta[start:start + size] and reshape.",
        "size = int(np.prod(shape)); pieces.append(theta[start : start + size].reshape(shape)); start += size",
    ),
)
def unflatten(theta, shapes):
    """The arrays of which flatten made a vector.

    theta: (n,). shapes: a list of tuples whose sizes sum to n; () is a scalar and takes one
    number.
    Returns a list of arrays of these shapes, filled row by row (C order) with theta's
    numbers from first to last.
    """
    arrays, start = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        arrays.append(theta[start : start + size].reshape(shape))
        start += size
    return arrays


@unflatten.cases
def _(rng):
    yield rng.normal(size=20), [(3, 2), (2,), (2, 4), (4,)]
    yield rng.normal(size=11), [(2, 3), (), (2, 2)]
    yield rng.normal(size=18), [(2, 2, 3), (3, 2)]
    yield rng.normal(size=12), [(4, 3)]
    yield rng.normal(size=8), [(1, 2), (2, 1), (2, 2)]


def _pieces(theta, shapes):
    sizes = [int(np.prod(shape)) for shape in shapes]
    return np.split(theta, np.cumsum(sizes)[:-1])


@unflatten.mistake(
    "The matrices are filled column by column. Take C order, row by row, as reshape does by itself."
)
def columns_filled_first(theta, shapes):
    return [p.reshape(s, order="F") for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.mistake("Every array begins at theta[0]. Go on where the one before it ended.")
def always_from_the_start(theta, shapes):
    return [theta[: int(np.prod(s))].reshape(s) for s in shapes]


@unflatten.mistake("These are the right pieces, in one row each. Reshape them.")
def not_reshaped(theta, shapes):
    return _pieces(theta, shapes)


@unflatten.mistake("The shapes are turned round: (2, 3) has become (3, 2).")
def shapes_turned(theta, shapes):
    return [p.reshape(s[::-1]) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.mistake("The list begins with the last array. Keep the order of shapes.")
def reversed_list(theta, shapes):
    return [p.reshape(s) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)][::-1]


@unflatten.mistake("A scalar has become an array of shape (1,). Its shape is (), with no axis at all.")
def scalar_as_vector(theta, shapes):
    return [p.reshape(s or (1,)) for p, s in zip(_pieces(theta, shapes), shapes, strict=True)]


@unflatten.variant
def with_split(theta, shapes):
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    pairs = zip(np.split(theta, ends[:-1]), shapes, strict=True)
    return tuple(np.reshape(piece, shape) for piece, shape in pairs)


@unflatten.variant
def taking_numbers(theta, shapes):
    numbers, arrays = iter(theta), []
    for shape in shapes:
        array = np.empty(shape)
        for place in np.ndindex(*shape):
            array[place] = next(numbers)
        arrays.append(array)
    return arrays


# gradient_check ----------------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=6,
    hints=(
        "You have both halves already: a numerical gradient, and a measure of how far two gradients are apart.",
        "Ask grad at theta, and numerical_gradient of f at theta with eps = 1e-5.",
        "return relative_error(grad(theta), numerical_gradient(f, theta, 1e-5))",
    ),
)
def gradient_check(f, grad, theta):
    """How far a gradient is from the one that differences give.

    f: a function of theta, returns a number. grad: a function of theta, returns what is
    meant to be the gradient of f, an array of theta's shape. theta: array of floats, any
    shape.
    Returns a float: the relative_error of grad(theta) and the numerical_gradient of f, with
    eps = 1e-5. Below 1e-7 is right, above 1e-3 is wrong.
    """
    return relative_error(grad(theta), numerical_gradient(f, theta, 1e-5))


@gradient_check.cases
def _(rng):
    for shape, wrong_by in (
        ((3,), {}),
        ((2, 3), {"factor": 1.5}),
        ((4,), {"shift": 3.0}),
        ((3,), {"factor": -0.5, "shift": 2.0}),
    ):
        yield _sharp(rng, shape, wrong_by)
    c, b = np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros((2, 2))  # a flat place far from f = 0: eps decides
    yield Cubic(c, b, offset=1000.0), CubicGradient(c, b), np.array([[0.3, -0.25], [0.28, 0.2]])


def _sharp(rng, shape, wrong_by):
    """A case in which one-sided differences and a tiny eps come to another number, however wrong the gradient is."""
    while True:
        c, b = _coefficients(rng, *shape)
        case = Cubic(c, b), CubicGradient(c, b, **wrong_by), _theta(rng, *shape)
        errors = np.array([gradient_check.reference(*case), with_one_side(*case), too_small(*case)])
        if np.ptp(errors[:2]) > 1e-6 and np.abs(errors[2] - errors[0]) > 1e-6:
            return case


def _check(f, grad, theta, eps=1e-5):
    g, n = grad(theta), _difference(f, theta, eps, eps, 2 * eps)
    return np.linalg.norm(g - n), np.linalg.norm(g), np.linalg.norm(n)


def _expected(a):
    apart, one, other = _check(a["f"], a["grad"], a["theta"])
    return apart / (one + other)


def _one_sided(a):
    return with_one_side(a["f"], a["grad"], a["theta"])


def _is_right(a):
    return a["grad"].factor == 1 and a["grad"].shift == 0


@gradient_check.judge
def _(a, result):
    if isinstance(result, bool | np.bool) or np.ndim(result) or not np.isreal(result):
        return "the result should be one number, the relative error"
    if not np.isfinite(result) or result < 0:
        return f"a relative error is a number from 0 to 1, yours is {result}"
    if _is_right(a) and result > 3e-7:
        return f"the gradient of this case is right, and your check gives {result:.1e}: it should be far below 1e-6"
    if not _is_right(a) and abs(result - _expected(a)) > 3e-7:
        return f"the gradient of this case is wrong, the relative error is {_expected(a):.4g}, and yours is {result:.4g}"
    return None


@gradient_check.mistake(
    "This is the absolute distance of the two gradients. Compare it with their size: take your relative_error."
)
def distance(f, grad, theta):
    return _check(f, grad, theta)[0]


@gradient_check.mistake(
    "You divide by the norm of the numerical gradient alone. Take your relative_error, with both norms below."
)
def by_one_norm(f, grad, theta):
    apart, _, other = _check(f, grad, theta)
    return apart / other


@gradient_check.mistake(
    "A right gradient gets an error of the order 1e-5: that is a one-sided difference. Take your numerical_gradient, which has two sides.",
    symptom=lambda a, r: _is_right(a) and abs(r / _one_sided(a) - 1) < 0.02,
)
def with_one_side(f, grad, theta):
    g, n = grad(theta), _difference(f, theta, 1e-5, 0, 1e-5)
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


@gradient_check.mistake(
    "This is True or False. Return the number: between right and wrong there is a region to look at."
)
def truth_value(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return bool(apart / (one + other) < 1e-7)


@gradient_check.mistake(
    "The result is 0 for a wrong gradient, too. Often because grad is compared with itself. Compare it with the numerical gradient."
)
def always_zero(f, grad, theta):
    return 0.0


@gradient_check.mistake(
    "This is the largest difference of an entry. Take your relative_error of the whole gradients."
)
def largest_entry(f, grad, theta):
    return float(np.abs(grad(theta) - _difference(f, theta, 1e-5, 1e-5, 2e-5)).max())


@gradient_check.mistake(
    "A right gradient gets a large error: eps is too small, so that few digits of the difference are left, or too large. Take 1e-5.",
    symptom=lambda a, r: _is_right(a) and 3e-7 < r < 0.1,
)
def too_small(f, grad, theta):
    apart, one, other = _check(f, grad, theta, 1e-12)
    return apart / (one + other)


@gradient_check.mistake(
    "These are the two gradients' difference, entry by entry. Return one number: their relative_error."
)
def as_array(f, grad, theta):
    return grad(theta) - _difference(f, theta, 1e-5, 1e-5, 2e-5)


@gradient_check.mistake(
    "These are squared norms: the roots are missing, so a wrong gradient looks better than it is. Take your relative_error."
)
def squared_norms(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return apart**2 / (one**2 + other**2)


@gradient_check.mistake(
    "You divide by the larger of the two norms. Take your relative_error, with the sum of both below."
)
def by_the_larger_norm(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return apart / max(one, other)


@gradient_check.mistake(
    "This is the largest of the relative errors of the single entries. Take your relative_error of the whole gradients."
)
def largest_relative_entry(f, grad, theta):
    g, n = grad(theta), _difference(f, theta, 1e-5, 1e-5, 2e-5)
    return float((np.abs(g - n) / (np.abs(g) + np.abs(n))).max())


@gradient_check.mistake(
    "A right gradient gets the error 1 here. Often because the two gradients are added above the line: subtract them."
)
def sum_above_the_line(f, grad, theta):
    g, n = grad(theta), _difference(f, theta, 1e-5, 1e-5, 2e-5)
    return np.linalg.norm(g + n) / (np.linalg.norm(g) + np.linalg.norm(n))


@gradient_check.mistake(
    "This is 1 minus the relative error, so that a right gradient gets 1. Return the error itself: small is good."
)
def likeness(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return 1 - apart / (one + other)


@gradient_check.variant
def written_out(f, grad, theta):
    claimed, measured = np.ravel(grad(theta)), np.ravel(numerical_gradient(f, theta, 1e-5))
    size = np.sqrt(claimed @ claimed) + np.sqrt(measured @ measured)
    return np.sqrt(np.sum((claimed - measured) ** 2)) / size


@gradient_check.variant
def another_eps(f, grad, theta):
    g = grad(theta.copy())
    slopes = [
        (f(theta + step) - f(theta - step)) / 4e-5
        for step in 2e-5 * np.eye(theta.size).reshape(theta.size, *theta.shape)
    ]
    return relative_error(g, np.reshape(slopes, g.shape))


# find_bug ----------------------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=10,
    hints=(
        "Look at the four numbers above. Which parameters' gradients are wrong? What do only these have in common?",
        "A wrong tanh derivative or a wrong sum would spoil b1 as well. Only W1 is off: which line is W1's alone?",
        "Look at the penalty in cost and at its derivative in the line of dW1: is the same divisor there?",
    ),
)
def find_bug():
    """The name of the bug in the backward pass above.

    Returns one of these strings:
    "softmax":    the derivative of the softmax loss by z2 is wrong,
    "tanh":       the derivative of tanh is wrong,
    "transpose":  dz1 takes W2 the wrong way round,
    "bias sum":   db1 is not summed over the examples as it should be,
    "penalty W1": the derivative of the penalty by W1 is wrong,
    "penalty W2": the derivative of the penalty by W2 is wrong.
    """
    return "penalty W1"


@find_bug.cases
def _(rng):
    yield ()
    yield ()
    yield ()


@find_bug.mistake("A wrong derivative by z2 would reach every parameter. Which of the four are right?")
def softmax():
    return "softmax"


@find_bug.mistake(
    "A wrong tanh would spoil b1 as well as W1, since both are behind it. Look at the number of b1."
)
def tanh():
    return "tanh"


@find_bug.mistake(
    "A wrong transpose would spoil b1 as well as W1, if it ran at all. Look at the number of b1."
)
def transpose():
    return "transpose"


@find_bug.mistake("A wrong sum for b1 would show at b1 alone. Its number is small.")
def bias_sum():
    return "bias sum"


@find_bug.mistake("A wrong penalty of W2 would show at W2 alone. Its number is small.")
def penalty_of_W2():
    return "penalty W2"


@find_bug.variant
def with_a_name():
    bug = "penalty W1"
    return bug


@find_bug.variant
def by_elimination():
    wrong_ones = {"W1"}
    return f"penalty {wrong_ones.pop()}"


# quiz --------------------------------------------------------------------------------------------------------

why_two_sides = question(
    "Near eps = 0.01 you halve eps. What happens to the error of the two kinds of difference, one-sided and two-sided?",
    wrong("Both halve", "One-sided, yes. Two-sided differences lose the term of first order by symmetry."),
    right(
        "One-sided halves, two-sided falls to a quarter",
        "Their errors go with eps and with eps^2. So the two-sided one is much better long before rounding comes in.",
    ),
    wrong(
        "One-sided falls to a quarter, two-sided halves",
        "It is the other way round: the second side cancels the term that is linear in eps.",
    ),
    wrong(
        "Neither changes until rounding sets in",
        "It is the other way round: on this side of the U the formula's own error rules, and it falls with eps.",
    ),
)

why_not_smaller = question(
    "Someone takes eps = 1e-14 because a derivative is a limit for eps to 0. The check now reports a relative error of 0.1. Why?",
    wrong(
        "The backward pass has a bug that shows only at small eps",
        "The backward pass does not know eps. Only the numerical gradient changes with it.",
    ),
    wrong(
        "The function has a kink there",
        "It might, but then a somewhat larger eps would be wrong as well. Here the cause is at work for any function.",
    ),
    wrong(
        "Two-sided differences need an eps that is a power of two",
        "That would save a rounding of theta, and not the many of f.",
    ),
    right(
        "f is known to about 16 digits, and the two values differ in the last ones only",
        "The rounding error of f, about 1e-16, is divided by 2 eps and becomes as large as the slope itself.",
    ),
)

small_but_not_tiny = question(
    "A check of a ReLU network gives a relative error of 2e-5. All units agree to 1e-9, but one entry is far off. What do you do first?",
    right(
        "Look whether a z changes its sign within eps: a nudge across the kink of ReLU is no bug",
        "Then the numerical slope is a mixture of both sides. Other examples, or a smaller eps, settle it.",
    ),
    wrong(
        "Accept it: everything below 1e-3 is right",
        "Between 1e-7 and 1e-3 lies the region in which you look. A bug in one rare branch looks like this, too.",
    ),
    wrong(
        "Rewrite the backward pass: everything above 1e-7 is a bug",
        "At a kink the derivative itself jumps, and differences cannot know which side you mean.",
    ),
    wrong(
        "Use one-sided differences",
        "They are worse everywhere, and at a kink as undecided as before.",
    ),
)

dropout_on = question(
    "You check a network with dropout. Every call of the cost draws new masks. What will the check say?",
    wrong(
        "It passes: dropout keeps the expected activation",
        "The expected one. But the two calls of a difference see two different networks.",
    ),
    wrong(
        "It fails slightly, at about 1e-5",
        "The cost changes by a sizeable amount with the masks, and that is divided by 2 eps.",
    ),
    right(
        "Nothing of use: the difference of two random costs, divided by a tiny number",
        "Hold the masks for the time of the check, or set keep_prob to 1.",
    ),
    wrong(
        "It passes for all weights and fails for the biases",
        "The masks act on everything that is in the cost.",
    ),
)

how_often = question(
    "Why is the numerical gradient not simply used for training, as it cannot have bugs?",
    wrong(
        "It is too inaccurate to go downhill",
        "Ten right digits would be plenty: mini-batches leave you with hardly one.",
    ),
    right(
        "It needs two evaluations of the cost for every parameter, and that at every step",
        "A million parameters would take two million forward passes, where backpropagation takes about the time of three.",
    ),
    wrong(
        "It works at the initial weights only",
        "It works wherever the cost is smooth.",
    ),
    wrong(
        "It knows nothing of the L2 penalty",
        "It differentiates whatever f returns, the penalty included.",
    ),
)

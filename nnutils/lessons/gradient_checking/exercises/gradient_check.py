"""Exercise gradient_check: how far a gradient is from the one that differences give."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.gradient_checking.exercises.numerical_gradient import numerical_gradient
from nnutils.lessons.gradient_checking.exercises.relative_error import relative_error
from nnutils.lessons.gradient_checking.exercises.shared import coefficients, difference, draw_theta
from nnutils.lessons.gradient_checking.given import Cubic, CubicGradient

# gradient_check ----------------------------------------------------------------------------------------------


@exercise(
    kind="write",
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

    f: a function of theta, returns a number.
    grad: a function of theta, returns what is meant to be the gradient of f,
    an array of theta's shape. theta: array of floats, any shape.
    Returns a float from 0 to 1, small where the gradient is right. The
    nudge is 1e-5.
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
        c, b = coefficients(rng, *shape)
        case = Cubic(c, b), CubicGradient(c, b, **wrong_by), draw_theta(rng, *shape)
        errors = np.array([gradient_check.reference(*case), with_one_side(*case), too_small(*case)])
        if np.ptp(errors[:2]) > 1e-6 and np.abs(errors[2] - errors[0]) > 1e-6:
            return case


def _check(f, grad, theta, eps=1e-5):
    g, n = grad(theta), difference(f, theta, eps, eps, 2 * eps)
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
    "You divide by the norm of the numerical gradient alone. Take your relative_error, which divides by the sum of both."
)
def by_one_norm(f, grad, theta):
    apart, _, other = _check(f, grad, theta)
    return apart / other


@gradient_check.mistake(
    "A right gradient gets an error of the order 1e-5: that is a one-sided difference. Take your numerical_gradient, which has two sides.",
    symptom=lambda a, r: _is_right(a) and abs(r / _one_sided(a) - 1) < 0.02,
)
def with_one_side(f, grad, theta):
    g, n = grad(theta), difference(f, theta, 1e-5, 0, 1e-5)
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
    return float(np.abs(grad(theta) - difference(f, theta, 1e-5, 1e-5, 2e-5)).max())


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
    return grad(theta) - difference(f, theta, 1e-5, 1e-5, 2e-5)


@gradient_check.mistake(
    "These are squared norms: the roots are missing, so a wrong gradient looks better than it is. Take your relative_error."
)
def squared_norms(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return apart**2 / (one**2 + other**2)


@gradient_check.mistake(
    "You divide by the larger of the two norms. Take your relative_error, which divides by the sum of both."
)
def by_the_larger_norm(f, grad, theta):
    apart, one, other = _check(f, grad, theta)
    return apart / max(one, other)


@gradient_check.mistake(
    "This is the largest of the relative errors of the single entries. Take your relative_error of the whole gradients."
)
def largest_relative_entry(f, grad, theta):
    g, n = grad(theta), difference(f, theta, 1e-5, 1e-5, 2e-5)
    return float((np.abs(g - n) / (np.abs(g) + np.abs(n))).max())


@gradient_check.mistake(
    "A right gradient gets the error 1 here. Often because the two gradients are added in the numerator: subtract them."
)
def sum_above_the_line(f, grad, theta):
    g, n = grad(theta), difference(f, theta, 1e-5, 1e-5, 2e-5)
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

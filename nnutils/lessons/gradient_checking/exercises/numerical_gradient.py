"""Exercise numerical_gradient: the gradient of f by two-sided differences."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.gradient_checking.exercises.shared import coefficients, difference, draw_theta
from nnutils.lessons.gradient_checking.given import Cubic


def _not_restored(rng, shape, eps):
    """Entries of which some are not the same again after + eps, - 2 eps and + eps: the sums are rounded."""
    while True:
        theta = draw_theta(rng, *shape)
        if ((((theta + eps) - 2 * eps) + eps) != theta).any():
            return theta


@exercise(
    kind="write",
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

    f: a function of an array like theta, returns a number.
    theta: array of any shape, floats or whole numbers. eps: how far each
    entry is nudged to either side, a small positive number.
    Returns a float array of theta's shape: for each entry the slope of f
    when that entry alone is nudged.
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
        yield Cubic(*coefficients(rng, *shape)), _not_restored(rng, shape, eps), eps
    yield Cubic(*coefficients(rng, 2, 2)), rng.choice([-2, -1, 1, 2, 3], (2, 2)), 0.05
    yield Cubic(*coefficients(rng, 1)), _not_restored(rng, (1,), 0.2), 0.2


@numerical_gradient.mistake(
    "These are one-sided differences, f(theta + eps) - f(theta). Take both sides: the error is then of the order eps^2 instead of eps."
)
def one_sided(f, theta, eps):
    return difference(f, theta, eps, 0, eps)


@numerical_gradient.mistake(
    "These are one-sided differences to the left, f(theta) - f(theta - eps). Take both sides."
)
def one_sided_left(f, theta, eps):
    return difference(f, theta, 0, eps, eps)


@numerical_gradient.mistake("You divided by eps. From theta - eps to theta + eps it is 2 eps.")
def divided_by_eps(f, theta, eps):
    return difference(f, theta, eps, eps, eps)


@numerical_gradient.mistake(
    "Mind the brackets: / 2 * eps divides by 2 and multiplies by eps. Write / (2 * eps)."
)
def brackets_forgotten(f, theta, eps):
    return difference(f, theta, eps, eps, 2 / eps)


@numerical_gradient.mistake(
    "The difference is not divided: this is f(theta + eps) - f(theta - eps). Divide it by 2 eps."
)
def not_divided(f, theta, eps):
    return difference(f, theta, eps, eps, 1)


@numerical_gradient.mistake("The sign is turned: f(theta + eps) comes first.")
def turned_round(f, theta, eps):
    return difference(f, theta, eps, eps, -2 * eps)


@numerical_gradient.mistake(
    "This is the slope itself, and not the difference over the eps that you are given. Often because a number such as 1e-5 "
    "stands in its place. Use the argument: with it the result has an error, which is meant."
)
def own_eps(f, theta, eps):
    return difference(f, theta, 1e-5, 1e-5, 2e-5)


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
    return difference(f, theta, eps, eps, 2 * eps).reshape(1, -1)


@numerical_gradient.mistake(
    "Where theta holds whole numbers, the nudge is lost: an integer array drops all decimals. "
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
    "Where theta holds whole numbers, the slopes lose their decimals: np.zeros_like(theta) makes an array of integers, too. "
    "Write np.zeros(theta.shape)."
)
def result_cut_off(f, theta, eps):
    grad = np.zeros_like(theta)
    grad[...] = difference(f, theta, eps, eps, 2 * eps)
    return grad


@numerical_gradient.mistake(
    "Where theta holds whole numbers, both the nudge and the slope lose their decimals: a copy of theta and "
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
    return difference(f, theta, eps / 2, eps / 2, eps)


@numerical_gradient.mistake(
    "You compare f(theta + eps) with f(theta), and divide by 2 eps. Often because theta_minus is made from theta_plus, "
    "so that subtracting eps only takes the nudge back. Make both from theta."
)
def minus_made_from_plus(f, theta, eps):
    return difference(f, theta, eps, 0, 2 * eps)


@numerical_gradient.mistake(
    "Every slope is 0: f is asked twice at the same place. Often because theta_plus and theta_minus are two names of one "
    "array. Make a copy for each of them."
)
def one_array_for_both(f, theta, eps):
    return difference(f, theta, 0, 0, 2 * eps)


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

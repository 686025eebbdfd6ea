"""Exercise gd_steps: how many steps gradient descent takes to fit a linear model."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=8,
    hints=(
        "A loop of at most max_steps updates. Before each one, look at the gradient: is it small enough to stop?",
        "Start at theta = 0. The gradient is X.T @ (X @ theta - y) / m; stop as soon as its norm is below tol, and return how many updates were made.",
        "for step in range(max_steps): gradient = ...; if np.linalg.norm(gradient) < tol: return step; theta = theta - lr * gradient. After the loop: return max_steps.",
    ),
)
def gd_steps(X, y, lr, tol, max_steps):
    """How many steps gradient descent takes to fit a linear model.

    X: (m, n_x). y: (m,). The model has no bias; every weight starts at 0.
    lr: the learning rate.
    Returns the number of updates made until the norm of the gradient of the
    squared error (with its 1/(2m)) is below tol, an int: 0 if it is so at
    the start, max_steps if it never is.
    """
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        gradient = X.T @ (X @ theta - y) / len(X)
        if np.linalg.norm(gradient) < tol:
            return step
        theta = theta - lr * gradient
    return max_steps


@gd_steps.cases
def _(rng):
    for lr, tol in ((0.30, 1e-3), (0.12, 1e-4)):
        base = np.linalg.qr(rng.normal(size=(8, 3)))[0] * np.sqrt(8)
        X = (
            base * np.sqrt([1.0, 0.6, 0.25]) @ (np.eye(3) - 2 / 3)
        )  # no axis of the valley lies along a parameter
        yield X, X @ rng.uniform(1, 2, 3) + 0.1 * rng.normal(size=8), lr, tol, 1000
    yield X, np.zeros(8), 0.1, 1e-3, 50
    yield X, X @ np.array([1.0, -1.0, 2.0]), 0.01, 1e-6, 40
    yield 2 * np.eye(3), np.array([2, 4, 6]), 0.3, 1e-5, 500
    yield np.array([[1.0]]), np.array([1.0]), 0.5, 0.25, 20  # norms of 1, 1/2, 1/4, 1/8: one of them is tol


def _descent(X, y, lr, tol, max_steps, gradient_of, norm=np.linalg.norm, first_step=False, count=0):
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        gradient = gradient_of(X, y, theta)
        if norm(gradient) < tol and not (first_step and step == 0):
            return min(step + count, max_steps)
        theta = theta - lr * gradient
    return max_steps


def _gradient(X, y, theta):
    return X.T @ (X @ theta - y) / len(X)


@gd_steps.mistake(
    "You count one too many. What is asked for is the number of updates made, and the last gradient you looked at led to none."
)
def one_too_many(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, count=1)


@gd_steps.mistake("The gradient is not divided by m, so your steps are m times as long.")
def not_divided(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: X.T @ (X @ theta - y))


@gd_steps.mistake(
    "Your gradient is twice as large: it is that of the mean of squares. Here the cost has 1/(2m), and the 2 cancels."
)
def twice(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: 2 * _gradient(X, y, theta))


@gd_steps.mistake(
    "You compare the squared norm with tol, which stops too early. Take the root: np.linalg.norm."
)
def squared_norm(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: g @ g)


@gd_steps.mistake(
    "You stop when every component is below tol. The norm of the gradient is asked for, which is larger."
)
def largest_component(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.abs(g).max())


@gd_steps.mistake(
    "You stop when the step, lr times the gradient, is small. Then a small learning rate looks like success: compare the gradient itself."
)
def norm_of_the_step(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: lr * np.linalg.norm(g))


@gd_steps.mistake("Where the norm never falls below tol you return -1. The answer is max_steps there.")
def gives_up(X, y, lr, tol, max_steps):
    steps = _descent(X, y, lr, tol, max_steps, _gradient)
    return -1 if steps == max_steps else steps


@gd_steps.mistake("You stop where the norm equals tol. It should be below tol: < and not <=.")
def equal_is_enough(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.nextafter(np.linalg.norm(g), 0))


@gd_steps.mistake(
    "You update before you look at the gradient. Where it is below tol at the start, the answer is 0."
)
def never_zero(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, first_step=True)


@gd_steps.mistake("You go up the gradient, so the steps get longer and longer. Subtract lr * gradient.")
def uphill(X, y, lr, tol, max_steps):
    return _descent(X, y, -lr, tol, max_steps, _gradient)


@gd_steps.mistake("The gradient is divided by the number of features. Divide by m, the number of examples.")
def divided_by_features(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: X.T @ (X @ theta - y) / X.shape[1])


@gd_steps.mistake(
    "You stop when the residuals X theta - y are small. Noise keeps them large at the best theta: compare the norm of "
    "the gradient."
)
def residuals(X, y, lr, tol, max_steps):
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        if np.linalg.norm(X @ theta - y) < tol:
            return step
        theta = theta - lr * _gradient(X, y, theta)
    return max_steps


@gd_steps.mistake(
    "You divided the norm by the root of n_x: that is the root mean square of the gradient. Compare its norm with tol."
)
def root_mean_square_of_the_gradient(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.sqrt(np.mean(g**2)))


@gd_steps.variant
def by_residual(X, y, lr, tol, max_steps):
    residual, step = -np.asarray(y, float), 0
    while step < max_steps and np.linalg.norm(X.T @ residual) >= tol * len(X):
        residual -= lr / len(X) * (X @ (X.T @ residual))
        step += 1
    return step


@gd_steps.variant
def by_normal_equations(X, y, lr, tol, max_steps):
    H, c = X.T @ X / len(X), X.T @ y / len(X)
    theta = np.zeros(len(c))
    for step in range(max_steps + 1):
        if np.sqrt(np.sum((H @ theta - c) ** 2)) < tol:
            return step
        theta = theta - lr * (H @ theta - c)
    return max_steps

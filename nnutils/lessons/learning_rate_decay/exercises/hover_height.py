"""Exercise hover_height: the mean cost at which descent with a constant rate hovers in a noisy bowl."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=8,
    hints=(
        "Write the step as w' = (1 - lr * curvature) * w - lr * noise * n. What is the mean of its square? The mean of w * n is 0, "
        "because the noise is new in each step.",
        "When the walk hovers, the mean square of w' is that of w. Call it S, and solve S = (1 - lr * curvature)^2 * S + (lr * noise)^2. "
        "Then ask for the mean COST, not for S.",
        "S = lr noise^2 / (curvature (2 - lr curvature)), and the mean cost is half the curvature times S: "
        "lr noise^2 / (2 (2 - lr curvature)).",
    ),
)
def hover_height(lr, curvature, noise):
    """The mean cost at which a walk in a noisy bowl hovers.

    The cost is J(w) = curvature w^2 / 2, w a number; its least value is 0.
    Each step is w <- w - lr (curvature w + noise n): the gradient is seen
    with noise, n is drawn anew with mean 0 and variance 1.
    lr, curvature: above 0, with lr * curvature below 2, so that the walk
    does not diverge. noise: a standard deviation, 0 or more.
    Returns a float, the mean of J(w) over all walks after very many steps. It
    is exact, also for a large lr.
    """
    return lr * noise**2 / (2 * (2 - lr * curvature))


@hover_height.cases
def _(rng):
    yield rng.uniform(0.1, 0.3), rng.uniform(1.5, 2.5), rng.uniform(1.5, 2.5)
    yield rng.uniform(0.4, 0.6), rng.uniform(2.6, 3.2), rng.uniform(0.3, 0.7)
    yield rng.uniform(2.2, 3.0), rng.uniform(0.3, 0.5), rng.uniform(2.2, 3)
    yield 0.01, 5, 3
    yield 1, 1, 2
    yield 0.3, 4.0, 0


def _mean_square(lr, curvature, noise):
    return lr * noise**2 / (curvature * (2 - lr * curvature))


@hover_height.mistake(
    "This is the mean square of w. The question is for the mean cost, half the curvature times that."
)
def height_of_the_square(lr, curvature, noise):
    return _mean_square(lr, curvature, noise)


@hover_height.mistake("The half of the cost is missing: J is HALF the curvature times the square of w.")
def height_without_the_half(lr, curvature, noise):
    return curvature * _mean_square(lr, curvature, noise)


@hover_height.mistake("The curvature of the cost is missing: J is half the CURVATURE times the square of w.")
def height_without_the_curvature(lr, curvature, noise):
    return _mean_square(lr, curvature, noise) / 2


@hover_height.mistake(
    "The noise is not squared: it is a standard deviation, and its square is what the mean square of a step has."
)
def height_of_plain_noise(lr, curvature, noise):
    return lr * noise / (2 * (2 - lr * curvature))


@hover_height.mistake(
    "The height is right for very small rates only: the term with lr^2 curvature^2 is missing, which comes out of "
    "(1 - lr * curvature)^2."
)
def height_for_small_rates(lr, curvature, noise):
    return lr * noise**2 / 4


@hover_height.mistake(
    "1 - lr * curvature is not squared: w is multiplied by it, and the mean SQUARE of w by its square."
)
def height_factor_not_squared(lr, curvature, noise):
    return lr * noise**2 / 2


@hover_height.mistake(
    "The rate of the noise is not squared: the noise of a step is lr * noise, and its mean square (lr * noise)^2."
)
def height_rate_not_squared(lr, curvature, noise):
    return noise**2 / (2 * (2 - lr * curvature))


@hover_height.mistake(
    "The curvature is missing in 2 - lr * curvature, as if it were 1. A step multiplies w by 1 - lr * curvature."
)
def height_at_curvature_one(lr, curvature, noise):
    return float(np.float64(lr * noise**2) / (2 * (2 - lr)))


@hover_height.mistake(
    "The sign in the denominator is wrong: it is 2 - lr * curvature. The height grows beyond all bounds where the walk begins to diverge."
)
def height_with_plus(lr, curvature, noise):
    return lr * noise**2 / (2 * (2 + lr * curvature))


@hover_height.mistake(
    "The noise of one step is not multiplied by lr: this is the cost of noise itself, curvature noise^2 / 2, at any rate."
)
def height_of_the_noise_itself(lr, curvature, noise):
    return curvature * noise**2 / 2


@hover_height.mistake(
    "This is what ONE step adds, half the curvature times (lr * noise)^2. The noise of earlier steps is still there, "
    "each time multiplied by 1 - lr * curvature."
)
def height_of_one_step(lr, curvature, noise):
    return curvature * (lr * noise) ** 2 / 2


@hover_height.mistake(
    "This is the root of the mean square of w, how far the walk is from the minimum. The question is for the mean cost."
)
def height_as_a_distance(lr, curvature, noise):
    return float(np.sqrt(_mean_square(lr, curvature, noise)))


@hover_height.mistake(
    "The height has the curvature as a factor. It comes once from the cost and leaves once with the mean square of w."
)
def height_times_curvature(lr, curvature, noise):
    return curvature * lr * noise**2 / (2 * (2 - lr * curvature))


@hover_height.variant
def height_by_the_geometric_series(lr, curvature, noise):
    kept = (1 - lr * curvature) ** 2
    return curvature / 2 * (lr * noise) ** 2 / (1 - kept)


@hover_height.variant
def height_by_iteration(lr, curvature, noise):
    square = 0.0
    for _ in range(5000):
        square = (1 - lr * curvature) ** 2 * square + (lr * noise) ** 2
    return curvature * square / 2

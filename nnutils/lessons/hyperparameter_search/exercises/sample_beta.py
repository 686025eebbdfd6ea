"""Exercise sample_beta: A value for the beta of an average, such that each window is as likely as its double."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.exercises.log_uniform import log_uniform


@exercise(
    kind="derive",
    points=2,
    minutes=3,
    hints=(
        "Which number says how far the average looks back? It is that one whose scale is logarithmic.",
        "1 - beta runs from 1 - low to 1 - high, log-uniformly. Mind which of the two is the larger.",
        "1 - log_uniform(1 - low, 1 - high, u)",
    ),
)
def sample_beta(low, high, u):
    """A value for the beta of an average, on the scale that suits it.

    low, high: as 0.9 and 0.999, both below 1. u: a number in [0, 1),
    or an array of them.
    For evenly spread u all factors of the window 1 / (1 - beta) are
    equally likely: it falls between 10 and 20 as often as
    between 100 and 200, if both lie in the range.
    u = 0 gives low. (The mirror image, where u = 0 gives high,
    is accepted, too.)
    Returns a number, or an array of the shape of u.
    """
    return 1 - log_uniform(1 - low, 1 - high, u)


@sample_beta.cases
def _(rng):
    yield 0.9, 0.999, float(rng.uniform(0.2, 0.4))
    yield 0.5, 0.9995, rng.uniform(0.1, 0.4, size=5)
    yield 0.8, 0.99, rng.uniform(0.6, 0.9, size=(2, 3))
    yield 0.6, 0.97, np.array([0.0, 0.3])


@sample_beta.judge
def _(a, result):
    got, u = np.asarray(result, float), np.asarray(a["u"])
    if got.shape != u.shape:
        return f"the result should have the shape of u, {u.shape}, yours has {got.shape}"
    expected = [1 - (1 - a["low"]) ** (1 - v) * (1 - a["high"]) ** v for v in (u, 1 - u)]
    if any(np.allclose(1 - got, 1 - beta, rtol=1e-6, atol=0) for beta in expected):
        return None
    place = np.argmax(np.abs(got - expected[0]))
    return (
        f"at u = {u.flat[place]:.4g}, beta from {a['low']} to {a['high']} should be {expected[0].flat[place]:.6g} "
        f"(or {expected[1].flat[place]:.6g}), yours is {got.flat[place]:.6g}"
    )


@sample_beta.mistake(
    "beta itself is uniform here. Then only few values come near high, where it matters most: 1 - beta is log-uniform."
)
def beta_linear(low, high, u):
    return low + (high - low) * u


@sample_beta.mistake(
    "beta itself is log-uniform here, which is nearly linear between 0.9 and 0.999. It is 1 - beta that is."
)
def beta_log_uniform(low, high, u):
    return low * (high / low) ** u


@sample_beta.mistake("This is 1 - beta. Return beta.")
def one_minus_beta(low, high, u):
    return (1 - low) * ((1 - high) / (1 - low)) ** u


@sample_beta.mistake("The window 1 / (1 - beta) is uniform here, on a linear scale. Its logarithm should be.")
def window_linear(low, high, u):
    return 1 - 1 / (1 / (1 - low) + u * (1 / (1 - high) - 1 / (1 - low)))


@sample_beta.mistake("This is the window, 1 / (1 - beta). Return beta itself.")
def window_itself(low, high, u):
    return ((1 - low) / (1 - high)) ** u / (1 - low)


@sample_beta.mistake(
    "You return 1 minus a log-uniform value from low to high. What is log-uniform is 1 - beta, which runs from 1 - low to 1 - high."
)
def one_minus_log_uniform(low, high, u):
    return 1 - low * (high / low) ** u


@sample_beta.mistake(
    "beta runs from 0.9 to 0.999, whatever low and high are. Often because exponents from -1 to -3 are written into the function. "
    "Take them from low and high."
)
def for_one_range_alone(low, high, u):
    return 1 - 10.0 ** (-1 - 2 * u)


@sample_beta.mistake(
    "These are exponents, logarithms (to the base 10) of 1 - beta. Raise 10 to them, and take 1 minus that."
)
def exponents_left(low, high, u):
    return (1 - u) * np.log10(1 - low) + u * np.log10(1 - high)


@sample_beta.mistake("These are natural logarithms of 1 - beta. Take np.exp of them, and 1 minus that.")
def natural_logarithms_left(low, high, u):
    return (1 - u) * np.log(1 - low) + u * np.log(1 - high)


@sample_beta.variant
def by_the_powers(low, high, u):
    a, b = np.log10(1 - low), np.log10(1 - high)
    return 1 - 10 ** (a + u * (b - a))


@sample_beta.variant
def mirrored(low, high, u):
    return 1 - log_uniform(1 - high, 1 - low, u)


@sample_beta.variant
def by_the_window(low, high, u):
    return 1 - 1 / np.exp(np.log(1 / (1 - low)) * (1 - u) + np.log(1 / (1 - high)) * u)

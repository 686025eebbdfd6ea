"""Exercise ewma_bias_corrected: the exponentially weighted average of a series, freed from its start at 0."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.exponentially_weighted_averages.exercises.ewma import ewma
from nnutils.lessons.exponentially_weighted_averages.exercises.shared import average, draw_series, steps


@exercise(
    points=2,
    minutes=6,
    hints=(
        "The weights in v_t sum to 1 - beta^t instead of 1. What makes a sum of weights 1?",
        "Take the whole series from your `ewma`, and divide each v_t by its own 1 - beta^t, with t from 1.",
        "t = np.arange(1, len(theta) + 1), then return ewma(theta, beta) / (1 - beta**t)",
    ),
)
def ewma_bias_corrected(theta, beta):
    """The exponentially weighted average of a series,
    freed from its start at 0.

    theta: (T,), the series. beta: a number, 0 <= beta < 1.
    You may use your `ewma`.
    Returns an array (T,): v_t / (1 - beta^t) for t = 1 to T
    (Kingma & Ba 2015).
    """
    t = np.arange(1, len(theta) + 1)
    return ewma(theta, beta) / (1 - beta**t)


@ewma_bias_corrected.cases
def _(rng):
    yield from draw_series(rng)


@ewma_bias_corrected.mistake("These are the averages as they were, v_t. Divide each of them by 1 - beta^t.")
def not_corrected(theta, beta):
    return average(theta, beta)


@ewma_bias_corrected.mistake(
    "t starts at 0, so that the first average is divided by 1 - beta^0 = 0. The first value is t = 1."
)
def counts_from_zero(theta, beta):
    return average(theta, beta) / (1 - beta ** np.arange(len(theta)))


@ewma_bias_corrected.mistake(
    "It divides by zero. Often because t starts at 0, where the divisor 1 - beta^0 is 0. Count t from 1, as in enumerate(..., start=1)."
)
def loop_counts_from_zero(theta, beta):
    return [float(v) / (1 - beta**t) for t, v in enumerate(average(theta, beta))]


@ewma_bias_corrected.mistake(
    "t is one too large: the first average is divided by 1 - beta^1, not by 1 - beta^2."
)
def counts_from_two(theta, beta):
    return average(theta, beta) / (1 - beta ** (steps(theta) + 1))


@ewma_bias_corrected.mistake(
    "The power is missing: you divided every average by 1 - beta. The divisor is 1 - beta**t and grows towards 1."
)
def without_power(theta, beta):
    return average(theta, beta) / (1 - beta)


@ewma_bias_corrected.mistake(
    "You divided all averages by the last divisor. Each has its own: t is 1 for the first, 2 for the second."
)
def all_by_the_last(theta, beta):
    return average(theta, beta) / (1 - beta ** len(theta))


@ewma_bias_corrected.mistake(
    "You carried the corrected average on. Keep v as it is for the next step, and correct only what you return."
)
def carries_the_corrected(theta, beta):
    v, series = 0.0, []
    for t, value in enumerate(theta, start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        series.append(v)
    return np.array(series)


@ewma_bias_corrected.mistake("You multiplied by 1 - beta^t. The averages are too small: divide by it.")
def multiplied_by_divisor(theta, beta):
    return average(theta, beta) * (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake("You divided by beta^t. That is what is missing; the divisor is 1 - beta^t.")
def divided_by_missing(theta, beta):
    return average(theta, beta) / beta ** steps(theta)


@ewma_bias_corrected.mistake("beta * t is not beta to the power t: write beta**t.")
def product_for_power(theta, beta):
    return average(theta, beta) / (1 - beta * steps(theta))


@ewma_bias_corrected.mistake("Brackets: v / 1 - beta**t subtracts. Divide by all of it: v / (1 - beta**t).")
def brackets_forgotten(theta, beta):
    return average(theta, beta) - beta ** steps(theta)


@ewma_bias_corrected.mistake(
    "You started with the first value instead of dividing. That also avoids the zero, but the first value keeps a "
    "large share for long. Start from 0 and divide by 1 - beta^t."
)
def first_value_instead(theta, beta):
    return average(theta, beta, v=theta[0])


@ewma_bias_corrected.mistake(
    "You started with the first value and divided, too, so that the start counts twice. Start from 0."
)
def first_value_and_divided(theta, beta):
    return average(theta, beta, v=theta[0]) / (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "This is the plain mean of all values so far, which never forgets. Divide the exponentially weighted averages."
)
def mean_so_far(theta, beta):
    return np.cumsum(theta) / steps(theta)


@ewma_bias_corrected.mistake("This is the last average alone. Return the whole series.")
def corrects_the_last(theta, beta):
    return average(theta, beta)[-1] / (1 - beta ** len(theta))


@ewma_bias_corrected.mistake(
    "You raised 1 - beta to the power t. Only beta is raised: the divisor is 1 - beta**t, which grows towards 1."
)
def power_of_the_difference(theta, beta):
    return average(theta, beta) / (1 - beta) ** steps(theta)


@ewma_bias_corrected.mistake(
    "You divided by 1 + beta^t, so the averages become even smaller. What is missing is taken from 1: 1 - beta**t."
)
def plus_in_the_divisor(theta, beta):
    return average(theta, beta) / (1 + beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "The averages are too small by the factor 1 - beta. Often because the sum of the powers of beta is taken for the sum of the weights, "
    "which are (1 - beta) times these powers. Divide v by 1 - beta**t."
)
def divided_by_the_powers(theta, beta):
    return average(theta, beta) / np.cumsum(beta ** np.arange(len(theta)))


@ewma_bias_corrected.mistake(
    "Only the first average is corrected. Each has its own divisor, 1 - beta**t, and the later ones are too small as well."
)
def corrects_the_first(theta, beta):
    series = average(theta, beta)
    series[0] = theta[0]
    return series


@ewma_bias_corrected.mistake(
    "The averages are right and stand in the opposite order: the first one is that of t = 1."
)
def corrected_newest_first(theta, beta):
    return (average(theta, beta) / (1 - beta ** steps(theta)))[::-1]


@ewma_bias_corrected.variant
def by_normalised_weights(theta, beta):
    series = []
    for t in range(1, len(theta) + 1):
        weights = beta ** np.arange(t - 1, -1, -1)
        series.append(weights @ theta[:t] / weights.sum())
    return np.array(series)


@ewma_bias_corrected.variant
def with_two_averages(theta, beta):
    ones = np.ones(len(theta))
    return average(theta, beta) / average(ones, beta)


@ewma_bias_corrected.variant
def with_falling_rate(theta, beta):
    v, series = 0.0, np.empty(len(theta))
    for t, value in enumerate(theta, start=1):
        v += (1 - beta) / (1 - beta**t) * (value - v)
        series[t - 1] = v
    return series

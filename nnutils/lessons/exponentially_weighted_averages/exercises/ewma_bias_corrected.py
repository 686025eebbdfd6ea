"""Exercise ewma_bias_corrected: an average freed from its start at 0, of a series in which values may be missing."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.exponentially_weighted_averages.exercises.shared import (
    average,
    draw_gaps,
    draw_series,
    over_gaps,
    steps,
)


@exercise(
    points=3,
    minutes=10,
    hints=(
        "Two numbers are kept from one day to the next: v, and the number of values that were mixed into it. Which of them changes "
        "on a day without a value?",
        "Ask np.isnan(value) first. Mix and count only if it is False; return v over its divisor on every day.",
        "v is never divided itself: append v / (1 - beta**t) to a list, where t is the number of values mixed in so far.",
    ),
)
def ewma_bias_corrected(theta, beta):
    """The exponentially weighted average of a series,
    freed from its start at 0.

    theta: (T,), the series; NaN where a value is missing, never the first.
    A missing value changes nothing: the result of that day is the one of
    the day before, and the day does not count.
    beta: a number, 0 <= beta < 1, as in `ewma`.
    Returns an array (T,): after each day, the weights of the values so far
    sum to 1. theta stays as it is. Source: Kingma & Ba (2015).
    """
    v, t, series = 0.0, 0, []
    for value in theta:
        if not np.isnan(value):
            v = beta * v + (1 - beta) * value
            t += 1
        series.append(v / (1 - beta**t))
    return np.array(series)


@ewma_bias_corrected.cases
def _(rng):
    yield from draw_series(rng)
    yield from draw_gaps(rng)


def _right(theta, beta):
    return over_gaps(lambda known: average(known, beta), theta) / (1 - beta ** np.cumsum(~np.isnan(theta)))


@ewma_bias_corrected.mistake("These are the averages as they were, v_t. Divide each of them by 1 - beta^t.")
def not_corrected(theta, beta):
    return over_gaps(lambda known: average(known, beta), theta)


@ewma_bias_corrected.mistake(
    "The divisor goes on while values are missing: t is the day. It is the number of values that were mixed in, so that "
    "their weights sum to 1."
)
def counts_the_days(theta, beta):
    return over_gaps(lambda known: average(known, beta), theta) / (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "After a missing value all results are NaN: it was mixed into v. Leave v and t as they are on such a day."
)
def missing_is_mixed_in(theta, beta):
    return average(theta, beta) / (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "A missing value counts as 0, which pulls the average down. Leave v and t as they are on such a day."
)
def missing_is_zero(theta, beta):
    return average(np.nan_to_num(theta), beta) / (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "A missing value counts as one more of the value before it. Leave v and t as they are on such a day."
)
def missing_is_the_last_value(theta, beta):
    filled = over_gaps(lambda known: known, theta)
    return average(filled, beta) / (1 - beta ** steps(theta))


@ewma_bias_corrected.mistake(
    "The results are right, and those of the days without a value are left out. Return one for each day."
)
def drops_the_days(theta, beta):
    return _right(np.asarray(theta)[~np.isnan(theta)], beta)


@ewma_bias_corrected.mistake(
    "The days without a value are NaN in your result. It is the result of the day before that stays."
)
def stays_missing(theta, beta):
    return np.where(np.isnan(theta), np.nan, _right(theta, beta))


@ewma_bias_corrected.mistake(
    "t starts at 0, so that the first average is divided by 1 - beta^0 = 0. The first value is t = 1."
)
def counts_from_zero(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 - beta ** np.arange(len(known))), theta)


@ewma_bias_corrected.mistake(
    "It divides by zero. Often because t starts at 0, where the divisor 1 - beta^0 is 0. Count t from 1, as in enumerate(..., start=1)."
)
def loop_counts_from_zero(theta, beta):
    return [float(v) / (1 - beta**t) for t, v in enumerate(average(theta, beta))]


@ewma_bias_corrected.mistake(
    "t is one too large: the first average is divided by 1 - beta^1, not by 1 - beta^2."
)
def counts_from_two(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 - beta ** (steps(known) + 1)), theta)


@ewma_bias_corrected.mistake(
    "The power is missing: you divided every average by 1 - beta. The divisor is 1 - beta**t and grows towards 1."
)
def without_power(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 - beta), theta)


@ewma_bias_corrected.mistake(
    "You divided all averages by the last divisor. Each has its own: t is 1 for the first, 2 for the second."
)
def all_by_the_last(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 - beta ** len(known)), theta)


@ewma_bias_corrected.mistake(
    "You carried the corrected average on. Keep v as it is for the next step, and correct only what you return."
)
def carries_the_corrected(theta, beta):
    v, t, series = 0.0, 0, []
    for value in theta:
        if not np.isnan(value):
            t += 1
            v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        series.append(v)
    return np.array(series)


@ewma_bias_corrected.mistake("You multiplied by 1 - beta^t. The averages are too small: divide by it.")
def multiplied_by_divisor(theta, beta):
    return over_gaps(lambda known: average(known, beta) * (1 - beta ** steps(known)), theta)


@ewma_bias_corrected.mistake(
    "You raised 1 - beta to the power t. Only beta is raised: the divisor is 1 - beta**t, which grows towards 1."
)
def power_of_the_difference(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 - beta) ** steps(known), theta)


@ewma_bias_corrected.mistake(
    "You divided by 1 + beta^t, so the averages become even smaller. What is missing is taken from 1: 1 - beta**t."
)
def plus_in_the_divisor(theta, beta):
    return over_gaps(lambda known: average(known, beta) / (1 + beta ** steps(known)), theta)


@ewma_bias_corrected.mistake(
    "The averages are too small by the factor 1 - beta. Often because the sum of the powers of beta is taken for the sum of the weights, "
    "which are (1 - beta) times these powers. Divide v by 1 - beta**t."
)
def divided_by_the_powers(theta, beta):
    return over_gaps(lambda known: average(known, beta) / np.cumsum(beta ** np.arange(len(known))), theta)


@ewma_bias_corrected.mistake(
    "Only the first average is corrected. Each has its own divisor, 1 - beta**t, and the later ones are too small as well."
)
def corrects_the_first(theta, beta):
    series = over_gaps(lambda known: average(known, beta), theta)
    return np.where(np.cumsum(~np.isnan(theta)) == 1, theta[0], series)


@ewma_bias_corrected.mistake(
    "v begins as the first value instead of 0, and is not corrected. So the first value keeps the weight that 0 had: with beta "
    "0.9 it counts ten times as much as it should."
)
def starts_with_the_first(theta, beta):
    return over_gaps(lambda known: average(known, beta, v=known[0]), theta)


@ewma_bias_corrected.mistake(
    "The averages are right and stand in the opposite order: the first one is that of t = 1."
)
def corrected_newest_first(theta, beta):
    return _right(theta, beta)[::-1]


@ewma_bias_corrected.variant
def by_normalised_weights(theta, beta):
    series = []
    for day in steps(theta):
        known = [value for value in theta[:day] if value == value]
        weights = beta ** np.arange(len(known) - 1, -1, -1)
        series.append(weights @ known / weights.sum())
    return np.array(series)


@ewma_bias_corrected.variant
def with_two_averages(theta, beta):
    there = ~np.isnan(theta)
    known = np.asarray(theta)[there]
    return (average(known, beta) / average(np.ones(len(known)), beta))[np.cumsum(there) - 1]


@ewma_bias_corrected.variant
def with_falling_rate(theta, beta):
    v, t, series = 0.0, 0, np.empty(len(theta))
    for day, value in enumerate(theta):
        if np.isfinite(value):
            t += 1
            v += (1 - beta) / (1 - beta**t) * (value - v)
        series[day] = v
    return series

"""Exercise ewma: the exponentially weighted average of a series, after each of its values."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.exponentially_weighted_averages.exercises.shared import average, draw_series, steps


@exercise(
    points=2,
    minutes=6,
    hints=(
        "You need one number that is kept through the loop, v, and a list of what it was each day.",
        "Start with v = 0. For every value of theta, first mix it into v, then append v to the list.",
        "Inside the loop: v = beta * v + (1 - beta) * value; series.append(v). After it: return np.array(series)",
    ),
)
def ewma(theta, beta):
    """The exponentially weighted average of a series,
    after each of its values.

    theta: (T,), the series. beta: a number, 0 <= beta < 1,
    the share of the old average. The average begins as 0.
    Returns an array (T,): the average after the first value, after the
    second, and so on. theta stays as it is.
    Source: Roberts (1959).
    """
    v, series = 0.0, []
    for value in theta:
        v = beta * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


@ewma.cases
def _(rng):
    yield from draw_series(rng)


@ewma.mistake("The shares are exchanged: beta belongs to the old average and 1 - beta to the new value.")
def shares_swapped(theta, beta):
    return average(theta, 1 - beta)


@ewma.mistake(
    "You started with the first value instead of 0. Some libraries do; here v_0 = 0, so v_1 = (1 - beta) theta_1."
)
def starts_with_first(theta, beta):
    return average(theta, beta, v=theta[0])


@ewma.mistake(
    "These are the bias-corrected averages, divided by 1 - beta^t. That is the next exercise: leave v as it is here."
)
def corrected_already(theta, beta):
    return average(theta, beta) / (1 - beta ** steps(theta))


@ewma.mistake("This is the last average alone. Keep v after every value and return all of them.")
def last_one_only(theta, beta):
    return average(theta, beta)[-1]


@ewma.mistake("The series begins with v_0 = 0, so it is one too long. Return v_1 to v_T.")
def with_v_zero(theta, beta):
    return np.concatenate([[0.0], average(theta, beta)])


@ewma.mistake(
    "The series is a day late: you kept v before the new value was mixed in. Update v first, then append it."
)
def kept_too_early(theta, beta):
    return np.concatenate([[0.0], average(theta, beta)[:-1]])


@ewma.mistake(
    "You left out (1 - beta): beta v + theta is a sum that outgrows the values. Weigh the new value with 1 - beta."
)
def new_value_unweighted(theta, beta):
    return average(theta, beta) / (1 - beta)


@ewma.mistake(
    "This is (1 - beta) theta alone: v starts from 0 on each day. Carry v from one day to the next."
)
def never_carried(theta, beta):
    return (1 - beta) * np.asarray(theta)


@ewma.mistake(
    "You mixed each value with the value before it. The old part is the average so far, v, not theta one day earlier."
)
def mixes_two_values(theta, beta):
    return beta * np.concatenate([[0.0], theta[:-1]]) + (1 - beta) * np.asarray(theta)


@ewma.mistake(
    "This is the plain mean of the last 1 / (1 - beta) values. Here all values count, with shares that fade: "
    "v = beta v + (1 - beta) theta."
)
def plain_window(theta, beta):
    n = round(1 / (1 - beta))
    return np.array([np.mean(theta[max(0, t - n) : t]) for t in steps(theta)])


@ewma.mistake(
    "The formula is right, but an array made with zeros_like or empty_like from whole numbers cuts off the "
    "decimals. Use np.zeros(len(theta)), or a list."
)
def cut_to_whole_numbers(theta, beta):
    series, v = np.zeros_like(theta), 0.0
    for t, value in enumerate(theta):
        v = beta * v + (1 - beta) * value
        series[t] = v
    return series


@ewma.mistake(
    "You wrote the averages into theta, which belongs to whoever called you. Write them into a new array or a list."
)
def overwrites_theta(theta, beta):
    v = 0.0
    for t in range(len(theta)):
        v = beta * v + (1 - beta) * theta[t]
        theta[t] = v
    return theta


@ewma.mistake("The averages are right and stand in the opposite order. Return v_1 first and v_T last.")
def newest_first(theta, beta):
    return average(theta, beta)[::-1]


@ewma.mistake(
    "This is the plain mean of all values so far, in which every value counts the same. Here old values fade: "
    "v = beta v + (1 - beta) theta."
)
def plain_mean_so_far(theta, beta):
    return np.cumsum(theta) / steps(theta)


@ewma.mistake(
    "The old average keeps beta to the power t. Each step multiplies it by beta just once; the powers come about by themselves."
)
def power_of_beta(theta, beta):
    v, series = 0.0, []
    for t, value in enumerate(theta, start=1):
        v = beta**t * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


@ewma.mistake(
    "The old average is kept whole and added once more with the share beta. Often because += stands where = belongs."
)
def added_to_itself(theta, beta):
    v, series = 0.0, []
    for value in theta:
        v += beta * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


@ewma.mistake("This is the average after the first value alone. Is the return inside the loop?")
def first_one_only(theta, beta):
    return average(theta, beta)[0]


@ewma.mistake(
    "The old average has lost its share: this is v + (1 - beta) theta, a sum that never forgets. Multiply the old v by beta."
)
def old_value_unweighted(theta, beta):
    return np.cumsum((1 - beta) * np.asarray(theta))


@ewma.variant
def by_correction(theta, beta):
    series = np.zeros(len(theta) + 1)
    for t in range(len(theta)):
        series[t + 1] = series[t] + (1 - beta) * (theta[t] - series[t])
    return series[1:]


@ewma.variant
def by_convolution(theta, beta):
    return np.convolve(theta, (1 - beta) * beta ** np.arange(len(theta)))[: len(theta)]


@ewma.variant
def by_matrix(theta, beta):
    age = np.subtract.outer(np.arange(len(theta)), np.arange(len(theta)))
    return np.where(age >= 0, (1 - beta) * beta ** np.maximum(age, 0), 0) @ theta

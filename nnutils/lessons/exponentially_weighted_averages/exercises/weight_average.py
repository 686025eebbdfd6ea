"""Exercise weight_average: one step of an average of a network's weights that forgets fast at first."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=6,
    fresh=True,
    hints=(
        "The old average gets a share that depends on t. Compute it first; which of the two numbers is the smaller?",
        "Early on the fraction is the smaller one, later beta is. The rest of the share belongs to the new weights.",
        "Call the share s. It is min(beta, the fraction); the result is s times average plus (1 - s) times theta.",
    ),
)
def weight_average(average, theta, beta, t):
    """One step of an average of the weights that forgets fast at first.

    average: the average so far. theta: the weights now, an array of the
    same shape.
    beta: a number, 0 <= beta < 1, the largest share of the old average.
    t: how many steps the average has made before, from 0.
    Returns a new array of that shape; average and theta stay as they are.
    """
    share = min(beta, (1 + t) / (10 + t))
    return share * average + (1 - share) * theta


@weight_average.cases
def _(rng):
    for beta, t in ((0.99, 0), (0.999, 7), (0.9, 79), (0.9, 300), (0.99, 60), (0.0, 5)):
        yield rng.normal(size=5), rng.normal(size=5), beta, t
    yield rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), 0.95, 20
    yield rng.permutation([0, 2, 4, -3]), rng.permutation([1, 5, -2, 6]), 0.9, 2


def _mixed(average, theta, share):
    return share * average + (1 - share) * theta


@weight_average.mistake(
    "The shares are exchanged: min(beta, ...) belongs to the old average, and the rest to the new weights."
)
def shares_swapped(average, theta, beta, t):
    return _mixed(theta, average, min(beta, (1 + t) / (10 + t)))


@weight_average.mistake(
    "The share is beta from the first step on. Early on (1 + t) / (10 + t) is smaller, so that the first weights are soon forgotten. "
    "Are the brackets missing?"
)
def without_warm_up(average, theta, beta, t):
    return _mixed(average, theta, beta)


@weight_average.mistake(
    "The share is (1 + t) / (10 + t) for ever. It grows towards 1: beta is the most that it may be."
)
def without_limit(average, theta, beta, t):
    return _mixed(average, theta, (1 + t) / (10 + t))


@weight_average.mistake(
    "You took the larger of the two shares. The average is to forget fast at first: take the smaller one."
)
def larger_share(average, theta, beta, t):
    return _mixed(average, theta, max(beta, (1 + t) / (10 + t)))


@weight_average.mistake("t counts from 1 in your share. In the first step t is 0 and the fraction 1/10.")
def counts_from_one(average, theta, beta, t):
    return _mixed(average, theta, min(beta, (2 + t) / (11 + t)))


@weight_average.mistake(
    "In the first step nothing is left of the old average. Its share is 1/10 there, since the numerator of the fraction is 1 + t "
    "and not t."
)
def one_is_missing(average, theta, beta, t):
    return _mixed(average, theta, min(beta, t / (10 + t)))


@weight_average.mistake(
    "The average is corrected by 1 - beta^t as well. It begins at the first weights, not at 0, so nothing is to be corrected."
)
def corrected_as_well(average, theta, beta, t):
    share = min(beta, (1 + t) / (10 + t))
    return _mixed(average, theta, share) / (1 - share ** (t + 1))


@weight_average.mistake(
    "The new weights are added whole: their share is 1 minus the share of the old average."
)
def new_weights_whole(average, theta, beta, t):
    return min(beta, (1 + t) / (10 + t)) * average + theta


@weight_average.mistake(
    "The result is the old average plus a share of the weights. Take their difference: average + (1 - share) (theta - average)."
)
def adds_the_weights(average, theta, beta, t):
    return average + (1 - min(beta, (1 + t) / (10 + t))) * theta


@weight_average.mistake("You wrote into average, which belongs to whoever called you. Return a new array.")
def overwrites_average(average, theta, beta, t):
    share = min(beta, (1 + t) / (10 + t))
    average[:] = share * average + (1 - share) * theta
    return average


@weight_average.mistake(
    "This is the mean of all weights so far, as if no weights were forgotten. The share of the old average is divided by "
    "10 + t, and beta is its limit."
)
def mean_of_all(average, theta, beta, t):
    return _mixed(average, theta, (1 + t) / (2 + t))


@weight_average.variant
def as_a_step_towards(average, theta, beta, t):
    rate = max(1 - beta, 9 / (10 + t))
    return average + rate * (theta - average)


@weight_average.variant
def with_a_branch(average, theta, beta, t):
    share = beta
    if (10 + t) * beta > 1 + t:
        share = (1 + t) / (10 + t)
    return np.add(np.multiply(share, average), np.multiply(1 - share, theta))

"""Exercise ewma_weights: what each value weighs in the average v_t that began with v_0 = 0."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=8,
    hints=(
        "Write v_3 out: put the formula for v_2 into the one for v_3, then the one for v_1. What stands before theta_3, "
        "theta_2, theta_1?",
        "The newest value enters with 1 - beta, and every day that passes multiplies its share by beta once more.",
        "The weight of a value of age k is (1 - beta) times beta to the power k; the ages are 0, 1, ..., t - 1.",
    ),
)
def ewma_weights(beta, t):
    """What each value weighs in an average that began as 0.

    beta: a number, 0 <= beta < 1, as in `ewma`.
    t: how many values there have been, from 1.
    Returns an array (t,), newest first: the weight of the newest value,
    of the one before it, and so on. For every series of t values, its
    values times these weights sum to the last number of its `ewma`.
    """
    return (1 - beta) * beta ** np.arange(t)


@ewma_weights.cases
def _(rng):
    yield 0.9, 5
    yield 0.7, 3
    yield float(rng.uniform(0.94, 0.97)), 10
    yield float(rng.uniform(0.55, 0.65)), 1
    yield float(rng.uniform(0.75, 0.85)), int(rng.integers(12, 20))
    yield 0.0, 3


@ewma_weights.mistake(
    "These are the right weights with the oldest value first. Turn them round: newest first."
)
def oldest_first(beta, t):
    return (1 - beta) * beta ** np.arange(t)[::-1]


@ewma_weights.mistake("The factor (1 - beta) is missing: the newest value weighs 1 - beta, not 1.")
def newest_weighs_one(beta, t):
    return beta ** np.arange(t)


@ewma_weights.mistake(
    "You made the weights sum to 1. That is what the bias correction does; the weights of v_t itself sum to 1 - beta^t."
)
def made_to_sum_to_one(beta, t):
    weights = beta ** np.arange(t)
    return weights / weights.sum()


@ewma_weights.mistake(
    "The exponents start at 1. The newest value is 0 days old, and beta^0 = 1: use np.arange(t)."
)
def exponents_from_one(beta, t):
    return (1 - beta) * beta ** np.arange(1, t + 1)


@ewma_weights.mistake("There is one weight too many: t values have the ages 0 to t - 1.")
def one_too_many(beta, t):
    return (1 - beta) * beta ** np.arange(t + 1)


@ewma_weights.mistake(
    "The last entry, beta^t, is the share of v_0, which is 0 and no value of the series. Return t weights."
)
def with_share_of_start(beta, t):
    return np.append((1 - beta) * beta ** np.arange(t), beta**t)


@ewma_weights.mistake("This is the weight of the oldest value alone. Return the weights of all t values.")
def oldest_only(beta, t):
    return (1 - beta) * beta ** (t - 1)


@ewma_weights.mistake("This is the sum of the weights, 1 - beta^t. Return the weights themselves.")
def their_sum(beta, t):
    return 1 - beta**t


@ewma_weights.mistake("beta and 1 - beta are exchanged: the newest value weighs 1 - beta, and beta fades it.")
def fades_by_the_other(beta, t):
    return beta * (1 - beta) ** np.arange(t)


@ewma_weights.mistake("These are running sums of the weights. Return each weight by itself.")
def running_sums(beta, t):
    return np.cumsum((1 - beta) * beta ** np.arange(t))


@ewma_weights.mistake(
    "You multiplied beta by the age. Each day multiplies the share once more: beta to the power k."
)
def times_instead_of_power(beta, t):
    return (1 - beta) * beta * np.arange(t)


@ewma_weights.mistake(
    "The weights grow with the age. beta is raised to the age itself, not to minus the age."
)
def grows_with_age(beta, t):
    return (1 - beta) * beta ** -np.arange(t, dtype=float)


@ewma_weights.mistake(
    "Every weight is a power of 1 - beta. The newest value weighs 1 - beta once, and each day multiplies its share by beta."
)
def powers_of_the_share(beta, t):
    return (1 - beta) ** np.arange(1, t + 1)


@ewma_weights.mistake(
    "These weights fade by exp(-(1 - beta)) each day, which is close to beta only where beta is near 1. The factor is beta itself."
)
def fades_by_exponential(beta, t):
    return (1 - beta) * np.exp(-(1 - beta) * np.arange(t))


@ewma_weights.mistake(
    "All values weigh the same here, 1/t. In this average a value counts the less the older it is."
)
def all_alike(beta, t):
    return np.full(t, 1 / t)


@ewma_weights.variant
def one_day_after_the_other(beta, t):
    weights = [1 - beta]
    while len(weights) < t:
        weights.append(weights[-1] * beta)
    return np.array(weights)


@ewma_weights.variant
def from_impulses(beta, t):
    v = np.zeros(t)
    for day in np.eye(t):
        v = beta * v + (1 - beta) * day
    return v[::-1]


@ewma_weights.variant
def as_differences(beta, t):
    return -np.diff(np.power(beta, np.arange(t + 1)))

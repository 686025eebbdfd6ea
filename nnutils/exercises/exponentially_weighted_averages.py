"""Exercises of lesson 10: averages that forget, their weights, their cold start and their window."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 10
MINUTES = 50


# ---------------------------------------------------------------------------------------------- the average


@exercise(
    points=2,
    minutes=7,
    hints=(
        "You need one number that lives through the loop, v, and a list that remembers what it was each day.",
        "Start with v = 0. For every value of theta, first mix it into v, then append v to the list.",
        "Inside the loop: v = beta * v + (1 - beta) * value; series.append(v). After it: return np.array(series)",
    ),
)
def ewma(theta, beta):
    """The exponentially weighted average of a series, after each of its values.

    theta: (T,), the series. beta: a number, 0 <= beta < 1, the share of the old average.
    v_0 = 0 and v_t = beta v_(t-1) + (1 - beta) theta_t, for t = 1 to T.
    Returns an array (T,) with v_1, ..., v_T (Roberts 1959). theta stays as it is.
    """
    v, series = 0.0, []
    for value in theta:
        v = beta * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


def _series(rng):
    """Series and betas for both averages: noisy, long, whole numbers, a single value, far from zero."""
    yield rng.normal(5, 2, size=6), 0.9
    yield rng.normal(size=9), 0.7
    yield rng.choice([3, 7, 11, -4, 13], size=5), 0.8
    yield rng.normal(10, 1, size=1), 0.6
    yield rng.uniform(1, 2, size=40), 0.98


@ewma.cases
def _(rng):
    yield from _series(rng)


def _average(theta, beta, v=0.0):
    series = []
    for value in theta:
        v = beta * v + (1 - beta) * value
        series.append(v)
    return np.array(series)


def _steps(theta):
    """t = 1, ..., T."""
    return np.arange(1, len(theta) + 1)


@ewma.mistake("The shares are exchanged: beta belongs to the old average and 1 - beta to the new value.")
def shares_swapped(theta, beta):
    return _average(theta, 1 - beta)


@ewma.mistake(
    "You started with the first value instead of 0. Some libraries do; here v_0 = 0, so v_1 = (1 - beta) theta_1."
)
def starts_with_first(theta, beta):
    return _average(theta, beta, v=theta[0])


@ewma.mistake(
    "These are the bias-corrected averages, divided by 1 - beta^t. That is the next exercise: leave v as it is here."
)
def corrected_already(theta, beta):
    return _average(theta, beta) / (1 - beta ** _steps(theta))


@ewma.mistake("This is the last average alone. Keep v after every value and return all of them.")
def last_one_only(theta, beta):
    return _average(theta, beta)[-1]


@ewma.mistake("The series begins with v_0 = 0, so it is one too long. Return v_1 to v_T.")
def with_v_zero(theta, beta):
    return np.concatenate([[0.0], _average(theta, beta)])


@ewma.mistake(
    "The series is a day late: you kept v before the new value was mixed in. Update v first, then append it."
)
def kept_too_early(theta, beta):
    return np.concatenate([[0.0], _average(theta, beta)[:-1]])


@ewma.mistake(
    "You left out (1 - beta): beta v + theta is a sum that outgrows the values. Weigh the new value with 1 - beta."
)
def new_value_unweighted(theta, beta):
    return _average(theta, beta) / (1 - beta)


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
    return np.array([np.mean(theta[max(0, t - n) : t]) for t in _steps(theta)])


@ewma.mistake(
    "The formula is right, but an array made with zeros_like or empty_like from whole numbers cuts off what stands "
    "behind the point. Use np.zeros(len(theta)), or a list."
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


# ---------------------------------------------------------------------------------------------- the weights


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Write v_3 out: put the formula for v_2 into the one for v_3, then the one for v_1. What stands before theta_3, "
        "theta_2, theta_1?",
        "The newest value enters with 1 - beta, and every day that passes multiplies its share by beta once more.",
        "The exponents are 0, 1, ..., t - 1, which is np.arange(t): return (1 - beta) * beta ** np.arange(t)",
    ),
)
def ewma_weights(beta, t):
    """What each value weighs in the average v_t that began with v_0 = 0.

    beta: a number, 0 <= beta < 1. t: how many values there have been, from 1.
    v_t = sum over k = 0 to t - 1 of weights[k] theta_(t-k), so k is the age of a value.
    Returns an array (t,), newest first: weights[k] = (1 - beta) beta^k.
    """
    return (1 - beta) * beta ** np.arange(t)


@ewma_weights.cases
def _(rng):
    yield 0.9, 5
    yield 0.7, 3
    yield float(rng.uniform(0.94, 0.97)), 10
    yield float(rng.uniform(0.55, 0.65)), 1
    yield float(rng.uniform(0.75, 0.85)), int(rng.integers(12, 20))


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


# ---------------------------------------------------------------------------------------- the bias correction


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
    """The exponentially weighted average of a series, freed from its start at 0.

    theta: (T,), the series. beta: a number, 0 <= beta < 1. You may use your `ewma`.
    Returns an array (T,): v_t / (1 - beta^t) for t = 1 to T (Kingma & Ba 2015).
    """
    t = np.arange(1, len(theta) + 1)
    return ewma(theta, beta) / (1 - beta**t)


@ewma_bias_corrected.cases
def _(rng):
    yield from _series(rng)


@ewma_bias_corrected.mistake("These are the averages as they were, v_t. Divide each of them by 1 - beta^t.")
def not_corrected(theta, beta):
    return _average(theta, beta)


@ewma_bias_corrected.mistake(
    "t starts at 0, so that the first average is divided by 1 - beta^0 = 0. The first value is t = 1."
)
def counts_from_zero(theta, beta):
    return _average(theta, beta) / (1 - beta ** np.arange(len(theta)))


@ewma_bias_corrected.mistake(
    "It divides by zero: with t = 0 the divisor 1 - beta^0 is 0. Count t from 1, as in enumerate(..., start=1)."
)
def loop_counts_from_zero(theta, beta):
    return [float(v) / (1 - beta**t) for t, v in enumerate(_average(theta, beta))]


@ewma_bias_corrected.mistake(
    "t is one too large: the first average is divided by 1 - beta^1, not by 1 - beta^2."
)
def counts_from_two(theta, beta):
    return _average(theta, beta) / (1 - beta ** (_steps(theta) + 1))


@ewma_bias_corrected.mistake(
    "The power is missing: you divided every average by 1 - beta. The divisor is 1 - beta**t and grows towards 1."
)
def without_power(theta, beta):
    return _average(theta, beta) / (1 - beta)


@ewma_bias_corrected.mistake(
    "You divided all averages by the last divisor. Each has its own: t is 1 for the first, 2 for the second."
)
def all_by_the_last(theta, beta):
    return _average(theta, beta) / (1 - beta ** len(theta))


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
    return _average(theta, beta) * (1 - beta ** _steps(theta))


@ewma_bias_corrected.mistake("You divided by beta^t. That is what is missing; the divisor is 1 - beta^t.")
def divided_by_missing(theta, beta):
    return _average(theta, beta) / beta ** _steps(theta)


@ewma_bias_corrected.mistake("beta * t is not beta to the power t: write beta**t.")
def product_for_power(theta, beta):
    return _average(theta, beta) / (1 - beta * _steps(theta))


@ewma_bias_corrected.mistake("Brackets: v / 1 - beta**t subtracts. Divide by all of it: v / (1 - beta**t).")
def brackets_forgotten(theta, beta):
    return _average(theta, beta) - beta ** _steps(theta)


@ewma_bias_corrected.mistake(
    "You started with the first value instead of dividing. That also avoids the zero, but the first value keeps a "
    "large share for long. Start from 0 and divide by 1 - beta^t."
)
def first_value_instead(theta, beta):
    return _average(theta, beta, v=theta[0])


@ewma_bias_corrected.mistake(
    "You started with the first value and divided, too, so that the start counts twice. Start from 0."
)
def first_value_and_divided(theta, beta):
    return _average(theta, beta, v=theta[0]) / (1 - beta ** _steps(theta))


@ewma_bias_corrected.mistake(
    "This is the plain mean of all values so far, which never forgets. Divide the exponentially weighted averages."
)
def mean_so_far(theta, beta):
    return np.cumsum(theta) / _steps(theta)


@ewma_bias_corrected.mistake("This is the last average alone. Return the whole series.")
def corrects_the_last(theta, beta):
    return _average(theta, beta)[-1] / (1 - beta ** len(theta))


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
    return _average(theta, beta) / _average(ones, beta)


@ewma_bias_corrected.variant
def with_falling_rate(theta, beta):
    v, series = 0.0, np.empty(len(theta))
    for t, value in enumerate(theta, start=1):
        v += (1 - beta) / (1 - beta**t) * (value - v)
        series[t - 1] = v
    return series


# ----------------------------------------------------------------------------------------------- the window


@exercise(
    points=1,
    minutes=2,
    hints=(
        "For beta = 0.9 the answer is 10, for 0.98 it is 50. Which simple fraction gives that?",
        "It is 1 over the share of the newest value.",
        "return 1 / (1 - beta)",
    ),
)
def effective_window(beta):
    """How many values an exponentially weighted average holds, roughly.

    beta: a number, 0 <= beta < 1. Returns a float: 1 / (1 - beta).
    Values older than that weigh less than about 1/e of what the newest weighs.
    """
    return 1 / (1 - beta)


@effective_window.cases
def _(rng):
    yield (0.9,)
    yield (0.98,)
    yield (float(rng.uniform(0.31, 0.69)),)
    yield (float(rng.uniform(0.991, 0.9989)),)
    yield (0.5,)


@effective_window.mistake("This is 1 / beta. The share of the newest value is 1 - beta: turn that one over.")
def one_over_beta(beta):
    return 1 / beta


@effective_window.mistake(
    "This is 1 - beta, the share of the newest value. The window is 1 divided by it; mind the brackets, 1 / (1 - beta)."
)
def the_share(beta):
    return 1 - beta


@effective_window.mistake(
    "This is beta / (1 - beta), the average age of what is remembered. The window is one longer: 1 / (1 - beta)."
)
def average_age(beta):
    return beta / (1 - beta)


@effective_window.mistake(
    "This is (1 + beta) / (1 - beta), the plain window with as little noise. The rule asked for here is 1 / (1 - beta)."
)
def as_span(beta):
    return (1 + beta) / (1 - beta)


@effective_window.mistake(
    "This is -1 / ln(beta), after how many steps a share is exactly 1/e. The rule asked for here is 1 / (1 - beta)."
)
def exact_decay(beta):
    return -1 / np.log(beta)


@effective_window.mistake(
    "This is the half-life, after how many steps a share is halved. The window is 1 / (1 - beta)."
)
def half_life(beta):
    return np.log(0.5) / np.log(beta)


@effective_window.mistake("You rounded to a whole number. Return 1 / (1 - beta) as it is.")
def rounded(beta):
    return round(1 / (1 - beta))


@effective_window.mistake(
    "The window is negative: the difference is the wrong way round. Write 1 / (1 - beta)."
)
def sign_turned(beta):
    return 1 / (beta - 1)


@effective_window.variant
def sum_of_relative_weights(beta):
    total, power = 1.0, beta  # 1 + beta + beta^2 + ... = (1 + beta)(1 + beta^2)(1 + beta^4)...
    while power > 1e-18:
        total, power = total * (1 + power), power * power
    return total


@effective_window.variant
def complement_first(beta):
    alpha = 1.0 - beta
    return np.exp(-np.log(alpha))


@exercise(
    points=1,
    minutes=2,
    hints=(
        "Turn n = 1 / (1 - beta) round: solve it for beta.",
        "1 - beta is 1 / n.",
        "return 1 - 1 / n",
    ),
)
def beta_for_window(n):
    """The beta whose effective window is n, so that the average holds about n values.

    n: a number from 1. Returns a float: 1 - 1/n.
    """
    return 1 - 1 / n


@beta_for_window.cases
def _(rng):
    yield (10,)
    yield (50,)
    yield (int(rng.integers(3, 9)),)
    yield (float(rng.uniform(1.2, 2.8)),)
    yield (1,)


@beta_for_window.mistake(
    "This is 1/n, the share of the newest value. beta is the share of the old average: 1 - 1/n."
)
def share_of_newest(n):
    return 1 / n


@beta_for_window.mistake(
    "This is (n - 1) / (n + 1), as some libraries define their span. Here n = 1 / (1 - beta), so beta = 1 - 1/n."
)
def from_span(n):
    return (n - 1) / (n + 1)


@beta_for_window.mistake("This is n / (n + 1), whose window is n + 1 values. The denominator is n: 1 - 1/n.")
def one_more_value(n):
    return n / (n + 1)


@beta_for_window.mistake(
    "This is e^(-1/n), close for large n only. Solve n = 1 / (1 - beta) for beta, without a logarithm."
)
def from_exact_decay(n):
    return np.exp(-1 / n)


@beta_for_window.mistake("You put n into 1 / (1 - n). Solve n = 1 / (1 - beta) for beta instead.")
def same_formula_again(n):
    return 1 / (1 - n)


@beta_for_window.mistake(
    "The sign is wrong: with 1 + 1/n the average would grow without end. beta = 1 - 1/n."
)
def above_one(n):
    return 1 + 1 / n


@beta_for_window.mistake(
    "`//` drops what stands behind the point, so that 1 // n is 0. Use a single stroke: 1 / n."
)
def whole_division(n):
    return 1 - 1 // n


@beta_for_window.mistake("This is the half-life rule, 0.5^(1/n). Solve n = 1 / (1 - beta) for beta.")
def from_half_life(n):
    return 0.5 ** (1 / n)


@beta_for_window.variant
def one_fraction(n):
    return (n - 1) / n


@beta_for_window.variant
def by_bisection(n):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if n * (1 - middle) < 1 else (middle, high)
    return (low + high) / 2


# ------------------------------------------------------------------------------------------------ questions

too_low_at_first = question(
    "On the first day it is 5 degrees, and the average with beta = 0.98 says 0.1. What is wrong with it?",
    wrong(
        "beta is too large for any series: nobody should use 0.98",
        "After a few windows the average is fine. Only its start suffers.",
    ),
    right(
        "Nearly all its weight, 0.98, still lies on v_0 = 0, which is no temperature",
        "v_1 = 0.98 · 0 + 0.02 · 5. Dividing by 1 - 0.98^1 = 0.02 takes that weight out.",
    ),
    wrong(
        "It is late: it will be right after one day more",
        "On the second day the weights sum to about 0.04. It takes a few times 50 days to get near 1.",
    ),
    wrong(
        "The noise of the first day", "Noise would be as often too high as too low. This is always towards 0."
    ),
)

ten_days_after_a_jump = question(
    "For a year it was 10 degrees every day. Then it jumps to 20 and stays. What does an average with beta = 0.9 show on the "
    "tenth day of the new weather?",
    wrong(
        "20 degrees: its window is 10 days",
        "A plain window of ten would. Here the old days still weigh 0.9^10, about a third.",
    ),
    wrong("15 degrees: half old, half new", "Half is reached after about 7 days, where 0.9^k = 1/2."),
    wrong(
        "11 degrees: only a tenth is new",
        "That is the first day of the new weather. Each day brings it a tenth of the rest nearer.",
    ),
    right(
        "About 16.5 degrees",
        "The ten new values weigh 1 - 0.9^10 together, about 0.65, so it has gone 6.5 of the 10 degrees.",
    ),
)

from_98_to_99 = question(
    "You raise beta from 0.98 to 0.99. What do you expect of the average?",
    wrong("Next to no change: beta grows by one percent", "What counts is 1 - beta, and that is halved."),
    wrong(
        "It is less noisy and follows sooner",
        "You cannot have both: an average that forgets more slowly also learns more slowly.",
    ),
    right(
        "It holds twice as many days, is smoother, and is later",
        "The window 1 / (1 - beta) goes from 50 to 100 values.",
    ),
    wrong(
        "It is noisier, because the newest value counts more", "The newest value counts 0.01 instead of 0.02."
    ),
)

what_is_stored = question(
    "An optimiser keeps an average of the gradient of a million weights, with an effective window of 100 steps. How many "
    "numbers does it store for that?",
    right(
        "One million: one for each weight",
        "v is mixed with each new gradient and forgets it. No old gradient is kept, whatever beta is.",
    ),
    wrong(
        "A hundred million: the last 100 gradients",
        "A plain window needs these, to take the oldest out. An exponentially weighted average does not.",
    ),
    wrong("One", "Each weight has a gradient of its own, and so an average of its own."),
    wrong("Two hundred million", "Neither the gradients nor their weights have to be stored."),
)

when_correction_ends = question(
    "After 1 000 steps with beta = 0.9 you leave out the bias correction. What changes?",
    wrong(
        "The average jumps to a tenth of its value",
        "It would if the divisor were 1 - beta. It is 1 - beta^t, and 0.9^1000 is next to nothing.",
    ),
    right(
        "Nothing that you could see",
        "1 - 0.9^1000 is 1 to all digits that a float holds. The correction is for the first few windows.",
    ),
    wrong("It becomes noisier", "All of its weights would change by the same, vanishing, share."),
    wrong(
        "It starts to lag",
        "The lag comes from old values, not from the start at 0, and it is there with and without the correction.",
    ),
)

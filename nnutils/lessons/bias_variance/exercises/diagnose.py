"""Exercise diagnose: what the errors on train and dev say is wrong with a network."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.bias_variance.exercises.shared import BIAS, BOTH, GOOD, VARIANCE


def _named(bias, variance):
    return {(True, False): BIAS, (False, True): VARIANCE, (True, True): BOTH}.get((bias, variance), GOOD)


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Two questions, one after the other: is training much worse than it could be? Is dev much worse than training?",
        "bias: train_error - bayes_error > gap. variance: dev_error - train_error > gap. Both may be true, or none.",
        "Work out both truth values first. Then four returns: if bias and variance ..., if bias ..., if variance ..., "
        "and 'good fit' at the end.",
    ),
)
def diagnose(train_error, dev_error, bayes_error, gap=0.02):
    """What the errors on train and dev say is wrong with a network.

    train_error, dev_error, bayes_error: shares from 0 to 1;
    bayes_error is the lowest error that anyone could reach,
    often estimated by a human's.
    gap: a difference counts if it is larger than this.
    The bias is high if train_error exceeds bayes_error by more than
    gap, the variance if dev_error exceeds train_error by more than gap.
    Returns "high bias", "high variance", "high bias and high
    variance" or "good fit".
    """
    bias = train_error - bayes_error > gap
    variance = dev_error - train_error > gap
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    if variance:
        return "high variance"
    return "good fit"


@diagnose.cases
def _(rng):
    near = lambda low, high: float(rng.uniform(low, high))  # noqa: E731
    yield near(0.143, 0.145), near(0.155, 0.160), near(0.00, 0.01)
    yield near(0.01, 0.015), near(0.10, 0.12), near(0.00, 0.005)
    yield near(0.14, 0.16), near(0.28, 0.32), near(0.00, 0.01)
    yield near(0.005, 0.01), near(0.012, 0.015), near(0.00, 0.004)
    yield near(0.145, 0.150), near(0.155, 0.160), near(0.140, 0.144)
    yield near(0.20, 0.21), near(0.13, 0.14), near(0.195, 0.20)
    yield near(0.10, 0.11), near(0.16, 0.17), near(0.08, 0.09), 0.1
    yield near(0.030, 0.032), near(0.041, 0.043), near(0.020, 0.022), 0.005
    yield near(0.124, 0.126), near(0.136, 0.139), near(0.109, 0.111)


@diagnose.mistake(
    "You measure the bias against zero. Nobody can do better than bayes_error: subtract it from train_error."
)
def against_zero(train_error, dev_error, bayes_error, gap=0.02):
    return _named(train_error > gap, dev_error - train_error > gap)


@diagnose.mistake(
    "You measure the variance against bayes_error. It is what gets lost between train and dev: "
    "dev_error - train_error."
)
def variance_against_bayes(train_error, dev_error, bayes_error, gap=0.02):
    return _named(train_error - bayes_error > gap, dev_error - bayes_error > gap)


@diagnose.mistake(
    "The two words are swapped. Far from the best possible on train is bias; train to dev is variance."
)
def words_swapped(train_error, dev_error, bayes_error, gap=0.02):
    return _named(dev_error - train_error > gap, train_error - bayes_error > gap)


@diagnose.mistake(
    "Once you find bias you stop looking. A network can have both: ask for the variance all the same."
)
def bias_hides_variance(train_error, dev_error, bayes_error, gap=0.02):
    bias = train_error - bayes_error > gap
    return _named(bias, not bias and dev_error - train_error > gap)


@diagnose.mistake(
    "Once you find variance you stop looking. A network can have both: ask for the bias all the same."
)
def variance_hides_bias(train_error, dev_error, bayes_error, gap=0.02):
    variance = dev_error - train_error > gap
    return _named(not variance and train_error - bayes_error > gap, variance)


@diagnose.mistake("The gap is an argument. You compare with 0.02 whatever is given.")
def fixed_gap(train_error, dev_error, bayes_error, gap=0.02):
    return _named(train_error - bayes_error > 0.02, dev_error - train_error > 0.02)


@diagnose.mistake(
    "You take the size of the difference. A dev error far BELOW the training error is luck or an easier dev set, "
    "not variance."
)
def size_of_difference(train_error, dev_error, bayes_error, gap=0.02):
    return _named(abs(train_error - bayes_error) > gap, abs(dev_error - train_error) > gap)


@diagnose.mistake("You ask whether the errors are larger than gap. Ask whether they DIFFER by more than gap.")
def errors_themselves(train_error, dev_error, bayes_error, gap=0.02):
    return _named(train_error > gap, dev_error > gap)


@diagnose.mistake(
    "You compare without the gap. Every network is a little worse on dev: only more than gap counts."
)
def without_gap(train_error, dev_error, bayes_error, gap=0.02):
    return _named(train_error > bayes_error, dev_error > train_error)


@diagnose.variant
def joined(train_error, dev_error, bayes_error, gap=0.02):
    found = []
    if train_error > bayes_error + gap:
        found.append("high bias")
    if dev_error > train_error + gap:
        found.append("high variance")
    return " and ".join(found) or "good fit"


@diagnose.variant
def by_number(train_error, dev_error, bayes_error, gap=0.02):
    names = ["good fit", "high bias", "high variance", "high bias and high variance"]
    steps = np.diff([bayes_error, train_error, dev_error]) > gap
    return names[int(steps @ [1, 2])]

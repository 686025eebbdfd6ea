"""Exercise report: how good probabilities are: accuracy, its standard error, two measures of calibration."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.models import (
    softmax,
)


@exercise(
    points=2,
    minutes=8,
    returns=("accuracy", "standard_error", "log_loss", "overconfidence"),
    hints=(
        "The class that is named is the most probable one, and its probability is how sure the model says it is.",
        "proba.argmax(axis=1) and proba.max(axis=1) give both. The probability of the right class is proba[np.arange(n), y].",
        "p = np.mean(proba.argmax(axis=1) == y); return p, np.sqrt(p * (1 - p) / n), "
        "-np.mean(np.log(proba[np.arange(n), y])), np.mean(proba.max(axis=1)) - p.",
    ),
)
def report(proba, y):
    """How good probabilities are: accuracy, its standard error,
    two measures of calibration.

    proba: (n, n_classes), each row sums to 1; y: (n,), the right classes.
    With p the share of rows whose largest probability is at y:
    Returns p; its standard error sqrt(p (1 - p) / n); the log loss,
    minus the mean log of the probability of the right class;
    and the overconfidence, the mean of each row's largest probability,
    minus p: 0 if the model is right as often as it says.
    """
    n = len(y)
    p = np.mean(proba.argmax(axis=1) == y)
    log_loss = -np.mean(np.log(proba[np.arange(n), y]))
    overconfidence = np.mean(proba.max(axis=1)) - p
    return p, np.sqrt(p * (1 - p) / n), log_loss, overconfidence


@report.cases
def _(rng):
    for n, classes in ((12, 3), (20, 4), (7, 2)):
        proba = softmax(2 * rng.normal(size=(n, classes)))
        y = proba.argmax(axis=1)
        y[: n // 3] = proba[: n // 3].argmin(axis=1)
        yield proba, y


def _reported(proba, y, se=None, log_loss=None, overconfidence=None):
    """The report, with one part of it given."""
    n, p = len(y), np.mean(proba.argmax(axis=1) == y)
    error = np.sqrt(p * (1 - p) / n) if se is None else se(p, n)
    loss = -np.mean(np.log(proba[range(n), y])) if log_loss is None else log_loss
    return p, error, loss, _confidence(proba) - p if overconfidence is None else overconfidence


def _confidence(proba):
    return np.mean(proba.max(axis=1))


@report.mistake(
    "Your standard error is the deviation of one answer. The error of a mean of n answers is smaller by the root of n."
)
def deviation_of_one(proba, y):
    return _reported(proba, y, se=lambda p, n: np.sqrt(p * (1 - p)))


@report.mistake("Your standard error lacks the root: sqrt(p (1 - p) / n).")
def variance_of_the_mean(proba, y):
    return _reported(proba, y, se=lambda p, n: p * (1 - p) / n)


@report.mistake(
    "Your log loss looks at the largest probability of each row. It is about the right class: where the model is sure and "
    "wrong, the loss must be large."
)
def loss_of_the_named_class(proba, y):
    return _reported(proba, y, log_loss=-np.mean(np.log(proba.max(axis=1))))


@report.mistake("Your log loss is the sum over all examples; take the mean.")
def summed_loss(proba, y):
    return _reported(proba, y, log_loss=-np.sum(np.log(proba[np.arange(len(y)), y])))


@report.mistake("Your log loss has the wrong sign: the log of a probability is negative, a loss is positive.")
def sign_of_the_loss(proba, y):
    return _reported(proba, y, log_loss=np.mean(np.log(proba[np.arange(len(y)), y])))


@report.mistake(
    "Your overconfidence has the wrong sign: it is confidence minus accuracy, so that a model that is too sure of itself "
    "has a positive one."
)
def accuracy_minus_confidence(proba, y):
    p = np.mean(proba.argmax(axis=1) == y)
    return _reported(proba, y, overconfidence=p - _confidence(proba))


@report.mistake(
    "Confidence is what the model gives to the class that it names, not to the right one: a model does not know which is right."
)
def confidence_in_the_right_class(proba, y):
    p = np.mean(proba.argmax(axis=1) == y)
    return _reported(proba, y, overconfidence=np.mean(proba[np.arange(len(y)), y]) - p)


@report.variant
def row_by_row(proba, y):
    hits = loss = confidence = 0.0
    for row, k in zip(proba, y, strict=True):
        hits += float(np.argmax(row) == k)
        loss -= np.log(row[k])
        confidence += max(row)
    n = len(y)
    return hits / n, (hits * (n - hits) / n**3) ** 0.5, loss / n, (confidence - hits) / n


@report.variant
def by_one_hot(proba, y):
    target = np.eye(proba.shape[1])[y]
    right_ones = (proba * target).sum(axis=1)
    correct = right_ones == proba.max(axis=1)
    error = correct.std() / np.sqrt(correct.size)
    return correct.mean(), error, np.log(1 / right_ones).mean(), (proba.max(axis=1) - correct).mean()

"""Exercise pseudo_labels: of what a model says about unlabelled examples, keep what it is sure of."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=5,
    returns=("index", "labels"),
    hints=(
        "How sure is the model of an example? Look at one row of probabilities: which number says it?",
        "The largest number of a row says how sure it is, and its column is the class. Which rows are at or above the threshold?",
        "index = np.flatnonzero(probabilities.max(axis=1) >= threshold); the labels are probabilities[index].argmax(axis=1).",
    ),
)
def pseudo_labels(probabilities, threshold):
    """The examples that a model is sure of, and what it says about them.

    probabilities: (m, k), one row for each unlabelled example; a row sums
    to 1. threshold: a float. A model is sure of an example if one class
    reaches the threshold; exactly the threshold is enough.
    Returns (index, labels): the numbers of these rows, rising, and the
    most probable class of each; two integer arrays of one length. Where
    several classes are the most probable, take the first. If the model is
    sure of nothing, both are empty.
    """
    sure = probabilities.max(axis=1) >= threshold
    index = np.flatnonzero(sure)
    return index, probabilities[index].argmax(axis=1)


def _rows(rng, m, k, sharpness):
    p = np.exp(sharpness * rng.normal(size=(m, k)))
    return p / p.sum(axis=1, keepdims=True)


@pseudo_labels.cases
def _(rng):
    p = np.array(
        [[0.75, 0.125, 0.125], [0.25, 0.5, 0.25], [0.0, 0.25, 0.75], [0.125, 0.0, 0.875], [0.5, 0.25, 0.25]]
    )
    yield p, 0.75  # two rows are exactly at the threshold
    for m, k, threshold in ((12, 3, 0.7), (9, 4, 0.55)):
        p = _rows(rng, m, k, 2)
        p[0] = np.array([0.85, *[0.15 / (k - 1)] * (k - 1)])
        p[1], p[4] = np.full(k, 1 / k), np.eye(k)[k - 1]  # sure of nothing, and quite sure of the last class
        yield p, threshold
    yield np.array([[0.5, 0.5], [0.25, 0.75], [0.75, 0.25]]), 0.0  # all, with a tie
    yield np.full((3, 4), 0.25), 0.9  # nothing


@pseudo_labels.mistake(
    "A row whose largest probability is exactly the threshold is left out. It is enough: compare with >=."
)
def above_alone(probabilities, threshold):
    index = np.flatnonzero(probabilities.max(axis=1) > threshold)
    return index, probabilities[index].argmax(axis=1)


@pseudo_labels.mistake(
    "You keep the rows that the model is NOT sure of. Keep those whose largest probability reaches the threshold."
)
def unsure_ones(probabilities, threshold):
    index = np.flatnonzero(probabilities.max(axis=1) < threshold)
    return index, probabilities[index].argmax(axis=1)


@pseudo_labels.mistake("The labels of all rows are returned. Return one for each row of index.")
def labels_of_all(probabilities, threshold):
    return np.flatnonzero(probabilities.max(axis=1) >= threshold), probabilities.argmax(axis=1)


@pseudo_labels.mistake(
    "The first of the two is a mask of truth values, one a row. Return the numbers of the rows: np.flatnonzero."
)
def a_mask(probabilities, threshold):
    sure = probabilities.max(axis=1) >= threshold
    return sure, probabilities[sure].argmax(axis=1)


@pseudo_labels.mistake(
    "You return probabilities where the labels belong. The label is the place of the largest one in its row."
)
def probabilities_for_labels(probabilities, threshold):
    index = np.flatnonzero(probabilities.max(axis=1) >= threshold)
    return index, probabilities[index].max(axis=1)


@pseudo_labels.mistake(
    "The rows and the classes are mixed up: you look at columns. Each row belongs to one example: axis=1."
)
def by_columns(probabilities, threshold):
    index = np.flatnonzero(probabilities.max(axis=0) >= threshold)
    return index, probabilities[:, index].argmax(axis=0)


@pseudo_labels.mistake("The threshold is ignored: all rows get a label.")
def everything(probabilities, threshold):
    return np.arange(len(probabilities)), probabilities.argmax(axis=1)


@pseudo_labels.mistake("The rows are sorted by how sure the model is. Return them in rising order.")
def surest_first(probabilities, threshold):
    top = probabilities.max(axis=1)
    index = np.argsort(-top, kind="stable")[: np.sum(top >= threshold)]
    return index, probabilities[index].argmax(axis=1)


@pseudo_labels.mistake("Both are right and in the wrong order: return the index first, then the labels.")
def labels_first(probabilities, threshold):
    index = np.flatnonzero(probabilities.max(axis=1) >= threshold)
    return probabilities[index].argmax(axis=1), index


@pseudo_labels.variant
def by_a_loop(probabilities, threshold):
    index, labels = [], []
    for i, row in enumerate(probabilities):
        if max(row) >= threshold:
            index.append(i)
            labels.append(int(np.argmax(row)))
    return np.array(index, int), np.array(labels, int)


@pseudo_labels.variant
def by_where(probabilities, threshold):
    best = probabilities.argmax(axis=1)
    sure = probabilities[np.arange(len(best)), best] >= threshold
    return np.where(sure)[0], best[sure]

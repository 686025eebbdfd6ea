"""Exercise smooth_labels: labels that ask for a little less than certainty."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=2,
    fresh=True,
    hints=(
        "Take the share eps away from every row, then give it back to all classes in equal parts.",
        "Each of the k classes gets eps / k, the label's own class as well. k is the number of columns.",
        "(1 - eps) * Y + eps / Y.shape[1]",
    ),
)
def smooth_labels(Y, eps):
    """Labels of which a share is spread evenly over all k classes.

    Y: (m, k), rows of probabilities, such as one-hot rows.
    eps: the share that is spread, from 0 to 1.
    Returns a new array (m, k) whose rows sum to 1
    (Szegedy et al. 2016).
    """
    k = Y.shape[1]
    return (1 - eps) * Y + eps / k


@smooth_labels.cases
def _(rng):
    yield np.eye(4)[[2, 0, 3]], 0.1
    yield np.eye(3)[[1, 1, 0, 2, 0]], 0.3
    yield rng.dirichlet(np.ones(5), size=3), rng.uniform(0.15, 0.35)
    yield np.eye(3)[[1, 2]], 0.0
    yield np.eye(5)[[4, 0]], 1.0


@smooth_labels.mistake(
    "The rows sum to less than 1: what is taken from the label is not given to the classes."
)
def nothing_given(Y, eps):
    return (1 - eps) * Y


@smooth_labels.mistake(
    "The rows sum to more than 1: the label keeps all that it had. It keeps the share 1 - eps."
)
def nothing_taken(Y, eps):
    return Y + eps / Y.shape[1]


@smooth_labels.mistake(
    "Each class gets the whole eps: divide it by the number of classes, so that rows sum to 1."
)
def whole_share_each(Y, eps):
    return (1 - eps) * Y + eps


@smooth_labels.mistake(
    "The share is spread over the other classes only. Spread it over all k, the label's own as well."
)
def over_the_others(Y, eps):
    k = Y.shape[1]
    return (1 - eps) * Y + eps / (k - 1) * (1 - Y)


@smooth_labels.mistake("The two shares are exchanged: eps is what is spread, 1 - eps is what stays.")
def exchanged(Y, eps):
    return eps * Y + (1 - eps) / Y.shape[1]


@smooth_labels.mistake(
    "eps is divided by the number of examples. It is shared by the k classes, the columns."
)
def divided_by_examples(Y, eps):
    return (1 - eps) * Y + eps / len(Y)


@smooth_labels.mistake("The rows are clipped instead of smoothed: 0 became eps / k, and 1 became 1 - eps.")
def clipped(Y, eps):
    return np.clip(Y, eps / Y.shape[1], max(1 - eps, eps / Y.shape[1]))


@smooth_labels.mistake(
    "The share is divided by k - 1, but spread over all k classes: the rows sum to more than 1."
)
def one_class_too_few(Y, eps):
    return (1 - eps) * Y + eps / (Y.shape[1] - 1)


@smooth_labels.mistake("The labels are unchanged: nothing of them is spread.")
def unchanged(Y, eps):
    return Y.copy()


@smooth_labels.variant
def as_a_mean_with_even_rows(Y, eps):
    even = np.full(Y.shape, 1 / Y.shape[1])
    return Y + eps * (even - Y)


@smooth_labels.variant
def row_by_row(Y, eps):
    return np.array([[(1 - eps) * p + eps / len(row) for p in row] for row in Y])

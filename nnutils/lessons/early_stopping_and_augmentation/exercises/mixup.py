"""Exercise mixup: examples mixed with others, and their labels likewise."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=4,
    returns=("X", "Y"),
    fresh=True,
    hints=(
        "The partner of example i is example order[i]: X[order] holds all partners in one array.",
        "Each example keeps the share lam of itself and takes the rest from its partner. A label is mixed exactly as its picture is.",
        "lam * X + (1 - lam) * X[order], and the same with Y.",
    ),
)
def mixup(X, Y, lam, order):
    """Each example mixed with a partner, and its label likewise.

    X: (m, n) or images (m, h, w), numbers. Y: (m, k), rows of
    probabilities. lam: the share that an example keeps of itself,
    from 0 to 1. order: ints (m,), the place of each one's partner;
    an example may be its own.
    Returns (X, Y), new arrays of the same shapes
    (Zhang et al. 2018).
    """
    mixed = lam * X + (1 - lam) * X[order]
    labels = lam * Y + (1 - lam) * Y[order]
    return mixed, labels


@mixup.cases
def _(rng):
    yield rng.normal(size=(4, 3)), np.eye(3)[[0, 1, 2, 1]], 0.8, np.array([1, 2, 3, 0])
    yield rng.normal(size=(3, 2, 4)), np.eye(4)[[3, 0, 2]], 0.35, np.array([2, 0, 1])
    yield (
        rng.normal(size=(5, 2)),
        rng.dirichlet(np.ones(3), size=5),
        rng.uniform(0.6, 0.9),
        np.array([3, 4, 2, 1, 0]),
    )
    yield rng.normal(size=(3, 2)), np.eye(3)[[0, 1, 2]], 1.0, np.array([1, 2, 0])
    yield rng.normal(size=(3, 2)), np.eye(3)[[0, 1, 2]], 0.0, np.array([1, 2, 0])


@mixup.mistake(
    "The pictures are mixed and the labels are not: a picture that is half a three is still called an eight. Mix Y as X."
)
def labels_left(X, Y, lam, order):
    return lam * X + (1 - lam) * X[order], Y.copy()


@mixup.mistake("The labels are mixed and X is not. Mix both in the same way.")
def pictures_left(X, Y, lam, order):
    return X.copy(), lam * Y + (1 - lam) * Y[order]


@mixup.mistake("The shares are exchanged in both: lam is what an example keeps of ITSELF.")
def shares_exchanged(X, Y, lam, order):
    return (1 - lam) * X + lam * X[order], (1 - lam) * Y + lam * Y[order]


@mixup.mistake("X is right. In the labels the shares are exchanged: lam is what an example keeps of itself.")
def shares_of_labels_exchanged(X, Y, lam, order):
    return lam * X + (1 - lam) * X[order], (1 - lam) * Y + lam * Y[order]


@mixup.mistake(
    "X is right. The label is the whole label of the one with the larger share: mix the rows instead."
)
def larger_wins(X, Y, lam, order):
    return lam * X + (1 - lam) * X[order], Y.copy() if lam >= 0.5 else Y[order]


@mixup.mistake("The partner is added whole: its share is 1 - lam, so that both shares sum to 1.")
def partner_whole(X, Y, lam, order):
    return lam * X + X[order], lam * Y + Y[order]


@mixup.mistake("Both shares are 1/2 whatever lam is.")
def halves(X, Y, lam, order):
    return (X + X[order]) / 2, (Y + Y[order]) / 2


@mixup.mistake("The partners are taken in reversed order, X[::-1]. The partner of example i is order[i].")
def reversed_partners(X, Y, lam, order):
    return lam * X + (1 - lam) * X[::-1], lam * Y + (1 - lam) * Y[::-1]


@mixup.mistake(
    "Each example is mixed with the one whose partner it is, often because order was inverted (by argsort). X[order] has the partners."
)
def inverted(X, Y, lam, order):
    other = np.argsort(order)
    return lam * X + (1 - lam) * X[other], lam * Y + (1 - lam) * Y[other]


@mixup.mistake("Pictures and labels have different partners: take order in both.")
def other_partners_for_labels(X, Y, lam, order):
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * np.roll(Y, 1, axis=0)


@mixup.mistake("Nothing is mixed: the examples only changed places.")
def shuffled(X, Y, lam, order):
    return X[order], Y[order]


@mixup.variant
def one_by_one(X, Y, lam, order):
    pictures = [lam * x + (1 - lam) * X[j] for x, j in zip(X, order, strict=True)]
    return np.array(pictures), np.array([lam * t + (1 - lam) * Y[j] for t, j in zip(Y, order, strict=True)])


@mixup.variant
def from_the_partner_on(X, Y, lam, order):
    partners, theirs = np.take(X, order, axis=0), np.take(Y, order, axis=0)
    return partners + lam * (X - partners), theirs + lam * (Y - theirs)

"""Exercise self_training: a model that learns from its own pseudo-labels, in rounds."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.unsupervised_pretraining.exercises.pseudo_labels import pseudo_labels
from nnutils.lessons.unsupervised_pretraining.given import ByMeans

SEEDS = (2, 31, 2, 9)  # of the cases' blobs


@exercise(
    points=3,
    minutes=10,
    returns=("index", "labels", "counts"),
    hints=(
        "Before the loop one model is trained on the given labels. What happens in a round, in which order, and what must be "
        "kept from one round to the next?",
        "In a round: ask the newest model for pseudo-labels of all of U, append their number to counts, compare with those of the "
        "round before, and train a new model on X and the chosen rows of U together.",
        "index, labels = pseudo_labels(model(U), threshold); if both np.array_equal those before: break; else "
        "model = fit(np.concatenate([X, U[index]]), np.concatenate([y, labels])). Begin with two empty integer arrays.",
    ),
)
def self_training(fit, X, y, U, threshold, rounds):
    """Train a model, let it label what it is sure of, train anew: in rounds.

    fit: fit(X, y) trains a new model and returns its predict_proba;
    predict_proba(U) returns probabilities, one row an example.
    X: (m, n) with labels y (m,). U: (u, n), without labels.
    First a model is trained on X alone. In a round the newest model gives
    pseudo-labels to all of U anew: your pseudo_labels, with this
    threshold. Those of the round before are forgotten. Then a new model is
    trained on X, followed by the chosen rows of U in rising order. Where a
    round gives the same pseudo-labels to the same rows as the one before
    (before the first one there are none), that was the last round, and
    nothing more is trained. Otherwise stop after `rounds` of them, at
    least 1.
    Returns (index, labels, counts): the pseudo-labels of the last round,
    and a list with the number of pseudo-labels of each round.
    Source: Lee 2013, pseudo-labels.
    """
    model = fit(X, y)
    index = labels = np.empty(0, int)
    counts = []
    for _ in range(rounds):
        before = index, labels
        index, labels = pseudo_labels(model(U), threshold)
        counts.append(len(index))
        if np.array_equal(index, before[0]) and np.array_equal(labels, before[1]):
            break
        model = fit(np.concatenate([X, U[index]]), np.concatenate([y, labels]))
    return index, labels, counts


def _blobs(seed, u, k=3):
    """Six labelled points, and u unlabelled ones of the same k blobs, which lie on a ring and overlap."""
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * np.arange(k) / k
    middles = 1.6 * np.column_stack([np.cos(angles), np.sin(angles)])
    y = np.arange(6) % k
    return middles[y] + rng.normal(size=(6, 2)), y, middles[rng.integers(k, size=u)] + rng.normal(size=(u, 2))


def _placed(rng, seed, threshold, rounds, u=40):
    """The blobs of a seed, whose rounds are known, in a random place: turned and moved, they get the same pseudo-labels."""
    X, y, U = _blobs(seed, u)
    angle, place = rng.uniform(0, 2 * np.pi), rng.normal(size=2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return ByMeans(1.0, 3), X @ turn + place, y, U @ turn + place, threshold, rounds


@self_training.cases
def _(rng):
    yield _placed(
        rng, SEEDS[0], 0.6, 3
    )  # pseudo-labels are taken back, and the rounds end before all is settled
    yield _placed(rng, SEEDS[1], 0.5, 25)  # settled long before
    yield _placed(rng, SEEDS[2], 0.3, 25)  # all rows are sure, and their labels change
    yield _placed(rng, SEEDS[3], 0.8, 4)
    yield _placed(rng, 0, 1.1, 4, u=20)  # sure of nothing
    yield _placed(rng, 0, 0.9, 1, u=20)


def _run(fit, X, y, U, threshold, rounds, choose=pseudo_labels, stop=True):
    model, index, labels, counts = fit(X, y), np.empty(0, int), np.empty(0, int), []
    for _ in range(rounds):
        before = index, labels
        index, labels = choose(model(U), threshold)
        counts.append(len(index))
        if stop and np.array_equal(index, before[0]) and np.array_equal(labels, before[1]):
            break
        model = fit(np.concatenate([X, U[index]]), np.concatenate([y, labels]))
    return index, labels, counts


def _other(fit, X, y, U, threshold, rounds, way):
    """Rounds whose models forget the given labels, or which stop as soon as the number of pseudo-labels stays."""
    model, index, labels, counts = fit(X, y), np.empty(0, int), np.empty(0, int), []
    for _ in range(rounds):
        before = index, labels
        index, labels = pseudo_labels(model(U), threshold)
        counts.append(len(index))
        if way == "counts":
            same = len(index) == len(before[0])
        else:
            same = np.array_equal(index, before[0]) and np.array_equal(labels, before[1])
        if same:
            break
        trained = (U[index], labels) if way == "forgets" else (np.r_[X, U[index]], np.r_[y, labels])
        model = fit(*trained)
    return index, labels, counts


@self_training.mistake(
    "Pseudo-labels that were given once are never taken back: later rounds only add rows. Give all of U new ones in each round."
)
def never_taken_back(fit, X, y, U, threshold, rounds):
    model, known, counts = fit(X, y), {}, []
    for _ in range(rounds):
        new = dict(zip(*(part.tolist() for part in pseudo_labels(model(U), threshold)), strict=True))
        before, known = known, new | known
        counts.append(len(known))
        if known == before:
            break
        index = sorted(known)
        labels = np.array([known[i] for i in index], int)
        model = fit(np.concatenate([X, U[index]]), np.concatenate([y, labels]))
    index = np.array(sorted(known), int)
    return index, np.array([known[i] for i in index.tolist()], int), counts


@self_training.mistake(
    "Your models are trained on pseudo-labels alone. The given labels are the ones you can trust: train on both together."
)
def labels_forgotten(fit, X, y, U, threshold, rounds):
    return _other(fit, X, y, U, threshold, rounds, "forgets")


@self_training.mistake(
    "Every round asks the first model, so all rounds say the same. Ask the newest one, which has learned from the pseudo-labels."
)
def first_model_asked(fit, X, y, U, threshold, rounds):
    index, labels = pseudo_labels(fit(X, y)(U), threshold)
    return index, labels, [len(index)] * (min(rounds, 2) if len(index) else 1)


@self_training.mistake(
    "It never stops early: after a round that changed nothing, further rounds are counted."
)
def never_stops(fit, X, y, U, threshold, rounds):
    return _run(fit, X, y, U, threshold, rounds, stop=False)


@self_training.mistake(
    "It stops as soon as the NUMBER of pseudo-labels is the same as before. The rows or their labels may have changed: compare those."
)
def stops_by_count(fit, X, y, U, threshold, rounds):
    return _other(fit, X, y, U, threshold, rounds, "counts")


@self_training.mistake(
    "The threshold is ignored: every unlabelled example gets a pseudo-label in each round."
)
def all_of_them(fit, X, y, U, threshold, rounds):
    return _run(fit, X, y, U, threshold, rounds, choose=lambda p, _: (np.arange(len(p)), p.argmax(axis=1)))


@self_training.mistake(
    "There is one round too many: the pseudo-labels come from a model that was trained after the last round."
)
def one_round_too_many(fit, X, y, U, threshold, rounds):
    return _run(fit, X, y, U, threshold, rounds + 1)


@self_training.mistake(
    "counts lacks the last round, in which nothing changed. It was a round: count its pseudo-labels, too."
)
def last_not_counted(fit, X, y, U, threshold, rounds):
    index, labels, counts = _run(fit, X, y, U, threshold, rounds)
    longer = _run(fit, X, y, U, threshold, rounds + 1)[2]
    return index, labels, counts if len(longer) > len(counts) else counts[:-1]


@self_training.mistake("counts adds up the rounds. Give the number of pseudo-labels of each round by itself.")
def counts_added_up(fit, X, y, U, threshold, rounds):
    index, labels, counts = _run(fit, X, y, U, threshold, rounds)
    return index, labels, np.cumsum(counts).tolist()


@self_training.mistake(
    "counts holds the size of the training set, the given labels included. Count the pseudo-labels alone."
)
def given_ones_counted(fit, X, y, U, threshold, rounds):
    index, labels, counts = _run(fit, X, y, U, threshold, rounds)
    return index, labels, [len(y) + count for count in counts]


@self_training.variant
def recursive(fit, X, y, U, threshold, rounds):
    def go(left, index, labels):
        model = fit(np.vstack([X, U[index]]), np.append(y, labels))
        new, its = pseudo_labels(model(U), threshold)
        same = len(new) == len(index) and np.all(new == index) and np.all(its == labels)
        if same or left == 1:
            return new, its, [len(new)]
        *last, counts = go(left - 1, new, its)
        return *last, [len(new), *counts]

    none = np.array([], int)
    return go(rounds, none, none)


@self_training.variant
def by_full_labels(fit, X, y, U, threshold, rounds):
    given = np.full(len(U), -1)
    model, counts = fit(X, y), []
    while len(counts) < rounds:
        p = model(U)
        new = np.where(p.max(axis=1) >= threshold, p.argmax(axis=1), -1)
        counts.append(int((new >= 0).sum()))
        if (new == given).all():
            break
        given = new
        model = fit(np.r_[X, U[given >= 0]], np.r_[y, given[given >= 0]])
    return np.flatnonzero(given >= 0), given[given >= 0], counts

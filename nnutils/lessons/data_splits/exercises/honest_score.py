"""Exercise honest_score: a pipeline with three leaks from the dev set into the training."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=8,
    hints=(
        "Take the lines one by one. Of each number that is computed from X or y, ask: from which rows? And whose "
        "other examples are in the training set?",
        "Three lines let something through. One decides who trains, one scales the features, one chooses features. The "
        "dev examples, and their patients, may have a part in none of them.",
        "The patients of the dev examples are patients[dev]: nobody who is in there may train. The scale, and the "
        "choice of features, may then use rows of train only.",
    ),
)
def honest_score(X, y, patients, dev, n_kept):
    """Train a simple rule, and measure it on dev examples of new patients.

    X: (m, features), none constant. y: (m,) labels 0 and 1.
    patients: (m,) whole numbers, whose example it is; a patient may have
    several. dev: indices of the dev examples.
    n_kept: number of features to keep.
    The rule: standardize every feature (ddof 0); keep the features whose
    two class means lie furthest apart; a dev example then belongs to the
    class whose mean is nearer. The score says how well the rule works for
    patients whom nobody has seen: nothing that is computed of the dev
    examples, or of other examples of their patients, goes into the rule.
    Returns (accuracy, scores): the share of dev examples that get their
    label, and for each of them what the line of scores computes: positive
    on the side of class 1.
    """
    train = ~np.isin(patients, patients[dev])
    mean, std = X[train].mean(axis=0), X[train].std(axis=0)
    Z = (X - mean) / std
    ones, zeros = Z[train & (y == 1)], Z[train & (y == 0)]
    apart = np.abs(ones.mean(axis=0) - zeros.mean(axis=0))
    kept = np.argsort(-apart)[:n_kept]
    one, zero = ones[:, kept].mean(axis=0), zeros[:, kept].mean(axis=0)
    scores = (Z[dev][:, kept] - (one + zero) / 2) @ (one - zero)
    accuracy = np.mean((scores > 0) == (y[dev] == 1))
    return accuracy, scores


honest_score.fault(
    "torn_patients",
    "Other examples of the dev patients are in the training set, so the rule may recognize a patient instead of the "
    "label. This is group leakage.",
    right="~np.isin(patients, patients[dev])",
    wrong="~np.isin(np.arange(len(y)), dev)",
)
honest_score.fault(
    "scaled_by_all",
    "The features are scaled by a mean and a standard deviation that the dev examples have a part in: change one dev "
    "example, and the training data change.",
    right="X[train].mean(axis=0), X[train].std(axis=0)",
    wrong="X.mean(axis=0), X.std(axis=0)",
)
honest_score.fault(
    "chosen_by_all",
    "The labels of the dev examples help to choose the features, so among many features those are kept that happen to "
    "fit the dev labels, too.",
    right="np.abs(ones.mean(axis=0) - zeros.mean(axis=0))",
    wrong="np.abs(Z[y == 1].mean(axis=0) - Z[y == 0].mean(axis=0))",
)


def _study(rng, patients, pictures, features, n_dev):
    """Patients with labels of their own, whose examples are alike, and features of which few say something."""
    names = rng.choice(np.arange(100, 999), size=patients, replace=False)
    labels = rng.permutation(np.arange(patients) % 2)
    own = rng.normal(size=(patients, features)) * rng.uniform(0.5, 3, size=features)
    own[:, :2] += labels[:, None]
    rows = rng.permutation(np.repeat(np.arange(patients), pictures))
    X = own[rows] + rng.normal(0, 0.5, size=(len(rows), features))
    firsts = np.unique(rows, return_index=True)[1]
    return X, labels[rows], names[rows], rng.permutation(firsts)[:n_dev]


def _choice_tells(X, y, patients, dev, n_kept):
    """Whether the labels of dev change which features are kept, however the rest is done."""
    for train in (~np.isin(patients, patients[dev]), ~np.isin(np.arange(len(y)), dev)):
        for scaled in (X / X[train].std(axis=0), X / X.std(axis=0)):
            kept = [set(_kept(scaled, y, rows, n_kept)) for rows in (train, np.ones(len(y), bool))]
            if kept[0] == kept[1]:
                return False
    return True


def _telling(rng, n_kept, *sizes):
    """The arguments of a case in which each fault shows."""
    while True:
        study = *_study(rng, *sizes), n_kept
        if _choice_tells(*study):
            return study


@honest_score.cases
def _(rng):
    yield _telling(rng, 5, 24, 4, 30, 9)
    yield _telling(rng, 8, 40, 3, 50, 15)
    yield _telling(rng, 4, 16, 5, 12, 6)
    yield _telling(rng, 3, 30, 2, 40, 11)


@honest_score.mistake(
    "The dev examples are standardized by a mean and a standard deviation of their own. A new patient comes alone: use "
    "the numbers of the training set."
)
def dev_by_itself(X, y, patients, dev, n_kept):
    train = ~np.isin(patients, patients[dev])
    Z = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    Z[dev] = (X[dev] - X[dev].mean(axis=0)) / X[dev].std(axis=0)
    return _measured(Z, y, train, dev, _kept(Z, y, train, n_kept))


@honest_score.mistake(
    "The features are not scaled any more. Standardize them, by the training set's mean and standard deviation."
)
def not_scaled(X, y, patients, dev, n_kept):
    train = ~np.isin(patients, patients[dev])
    return _measured(X, y, train, dev, _kept(X, y, train, n_kept))


@honest_score.mistake("All features are kept. Choose n_kept of them, by the training set alone.")
def nothing_chosen(X, y, patients, dev, n_kept):
    train = ~np.isin(patients, patients[dev])
    Z = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    return _measured(Z, y, train, dev, np.arange(X.shape[1]))


def _kept(Z, y, train, n_kept):
    apart = np.abs(Z[train & (y == 1)].mean(axis=0) - Z[train & (y == 0)].mean(axis=0))
    return np.argsort(-apart)[:n_kept]


def _measured(Z, y, train, dev, kept):
    one = Z[train & (y == 1)][:, kept].mean(axis=0)
    zero = Z[train & (y == 0)][:, kept].mean(axis=0)
    scores = (Z[dev][:, kept] - (one + zero) / 2) @ (one - zero)
    return np.mean((scores > 0) == (y[dev] == 1)), scores


@honest_score.variant
def by_steps(X, y, patients, dev, n_kept):
    train = ~np.isin(patients, patients[dev])
    Z = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    return _measured(Z, y, train, dev, _kept(Z, y, train, n_kept))


@honest_score.variant
def on_training_rows(X, y, patients, dev, n_kept):
    unseen = set(patients[dev].tolist())
    rows = [i for i, name in enumerate(patients.tolist()) if name not in unseen]
    X_train, y_train = X[rows], y[rows]
    std = X_train.std(axis=0)
    gap = ((X_train[y_train == 1]).mean(axis=0) - (X_train[y_train == 0]).mean(axis=0)) / std
    kept = sorted(range(X.shape[1]), key=lambda j: -abs(gap[j]))[:n_kept]
    middle = (X_train[y_train == 1].mean(axis=0) + X_train[y_train == 0].mean(axis=0)) / 2
    scores = ((X[dev] - middle) / std)[:, kept] @ gap[kept]
    right = [(score > 0) == bool(label) for score, label in zip(scores, y[dev], strict=True)]
    return sum(right) / len(right), scores

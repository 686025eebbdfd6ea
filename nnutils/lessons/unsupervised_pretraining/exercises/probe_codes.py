"""Exercise probe_codes: pretrain, fit a linear probe, measure; with four leaks."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.unsupervised_pretraining.given import Encoder


@exercise(
    kind="repair",
    points=4,
    minutes=9,
    returns=("accuracy", "ridge", "scores"),
    hints=(
        "Write down what may be known of each picture: of a test picture nothing before the last two lines; of an unlabelled one the "
        "pixels; of a labelled one pixels and label. Then go through the lines.",
        "Ask of each line: from which rows? The scale, the pretraining, the choice of the ridge and the last fit of the probe each have "
        "their own rows.",
        "The scale and the pretraining may use the rows of pool, which are all but the test. The ridge is chosen by dev, and the last "
        "probe is fitted to the labelled rows alone.",
    ),
)
def probe_codes(X, y, labelled, test, pretrain, ridges):
    """Pretrain without labels, fit a linear probe with a few, measure it.

    X: (m, n), no feature is constant. y: (m,) whole numbers, the classes;
    somebody has paid for those of the rows `labelled`. Those of the rows
    `test` serve for the accuracy, and for nothing else. labelled, test:
    indices, with no row in both. pretrain(U) learns from pictures without
    labels and returns encode; encode(X) gives codes. ridges: strengths
    of the probe's penalty.
    Features are standardized (ddof 0), and pretraining sees what a service
    would have on its first day: every picture but the test ones. The probe
    is a ridge regression on one-hot labels. The first half of the labelled
    rows (rounded down) chooses the ridge, by the mean squared error of a
    probe fitted to the second half; the last probe is fitted to all
    labelled rows.
    Returns (accuracy, ridge, scores): the share of test pictures that are
    right, the ridge that was chosen (the first of equals), and the probe's
    scores (len(test), classes).
    """
    Y = np.eye(y.max() + 1)[y]
    pool = np.setdiff1d(np.arange(len(X)), test)
    Z = (X - X[pool].mean(axis=0)) / X[pool].std(axis=0)
    H = pretrain(Z[pool])(Z)

    def probe(rows, ridge):
        A = H[rows]
        penalty = ridge * np.eye(A.shape[1])
        return np.linalg.solve(A.T @ A + penalty, A.T @ Y[rows])

    dev, rest = np.split(labelled, [len(labelled) // 2])
    losses = []
    for ridge in ridges:
        losses.append(np.mean((H[dev] @ probe(rest, ridge) - Y[dev]) ** 2))
    ridge = ridges[int(np.argmin(losses))]
    scores = H[test] @ probe(labelled, ridge)
    return np.mean(scores.argmax(axis=1) == y[test]), ridge, scores


probe_codes.fault(
    "test_pretrained",
    "The test pictures take part in the pretraining. Without their labels, but a new picture would not have been there: the codes fit "
    "these pictures better than those that come later.",
    right="pretrain(Z[pool])(Z)",
    wrong="pretrain(Z)(Z)",
)
probe_codes.fault(
    "scaled_by_all",
    "Mean and standard deviation are those of all pictures, the test ones included: change one of them, and the training changes.",
    right="(X - X[pool].mean(axis=0)) / X[pool].std(axis=0)",
    wrong="(X - X.mean(axis=0)) / X.std(axis=0)",
)
probe_codes.fault(
    "tuned_on_test",
    "The ridge is the one that is best on the test pictures, so their labels have helped, and the accuracy is too high.",
    right="np.mean((H[dev] @ probe(rest, ridge) - Y[dev]) ** 2)",
    wrong="np.mean((H[test] @ probe(rest, ridge) - Y[test]) ** 2)",
)
probe_codes.fault(
    "unpaid_labels",
    "The last probe is fitted to labels that nobody has paid for: those of the unlabelled pictures, too.",
    right="probe(labelled, ridge)",
    wrong="probe(pool, ridge)",
)


def _study(rng, k, n, others, given, tested):
    """Three or more classes in a few directions of noisy features; the order says who is labelled and who is test."""
    m = others + given + tested
    y = rng.permutation(np.arange(m) % k)
    X = rng.normal(size=(k, n))[y] + rng.normal(0, 1.5, size=(m, n))
    X = X * rng.uniform(0.5, 4, size=n) + rng.normal(size=n)
    labelled, test, _ = np.split(rng.permutation(m), [given, given + tested])
    return X, y, labelled, test


def _choice_tells(X, y, labelled, test, pretrain, ridges):
    """Whether dev and test choose different ridges, whatever the scale and the pretraining saw."""
    everything, pool = np.arange(len(X)), np.setdiff1d(np.arange(len(X)), test)
    for scaling in (everything, pool):
        for seen in (everything, pool):
            H = _codes(X, scaling, seen, pretrain)
            dev, rest = np.split(labelled, [len(labelled) // 2])
            best = _best(H, y, rest, dev, ridges)
            if best in (_best(H, y, rest, test, ridges), _best(H, y, labelled, labelled, ridges)):
                return False
    return True


def _telling(rng, *sizes):
    ridges = [0.01, 0.1, 1.0, 10.0, 100.0]
    while True:
        study = *_study(rng, *sizes), Encoder(rng.uniform(1, 6), 6), ridges
        if _choice_tells(*study):
            return study


@probe_codes.cases
def _(rng):
    yield _telling(rng, 3, 5, 40, 11, 12)
    yield _telling(rng, 3, 8, 30, 14, 9)
    yield _telling(rng, 4, 6, 50, 13, 16)


def _codes(X, scaling, seen, pretrain):
    Z = (X - X[scaling].mean(axis=0)) / X[scaling].std(axis=0)
    return pretrain(Z[seen])(Z)


def _solve(H, y, rows, ridge):
    A, Y = H[rows], np.eye(y.max() + 1)[y]
    return np.linalg.solve(A.T @ A + ridge * np.eye(A.shape[1]), A.T @ Y[rows])


def _best(H, y, rows, judges, ridges):
    Y = np.eye(y.max() + 1)[y]
    losses = [np.mean((H[judges] @ _solve(H, y, rows, ridge) - Y[judges]) ** 2) for ridge in ridges]
    return ridges[int(np.argmin(losses))]


def _finish(H, y, labelled, test, ridge):
    scores = H[test] @ _solve(H, y, labelled, ridge)
    return np.mean(scores.argmax(axis=1) == y[test]), ridge, scores


def _pool(X, test):
    return np.setdiff1d(np.arange(len(X)), test)


@probe_codes.mistake(
    "Only the labelled pictures are used for the pretraining. It needs no labels: every picture but the test ones can take part."
)
def pretrained_on_labelled(X, y, labelled, test, pretrain, ridges):
    H = _codes(X, _pool(X, test), labelled, pretrain)
    dev, rest = np.split(labelled, [len(labelled) // 2])
    return _finish(H, y, labelled, test, _best(H, y, rest, dev, ridges))


@probe_codes.mistake(
    "The ridge is chosen by the rows that the probe was fitted to, so the weakest penalty looks best. Fit to one half, choose by the other."
)
def chosen_on_fitted_rows(X, y, labelled, test, pretrain, ridges):
    H = _codes(X, _pool(X, test), _pool(X, test), pretrain)
    return _finish(H, y, labelled, test, _best(H, y, labelled, labelled, ridges))


@probe_codes.mistake(
    "The test pictures are standardized by a mean and a standard deviation of their own. Use the numbers of the other pictures."
)
def test_scaled_by_itself(X, y, labelled, test, pretrain, ridges):
    pool = _pool(X, test)
    Z = (X - X[pool].mean(axis=0)) / X[pool].std(axis=0)
    Z[test] = (X[test] - X[test].mean(axis=0)) / X[test].std(axis=0)
    H = pretrain(Z[pool])(Z)
    dev, rest = np.split(labelled, [len(labelled) // 2])
    return _finish(H, y, labelled, test, _best(H, y, rest, dev, ridges))


@probe_codes.mistake(
    "The last probe is fitted to half of the labels. The ridge is chosen then, so all labelled rows may help."
)
def half_of_the_labels(X, y, labelled, test, pretrain, ridges):
    H = _codes(X, _pool(X, test), _pool(X, test), pretrain)
    dev, rest = np.split(labelled, [len(labelled) // 2])
    return _finish(H, y, rest, test, _best(H, y, rest, dev, ridges))


@probe_codes.variant
def by_steps(X, y, labelled, test, pretrain, ridges):
    pool = _pool(X, test)
    H = _codes(X, pool, pool, pretrain)
    half = len(labelled) // 2
    return _finish(H, y, labelled, test, _best(H, y, labelled[half:], labelled[:half], ridges))


@probe_codes.variant
def by_least_squares(X, y, labelled, test, pretrain, ridges):
    pool = np.array([i for i in range(len(X)) if i not in set(test.tolist())])
    mean, std = X[pool].mean(axis=0), X[pool].std(axis=0)
    H = pretrain((X[pool] - mean) / std)((X - mean) / std)
    Y = (y[:, None] == np.arange(y.max() + 1)).astype(float)

    def probe(rows, ridge):
        A = np.vstack([H[rows], np.sqrt(ridge) * np.eye(H.shape[1])])
        B = np.vstack([Y[rows], np.zeros((H.shape[1], Y.shape[1]))])
        return np.linalg.lstsq(A, B, rcond=None)[0]

    half = len(labelled) // 2
    dev, rest = labelled[:half], labelled[half:]
    ridge = min(ridges, key=lambda r: np.square(H[dev] @ probe(rest, r) - Y[dev]).sum())
    scores = H[test] @ probe(labelled, ridge)
    return float((scores.argmax(axis=1) == y[test]).mean()), ridge, scores

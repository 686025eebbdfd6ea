"""Exercise learning_curve: errors on train and dev against the number of training examples."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.diagnosis import error_rate
from nnutils.lessons.bias_variance.given import Counting, FirstFeature, Rote

# learning_curve: judged in any order of the examples -------------------------------------------------------


@exercise(
    points=3,
    minutes=9,
    returns=("train_errors", "dev_errors"),
    allows=("nnutils.diagnosis",),
    hints=(
        "Put X and y in one random order first, once. Then every size n means the first n rows, and the dev set never "
        "changes.",
        "For each n: predict = fit(X[:n], y[:n]). Measure it on X[:n], and on everything from row max(sizes) on.",
        "order = rng.permutation(len(y)); X, y = X[order], y[order]. In the loop append "
        "error_rate(y[:n], predict(X[:n])) and error_rate(y[start:], predict(X[start:])), start = max(sizes).",
    ),
)
def learning_curve(fit, X, y, sizes, rng):
    """Errors on train and dev against the number of training examples.

    fit: fit(X, y) trains a model and returns its predict;
    predict(X) returns labels.
    X: (m, n_x), y: (m,). sizes: numbers of training examples, in any
    order, each smaller than m.
    rng: a np.random.Generator, for one random order of the m examples.
    The training sets are the beginnings of that order, and the dev set
    is what no size reaches: all after the first max(sizes), the same
    for every size.
    Returns (train_errors, dev_errors), two lists with one error rate a
    size. The training error is that of the examples the model has seen.
    """
    order = rng.permutation(len(y))
    X, y = X[order], y[order]
    start = max(sizes)
    train_errors, dev_errors = [], []
    for n in sizes:
        predict = fit(X[:n], y[:n])
        train_errors.append(np.mean(y[:n] != predict(X[:n])))
        dev_errors.append(np.mean(y[start:] != predict(X[start:])))
    return train_errors, dev_errors


def _sorted_faults(rng, m):
    """X (m, 2) whose first feature is a label of its own for every row, and y, which is wrong for the last third."""
    first = 3 * rng.permutation(m)
    return np.column_stack([first, rng.integers(0, 9, m)]), first + (np.arange(m) >= m - m // 3)


@learning_curve.cases
def _(rng):
    yield (
        FirstFeature(),
        *_sorted_faults(rng, 91),
        (8, 15, 25, 26, 27, 28, 29, 30, 31, 32, 60),
        rng.spawn(1)[0],
    )
    yield Rote(), rng.normal(size=(57, 3)), rng.integers(0, 4, size=57), (20, 5, 40), rng.spawn(1)[0]
    sizes = [45, 100, 130]
    yield Counting(), rng.normal(size=(240, 1)), np.sort(np.resize(sizes[:2], 240)), sizes, rng.spawn(1)[0]
    X, y = _sorted_faults(rng, 101)
    yield FirstFeature(1), X[:, ::-1].copy(), y, np.array([50, 20, 70, 33, 61]), rng.spawn(1)[0]
    yield FirstFeature(), *_sorted_faults(rng, 142), [71, 59, 43, 23], rng.spawn(1)[0]
    yield Rote(-7), np.arange(12).reshape(6, 2), rng.integers(0, 2, size=6), [1], rng.spawn(1)[0]


def _whole(x):
    return np.allclose(x, np.round(x), atol=1e-6)


@learning_curve.judge
def _(a, result):
    if not isinstance(result, list | tuple | np.ndarray) or len(result) != 2:
        return "return two things: the list of training errors and the list of dev errors"
    n, m = np.asarray(a["sizes"]), len(a["y"])
    if any(np.asarray(part).dtype.kind not in "iuf" for part in result):
        return "both lists should hold numbers, one error rate a size"
    train, dev = (np.asarray(part, float) for part in result)
    if train.shape != n.shape or dev.shape != n.shape:
        return f"both lists should be {len(n)} long, one error rate a size; yours have shapes {train.shape} and {dev.shape}"
    if not ((train >= 0) & (train <= 1) & (dev >= 0) & (dev <= 1)).all():
        return "an error rate lies between 0 and 1"
    rest = m - n.max()
    if not _whole(train * n):
        return "a training error is no multiple of 1/n: measure it on the n examples that the model was trained on"
    if not _whole(dev * rest):
        return (
            f"the dev set should be the {rest} examples after the first max(sizes), the same for every size"
        )
    return _told_by(a["fit"])(a, n, np.round(train * n), np.round(dev * rest))


def _told_by(fit):
    return {FirstFeature: _by_faults, Rote: _by_heart, Counting: _by_count}[type(fit)]


def _by_heart(a, n, in_train, in_dev):
    """A model that learns by heart makes no mistake on what it has seen, and only mistakes on the rest."""
    if in_train.any():
        return "a model that learns by heart should have a training error of 0: measure on what it was trained on"
    if not (in_dev == len(a["y"]) - n.max()).all():
        return "a model that learns by heart should know nothing of dev: keep the dev set apart from training"
    return None


def _by_count(a, n, in_train, in_dev):
    """A model that predicts how many examples it has seen is right for the labels of that value: all n but the largest."""
    rest, small = len(a["y"]) - n.max(), n < n.max()
    trained_on_n = (in_train == n)[~small].all() and (in_dev == rest)[~small].all()
    if not trained_on_n or (in_train == n)[small].any() or (in_dev == rest)[small].any():
        return "some model was not trained on n examples, or the examples were not shuffled"
    return None


def _by_faults(a, n, in_train, in_dev):
    """A model that learns nothing: the same faults in dev for every size, and the faults of train add up."""
    feature = a["X"][:, a["fit"].feature]
    faults = np.sum(a["y"] != feature)
    if _same_result(a, n, in_train, in_dev):
        return "the examples were not shuffled: rows of one kind stand together, and each part should hold of each"
    if (in_dev != in_dev[0]).any():
        return "the dev set should be the same examples for every size: shuffle once, before the loop"
    if (in_train + in_dev)[n.argmax()] != faults:
        return "a row of X has lost its label on the way: put X and y in the same order"
    order = np.argsort(n)
    more, room = np.diff(in_train[order]), np.diff(n[order])
    if (more < 0).any() or (more > room).any():
        return "the first n examples should be among the first n + 1: take both from one order, drawn once before the loop"
    return None


def _same_result(a, n, in_train, in_dev):
    """Whether these are the faults of the rows as they lie."""
    wrong = a["y"] != a["X"][:, a["fit"].feature]
    return (in_train == [wrong[:k].sum() for k in n]).all() and (in_dev == wrong[n.max() :].sum()).all()


def _learning_curve(fit, X, y, sizes, rng, train_on=None, train=None, dev=None, shuffle=None):
    """A learning curve with some steps replaced, each a function of (X, y, n, largest)."""
    X, y = (shuffle or _together)(X, y, rng)
    train = train or (lambda X, y, n, largest: (X[:n], y[:n]))
    dev = dev or (lambda X, y, n, largest: (X[largest:], y[largest:]))
    errors = [], []
    for n in sizes:
        predict = fit(*(train_on or train_first)(X, y, n, max(sizes)))
        for part, pick in zip(errors, (train, dev), strict=True):
            examples, labels = pick(X, y, n, max(sizes))
            part.append(np.mean(labels != predict(examples)))
    return errors


def _together(X, y, rng):
    order = rng.permutation(len(y))
    return X[order], y[order]


def train_first(X, y, n, largest):
    return X[:n], y[:n]


def _mended(a, result, other):
    """Whether `other`, made of the result, is right and the result is not, as a model that learns nothing tells."""
    said = [learning_curve.verdict_on(a, curve) for curve in (result, other)]
    return isinstance(a["fit"], FirstFeature) and said[0] is not None and said[1] is None


def _rates_of(a, result):
    """The result as an array of two rows of error rates of a model that learns nothing, else None."""
    rates = np.asarray(result, float)
    well_formed = rates.shape == (2, len(a["sizes"])) and rates.min() >= 0 and rates.max() <= 1
    return rates if well_formed and isinstance(a["fit"], FirstFeature) else None


def _rest(a):
    """The size of the dev set."""
    return len(a["y"]) - max(a["sizes"])


@learning_curve.mistake(
    "The order is (train_errors, dev_errors): yours are swapped.",
    symptom=lambda a, r: _mended(a, r, (r[1], r[0])),
)
def lists_swapped(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng)[::-1]


@learning_curve.mistake(
    "These are accuracies. Return error rates.",
    symptom=lambda a, r: _mended(a, r, 1 - np.asarray(r)),
)
def accuracies(fit, X, y, sizes, rng):
    return [[1 - e for e in part] for part in _learning_curve(fit, X, y, sizes, rng)]


@learning_curve.mistake(
    "The examples were not shuffled. Sorted data then put one kind into training and another into dev: permute the "
    "rows with rng first.",
    symptom=lambda a, r: (
        isinstance(a["fit"], FirstFeature)
        and np.allclose(r, _learning_curve(**a, shuffle=lambda X, y, rng: (X, y)))
    ),
)
def not_shuffled(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng, shuffle=lambda X, y, rng: (X, y))


@learning_curve.mistake(
    "Your dev set is all after the first n, so it changes with n. Start it at max(sizes): all sizes are measured "
    "on the same examples.",
    symptom=lambda a, r: (
        _whole(_rates_of(a, r)[1] * (len(a["y"]) - np.asarray(a["sizes"])))
        and not _whole(_rates_of(a, r)[1] * _rest(a))
    ),
)
def dev_after_n(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng, dev=lambda X, y, n, largest: (X[n:], y[n:]))


@learning_curve.mistake(
    "You measure the dev error on all examples, and training is among them. Dev is what comes after max(sizes).",
    symptom=lambda a, r: (
        isinstance(a["fit"], Rote) and np.allclose(r[1], 1 - np.asarray(a["sizes"]) / len(a["y"]))
    ),
)
def dev_is_everything(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng, dev=lambda X, y, n, largest: (X, y))


@learning_curve.mistake(
    "You measure the training error on more than the model was trained on. Use the same n examples.",
    symptom=lambda a, r: (
        isinstance(a["fit"], Rote)
        and np.allclose(r[0], 1 - np.asarray(a["sizes"]) / max(a["sizes"]))
        and bool(np.any(r[0]))
    ),
)
def train_error_on_all(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng, train=lambda X, y, n, largest: (X[:largest], y[:largest]))


@learning_curve.mistake(
    "Every model was trained on the largest number of examples. Train on the first n alone: fit(X[:n], y[:n]).",
    symptom=lambda a, r: (
        isinstance(a["fit"], Counting)
        and all((np.asarray(part) == 1)[np.asarray(a["sizes"]) < max(a["sizes"])].all() for part in r)
    ),
)
def trained_on_all(fit, X, y, sizes, rng):
    return _learning_curve(
        fit, X, y, sizes, rng, train_on=lambda X, y, n, largest: (X[:largest], y[:largest])
    )


def _apart(X, y, rng):
    return X[rng.permutation(len(y))], y[rng.permutation(len(y))]


@learning_curve.mistake(
    "Nearly every label is wrong, often because X and y were shuffled apart. Draw one order and use it for both.",
    symptom=lambda a, r: _rates_of(a, r).min() > 0.7,
)
def shuffled_apart(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sizes, rng, shuffle=_apart)


@learning_curve.mistake(
    "Each size is measured on another dev set, often because the examples are shuffled anew for every size. Shuffle "
    "once, before the loop.",
    symptom=lambda a, r: _whole(_rates_of(a, r)[1] * _rest(a)) and np.ptp(r[1]) > 0,
)
def shuffled_every_time(fit, X, y, sizes, rng):
    start, errors = max(sizes), ([], [])
    for n in sizes:
        X, y = _together(X, y, rng)
        predict = fit(X[:n], y[:n])
        errors[0].append(np.mean(predict(X[:n]) != y[:n]))
        errors[1].append(np.mean(predict(X[start:]) != y[start:]))
    return errors


@learning_curve.mistake(
    "These are numbers of errors. Return rates: divide by the number of examples they were counted on.",
    symptom=lambda a, r: _mended(a, r, (r[0] / np.asarray(a["sizes"]), np.asarray(r[1]) / _rest(a))),
)
def errors_counted(fit, X, y, sizes, rng):
    train, dev = _learning_curve(fit, X, y, sizes, rng)
    return np.round(np.multiply(train, sizes)), np.round(np.multiply(dev, len(y) - max(sizes)))


@learning_curve.mistake(
    "These are percent. Return rates, from 0 to 1.",
    symptom=lambda a, r: _mended(a, r, np.asarray(r) / 100),
)
def rates_in_percent(fit, X, y, sizes, rng):
    return [[100 * e for e in part] for part in _learning_curve(fit, X, y, sizes, rng)]


@learning_curve.mistake(
    "These are pairs (train error, dev error), one a size. Return two lists: all training errors, then all dev errors.",
    symptom=lambda a, r: _mended(a, r, np.transpose(r)),
)
def pairs(fit, X, y, sizes, rng):
    return list(zip(*_learning_curve(fit, X, y, sizes, rng), strict=True))


def _by_rank(a, r):
    """The result, put from increasing sizes into the order of `sizes`."""
    return np.asarray(r, float)[:, np.argsort(np.argsort(a["sizes"], kind="stable"), kind="stable")]


@learning_curve.mistake(
    "The errors stand in the order of increasing sizes. Return them in the order of `sizes`, whatever that is.",
    symptom=lambda a, r: _mended(a, r, _by_rank(a, r)),
)
def in_increasing_order(fit, X, y, sizes, rng):
    return _learning_curve(fit, X, y, sorted(sizes), rng)


@learning_curve.mistake(
    "The training errors are right, the dev errors are accuracies. Return error rates for both.",
    symptom=lambda a, r: _mended(a, r, (r[0], 1 - np.asarray(r[1]))),
)
def dev_accuracies(fit, X, y, sizes, rng):
    train, dev = _learning_curve(fit, X, y, sizes, rng)
    return train, [1 - e for e in dev]


@learning_curve.variant
def by_random_keys(fit, X, y, sizes, rng):
    order = np.argsort(rng.random(len(y)))
    dev = order[max(sizes) :]
    models = [(order[:n], fit(X[order[:n]], y[order[:n]])) for n in sizes]
    train_errors = np.array([1 - np.mean(predict(X[rows]) == y[rows]) for rows, predict in models])
    return train_errors, np.array([1 - np.mean(predict(X[dev]) == y[dev]) for _, predict in models])


@learning_curve.variant
def shuffled_in_a_list(fit, X, y, sizes, rng):
    rows = list(range(len(X)))
    rng.shuffle(rows)
    curve = []
    for n in sizes:
        predict = fit(X[rows[:n]], y[rows[:n]])
        curve.append([error_rate(y[part], predict(X[part])) for part in (rows[:n], rows[max(sizes) :])])
    return tuple(zip(*curve, strict=True))


@learning_curve.variant
def largest_first(fit, X, y, sizes, rng):
    order = rng.permutation(len(y))
    errors = np.zeros((2, len(sizes)))
    for i in np.argsort(sizes)[::-1]:
        predict = fit(X[order][: sizes[i]], y[order][: sizes[i]])
        for row, part in enumerate((order[: sizes[i]], order[max(sizes) :])):
            errors[row, i] = (predict(X[part]) != y[part]).sum() / len(part)
    return errors

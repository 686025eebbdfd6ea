"""Exercises of lesson 02: bias and variance.

A learning curve depends on the order that is drawn, so it is judged by what must hold in any order, on ways to learn that
give themselves away: one that learns nothing, one that learns by heart, one that counts its examples.
"""

from collections import Counter

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.bias_variance import Counting, FirstFeature, Rote

NUMBER = 2
MINUTES = 70


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Comparing two arrays gives one True or False for every example. Where are they unequal?",
        "y != y_hat is True for every example that came out wrong. You want the share of True.",
        "The mean of y != y_hat: True counts as 1, False as 0.",
    ),
)
def error_rate(y, y_hat):
    """The share of the examples that are classified wrongly.

    y: (m,) true labels. y_hat: (m,) predicted labels.
    Returns a float from 0 to 1: the number of examples with y_hat != y, divided by m.
    """
    return np.mean(y != y_hat)


@error_rate.cases
def _(rng):
    y = rng.integers(0, 5, size=12)
    yield y, np.where(np.arange(12) % 4 == 0, y + 3, y)
    y = rng.integers(0, 10, size=int(rng.integers(20, 60)))
    yield y, np.where(rng.permutation(len(y)) < len(y) // 3, 9 - y + 10, y)
    yield np.array([3]), np.array([7])
    y = rng.integers(0, 2, size=9)
    yield y, np.where(np.arange(9) < 7, 1 - y, y)
    y = rng.integers(0, 4, size=6)
    yield y, y.copy()


@error_rate.mistake(
    "This is the accuracy, the share that is right. The error rate is the share that is wrong."
)
def accuracy(y, y_hat):
    return np.mean(y == y_hat)


@error_rate.mistake("This is how many are wrong. A rate is a share: divide by the number of examples.")
def how_many(y, y_hat):
    return float(np.sum(y != y_hat))


@error_rate.mistake("This is in percent. The function returns a share, from 0 to 1.")
def in_percent(y, y_hat):
    return 100 * np.mean(y != y_hat)


@error_rate.mistake(
    "You averaged how far the labels are apart. A label is a name: 8 for a 3 is no worse than 4 for a 3. Count."
)
def mean_distance(y, y_hat):
    return np.mean(np.abs(y - y_hat))


@error_rate.mistake("You averaged squared differences of labels. A label is a name: count the unequal ones.")
def mean_square(y, y_hat):
    return np.mean((y - y_hat) ** 2.0)


@error_rate.mistake(
    "This says for every example whether it is wrong. Return one number, the share: their mean."
)
def one_by_one(y, y_hat):
    return y != y_hat


@error_rate.mistake(
    "You compared how often each label occurs. Compare example by example: labels that swap places are errors, too."
)
def counts_compared(y, y_hat):
    missing = Counter(y.tolist()) - Counter(y_hat.tolist())
    return 0.5 * sum(missing.values()) / len(y)


@error_rate.variant
def one_less_accuracy(y, y_hat):
    return 1 - np.count_nonzero(np.equal(y, y_hat)) / y.size


@error_rate.variant
def counted(y, y_hat):
    errors = 0
    for true, predicted in zip(y, y_hat, strict=True):
        if true != predicted:
            errors += 1
    return errors / len(y)


BIAS, VARIANCE, BOTH, GOOD = "high bias", "high variance", "high bias and high variance", "good fit"


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

    train_error, dev_error, bayes_error: shares from 0 to 1; bayes_error is the lowest error
    that anyone could reach, often estimated by a human's.
    gap: a difference counts if it is larger than this.
    The bias is high if train_error exceeds bayes_error by more than gap, the variance if
    dev_error exceeds train_error by more than gap.
    Returns "high bias", "high variance", "high bias and high variance" or "good fit".
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


LARGER, MORE, SMALLER, DONE = "larger network", "more data or regularization", "smaller network", "test set"


@exercise(
    points=1,
    minutes=4,
    hints=(
        "The recipe asks two questions in a fixed order. Which of the two cures makes no sense before the other one?",
        "As long as there is bias, more capacity comes first, variance or not. Variance alone asks for more data.",
        "if 'bias' in diagnosis: a larger network; elif it is 'high variance': data or regularization; else the test set.",
    ),
)
def next_step(diagnosis):
    """What to do next: the basic recipe.

    diagnosis: "high bias", "high variance", "high bias and high variance" or "good fit".
    Returns one of these strings: "larger network" (it cannot fit what it is shown),
    "more data or regularization" (it fits, but does not carry over), "smaller network",
    "test set" (nothing left to cure: measure once, and stop).
    Where both are high, the bias comes first. One of the strings is not in the recipe.
    """
    if "bias" in diagnosis:
        return "larger network"
    if "variance" in diagnosis:
        return "more data or regularization"
    return "test set"


@next_step.cases
def _(rng):
    for diagnosis in (BIAS, VARIANCE, BOTH, GOOD):
        yield (diagnosis,)


def _recipe(bias, variance, both, good=DONE):
    return {BIAS: bias, VARIANCE: variance, BOTH: both, GOOD: good}


@next_step.mistake(
    "With both, bias comes first: as long as the network cannot fit what it has, more data are wasted on it."
)
def variance_first(diagnosis):
    return _recipe(LARGER, MORE, MORE)[diagnosis]


@next_step.mistake(
    "Against variance you shrink the network. That buys bias. The recipe keeps the network and takes more data "
    "or regularization."
)
def shrinks(diagnosis):
    return _recipe(LARGER, SMALLER, LARGER)[diagnosis]


@next_step.mistake("The cures are swapped: bias needs capacity, variance needs data or regularization.")
def cures_swapped(diagnosis):
    return _recipe(MORE, LARGER, MORE)[diagnosis]


@next_step.mistake(
    "More data do not cure bias: a network that cannot fit what it is shown cannot fit more of it either."
)
def data_for_everything(diagnosis):
    return _recipe(MORE, MORE, MORE)[diagnosis]


@next_step.mistake("A good fit needs no cure. Go to the test set, measure once, and stop.")
def never_done(diagnosis):
    return _recipe(LARGER, MORE, LARGER, LARGER)[diagnosis]


@next_step.mistake(
    "You send a network with both faults to the test set. It needs the cure against bias first."
)
def both_forgotten(diagnosis):
    return _recipe(LARGER, MORE, DONE)[diagnosis]


@next_step.variant
def with_a_dictionary(diagnosis):
    return {
        "high bias": "larger network",
        "high bias and high variance": "larger network",
        "high variance": "more data or regularization",
        "good fit": "test set",
    }[diagnosis]


@next_step.variant
def by_its_start(diagnosis):
    if diagnosis == "good fit":
        return "test set"
    return "larger network" if diagnosis.startswith("high bias") else "more data or regularization"


@exercise(
    points=3,
    minutes=12,
    returns=("bias2", "variance"),
    hints=(
        "What is the average curve of all runs? Bias is how far it lies from the truth, variance how the runs scatter "
        "around it.",
        "mean = predictions.mean(axis=0) has shape (n,). Square its distance to the truth; and take the variance over "
        "axis 0. Then average both over the n points.",
        "((mean - truth) ** 2).mean() and predictions.var(axis=0).mean().",
    ),
)
def bias_variance(predictions, truth):
    """Bias squared and variance of a way to learn, from many runs of it.

    predictions: (runs, n), row r is what the model of run r predicts at n points.
    truth: (n,) the true values there, without noise. With the mean prediction of all runs
    at each point, f_mean = 1/runs * sum over r of f_r, (n,):
    bias^2 = mean over the points of (f_mean - truth)^2,
    variance = mean over the points and the runs of (f_r - f_mean)^2.
    Returns (bias^2, variance), two floats.  (Geman, Bienenstock & Doursat 1992)
    """
    mean = predictions.mean(axis=0)
    bias2 = np.mean((mean - truth) ** 2)
    variance = np.mean((predictions - mean) ** 2)
    return bias2, variance


@bias_variance.cases
def _(rng):
    yield rng.normal(size=(5, 3)) + np.array([1, -2, 3]), rng.normal(size=3)
    yield 3 * rng.normal(size=(4, 7)) + np.arange(7), np.arange(7.0)
    yield rng.integers(-9, 9, size=(3, 4)) + np.array([[0], [1], [3]]), rng.integers(-9, 9, size=4)
    yield rng.normal(size=(6, 1)) * 2, rng.normal(size=1) + 4
    yield rng.normal(size=(4, 4)) + rng.normal(size=4) * 3, rng.normal(size=4)


@bias_variance.mistake("The order is (bias^2, variance): yours are swapped.")
def swapped(predictions, truth):
    mean = predictions.mean(axis=0)
    return np.mean((predictions - mean) ** 2), np.mean((mean - truth) ** 2)


@bias_variance.mistake("You divide by runs - 1 (ddof=1). Here the variance is the mean over the runs.")
def unbiased(predictions, truth):
    mean = predictions.mean(axis=0)
    return np.mean((mean - truth) ** 2), predictions.var(axis=0, ddof=1).mean()


@bias_variance.mistake(
    "What you call bias^2 is the whole squared error of the single runs. Average the runs first, then square."
)
def whole_error(predictions, truth):
    return np.mean((predictions - truth) ** 2), predictions.var(axis=0).mean()


@bias_variance.mistake(
    "You averaged the distances over the points before you squared: a curve too high here and too low there "
    "would have no bias. Square at each point."
)
def squared_too_late(predictions, truth):
    return np.mean(predictions.mean(axis=0) - truth) ** 2, predictions.var(axis=0).mean()


@bias_variance.mistake(
    "You averaged over the points (axis 1), where the runs are rows: average over axis 0, run by run."
)
def along_the_points(predictions, truth):
    return np.mean((predictions.mean(axis=0) - truth) ** 2), predictions.var(axis=1).mean()


@bias_variance.mistake(
    "Your variance is that of all numbers together. A curve that bends is not scatter: take the variance at each "
    "point, over the runs."
)
def variance_of_all(predictions, truth):
    return np.mean((predictions.mean(axis=0) - truth) ** 2), predictions.var() + 0.0


@bias_variance.mistake(
    "You return standard deviations: the mean over the points is of variances, without a root."
)
def deviation(predictions, truth):
    return np.mean((predictions.mean(axis=0) - truth) ** 2), predictions.std(axis=0).mean()


@bias_variance.mistake(
    "This is the bias without the square. The squared distance is averaged over the points."
)
def not_squared(predictions, truth):
    return np.mean(np.abs(predictions.mean(axis=0) - truth)), predictions.var(axis=0).mean()


@bias_variance.mistake(
    "Your variance is the scatter around the truth. Variance is the scatter around the runs' own mean."
)
def around_the_truth(predictions, truth):
    return np.mean((predictions.mean(axis=0) - truth) ** 2), np.mean((predictions - truth) ** 2)


@bias_variance.mistake("You summed over the points. Average over them, so that n does not matter.")
def summed(predictions, truth):
    return np.sum((predictions.mean(axis=0) - truth) ** 2.0), np.sum(predictions.var(axis=0))


@bias_variance.mistake(
    "Your bias^2 is not squared: a root was taken at the end. The squares are averaged over the points, without a root."
)
def root_of_bias2(predictions, truth):
    return np.sqrt(np.mean((predictions.mean(axis=0) - truth) ** 2)), predictions.var(axis=0).mean()


@bias_variance.mistake(
    "These are the values at each point, two arrays (n,). Average both over the points: two numbers."
)
def point_by_point(predictions, truth):
    return (predictions.mean(axis=0) - truth) ** 2.0, predictions.var(axis=0)


@bias_variance.mistake(
    "The mean prediction is taken over axis 1, the points. The runs are rows: average over axis 0."
)
def runs_in_columns(predictions, truth):
    return np.mean((predictions.mean(axis=1) - truth) ** 2), predictions.var(axis=1).mean()


@bias_variance.mistake(
    "Your variance is summed over the runs. Average over them, so that their number does not matter."
)
def summed_over_the_runs(predictions, truth):
    mean = predictions.mean(axis=0)
    return np.mean((mean - truth) ** 2), np.mean(np.sum((predictions - mean) ** 2, axis=0))


@bias_variance.mistake("The bias is that of the median of the runs. Take their mean.")
def median_of_the_runs(predictions, truth):
    return np.mean((np.median(predictions, axis=0) - truth) ** 2), predictions.var(axis=0).mean()


@bias_variance.mistake("The bias is that of the first run alone. Average all runs first.")
def first_run(predictions, truth):
    return np.mean((predictions[0] - truth) ** 2), predictions.var(axis=0).mean()


@bias_variance.mistake("This is one number, bias^2 + variance. Return the two of them: (bias^2, variance).")
def their_sum(predictions, truth):
    return np.mean((predictions - truth) ** 2)


@bias_variance.mistake(
    "Your bias^2 is the mean distance, with its sign and without a square. Square the distance at each point, then average."
)
def mean_signed_distance(predictions, truth):
    return np.mean(predictions.mean(axis=0) - truth), predictions.var(axis=0).mean()


@bias_variance.mistake("Your bias^2 is divided by the number of runs. Average over the n points.")
def divided_by_runs(predictions, truth):
    bias2 = np.sum((predictions.mean(axis=0) - truth) ** 2) / len(predictions)
    return bias2, predictions.var(axis=0).mean()


@bias_variance.variant
def with_loops(predictions, truth):
    runs, n = predictions.shape
    bias2 = variance = 0.0
    for j in range(n):
        mean = sum(predictions[:, j]) / runs
        bias2 += (mean - truth[j]) ** 2 / n
        variance += sum((f - mean) ** 2 for f in predictions[:, j]) / runs / n
    return bias2, variance


@bias_variance.variant
def from_the_moments(predictions, truth):
    mean, square = predictions.mean(axis=0), (predictions**2.0).mean(axis=0)
    return [float(np.dot(mean - truth, mean - truth) / len(truth)), float((square - mean**2).mean())]


@bias_variance.variant
def from_the_error(predictions, truth):
    variance = predictions.var(axis=0).mean()
    return np.mean((predictions - truth) ** 2) - variance, variance


# learning_curve: judged in any order of the examples -------------------------------------------------------


@exercise(
    points=3,
    minutes=12,
    returns=("train_errors", "dev_errors"),
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

    fit: fit(X, y) trains a model and returns predict; predict(X) returns labels.
    X: (m, n_x), y: (m,). sizes: numbers of training examples, each smaller than m.
    rng: a np.random.Generator, for one random order of the m examples.
    For each n in sizes: train on the first n of that order, and measure the error rate on
    these n and on the dev set: all after the first max(sizes), the same for all n.
    Returns (train_errors, dev_errors), two lists with one error rate a size.
    """
    order = rng.permutation(len(y))
    X, y = X[order], y[order]
    start = max(sizes)
    train_errors, dev_errors = [], []
    for n in sizes:
        predict = fit(X[:n], y[:n])
        train_errors.append(error_rate(y[:n], predict(X[:n])))
        dev_errors.append(error_rate(y[start:], predict(X[start:])))
    return train_errors, dev_errors


def _sorted_faults(rng, m):
    """X (m, 2) whose first feature is a label of its own for every row, and y, which is wrong for the last third."""
    first = 3 * rng.permutation(m)
    return np.column_stack([first, rng.integers(0, 9, m)]), first + (np.arange(m) >= m - m // 3)


@learning_curve.cases
def _(rng):
    yield FirstFeature(), *_sorted_faults(rng, 91), (8, 15, 25, 40, 50, 60), rng.spawn(1)[0]
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
        return "the first n examples should be among the first n + 1: shuffle once, before the loop"
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
    said = [learning_curve.verdict_on(a, one) for one in (result, other)]
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


which_baseline = question(
    "Blurred pictures: experts err in 14 %, your network in 15 % on train and 16 % on dev. What is wrong with it?",
    wrong(
        "High bias: 15 % on its own training set",
        "Against zero, yes. But experts err in 14 %, so one point is to be had.",
    ),
    wrong("High variance: dev is worse than train", "By one point. It nearly always is, by a little."),
    right(
        "Hardly anything",
        "Bias is one point, variance is one point: the pictures are hard, not the network bad.",
    ),
    wrong("Both: 15 and 16 % are high", "High compared with what? The best that anyone can do is 14 %."),
)

who_gains_from_data = question(
    "Train 14 %, dev 15 %, human 1 %. A colleague wants to pay for ten times the data. What do you say?",
    wrong("Yes: more data always help", "They close the gap of train and dev, and that is one point wide."),
    right(
        "No: dev cannot fall much below train, and train is too high",
        "The two have met. Only a model that can fit more (larger, or trained better) brings both down.",
    ),
    wrong("No: the network is too large for the data", "Then train would be far better than dev."),
    wrong(
        "Yes: 15 % on dev shows overfitting",
        "Overfitting shows in the difference to train, not in dev alone.",
    ),
)

what_averaging_does = question(
    "You train the same network on 100 training sets and average the predictions. What does the average of "
    "many runs get rid of?",
    right("Most of the variance", "The scatter of the runs averages out; what all of them get wrong stays."),
    wrong("Most of the bias", "Bias is what the average still gets wrong: it is defined by the average."),
    wrong(
        "Most of the noise",
        "The noise is in what you are asked to predict, and nobody can average that away.",
    ),
    wrong("All three", "Only what differs from run to run can average out."),
)

read_the_curve = question(
    "A learning curve: at 1 000 examples train is at 0 %, dev at 9 %. At 500 dev was at 13 %, at 250 at 18 %. What next?",
    wrong("A larger network", "Train is at 0 % already: there is no bias to remove."),
    wrong("Stop: the network has converged", "Dev falls with every doubling and has not levelled off."),
    wrong(
        "A smaller learning rate",
        "It fits the training set perfectly. How well it is fitted is not the trouble.",
    ),
    right("More data, or regularization", "The gap is wide and closes as data grow: that is variance."),
)

what_a_larger_network_costs = question(
    "Train is at 8 %, dev at 10 %, a human at 1 %. You make the network ten times as wide, and it is well "
    "regularized. What do you expect?",
    wrong(
        "Train falls, dev must rise: bias and variance are a trade-off",
        "Only if you move along one dial. Here you hold variance down by another one.",
    ),
    right(
        "Both fall, and it costs computing time",
        "With regularization, a larger network rarely hurts: capacity removes bias, the penalty holds variance.",
    ),
    wrong("Train rises, dev falls", "A wider network can fit whatever the narrow one could."),
    wrong("Nothing: the data decide", "Train at 8 % says that the narrow network did not even fit the data."),
)

"""Exercise bias_variance: bias squared and variance of a way to learn, from many runs of it."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=7,
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

    predictions: (runs, n), row r is what the model of run r
    predicts at n points; each run had a training set of its own.
    truth: (n,) the true values there, without noise.
    Returns (bias2, variance), two floats, as the text defines them,
    each the mean over the n points. The variance divides by the number
    of runs, not by one less.
    (Geman, Bienenstock & Doursat 1992)
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

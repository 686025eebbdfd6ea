"""Exercise expected_calibration_error: how far confidence and accuracy lie apart."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=7,
    hints=(
        "First give each prediction the number of its bin, from 0 to bins - 1. Which bin has a confidence of exactly 1?",
        "For each bin that is not empty, take the mean of correct and the mean of confidence over its predictions. Their "
        "distance counts as often as the bin has predictions.",
        "number = np.minimum((confidence * bins).astype(int), bins - 1). Then add up, over the bins that are not empty, "
        "share of predictions * |mean correct - mean confidence|.",
    ),
)
def expected_calibration_error(confidence, correct, bins=10):
    """The expected calibration error: how far confidence and accuracy lie
    apart.

    confidence: (n,), for each prediction the probability of the class that
    was chosen, from 0 to 1; correct: (n,) booleans, True where the prediction
    was right; bins: how many intervals of equal width the range from 0 to 1
    is cut into. n is at least 1.
    The last bin includes a confidence of 1. A bin without predictions
    counts nothing.
    Returns a float from 0 to 1.
    Source: Naeini et al. 2015; Guo et al. 2017.
    """
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for k in np.unique(number):
        inside = number == k
        gap = np.mean(correct[inside]) - np.mean(confidence[inside])
        total += np.mean(inside) * abs(gap)
    return total


@expected_calibration_error.cases
def _(rng):
    yield *_predictions(rng, {2: "1", 4: "010", 5: "1101", 6: "0", 7: "10", 8: "00011", 9: "111111"}, 10), 10
    yield *_predictions(rng, {0: "1", 1: "001011", 2: "10", 4: "0110111"}, 5), 5
    yield *_predictions(rng, {0: "0011", 3: "011110"}, 4), 4
    confidence, correct = _predictions(rng, {5: "010", 8: "0101", 9: "111111"}, 10)
    yield np.append(confidence, [1.0, 1.0, 1.0]), np.append(correct, [True, True, False]), 10
    yield np.array([1.0, 1.0, 0.62, 0.68]), np.array([True, False, False, True]), 10
    yield np.array([0.77]), np.array([False]), 10


def _predictions(rng, pattern, bins):
    """Predictions in these bins, away from their edges; pattern: the number of a bin → which of its predictions are right."""
    confidence, correct = [], []
    for k, letters in pattern.items():
        places = 0.15 + 0.7 * (np.arange(len(letters)) + 0.5) / len(letters)
        confidence += list((k + places + rng.uniform(-0.03, 0.03, len(letters))) / bins)
        correct += [letter == "1" for letter in letters]
    order = rng.permutation(len(confidence))
    return np.array(confidence)[order], np.array(correct)[order]


def _gaps(confidence, correct, bins, number=None):
    """Of each bin that is not empty: its share of the predictions, its accuracy and its mean confidence."""
    if number is None:
        number = np.minimum((confidence * bins).astype(int), bins - 1)
    inside = [number == k for k in np.unique(number)]
    rows = [(np.mean(i), np.mean(correct[i]), np.mean(confidence[i])) for i in inside]
    return np.array(rows).T


@expected_calibration_error.mistake(
    "Every bin counts the same here. A bin with many predictions counts more: weight it by its share of the predictions."
)
def ece_unweighted(confidence, correct, bins=10):
    _, accuracy, mean = _gaps(confidence, correct, bins)
    return np.mean(np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "You divided by the number of bins, the empty ones included. Weight each bin by its share of the predictions."
)
def ece_over_all_bins(confidence, correct, bins=10):
    _, accuracy, mean = _gaps(confidence, correct, bins)
    return np.sum(np.abs(accuracy - mean)) / bins


@expected_calibration_error.mistake(
    "A bin that is too sure and one that is not sure enough cancel each other here. Take the distance in each bin before "
    "you add up."
)
def ece_signs_cancel(confidence, correct, bins=10):
    return abs(np.mean(correct) - np.mean(confidence))


@expected_calibration_error.mistake(
    "The gaps have their signs, so they cancel each other. Take the absolute value in each bin."
)
def ece_signed(confidence, correct, bins=10):
    return np.mean(correct) - np.mean(confidence)


@expected_calibration_error.mistake(
    "The gaps have their signs, confidence minus accuracy, so they cancel each other. Take the absolute value in each bin."
)
def ece_signed_the_other_way(confidence, correct, bins=10):
    return np.mean(confidence) - np.mean(correct)


@expected_calibration_error.mistake(
    "This compares each single prediction with its confidence. One prediction is right or wrong: only the share of right ones "
    "in a bin can be compared with a probability."
)
def ece_without_bins(confidence, correct, bins=10):
    return np.mean(np.abs(correct - confidence))


@expected_calibration_error.mistake(
    "This takes the middle of a bin for its confidence. Take the mean confidence of the predictions in it."
)
def ece_middle_of_the_bin(confidence, correct, bins=10):
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    middles = (number + 0.5) / bins
    share, accuracy, middle = _gaps(middles, correct, bins, number)
    return np.sum(share * np.abs(accuracy - middle))


@expected_calibration_error.mistake(
    "This is the largest gap of a bin, the maximum calibration error. Take the mean, weighted by the bins' sizes."
)
def ece_largest(confidence, correct, bins=10):
    _, accuracy, mean = _gaps(confidence, correct, bins)
    return np.max(np.abs(accuracy - mean))


@expected_calibration_error.mistake("The gaps are squared. Take their absolute values.")
def ece_squared(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, bins)
    return np.sum(share * (accuracy - mean) ** 2)


@expected_calibration_error.mistake(
    "This is the root of the mean squared gap. Take the mean of the absolute gaps."
)
def ece_root_mean_square(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, bins)
    return np.sqrt(np.sum(share * (accuracy - mean) ** 2))


@expected_calibration_error.mistake(
    "Predictions with a confidence of exactly 1 are left out. They belong to the last bin."
)
def ece_leaves_out_the_surest(confidence, correct, bins=10):
    number, total = (confidence * bins).astype(int), 0.0
    for k in range(bins):
        inside = number == k
        if inside.any():
            total += np.mean(inside) * abs(np.mean(correct[inside]) - np.mean(confidence[inside]))
    return total


@expected_calibration_error.mistake(
    "Predictions with a confidence of exactly 1 get a bin of their own. They belong to the last bin."
)
def ece_one_bin_too_many(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, bins, (confidence * bins).astype(int))
    return np.sum(share * np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "The result is nan, often because the mean of an empty bin is taken. Leave out bins without predictions.",
    symptom=lambda a, r: np.ndim(r) == 0 and np.isnan(r),
)
def ece_empty_bins(confidence, correct, bins=10):
    number, total = np.minimum((confidence * bins).astype(int), bins - 1), 0.0
    for k in range(bins):
        inside = number == k
        n = np.sum(inside)
        with np.errstate(invalid="ignore"):
            gap = abs(np.divide(np.sum(correct[inside]), n) - np.divide(np.sum(confidence[inside]), n))
        total += n / len(confidence) * gap
    return total


@expected_calibration_error.mistake(
    "There are 10 bins whatever the argument says. Cut the range into `bins` intervals."
)
def ece_always_ten(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, 10)
    return np.sum(share * np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "The bins reach from the smallest to the largest confidence. Cut the range from 0 to 1, so that the bins do not "
    "depend on the data."
)
def ece_bins_of_the_data(confidence, correct, bins=10):
    low, high = confidence.min(), confidence.max()
    number = np.minimum(((confidence - low) / max(high - low, 1e-9) * bins).astype(int), bins - 1)
    share, accuracy, mean = _gaps(confidence, correct, bins, number)
    return np.sum(share * np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "The bins hold equally many predictions. Here they have equal widths, and some hold more predictions than others."
)
def ece_equal_counts(confidence, correct, bins=10):
    order, total = np.argsort(confidence, kind="stable"), 0.0
    for part in np.array_split(order, bins):
        if len(part):
            gap = abs(np.mean(correct[part]) - np.mean(confidence[part]))
            total += len(part) / len(confidence) * gap
    return total


@expected_calibration_error.mistake(
    "The confidence is rounded to the nearest edge of a bin. It belongs to the bin whose range it lies in: round down."
)
def ece_rounded(confidence, correct, bins=10):
    number = np.minimum(np.rint(confidence * bins).astype(int), bins - 1)
    share, accuracy, mean = _gaps(confidence, correct, bins, number)
    return np.sum(share * np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "The bins are weighted by how many predictions they hold. Weight them by the share of all predictions: divide by n.",
    symptom=lambda a, r: (
        len(a["correct"]) > 1
        and np.ndim(r) == 0
        and r > 1e-6
        and np.isclose(r, len(a["correct"]) * _right(a))
    ),
)
def ece_summed(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, bins)
    return np.sum(share * len(correct) * np.abs(accuracy - mean))


@expected_calibration_error.mistake(
    "The confidence is compared with the share of WRONG predictions. Compare it with the share of right ones."
)
def ece_of_the_errors(confidence, correct, bins=10):
    share, accuracy, mean = _gaps(confidence, correct, bins)
    return np.sum(share * np.abs(1 - accuracy - mean))


def _right(arguments):
    share, accuracy, mean = _gaps(**arguments)
    return np.sum(share * np.abs(accuracy - mean))


@expected_calibration_error.variant
def ece_by_counting(confidence, correct, bins=10):
    number = np.clip(np.floor(confidence * bins), 0, bins - 1).astype(int)
    surplus = np.bincount(number, weights=correct - confidence, minlength=bins)
    return np.abs(surplus).sum() / len(confidence)


@expected_calibration_error.variant
def ece_by_edges(confidence, correct, bins=10):
    edges, total = np.linspace(0, 1, bins + 1), 0
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        inside = (confidence >= low) & ((confidence < high) | (high == 1))
        if np.any(inside):
            total += abs(correct[inside].mean() - confidence[inside].mean()) * inside.sum()
    return float(total / len(correct))


@expected_calibration_error.variant
def ece_one_by_one(confidence, correct, bins=10):
    surplus = {}
    for c, right in zip(confidence, correct, strict=True):
        k = min(int(c * bins), bins - 1)
        surplus[k] = surplus.get(k, 0.0) + float(right) - float(c)
    return sum(abs(s) for s in surplus.values()) / len(confidence)

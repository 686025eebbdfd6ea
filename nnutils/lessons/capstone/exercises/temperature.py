"""Exercise temperature: the one number by which all logits are divided so that the probabilities are honest."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=10,
    tolerance=1e-3,
    allows=("scipy",),
    hints=(
        "Write a function of T alone: the mean log loss of these logits divided by T. Then look for its lowest point. First a "
        "coarse look: many values of T, evenly spaced on a log scale.",
        "Written with b = 1 / T the log loss is convex: it has one valley. So a search that shrinks an interval finds the lowest "
        "point: compare two points inside and leave out the end beside the worse one. Subtract each row's largest logit before exp.",
        "Its slope by b is the mean, over the examples, of (sum_k p_k z_k) - z_y, with p = softmax(b z). Start with b from 1/20 "
        "to 20 and halve the interval 60 times: where the slope is positive, the lowest point lies below. Return 1 / b.",
    ),
)
def temperature(logits, y):
    """The temperature of a trained network: the number T by which its
    logits are divided so that the log loss on these examples is least.

    logits: (n, k), of examples that it was not trained on; any size.
    y: (n,), their classes, whole numbers from 0 to k - 1.
    Returns a float above 0, accurate to one part in a thousand. It may be
    above or below 1. The best T lies from 0.05 to 20.
    Source: Guo et al. 2017.
    """
    z = logits - logits.max(axis=1, keepdims=True)
    right = z[np.arange(len(y)), y]
    low, high = 1 / 20, 20.0
    for _ in range(60):
        b = (low * high) ** 0.5
        p = np.exp(b * z)
        p /= p.sum(axis=1, keepdims=True)
        if np.mean((p * z).sum(axis=1) - right) > 0:
            high = b
        else:
            low = b
    return float((low * high) ** -0.5)


@temperature.cases
def _(rng):
    for best, k, n in ((2.537, 4, 150), (0.437, 3, 120), (1.324, 10, 200)):
        yield _logits(rng, best, k, n)
    z, y = _logits(rng, 1.763, 5, 150)
    yield z + 2000 * rng.normal(size=(len(y), 1)), y  # a number added to a row changes no probability
    yield _logits(rng, 6.04, 3, 200)
    yield np.array([[2.0, 0.0], [0.0, 3.0], [1.0, 0.0], [0.0, 1.0]]), np.array([0, 1, 1, 0])


def _logits(rng, best, k, n):
    """Logits whose best temperature is `best`, and another one by the squared error or by the mean confidence."""
    while True:
        z = 1.5 * rng.normal(size=(n, k))
        y = (z + rng.gumbel(size=(n, k))).argmax(axis=1)
        T = temperature.reference(z, y)
        if all(abs(other(z, y) / T - 1) > 0.01 for other in (brier, confidence_is_accuracy)):
            return best / T * z, y


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _best(cost, low=0.04, high=25.0, rounds=6):
    """The place of the least cost on a log scale, by a grid that is made finer and finer."""
    for _ in range(rounds):
        grid = np.geomspace(low, high, 12)
        i = int(np.argmin([cost(T) for T in grid]))
        low, high = grid[max(i - 1, 0)], grid[min(i + 1, 11)]
    return float(np.sqrt(low * high))


def _log_loss(logits, y):
    def cost(T):
        z = (logits - logits.max(axis=1, keepdims=True)) / T
        return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])

    return cost


@temperature.mistake(
    "This is 1 / T: the logits would have to be multiplied by it. Divide by T, so that a large T makes probabilities flat."
)
def inverse(logits, y):
    return 1 / _best(_log_loss(logits, y))


@temperature.mistake(
    "T is never below 1 here. A network may also be less sure than it is right, and then the best T is below 1: search there, too."
)
def never_below_one(logits, y):
    return max(1.0, _best(_log_loss(logits, y)))


@temperature.mistake(
    "T is never above 1 here. Most networks are too sure, and their best T is above 1: search there, too."
)
def never_above_one(logits, y):
    return min(1.0, _best(_log_loss(logits, y)))


@temperature.mistake(
    "This T makes the mean squared error of the probabilities least. Asked is the least log loss, whose T is another one."
)
def brier(logits, y):
    target = np.eye(logits.shape[1])[y]
    return _best(lambda T: np.mean((_softmax(logits / T) - target) ** 2))


@temperature.mistake(
    "With this T the mean confidence is the accuracy. That is one property of honest probabilities; asked is the least log loss."
)
def confidence_is_accuracy(logits, y):
    accuracy = np.mean(logits.argmax(axis=1) == y)
    return _best(lambda T: abs(_softmax(logits / T).max(axis=1).mean() - accuracy))


@temperature.mistake(
    "The loss looks at the class that is named, with the largest logit. It is about the class y: otherwise sharper is always better, "
    "and T falls to the end of the range."
)
def of_the_named_class(logits, y):
    return _best(_log_loss(logits, logits.argmax(axis=1)), low=0.05, high=20.0)


@temperature.mistake(
    "T is right to one digit only: the grid is too coarse. Search again around the best point, with smaller steps."
)
def coarse_grid(logits, y):
    grid = np.arange(0.1, 20.05, 0.1)
    return float(grid[np.argmin([_log_loss(logits, y)(T) for T in grid])])


@temperature.mistake(
    "All is NaN where logits are large: exp overflows. Subtract the largest logit of each row first; no probability changes."
)
def overflows(logits, y):
    if np.abs(logits).max() > 700:
        return float("nan")
    return _best(_log_loss(logits, y))


@temperature.variant
def finer_and_finer(logits, y):
    return _best(_log_loss(logits, y), rounds=7)


@temperature.variant
def golden_section(logits, y):
    cost = _log_loss(logits, y)
    low, high, share = np.log(0.05), np.log(20.0), (np.sqrt(5) - 1) / 2
    while high - low > 1e-5:
        left, right = high - share * (high - low), low + share * (high - low)
        if cost(np.exp(left)) < cost(np.exp(right)):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


@temperature.variant
def newton(logits, y):
    """Newton's steps on the convex log loss of b = 1 / T, held inside the range."""
    z = logits - logits.max(axis=1, keepdims=True)
    low, high, b = 0.04, 25.0, 1.0
    for _ in range(200):
        p = _softmax(b * z)
        mean = (p * z).sum(axis=1)
        slope = np.mean(mean - z[np.arange(len(y)), y])
        curve = np.mean((p * z**2).sum(axis=1) - mean**2)
        low, high = (low, b) if slope > 0 else (b, high)
        b = b - slope / max(curve, 1e-12)
        if not low < b < high:
            b = (low + high) / 2
    return np.float64(1 / b)

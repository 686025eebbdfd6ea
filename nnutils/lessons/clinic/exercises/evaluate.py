"""Exercise evaluate: an evaluation of a network with norm and dropout, that is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=3,
    minutes=7,
    hints=(
        "Evaluate case('evaluate', 1) with batches of 1 and of all. May the results differ? And which numbers of the network are used nowhere, or only in training?",
        "A network that is evaluated draws nothing, drops nothing, scales nothing, and standardizes by what it has kept from training. Then look at which examples each name of the result was measured on.",
        'z = (z - net["mean"]) / np.sqrt(net["var"] + 1e-5), a = np.maximum(net["gamma"] * z + net["beta"], 0) without keep_prob, and for each name its own X, y = parts[name].',
    ),
)
def evaluate(net, parts, batch_size):
    """Loss and accuracy of a trained network on parts of the data.

    net: a dict of arrays, W1 (n, h), W2 (h, k), b2 (k,), and for the
    norm gamma, beta, and the running averages mean and var, (h,) each;
    keep_prob is that of its inverted dropout after ReLU.
    parts: a dict, the name of each part and its (X, y), X (m, n) and
    y (m,) class numbers. The examples pass in batches of batch_size,
    the last one may be smaller. Nothing may depend on the batches.
    Returns a dict: each name with (loss, accuracy), the mean
    cross-entropy of its examples and the share that is right.
    """
    told = {}
    for name in parts:
        X, y = parts[name]
        loss, right = 0.0, 0
        for start in range(0, len(y), batch_size):
            batch = slice(start, start + batch_size)
            x, labels = X[batch], y[batch]
            z = x @ net["W1"]
            z = (z - net["mean"]) / np.sqrt(net["var"] + 1e-5)
            a = np.maximum(net["gamma"] * z + net["beta"], 0)
            out = a @ net["W2"] + net["b2"]
            log_p = out - np.log(np.exp(out).sum(axis=1, keepdims=True))
            loss -= log_p[np.arange(len(labels)), labels].sum()
            right += np.sum(out.argmax(axis=1) == labels)
        told[name] = loss / len(y), right / len(y)
    return told


evaluate.fault(
    "statistics_of_the_batch",
    "An example gets another answer in another batch: the norm still works as in training.",
    right='z = (z - net["mean"]) / np.sqrt(net["var"] + 1e-5)',
    wrong="z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)",
)
evaluate.fault(
    "scaled_once_more",
    "The hidden units are scaled for dropout once more. Inverted dropout has done that in training.",
    right='a = np.maximum(net["gamma"] * z + net["beta"], 0)',
    wrong='a = np.maximum(net["gamma"] * z + net["beta"], 0)\n            a *= net["keep_prob"]',
)
evaluate.fault(
    "always_the_first_part",
    "Every part gets the numbers of the first one: what is called dev was measured on the training examples.",
    right="X, y = parts[name]",
    wrong="X, y = next(iter(parts.values()))",
)


def _net(rng, n, h, k):
    return {
        "W1": rng.normal(size=(n, h)),
        "W2": rng.normal(size=(h, k)),
        "b2": rng.normal(size=k),
        "gamma": rng.uniform(0.5, 2, size=h),
        "beta": rng.normal(size=h),
        "mean": rng.normal(size=h),
        "var": rng.uniform(0.5, 3, size=h),
        "keep_prob": 0.6,
    }


@evaluate.cases
def _(rng):
    for n, h, k, batch_size in ((3, 6, 3, 4), (2, 5, 2, 5), (4, 6, 4, 50)):
        net = _net(rng, n, h, k)
        sizes = {"train": 14, "dev": 9, "new": 7}
        yield (
            net,
            {name: (rng.normal(1, 1, size=(m, n)), rng.integers(k, size=m)) for name, m in sizes.items()},
            batch_size,
        )
    net = _net(rng, 3, 4, 3)
    yield net, {"dev": (rng.normal(size=(5, 3)), rng.integers(3, size=5))}, 1


def _evaluated(net, parts, batch_size, mean_of_means=False, summed=False, scale=1.0):
    told = {}
    for name, (X, y) in parts.items():
        z = (X @ net["W1"] - net["mean"]) / np.sqrt(net["var"] + 1e-5)
        out = scale * np.maximum(net["gamma"] * z + net["beta"], 0) @ net["W2"] + net["b2"]
        losses = np.log(np.exp(out).sum(axis=1)) - out[np.arange(len(y)), y]
        right = out.argmax(axis=1) == y
        if mean_of_means:
            cuts = range(batch_size, len(y), batch_size)
            told[name] = tuple(np.mean([part.mean() for part in np.split(a, cuts)]) for a in (losses, right))
        else:
            told[name] = losses.sum() if summed else losses.mean(), right.mean()
    return told


@evaluate.mistake(
    "These are means of the means of batches: a smaller last batch counts as much as a whole one."
)
def mean_of_batches(net, parts, batch_size):
    return _evaluated(net, parts, batch_size, mean_of_means=True)


@evaluate.mistake("The loss is the sum over the examples. Divide it by their number.")
def loss_summed(net, parts, batch_size):
    return _evaluated(net, parts, batch_size, summed=True)


@evaluate.mistake(
    "The hidden units are divided by keep_prob. That belongs to training, where some are dropped. Here none is: do not scale."
)
def scaled_as_in_training(net, parts, batch_size):
    return _evaluated(net, parts, batch_size, scale=1 / net["keep_prob"])


@evaluate.mistake("Accuracy and loss stand in the wrong order: return (loss, accuracy) for each part.")
def other_order(net, parts, batch_size):
    return {name: pair[::-1] for name, pair in _evaluated(net, parts, batch_size).items()}


@evaluate.mistake("The second number is the share that is wrong. Return the share that is right.")
def error_for_accuracy(net, parts, batch_size):
    return {name: (loss, 1 - right) for name, (loss, right) in _evaluated(net, parts, batch_size).items()}


@evaluate.variant
def all_at_once(net, parts, batch_size):
    return _evaluated(net, parts, batch_size)


@evaluate.variant
def one_by_one(net, parts, batch_size):
    told = {}
    for name, (X, y) in parts.items():
        losses, hits = [], []
        for x, label in zip(X, y, strict=True):
            x_hat = (x @ net["W1"] - net["mean"]) / (net["var"] + 1e-5) ** 0.5
            a = net["gamma"] * x_hat + net["beta"]
            out = np.where(a > 0, a, 0) @ net["W2"] + net["b2"]
            p = np.exp(out) / np.exp(out).sum()
            losses.append(-np.log(p[label]))
            hits.append(int(np.argmax(out)) == label)
        told[name] = [sum(losses) / len(losses), sum(hits) / len(hits)]
    return told

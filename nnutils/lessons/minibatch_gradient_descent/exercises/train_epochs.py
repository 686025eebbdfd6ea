"""Exercise train_epochs: a training loop that is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=3,
    minutes=8,
    returns=("theta", "means"),
    hints=(
        "Take case('train_epochs', 1), with 7 examples in batches of 3. Write down which examples each step of each epoch should use, and how many there are in the last batch.",
        "A batch of one example is still a batch: its step uses the mean over one. In the epoch's mean, however, one example counts as one example.",
        "Each epoch follows its own row of orders. The gradient is divided by len(batch), and the mean cost of a batch is multiplied by len(batch) before all are added and divided by the number of examples.",
    ),
)
def train_epochs(theta, X, y, lr, batch_size, orders):
    """Mini-batch gradient descent of a linear model, and its log.

    theta: (n,), where to start. X: (m, n), y: (m,). lr: learning rate.
    orders: (epochs, m), the order of the examples in each epoch. It is
    cut into batches of batch_size; the last one holds the rest.
    Each batch makes one step against the gradient of its mean squared
    error, halved. Returns (theta, means): the last theta, and
    for each epoch the mean over all m examples of their squared errors,
    halved, each as it was just before the example's step.
    """
    means = []
    for order in orders:
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            error = X[batch] @ theta - y[batch]
            total += len(batch) * np.mean(error**2) / 2
            theta = theta - lr * X[batch].T @ error / len(batch)
        means.append(total / len(order))
    return theta, np.array(means)


train_epochs.fault(
    "one_order",
    "Every epoch meets the same batches as the first one. From the second epoch on, results differ.",
    right="for order in orders:",
    wrong="for order in [orders[0]] * len(orders):",
)
train_epochs.fault(
    "short_last_step",
    "The step of a smaller last batch is too short: it is divided by more examples than it has.",
    right="theta = theta - lr * X[batch].T @ error / len(batch)",
    wrong="theta = theta - lr * X[batch].T @ error / batch_size",
)
train_epochs.fault(
    "last_batch_weighs_full",
    "In the mean of an epoch, a smaller last batch counts as much as a whole one: its examples weigh too much.",
    right="total += len(batch) * np.mean(error**2) / 2",
    wrong="total += batch_size * np.mean(error**2) / 2",
)


@train_epochs.cases
def _(rng):
    for m, batch_size, epochs in ((7, 3, 3), (8, 5, 2), (6, 2, 3), (4, 9, 2), (5, 1, 2)):
        X, y = rng.normal(1, 1, size=(m, 2)), rng.normal(3, 1, size=m)
        orders = np.array([rng.permutation(m) for _ in range(epochs)])
        orders[1] = np.roll(orders[0], 1)  # never the same batches twice
        yield rng.normal(size=2), X, y, 0.1, batch_size, orders


def _trained(theta, X, y, lr, batch_size, orders, whole_only=False, after=False, mean_of_means=False):
    means = []
    for order in orders:
        costs, sizes = [], []
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            if whole_only and len(batch) < batch_size:
                continue
            step = lr * X[batch].T @ (X[batch] @ theta - y[batch]) / len(batch)
            costs.append(np.mean((X[batch] @ (theta - after * step) - y[batch]) ** 2) / 2)
            sizes.append(len(batch))
            theta = theta - step
        weights = np.ones(len(sizes)) if mean_of_means else sizes
        means.append(np.average(costs, weights=weights) if costs else np.nan)
    return theta, np.array(means)


@train_epochs.mistake(
    "The rest of an epoch, too small for a whole batch, makes no step and is not in the mean. Use all examples."
)
def rest_is_dropped(theta, X, y, lr, batch_size, orders):
    return _trained(theta, X, y, lr, batch_size, orders, whole_only=True)


@train_epochs.mistake(
    "The steps are right. The mean of an epoch is that of its batches, whatever their size: weigh each by its number of examples."
)
def mean_of_batch_means(theta, X, y, lr, batch_size, orders):
    return _trained(theta, X, y, lr, batch_size, orders, mean_of_means=True)


@train_epochs.mistake("The steps are right. The errors are measured after each step: measure before it.")
def errors_after_the_step(theta, X, y, lr, batch_size, orders):
    return _trained(theta, X, y, lr, batch_size, orders, after=True)


@train_epochs.mistake(
    "The step divides by the number of all examples. It should divide by those of its batch."
)
def divided_by_all(theta, X, y, lr, batch_size, orders):
    means = []
    for order in orders:
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            error = X[batch] @ theta - y[batch]
            total += np.sum(error**2) / 2
            theta = theta - lr * X[batch].T @ error / len(order)
        means.append(total / len(order))
    return theta, np.array(means)


@train_epochs.variant
def by_sums(theta, X, y, lr, batch_size, orders):
    means = np.zeros(len(orders))
    for epoch, order in enumerate(orders):
        for batch in np.split(order, range(batch_size, len(order), batch_size)):
            error = X[batch] @ theta - y[batch]
            means[epoch] += np.sum(error**2) / (2 * len(order))
            theta = theta - lr * np.mean(error[:, None] * X[batch], axis=0)
    return theta, means


@train_epochs.variant
def example_by_example(theta, X, y, lr, batch_size, orders):
    theta, means = np.array(theta, dtype=float), []
    for order in orders.tolist():
        seen = []
        while len(seen) < len(order):
            batch = order[len(seen) : len(seen) + batch_size]
            errors = [X[i] @ theta - y[i] for i in batch]
            theta -= lr * sum(e * X[i] for e, i in zip(errors, batch, strict=True)) / len(batch)
            seen += [e**2 / 2 for e in errors]
        means.append(sum(seen) / len(seen))
    return theta, np.array(means)

"""Exercise train: a training with start, loss, penalty and schedule, that is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=9,
    returns=("W1", "W2", "costs"),
    hints=(
        "Four lines decide four quantities: how large the first weights are, how long the gradient is, where the penalty pulls, how high the rate is at each step. Compute each of them for case('train', 1) by hand, one after the other.",
        "He's start has the standard deviation of the square root of 2 over the number of inputs. A mean over a batch has a gradient that does not grow with the batch. A penalty on large weights makes them smaller. A schedule by epochs changes once an epoch.",
        "W1 = U1 * np.sqrt(2 / n). dz = (p - Y[batch]) / len(p). The step of both W is against gradient + lam / m * W. The rate is lr * decay**epoch.",
    ),
)
def train(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    """Train a network with one hidden layer of ReLU, without biases.

    X: (m, n), Y: (m, k), the labels one-hot. U1: (n, h), U2: (h, k),
    standard normal draws; the first weights are these in He's scale,
    for each layer sqrt(2 / its inputs).
    Each epoch goes through the rows in their order, in batches of
    batch_size. The cost is the mean cross-entropy of the batch plus
    lam / (2 m) times the sum of all squared weights, m the number of
    all rows. Each step is plain gradient descent at the rate
    lr * decay**epoch, the epochs counted from 0.
    Returns (W1, W2, costs): the last weights, and the cost of each
    batch just before its step.
    """
    m, n = X.shape
    W1, W2 = U1 * np.sqrt(2 / n), U2 * np.sqrt(2 / len(U2))
    costs = []
    for epoch in range(epochs):
        for start in range(0, m, batch_size):
            batch = slice(start, start + batch_size)
            a = np.maximum(X[batch] @ W1, 0)
            z = a @ W2
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p = p / p.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log(np.sum(p * Y[batch], axis=1) + 1e-300))
            squares = np.sum(W1**2) + np.sum(W2**2)
            costs.append(loss + lam / (2 * m) * squares)
            dz = (p - Y[batch]) / len(p)
            da = (dz @ W2.T) * (a > 0)
            rate = lr * decay**epoch
            both = (W1, X[batch].T @ da), (W2, a.T @ dz)
            W1, W2 = (W - rate * (slope + lam / m * W) for W, slope in both)
    return W1, W2, np.array(costs)


train.fault(
    "start_too_large",
    "The first weights of the hidden layer grow with the number of inputs instead of falling: the cost begins far too high.",
    right="np.sqrt(2 / n)",
    wrong="np.sqrt(2 * n)",
)
train.fault(
    "gradient_of_the_sum",
    "The gradient is that of the sum over a batch, and not of the mean: the larger the batch, the longer the step.",
    right="dz = (p - Y[batch]) / len(p)",
    wrong="dz = p - Y[batch]",
)
train.fault(
    "penalty_pushes_out",
    "The penalty makes weights larger at each step. It should make them smaller.",
    right="slope + lam / m * W",
    wrong="slope - lam / m * W",
)
train.fault(
    "schedule_by_step",
    "The rate falls at each step as it should fall in a whole epoch: soon nothing moves any more.",
    right="rate = lr * decay**epoch",
    wrong="rate = lr * decay ** (len(costs) - 1)",
)


@train.cases
def _(rng):
    for m, n, h, k, batch_size, epochs in (
        (7, 3, 4, 3, 3, 3),
        (8, 2, 3, 2, 4, 3),
        (6, 4, 5, 3, 2, 2),
        (5, 3, 4, 2, 9, 3),
    ):
        X, Y = rng.normal(size=(m, n)), np.eye(k)[rng.integers(k, size=m)]
        U1, U2 = rng.normal(size=(n, h)), rng.normal(size=(h, k))
        U1[:, 0] = np.abs(U1[:, 0]) * np.where(X[0] > 0, 1, -1)  # a unit that is on, for the first example
        yield X, Y, U1, U2, 0.1, 0.7, 0.5, batch_size, epochs


def _trained(
    X, Y, U1, U2, lr, decay, lam, batch_size, epochs, share=None, after=False, begin=0, cost_lam=1.0
):
    m = len(X)
    weights = [U * np.sqrt(2 / len(U)) for U in (U1, U2)]
    share, costs = lam / m if share is None else share, []

    def passed(x, t):
        a = np.maximum(x @ weights[0], 0)
        z = a @ weights[1]
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        squares = sum(np.sum(W**2) for W in weights)
        return a, p, -np.mean(np.log(p[t == 1])) + cost_lam * lam / (2 * m) * squares

    for epoch in range(begin, begin + epochs):
        for start in range(0, m, batch_size):
            x, t = X[start : start + batch_size], Y[start : start + batch_size]
            a, p, cost = passed(x, t)
            dz = (p - t) / len(t)
            slopes = x.T @ ((dz @ weights[1].T) * (a > 0)), a.T @ dz
            weights = [W - lr * decay**epoch * (g + share * W) for W, g in zip(weights, slopes, strict=True)]
            costs.append(passed(x, t)[2] if after else cost)
    return *weights, np.array(costs)


@train.mistake("The penalty's gradient is lam * W. The penalty is divided by the number of all rows.")
def penalty_not_divided(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs, share=lam)


@train.mistake("The penalty is in the cost and not in the step. It must pull at the weights, too.")
def penalty_without_gradient(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs, share=0.0)


@train.mistake("The costs are measured after each step. Measure before it.")
def costs_after(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs, after=True)


@train.mistake("The rate has fallen before the first epoch. Count the epochs from 0.")
def epochs_from_one(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs, begin=1)


@train.mistake("The penalty is missing in the costs that you return.")
def costs_without_penalty(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs, cost_lam=0.0)


@train.variant
def by_lists(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    return _trained(X, Y, U1, U2, lr, decay, lam, batch_size, epochs)


@train.variant
def with_a_falling_rate(X, Y, U1, U2, lr, decay, lam, batch_size, epochs):
    m, rate, costs = len(X), lr, []
    W1, W2 = U1 * np.sqrt(2 / U1.shape[0]), U2 * np.sqrt(2 / U2.shape[0])
    for _ in range(epochs):
        for rows in np.split(np.arange(m), range(batch_size, m, batch_size)):
            x, t = X[rows], Y[rows]
            z1 = x @ W1
            z2 = np.maximum(z1, 0) @ W2
            log_p = z2 - np.log(np.exp(z2).sum(axis=1))[:, None]
            penalty = lam / m * (np.sum(W1 * W1) + np.sum(W2 * W2)) / 2
            costs.append(-np.sum(log_p * t) / len(rows) + penalty)
            d2 = (np.exp(log_p) - t) / len(rows)
            d1 = np.where(z1 > 0, d2 @ W2.T, 0)
            W2 = (1 - rate * lam / m) * W2 - rate * np.maximum(z1, 0).T @ d2
            W1 = (1 - rate * lam / m) * W1 - rate * x.T @ d1
        rate = rate * decay
    return W1, W2, np.array(costs)

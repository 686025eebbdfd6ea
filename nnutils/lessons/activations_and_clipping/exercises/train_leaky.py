"""Exercise train_leaky: a training in which no hidden unit stays silent, to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=10,
    returns=("losses", "silent"),
    hints=(
        "Take one case apart: case('train_leaky', 1) has its arguments. Print X, b and z of the first step. Are they what the docstring promises?",
        "Four things can silence a unit here: what enters the layer, where its bias begins, how long a step is, and what the way "
        "back lets through where z is negative.",
        "Subtract the mean of each feature, begin the biases at 0, divide the derivative of the scores by the number of examples, "
        "and let alpha pass on the way back.",
    ),
)
def train_leaky(X, y, W, V, lr, steps, alpha):
    """Gradient descent on a network with one hidden layer of leaky ReLUs.

    X: (m, n_x), raw features, none of them constant; the network sees them
    standardized, with mean 0 and standard deviation 1 over X.
    y: (m,), classes from 0. W: (n_x, n_h) and V: (n_h, k), the weights at
    the start; they are not changed. All biases begin at 0.
    lr, steps: each step goes down the gradient of the mean cross-entropy
    of all m examples. alpha: the slope of the leaky ReLU below zero.
    Returns (losses, silent), two arrays (steps,): before each step the mean
    cross-entropy, and the share of the hidden units that are silent, that
    is, whose z is below 0 for every example.
    """
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    b, c = np.zeros(W.shape[1]), np.zeros(V.shape[1])
    right = np.eye(V.shape[1])[y]
    losses, silent = [], []
    for _ in range(steps):
        z = X @ W + b
        a = np.where(z > 0, z, alpha * z)
        scores = a @ V + c
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        losses.append(-np.mean(np.log(p[right == 1])))
        silent.append(np.mean(np.all(z < 0, axis=0)))
        d = (p - right) / len(X)
        dz = d @ V.T * np.where(z > 0, 1, alpha)
        W, b = W - lr * X.T @ dz, b - lr * dz.sum(axis=0)
        V, c = V - lr * a.T @ d, c - lr * d.sum(axis=0)
    return np.array(losses), np.array(silent)


train_leaky.fault(
    "not_centred",
    "The features are scaled and not centred. All that enter are on one side of 0, so a unit whose weights sum to the other "
    "side is silent from the start.",
    right="(X - X.mean(axis=0)) / X.std(axis=0)",
    wrong="X / X.std(axis=0)",
)
train_leaky.fault(
    "begins_silent",
    "Before the first step most or all units are silent already: their biases begin far below zero.",
    right="np.zeros(W.shape[1])",
    wrong="np.full(W.shape[1], -9.0)",
)
train_leaky.fault(
    "step_too_long",
    "Each step is m times too long, as if each example made a step of its own from the same place. A long step can throw units "
    "below zero for all examples.",
    right="(p - right) / len(X)",
    wrong="p - right",
)
train_leaky.fault(
    "no_leak_on_the_way_back",
    "Below zero the value leaks and the derivative does not. A silent unit gets no gradient, and stays silent.",
    right="np.where(z > 0, 1, alpha)",
    wrong="(z > 0)",
)


@train_leaky.cases
def _(rng):
    for m, n_x, n_h, k, lr, steps, alpha in ((12, 3, 5, 3, 0.2, 4, 0.1), (9, 4, 6, 2, 0.3, 3, 0.2)):
        X = rng.uniform(2, 4, n_x) + rng.uniform(0.5, 1, n_x) * rng.normal(size=(m, n_x))
        yield (*_problem(rng, X, n_h, k), lr, steps, alpha)
    # the first step silences a unit, and the leak is all that it has left
    X = np.array([[5.0, 1.0], [6.0, 2.5], [7.0, 2.0], [9.0, 4.0]])
    W, V = np.array([[-1.0, 0.5, -0.3], [-0.2, -1.5, 0.4]]), np.array([[0.5, -1.0], [-0.7, 0.6], [1.2, 0.3]])
    yield X, np.array([0, 1, 0, 1]), W, V, 0.5, 5, 0.05


def _problem(rng, X, n_h, k):
    """Labels of all classes, and weights of both signs; the first unit's are below zero, the second's above."""
    y = rng.permutation(np.arange(len(X)) % k)
    W = rng.uniform(0.4, 1, (X.shape[1], n_h)) * rng.choice([-1, 1], size=(X.shape[1], n_h))
    W[:, 0], W[:, 1] = -np.abs(W[:, 0]), np.abs(W[:, 1])
    return X, y, W, rng.uniform(0.4, 1, (n_h, k)) * rng.choice([-1, 1], size=(n_h, k))


def _trained(X, y, W, V, lr, steps, alpha, *, ddof=0, later=False, new_V=False, biases=True, total=False):
    """The training, with one thing changed."""
    x = (X - X.mean(axis=0)) / X.std(axis=0, ddof=ddof)
    right, b, c, losses, silent = np.eye(V.shape[1])[y], 0.0, 0.0, [], []
    for _ in range(steps + 1):
        z = x @ W + b
        slope = np.where(z > 0, 1, alpha)
        scores = z * slope @ V + c
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        losses.append((np.sum if total else np.mean)(-np.log(p[right == 1])))
        silent.append(np.mean(np.all(z < 0, axis=0)))
        d = (p - right) / len(x)
        old, V = V, V - lr * (z * slope).T @ d
        dz = d @ (V if new_V else old).T * slope
        W = W - lr * x.T @ dz
        if biases:
            b, c = b - lr * dz.sum(axis=0), c - lr * d.sum(axis=0)
    kept = slice(1, None) if later else slice(steps)
    return np.array(losses[kept]), np.array(silent[kept])


@train_leaky.mistake(
    "The std divides by m - 1. The features are to have the standard deviation 1 with ddof 0."
)
def with_ddof_one(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha, ddof=1)


@train_leaky.mistake(
    "Both are measured after each step. Measure before it: the first numbers are those of the start."
)
def measured_after(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha, later=True)


@train_leaky.mistake(
    "The hidden layer's gradient is computed with the V of after the step. Compute all gradients first, then change the weights."
)
def gradient_of_the_new_weights(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha, new_V=True)


@train_leaky.mistake("The biases stay at 0. They begin there, and each step changes them, too.")
def biases_held(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha, biases=False)


@train_leaky.mistake("The losses are sums over the examples. They should be means.")
def losses_summed(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha, total=True)


@train_leaky.variant
def written_anew(X, y, W, V, lr, steps, alpha):
    return _trained(X, y, W, V, lr, steps, alpha)


@train_leaky.variant
def with_the_ones_as_a_feature(X, y, W, V, lr, steps, alpha):
    """Biases as weights of a feature that is always 1."""
    x = np.column_stack([(X - np.mean(X, axis=0)) / np.std(X, axis=0), np.ones(len(X))])
    W, V = np.vstack([W, np.zeros(W.shape[1])]), np.vstack([V, np.zeros(V.shape[1])])
    losses, silent, rows = [], [], np.arange(len(x))
    for _ in range(steps):
        z = x @ W
        a = np.column_stack([np.maximum(z, alpha * z), np.ones(len(x))])
        p = np.exp(a @ V)
        p /= p.sum(axis=1)[:, None]
        losses.append(np.mean(-np.log(p[rows, y])))
        silent.append(sum(unit.max() < 0 for unit in z.T) / z.shape[1])
        d = p.copy()
        d[rows, y] -= 1
        slope = np.full(z.shape, alpha)
        slope[z > 0] = 1
        change = x.T @ (d @ V[:-1].T * slope) / len(x)
        V = V - lr * (a.T @ d) / len(x)
        W = W - lr * change
    return np.array(losses), np.array(silent)

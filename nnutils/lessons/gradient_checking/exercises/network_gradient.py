"""Exercise network_gradient: a backward pass with three faults, which the student's own checker finds."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=12,
    hints=(
        "Let by_array do the work. With size=0.003 and lam=0 only one array is wrong. What is in the line of this array, and of no other?",
        "Mend it, then change one thing at a time. A penalty adds something to the gradients of the weights; one of the two is wrong. "
        "Larger weights let tanh bend; which arrays lie behind tanh on the way back?",
        "A bias gets the sum over the examples, as m is in dz2 already. The penalty lam / (2 m) sum W1^2 has the derivative lam / m W1. "
        "The slope of tanh is 1 - tanh^2, and tanh of z1 is a1.",
    ),
)
def network_gradient(params, X, y, lam):
    """The gradient of the cost of a network with one hidden layer.

    params: the list [W1, b1, W2, b2]; the hidden units are tanh, the outputs
    go through softmax. X: (m, n_x). y: (m,), labels from 0.
    The cost is the mean cross-entropy of the m examples, plus the L2 penalty
    of lesson 03 on both weight matrices, with lam its strength (0 or more).
    Returns a list of four arrays, the gradients by W1, b1, W2 and b2.
    """
    W1, b1, W2, b2 = params
    m = len(y)
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    p = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    dz2 = (p - np.eye(len(b2))[y]) / m
    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1**2)
    dW1 = X.T @ dz1 + lam / m * W1
    dW2 = a1.T @ dz2 + lam / m * W2
    return [dW1, dz1.sum(axis=0), dW2, dz2.sum(axis=0)]


network_gradient.fault(
    "small_bias_gradient",
    "The gradient by b1 is m times too small, whatever the weights and the penalty are.",
    right="dz1.sum(axis=0)",
    wrong="dz1.mean(axis=0)",
)
network_gradient.fault(
    "large_penalty",
    "With a penalty the gradient by W1 is wrong: what the penalty adds to it is m times too large. Without a penalty it is right.",
    right="lam / m * W1",
    wrong="lam * W1",
)
network_gradient.fault(
    "another_slope",
    "The gradients by W1 and b1 are the more wrong the larger the weights are: the slope of the hidden units is nearly that of tanh, for small z only.",
    right="* (1 - a1**2)",
    wrong="/ (1 + z1**2)",
)


@network_gradient.cases
def _(rng):
    for m, sizes, lam in ((5, (3, 4, 3), 0.7), (4, (2, 2, 3), 0.0), (6, (4, 3, 2), 2.0), (3, (2, 5, 4), 0.4)):
        n_x, hidden, k = sizes
        params = [rng.normal(size=shape) for shape in ((n_x, hidden), (hidden,), (hidden, k), (k,))]
        yield params, rng.normal(size=(m, n_x)), rng.integers(k, size=m), lam


def _fixed(params, X, y, lam, slope=lambda z: 1 - np.tanh(z) ** 2, shares=None, decay=(1, 0, 1, 0)):
    W1, b1, W2, b2 = params
    z1 = X @ W1 + b1
    p = np.exp(np.tanh(z1) @ W2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    dz2 = (p - np.eye(len(b2))[y]) / (shares or len(y))
    dz1 = dz2 @ W2.T * slope(z1)
    grads = [X.T @ dz1, dz1.sum(axis=0), np.tanh(z1).T @ dz2, dz2.sum(axis=0)]
    return [g + share * lam / len(y) * p for g, share, p in zip(grads, decay, params, strict=True)]


@network_gradient.mistake(
    "With a penalty the gradients of the biases are wrong: the penalty acts on the two weight matrices only."
)
def biases_decay(params, X, y, lam):
    return _fixed(params, X, y, lam, decay=(1, 1, 1, 1))


@network_gradient.mistake(
    "With a penalty the gradients of both weights are off by half of what it adds: the square brings a factor 2 that cancels the 2 of lam / (2 m)."
)
def half_the_penalty(params, X, y, lam):
    return _fixed(params, X, y, lam, decay=(0.5, 0, 0.5, 0))


@network_gradient.mistake(
    "The gradient by W1 is off by half of what the penalty adds: the square brings a factor 2 that cancels the 2 of lam / (2 m)."
)
def half_the_penalty_of_W1(params, X, y, lam):
    return _fixed(params, X, y, lam, decay=(0.5, 0, 1, 0))


@network_gradient.mistake("The penalty adds nothing to the gradient by W1. It acts on both weight matrices.")
def W1_without_penalty(params, X, y, lam):
    return _fixed(params, X, y, lam, decay=(0, 0, 1, 0))


@network_gradient.mistake(
    "The gradients by W1 and b1 are wrong for large weights: this is 1 - z^2. The slope of tanh is 1 - tanh^2."
)
def slope_of_z(params, X, y, lam):
    return _fixed(params, X, y, lam, slope=lambda z: 1 - z**2)


@network_gradient.mistake(
    "The gradients by W1 and b1 are wrong: the slope of tanh is left out on the way back."
)
def no_slope(params, X, y, lam):
    return _fixed(params, X, y, lam, slope=np.ones_like)


@network_gradient.mistake(
    "What comes from the cross-entropy is m times too large: the cost is the MEAN over the examples."
)
def sum_over_examples(params, X, y, lam):
    return _fixed(params, X, y, lam, shares=1)


@network_gradient.variant
def example_by_example(params, X, y, lam):
    W1, b1, W2, b2 = params
    grads = [lam / len(y) * W1, np.zeros(b1.shape), lam / len(y) * W2, np.zeros(b2.shape)]
    for x, label in zip(X, y, strict=True):
        a1 = np.tanh(x @ W1 + b1)
        dz2 = np.exp(a1 @ W2 + b2)
        dz2 /= dz2.sum()
        dz2[label] -= 1
        dz1 = (W2 @ dz2) * (1 - a1**2)
        for grad, one in zip(grads, (np.outer(x, dz1), dz1, np.outer(a1, dz2), dz2), strict=True):
            grad += one / len(y)
    return grads


@network_gradient.variant
def by_the_hyperbolic_cosine(params, X, y, lam):
    W1, b1, W2, b2 = params
    m, z1 = len(X), X @ W1 + b1
    p = np.exp(np.tanh(z1) @ W2 + b2)
    p = p / np.sum(p, axis=1)[:, None]
    p[np.arange(m), y] -= 1
    dz1 = np.einsum("ik,jk->ij", p, W2) / np.cosh(z1) ** 2
    dW1, dW2 = (X.T @ dz1 + lam * W1) / m, (np.tanh(z1).T @ p + lam * W2) / m
    return dW1, dz1.mean(axis=0), dW2, p.mean(axis=0)

"""Exercise gp_posterior: what a Gaussian process believes about a function, after some noisy values of it."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=3,
    minutes=4,
    returns=("mean", "std"),
    allows=("scipy",),
    hints=(
        "Both results need what comes out when K with its noise is solved for a right-hand side: once for y, once for all columns of k.",
        "np.linalg.solve(A, k) solves for all columns at once. Of the large product in the variance only the diagonal is needed: multiply element by element, and sum over the n values.",
        "A = K + noise * np.eye(len(K)); mean = k.T @ np.linalg.solve(A, y); var = 1 - np.sum(k * np.linalg.solve(A, k), axis=0); then the root of np.maximum(var, 0).",
    ),
)
def gp_posterior(K, k, y, noise):
    """What a Gaussian process says of a function, after n noisy values of it.

    K: (n, n), the covariances of the function's values at the n places
    where it was measured, among each other. k: (n, q), their
    covariances with its values at q other places.
    y: (n,), what was measured. noise: the variance of the noise in y.
    Before any measurement the function has mean 0 and variance 1
    everywhere.
    Returns (mean, std), (q,) each: of the function at the q places,
    without the noise of another measurement. Where rounding makes
    a variance negative, std is 0.
    """
    A = K + noise * np.eye(len(K))
    mean = k.T @ np.linalg.solve(A, y)
    var = 1 - np.sum(k * np.linalg.solve(A, k), axis=0)
    return mean, np.sqrt(np.maximum(var, 0))


@gp_posterior.cases
def _(rng):
    for n, q, noise in ((4, 3, 0.1), (5, 5, 0.4), (3, 6, 1.0)):
        at, to = np.sort(rng.uniform(0, 3, size=n)), rng.uniform(0, 3, size=q)
        yield _kernel(at, at), _kernel(at, to), rng.normal(1, 1, size=n), noise
    at = np.arange(3.0)  # without noise the function goes through its values
    yield _kernel(at, at), _kernel(at, np.array([0.5, 1.7])), rng.normal(size=3), 0.0
    yield np.eye(2), np.array([[1 + 1e-6, 0.5], [0.0, 0.2]]), np.array([2, -1]), 0.0  # a variance below 0


def _kernel(a, b):
    return np.exp(-((a[:, None] - b[None]) ** 2) / 2)


def _posterior(K, k, y, noise, prior=1.0):
    A = K + noise * np.eye(len(K))
    var = prior - np.sum(k * np.linalg.solve(A, k), axis=0)
    return k.T @ np.linalg.solve(A, y), np.maximum(var, 0)


@gp_posterior.mistake("std is a variance here: take the root.")
def variance_returned(K, k, y, noise):
    return _posterior(K, k, y, noise)


@gp_posterior.mistake("The noise has no effect. It is added to the diagonal of K.")
def without_noise(K, k, y, noise):
    mean, var = _posterior(K, k, y, 0)
    return mean, np.sqrt(var)


@gp_posterior.mistake("The noise was squared. It is a variance already.")
def noise_squared(K, k, y, noise):
    mean, var = _posterior(K, k, y, noise**2)
    return mean, np.sqrt(var)


@gp_posterior.mistake(
    "The noise went into every element of K. Different measurements have different noise: add it to the diagonal alone."
)
def noise_everywhere(K, k, y, noise):
    A = K + noise
    var = 1 - np.sum(k * np.linalg.solve(A, k), axis=0)
    return k.T @ np.linalg.solve(A, y), np.sqrt(np.maximum(var, 0))


@gp_posterior.mistake(
    "std holds the noise of another measurement, too. It should be that of the function alone."
)
def of_a_measurement(K, k, y, noise):
    mean, var = _posterior(K, k, y, noise, prior=1 + noise)
    return mean, np.sqrt(var)


@gp_posterior.mistake(
    "The mean is drawn towards the mean of y. Often because y was centred first. This process has mean 0 before any measurement."
)
def around_the_mean(K, k, y, noise):
    centre = np.mean(y)
    mean, var = _posterior(K, k, y - centre, noise)
    return mean + centre, np.sqrt(var)


@gp_posterior.mistake(
    "K is not solved for: this is k.T @ y. Then several measurements close together count several times."
)
def not_solved(K, k, y, noise):
    return k.T @ y, np.sqrt(_posterior(K, k, y, noise)[1])


@gp_posterior.mistake(
    "std is 1 everywhere, as before the first measurement. What was measured makes it smaller nearby."
)
def spread_of_the_prior(K, k, y, noise):
    return _posterior(K, k, y, noise)[0], np.ones(k.shape[1])


@gp_posterior.mistake(
    "std is what the measurements explain. It should be what is left: 1 minus that, then the root."
)
def explained(K, k, y, noise):
    mean, var = _posterior(K, k, y, noise)
    return mean, np.sqrt(1 - var)


@gp_posterior.mistake(
    "Where a variance comes out a little below 0, std is NaN. Cut it off at 0 before the root."
)
def nan_below_zero(K, k, y, noise):
    A = K + noise * np.eye(len(K))
    with np.errstate(invalid="ignore"):
        return k.T @ np.linalg.solve(A, y), np.sqrt(1 - np.sum(k * np.linalg.solve(A, k), axis=0))


@gp_posterior.mistake("Negative variances lost their sign. Where rounding makes one negative, std is 0.")
def absolute_variance(K, k, y, noise):
    A = K + noise * np.eye(len(K))
    return k.T @ np.linalg.solve(A, y), np.sqrt(np.abs(1 - np.sum(k * np.linalg.solve(A, k), axis=0)))


@gp_posterior.mistake(
    "std is the whole covariance matrix of the q places. Return the roots of its diagonal, (q,)."
)
def whole_covariance(K, k, y, noise):
    A = K + noise * np.eye(len(K))
    return k.T @ np.linalg.solve(A, y), 1 - k.T @ np.linalg.solve(A, k)


@gp_posterior.mistake("mean and std are in the wrong order: return mean first.")
def exchanged(K, k, y, noise):
    mean, var = _posterior(K, k, y, noise)
    return np.sqrt(var), mean


@gp_posterior.variant
def by_cholesky(K, k, y, noise):
    root = np.linalg.cholesky(K + noise * np.eye(len(K)))
    half = np.linalg.solve(root, k)
    mean = half.T @ np.linalg.solve(root, y)
    return mean, np.sqrt(np.clip(1 - (half**2).sum(axis=0), 0, None))


@gp_posterior.variant
def by_the_inverse(K, k, y, noise):
    weights = k.T @ np.linalg.inv(K + np.diag(np.full(len(y), float(noise))))
    std = np.sqrt(np.maximum(1 - np.diag(weights @ k), 0))
    return weights @ y, std


@gp_posterior.variant
def place_by_place(K, k, y, noise):
    A = K + noise * np.identity(K.shape[0])
    found = [(column @ np.linalg.solve(A, y), 1 - column @ np.linalg.solve(A, column)) for column in k.T]
    mean, var = np.array(found).T
    return mean, np.maximum(var, 0) ** 0.5

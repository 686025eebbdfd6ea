"""Exercise batchnorm_backward: the gradients of batch normalization."""

import numpy as np

from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.batchnorm_forward import batchnorm_forward
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    points=4,
    minutes=20,
    returns=("dz", "dgamma", "dbeta"),
    tolerance=1e-6,
    hints=(
        "dgamma and dbeta are sums over the batch, as for every parameter that all examples share. What of dout reaches z_hat?",
        "dz_hat = gamma * dout. The mean and the variance depend on every z, so their share is taken out: the mean of dz_hat, and z_hat times the mean of dz_hat * z_hat.",
        "dz = (dz_hat - dz_hat.mean(axis=0) - z_hat * (dz_hat * z_hat).mean(axis=0)) / std",
    ),
)
def batchnorm_backward(dout, cache):
    """The gradients of batch normalization.

    dout: (m, n), the gradient by out. cache: what your
    batchnorm_forward returned.
    dbeta = sum of dout, dgamma = sum of dout z_hat,
    both over the batch; with dz_hat = gamma dout,
    dz = 1/std (dz_hat - mean(dz_hat) - z_hat mean(dz_hat z_hat)),
    means over the batch, and std = sqrt(var + eps).
    Returns (dz, dgamma, dbeta) of the shapes (m, n), (n,), (n,).
    """
    z_hat, gamma, std = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * z_hat).sum(axis=0)
    dz_hat = gamma * dout
    dz = (dz_hat - dz_hat.mean(axis=0) - z_hat * (dz_hat * z_hat).mean(axis=0)) / std
    return dz, dgamma, dbeta


@batchnorm_backward.cases
def _(rng):
    for m, n, eps in ((6, 4, 0.1), (3, 5, 0.02), (5, 1, 0.5), (1, 3, 0.2)):
        arguments = (*draw_batch(rng, m, n), eps)
        own = batchnorm_forward(*arguments)[1]
        yield rng.normal(size=(m, n)), EarlierAnswer("batchnorm_forward", arguments, 1, own)


def _backward(dout, cache, *, of_mean=True, of_var=True, gamma_in=True, std_in=True):
    z_hat, gamma, std = cache
    d = gamma * dout if gamma_in else dout
    dz = d - of_mean * d.mean(axis=0) - of_var * z_hat * (d * z_hat).mean(axis=0)
    return dz / std if std_in else dz, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "You treat mean and variance as constants. They depend on every z of the batch: two terms are missing in dz."
)
def constants(dout, cache):
    return _backward(dout, cache, of_mean=False, of_var=False)


@batchnorm_backward.mistake(
    "The share of the variance is missing in dz: subtract z_hat times the mean of dz_hat * z_hat."
)
def without_variance(dout, cache):
    return _backward(dout, cache, of_var=False)


@batchnorm_backward.mistake(
    "The share of the mean is missing in dz: subtract the mean of dz_hat over the batch."
)
def without_mean(dout, cache):
    return _backward(dout, cache, of_mean=False)


@batchnorm_backward.mistake("dz lacks the factor gamma: what reaches z_hat is gamma * dout.")
def without_gamma(dout, cache):
    return _backward(dout, cache, gamma_in=False)


@batchnorm_backward.mistake("dz lacks the factor 1 / std: z_hat moves by that much when z does.")
def without_std(dout, cache):
    return _backward(dout, cache, std_in=False)


@batchnorm_backward.mistake(
    "dgamma and dbeta are means over the batch. They are sums: every example adds its share, and dout already holds the 1/m of the cost."
)
def means(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz, dgamma / len(dout), dbeta / len(dout)


@batchnorm_backward.mistake(
    "dgamma is the sum of dout alone, which is dbeta. Multiply dout by z_hat before you sum."
)
def gamma_as_beta(dout, cache):
    dz, _, dbeta = _backward(dout, cache)
    return dz, dbeta, dbeta


@batchnorm_backward.mistake("dgamma and dbeta are exchanged: return (dz, dgamma, dbeta).")
def swapped(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz, dbeta, dgamma


@batchnorm_backward.mistake(
    "The two terms that are taken out of dz are sums. They are means over the batch: divide by m."
)
def sums_taken_out(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    dz = (d - d.sum(axis=0) - z_hat * (d * z_hat).sum(axis=0)) / std
    return dz, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake("The two terms are added to dz. They are taken out of it: subtract both.")
def terms_added(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    return (
        (d + d.mean(axis=0) + z_hat * (d * z_hat).mean(axis=0)) / std,
        (dout * z_hat).sum(axis=0),
        dout.sum(axis=0),
    )


@batchnorm_backward.mistake(
    "The share of the variance lacks its z_hat: it is z_hat times the mean of dz_hat * z_hat, another number for each example."
)
def variance_share_alike_for_all(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    return (d - d.mean(axis=0) - (d * z_hat).mean(axis=0)) / std, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "dz has the factor gamma twice. dout times gamma is what reaches z_hat; no other gamma comes after it."
)
def gamma_twice(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return cache[1] * dz, dgamma, dbeta


@batchnorm_backward.mistake("dz is divided by the variance. Divide by its root, std, once.")
def std_twice(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz / cache[2], dgamma, dbeta


@batchnorm_backward.mistake(
    "gamma is missing in the two terms that are taken out of dz: the means are of dz_hat = gamma * dout, not of dout."
)
def gamma_in_the_first_term_alone(dout, cache):
    z_hat, gamma, std = cache
    dz = (gamma * dout - dout.mean(axis=0) - z_hat * (dout * z_hat).mean(axis=0)) / std
    return dz, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "dgamma holds gamma as a factor. gamma is what you differentiate by: sum dout * z_hat alone."
)
def gamma_in_dgamma(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz, cache[1] * dgamma, dbeta


@batchnorm_backward.mistake(
    "All three are right and in another order than asked: return dz, then dgamma, then dbeta."
)
def dz_last(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dgamma, dbeta, dz


@batchnorm_backward.mistake(
    "dgamma and dbeta are sums over the units. Every unit has a gamma and a beta of its own: sum over the examples, axis 0."
)
def summed_over_the_units(dout, cache):
    return _backward(dout, cache)[0], (dout * cache[0]).sum(axis=1), dout.sum(axis=1)


@batchnorm_backward.variant
def by_the_other_gradients(dout, cache):
    z_hat, gamma, std = cache
    m = len(dout)
    dbeta, dgamma = np.ones(m) @ dout, np.einsum("ij,ij->j", dout, z_hat)
    return gamma / std * (dout - dbeta / m - z_hat * dgamma / m), dgamma, dbeta


@batchnorm_backward.variant
def by_the_whole_jacobian(dout, cache):
    z_hat, gamma, std = cache
    m, n = dout.shape
    dz = np.empty((m, n))
    for j in range(n):
        jacobian = (np.eye(m) - 1 / m - np.outer(z_hat[:, j], z_hat[:, j]) / m) * gamma[j] / std[j]
        dz[:, j] = jacobian @ dout[:, j]
    return dz, (dout * z_hat).sum(0), dout.sum(0)

"""Exercise batchnorm_backward: the gradients of batch normalization."""

import numpy as np

from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.batchnorm_forward import batchnorm_forward
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    kind="derive",
    points=3,
    minutes=7,
    returns=("dz", "dgamma", "dbeta"),
    tolerance=1e-6,
    hints=(
        "Put your stages into one another, from dz backwards. What is the sum of centred over the batch? And centred is z_hat times std: "
        "what is left of dvar then?",
        "Two numbers a unit are enough, both means over the batch: one of dz_hat, and one of dz_hat times z_hat. The first comes back "
        "through the mean, the second through the variance. dgamma and dbeta are sums over the batch that you can read off out.",
        "dz = (dz_hat - dz_hat.mean(axis=0) - z_hat * (dz_hat * z_hat).mean(axis=0)) / std with dz_hat = gamma * dout; "
        "dgamma = (dout * z_hat).sum(axis=0) and dbeta = dout.sum(axis=0).",
    ),
)
def batchnorm_backward(dout, cache):
    """The gradients of batch normalization, from the cache alone.

    dout: (m, n), the derivative by out. cache: what your
    batchnorm_forward returned (z itself need not be in it).
    dz is the last of your stages. dgamma and dbeta are the derivatives by
    gamma and beta, which all examples of the batch share.
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
    "dz is the derivative for a mean and a variance that are constants. They depend on every z of the batch: two shares are missing."
)
def constants(dout, cache):
    return _backward(dout, cache, of_mean=False, of_var=False)


@batchnorm_backward.mistake("What comes back through the variance is missing in dz: your stages have it.")
def without_variance(dout, cache):
    return _backward(dout, cache, of_var=False)


@batchnorm_backward.mistake("What comes back through the mean is missing in dz: your stages have it.")
def without_mean(dout, cache):
    return _backward(dout, cache, of_mean=False)


@batchnorm_backward.mistake("dz lacks the factor gamma. What reaches z_hat passes through the scale first.")
def without_gamma(dout, cache):
    return _backward(dout, cache, gamma_in=False)


@batchnorm_backward.mistake("dz is not divided by std: z_hat moves by that much less than z.")
def without_std(dout, cache):
    return _backward(dout, cache, std_in=False)


@batchnorm_backward.mistake(
    "dgamma and dbeta are means over the batch. They are sums: every example adds its share, and dout already holds the 1/m of the cost."
)
def means(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz, dgamma / len(dout), dbeta / len(dout)


@batchnorm_backward.mistake(
    "dgamma is the same as dbeta. How much out moves with gamma depends on the example: what multiplies gamma?"
)
def gamma_as_beta(dout, cache):
    dz, _, dbeta = _backward(dout, cache)
    return dz, dbeta, dbeta


@batchnorm_backward.mistake("dgamma and dbeta are exchanged: return (dz, dgamma, dbeta).")
def swapped(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz, dbeta, dgamma


@batchnorm_backward.mistake(
    "What comes back through mean and variance is m times too large: an example has a share of 1/m in both."
)
def sums_taken_out(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    dz = (d - d.sum(axis=0) - z_hat * (d * z_hat).sum(axis=0)) / std
    return dz, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "What comes back through mean and variance has the wrong sign in dz: both shares are subtracted."
)
def terms_added(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    return (
        (d + d.mean(axis=0) + z_hat * (d * z_hat).mean(axis=0)) / std,
        (dout * z_hat).sum(axis=0),
        dout.sum(axis=0),
    )


@batchnorm_backward.mistake(
    "What comes back through the variance is the same for all examples here. An example acts on it the more, the further it is from the mean."
)
def variance_share_alike_for_all(dout, cache):
    z_hat, gamma, std = cache
    d = gamma * dout
    return (d - d.mean(axis=0) - (d * z_hat).mean(axis=0)) / std, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "dz has the factor gamma twice. dout passes through it once, on its way to z_hat."
)
def gamma_twice(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return cache[1] * dz, dgamma, dbeta


@batchnorm_backward.mistake("dz is divided by the variance. Divide by its root, std, once.")
def std_twice(dout, cache):
    dz, dgamma, dbeta = _backward(dout, cache)
    return dz / cache[2], dgamma, dbeta


@batchnorm_backward.mistake(
    "gamma is missing in what comes back through mean and variance: they, too, begin with dz_hat, not with dout."
)
def gamma_in_the_first_term_alone(dout, cache):
    z_hat, gamma, std = cache
    dz = (gamma * dout - dout.mean(axis=0) - z_hat * (dout * z_hat).mean(axis=0)) / std
    return dz, (dout * z_hat).sum(axis=0), dout.sum(axis=0)


@batchnorm_backward.mistake(
    "dgamma holds gamma as a factor. gamma is what you differentiate by: out is linear in it."
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

"""Exercises of lesson 14: batch normalization, forward, backward, at inference, and folded away."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.made import EarlierAnswer

NUMBER = 14
MINUTES = 90


def _batch(rng, m, n):
    """z of very different scale and mean, gamma and beta."""
    z = rng.normal(size=(m, n)) * rng.uniform(0.5, 4, n) + rng.uniform(-3, 3, n)
    return z, rng.uniform(0.5, 2, n), rng.normal(size=n)


# ---------------------------------------------------------------------------------------------------- forward


@exercise(
    points=3,
    minutes=12,
    part=0,
    hints=(
        "Every unit is normalized over the batch: mean and variance run down the columns, over axis 0.",
        "z_hat = (z - mean) / np.sqrt(var + eps). Then each unit gets a scale gamma and a shift beta of its own.",
        "out = gamma * z_hat + beta; return out, (z_hat, gamma, std) with std = np.sqrt(var + eps).",
    ),
)
def batchnorm_forward(z, gamma, beta, eps):
    """Batch normalization of a layer's z, in training (Ioffe and Szegedy 2015).

    z: (m, n), one example a row. gamma, beta: (n,). eps: a small number, inside the root.
    mean and var of each unit over the batch (var divides by m), z_hat = (z - mean) /
    sqrt(var + eps), out = gamma z_hat + beta. Returns (out, cache): out (m, n), and
    whatever batchnorm_backward will need; its layout is up to you. (The course's own cache
    is the tuple (z_hat, gamma, std).)
    """
    mean, var = z.mean(axis=0), z.var(axis=0)
    std = np.sqrt(var + eps)
    z_hat = (z - mean) / std
    return gamma * z_hat + beta, (z_hat, gamma, std)


@batchnorm_forward.cases
def _(rng):
    yield *_batch(rng, 6, 4), 0.1
    yield *_batch(rng, 3, 5), 1e-3
    yield *_batch(rng, 4, 1), 0.5
    z, gamma, beta = _batch(rng, 5, 3)
    yield z * [1.0, 0.0, 1.0] + 1, gamma, beta, 0.2
    yield rng.integers(-5, 5, size=(4, 2)) + np.array([0, 20]), np.array([2, 3]), np.array([1, -1]), 0.25
    yield *_batch(rng, 1, 3), 0.1


def _forward(z, gamma, beta, eps, *, axis=0, ddof=0):
    keep = axis == 1
    mean, var = z.mean(axis=axis, keepdims=keep), z.var(axis=axis, ddof=ddof, keepdims=keep)
    std = np.sqrt(var + eps)
    return gamma * (z - mean) / std + beta, None


@batchnorm_forward.mistake(
    "You normalized each example over its units. That is layer normalization; batch norm goes over the examples, axis 0."
)
def over_the_units(z, gamma, beta, eps):
    return _forward(z, gamma, beta, eps, axis=1)


@batchnorm_forward.mistake("Epsilon is outside the root. It is added to the variance: sqrt(var + eps).")
def eps_outside(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / (z.std(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "You divided by the variance. Its root, the standard deviation, brings z to one scale."
)
def by_the_variance(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / (z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake("The variance is divided by m - 1. Batch norm in training divides by m: ddof 0.")
def unbiased(z, gamma, beta, eps):
    return _forward(z, gamma, beta, eps, ddof=1)


@batchnorm_forward.mistake(
    "gamma and beta are left out: this is z_hat. The network must be able to undo the normalization."
)
def without_scale_and_shift(z, gamma, beta, eps):
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps), None


@batchnorm_forward.mistake(
    "gamma multiplies beta as well: it is gamma * z_hat + beta, not gamma * (z_hat + beta)."
)
def shift_scaled(z, gamma, beta, eps):
    return gamma * ((z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps) + beta), None


@batchnorm_forward.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
def exchanged(z, gamma, beta, eps):
    return _forward(z, beta, gamma, eps)


@batchnorm_forward.mistake("The mean is not subtracted: z - mean comes first.")
def not_centred(z, gamma, beta, eps):
    return gamma * z / np.sqrt(z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "There is one mean and one variance for the whole batch here. Each unit has its own: axis 0."
)
def one_for_all(z, gamma, beta, eps):
    return gamma * (z - z.mean()) / np.sqrt(z.var() + eps) + beta, None


@batchnorm_forward.mistake(
    "Epsilon is missing. A unit that has the same z in every example has the variance 0: divide by sqrt(var + eps)."
)
def without_epsilon(z, gamma, beta, eps):
    return _forward(z, gamma, beta, 0.0)


@batchnorm_forward.mistake(
    "You multiplied by the standard deviation. Divide by it, to bring every unit to one scale."
)
def times_the_std(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) * np.sqrt(z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake(
    "The variance is a sum over the batch here: z_hat shrinks as the batch grows. It is a mean: divide the sum of squares by m."
)
def sum_of_squares(z, gamma, beta, eps):
    return gamma * (z - z.mean(axis=0)) / np.sqrt(len(z) * z.var(axis=0) + eps) + beta, None


@batchnorm_forward.mistake("beta is left out: add it after the scaling.")
def without_beta(z, gamma, beta, eps):
    return _forward(z, gamma, 0 * beta, eps)


@batchnorm_forward.mistake("gamma is left out: multiply z_hat by it.")
def without_gamma_forward(z, gamma, beta, eps):
    return _forward(z, np.ones_like(gamma), beta, eps)


@batchnorm_forward.mistake(
    "z is brought between 0 and 1 by its smallest and largest value. Batch norm takes mean and variance."
)
def between_0_and_1(z, gamma, beta, eps):
    low, high = z.min(axis=0), z.max(axis=0)
    return gamma * (z - low) / (high - low + eps) + beta, None


@batchnorm_forward.variant
def by_sums(z, gamma, beta, eps):
    m = len(z)
    mean = np.ones(m) @ z / m
    centred = z - mean
    scale = gamma / np.sqrt(np.einsum("ij,ij->j", centred, centred) / m + eps)
    return centred * scale + beta, {"centred": centred, "scale": scale}


@batchnorm_forward.variant
def unit_by_unit(z, gamma, beta, eps):
    columns = []
    for column, g, b in zip(np.asarray(z, float).T, gamma, beta, strict=True):
        mean = column.sum() / column.size
        var = ((column - mean) ** 2).sum() / column.size
        columns.append(g * (column - mean) / (var + eps) ** 0.5 + b)
    return np.stack(columns, axis=1), None


# --------------------------------------------------------------------------------------------------- backward


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

    dout: (m, n), the gradient by out. cache: what your batchnorm_forward returned.
    dbeta = sum of dout, dgamma = sum of dout z_hat, both over the batch; with dz_hat =
    gamma dout, dz = 1/std (dz_hat - mean(dz_hat) - z_hat mean(dz_hat z_hat)), means over
    the batch, and std = sqrt(var + eps). Returns (dz, dgamma, dbeta) of the shapes (m, n),
    (n,), (n,).
    """
    z_hat, gamma, std = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * z_hat).sum(axis=0)
    dz_hat = gamma * dout
    dz = (dz_hat - dz_hat.mean(axis=0) - z_hat * (dz_hat * z_hat).mean(axis=0)) / std
    return dz, dgamma, dbeta


@batchnorm_backward.cases
def _(rng):
    for m, n, eps in ((6, 4, 0.1), (3, 5, 0.02), (5, 1, 0.5), (1, 3, 0.2)):
        arguments = (*_batch(rng, m, n), eps)
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


# -------------------------------------------------------------------------------------------------- inference


@exercise(
    points=1,
    minutes=4,
    fresh=True,
    hints=(
        "It is an exponentially weighted average, as in lesson 10. Which share does momentum name in this course?",
        "momentum is the share of the OLD value, 1 - momentum that of the new batch.",
        "return momentum * running + (1 - momentum) * batch",
    ),
)
def update_running(running, batch, momentum):
    """The running average after one more batch.

    running, batch: (n,), the average so far and the statistic of this batch. momentum: the
    share of the OLD value, such as 0.9 (as in Keras; PyTorch's momentum is the share of the
    new one).
    Returns momentum running + (1 - momentum) batch, (n,), a new array.
    """
    return momentum * running + (1 - momentum) * batch


@update_running.cases
def _(rng):
    for n, momentum in ((4, 0.9), (2, 0.99), (3, 0.6), (1, 0.75)):
        yield rng.normal(size=n), 3 + rng.normal(size=n), momentum
    yield rng.integers(-5, 5, 3), rng.integers(6, 12, 3), 0.7
    yield rng.normal(size=3), 3 + rng.normal(size=3), 1.0
    yield rng.normal(size=3), 3 + rng.normal(size=3), 0.0


@update_running.mistake(
    "momentum is the share of the new batch here, as in PyTorch. In this course and in Keras it is that of the old value."
)
def as_pytorch(running, batch, momentum):
    return (1 - momentum) * running + momentum * batch


@update_running.mistake(
    "The new batch enters whole: weigh it with 1 - momentum, or the average grows and grows."
)
def batch_enters_whole(running, batch, momentum):
    return momentum * running + batch


@update_running.mistake("The old value stays whole: weigh it with momentum.")
def old_stays_whole(running, batch, momentum):
    return running + (1 - momentum) * batch


@update_running.mistake("This is the plain mean of old and new. Use momentum and 1 - momentum as weights.")
def plain_mean(running, batch, momentum):
    return (running + batch) / 2


@update_running.mistake("This is the value of the batch alone: what came before is forgotten.")
def forgets(running, batch, momentum):
    return batch * 1.0


@update_running.mistake(
    "The numbers are right, but `*=` or `+=` changed the caller's running average (and fails on whole numbers): make a new array."
)
def running_in_place(running, batch, momentum):
    running *= momentum
    running += (1 - momentum) * batch
    return running


@update_running.mistake("The new batch is subtracted. An average adds both, each with its share.")
def batch_subtracted(running, batch, momentum):
    return momentum * running - (1 - momentum) * batch


@update_running.mistake(
    "Old and new have the same share, momentum. The new batch has the rest: 1 - momentum."
)
def one_share_for_both(running, batch, momentum):
    return momentum * (running + batch)


@update_running.mistake(
    "With whole numbers, what stands behind the point is lost: an array made by zeros_like or copy from whole numbers holds whole numbers only."
)
def running_cut_off(running, batch, momentum):
    new = np.zeros_like(running)
    new[...] = momentum * running + (1 - momentum) * batch
    return new


@update_running.mistake(
    "With momentum 1 or 0 you return the array that you were given, and what is done to the result is done to it as well. Return a new array."
)
def no_new_array_at_the_ends(running, batch, momentum):
    if momentum in (0, 1):
        return running if momentum else batch
    return momentum * running + (1 - momentum) * batch


@update_running.variant
def by_difference(running, batch, momentum):
    return running + (1 - momentum) * (batch - running)


@update_running.variant
def by_stack(running, batch, momentum):
    return np.average([running, batch], axis=0, weights=[momentum, 1 - momentum])


@exercise(
    points=2,
    minutes=6,
    hints=(
        "At inference nothing may depend on the other examples of the batch. What takes the place of their mean and variance?",
        "The same formula, with the running averages in the place of the batch's own statistics.",
        "return gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta",
    ),
)
def batchnorm_inference(z, running_mean, running_var, gamma, beta, eps):
    """Batch normalization at inference, with the statistics collected in training.

    z: (m, n), m may be 1. running_mean, running_var, gamma, beta: (n,).
    eps: a small number, inside the root.
    Returns gamma (z - running_mean) / sqrt(running_var + eps) + beta, (m, n).
    """
    return gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta


@batchnorm_inference.cases
def _(rng):
    for m, n, eps in ((5, 4, 0.1), (1, 3, 0.02), (3, 1, 0.5)):
        z, gamma, beta = _batch(rng, m, n)
        yield z, rng.normal(size=n), rng.uniform(0.3, 3, n), gamma, beta, eps
    whole = rng.integers(-5, 5, size=(4, 2))
    yield whole, np.array([1, 2]), np.array([4, 2]), np.array([2, 3]), np.array([1, -1]), 0.25


def _inference(z, mean, var, gamma, beta, eps):
    return gamma * (z - mean) / np.sqrt(var + eps) + beta


@batchnorm_inference.mistake(
    "You used the statistics of this batch. At inference a single example would become beta, whatever it is: use the running ones."
)
def batch_statistics(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, z.mean(axis=0), z.var(axis=0), gamma, beta, eps)


@batchnorm_inference.mistake("The mean is the running one, but the variance is that of this batch.")
def variance_of_the_batch(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, z.var(axis=0), gamma, beta, eps)


@batchnorm_inference.mistake(
    "Epsilon is outside the root. It is added to the variance, at inference as in training."
)
def inference_eps_outside(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / (np.sqrt(running_var) + eps) + beta


@batchnorm_inference.mistake("You divided by the variance: its root is missing.")
def inference_without_root(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / (running_var + eps) + beta


@batchnorm_inference.mistake(
    "gamma and beta are left out. They were learned in training and belong to inference as well."
)
def inference_without_scale(z, running_mean, running_var, gamma, beta, eps):
    return (z - running_mean) / np.sqrt(running_var + eps)


@batchnorm_inference.mistake(
    "Epsilon is left out. A unit with a running variance near 0 would blow up, and the numbers differ from training's."
)
def inference_without_eps(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) / np.sqrt(running_var) + beta


@batchnorm_inference.mistake("The mean is not subtracted: z - running_mean comes first.")
def inference_not_centred(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, 0, running_var, gamma, beta, eps)


@batchnorm_inference.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
def inference_exchanged(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, running_var, beta, gamma, eps)


@batchnorm_inference.mistake("gamma multiplies beta as well: beta is added at the end and stays as it is.")
def inference_shift_scaled(z, running_mean, running_var, gamma, beta, eps):
    return gamma * ((z - running_mean) / np.sqrt(running_var + eps) + beta)


@batchnorm_inference.mistake("The variance is the running one, but the mean is that of this batch.")
def mean_of_the_batch(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, z.mean(axis=0), running_var, gamma, beta, eps)


@batchnorm_inference.mistake("You multiplied by the root of the running variance. Divide by it.")
def inference_times_std(z, running_mean, running_var, gamma, beta, eps):
    return gamma * (z - running_mean) * np.sqrt(running_var + eps) + beta


@batchnorm_inference.mistake("beta is left out: add it after the scaling.")
def inference_without_beta(z, running_mean, running_var, gamma, beta, eps):
    return _inference(z, running_mean, running_var, gamma, 0 * beta, eps)


@batchnorm_inference.variant
def as_scale_and_shift(z, running_mean, running_var, gamma, beta, eps):
    scale = gamma * (running_var + eps) ** -0.5
    return z * scale + (beta - running_mean * scale)


@batchnorm_inference.variant
def example_by_example(z, running_mean, running_var, gamma, beta, eps):
    return np.array([gamma * ((x - running_mean) / np.sqrt(running_var + eps)) + beta for x in z])


@exercise(
    points=3,
    minutes=10,
    returns=("W", "b"),
    fresh=True,
    hints=(
        "At inference, batch norm multiplies z by a constant and adds another. z = x W + b is linear, too.",
        "scale = gamma / np.sqrt(var + eps), one number a unit, multiplies each COLUMN of W. What happens to b - mean?",
        "return W * scale, (b - mean) * scale + beta",
    ),
)
def fold_batchnorm(W, b, mean, var, gamma, beta, eps):
    """One dense layer that does what a dense layer and batch norm at inference do together.

    W: (n_in, n), b: (n,), where z = x W + b. mean, var: (n,), the running averages.
    gamma, beta: (n,). eps: a small number, inside the root.
    scale = gamma / sqrt(var + eps); W_folded = W scale (column by column), and
    b_folded = (b - mean) scale + beta. Returns (W_folded, b_folded), new arrays.
    """
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.cases
def _(rng):
    for n_in, n, eps in ((4, 3, 0.1), (3, 3, 0.02), (1, 4, 0.5), (5, 1, 0.2)):
        W = rng.normal(size=(n_in, n))
        b, mean, beta = rng.normal(size=(3, n))
        yield W, b, mean, rng.uniform(0.3, 3, n), rng.uniform(0.5, 2, n), beta, eps
    W, b, mean = rng.integers(-5, 5, size=(3, 2)), np.array([2, -3]), np.array([1, 2])
    yield W, b, mean, np.array([4, 2]), np.array([2, 3]), np.array([1, -1]), 0.25
    ones, zeros = np.ones(2), np.zeros(2)
    yield (
        rng.normal(size=(3, 2)),
        rng.normal(size=2),
        zeros,
        0.75 * ones,
        ones,
        zeros,
        0.25,
    )  # nothing to scale or shift


def _fold(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "The old bias b is dropped. It goes through the normalization, too: (b - mean) * scale + beta."
)
def drops_b(W, b, mean, var, gamma, beta, eps):
    return _fold(W, 0 * b, mean, var, gamma, beta, eps)


@fold_batchnorm.mistake(
    "b is added after the scaling. It was part of z, so it is scaled as z is: (b - mean) * scale + beta."
)
def b_not_scaled(W, b, mean, var, gamma, beta, eps):
    W_folded, shift = _fold(W, 0 * b, mean, var, gamma, beta, eps)
    return W_folded, shift + b


@fold_batchnorm.mistake("The mean is added. It is subtracted from z, so from b: (b - mean) * scale + beta.")
def mean_added(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, -mean, var, gamma, beta, eps)


@fold_batchnorm.mistake("beta is scaled as well. It is added after the normalization and stays as it is.")
def beta_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean + beta) * scale


@fold_batchnorm.mistake("gamma is left out of the scale: it is gamma / sqrt(var + eps).")
def fold_without_gamma(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, np.ones_like(gamma), beta, eps)


@fold_batchnorm.mistake("You divided by var + eps: the root is missing.")
def fold_without_root(W, b, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake("Only b was folded. The scale belongs to the weights as well: W * scale.")
def weights_left_alone(W, b, mean, var, gamma, beta, eps):
    return W * 1.0, _fold(W, b, mean, var, gamma, beta, eps)[1]


@fold_batchnorm.mistake("Epsilon is outside the root. It is added to the variance: gamma / sqrt(var + eps).")
def fold_eps_outside(W, b, mean, var, gamma, beta, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "Epsilon is left out: the folded layer then differs from the two layers. The scale is gamma / sqrt(var + eps)."
)
def fold_without_eps(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, 0.0)


@fold_batchnorm.mistake(
    "You scale the rows of W. A unit is a column here, and the scale has one number for each unit: W * scale."
)
def rows_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale[:, None], (b - mean) * scale + beta


@fold_batchnorm.mistake("Both are right and in the wrong order: return W first, then b.")
def fold_order_of_two(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, eps)[::-1]


@fold_batchnorm.mistake("beta is left out of the new bias: (b - mean) * scale + beta.")
def fold_without_beta(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, 0 * beta, eps)


@fold_batchnorm.mistake("The mean is left out of the new bias: (b - mean) * scale + beta.")
def fold_without_mean(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, 0 * mean, var, gamma, beta, eps)


@fold_batchnorm.mistake(
    "The mean is subtracted after the scaling. It is subtracted from z, before: (b - mean) * scale + beta."
)
def mean_not_scaled(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b * scale - mean + beta


@fold_batchnorm.mistake(
    "You divided W and the bias by the scale. The normalization multiplies z by gamma / sqrt(var + eps)."
)
def fold_divides(W, b, mean, var, gamma, beta, eps):
    scale = np.sqrt(var + eps) / gamma
    return W * scale, (b - mean) * scale + beta


@fold_batchnorm.mistake(
    "Only W was folded. b goes through the normalization as well: (b - mean) * scale + beta."
)
def bias_left_alone(W, b, mean, var, gamma, beta, eps):
    return _fold(W, b, mean, var, gamma, beta, eps)[0], b * 1.0


@fold_batchnorm.mistake(
    "The numbers are right, but `*=`, `-=` or `+=` changed the caller's W or b (and fails on whole numbers): the layer that is folded is "
    "still in use. Make new arrays."
)
def folded_in_place(W, b, mean, var, gamma, beta, eps):
    scale = gamma / np.sqrt(var + eps)
    W *= scale
    b -= mean
    b *= scale
    b += beta
    return W, b


@fold_batchnorm.variant
def by_a_diagonal_matrix(W, b, mean, var, gamma, beta, eps):
    D = np.diag(gamma / np.sqrt(var + eps))
    return W @ D, (b - mean) @ D + beta


@fold_batchnorm.variant
def by_probing(W, b, mean, var, gamma, beta, eps):
    def layer(x):
        return gamma * (x @ W + b - mean) / np.sqrt(var + eps) + beta

    at_zero = layer(np.zeros((1, len(W))))
    return layer(np.eye(len(W))) - at_zero, at_zero[0]


why_the_bias_is_redundant = question(
    "A dense layer stands before batch norm. Why may its bias b be left out?",
    wrong(
        "Because it starts at zero and stays there",
        "It would be trained like any other. It just has no effect.",
    ),
    right(
        "Subtracting the batch's mean takes out any constant that was added to z",
        "z + b has the mean mean + b, so b cancels. beta does its work after the normalization.",
    ),
    wrong(
        "Because gamma multiplies it away",
        "gamma scales what is left after the mean has gone, and b has gone with it.",
    ),
    wrong("Because a network with batch norm needs no shift at all", "It does, and that is beta's job."),
)

one_example_at_inference = question(
    "A network in training mode is given a batch of ONE example. What comes out of a batch norm layer?",
    wrong("The example, properly normalized", "With one example, the mean is the example itself."),
    wrong("An error: the variance of one example is not defined", "With ddof 0 it is defined, and it is 0."),
    wrong(
        "The running average",
        "That would be inference mode. In training mode the batch's own statistics are used.",
    ),
    right(
        "beta, whatever the example is",
        "z minus its own mean is 0, so gamma z_hat is 0 and beta remains. All information is lost.",
    ),
)

what_normalizes_less = question(
    "You halve the batch size in a network with batch norm. What happens to the noise that it adds to each example?",
    right(
        "It grows: the mean and variance of fewer examples fluctuate more from batch to batch",
        "That noise is the slight regularization batch norm is known for. Tiny batches make it too much.",
    ),
    wrong(
        "It shrinks: fewer examples disturb each other",
        "Each example counts more in the mean, so it fluctuates more.",
    ),
    wrong(
        "Nothing: mean and variance are normalized anyway",
        "The output's are. The statistics used for it are estimates, and estimates fluctuate.",
    ),
    wrong("It vanishes, since the running averages take over", "They are used at inference only."),
)

which_momentum = question(
    "In PyTorch a layer has momentum=0.01. Which momentum has the same running averages in this course and in Keras?",
    wrong("0.01", "There, momentum is the share of the new batch; here it is that of the old value."),
    wrong("0.1", "That is no more than PyTorch's default, under its own convention."),
    right("0.99", "The share of the old value is 1 - 0.01."),
    wrong(
        "There is none",
        "Both are the same weighted average, named by different shares. (Only PyTorch's variance is the unbiased one.)",
    ),
)

"""Exercise mc_dropout_predict: Monte Carlo dropout: mean and spread of many predictions, made with dropout left on."""

import copy

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.dropout.given import NoisyNetwork, NoisyReading


@exercise(
    points=2,
    minutes=4,
    returns=("mean", "std"),
    hints=(
        "Every call forward(x, rng) is one thinned network's answer. Collect n_samples of them.",
        "Stack the answers along a new first axis; then take the mean and the standard deviation over "
        "that axis.",
        "Make an array of the list [forward(x, rng) for _ in range(n_samples)], then take its mean and std with axis=0.",
    ),
)
def mc_dropout_predict(forward, x, n_samples, rng):
    """Monte Carlo dropout: mean and spread of many predictions,
    made with dropout left on.

    forward: a function, forward(x, rng) is one prediction with dropout
    on, different at each call; its shape is any, often (m, n_classes).
    x: the inputs, handed on to forward as they are.
    n_samples: how often to call forward; rng: the random generator,
    handed to forward at each call.
    Returns (mean, std): two arrays of a prediction's shape, mean and
    standard deviation over the samples for each entry. The spread of these
    very samples is asked for: nothing is corrected for their number.
    Source: Gal & Ghahramani 2016.
    """
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.cases
def _(rng):
    def network(n_x, n_h, n_y):
        return NoisyNetwork(rng.normal(size=(n_x, n_h)), rng.normal(size=(n_h, n_y)), 0.5)

    yield network(3, 6, 2), rng.normal(size=(4, 3)), 5, _generator(rng)
    yield network(2, 5, 3), rng.normal(size=(1, 2)), 3, _generator(rng)
    yield NoisyReading(2.0), rng.normal(size=4), 7, _generator(rng)
    yield NoisyReading(0.5), rng.integers(1, 9, size=(3, 2)), 24, _generator(rng)
    yield network(2, 4, 2), rng.normal(size=(3, 2)), 1, _generator(rng)


def _generator(rng):
    return np.random.default_rng(rng.integers(2**32))


@mc_dropout_predict.mistake("The mean is right; the spread is the variance. Take its square root.")
def mc_variance(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.var(axis=0)


@mc_dropout_predict.mistake(
    "You divided by n_samples - 1 (ddof=1). Here the spread is that of the samples at hand: divide by "
    "n_samples."
)
def mc_one_less(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0, ddof=1)


@mc_dropout_predict.mistake(
    "You divided the spread by the root of n_samples. That is how well the mean is known, and it goes to "
    "0 with "
    "more samples; asked is how far the predictions lie apart."
)
def mc_standard_error(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0) / np.sqrt(n_samples)


def _no_spread(arguments, result):
    shape = arguments["forward"](arguments["x"], np.random.default_rng(0)).shape
    return arguments["n_samples"] > 1 and np.shape(result[1]) == shape and np.max(np.abs(result[1])) < 1e-12


@mc_dropout_predict.mistake(
    "The spread is 0 everywhere, often because all samples are the same. Call forward anew for every sample, each time "
    "with the rng from the argument: its next draws are different ones.",
    symptom=_no_spread,
)
def mc_same_sample(forward, x, n_samples, rng):
    samples = np.array([forward(x, np.random.default_rng(0)) for _ in range(n_samples)])
    return samples.mean(axis=0), np.zeros_like(samples[0])


@mc_dropout_predict.mistake(
    "You averaged over everything. Every entry of the prediction has a mean and a spread of its own: "
    "average over the samples only."
)
def mc_over_everything(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(), samples.std()


@mc_dropout_predict.mistake(
    "You averaged each prediction over its last axis, so one number a sample is left. "
    "Average over the samples, which are the first axis of the stack."
)
def mc_over_last_axis(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=-1), samples.std(axis=-1)


@mc_dropout_predict.mistake("You took n_samples + 1 samples. Take n_samples of them.")
def mc_one_too_many(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples + 1)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake(
    "You returned the sum of the samples where their mean is asked. Divide it by n_samples."
)
def mc_sum(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.sum(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake("The two parts are in the wrong order: first the mean, then the spread.")
def mc_swapped(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.std(axis=0), samples.mean(axis=0)


def _other_draws(arguments, result):
    """Mean and spread as they should be, give or take what other draws may change: six standard errors."""
    forward, x, n = arguments["forward"], arguments["x"], arguments["n_samples"]
    known = isinstance(forward, NoisyReading) and n >= 24  # the true mean is x, the true spread is noise
    right = mc_dropout_predict(forward, x, n, copy.deepcopy(arguments["rng"]))
    other = known and all(not np.isclose(*parts).any() for parts in zip(result, right, strict=True))
    near = other and np.abs(result[0] - x) < 6 * forward.noise / np.sqrt(n)
    return np.all(near) and np.all(np.abs(result[1] / forward.noise - 1) < 0.8)


@mc_dropout_predict.mistake("You took n_samples - 1 samples. Take n_samples of them.")
def mc_one_too_few(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples - 1)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake(
    "You averaged over axis 1 of the stack, which is the prediction's first axis. The samples are axis 0."
)
def mc_over_the_examples(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=1), samples.std(axis=1)


@mc_dropout_predict.mistake("The spread is 1.96 standard deviations, as for a 95 % interval. Return one.")
def mc_interval(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), 1.96 * samples.std(axis=0)


@mc_dropout_predict.mistake("The first part is the median of the samples. Return their mean.")
def mc_median(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return np.median(samples, axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake("The spread is the mean distance from the mean. Return the standard deviation.")
def mc_mean_distance(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), np.abs(samples - samples.mean(axis=0)).mean(axis=0)


@mc_dropout_predict.mistake(
    "These look like other samples than the first n_samples that rng gives, often because they come from another "
    "generator. Hand the rng from the argument to forward, n_samples times: only then can somebody repeat your "
    "prediction.",
    symptom=_other_draws,
)
def mc_own_generator(forward, x, n_samples, rng):
    own = np.random.default_rng(7)
    samples = np.array([forward(x, own) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake(
    "The spread is divided by n_samples. The standard deviation of the samples is asked for."
)
def mc_over_n(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0) / n_samples


@mc_dropout_predict.variant
def mc_running_sums(forward, x, n_samples, rng):
    total, squares = 0, 0
    for _ in range(n_samples):
        sample = forward(x, rng)
        total, squares = total + sample, squares + sample**2
    mean = total / n_samples
    return mean, np.sqrt(np.maximum(squares / n_samples - mean**2, 0))


@mc_dropout_predict.variant
def mc_welford(forward, x, n_samples, rng):
    mean = np.array(forward(x, rng), float)
    spread = np.zeros_like(mean)
    for k in range(2, n_samples + 1):
        sample = forward(x, rng)
        step = sample - mean
        mean = mean + step / k
        spread = spread + step * (sample - mean)
    return [mean, (spread / n_samples) ** 0.5]

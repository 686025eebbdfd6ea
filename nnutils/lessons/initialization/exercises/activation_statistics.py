"""Exercise activation_statistics: mean and standard deviation of the activations, layer by layer."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.initialization.given import Bent, Tanh

# activation_statistics ---------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Send x through the layers one after the other, and look at it after each of them.",
        "A layer is activation(x @ W). Its result is what the next layer gets.",
        "In a loop over the weights: x = activation(x @ W), then append (x.mean(), x.std()).",
    ),
)
def activation_statistics(weights, x, activation):
    """Mean and standard deviation of the activations, layer by layer.

    weights: a list of matrices W, (n_in, n_out), one a layer;
    there are no biases. x: (m, n_x), one example a row.
    activation: takes an array and returns one of its shape.
    Returns a list with one pair (mean, std) for each layer,
    each over all entries of a (that is, over examples and units together),
    std with the divisor m n_out. x itself is not counted.
    """
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), x.std()))
    return statistics


def _statistics(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), x.std()))
    return statistics


def _layers(rng, *sizes):
    return [rng.normal(0.2, 1.2, size=pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]


@activation_statistics.cases
def _(rng):
    yield _layers(rng, 3, 5, 4, 2), rng.normal(0.3, 1.5, size=(7, 3)), Tanh(1.5)
    yield _layers(rng, 4, 3, 6), rng.normal(size=(5, 4)), Bent(0.3, 0.4)
    whole = [rng.permutation(np.arange(-5, 7)).reshape(3, 4), rng.permutation(np.arange(-3, 5)).reshape(4, 2)]
    yield whole, rng.integers(1, 5, size=(4, 3)), Bent(0.1, 0.5)
    yield _layers(rng, 2, 6), rng.normal(size=(3, 2)), Tanh(2.0)
    yield _layers(rng, 5, 3, 1), rng.normal(size=(1, 5)), Bent(0.2, -0.3)


@activation_statistics.mistake(
    "These are the numbers of z = x @ W. The activation comes first: measure a = activation(z)."
)
def before_the_activation(weights, x, activation):
    statistics = []
    for W in weights:
        z = x @ W
        statistics.append((z.mean(), z.std()))
        x = activation(z)
    return statistics


@activation_statistics.mistake(
    "The input x is counted as a layer. The list begins with the first layer's activations."
)
def input_counted(weights, x, activation):
    return [(x.mean(), x.std()), *_statistics(weights, x, activation)]


@activation_statistics.mistake(
    "Each pair is measured before its layer: the list begins with the input and misses the last layer. "
    "Compute the layer first, then append."
)
def one_layer_late(weights, x, activation):
    statistics = []
    for W in weights:
        statistics.append((x.mean(), x.std()))
        x = activation(x @ W)
    return statistics


@activation_statistics.mistake(
    "These are mean and variance. The standard deviation is its root: a.std() instead of a.var()."
)
def variances(weights, x, activation):
    return [(mean, std**2) for mean, std in _statistics(weights, x, activation)]


@activation_statistics.mistake("The pairs are (std, mean). The mean stands first.")
def exchanged(weights, x, activation):
    return [(std, mean) for mean, std in _statistics(weights, x, activation)]


@activation_statistics.mistake(
    "The activation is missing: this is x @ W, layer after layer, one long linear map."
)
def linear(weights, x, activation):
    return _statistics(weights, x, lambda z: z)


@activation_statistics.mistake(
    "The last layer has no activation here. In this exercise every layer has one, the last as well."
)
def last_layer_linear(weights, x, activation):
    *hidden, last = weights
    statistics = _statistics(hidden, x, activation)
    for W in hidden:
        x = activation(x @ W)
    z = x @ last
    return [*statistics, (z.mean(), z.std())]


@activation_statistics.mistake(
    "The standard deviation is divided by the count minus one. Take x.std(), whose divisor is the count."
)
def count_minus_one(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), x.std(ddof=1)))
    return statistics


@activation_statistics.mistake(
    "This is the mean of each unit's own standard deviation over the examples. Take one over all entries."
)
def unit_by_unit(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), x.std(axis=0).mean()))
    return statistics


@activation_statistics.mistake(
    "This is the root mean square. The standard deviation is measured from the mean, not from zero."
)
def root_mean_square(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), np.sqrt((x**2).mean())))
    return statistics


@activation_statistics.mistake(
    "These are two lists, all means and all standard deviations. Return one list with a pair (mean, std) for each layer."
)
def lists_of_each(weights, x, activation):
    return [list(part) for part in zip(*_statistics(weights, x, activation), strict=True)]


@activation_statistics.mistake(
    "These are arrays, a mean and a standard deviation for each unit. Take one of each over all entries: x.mean(), x.std()."
)
def arrays_of_units(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(axis=0), x.std(axis=0)))
    return statistics


@activation_statistics.mistake(
    "This is the mean of each example's own standard deviation over the units. Take one over all entries."
)
def example_by_example(weights, x, activation):
    statistics = []
    for W in weights:
        x = activation(x @ W)
        statistics.append((x.mean(), x.std(axis=1).mean()))
    return statistics


@activation_statistics.mistake("The activation is applied twice in each layer. a = activation(x @ W), once.")
def activated_twice(weights, x, activation):
    return _statistics(weights, x, lambda z: activation(activation(z)))


@activation_statistics.mistake(
    "Every layer gets the input x, whose width fits the first one alone. Hand each layer's activations on to the next."
)
def input_for_every_layer(weights, x, activation):
    statistics = []
    for W in weights:
        a = activation(x @ W)
        statistics.append((a.mean(), a.std()))
    return statistics


@activation_statistics.mistake(
    "The next layer gets z = x @ W instead of the activations. Hand on what the activation returns."
)
def activation_not_handed_on(weights, x, activation):
    statistics = []
    for W in weights:
        x = x @ W
        statistics.append((activation(x).mean(), activation(x).std()))
    return statistics


@activation_statistics.variant
def activations_first(weights, x, activation):
    activations = [np.asarray(x)]
    while len(activations) <= len(weights):
        activations.append(activation(np.matmul(activations[-1], weights[len(activations) - 1])))
    return np.array([[a.mean(), np.sqrt(((a - a.mean()) ** 2).mean())] for a in activations[1:]])


@activation_statistics.variant
def recursive(weights, x, activation):
    def after(W, *rest, a):
        a = activation(np.einsum("mi,io->mo", a, W))
        return [(np.mean(a), np.var(a) ** 0.5)] + (after(*rest, a=a) if rest else [])

    return after(*weights, a=x)

"""Exercises of lesson 07: a signal through many layers, the weights that keep its size, and clipped gradients."""

import numpy as np

from nnutils.checks.exercise import exercise, question, raises, right, wrong
from nnutils.givens.initialization import Bent, Tanh

NUMBER = 7
MINUTES = 90

# activation_statistics ---------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Send x through the layers one after the other, and look at it after each of them.",
        "A layer is activation(x @ W). Its result is what the next layer gets.",
        "In a loop over the weights: x = activation(x @ W), then append (x.mean(), x.std()).",
    ),
)
def activation_statistics(weights, x, activation):
    """Mean and standard deviation of the activations, layer by layer.

    weights: a list of matrices W, (n_in, n_out), one a layer; there are no biases. x: (m,
    n_x), one example a row. activation: a function that takes z = a_before W, (m, n_out),
    and returns a of the same shape.
    Returns a list with one pair (mean, std) for each layer, each over all entries of a
    (that is, over examples and units together), std with the divisor m n_out. x itself is
    not counted.
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


# init_std ----------------------------------------------------------------------------------------------------


@exercise(
    points=1,
    minutes=4,
    hints=(
        "Each of the three is the root of a variance. Which of them knows fan_out?",
        "The variances are 2 / fan_in, 2 / (fan_in + fan_out) and 1 / fan_in.",
        'For "he" return np.sqrt(2 / fan_in), for "glorot" and "lecun" their own; after that raise ValueError.',
    ),
)
def init_std(fan_in, fan_out, scheme):
    """The standard deviation of a layer's initial weights.

    fan_in, fan_out: how many inputs and outputs the layer has. scheme: a string,
    "he":     sqrt(2 / fan_in), for ReLU (He et al. 2015),
    "glorot": sqrt(2 / (fan_in + fan_out)), for tanh (Glorot & Bengio 2010),
    "lecun":  sqrt(1 / fan_in), for SELU (LeCun et al. 1998).
    Returns a float. Any other scheme is a ValueError.
    """
    if scheme == "he":
        return np.sqrt(2 / fan_in)
    if scheme == "glorot":
        return np.sqrt(2 / (fan_in + fan_out))
    if scheme == "lecun":
        return np.sqrt(1 / fan_in)
    raise ValueError(f"unknown scheme {scheme!r}")


def _fans(rng):
    """Numbers of inputs and outputs, very different."""
    return int(rng.integers(10, 60)), int(rng.integers(100, 400))


@init_std.cases
def _(rng):
    narrow, wide = _fans(rng)
    yield narrow, wide, "he"
    yield narrow, wide, "glorot"
    yield narrow, wide, "lecun"
    yield wide, narrow, "glorot"
    yield wide, narrow, "he"
    yield wide, 1, "lecun"
    yield raises(ValueError, narrow, wide, "other")


def _variance(fan_in, fan_out, scheme):
    known = {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}
    if scheme not in known:
        raise ValueError(scheme)
    return known[scheme]


def _told_by_its_numbers(sentence):
    """A mistake of init_std that is told by its numbers, whatever comes of a scheme that is not known."""

    def add(wrong):
        def shows(a, r):
            mine, right = np.array(wrong(*a.values())), init_std(*a.values())
            return np.isclose(r, mine, 1e-6, 0) and not np.isclose(r, right, 1e-6, 0)

        return init_std.mistake(sentence, symptom=shows)(wrong)

    return add


@_told_by_its_numbers("These are the variances. The standard deviation is the root of it.")
def the_variance(fan_in, fan_out, scheme):
    return _variance(fan_in, fan_out, scheme)


@_told_by_its_numbers(
    "fan_in and fan_out are exchanged. A sum z runs over the inputs, so fan_in decides how large it gets."
)
def with_fan_out(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_out, fan_in, scheme))


@_told_by_its_numbers(
    "He's numbers lack the 2: ReLU sets half of the signal to zero, and the 2 makes up for it. "
    "Without it this is LeCun's scheme."
)
def he_without_two(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, "lecun" if scheme == "he" else scheme))


@_told_by_its_numbers(
    "Glorot's numbers lack the 2: the variance is 1 over the MEAN of fan_in and fan_out, 2 / (fan_in + fan_out)."
)
def glorot_without_two(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) / (2 if scheme == "glorot" else 1))


@_told_by_its_numbers(
    "Glorot's numbers are the limit sqrt(6 / (fan_in + fan_out)) of uniform draws. "
    "Their standard deviation is the limit divided by the root of 3."
)
def limit_of_uniform(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) * (3 if scheme == "glorot" else 1))


@_told_by_its_numbers(
    "Glorot's numbers have fan_in * fan_out below the line. Add the fans: 2 / (fan_in + fan_out)."
)
def product_of_fans(fan_in, fan_out, scheme):
    return np.sqrt(2 / (fan_in * fan_out) if scheme == "glorot" else _variance(fan_in, fan_out, scheme))


@_told_by_its_numbers("The root covers the numerator alone. It belongs over the whole fraction.")
def root_of_the_two(fan_in, fan_out, scheme):
    variance = _variance(fan_in, fan_out, scheme)
    return variance / np.sqrt(1 if scheme == "lecun" else 2)


@_told_by_its_numbers("This is He's standard deviation for every scheme. Look at `scheme`.")
def always_he(fan_in, fan_out, scheme):
    return np.sqrt(2 / fan_in)


@init_std.mistake(
    'Any scheme that is neither "he" nor "glorot" gets LeCun\'s number, a misspelled one, too. Ask for "lecun" by name and raise '
    "a ValueError for everything else."
)
def any_other_is_lecun(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme if scheme in ("he", "glorot") else "lecun"))


@init_std.mistake(
    "For a scheme that it does not know it returns None, and the error shows up far away. Raise a ValueError at the end."
)
def none_for_any_other(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme)) if scheme in ("he", "glorot", "lecun") else None


@_told_by_its_numbers(
    "Glorot's numbers are 1 over the root of fan_in. Some courses call that Xavier; Glorot's variance is "
    "2 / (fan_in + fan_out)."
)
def glorot_by_fan_in(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, "lecun" if scheme == "glorot" else scheme))


@_told_by_its_numbers("All of them come out as 0: 2 // fan_in is rounded down. Fractions need /.")
def rounded_to_zero(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) // 1)


@_told_by_its_numbers("This is Glorot's standard deviation for every scheme. Look at `scheme`.")
def always_glorot(fan_in, fan_out, scheme):
    return np.sqrt(2 / (fan_in + fan_out))


@_told_by_its_numbers(
    "He's numbers are the limit sqrt(6 / fan_in) of uniform draws. Their standard deviation is the limit divided by the "
    "root of 3."
)
def limit_of_he(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) * (3 if scheme == "he" else 1))


@_told_by_its_numbers(
    "He's numbers have the mean of fan_in and fan_out below the line. He's variance is 2 / fan_in."
)
def he_by_both_fans(fan_in, fan_out, scheme):
    return np.sqrt(4 / (fan_in + fan_out) if scheme == "he" else _variance(fan_in, fan_out, scheme))


@_told_by_its_numbers("The numbers of He and LeCun are exchanged: the 2 belongs to ReLU, which is He's.")
def he_and_lecun_exchanged(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, {"he": "lecun", "lecun": "he"}.get(scheme, scheme)))


@init_std.mistake(
    "A scheme that it does not know ends in a KeyError, the table's own. Ask whether it is in the table, and raise a "
    "ValueError where it is not."
)
def key_error(fan_in, fan_out, scheme):
    return {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}[scheme] ** 0.5


@init_std.variant
def from_a_table(fan_in, fan_out, scheme):
    table = {"he": (2, fan_in), "glorot": (2, fan_in + fan_out), "lecun": (1, fan_in)}
    if scheme not in table:
        raise ValueError(scheme)
    above, below = table[scheme]
    return (above / below) ** 0.5


@init_std.variant
def by_matching(fan_in, fan_out, scheme):
    match scheme:
        case "lecun":
            return float(fan_in) ** -0.5
        case "he":
            return 1 / np.sqrt(fan_in / 2)
        case "glorot":
            return 1 / np.sqrt(np.mean([fan_in, fan_out]))
    raise ValueError("he, glorot or lecun")


# initialize --------------------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=8,
    hints=(
        "A layer lies between two neighbours of layer_sizes: zip(layer_sizes[:-1], layer_sizes[1:]).",
        "rng.normal(0, std, size=(n_in, n_out)) draws a layer's weights; its std is init_std's.",
        "For each pair append (rng.normal(0, init_std(n_in, n_out, scheme), (n_in, n_out)), np.zeros(n_out)).",
    ),
)
def initialize(layer_sizes, scheme, rng):
    """The initial parameters of a network of dense layers.

    layer_sizes: the inputs first, the outputs last, so [64, 32, 10] are two layers. scheme:
    "he", "glorot" or "lecun". rng: a np.random.Generator.
    Returns a list of pairs (W, b), one a layer: W (n_in, n_out), every entry drawn by
    itself from a normal distribution with mean 0 and the standard deviation init_std(n_in,
    n_out, scheme); b (n_out,), zeros.
    """
    parameters = []
    for n_in, n_out in zip(layer_sizes[:-1], layer_sizes[1:], strict=True):
        W = rng.normal(0, init_std(n_in, n_out, scheme), size=(n_in, n_out))
        parameters.append((W, np.zeros(n_out)))
    return parameters


@initialize.cases
def _(rng):
    yield [60, 150, 40, 150], "he", rng.spawn(1)[0]
    yield (30, 200, 60), "lecun", rng.spawn(1)[0]
    yield [50, 150, 90], "glorot", rng.spawn(1)[0]
    yield [160, 40], "he", rng.spawn(1)[0]
    yield [150, 40, 3, 1], "lecun", rng.spawn(1)[0]


ENOUGH = 1000  # draws, of which a standard deviation is known to 3 %


def _shapes(a):
    sizes = list(a["layer_sizes"])
    return list(zip(sizes[:-1], sizes[1:], strict=True))


def _large(a, result):
    """The weights of every layer with enough of them, and the standard deviation that they should have."""
    return [
        (np.asarray(W, float), init_std(*shape, a["scheme"]))
        for (W, _), shape in zip(result, _shapes(a), strict=True)
        if np.size(W) >= ENOUGH
    ]


def _scaled_by(a, result, factor):
    """Whether every large layer's standard deviation is factor(n_in, n_out, std) times the right one, and not 1."""
    shapes = [shape for shape in _shapes(a) if shape[0] * shape[1] >= ENOUGH]
    ratios = [W.std() / std for W, std in _large(a, result)]
    wanted = [factor(*shape, init_std(*shape, a["scheme"])) for shape in shapes]
    off = any(abs(one - 1) > 0.2 for one in wanted)
    return off and all(abs(r / w - 1) < 0.15 for r, w in zip(ratios, wanted, strict=True))


def _kurtosis(W):
    """3 for normal draws, 1.8 for uniform ones."""
    return np.mean((W - W.mean()) ** 4) / W.var() ** 2


def _repeats(W):
    """Whether its entries are not all different numbers."""
    return len(np.unique(W)) < W.size


@initialize.judge
def _(a, result):
    shapes = _shapes(a)
    if not isinstance(result, list | tuple):
        return f"the result should be a list of pairs (W, b), yours is of the type {type(result).__name__}"
    if len(result) != len(shapes) or any(len(pair) != 2 for pair in result):
        return f"the result should be a list of {len(shapes)} pairs (W, b), one a layer"
    if not all(isinstance(one, np.ndarray) and one.dtype.kind in "iuf" for pair in result for one in pair):
        return "in each layer, W and b should be arrays of numbers"
    for k, ((W, b), shape) in enumerate(zip(result, shapes, strict=True), 1):
        if np.shape(W) != shape or np.shape(b) != shape[1:]:
            return f"layer {k} should have W {shape} and b {shape[1:]}, yours have {np.shape(W)} and {np.shape(b)}"
        if np.any(b):
            return f"the biases of layer {k} should be zeros"
        if not np.all(np.isfinite(W)):
            return f"the weights of layer {k} are not all finite"
        if _repeats(W):
            return f"in the W of layer {k} a number occurs twice: draw every entry by itself"
    for W, std in _large(a, result):
        if abs(W.std() / std - 1) > 0.14:
            return f"the weights {W.shape} should have a standard deviation of about {std:.3g}, yours have {W.std():.3g}"
        if abs(W.mean()) > 0.18 * std:
            return f"the weights {W.shape} should have mean 0, yours have {W.mean():.3g}"
        if _kurtosis(W) < 2.25:
            return f"the weights {W.shape} should be normal draws: these have no tails"
    firsts = [
        np.ravel(W)[:20] / init_std(*shape, a["scheme"]) for (W, _), shape in zip(result, shapes, strict=True)
    ]
    if any(
        len(f) > 3 and len(g) > 3 and np.allclose(f[:4], g[:4])
        for i, f in enumerate(firsts)
        for g in firsts[:i]
    ):
        return "two layers hold the same draws: go on drawing from the one rng"
    return None


@initialize.mistake(
    "All weights are zero. Then all units of a layer compute the same and learn the same, and never part: draw them.",
    symptom=lambda a, r: len(r) > 0 and all(not np.any(W) for W, _ in r),
)
def zeros(layer_sizes, scheme, rng):
    return [(np.zeros(shape), np.zeros(shape[1])) for shape in _shapes({"layer_sizes": layer_sizes})]


def _with(make):
    """A version of initialize whose (W, b) are make(n_in, n_out, std, rng)."""

    def initialized(layer_sizes, scheme, rng):
        shapes = _shapes({"layer_sizes": layer_sizes})
        return [make(*shape, init_std(*shape, scheme), rng) for shape in shapes]

    return initialized


@initialize.mistake(
    "W has the shape (n_out, n_in). Here z = x @ W with examples as rows, so W is (n_in, n_out).",
    symptom=lambda a, r: [np.shape(W) for W, _ in r] == [shape[::-1] for shape in _shapes(a)],
)
def transposed(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (o, i)), np.zeros(o)))(layer_sizes, scheme, rng)


@initialize.mistake(
    "b is a row or a column, with two axes. Make it np.zeros(n_out), of shape (n_out,).",
    symptom=lambda a, r: any(np.ndim(b) == 2 and 1 in np.shape(b) for _, b in r),
)
def two_axes(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (i, o)), np.zeros((1, o))))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "The biases have as many entries as the layer has inputs. A bias belongs to a unit: np.zeros(n_out).",
    symptom=lambda a, r: [np.shape(b) for _, b in r] == [shape[:1] for shape in _shapes(a)],
)
def bias_for_each_input(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (i, o)), np.zeros(i)))(layer_sizes, scheme, rng)


@initialize.mistake(
    "The biases differ from unit to unit, often because they are drawn as well. They may begin at zero, and here they "
    "should: the weights make the units differ.",
    symptom=lambda a, r: any(np.ndim(W) == 2 and np.ndim(b) == 1 and np.ptp(b) > 0 for W, b in r),
)
def random_biases(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (i, o)), rng.normal(0, std, o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "Within a layer the units have the same weights: one column was drawn and repeated. "
    "Draw all n_in n_out entries, size=(n_in, n_out).",
    symptom=lambda a, r: any(np.any(W) and np.ptp(W, axis=1).max() == 0 for W, _ in r if np.shape(W)[1] > 1),
)
def one_column_repeated(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (i, 1)) * np.ones(o), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "Your weights have a standard deviation of about 1, often because the draws are not scaled by init_std.",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: 1 / std),
)
def not_scaled(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.standard_normal((i, o)), np.zeros(o)))(layer_sizes, scheme, rng)


@initialize.mistake(
    "The standard deviation of your weights is about the square of what it should be. rng.normal takes the standard "
    "deviation, not the variance.",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: std),
)
def variance_as_scale(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std**2, (i, o)), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "Your weights look like uniform draws from -std to std, whose standard deviation is smaller than std. Draw them from a "
    "normal distribution with rng.normal.",
    symptom=lambda a, r: _uniform(a, r) and _scaled_by(a, r, lambda i, o, std: 3**-0.5),
)
def uniform_draws(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.uniform(-std, std, (i, o)), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


def _uniform(a, r):
    return all(
        _kurtosis(W) < 2.25 and abs(W.mean()) < 0.2 * W.std() and not _repeats(W) for W, _ in _large(a, r)
    )


@initialize.mistake(
    "Your weights look like uniform draws: they have no tails. Draw them from a normal distribution with rng.normal.",
    symptom=lambda a, r: _uniform(a, r) and not _scaled_by(a, r, lambda i, o, std: 3**-0.5),
)
def uniform_of_the_right_size(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.uniform(-(3**0.5) * std, 3**0.5 * std, (i, o)), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "The weights are of the size that fan_in and fan_out give when they are exchanged: init_std(n_in, n_out, scheme).",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: init_std(o, i, a["scheme"]) / std),
)
def fans_exchanged(layer_sizes, scheme, rng):
    shapes = _shapes({"layer_sizes": layer_sizes})
    return [(rng.normal(0, init_std(o, i, scheme), (i, o)), np.zeros(o)) for i, o in shapes]


@initialize.mistake(
    "A layer is missing: three sizes are two layers, one between every two neighbours.",
    symptom=lambda a, r: len(r) == len(a["layer_sizes"]) - 2 and all(np.ndim(W) == 2 for W, _ in r),
)
def layer_missing(layer_sizes, scheme, rng):
    return scaled_afterwards(layer_sizes[:-1], scheme, rng)


@initialize.mistake(
    "All biases of a layer are one number that is not 0. They begin at zero here: np.zeros(n_out).",
    symptom=lambda a, r: all(np.ptp(b) == 0 and np.all(b) for _, b in r),
)
def biases_of_one(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.normal(0, std, (i, o)), np.ones(o)))(layer_sizes, scheme, rng)


@initialize.mistake(
    "Every input of a layer has the same weights: one row was drawn and repeated. Draw all n_in n_out entries, "
    "size=(n_in, n_out).",
    symptom=lambda a, r: any(np.any(W) and np.ptp(W, axis=0).max() == 0 for W, _ in r if np.shape(W)[0] > 1),
)
def one_row_repeated(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (np.ones((i, 1)) * rng.normal(0, std, (1, o)), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "The standard deviation of your weights is 0.01 whatever the layer. It should be init_std(n_in, n_out, scheme).",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: 0.01 / std),
)
def always_a_hundredth(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (0.01 * rng.standard_normal((i, o)), np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "The standard deviation of your weights is about one over what it should be, often because the draws are divided by "
    "init_std. Multiply by it.",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: std**-2),
)
def divided_by_std(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (rng.standard_normal((i, o)) / std, np.zeros(o)))(
        layer_sizes, scheme, rng
    )


@initialize.mistake(
    "All weights are positive. Draw them from a normal distribution with mean 0, which has both signs.",
    symptom=lambda a, r: all(np.all(W > 0) for W, _ in _large(a, r)),
)
def positive_draws(layer_sizes, scheme, rng):
    return _with(lambda i, o, std, rng: (std * rng.random((i, o)), np.zeros(o)))(layer_sizes, scheme, rng)


@initialize.mistake(
    "This is one long list, W, b, W, b, ... Return pairs: [(W, b), (W, b), ...].",
    symptom=lambda a, r: [np.ndim(one) for one in r] == [2, 1] * len(_shapes(a)),
)
def one_long_list(layer_sizes, scheme, rng):
    return [one for pair in scaled_afterwards(layer_sizes, scheme, rng) for one in pair]


@initialize.mistake(
    'This is a dict, as other courses keep parameters ("W1", "b1", ...). Return a list of pairs (W, b), one a layer.',
    symptom=lambda a, r: isinstance(r, dict) and len(r) == 2 * len(_shapes(a)),
)
def dictionary(layer_sizes, scheme, rng):
    pairs = enumerate(scaled_afterwards(layer_sizes, scheme, rng), start=1)
    return {name + str(k): one for k, pair in pairs for name, one in zip("Wb", pair, strict=True)}


@initialize.mistake(
    "These are two lists, all W and all b. Return one list of pairs (W, b), one a layer.",
    symptom=lambda a, r: (
        len(r) == 2 and len(r[0]) == len(_shapes(a)) and [np.ndim(b) for b in r[1]] == [1] * len(_shapes(a))
    ),
)
def weights_then_biases(layer_sizes, scheme, rng):
    return [list(part) for part in zip(*scaled_afterwards(layer_sizes, scheme, rng), strict=True)]


@initialize.mistake(
    "Your weights have the size of He's scheme, whatever `scheme` is. Hand it on: init_std(n_in, n_out, scheme).",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: init_std(i, o, "he") / std),
)
def he_for_all(layer_sizes, scheme, rng):
    return scaled_afterwards(layer_sizes, "he", rng)


@initialize.mistake(
    "Your weights have the size of LeCun's scheme, sqrt(1 / n_in), whatever `scheme` is. Hand it on: "
    "init_std(n_in, n_out, scheme).",
    symptom=lambda a, r: _scaled_by(a, r, lambda i, o, std: init_std(i, o, "lecun") / std),
)
def lecun_for_all(layer_sizes, scheme, rng):
    return scaled_afterwards(layer_sizes, "lecun", rng)


@initialize.variant
def scaled_afterwards(layer_sizes, scheme, rng):
    return [
        (init_std(i, o, scheme) * rng.standard_normal((i, o)), np.zeros(o))
        for i, o in zip(layer_sizes, layer_sizes[1:], strict=False)
    ]


@initialize.variant
def last_layer_first(layer_sizes, scheme, rng):
    parameters = []
    for k in range(len(layer_sizes) - 1, 0, -1):
        fan_in, fan_out = layer_sizes[k - 1], layer_sizes[k]
        W = rng.normal(size=(fan_out, fan_in)).T * init_std(fan_in, fan_out, scheme)
        parameters.insert(0, [W, 0.0 * np.arange(fan_out)])
    return parameters


# leaky_relu, elu, selu ---------------------------------------------------------------------------------------


def _away_from_zero(rng, *shape, largest=3.0):
    """Numbers of either sign, at least .1 from 0, the first two of different signs."""
    z = rng.uniform(0.1, largest, size=shape) * rng.choice([-1, 1], size=shape)
    z.flat[0], z.flat[1] = -abs(z.flat[0]), abs(z.flat[1])
    return z


def _whole(rng, *shape):
    z = rng.permutation([-4, -3, -2, -1, 1, 2, 3, 4])[: int(np.prod(shape))].reshape(shape)
    z.flat[0], z.flat[1] = -2, 3
    return z


@exercise(
    points=1,
    minutes=5,
    returns=("value", "derivative"),
    hints=(
        "Both results know two cases, z > 0 and the rest. np.where(condition, this, otherwise) chooses entry by entry.",
        "The slope is 1 where z > 0 and alpha elsewhere. And the value is the slope times z.",
        "slope = np.where(z > 0, 1.0, alpha), then return slope * z, slope",
    ),
)
def leaky_relu(z, alpha=0.01):
    """The leaky ReLU and its derivative.

    z: array of any shape. alpha: a small positive number, below 1.
    value: z where z > 0, alpha z where z < 0. derivative: 1 where z > 0, alpha where z < 0.
    (No entry of z is 0.)
    Returns (value, derivative), two float arrays of z's shape. Source: Maas et al. 2013.
    """
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z, slope


@leaky_relu.cases
def _(rng):
    yield _away_from_zero(rng, 4, 3), 0.2
    yield _away_from_zero(rng, 7), 0.01
    yield _whole(rng, 2, 3), 0.3
    yield _away_from_zero(rng, 2, 1, 3, largest=1000.0), 0.05
    yield np.array([-1.5, 0.5]), 0.4


@leaky_relu.mistake("This is plain ReLU: below zero the value is alpha z and the slope alpha, not 0.")
def plain_relu(z, alpha=0.01):
    return np.maximum(z, 0.0), (z > 0) * 1.0


@leaky_relu.mistake("The value is right. Its derivative below zero is alpha, not 0.")
def slope_of_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), (z > 0) * 1.0


@leaky_relu.mistake("Below zero your value is alpha alone. It should be alpha times z.")
def alpha_alone(z, alpha=0.01):
    return np.where(z > 0, z, alpha), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake("The sides are exchanged: alpha belongs to the negative z.")
def sides_exchanged(z, alpha=0.01):
    slope = np.where(z > 0, alpha, 1.0)
    return slope * z, slope


@leaky_relu.mistake(
    "Below zero your value is positive: it is alpha z, not alpha |z|, a line and no corner upwards."
)
def bent_upwards(z, alpha=0.01):
    return np.where(z > 0, z, -alpha * z), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake("The order is (value, derivative). Yours is the other way round.")
def derivative_first(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, alpha)
    return slope, slope * z


@leaky_relu.mistake("You use 0.01 whatever alpha is. That is only what alpha is if nobody says otherwise.")
def fixed_alpha(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, 0.01)
    return slope * z, slope


@leaky_relu.mistake("The derivative above zero is 1, the slope of z, not z itself.")
def slope_times_z(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), np.where(z > 0, z, alpha)


@leaky_relu.mistake("Below zero z is divided by alpha. Multiply: alpha z.")
def leaky_divided(z, alpha=0.01):
    return np.where(z > 0, z, z / alpha), np.where(z > 0, 1.0, 1 / alpha)


@leaky_relu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def leaky_value_alone(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)


@leaky_relu.mistake("This is the derivative alone. Return two arrays, (value, derivative).")
def leaky_slope_alone(z, alpha=0.01):
    return np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake(
    "The value is right. Its derivative below zero is alpha, and alpha is positive: it still rises there."
)
def slope_falls(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, -alpha)


@leaky_relu.mistake(
    "Where z holds whole numbers the value is cut to whole numbers, often because it is stored in an array made by "
    "np.zeros_like(z). Make it an array of floats."
)
def leaky_kept_whole(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z).astype(z.dtype), np.where(z > 0, 1.0, alpha)


@leaky_relu.mistake(
    "The values below zero are written into the caller's z (and cut where it holds whole numbers). Compute a new array."
)
def leaky_in_place(z, alpha=0.01):
    slope = np.where(z > 0, 1.0, alpha)
    z[z < 0] = alpha * z[z < 0]
    return z, slope


@leaky_relu.mistake(
    "Above zero your value is z + alpha z: max(0, z) + alpha z adds alpha z on both sides. It belongs below zero."
)
def added_on_both_sides(z, alpha=0.01):
    return np.maximum(0, z) + alpha * z, np.where(z > 0, 1.0, alpha)


@leaky_relu.variant
def as_a_maximum(z, alpha=0.01):
    value = np.maximum(z, alpha * z)
    return value, value / z


@leaky_relu.variant
def two_ramps(z, alpha=0.01):
    z = np.asarray(z, dtype=float)
    slope = np.full(z.shape, float(alpha))
    slope[z > 0] = 1
    return np.clip(z, 0, None) + alpha * np.clip(z, None, 0), slope


@exercise(
    points=2,
    minutes=6,
    returns=("value", "derivative"),
    hints=(
        "Again two cases. The derivative of alpha (exp(z) - 1) is alpha exp(z).",
        "np.where computes both sides for all z, and exp(1000) is infinite. Give exp only what is negative: np.minimum(z, 0).",
        "e = np.exp(np.minimum(z, 0)); the value is np.where(z > 0, z, alpha * (e - 1)), the derivative np.where(z > 0, 1.0, alpha * e).",
    ),
)
def elu(z, alpha=1.0):
    """The exponential linear unit and its derivative.

    z: array of any shape, finite, up to 1 000 in size. alpha: a positive number.
    value: z where z > 0, alpha (exp(z) - 1) where z < 0. derivative: 1 where z > 0, alpha
    exp(z) where z < 0. Both are finite for every such z. (No entry of z is 0.)
    Returns (value, derivative), two float arrays of z's shape. Source: Clevert et al. 2015.
    """
    e = np.exp(np.minimum(z, 0))  # so that exp never sees a large positive number
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.cases
def _(rng):
    yield _away_from_zero(rng, 4, 3), 0.7
    yield _away_from_zero(rng, 7), 1.0
    yield _whole(rng, 2, 3), 1.3
    yield np.array([-1000.0, 1000.0, -30.0, 800.0, -0.5]), 0.6
    yield np.array([[[-1.5, 0.5]]]), 2.0


def _elu(z, alpha):
    e = np.exp(np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.mistake("The value lacks the - 1: below zero it is alpha (exp(z) - 1), so that both sides meet at 0.")
def without_minus_one(z, alpha=1.0):
    value, slope = _elu(z, alpha)
    return np.where(z > 0, value, slope), slope


@elu.mistake("Mind the brackets: alpha (exp(z) - 1), not alpha exp(z) - 1.")
def brackets(z, alpha=1.0):
    value, slope = _elu(z, alpha)
    return np.where(z > 0, value, slope - 1), slope


@elu.mistake("alpha is missing. It scales everything below zero, in the value and in the derivative.")
def without_alpha(z, alpha=1.0):
    return _elu(z, 1.0)


@elu.mistake("The value is right. The derivative below zero lacks alpha: alpha exp(z).")
def slope_without_alpha(z, alpha=1.0):
    return _elu(z, alpha)[0], _elu(z, 1.0)[1]


@elu.mistake(
    "The value is right. The derivative below zero is alpha exp(z): it has no - 1, which falls away."
)
def slope_with_minus_one(z, alpha=1.0):
    value, slope = _elu(z, alpha)
    return value, np.where(z > 0, slope, value)


@elu.mistake("The value is right. The derivative below zero is alpha exp(z), not 0: that is what ELU is for.")
def slope_like_relu(z, alpha=1.0):
    return _elu(z, alpha)[0], (z > 0) * 1.0


@elu.mistake("The sign is turned: below zero the value is negative, alpha (exp(z) - 1).")
def sign_turned(z, alpha=1.0):
    value, slope = _elu(z, alpha)
    return np.where(z > 0, value, -value), slope


@elu.mistake(
    "The formula is right, but exp(1000) is infinite, and infinity times False is NaN. Choose with np.where "
    "instead of multiplying with masks, or give exp only np.minimum(z, 0)."
)
def infinity_times_zero(z, alpha=1.0):
    e = np.exp(z)
    return (z > 0) * z + (z <= 0) * alpha * (e - 1), (z > 0) * 1.0 + (z <= 0) * alpha * e


@elu.mistake("This is the leaky ReLU. Below zero ELU bends: alpha (exp(z) - 1).")
def leaky(z, alpha=1.0):
    slope = np.where(z > 0, 1.0, alpha)
    return slope * z, slope


@elu.mistake("The order is (value, derivative). Yours is the other way round.")
def elu_derivative_first(z, alpha=1.0):
    return _elu(z, alpha)[::-1]


@elu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def elu_value_alone(z, alpha=1.0):
    return _elu(z, alpha)[0]


@elu.mistake(
    "Below zero alpha stands inside exp as well. It is alpha (exp(z) - 1), and the slope alpha exp(z)."
)
def alpha_in_the_exponent(z, alpha=1.0):
    e = np.exp(alpha * np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.mistake("The derivative above zero is not 1: value + alpha is the slope below zero alone.")
def value_plus_alpha_everywhere(z, alpha=1.0):
    value = _elu(z, alpha)[0]
    return value, value + alpha


@elu.mistake("alpha scales both sides here. Above zero the value is z and the slope 1.")
def alpha_on_both_sides(z, alpha=1.0):
    value, slope = _elu(z, 1.0)
    return alpha * value, alpha * slope


@elu.mistake(
    "The sign in the exponent is turned: exp(-z) grows for negative z. It is exp(z), which goes to 0 there."
)
def exponent_turned(z, alpha=1.0):
    e = np.exp(-np.minimum(z, 0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


@elu.variant
def by_mask(z, alpha=1.0):
    value, slope = np.array(z, dtype=float), np.ones(np.shape(z))
    below = value < 0
    slope[below] = alpha * np.exp(value[below])
    value[below] = slope[below] - alpha
    return value, slope


@elu.variant
def with_expm1(z, alpha=1.0):
    negative = np.clip(z, None, 0)
    value = np.maximum(z, 0) + alpha * np.expm1(negative)
    return value, np.where(negative < 0, value + alpha, 1)


@exercise(
    points=1,
    minutes=3,
    tolerance=2e-5,
    returns=("value", "derivative"),
    hints=(
        "SELU is ELU with one certain alpha, made steeper by one certain factor.",
        "Call your elu with alpha = 1.67326324. What does the factor do to the derivative?",
        "value, slope = elu(z, 1.67326324), then return both, each times 1.05070099.",
    ),
)
def selu(z):
    """The self-normalizing exponential linear unit and its derivative.

    z: array of any shape, finite, up to 1 000 in size, no entry 0.
    value: scale * elu(z, alpha) with alpha = 1.67326324 and scale = 1.05070099, for which
    mean 0 and variance 1 are a fixed point. derivative: that of the value.
    Returns (value, derivative), two float arrays of z's shape. Source: Klambauer et al.
    2017.
    """
    value, slope = elu(z, alpha=1.6732632423543772)
    return 1.0507009873554805 * value, 1.0507009873554805 * slope


@selu.cases
def _(rng):
    yield (_away_from_zero(rng, 4, 3),)
    yield (_away_from_zero(rng, 7),)
    yield (_whole(rng, 2, 3),)
    yield (np.array([-1000.0, 1000.0, -30.0, 800.0, -0.5]),)
    yield (np.array([[[-1.5, 0.5]]]),)


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


@selu.mistake("The scale is missing: this is ELU with SELU's alpha. Multiply value and derivative by 1.0507.")
def without_scale(z):
    return _elu(z, ALPHA)


@selu.mistake("The value is right. The derivative of scale * elu is scale times ELU's derivative.")
def slope_not_scaled(z):
    return SCALE * _elu(z, ALPHA)[0], _elu(z, ALPHA)[1]


@selu.mistake("This is scale * elu with alpha = 1. SELU's alpha is 1.67326324.")
def with_alpha_one(z):
    value, slope = _elu(z, 1.0)
    return SCALE * value, SCALE * slope


@selu.mistake(
    "The scale is on the negative side alone. It multiplies both: above zero the slope is 1.0507, too."
)
def only_below_zero(z):
    value, slope = _elu(z, ALPHA * SCALE)
    return value, slope


@selu.mistake("The constants are exchanged: alpha is 1.67326324 and the scale is 1.05070099.")
def constants_exchanged(z):
    value, slope = _elu(z, SCALE)
    return ALPHA * value, ALPHA * slope


@selu.mistake("The scale is on the positive side alone. Below zero it is scale * alpha (exp(z) - 1).")
def only_above_zero(z):
    value, slope = _elu(z, ALPHA)
    factor = np.where(z > 0, SCALE, 1.0)
    return factor * value, factor * slope


@selu.mistake(
    "The formula is right, but exp(1000) is infinite, and infinity times False is NaN. Use your elu, or give "
    "exp only np.minimum(z, 0)."
)
def infinity_in_selu(z):
    value, slope = infinity_times_zero(z, ALPHA)
    return SCALE * value, SCALE * slope


@selu.mistake("The order is (value, derivative). Yours is the other way round.")
def selu_derivative_first(z):
    return tuple(SCALE * part for part in _elu(z, ALPHA)[::-1])


@selu.mistake("This is the value alone. Return two arrays, (value, derivative).")
def selu_value_alone(z):
    return SCALE * _elu(z, ALPHA)[0]


@selu.mistake(
    "The constants are cut after two digits. A small error in each layer adds up: alpha = 1.67326324, scale = 1.05070099."
)
def two_digits(z):
    value, slope = _elu(z, 1.67)
    return 1.05 * value, 1.05 * slope


@selu.mistake("The derivative is 0 below zero. There SELU still has a slope, scale * alpha exp(z).")
def selu_slope_like_relu(z):
    return SCALE * _elu(z, ALPHA)[0], SCALE * (z > 0)


@selu.variant
def in_full(z):
    e = np.exp(-np.abs(z))
    return SCALE * np.where(z > 0, z, ALPHA * (e - 1)), SCALE * np.where(z > 0, 1, ALPHA * e)


@selu.variant
def rounded_constants(z):
    below = 1.758099 * np.exp(np.minimum(z, 0))
    return np.where(z < 0, below - 1.758099, 1.050701 * z), np.where(z < 0, below, 1.050701)


# clip_by_value, clip_by_global_norm --------------------------------------------------------------------------


@exercise(
    points=1,
    minutes=4,
    hints=(
        "Every number by itself: what is above limit becomes limit, what is below -limit becomes -limit.",
        "np.clip does this to one array. There is a list of them.",
        "return [np.clip(g, -limit, limit) for g in grads]",
    ),
)
def clip_by_value(grads, limit):
    """Gradients with every entry cut to the range from -limit to limit.

    grads: a list of arrays of any shapes. limit: a positive number.
    Returns a list of arrays of the same shapes; the arguments stay as they are.
    """
    return [np.clip(g, -limit, limit) for g in grads]


def _grads(rng, *shapes, size=3.0):
    """Arrays of these shapes; the first entries are two large ones of different sign and a small one, the last is large."""
    grads = [rng.normal(size=shape) * size for shape in shapes]
    grads[-1].flat[-1] = 1.5 * size
    grads[0].flat[:3] = 2 * size, -1.7 * size, 0.03 * size
    return grads


@clip_by_value.cases
def _(rng):
    yield _grads(rng, (3, 2), (2,), (2, 4)), 2.5
    yield _grads(rng, (4,), size=1.0), 0.4
    yield [rng.permutation([-9.0, -3, -1, 1, 2, 7]).reshape(2, 3), np.array([4.0, -5])], 2.5
    yield _grads(rng, (2, 3), (1,), size=0.1), 5.0
    yield _grads(rng, (1, 3), (3, 1), size=20.0), 1.0


@clip_by_value.mistake("Large negative numbers are left as they are. Cut below -limit as well.")
def only_above(grads, limit):
    return [np.minimum(g, limit) for g in grads]


@clip_by_value.mistake("Large positive numbers are left as they are. Cut above limit as well.")
def below_alone(grads, limit):
    return [np.maximum(g, -limit) for g in grads]


@clip_by_value.mistake("You cut to the range from 0 to limit. Gradients have signs: from -limit to limit.")
def from_zero(grads, limit):
    return [np.clip(g, 0, limit) for g in grads]


@clip_by_value.mistake(
    "You scaled each array by its largest entry. Cut entry by entry: small ones stay as they are."
)
def scaled_to_limit(grads, limit):
    return [g * min(1.0, limit / np.abs(g).max()) for g in grads]


@clip_by_value.mistake(
    "You scaled by the norm: that is clip_by_global_norm. Here each entry is cut by itself."
)
def by_the_norm(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_value.mistake("Entries beyond the limit became 0. They should become limit, or -limit.")
def set_to_zero(grads, limit):
    return [np.where(np.abs(g) > limit, 0.0, g) for g in grads]


@clip_by_value.mistake("Large negative entries became +limit. They keep their sign: -limit.")
def sign_lost(grads, limit):
    return [np.where(np.abs(g) > limit, limit, g) for g in grads]


@clip_by_value.mistake("Every entry became limit or -limit. Only those beyond the limit should.")
def signs_alone(grads, limit):
    return [limit * np.sign(g) for g in grads]


@clip_by_value.mistake("This is one long array. Return a list of arrays with the shapes of grads.")
def one_array(grads, limit):
    return np.clip(np.concatenate([np.ravel(g) for g in grads]), -limit, limit)


@clip_by_value.mistake(
    "The gradients are right, but the caller's arrays have changed: out=g and g[...] = write into them. Return new ones."
)
def clipped_in_place(grads, limit):
    return [np.clip(g, -limit, limit, out=g) for g in grads]


@clip_by_value.mistake(
    "The two ends of the range are exchanged: np.clip(g, -limit, limit), the lower one first."
)
def bounds_exchanged(grads, limit):
    return [np.clip(g, limit, -limit) for g in grads]


@clip_by_value.mistake("Only the first array is cut. Cut every array of the list.")
def first_array_alone(grads, limit):
    return [np.clip(grads[0], -limit, limit), *grads[1:]]


@clip_by_value.mistake("You cut to half of the range. It goes from -limit to limit.")
def half_the_range(grads, limit):
    return [np.clip(g, -limit / 2, limit / 2) for g in grads]


@clip_by_value.variant
def min_and_max(grads, limit):
    return tuple(np.maximum(-limit, np.minimum(limit, g)) for g in grads)


@clip_by_value.variant
def sign_and_size(grads, limit):
    clipped = []
    for g in grads:
        new = np.array(g, dtype=float)
        far = abs(new) > limit
        new[far] = np.sign(new[far]) * limit
        clipped.append(new)
    return clipped


@exercise(
    points=2,
    minutes=7,
    hints=(
        "One norm for all arrays together, as if they were one long vector. Then one factor for all of them.",
        "norm = sqrt of the sum of all squares. The factor is limit / norm if norm is above limit, else 1.",
        "norm = np.sqrt(sum(np.sum(g**2) for g in grads)), then return [g * (limit / max(norm, limit)) for g in grads]",
    ),
)
def clip_by_global_norm(grads, limit):
    """Gradients scaled so that their norm together is at most limit.

    grads: a list of arrays of any shapes. limit: a positive number.
    norm: the root of the sum of all squares, over all entries of all arrays. If it is
    larger than limit, every array is multiplied by limit / norm; else they stay as they
    are.
    Returns a list of arrays of the same shapes; the arguments stay as they are.
    Source: Pascanu, Mikolov & Bengio 2013.
    """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.cases
def _(rng):
    yield _grads(rng, (3, 2), (2,), (2, 4), size=6.0), 2.5
    yield _grads(rng, (2, 3), (3,), size=0.1), 5.0
    yield [rng.permutation([-9.0, -3, -1, 1, 2, 7]).reshape(2, 3), np.array([4.0, -5])], 1.5
    yield [np.zeros((2, 2)), np.zeros(3)], 0.7
    yield _grads(rng, (1, 3), (3, 1), size=20.0), 4.0
    yield _grads(rng, (3,)), 2.0
    yield [np.array([3e-3, 0.0]), np.array([[-4e-3]])], 1e-3  # a norm of 5e-3
    yield [np.array([3.0, 0.0]), np.array([[-4.0]])], 6.0  # a norm of 5
    yield _grads(rng, (2, 2), (4,), size=1.0), 50.0
    yield _grads(rng, (3, 3), size=0.01), 2.0


def _norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


@clip_by_global_norm.mistake(
    "Each array is scaled by its own norm (Keras' clipnorm). Then the direction of the whole changes: "
    "take one norm over all arrays."
)
def each_by_its_own(grads, limit):
    return [g * (limit / max(np.linalg.norm(g), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You always scale to the norm limit. Gradients that are short already should stay as they are."
)
def always_scaled(grads, limit):
    norm = _norm(grads)
    return [g * (limit / norm if norm > 0 else 1.0) for g in grads]


@clip_by_global_norm.mistake(
    "Where all gradients are zero you divide zero by zero. Scale only if the norm is larger than limit."
)
def zero_by_zero(grads, limit):
    return [g * (limit / _norm(grads)) for g in grads]


@clip_by_global_norm.mistake("The root is missing: you scale by the sum of squares instead of the norm.")
def without_root(grads, limit):
    return [g * (limit / max(_norm(grads) ** 2, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "Each entry is cut by itself: that is clip_by_value, which turns the direction. Scale them all."
)
def by_value(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


@clip_by_global_norm.mistake(
    "You added the norms of the arrays. Norms do not add up: add the squares, then take one root."
)
def norms_added(grads, limit):
    return [g * (limit / max(sum(np.linalg.norm(one) for one in grads), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You scaled by the largest entry. The norm is the root of the sum of all squares."
)
def by_the_largest(grads, limit):
    return [g * (limit / max(max(np.abs(one).max() for one in grads), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "Long gradients become unit vectors: they are divided by the norm, not multiplied by limit / norm."
)
def to_length_one(grads, limit):
    norm = _norm(grads)
    return [g / norm if norm > limit else g * 1.0 for g in grads]


@clip_by_global_norm.mistake("The factor is upside down: norm / limit makes long gradients longer still.")
def upside_down(grads, limit):
    return [g * (max(_norm(grads), limit) / limit) for g in grads]


@clip_by_global_norm.mistake("You return the norm as well. Return the list of gradients alone.")
def norm_returned(grads, limit):
    norm = _norm(grads)
    return [g * (limit / max(norm, limit)) for g in grads], norm


def _a_little_short(a, r):
    """Whether long gradients have the right direction, and a norm that is a little below limit."""
    norm, mine = _norm(a["grads"]), _norm(r)
    along = all(np.allclose(new * norm, g * mine) for new, g in zip(r, a["grads"], strict=True))
    return norm > a["limit"] and along and 0.8 < mine / a["limit"] < 1 - 1e-8


@clip_by_global_norm.mistake(
    "Long gradients come out a little shorter than limit, often because a small number is added to the norm. The norm is "
    "not 0 where it is above limit: divide by it as it is.",
    symptom=_a_little_short,
)
def small_number_added(grads, limit):
    norm = _norm(grads)
    return [g * min(1.0, limit / (norm + 1e-3)) for g in grads]


@clip_by_global_norm.mistake(
    "np.linalg.norm(g, 2) of a matrix is its largest singular value. The norm is the root of the sum of all squares."
)
def spectral_norm(grads, limit):
    norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake("You added absolute values. The norm is the root of the sum of all squares.")
def sum_of_sizes(grads, limit):
    norm = sum(np.abs(g).sum() for g in grads)
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "You divided the sum of squares by the number of entries: that is the root mean square. The norm has the sum."
)
def root_mean_square_norm(grads, limit):
    norm = _norm(grads) / np.sqrt(sum(np.size(g) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.mistake(
    "The gradients are right, but the caller's arrays have changed: g *= writes into them. Return new ones."
)
def scaled_in_place(grads, limit):
    factor = limit / max(_norm(grads), limit)
    for g in grads:
        g *= factor
    return grads


@clip_by_global_norm.mistake("The norm is that of the first array alone. Take it over all arrays together.")
def norm_of_the_first(grads, limit):
    return [g * (limit / max(np.linalg.norm(grads[0]), limit)) for g in grads]


@clip_by_global_norm.mistake(
    "The gradients are divided by the SQUARE of the norm. The factor is limit / norm."
)
def by_the_square(grads, limit):
    norm = _norm(grads)
    return [g * limit / norm**2 if norm > limit else g for g in grads]


@clip_by_global_norm.mistake("You added the MEAN squares of the arrays. The norm has the sum of all squares.")
def root_of_added_means(grads, limit):
    norm = np.sqrt(sum(np.mean(g**2) for g in grads))
    return [g * (limit / max(norm, limit)) for g in grads]


@clip_by_global_norm.variant
def as_one_vector(grads, limit):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    if norm <= limit:
        return list(grads)
    return [np.asarray(g) * limit / norm for g in grads]


@clip_by_global_norm.variant
def number_by_number(grads, limit):
    total = 0.0
    for g in grads:
        for value in np.nditer(g):
            total += float(value) ** 2
    shrink = 1.0 if total <= limit * limit else limit / total**0.5
    return tuple(np.multiply(g, shrink) for g in grads)


# quiz --------------------------------------------------------------------------------------------------------

equal_at_first = question(
    "Someone sets all weights of a network to 0.05 and all biases to 0, because random numbers make runs hard "
    "to compare. The network has 128 hidden units. What does it learn?",
    wrong(
        "The same as with random weights, a little later",
        "Later never comes: units that begin equal get equal gradients at every step and stay equal.",
    ),
    wrong(
        "Nothing, because all gradients are zero",
        "They are not zero: the output units have different targets, and the hidden units learn. All the same thing.",
    ),
    right(
        "What a network with a single hidden unit could learn",
        "All 128 compute the same number for ever, so they are worth one. A seed makes random runs comparable.",
    ),
    wrong(
        "It diverges, since the signals of equal units add up",
        "They add up to 128 times one number, which a smaller learning rate could bear. The harm is that they are one.",
    ),
)

biases_from_zero = question(
    "The weights are drawn at random and all biases begin at zero. What do you say to that?",
    right(
        "Fine: units with different weights see different gradients, and their biases part, too",
        "Only one of the two has to break the symmetry, and the weights do.",
    ),
    wrong(
        "Bad: all biases will stay equal",
        "A bias learns from its own unit's error, and the units differ by their weights.",
    ),
    wrong(
        "Bad: with ReLU all units are dead at the start",
        "A unit is dead if z < 0 for all examples. With bias 0 and random weights z has either sign.",
    ),
    wrong(
        "Fine, but only for the output layer",
        "It is fine in every layer: nothing in the argument depends on where the layer stands.",
    ),
)

which_factor = question(
    "A network of 40 square ReLU layers is initialised with the variance 1 / fan_in instead of 2 / fan_in. "
    "About how large is the variance of the activations at the end, compared with the beginning?",
    wrong(
        "A half",
        "A half is lost in every layer, and there are 40 of them.",
    ),
    wrong(
        "A fortieth",
        "The losses multiply, they do not add: each layer halves what the one before it left.",
    ),
    wrong(
        "The same: 1 / fan_in keeps the variance of a sum",
        "It keeps the variance of z for inputs of mean 0. But ReLU then throws half of the mean square away.",
    ),
    right(
        "About one in a million millions",
        "Every layer halves it, and 2 to the power of 40 is about 10 to the power of 12.",
    ),
)

dead_unit = question(
    "A ReLU unit gives 0 for every training example. You go on training. What will it take to bring this unit back?",
    wrong(
        "A larger learning rate",
        "Its gradient is exactly 0, and any learning rate times 0 is 0.",
    ),
    right(
        "Another activation: a leaky ReLU has a small slope there, and so a gradient",
        "Then its weights move a little at every step, until some example makes z positive. (If layers below "
        "it learn, their changes may revive a ReLU by luck.)",
    ),
    wrong(
        "More epochs over the same examples",
        "They all give z < 0, and with it a gradient of exactly 0, in every epoch.",
    ),
    wrong(
        "Gradient clipping",
        "Clipping shortens long gradients. This one has no length at all.",
    ),
)

which_clipping = question(
    "A gradient is (30, 0.3), and the limit is 3. What do the two ways of clipping make of it?",
    wrong(
        "Both make (3, 0.3)",
        "That is clipping by value. Clipping by norm scales both numbers by the same factor.",
    ),
    wrong(
        "By value (3, 0.03), by norm (3, 0.3)",
        "It is the other way round: what is cut entry by entry leaves the 0.3 as it is.",
    ),
    wrong(
        "Both make (3, 0.03): a limit is a limit",
        "Clipping by value never touches 0.3, which is within the limit.",
    ),
    right(
        "By value (3, 0.3), by norm about (3, 0.03)",
        "By value the second number is suddenly a tenth of the first, and not a hundredth: the direction has turned.",
    ),
)

"""Exercise initialize: the initial parameters of a network of dense layers."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.initialization.exercises.init_std import init_std

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

    layer_sizes: the inputs first, the outputs last,
    so [64, 32, 10] are two layers. scheme:
    "he", "glorot" or "lecun". rng: a np.random.Generator.
    Returns a list of pairs (W, b), one a layer: W (n_in, n_out),
    every entry drawn by itself from a normal distribution with mean 0 and the
    standard deviation init_std(n_in, n_out, scheme); b (n_out,), zeros.
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
    off = any(abs(ratio - 1) > 0.2 for ratio in wanted)
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
    if not all(
        isinstance(array, np.ndarray) and array.dtype.kind in "iuf" for pair in result for array in pair
    ):
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
    symptom=lambda a, r: [np.ndim(part) for part in r] == [2, 1] * len(_shapes(a)),
)
def one_long_list(layer_sizes, scheme, rng):
    return [array for pair in scaled_afterwards(layer_sizes, scheme, rng) for array in pair]


@initialize.mistake(
    'This is a dict, as other courses keep parameters ("W1", "b1", ...). Return a list of pairs (W, b), one a layer.',
    symptom=lambda a, r: isinstance(r, dict) and len(r) == 2 * len(_shapes(a)),
)
def dictionary(layer_sizes, scheme, rng):
    pairs = enumerate(scaled_afterwards(layer_sizes, scheme, rng), start=1)
    return {name + str(k): array for k, pair in pairs for name, array in zip("Wb", pair, strict=True)}


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

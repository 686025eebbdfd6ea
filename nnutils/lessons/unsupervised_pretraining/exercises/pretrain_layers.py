"""Exercise pretrain_layers: greedy layer-wise pretraining: each layer learns to encode what the one below gives."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.unsupervised_pretraining.exercises.shared import sigmoid
from nnutils.lessons.unsupervised_pretraining.given import Trainer


@exercise(
    points=3,
    minutes=9,
    hints=(
        "One layer after the other: what does the second layer get to see, when the first is trained?",
        "Keep H, the input of the layer that is trained next. It begins as X, and each trained layer replaces it by its codes.",
        "H = X; for n in sizes: W, b = train_layer(H, n); layers.append((W, b)); H = 1 / (1 + np.exp(-(H @ W + b))).",
    ),
)
def pretrain_layers(X, sizes, train_layer):
    """Greedy layer-wise pretraining: each layer learns to encode what the
    one below gives.

    X: (m, n_x). sizes: numbers of units of the layers, from below.
    train_layer(H, n_units) trains an autoencoder on H (m, n) and
    returns its encoder's W (n, n_units) and b (n_units,);
    the codes are sigmoid(H W + b), where sigmoid(z) = 1 / (1 + exp(-z)).
    The first layer is trained on X, every other one on the codes of
    the layer below it.
    Each is trained once.
    Returns a list of (W, b), one a layer. Source: Bengio et al. 2007.
    """
    H, layers = X, []
    for n_units in sizes:
        W, b = train_layer(H, n_units)
        layers.append((W, b))
        H = 1 / (1 + np.exp(-(H @ W + b)))
    return layers


@pretrain_layers.cases
def _(rng):
    yield rng.normal(size=(6, 4)), [3, 2], Trainer(rng.uniform(1, 6))
    yield rng.random((4, 3)), [5, 3, 2], Trainer(rng.uniform(1, 6))
    yield rng.normal(size=(3, 3)), [3, 3, 3], Trainer(rng.uniform(1, 6))
    yield rng.normal(size=(5, 2)), [4], Trainer(rng.uniform(1, 6))


def _greedy(X, sizes, train_layer, code):
    H, layers = X, []
    for n_units in sizes:
        W, b = train_layer(H, n_units)
        layers.append((W, b))
        H = code(H, W, b)
    return layers


@pretrain_layers.mistake(
    "Every layer of yours is trained on X. The second layer will stand on the first: train it on the codes of the first."
)
def all_on_the_inputs(X, sizes, train_layer):
    return [train_layer(X, n) for n in sizes]


@pretrain_layers.mistake(
    "You passed on H W + b. The next layer will see it after the sigmoid, so train it on that."
)
def without_sigmoid(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: H @ W + b)


@pretrain_layers.mistake("The codes lack the bias: they are sigmoid(H W + b).")
def without_bias(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: sigmoid(H @ W))


@pretrain_layers.mistake("You passed on tanh(H W + b). These autoencoders have sigmoid codes.")
def tanh_codes(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: np.tanh(H @ W + b))


@pretrain_layers.mistake(
    "Your codes went through the sigmoid twice before the next layer saw them: apply it once a layer."
)
def squashed_twice(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: sigmoid(sigmoid(H @ W + b)))


@pretrain_layers.mistake("The list is the wrong way round: the layer that sees X comes first.")
def from_above(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: sigmoid(H @ W + b))[::-1]


@pretrain_layers.mistake(
    "A layer is trained more than once, and W and b come from different trainings. Keep both of one call: W, b = train_layer(H, n_units)."
)
def trained_twice(X, sizes, train_layer):
    H, layers = X, []
    for n_units in sizes:
        W, b = train_layer(H, n_units)[0], train_layer(H, n_units)[1]
        layers.append((W, b))
        H = sigmoid(H @ W + b)
    return layers


@pretrain_layers.mistake(
    "You passed on max(H W + b, 0), as ReLU does. These autoencoders have sigmoid codes."
)
def codes_of_relu(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: np.maximum(H @ W + b, 0))


@pretrain_layers.mistake("The sign in the sigmoid is turned: it is 1 / (1 + exp(-z)), with a minus before z.")
def sigmoid_turned(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: sigmoid(-(H @ W + b)))


@pretrain_layers.mistake(
    "The sizes are taken from the last to the first. sizes begins with the layer that sees X."
)
def sizes_from_above(X, sizes, train_layer):
    return _greedy(X, sizes[::-1], train_layer, lambda H, W, b: sigmoid(H @ W + b))


@pretrain_layers.mistake("The last layer is missing. Train one for every entry of sizes.")
def last_layer_missing(X, sizes, train_layer):
    return _greedy(X, sizes[:-1], train_layer, lambda H, W, b: sigmoid(H @ W + b))


@pretrain_layers.mistake(
    "These are the weights alone. Return a pair (W, b) for each layer: the biases are part of the encoder."
)
def weights_alone(X, sizes, train_layer):
    return [W for W, _ in _greedy(X, sizes, train_layer, lambda H, W, b: sigmoid(H @ W + b))]


@pretrain_layers.mistake(
    "Each layer is trained twice: the next one sees the codes of another training than the one whose weights you return. "
    "Train once and keep W and b: W, b = train_layer(H, n_units)."
)
def codes_of_another_training(X, sizes, train_layer):
    H, layers = X, []
    for n_units in sizes:
        layers.append(train_layer(H, n_units))
        W, b = train_layer(H, n_units)
        H = sigmoid(H @ W + b)
    return layers


@pretrain_layers.variant
def recursive(X, sizes, train_layer):
    if not len(sizes):
        return []
    W, b = train_layer(X, sizes[0])
    return [(W, b), *recursive((1 + np.tanh((X @ W + b) / 2)) / 2, sizes[1:], train_layer)]


@pretrain_layers.variant
def from_the_inputs_anew(X, sizes, train_layer):
    layers = []
    for n_units in sizes:
        H = X
        for W, b in layers:
            H = np.exp(H @ W + b) / (1 + np.exp(H @ W + b))
        layers.append(train_layer(H, n_units))
    return layers

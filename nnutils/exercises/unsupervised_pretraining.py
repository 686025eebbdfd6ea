"""Exercises of lesson 17: learn from examples without labels first."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.lazy import keras
from nnutils.givens.models import (
    activation_of,
    has_other_weights,
    head_on_top,
    is_frozen,
    last_activation,
    named,
    not_a_model,
    probes,
    seed_from,
    shapes_of,
    wrong_in_training,
    wrong_loss,
    wrong_with_new_head,
)
from nnutils.givens.unsupervised_pretraining import Autoencoder, Trainer

NUMBER = 17
MINUTES = 60
SEEDS = 3  # Keras models take their time

OURS = ("keras", "tensorflow")


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@exercise(
    points=2,
    minutes=8,
    allows=OURS,
    hints=(
        "Two Dense layers in a row: one from n_in numbers to n_code, one back.",
        "Both have activation='sigmoid'. The second has n_in units. Then call compile.",
        "keras.Sequential([keras.Input((n_in,)), Dense(n_code, activation='sigmoid'), "
        "Dense(n_in, activation='sigmoid')]), then compile(optimizer='adam', loss='binary_crossentropy').",
    ),
)
def build_autoencoder(n_in, n_code):
    """A network that learns to give back what it is given, through a layer of codes.

    n_in: number of inputs, which lie in [0, 1]. n_code: number of hidden units, the codes.
    Returns a compiled keras model of two Dense layers: n_in -> n_code -> n_in, both with
    sigmoid activations, compiled with any optimizer and the loss "binary_crossentropy".
    Source: Hinton & Salakhutdinov 2006.
    """
    model = keras.Sequential(
        [
            keras.Input((n_in,)),
            keras.layers.Dense(n_code, activation="sigmoid"),
            keras.layers.Dense(n_in, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


@build_autoencoder.cases
def _(rng):
    yield int(rng.integers(6, 10)), 3
    yield 5, 2
    yield 4, 6


@build_autoencoder.judge
def _(a, result):
    n_in, n_code = a["n_in"], a["n_code"]
    if wrong := not_a_model(result):
        return wrong
    model = result.rebuilt
    if model.input_shape != (None, n_in) or model.output_shape != (None, n_in):
        return f"it should take {n_in} numbers and give {n_in} back, yours: {model.input_shape[1:]} to {model.output_shape[1:]}"
    if shapes_of(result) != [(n_in, n_code), (n_code,), (n_code, n_in), (n_in,)]:
        return f"its weights should be those of two Dense layers, {n_in} to {n_code} to {n_in}"
    x = probes(n_in)
    if not np.allclose(np.asarray(model(x)), _through(result, x), atol=1e-4):
        return "both layers should have sigmoid activations"
    if result.settings is None:
        return "the model should be compiled"
    return wrong_loss(result.settings, "binary_crossentropy") or wrong_in_training(result)


def _through(model, x, hidden=_sigmoid, out=_sigmoid):
    """What two dense layers with the model's weights make of x."""
    W1, b1, W2, b2 = model.weights
    return out(hidden(x @ W1 + b1) @ W2 + b2)


def _computes(hidden, out):
    """A symptom: the model computes with these two activations."""

    def symptom(a, model):
        x = probes(a["n_in"])
        return np.allclose(np.asarray(model.rebuilt(x)), _through(model, x, hidden, out), atol=1e-4)

    return symptom


def _loss_is(*names):
    """A symptom: the model is compiled with one of these losses."""
    return lambda a, model: model.settings is not None and named(model.settings["loss"], *names)


def _auto(n_in, n_code, n_out, hidden="sigmoid", out="sigmoid", loss="binary_crossentropy"):
    Dense = keras.layers.Dense
    model = keras.Sequential(
        [keras.Input((n_in,)), Dense(n_code, activation=hidden), Dense(n_out, activation=out)]
    )
    if loss:
        model.compile(optimizer="adam", loss=loss)
    return model


@build_autoencoder.mistake(
    "Your model gives n_code numbers. It should give back all n_in inputs: after the codes, a second layer leads back.",
    symptom=lambda a, model: model.rebuilt.output_shape == (None, a["n_code"]),
)
def without_decoder(n_in, n_code):
    return _auto(n_in, n_code, n_code)


@build_autoencoder.mistake(
    "Your hidden layer has n_in units. It should have n_code: the way through few units is what forces the network to summarise.",
    symptom=lambda a, model: shapes_of(model)[0] == (a["n_in"], a["n_in"]),
)
def hidden_as_wide_as_inputs(n_in, n_code):
    return _auto(n_in, n_in, n_in)


@build_autoencoder.mistake(
    "The codes have no activation here. A linear autoencoder finds no more than principal components do; give the first layer a sigmoid.",
    symptom=lambda a, model: activation_of(model.rebuilt.layers[0]) == "linear",
)
def linear_codes(n_in, n_code):
    return _auto(n_in, n_code, n_in, hidden=None)


@build_autoencoder.mistake(
    "Your output is a softmax, whose numbers sum to 1. Pixels do not: each is a number between 0 and 1 of its own. Use a sigmoid.",
    symptom=lambda a, model: last_activation(model) == "softmax",
)
def softmax_output(n_in, n_code):
    return _auto(n_in, n_code, n_in, out="softmax")


@build_autoencoder.mistake(
    "The model is built and not compiled: without an optimizer and a loss, fit cannot train it.",
    symptom=lambda a, model: model.settings is None,
)
def not_compiled(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss=None)


@build_autoencoder.mistake(
    "The loss is one for classes. An autoencoder's targets are its inputs, pixel by pixel: binary_crossentropy.",
    symptom=_loss_is("categorical_crossentropy", "sparse_categorical_crossentropy"),
)
def loss_for_classes(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss="sparse_categorical_crossentropy")


@build_autoencoder.mistake(
    "The output has no activation, so it may be any number. The inputs lie between 0 and 1: give the last layer a sigmoid.",
    symptom=_computes(_sigmoid, lambda z: z),
)
def linear_output(n_in, n_code):
    return _auto(n_in, n_code, n_in, out=None)


@build_autoencoder.mistake(
    "The codes come from a ReLU. Here both layers have a sigmoid.",
    symptom=_computes(lambda z: np.maximum(z, 0), _sigmoid),
)
def relu_codes(n_in, n_code):
    return _auto(n_in, n_code, n_in, hidden="relu")


@build_autoencoder.mistake(
    'The loss is the squared error. The docstring asks for "binary_crossentropy", whose gradient does not vanish where a '
    "sigmoid is sure and wrong.",
    symptom=_loss_is("mse", "mean_squared_error"),
)
def squared_error(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss="mse")


@build_autoencoder.mistake(
    "The loss is told from_logits=True, and so takes a sigmoid of the outputs once more. They are between 0 and 1 already: "
    "leave from_logits out.",
    symptom=lambda a, model: model.settings["from_logits"],
)
def outputs_as_logits(n_in, n_code):
    return _auto(n_in, n_code, n_in, loss=keras.losses.BinaryCrossentropy(from_logits=True))


@build_autoencoder.variant
def functional(n_in, n_code):
    x = keras.Input((n_in,))
    code = keras.layers.Dense(n_code, activation="sigmoid")(x)
    model = keras.Model(x, keras.layers.Dense(n_in, activation="sigmoid")(code))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.BinaryCrossentropy())
    return model


@build_autoencoder.variant
def layer_by_layer(n_in, n_code):
    model = keras.Sequential()
    model.add(keras.Input((n_in,)))
    for n in (n_code, n_in):
        model.add(keras.layers.Dense(n))
        model.add(keras.layers.Activation("sigmoid"))
    model.compile("sgd", "binary_crossentropy")
    return model


@exercise(
    points=3,
    minutes=10,
    allows=OURS,
    hints=(
        "The encoder is every layer but the last. It should be copied, with its weights.",
        "keras.models.clone_model makes layers of the same kind with random weights; get_weights and set_weights "
        "carry the weights over. Then put copy.layers[:-1] and a Dense head into a new Sequential.",
        "copy = keras.models.clone_model(autoencoder); copy.set_weights(autoencoder.get_weights()); then "
        'keras.Sequential([keras.Input(autoencoder.input_shape[1:]), *copy.layers[:-1], Dense(n_classes, activation="softmax")]).',
    ),
)
def reuse_encoder(autoencoder, n_classes):
    """A classifier that begins where an autoencoder has ended.

    autoencoder: a keras.Sequential; its last layer is the decoder, all others the encoder.
    n_classes: number of classes.
    Returns a new keras.Sequential, not compiled: copies of the encoder's layers with the
    encoder's weights, all of them trainable, and a new Dense layer with n_classes outputs
    and softmax. No layer is shared, so training the classifier leaves autoencoder as it is.
    """
    copy = keras.models.clone_model(autoencoder)
    copy.set_weights(autoencoder.get_weights())
    head = keras.layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(autoencoder.input_shape[1:]), *copy.layers[:-1], head])


@reuse_encoder.cases
def _(rng):
    yield Autoencoder((5, 4, 3, 5), seed_from(rng)), 2
    yield Autoencoder((4, 7, 4), seed_from(rng)), 5
    yield Autoencoder((6, 4, 6), seed_from(rng)), 3


@reuse_encoder.judge
def _(a, result):
    return wrong_with_new_head(a["autoencoder"], a["n_classes"], result)


def _classifier(autoencoder, layers, n_classes, activation="softmax"):
    head = keras.layers.Dense(n_classes, activation=activation)
    return keras.Sequential([keras.Input(autoencoder.input_shape[1:]), *layers, head])


def _copied(autoencoder):
    copy = keras.models.clone_model(autoencoder)
    copy.set_weights(autoencoder.get_weights())
    return copy.layers


@reuse_encoder.mistake(
    "The classifier uses the autoencoder's own layers: training the one changes the other. Copy them with clone_model and set_weights.",
    symptom=lambda a, model: bool(model.shares),
)
def layers_shared(autoencoder, n_classes):
    return _classifier(autoencoder, autoencoder.layers[:-1], n_classes)


@reuse_encoder.mistake(
    "The decoder is still there: your head looks at the reconstructed input. It should look at the codes, so leave out the last layer.",
    symptom=lambda a, model: head_on_top(a["autoencoder"], model),
)
def decoder_kept(autoencoder, n_classes):
    return _classifier(autoencoder, _copied(autoencoder), n_classes)


@reuse_encoder.mistake(
    "The encoder has the right layers and other weights: clone_model draws new ones. What was learned is in the weights, so set them.",
    symptom=lambda a, model: has_other_weights(a["autoencoder"], model),
)
def weights_forgotten(autoencoder, n_classes):
    return _classifier(autoencoder, keras.models.clone_model(autoencoder).layers[:-1], n_classes)


@reuse_encoder.mistake(
    "Your head has a sigmoid. The classes exclude each other, so their probabilities sum to 1: softmax.",
    symptom=lambda a, model: last_activation(model) == "sigmoid",
)
def sigmoid_head(autoencoder, n_classes):
    return _classifier(autoencoder, _copied(autoencoder)[:-1], n_classes, "sigmoid")


@reuse_encoder.mistake(
    "The encoder's layers are frozen here. All layers should be trainable: the labels go on where the autoencoder ended.",
    symptom=lambda a, model: is_frozen(a["autoencoder"], model),
)
def encoder_frozen(autoencoder, n_classes):
    layers = _copied(autoencoder)[:-1]
    for layer in layers:
        layer.trainable = False
    return _classifier(autoencoder, layers, n_classes)


@reuse_encoder.variant
def by_new_layers(autoencoder, n_classes):
    model = keras.Sequential([keras.Input(autoencoder.input_shape[1:])])
    for layer in autoencoder.layers[:-1]:
        copy = keras.layers.Dense(layer.units, activation="sigmoid")
        model.add(copy)
        copy.set_weights(layer.get_weights())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model


@reuse_encoder.variant
def functional_classifier(autoencoder, n_classes):
    x = h = keras.Input(autoencoder.input_shape[1:])
    for layer in _copied(autoencoder)[:-1]:
        h = layer(h)
    return keras.Model(x, keras.layers.Dense(n_classes, activation="softmax")(h))


@exercise(
    points=2,
    minutes=8,
    returns=("rotated", "turns"),
    hints=(
        "np.rot90 turns an array by quarter turns in the plane of two axes. Which axes span a picture here?",
        "np.rot90(images, k, axes=(1, 2)) turns every picture k times. Make four such stacks and join them.",
        "np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in range(4)]) and np.repeat(np.arange(4), len(images)).",
    ),
)
def auxiliary_labels(images):
    """Labels that cost nothing: turn each picture, and ask by how much it was turned.

    images: (m, s, s), square.
    Returns (rotated, turns): rotated (4m, s, s), first all images as they are, then all of
    them turned counter-clockwise by one quarter, then by two, then by three (as np.rot90
    turns a picture); turns (4m,), integers 0 to 3: the number of quarter turns of each.
    Source: Gidaris et al. 2018.
    """
    rotated = np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in range(4)])
    return rotated, np.repeat(np.arange(4), len(images))


@auxiliary_labels.cases
def _(rng):
    yield (rng.random((3, 4, 4)),)
    yield (rng.normal(size=(5, 3, 3)),)
    yield (rng.random((1, 2, 2)),)
    yield (rng.random((2, 5, 5)),)
    yield (rng.normal(size=(4, 4, 4)),)  # as many pictures as rows


def _turned(images, steps):
    return np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in steps])


@auxiliary_labels.mistake(
    "Your pictures are turned clockwise. Turn them the other way, as np.rot90 does in the plane of axes 1 and 2."
)
def clockwise(images):
    return _turned(images, (0, -1, -2, -3)), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "Pictures and labels are in different orders: the labels run 0, 1, 2, 3, 0, 1, ... and the pictures come in four blocks. Use np.repeat."
)
def labels_tiled(images):
    return _turned(images, range(4)), np.tile(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "These labels are degrees. Classes are counted from 0: return the number of quarter turns."
)
def degrees(images):
    return _turned(images, range(4)), 90 * np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The pictures come in four blocks that are all unturned. Turn the second block once, the third twice, the last three times."
)
def nothing_turned(images):
    return _turned(images, (0, 0, 0, 0)), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "These are mirror images in places where a turned picture belongs. A quarter turn is np.rot90, not a flip."
)
def flipped(images):
    blocks = [images, images[:, ::-1], images[:, :, ::-1], images[:, ::-1, ::-1]]
    return np.concatenate(blocks), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The unturned pictures are missing: all four numbers of turns, 0 to 3, are classes."
)
def without_the_unturned(images):
    return _turned(images, (1, 2, 3)), np.repeat(np.arange(1, 4), len(images))


@auxiliary_labels.mistake(
    "The stack itself was turned, and not each picture in it: np.rot90 turns in the plane of axes 0 and 1 unless you say otherwise. "
    "Pictures span axes 1 and 2: axes=(1, 2)."
)
def stack_turned(images):
    return np.concatenate([np.rot90(images, k) for k in range(4)]), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "Pictures and labels belong together, but in another order than asked: all four turns of the first picture, then of the second. "
    "First come all images unturned, then all turned once, ..."
)
def picture_by_picture(images):
    turned = np.stack([np.rot90(images, k, axes=(1, 2)) for k in range(4)], axis=1)
    return turned.reshape(-1, *images.shape[1:]), np.tile(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The labels are one-hot rows. Return one integer for each picture: how often it was turned."
)
def one_hot_labels(images):
    return _turned(images, range(4)), np.repeat(np.eye(4, dtype=int), len(images), axis=0)


@auxiliary_labels.mistake("The labels are floats. They are classes: return integers.")
def labels_as_floats(images):
    return _turned(images, range(4)), np.repeat(np.arange(4.0), len(images))


@auxiliary_labels.mistake("The labels run from 1 to 4. They count quarter turns: 0 for a picture as it is.")
def labels_from_one(images):
    return _turned(images, range(4)), np.repeat(np.arange(1, 5), len(images))


@auxiliary_labels.mistake(
    "The pictures are right, but one turn and three turns have each other's label. Often because the turns are counted clockwise."
)
def labels_clockwise(images):
    return _turned(images, range(4)), np.repeat([0, 3, 2, 1], len(images))


@auxiliary_labels.mistake(
    "Both are right and in the wrong order: return the pictures first, then the labels."
)
def labels_first(images):
    return np.repeat(np.arange(4), len(images)), _turned(images, range(4))


@auxiliary_labels.variant
def by_loops(images):
    rotated, turns = [], []
    for k in range(4):
        for image in images:
            rotated.append(np.rot90(image, k))
            turns.append(k)
    return np.array(rotated), np.array(turns)


@auxiliary_labels.variant
def by_transposing(images):
    blocks = [images]
    for _ in range(3):
        blocks.append(blocks[-1].transpose(0, 2, 1)[:, ::-1])
    m = len(images)
    return np.vstack(blocks), np.arange(4 * m) // m


@exercise(
    points=3,
    minutes=12,
    hints=(
        "One layer after the other: what does the second layer get to see, when the first is trained?",
        "Keep H, the input of the layer that is trained next. It begins as X, and each trained layer replaces it by its codes.",
        "H = X; for n in sizes: W, b = train_layer(H, n); layers.append((W, b)); H = 1 / (1 + np.exp(-(H @ W + b))).",
    ),
)
def pretrain_layers(X, sizes, train_layer):
    """Greedy layer-wise pretraining: each layer learns to encode what the one below gives.

    X: (m, n_x). sizes: numbers of units of the layers, from below.
    train_layer(H, n_units) trains an autoencoder on H (m, n) and returns its encoder's W
    (n, n_units) and b (n_units,); the codes are sigmoid(H W + b), where
    sigmoid(z) = 1 / (1 + exp(-z)).
    The first layer is trained on X, every other one on the codes of the layer below it.
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
    return _greedy(X, sizes, train_layer, lambda H, W, b: _sigmoid(H @ W))


@pretrain_layers.mistake("You passed on tanh(H W + b). These autoencoders have sigmoid codes.")
def tanh_codes(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: np.tanh(H @ W + b))


@pretrain_layers.mistake(
    "Your codes went through the sigmoid twice before the next layer saw them: apply it once a layer."
)
def squashed_twice(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: _sigmoid(_sigmoid(H @ W + b)))


@pretrain_layers.mistake("The list is the wrong way round: the layer that sees X comes first.")
def from_above(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: _sigmoid(H @ W + b))[::-1]


@pretrain_layers.mistake(
    "A layer is trained more than once, and W and b come from different trainings. Keep both of one call: W, b = train_layer(H, n_units)."
)
def trained_twice(X, sizes, train_layer):
    H, layers = X, []
    for n_units in sizes:
        W, b = train_layer(H, n_units)[0], train_layer(H, n_units)[1]
        layers.append((W, b))
        H = _sigmoid(H @ W + b)
    return layers


@pretrain_layers.mistake(
    "You passed on max(H W + b, 0), as ReLU does. These autoencoders have sigmoid codes."
)
def codes_of_relu(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: np.maximum(H @ W + b, 0))


@pretrain_layers.mistake("The sign in the sigmoid is turned: it is 1 / (1 + exp(-z)), with a minus before z.")
def sigmoid_turned(X, sizes, train_layer):
    return _greedy(X, sizes, train_layer, lambda H, W, b: _sigmoid(-(H @ W + b)))


@pretrain_layers.mistake(
    "The sizes are taken from the last to the first. sizes begins with the layer that sees X."
)
def sizes_from_above(X, sizes, train_layer):
    return _greedy(X, sizes[::-1], train_layer, lambda H, W, b: _sigmoid(H @ W + b))


@pretrain_layers.mistake("The last layer is missing. Train one for every entry of sizes.")
def last_layer_missing(X, sizes, train_layer):
    return _greedy(X, sizes[:-1], train_layer, lambda H, W, b: _sigmoid(H @ W + b))


@pretrain_layers.mistake(
    "These are the weights alone. Return a pair (W, b) for each layer: the biases are part of the encoder."
)
def weights_alone(X, sizes, train_layer):
    return [W for W, _ in _greedy(X, sizes, train_layer, lambda H, W, b: _sigmoid(H @ W + b))]


@pretrain_layers.mistake(
    "Each layer is trained twice: the next one sees the codes of another training than the one whose weights you return. "
    "Train once and keep W and b: W, b = train_layer(H, n_units)."
)
def codes_of_another_training(X, sizes, train_layer):
    H, layers = X, []
    for n_units in sizes:
        layers.append(train_layer(H, n_units))
        W, b = train_layer(H, n_units)
        H = _sigmoid(H @ W + b)
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


who_gives_the_labels = question(
    "An autoencoder is trained by the same rule as a classifier. What are its labels?",
    wrong(
        "The classes of the few labelled examples",
        "It sees no class at all; that is why it can use all examples.",
    ),
    wrong("The codes", "Nobody knows the right codes beforehand: they are what it finds."),
    right("The inputs themselves", "The target of each example is the example, so every example has one."),
    wrong(
        "Clusters found beforehand", "That would be another pretext task; an autoencoder needs no clusters."
    ),
)

when_to_pretrain = question(
    "Where does pretraining on unlabelled data promise most?",
    right(
        "Few labels, many unlabelled examples of the same kind, and no trained network to take over",
        "That is the measured case above; with a network to take over, transfer (lesson 16) is cheaper.",
    ),
    wrong("Many labels and few unlabelled examples", "Then the labels say all that the inputs do, and more."),
    wrong(
        "Few labels, and unlabelled examples of something else",
        "The codes describe what they were trained on. Of other things they may describe the wrong aspects.",
    ),
    wrong(
        "Always, since more data never hurt",
        "With all labels the gain above was gone, and the training cost stays.",
    ),
)

a_pretext_that_fails = question(
    "You pretrain on photographs of coins from above, by asking how far each was turned. What goes wrong?",
    wrong("Nothing: turning works for every picture", "It needs pictures that have an upper side."),
    wrong(
        "Four classes are too few to learn from",
        "The number of classes is not the point: two can teach a lot.",
    ),
    wrong("The network will overfit the turns", "It cannot even fit them in a way that means anything."),
    right(
        "A coin may lie in any direction, so the label says nothing that could be seen",
        "The answer is not in the picture. A pretext task teaches only if solving it needs what you want to be learned.",
    ),
)

what_stands_in = question(
    "A language model is trained to guess hidden words of plain text, and then classifies reviews. What is what?",
    wrong("The reviews' classes are the pretext task", "They are the task itself, the one with few labels."),
    right(
        "Guessing words is the pretext task, the model below its head is the encoder that is reused",
        "Exactly as with the autoencoder here, only that the text gives better labels than its mere reconstruction.",
    ),
    wrong(
        "The hidden words are the codes",
        "They are the labels of the pretext task; codes are inside the model.",
    ),
    wrong(
        "It is transfer learning, and no labels were used",
        "Labels were used: those that the text gives for free.",
    ),
)

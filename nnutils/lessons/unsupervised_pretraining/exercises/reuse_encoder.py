"""Exercise reuse_encoder: A classifier that begins where an autoencoder has ended."""

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    has_other_weights,
    head_on_top,
    is_frozen,
    last_activation,
    seed_from,
    wrong_with_new_head,
)
from nnutils.lessons.unsupervised_pretraining.exercises.shared import OURS
from nnutils.lessons.unsupervised_pretraining.given import Autoencoder


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

    autoencoder: a keras.Sequential; its last layer is the decoder,
    all others the encoder.
    n_classes: number of classes.
    Returns a new keras.Sequential, not compiled: copies of the
    encoder's layers with the encoder's weights, all of them trainable,
    and a new Dense layer with n_classes outputs and softmax.
    No layer is shared, so training the classifier leaves
    autoencoder as it is.
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

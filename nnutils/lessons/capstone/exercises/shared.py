"""What several exercises of lesson 21 share."""

import numpy as np

from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    named,
    not_a_model,
    softmax,
    wrong_loss,
    wrong_optimizer,
)

OURS = ("keras", "tensorflow")


# --- what the judges of both recipes ask -------------------------------------------------------------------------------


def elu(z):
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def of_kind(model, *names):
    """The layers of these Keras classes, wherever they stand in the model, in their order."""
    kinds = tuple(getattr(keras.layers, name) for name in names)
    inside = model.rebuilt._flatten_layers(include_self=False)
    return [layer for layer in inside if isinstance(layer, kinds)]


def rule(layer):
    """(scale, mode) of the layer's initialiser: (2, "fan_in") is He, (1, "fan_in") LeCun, (1, "fan_avg") Glorot."""
    start = layer.kernel_initializer
    return getattr(start, "scale", None), getattr(start, "mode", None)


def rules(model):
    """The rules of all hidden layers."""
    return {rule(layer) for layer in of_kind(model, "Dense")[:-1]}


def tells_accuracy(model):
    """Whether fit reports the accuracy; the class Accuracy compares classes with probabilities, and is another thing."""
    return any(
        name in ("acc", "accuracy") or named(name, "sparse_categorical_accuracy")
        for name in model.settings["metrics"]
    )


def loss_is(*names):
    """A symptom: the model is compiled with one of these losses."""
    return lambda a, model: model.settings is not None and named(model.settings["loss"], *names)


def with_other_weights(work):
    """Decorate a look at a model: it is done with random weights, and the old ones are put back."""

    def done(model, *args, **kwargs):
        before = model.rebuilt.get_weights()
        rng = np.random.default_rng(0)
        for layer in of_kind(model, "Dense", "BatchNormalization"):
            draw = small if isinstance(layer, keras.layers.Dense) else positive
            layer.set_weights([draw(rng, w.shape) for w in layer.get_weights()])
        try:
            return work(model, *args, **kwargs)
        finally:
            model.rebuilt.set_weights(before)

    return done


def small(rng, shape):
    """Kernels and biases that saturate no softmax."""
    return rng.normal(0, 0.3, shape)


def positive(rng, shape):
    """For batch norm, whose variances may not be negative."""
    return rng.uniform(0.2, 1.2, shape)


@with_other_weights
def computes(model, x, inputs, hidden, out=softmax):
    """Whether model(x) is what layers with `hidden(z, normalize)` make of `inputs`, and `out` of the last scores."""
    dense, norms = of_kind(model, "Dense"), of_kind(model, "BatchNormalization")
    if norms and len(norms) != len(dense) - 1:
        return False
    a = inputs
    for i, layer in enumerate(dense):
        W, *b = layer.get_weights()
        z = a @ W + sum(b)
        a = hidden(z, normalizer(norms[i]) if norms else lambda z: z) if layer is not dense[-1] else out(z)
    return np.allclose(np.asarray(model.rebuilt(x)), a, atol=1e-4)


def normalizer(layer):
    gamma, beta, mean, variance = layer.get_weights()
    return lambda z: gamma * (z - mean) / np.sqrt(variance + layer.epsilon) + beta


def wrong_shape(layer_sizes, model):
    """What is wrong with the model as a whole, or None."""
    if wrong := not_a_model(model):
        return wrong
    shapes = [tuple(layer.kernel.shape) for layer in of_kind(model, "Dense")]
    wanted = list(zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    if shapes != wanted:
        return f"its Dense layers should have kernels of the shapes {wanted}, yours have {shapes}"
    return None


def wrong_compile(lr, model):
    """What is wrong with how the model is compiled, or None."""
    if model.settings is None:
        return "the model should be compiled"
    wrong = wrong_optimizer(model.settings, "Nadam", lr) or wrong_loss(
        model.settings, "sparse_categorical_crossentropy"
    )
    if wrong:
        return wrong
    return None if tells_accuracy(model) else 'fit should report the accuracy: metrics=["accuracy"]'


def compiled(layers, lr, optimizer="Nadam", loss="sparse_categorical_crossentropy", metrics=("accuracy",)):
    model = keras.Sequential(layers)
    if optimizer:
        chosen = getattr(keras.optimizers, optimizer)(lr)
        model.compile(chosen, loss, metrics=list(metrics), jit_compile=False)
    return model


def count_norms(model):
    return len(of_kind(model, "BatchNormalization"))

"""Small Keras models as inputs of cases, and what judges ask of a model that an answer returns. Lessons 18 to 21.

A model is built from a seed when the answer is called. A returned model is a `SentModel`: data, in the notebook as at grading.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.checks.built_input import BuiltInput
from nnutils.checks.rebuilt import CannotRebuild, shown
from nnutils.checks.sent import SentModel

ACTIVATIONS = ("relu", "tanh")  # of the hidden layers, in turn
TRAINING_ONLY = (
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout2D",
)  # fmt: skip


@dataclass(frozen=True)
class Base(BuiltInput):
    """A classifier of dense layers; the function that gets it may change neither weights nor flags.

    sizes: inputs, hidden units, classes. trainable: a flag for each layer, or () for all of them trainable.
    normalized: batch normalization stands before the head.
    """

    sizes: tuple[int, ...]
    seed: int
    trainable: tuple[bool, ...] = ()
    normalized: bool = False

    def build(self, namespace: Mapping[str, Any]) -> Any:
        import keras

        model = keras.Sequential([keras.Input((self.sizes[0],)), *self._layers()])
        model.set_weights(self.weights)
        for layer, flag in zip(model.layers, self.flags, strict=False):
            layer.trainable = flag
        return model

    def is_unchanged(self, argument: Any) -> bool:
        return self.has_weights_of(argument) and flags_of(argument) == list(self.flags)

    def has_weights_of(self, model: Any) -> bool:
        """Whether the model's weights are those that this was built with, bit for bit, and no more and no fewer."""
        return _same_arrays(model.get_weights(), self.weights)

    @property
    def flags(self) -> tuple[bool, ...]:
        return self.trainable or (True,) * (len(self.sizes) - 1 + self.normalized)

    @functools.cached_property
    def weights(self) -> list[NDArray[np.float32]]:
        """Kernel and bias of each layer, in Keras' order; those of the batch normalization before the head's."""
        rng = np.random.default_rng(self.seed)
        pairs = itertools.pairwise(self.sizes)
        shapes: list[tuple[int, ...]] = [shape for n_in, n in pairs for shape in ((n_in, n), (n,))]
        if self.normalized:
            shapes[-2:-2] = [(self.sizes[-2],)] * 4
        drawn = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
        if self.normalized:
            drawn[-3] = np.abs(drawn[-3]) + np.float32(0.5)  # the moving variance
        return drawn

    @property
    def learning(self) -> list[bool]:
        """For each of the weights, whether training moves it where every layer is trainable."""
        moved = [True] * len(self.weights)
        if self.normalized:
            moved[-4:-2] = [False, False]  # the moving mean and variance
        return moved

    def features(self, x: NDArray) -> NDArray:
        """What the layers below the last make of x, in NumPy."""
        weights, depth = self.weights, len(self.sizes) - 2
        for i in range(depth):
            x = self._activate(x @ weights[2 * i] + weights[2 * i + 1], i)
        if self.normalized:
            gamma, beta, mean, variance = weights[2 * depth : 2 * depth + 4]
            x = gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta
        return x

    def _activate(self, z: NDArray, i: int) -> NDArray:
        return np.tanh(z) if i % 2 else np.maximum(z, 0)

    def _layers(self) -> list[Any]:
        from keras import layers

        names = itertools.cycle(ACTIVATIONS)
        hidden = [layers.Dense(n, activation=next(names)) for n in self.sizes[1:-1]]
        normal = [layers.BatchNormalization()] if self.normalized else []
        return [*hidden, *normal, layers.Dense(self.sizes[-1], activation="softmax")]


def seed_from(rng: np.random.Generator) -> int:
    """A seed for a model."""
    return int(rng.integers(1 << 30))


def flags_of(model: Any) -> list[bool]:
    """The trainable flag of every layer."""
    return [bool(layer.trainable) for layer in model.layers]


# The next two are not imported from the numerics: what a child has imported, an answer could call.
def sigmoid(z: NDArray) -> NDArray:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def softmax(z: NDArray) -> NDArray:
    """Along the last of two axes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def probes(n_in: int) -> NDArray[np.float32]:
    """Three inputs, on which two networks are compared."""
    return np.linspace(-2, 2, 3 * n_in, dtype=np.float32).reshape(3, -1)


def shapes_of(model: SentModel) -> list[tuple[int, ...]]:
    """The shapes of all weights."""
    return [w.shape for w in model.weights]


def activation_of(layer: Any) -> str:
    """The name of a layer's activation, "" where it has none. A layer that is an activation has its own name."""
    if type(layer).__name__ in ("Softmax", "ReLU", "ELU"):
        return type(layer).__name__.lower()
    return getattr(getattr(layer, "activation", None), "__name__", "")


def last_activation(model: SentModel) -> str:
    """The name of the last layer's activation."""
    return activation_of(model.rebuilt.layers[-1])


def not_a_model(result: Any) -> str | None:
    """What to say where a result is no Keras model, or none that can be looked at."""
    if not isinstance(result, SentModel):
        kind = str(getattr(result, "kind", type(result).__name__)).rpartition(".")[2]
        return f"it should return a Keras model, yours returns a {shown(kind)}"
    try:
        _ = result.rebuilt
    except CannotRebuild as error:
        return str(error)
    return None


def named(text: str, *names: str) -> bool:
    """Whether Keras means one of the names by a text: `SparseCategoricalCrossentropy` is `sparse_categorical_crossentropy`."""
    return text.lower().replace("_", "") in {name.lower().replace("_", "") for name in names}


def wrong_loss(settings: dict[str, Any], loss: str) -> str | None:
    """What is wrong with the loss that a model is compiled with, where its outputs are probabilities."""
    if not named(settings["loss"], loss):
        return f'the loss should be "{loss}", yours is "{shown(settings["loss"])}"'
    if settings["from_logits"]:
        return "the loss is told from_logits=True, but the model's outputs are probabilities already"
    return None


def wrong_optimizer(settings: dict[str, Any], name: str, lr: float) -> str | None:
    """What is wrong with the optimizer that a model is compiled with."""
    if settings["optimizer"] != name:
        return f"the optimizer should be {name}, yours is {shown(settings['optimizer'])}"
    rate = settings["learning_rate"]
    if not isinstance(rate, float | int):
        return f"the learning rate should be a number, yours is a schedule, {shown(rate)}"
    return None if np.isclose(rate, lr) else f"the learning rate should be {lr}, yours is {rate:.6g}"


def wrong_in_training(model: SentModel, *allowed: str) -> str | None:
    """What a model has that changes its training and not what it computes, beside layers of the allowed kinds."""
    kinds = [type(layer).__name__ for layer in model.rebuilt._flatten_layers(include_self=False)]
    odd = [kind for kind in kinds if kind in TRAINING_ONLY and kind not in allowed]
    if odd:
        return f"it should hold no dropout, noise or penalty that is not asked for, yours has {' and '.join(odd)}"
    if model.rebuilt.losses:
        return "it should have no penalty on its weights: none is asked for"
    if not all(learns for w, learns in zip(model.weights, model.learns, strict=True) if w.ndim > 1):
        return "every layer of the model should be trainable"
    return None


def has_other_weights(base: Base, model: SentModel) -> bool:
    """Whether the layers below the last have the shapes of the base's and other weights."""
    same_shapes = shapes_of(model)[:-2] == [w.shape for w in base.weights[:-2]]
    return same_shapes and not _takes_over(base, model)


def has_the_old_head(base: Base, model: SentModel) -> bool:
    """Whether the last layer is a copy of the base's."""
    own = model.weights
    return len(own) == len(base.weights) and np.array_equal(own[-2], base.weights[-2])


def head_on_top(base: Base, model: SentModel) -> bool:
    """Whether a head was put on all of the base's layers, the last included."""
    return len(model.weights) == len(base.weights) + 2 and shapes_of(model)[:-2] == [
        w.shape for w in base.weights
    ]


def is_frozen(base: Base, model: SentModel) -> bool:
    """Whether something that training moves in the base is frozen in this model."""
    return len(model.learns) == len(base.learning) and model.learns != base.learning


def _takes_over(base: Base, model: SentModel) -> bool:
    """Whether the weights below the last layer are the base's, and there are as many weights."""
    return len(model.weights) == len(base.weights) and _same_arrays(model.weights[:-2], base.weights[:-2])


def _same_arrays(some: list[NDArray[np.float32]], others: list[NDArray[np.float32]]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))


def wrong_with_new_head(base: Base, n_classes: int, model: Any) -> str | None:
    """What is wrong where all layers of the base but the last should be copied, with a new softmax layer on them."""
    if wrong := not_a_model(model):
        return wrong
    if model.shares:
        return (
            "a layer of the new model is one of the given model's own: train the one, and you train the other"
        )
    shape = model.rebuilt.output_shape
    if tuple(shape) != (None, n_classes):
        return f"the new model's output should have the shape (None, {n_classes}), yours has {shape}"
    if not _takes_over(base, model):
        return "below the head, layers and weights should be the given model's"
    if has_the_old_head(base, model):
        return "the head should be a new layer with weights of its own"
    x, (W, b) = probes(base.sizes[0]), model.weights[-2:]
    if not np.allclose(np.asarray(model.rebuilt(x)), softmax(base.features(x) @ W + b), atol=1e-4):
        return "the output should be the softmax of the new head on what the last layer below it gives"
    if is_frozen(base, model):
        return "every layer of the new model should be trainable: freezing is another step"
    if wrong := wrong_in_training(model):
        return wrong
    return None if model.settings is None else "the new model should not be compiled yet"

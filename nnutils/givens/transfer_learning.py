"""Small Keras models that the cases of lesson 16 hand to an answer: made from a seed at the moment of the call."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.givens.made import Made

ACTIVATIONS = ("relu", "tanh")  # of the hidden layers, in turn


@dataclass(frozen=True)
class Base(Made):
    """A classifier of dense layers; the function that gets it may change neither weights nor flags.

    sizes: inputs, hidden units, classes. trainable: a flag for each layer, or () for all of them trainable.
    normalized: batch normalisation stands before the head.
    Every layer is marked `of_the_base`, so that it is known where it turns up again.
    """

    sizes: tuple[int, ...]
    seed: int
    trainable: tuple[bool, ...] = ()
    normalized: bool = False

    def make(self, namespace: Mapping[str, Any]) -> Any:
        import keras

        model = self._class()([keras.Input((self.sizes[0],)), *self._layers()])
        model.set_weights(self.weights)
        for layer, flag in zip(model.layers, self.flags, strict=True):
            layer.of_the_base = True
            layer.trainable = flag
        return model

    def kept(self, argument: Any) -> bool:
        return self.has_weights_of(argument) and flags_of(argument) == list(self.flags)

    def has_weights_of(self, model: Any) -> bool:
        """Whether the model's weights are the ones that this was made with, bit for bit."""
        return all(map(np.array_equal, model.get_weights(), self.weights))

    @property
    def flags(self) -> tuple[bool, ...]:
        return self.trainable or (True,) * (len(self.sizes) - 1 + self.normalized)

    @functools.cached_property
    def weights(self) -> list[NDArray[np.float32]]:
        """Kernel and bias of each layer, in Keras' order; those of the batch normalisation before the head's."""
        rng = np.random.default_rng(self.seed)
        shapes: list[tuple[int, ...]] = [
            shape for n_in, n_out in itertools.pairwise(self.sizes) for shape in ((n_in, n_out), (n_out,))
        ]
        if self.normalized:
            shapes[-2:-2] = [(self.sizes[-2],)] * 4
        drawn = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
        if self.normalized:
            drawn[-3] = np.abs(drawn[-3]) + np.float32(0.5)  # the moving variance
        return drawn

    def _class(self) -> Any:
        import keras

        return keras.Sequential

    def _layers(self) -> list[Any]:
        from keras import layers

        names = itertools.cycle(ACTIVATIONS)
        hidden = [layers.Dense(n, activation=next(names)) for n in self.sizes[1:-1]]
        normal = [layers.BatchNormalization()] if self.normalized else []
        return [*hidden, *normal, layers.Dense(self.sizes[-1], activation="softmax")]


@dataclass(frozen=True)
class Network(Base):
    """A classifier whose flags the function may change, and whose weights it may not."""

    def kept(self, argument: Any) -> bool:
        return self.has_weights_of(argument)


@dataclass(frozen=True)
class Trainee(Base):
    """A classifier that the function is to train. It takes one step an epoch, on all examples, and notes how it was trained.

    `model.notes.fits` holds a dict for each call of `fit`: flags, lr, epochs, and whether `compile` was called for it.
    """

    def kept(self, argument: Any) -> bool:
        return True

    def _class(self) -> Any:
        return _noting_model()


class Notes:
    """What happened to a model; a plain object, since Keras wraps lists that are attributes of a model."""

    def __init__(self) -> None:
        self.compiled = False  # since the last fit
        self.built_with: list[bool] = []  # the flags that count until compile is called again
        self.fits: list[dict[str, Any]] = []


def flags_of(model: Any) -> list[bool]:
    """The trainable flag of every layer."""
    return [bool(layer.trainable) for layer in model.layers]


def set_flags(model: Any, flags: list[bool]) -> None:
    """Set the trainable flag of every layer."""
    for layer, flag in zip(model.layers, flags, strict=False):
        layer.trainable = flag


@functools.cache
def _noting_model() -> Any:
    import keras

    class NotingModel(keras.Sequential):
        """Runs eagerly: to build a graph takes longer than these few steps. As there, flags count when it is compiled."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.notes = Notes()

        def compile(self, *args: Any, **kwargs: Any) -> None:
            super().compile(*args, **{**kwargs, "run_eagerly": True, "jit_compile": False})
            self.notes.compiled = True

        def fit(self, x: Any = None, y: Any = None, batch_size: Any = None, epochs: int = 1, **_: Any) -> Any:
            lr = float(self.optimizer.learning_rate) if self.optimizer else None
            self.notes.fits.append(
                {"flags": flags_of(self), "lr": lr, "epochs": epochs, "compiled": self.notes.compiled}
            )
            now = flags_of(self)
            if self.notes.compiled:
                self.notes.compiled, self.notes.built_with = False, now
            set_flags(self, self.notes.built_with)
            history = self._steps(x, y, epochs)
            set_flags(self, now)
            return history

        def _steps(self, x: Any, y: Any, epochs: int) -> Any:
            history = keras.callbacks.History()
            history.set_model(self)
            history.on_train_begin()
            for epoch in range(epochs):
                history.on_epoch_end(epoch, self.train_on_batch(x, y, return_dict=True))
            return history

    return NotingModel

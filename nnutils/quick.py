"""Fast training of many small Keras models: one graph runs all epochs, for all models of the same kind.

`fit` of a small Keras model spends most of its time between the steps, and each `compile` builds the graph of a step again.
Here the graph is built once for all models with the same layers, flags, loss and optimiser, and its variables get the values of
the model that is trained. The steps use Keras' own layers, loss and optimiser. Needs TensorFlow.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def quick(model: Any, rng: np.random.Generator | int = 0) -> Any:
    """A keras.Sequential with a fast `fit`. It shares the layers of `model`, so training it trains `model`.

    rng: shuffles the examples in each epoch. As in Keras, a change of flags or optimiser counts from the next `compile` on.
    `compile` takes an optimiser and a loss; `fit` takes x, y, batch_size, epochs and verbose, and returns a History of the loss.
    """
    import keras

    return _quick_class()([keras.Input(model.input_shape[1:]), *model.layers]).ordered_by(rng)


@functools.cache
def _quick_class() -> Any:
    import keras

    class QuickSequential(keras.Sequential):
        """A Sequential whose variables are trained by a `Fitter`."""

        def ordered_by(self, rng: np.random.Generator | int) -> Any:
            self.rng = np.random.default_rng(rng)
            return self

        def compile(self, optimizer: Any, loss: str, jit_compile: bool = False) -> None:
            super().compile(optimizer=optimizer, loss=loss, jit_compile=jit_compile)
            self.kind = ""

        def fit(
            self, x: ArrayLike, y: ArrayLike, batch_size: int = 32, epochs: int = 1, verbose: int = 0
        ) -> Any:
            if not self.compiled:
                raise ValueError("compile the model before you fit it")
            if not self.kind:  # the flags of the first fit count until the next compile
                self.kind = _description(self)
                self.optimizer.build(self.trainable_variables)
            X, Y = np.asarray(x, np.float32), np.asarray(y)
            Y = Y.astype(np.int32 if Y.dtype.kind in "iub" else np.float32)
            order = np.array([self.rng.permutation(len(Y)) for _ in range(epochs)], np.int32)
            losses = _fitter(self.kind, Y.dtype.name, Y.ndim)(self, X, Y, order, batch_size)
            history = keras.callbacks.History()
            history.set_model(self)
            history.epoch, history.history = list(range(epochs)), {"loss": losses}
            return history

    return QuickSequential


def _description(model: Any) -> str:
    """What a graph depends on, as JSON: input, layers with their flags, loss, optimiser; no names, no learning rate."""
    import keras

    parts = [keras.layers.serialize(layer) for layer in model.layers]
    parts.append(keras.optimizers.serialize(model.optimizer))
    for part in parts:
        part["config"].pop("name")
    parts[-1]["config"]["learning_rate"] = 0.0  # a variable: its value is assigned for each fit
    return json.dumps([model.input_shape[1:], parts, model.loss])


@functools.lru_cache(maxsize=32)
def _fitter(description: str, dtype: str, ndim: int) -> Fitter:
    shape, parts, loss = json.loads(description)
    return Fitter(shape, parts, loss, dtype, ndim)


class Fitter:
    """A model and an optimiser with the graph that trains them. dtype, ndim: of the targets y."""

    def __init__(
        self, shape: list[int], parts: list[dict[str, Any]], loss: str, dtype: str, ndim: int
    ) -> None:
        import keras
        import tensorflow as tf

        layers = [keras.layers.deserialize(part) for part in parts[:-1]]
        self.model = keras.Sequential([keras.Input(tuple(shape)), *layers])
        self.optimizer = keras.optimizers.deserialize(parts[-1])
        self.model.compile(self.optimizer, loss, jit_compile=False)
        self.optimizer.build(self.model.trainable_variables)
        form = [((None, *shape), "float32"), ((None,) * ndim, dtype), ((None, None), "int32"), ((), "int32")]
        self.graph = tf.function(self._epochs, input_signature=[tf.TensorSpec(*spec) for spec in form])

    def __call__(
        self, model: Any, x: NDArray, y: NDArray, order: NDArray[np.int32], batch_size: int
    ) -> list[float]:
        """Train `model` in place and return the mean loss of each epoch. order: (epochs, m), the examples' order in each."""
        mine = [*self.model.variables, *self.optimizer.variables]
        theirs = [*model.variables, *model.optimizer.variables]
        _assign(mine, theirs)
        losses = self.graph(x, y, order, batch_size)
        _assign(theirs, mine)
        return [float(loss) for loss in losses.numpy()]

    def _epochs(self, x: Any, y: Any, orders: Any, batch_size: Any) -> Any:
        import tensorflow as tf

        m = tf.shape(orders)[1]
        losses = tf.zeros(tf.shape(orders)[0])
        for epoch in tf.range(tf.shape(orders)[0]):
            for start in tf.range(0, m, batch_size):
                chosen = orders[epoch, start : start + batch_size]
                loss = self._step(tf.gather(x, chosen), tf.gather(y, chosen))
                share = tf.cast(tf.shape(chosen)[0], tf.float32) / tf.cast(m, tf.float32)
                losses = tf.tensor_scatter_nd_add(losses, [[epoch]], [loss * share])
        return losses

    def _step(self, x: Any, y: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = self.model.compute_loss(x, y, self.model(x, training=True))
        weights = self.model.trainable_weights
        self.optimizer.apply(tape.gradient(loss, [weight.value for weight in weights]), weights)
        return loss


def _assign(targets: list[Any], sources: list[Any]) -> None:
    for target, source in zip(targets, sources, strict=True):
        target.assign(source)

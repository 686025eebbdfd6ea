"""What the cases of lesson 16 hand to an answer: a model whose flags are to be set, and one that is to be trained."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.givens.models import ACTIVATIONS, Base, flags_of, set_flags, softmax

__all__ = ["ACTIVATIONS", "Base", "Network", "Notes", "Trainee", "flags_of", "set_flags"]


@dataclass(frozen=True)
class Network(Base):
    """A classifier whose flags the function may change, and whose weights it may not."""

    def kept(self, argument: Any) -> bool:
        return self.has_weights_of(argument)


@dataclass(frozen=True)
class Trainee(Base):
    """A classifier that the function is to train. It notes how, and takes one step of plain gradient descent an epoch.

    `model.notes.fits` holds a dict for each call of `fit`: flags, lr, epochs, and whether `compile` was called for it.
    """

    def kept(self, argument: Any) -> bool:
        return True

    def _class(self) -> Any:
        return noting_model()


class Notes:
    """What happened to a model; a plain object, since Keras wraps lists that are attributes of a model."""

    def __init__(self) -> None:
        self.compiled = False  # since the last fit
        self.built_with: list[bool] = []  # the flags that count until compile is called again
        self.fits: list[dict[str, Any]] = []


@functools.cache
def noting_model() -> Any:
    import keras

    class NotingModel(keras.Sequential):
        """Takes its steps in NumPy, since one of Keras' takes longer than all the rest. As there, flags count when compiled."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.notes = Notes()

        def compile(self, *args: Any, **kwargs: Any) -> None:
            super().compile(*args, **{**kwargs, "jit_compile": False})
            self.notes.compiled = True

        def fit(self, x: ArrayLike, y: ArrayLike, batch_size: Any = None, epochs: int = 1, **_: Any) -> Any:
            if not self.compiled:
                raise ValueError("compile the model before you fit it")
            lr, now = float(self.optimizer.learning_rate), flags_of(self)
            self.notes.fits.append(
                {"flags": now, "lr": lr, "epochs": epochs, "compiled": self.notes.compiled}
            )
            if self.notes.compiled:
                self.notes.compiled, self.notes.built_with = False, now
            history = keras.callbacks.History()
            history.epoch = list(range(epochs))
            history.history = {"loss": descend(self, self.notes.built_with, x, y, lr, epochs)}
            return history

    return NotingModel


def descend(model: Any, flags: list[bool], x: ArrayLike, y: ArrayLike, lr: float, steps: int) -> list[float]:
    """Train a Trainee's model in place by steps of gradient descent on all examples; the loss before each step."""
    weights = model.get_weights()
    losses = []
    for _ in range(steps):
        loss, grads = _loss_and_grads(weights, np.asarray(x), np.asarray(y))
        losses.append(loss)
        for i, grad in enumerate(grads):
            if flags[i // 2]:
                weights[i] = weights[i] - lr * grad
    model.set_weights(weights)
    return losses


def _loss_and_grads(weights: list[NDArray], x: NDArray, y: NDArray) -> tuple[float, list[NDArray]]:
    """Mean cross-entropy of a classifier of dense layers with ACTIVATIONS, and its gradient for each W and b."""
    outputs, last = [x], len(weights) // 2 - 1
    for i in range(last):
        z = outputs[-1] @ weights[2 * i] + weights[2 * i + 1]
        outputs.append(np.tanh(z) if i % 2 else np.maximum(z, 0))
    p = softmax(outputs[-1] @ weights[-2] + weights[-1])
    loss = float(-np.log(p[np.arange(len(y)), y]).mean())
    grads: list[NDArray] = []
    d = (p - np.eye(p.shape[1])[y]) / len(y)
    for i in range(last, -1, -1):
        grads[:0] = [outputs[i].T @ d, d.sum(axis=0)]
        slope = 1 - outputs[i] ** 2 if i % 2 == 0 else outputs[i] > 0  # of layer i - 1, whose output this is
        d = (d @ weights[2 * i].T) * slope
    return loss, grads

"""What the cases of lesson 18 hand to an answer: a model whose flags are to be set, and one that is to be trained."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.checks.models import Base, flags_of, softmax
from nnutils.checks.sent import settings_of

Trained = tuple[list[NDArray], list[list[float]]]


@dataclass(frozen=True)
class Network(Base):
    """A classifier whose flags the function may change, and whose weights it may not."""

    def is_unchanged(self, argument: Any) -> bool:
        return self.has_weights_of(argument)


@dataclass(frozen=True)
class Trainee(Base):
    """A classifier that the function is to train. It notes how, and takes a step of plain gradient descent an epoch.

    `model.recorder.fits` holds a dict for each call of `fit`.
    """

    def is_unchanged(self, argument: Any) -> bool:
        return True

    def build(self, namespace: Mapping[str, Any]) -> Any:
        model = super().build(namespace)
        model.recorder = Recorder(model)
        model.compile, model.fit = model.recorder.compile, model.recorder.fit
        return model

    def trained(self, x: NDArray, y: NDArray, phases: Iterable[tuple[int, float, int]]) -> Trained:
        """What phases of (from_layer, lr, epochs) make of its weights, and the losses of each phase."""
        weights, losses = self.weights, []
        for from_layer, lr, epochs in phases:
            flags = [i >= from_layer for i in range(len(self.flags))]
            weights, told = descend(weights, flags, x, y, lr, epochs)
            losses.append(told)
        return weights, losses


class Recorder:
    """Stands for `compile` and `fit` of a model. Its steps are taken in NumPy: one of Keras' takes longer than all the rest."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.compiled = False  # since the last fit
        self.built_with: list[bool] = []  # the flags that count until compile is called again
        self.fits: list[dict[str, Any]] = []

    def compile(self, *args: Any, **kwargs: Any) -> None:
        type(self.model).compile(self.model, *args, **{**kwargs, "jit_compile": False})
        self.compiled = True

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        import keras

        asked = inspect.signature(keras.Sequential.fit).bind(self.model, *args, **kwargs)
        asked.apply_defaults()
        del asked.arguments["self"]
        history = keras.callbacks.History()
        history.epoch = list(range(asked.arguments["epochs"]))
        history.history = {"loss": self._fit(**asked.arguments)}
        return history

    def _fit(
        self, x: Any, y: Any, batch_size: Any, epochs: int, validation_split: float, **others: Any
    ) -> list[float]:
        settings, now = settings_of(self.model), flags_of(self.model)
        if settings is None:
            raise ValueError("compile the model before you fit it")
        x, y = np.asarray(x), np.asarray(y)
        m = int(len(x) * (1 - validation_split))  # Keras, too, holds out the last ones
        odd = [
            name
            for name in ("callbacks", "class_weight", "sample_weight", "steps_per_epoch")
            if others[name] is not None
        ]
        self.fits.append(
            {
                "flags": now,
                "compiled": self.compiled,
                "epochs": epochs,
                "batch_size": batch_size,
                "examples": m,
                "odd": odd,
            }
            | settings
        )
        if self.compiled:
            self.compiled, self.built_with = False, now
        classes = (
            y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()
        )  # one-hot labels are read, too
        lr = settings["learning_rate"] if isinstance(settings["learning_rate"], float) else 0.0
        before = self.model.get_weights()
        weights, losses = descend(before, self.built_with, x[:m], classes[:m].astype(int), lr, epochs)
        self.model.set_weights(weights)
        return losses


def descend(
    weights: list[NDArray], flags: list[bool], x: NDArray, y: NDArray, lr: float, steps: int
) -> tuple[list[NDArray], list[float]]:
    """Steps of gradient descent on all examples, in the layers with a flag: the new weights, and the loss before each step."""
    weights, losses = list(weights), []
    for _ in range(steps):
        loss, grads = _loss_and_grads(weights, x, y)
        losses.append(loss)
        for i, grad in enumerate(grads):
            if flags[i // 2]:
                weights[i] = weights[i] - lr * grad
    return weights, losses


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

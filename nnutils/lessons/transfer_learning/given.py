"""What the cases of lesson 18 hand to an answer, a model whose flags are to be set and one that is to be trained; and the trial
of a policy for few labels."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.checks.models import Base, flags_of, softmax
from nnutils.checks.sent import settings_of

MOMENTUM, EPSILON = 0.99, 1e-3  # of Keras' BatchNormalization
Trained = tuple[list[NDArray], list[list[float]]]


@dataclass(frozen=True)
class Network(Base):
    """A classifier whose flags the function may change, and whose weights it may not."""

    def is_unchanged(self, argument: Any) -> bool:
        return self.has_weights_of(argument)


@dataclass(frozen=True)
class Trainee(Base):
    """A classifier that the function is to train. It notes how, and takes a step of plain gradient descent an epoch.

    `model.recorder.fits` holds a dict for each call of `fit`. optimizer: the only one that `fit` takes, "" for any.
    """

    optimizer: str = ""

    def is_unchanged(self, argument: Any) -> bool:
        return True

    def build(self, namespace: Mapping[str, Any]) -> Any:
        model = super().build(namespace)
        model.recorder = Recorder(model, self.optimizer)
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

    def __init__(self, model: Any, optimizer: str = "") -> None:
        self.model, self.optimizer = model, optimizer
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
        if self.optimizer not in ("", settings["optimizer"]):
            raise ValueError(f"compile with {self.optimizer}: the optimizer is {settings['optimizer']}")
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
    """Steps of gradient descent on all examples, in the layers with a flag: the new weights, and the loss before each step.

    Where batch normalization stands before the head, it uses and moves statistics of the batch if its own flag is set.
    """
    weights, losses = list(weights), []
    normalized = len(weights) == 2 * len(flags) + 2  # four arrays in one of the layers
    layer_of = [i // 2 for i in range(len(weights))]
    if normalized:
        layer_of[-6:] = [len(flags) - 2] * 4 + [len(flags) - 1] * 2
    for _ in range(steps):
        loss, grads, moved = _loss_and_grads(weights, x, y, normalized, normalized and flags[-2])
        losses.append(loss)
        for i, grad in enumerate(grads):
            if flags[layer_of[i]]:
                weights[i] = weights[i] - lr * grad
        if moved:
            weights[-4:-2] = moved
    return weights, losses


def _loss_and_grads(
    weights: list[NDArray], x: NDArray, y: NDArray, normalized: bool, by_batch: bool
) -> tuple[float, list[NDArray], list[NDArray]]:
    """Mean cross-entropy of a classifier of dense layers with ACTIVATIONS, its gradient for each of the weights, and the moved
    averages of batch normalization, none where it is frozen."""
    last = (len(weights) - 2 - 4 * normalized) // 2  # hidden layers
    outputs, moved = [x], []
    for i in range(last):
        z = outputs[-1] @ weights[2 * i] + weights[2 * i + 1]
        outputs.append(np.tanh(z) if i % 2 else np.maximum(z, 0))
    top = outputs[-1]
    if normalized:
        gamma, beta, mean, variance = weights[-6:-2]
        if by_batch:
            moved = [MOMENTUM * mean + (1 - MOMENTUM) * top.mean(axis=0)]
            moved += [MOMENTUM * variance + (1 - MOMENTUM) * top.var(axis=0)]
            mean, variance = top.mean(axis=0), top.var(axis=0)
        std = np.sqrt(variance + EPSILON)
        scaled = (top - mean) / std
        top = gamma * scaled + beta
    p = softmax(top @ weights[-2] + weights[-1])
    with np.errstate(divide="ignore"):  # after steps that were far too long
        loss = float(-np.log(p[np.arange(len(y)), y]).mean())
    d = (p - np.eye(p.shape[1])[y]) / len(y)
    grads: list[NDArray] = [top.T @ d, d.sum(axis=0)]
    d = d @ weights[-2].T
    if normalized:
        grads[:0] = [(d * scaled).sum(axis=0), d.sum(axis=0), np.zeros_like(mean), np.zeros_like(variance)]
        d = d * gamma
        if by_batch:  # the statistics depend on the batch, too
            d = d - d.mean(axis=0) - scaled * (d * scaled).mean(axis=0)
        d = d / std
    for i in range(last - 1, -1, -1):
        d = d * (1 - outputs[i + 1] ** 2 if i % 2 else outputs[i + 1] > 0)
        grads[:0] = [outputs[i].T @ d, d.sum(axis=0)]
        d = d @ weights[2 * i].T
    return loss, grads, moved


BUDGET = 40_000  # pictures that pass through the head in training, each copy counted in each epoch
RANGES = {"layers": (0, 4), "hidden": (0, 128), "copies": (0, 20), "epochs": (1, 2000), "shift": (0, 3)}
SHARES = {"rate": (0.0, 1.0), "negatives": (0.0, 1.0)}


def try_few_labels(policy: Mapping[str, Any], seed: int, similar: bool, labels: int) -> float:
    """Train as the policy says on a task with so many labels; return the accuracy on 250 other pictures.

    Raises
    ------
    ValueError: the policy has another form, or asks for more than 40 000 picture passes.
    """
    from nnutils.data import pretrained_body
    from nnutils.transfer import few_shot, scaled, trained_head, with_copies

    asked = _checked(policy, labels)
    task, rng = few_shot(seed, labels, similar, 250), np.random.default_rng([seed, 1])
    X, y = with_copies(task.X, task.y, asked["copies"], rng, asked["shift"], asked["negatives"])
    body = pretrained_body()
    F, dev_F = scaled(body.features(X, asked["layers"]), body.features(task.dev_X, asked["layers"]))
    head = trained_head(F, y, rng, asked["hidden"], asked["rate"], asked["epochs"] * len(y))
    return float(head.accuracy(dev_F, task.dev_y))


def _checked(policy: Any, labels: int) -> dict[str, Any]:
    """The policy's numbers, all within their ranges and the budget."""
    wanted = {**RANGES, **SHARES}
    if not isinstance(policy, Mapping) or set(policy) != set(wanted):
        raise ValueError(f"a policy is a dict with exactly these keys: {', '.join(wanted)}")
    for name, (low, high) in wanted.items():
        value = policy[name]
        kinds = (int, np.integer) if name in RANGES else (int, float, np.integer, np.floating)
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            what = "a whole number" if name in RANGES else "a number"
            raise ValueError(f"{name} is {what} from {low:g} to {high:g}")
    if policy["rate"] == 0:
        raise ValueError("rate is larger than 0")
    if labels * (1 + policy["copies"]) * policy["epochs"] > BUDGET:
        raise ValueError(
            f"labels times (1 + copies) times epochs is over the budget of {BUDGET} picture passes"
        )
    return {name: int(policy[name]) if name in RANGES else float(policy[name]) for name in wanted}

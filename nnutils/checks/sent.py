"""Keras models as data. A model that an answer returns is written down in the answer's process; judges see only the data.

So a check in a notebook and the grader, whose sandbox lets no model out, look at the same thing.
"""

from __future__ import annotations

import functools
import itertools
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_MODELS = 10  # in one result


@dataclass(frozen=True, eq=False)
class SentModel:
    """A model as data. The first four fields are the model itself; the others are claims of the process that made it.

    Raises
    ------
    ValueError: a field is of another kind.
    """

    kind: str  # the name of its class
    config: str  # what to_json gives, "" where Keras cannot write the model down
    weights: list[NDArray[np.float32]]
    learns: list[bool]  # for each of the weights, whether training would move it
    flags: list[bool]  # `trainable` of each layer
    trainable: bool  # the model's own flag
    settings: dict[str, Any] | None  # what it is compiled with, see `settings_of`
    given: str = ""  # the argument that it is, by name
    shares: str = ""  # an argument that it shares weights with, by name
    fits: list[dict[str, Any]] = field(default_factory=list)  # the calls of fit, where the model records them

    def __post_init__(self) -> None:
        flags = (*self.learns, *self.flags, self.trainable)
        proper = (
            all(isinstance(text, str) for text in (self.kind, self.config, self.given, self.shares))
            and all(type(flag) is bool for flag in flags)
            and all(isinstance(w, np.ndarray) and w.dtype == np.float32 for w in self.weights)
            and isinstance(self.settings, dict | None)
            and all(isinstance(fit, dict) for fit in self.fits)
        )
        if not proper:
            raise ValueError("this describes no model")

    @functools.cached_property
    def rebuilt(self) -> Any:
        """The Keras model again, of the layers that judges know.

        Raises
        ------
        CannotRebuild: it has a layer that is not one of these, or no shape yet.
        """
        from nnutils.checks.rebuilt import rebuild

        return rebuild(self)


Held = dict[str, list[Any]]  # the name of an argument → the model that it is, and its weights


def models_in(arguments: Mapping[str, Any]) -> Held:
    """The models among the arguments of a call, taken before the call can change them."""
    models = {name: value for name, value in arguments.items() if _is_a("Model", value)}
    return {name: [model, *model.weights] for name, model in models.items()}


def sent(value: Any, held: Held) -> Any:
    """A result with models and histories as data; anything else as it is. held: what `models_in` found before the call.

    Raises
    ------
    ValueError: more than 10 models are in it.
    """
    if "keras" not in sys.modules:
        return value
    numbers = itertools.count(1)

    def as_data(value: Any) -> Any:
        if type(value) in (list, tuple):
            return type(value)(map(as_data, value))
        if _is_a("callbacks.History", value):
            return {name: [float(number) for number in values] for name, values in value.history.items()}
        if not _is_a("Model", value):
            return value
        if next(numbers) > MOST_MODELS:
            raise ValueError(f"it returns more than {MOST_MODELS} models")
        return _model_as_data(value, held)

    return as_data(value)


def _model_as_data(model: Any, held: Held) -> SentModel:
    own, moved = {id(w) for w in model.weights}, {id(w) for w in model.trainable_weights}
    return SentModel(
        type(model).__name__,
        _config(model),
        [np.asarray(w, np.float32) for w in model.get_weights()],
        [id(w) in moved for w in model.weights],
        [bool(layer.trainable) for layer in model.layers],
        bool(model.trainable),
        settings_of(model),
        next((name for name, (argument, *_) in held.items() if argument is model), ""),
        next((name for name, (_, *weights) in held.items() if own & {*map(id, weights)}), ""),
        [*getattr(getattr(model, "recorder", None), "fits", [])],
    )


def settings_of(model: Any) -> dict[str, Any] | None:
    """What a model is compiled with, or None: names of optimizer, loss and metrics, the learning rate, and `from_logits`.

    A learning rate that is a schedule is the schedule's name.
    """
    if not model.compiled:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of functions that could not be read back
        config = model.get_compile_config() or {}
    optimizer, loss = config.get("optimizer"), config.get("loss")
    rate = _inside(optimizer).get("learning_rate")
    return {
        "optimizer": next(_names(optimizer), ""),
        "learning_rate": next(_names(rate), "") if isinstance(rate, dict) else rate,
        "loss": next(_names(loss), ""),
        "from_logits": bool(_inside(loss).get("from_logits")),
        "metrics": [*_names(config.get("metrics")), *_names(config.get("weighted_metrics"))],
    }


def _is_a(name: str, value: Any) -> bool:
    """Whether a value is of this class of Keras; Keras is not imported for it."""
    kind: Any = sys.modules.get("keras")
    for part in name.split("."):
        kind = getattr(kind, part, None)
    return isinstance(kind, type) and isinstance(value, kind)


def _config(model: Any) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(model.to_json())
    except Exception:  # a layer of its own that cannot be written down
        return ""


def _names(part: Any) -> Iterator[str]:
    """The names of classes and functions in a part of a compile config."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict) and "class_name" in part:
        yield str(part["config"] if part["class_name"] == "function" else part["class_name"])
    elif isinstance(part, dict | list | tuple):
        for item in part.values() if isinstance(part, dict) else part:
            yield from _names(item)


def _inside(part: Any) -> dict[str, Any]:
    config = part.get("config") if isinstance(part, dict) else None
    return config if isinstance(config, dict) else {}

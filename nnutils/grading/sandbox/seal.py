"""What of the libraries an answer changed for everybody, and what it returns that is not of the libraries' making.

A model is judged beside the code that made it. This finds the cheap ways to lie to a judge: a patched function of Keras, NumPy or
the course, and a layer that says of itself what it is not. It is a tripwire and no wall: `nnutils.grading.models` says what is.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import keras

WATCHED = ("keras.src.", "nnutils.checks.", "nnutils.givens.", "nnutils.grading.")
ONE_BY_ONE = ("keras", "numpy", "json", "struct", "builtins")  # these without the modules inside them
OWN = {  # what a layer or model of one's own may define, beside names that Keras does not know
    "__init__", "build", "call", "compute_mask", "compute_output_shape", "compute_output_spec", "get_config", "from_config",
    "train_step", "test_step", "predict_step", "quantize", "loss", "__module__", "__qualname__", "__doc__", "__annotations__",
    "__dict__", "__weakref__", "__firstlineno__", "__static_attributes__",
}  # fmt: skip
Held = tuple[str, Any, str, Any, Any]  # whose, where it stands, under what name, what, its code


class Seal:
    """Taken before any answer is loaded; `broken()` and `stranger_in()` look afterwards."""

    def __init__(self) -> None:
        modules = sorted(sys.modules.items())
        watched = [one for name, one in modules if name in ONE_BY_ONE or name.startswith(WATCHED)]
        spaces: list[Any] = [part for module in watched for part in (module, *_classes(module))]
        owners = {id(part): part for part in spaces}
        self._held = [held for owner in owners.values() for held in _callables(owner)]
        kinds = [keras.Layer, keras.Variable, *_below(keras.Layer), *_below(keras.Variable)]
        self._made = {part for kind in kinds for part in kind.__mro__}
        self._metas, self._names = {type(part) for part in self._made}, {*dir(keras.Model)} - OWN

    def broken(self) -> str | None:
        """The name of a function or class that is no longer what it was."""
        for owner, space, name, value, code in self._held:
            if space.get(name) is not value or getattr(value, "__code__", None) is not code:
                return f"{owner}.{name}"
        return None

    def stranger_in(self, value: Any) -> str | None:
        """What in a result tells of itself in another way than Keras' own layers do, or None."""
        parts = (part for layer in _layers(value) for part in (layer, *_variables(layer)))
        return next((odd for part in parts if (odd := self._odd(part))), None)

    def _odd(self, one: Any) -> str | None:
        kind = type(one)
        for part in kind.__mro__:
            if part in self._made:
                continue
            changed = sorted(self._names & vars(part).keys())
            if changed or type(part) not in self._metas or isinstance(one, keras.Variable):
                return ".".join([part.__name__, *changed[:1]])
        mine = (name for name, value in vars(one).items() if name in self._names and callable(value))
        return next((f"{kind.__name__}.{name}" for name in mine), None)


def _below(kind: Any) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _classes(module: types.ModuleType) -> list[type]:
    values = vars(module).values()
    return [one for one in values if isinstance(one, type) and one.__module__ == module.__name__]


def _callables(owner: Any) -> Iterator[Held]:
    space = vars(owner)
    for name, value in list(space.items()):
        if isinstance(value, property | classmethod | staticmethod | Callable):
            yield owner.__name__, space, name, value, getattr(value, "__code__", None)


def _layers(value: Any) -> Iterator[Any]:
    """The models in a result, and all layers inside them."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _layers(item)
    elif isinstance(value, keras.Layer):
        yield from keras.Layer._flatten_layers(value)


def _variables(layer: Any) -> list[Any]:
    return [*layer._trainable_variables, *layer._non_trainable_variables]

"""Inputs that are built when the answer is called, because they cannot be copied or sent: a model, an earlier answer's result."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BuiltInput:
    """Stands in a case for what `build` returns. A subclass is a frozen dataclass in a lesson's `given` module."""

    def build(self, namespace: Mapping[str, Any]) -> Any:
        """The argument itself, a new one for each call. namespace: the globals of the function that is called."""
        raise NotImplementedError

    def is_unchanged(self, argument: Any) -> bool:
        """Whether the function left the argument as it was built. By default that is not asked."""
        return True


@dataclass(frozen=True)
class EarlierAnswer(BuiltInput):
    """`function(*arguments)[part]`, with the function of that name beside the one that is checked.

    So a backward pass gets the cache of its own forward pass, whatever its layout. `otherwise` is the result of the course's own
    version; it is taken where there is no such function or it fails.
    """

    function: str
    arguments: tuple[Any, ...]
    part: int
    otherwise: Any

    def build(self, namespace: Mapping[str, Any]) -> Any:
        try:
            return namespace[self.function](*copy.deepcopy(self.arguments))[self.part]
        except Exception:  # that answer has a check of its own
            return copy.deepcopy(self.otherwise)

"""An argument that the student's own earlier answer makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EarlierAnswer:
    """Stands in a case for `function(*arguments)[part]`, with the function of that name beside the one that is checked.

    So a backward pass meets the cache of its own forward pass, whatever its layout. `otherwise` is taken where there is no such
    function or it fails: what the course's own version makes.
    """

    function: str
    arguments: tuple[Any, ...]
    part: int
    otherwise: Any

    def resolve(self, namespace: Mapping[str, Any]) -> Any:
        """The argument, made by the function in a notebook's namespace."""
        try:
            return namespace[self.function](*self.arguments)[self.part]
        except Exception:  # that answer has a check of its own
            return self.otherwise

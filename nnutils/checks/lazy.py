"""Modules that are imported when they are first used: Keras takes seconds, and listing the exercises needs none of it."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


class LazyModule(ModuleType):
    """Stands for the module of that name; the first attribute asked of it imports the module.

    Questions that Python itself asks of any object (`__wrapped__`, `__file__` and the like) import nothing.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)

    def __repr__(self) -> str:
        return f"<{self.__name__}, imported on first use>"


keras = LazyModule("keras")

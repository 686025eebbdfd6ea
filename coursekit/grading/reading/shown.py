"""Stand-ins for libraries that show something, and for libraries that an answer only names. The child runs this file's text.

A right answer may still contain a `display`, a plot or a progress bar: here these draw nothing, and the answer goes on. A type
hint or a default may name a library that answers cannot use; to call it is an error.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

NAMES = ("display", "get_ipython")  # the kernel's own
PACKAGES = ("IPython", "ipywidgets", "matplotlib", "tqdm")
HOME = "nnutils_stand_ins"


def _attributes(make: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """A `__getattr__` that gives what `make` makes, and none of Python's own names, such as `__len__`."""

    def get(self: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return make(self, name)

    return get


class Shown:
    """Takes every call and attribute; a progress bar yields what it is given."""

    __getattr__ = _attributes(lambda self, name: Shown())

    def __init__(self, things: Iterable[Any] = (), *_: Any, **__: Any) -> None:
        self.things = things if hasattr(things, "__iter__") else ()

    def __call__(self, *args: Any, **kwargs: Any) -> Shown:
        return Shown(*args, **kwargs)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.things)

    def __len__(self) -> int:
        return len(self.things)  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None: ...


class Absent:
    """Stands for a part of a library that an answer may name and not call."""

    __getattr__ = _attributes(lambda self, name: Absent(f"{self.path}.{name}"))

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise ImportError(f"{self.path} is not there for answers: write out the formula with NumPy instead")


def _subplots(rows: int = 1, columns: int = 1, *_: Any, **options: Any) -> tuple[Shown, Any]:
    shape = options.get("nrows", rows), options.get("ncols", columns)
    axes = np.full(shape, Shown(), dtype=object).squeeze()
    return Shown(), axes if axes.ndim else Shown()


SPECIAL: dict[str, Callable[..., Any]] = {
    "subplots": _subplots,
    "trange": lambda *counts, **_: Shown(range(*counts)),
    "tnrange": lambda *counts, **_: Shown(range(*counts)),
}


class Module(types.ModuleType):
    """A module of one of the packages: it has whatever is asked of it."""

    __getattr__ = _attributes(lambda self, name: SPECIAL.get(name) or Shown())


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages' modules here."""

    def find_spec(self, name: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        """A specification of a module of one of the packages; None for any other."""
        mine = name.partition(".")[0] in PACKAGES
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if mine else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Module:
        """The stand-in."""
        return Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run nothing."""


def install() -> None:
    """Put the stand-ins where an answer looks for them; once in a process."""
    if HOME in sys.modules:
        return
    home = types.ModuleType(HOME)
    home.Absent = Absent  # type: ignore[attr-defined]
    sys.modules[HOME] = home
    sys.meta_path.insert(0, Finder())
    for name in NAMES:
        setattr(builtins, name, Shown())

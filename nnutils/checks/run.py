"""Run a function on cases and record what it did: results, errors, arguments changed in place, random numbers from elsewhere.

Nothing here knows an exercise or an expected value: the grader runs this module beside a stranger's code.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import linecache
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import numpy as np

from nnutils.checks.built_input import BuiltInput
from nnutils.checks.compare import agree, identical
from nnutils.checks.draws import (
    Used,
    copy_of,
    generators_in,
    other_source,
    state_of,
    watching,
    with_other_generators,
)
from nnutils.checks.sent import models_in, sent

PACKAGES = os.path.dirname(os.path.dirname(np.__file__))
NNUTILS = os.path.dirname(os.path.dirname(__file__))
LIBRARIES = tuple(
    os.path.realpath(place) + os.sep for place in (os.path.dirname(os.__file__), PACKAGES, NNUTILS)
)
KEPT_LINES = 5
LAZY = ("generator", "zip", "map", "filter", "iterator")
NUMBERS = (int, float, bool, np.float64, np.int64)


@dataclass(frozen=True)
class Failure:
    """An exception: its class, its message, and the student's own lines that it passed, the outermost first."""

    kind: str
    message: str
    lines: tuple[tuple[int, str], ...] = ()
    bases: tuple[str, ...] = ()  # Python's own exceptions that its class is or is derived from

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}".rstrip(": ")


@dataclass(frozen=True)
class Run:
    """What a function did with one case."""

    result: Any = None
    failure: Failure | None = None
    changed: tuple[str, ...] = ()  # arguments that were changed in place
    shared: tuple[str, ...] = ()  # arguments whose memory a returned array shares
    repeatable: bool = True  # the same rng gives the same result again
    drew: bool = True  # a random generator among the arguments was used
    varies: bool = True  # another rng gives another result
    elsewhere: str = ""  # a source of random numbers besides the rng that is given
    lazy: str = ""  # one of LAZY, where an iterator was returned; its items are in `result`


def run(function: Callable[..., Any], cases: Iterable[dict[str, Any]], part: int | None = None) -> list[Run]:
    """Run `function` on a copy of every case's arguments, handed over by position.

    With `part`, that part of a returned tuple is kept and the others are not: they are the student's own business.

    Raises
    ------
    KeyboardInterrupt: Ctrl-C. A check stops as any other cell does.
    """
    return [run_case(function, arguments, part) for arguments in cases]


def run_case(function: Callable[..., Any], arguments: dict[str, Any], part: int | None = None) -> Run:
    """Run `function` on a copy of one case's arguments; where one is a random generator, again, and with another generator."""
    first, given, used = _call(function, arguments, part)
    if first.failure is not None:
        return first
    mine = _arrays(first.result)
    changed = tuple(name for name, value in arguments.items() if not _is_unchanged(value, given[name]))
    shared = tuple(name for name, value in given.items() if mine and _share(mine, _arrays(value)))
    done = Run(first.result, None, changed, shared, lazy=first.lazy)
    generators = generators_in(arguments)
    if not generators:
        return done
    again, *_ = _call(function, arguments, part)
    other, _, used_then = _call(function, with_other_generators(arguments), part)
    if again.failure is not None:
        return again
    return replace(
        done,
        repeatable=_same(first.result, again.result),
        drew=any(not identical(state_of(arguments[name]), state_of(given[name])) for name in generators),
        varies=other.failure is not None or not _same(first.result, other.result),
        elsewhere=other_source(used, used_then),
    )


def _call(
    function: Callable[..., Any], arguments: dict[str, Any], part: int | None
) -> tuple[Run, dict[str, Any], Used]:
    """One call: what came of it, the arguments that were handed over, and the sources of random numbers."""
    given: dict[str, Any] = {}
    used: Used = []
    namespace = getattr(function, "__globals__", {})
    try:
        given = copy_arguments(arguments, namespace)
        models = models_in(given)
        with watching(namespace, used) if generators_in(arguments) else contextlib.nullcontext():
            result = function(*given.values())
            lazy = ""
            if isinstance(result, Iterator):
                lazy = type(result).__name__ if type(result).__name__ in LAZY else "iterator"
                result = list(result)
            result = sent(result, models)
        return Run(result if part is None else _part(result, part), lazy=lazy), given, used
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # exit() among them: a check must not end the notebook
        return Run(failure=failure_of(error)), given, used


def _same(first: Any, second: Any) -> bool:
    return identical(first, second) or agree(first, second, 1e-12)


def _is_unchanged(value: Any, given: Any) -> bool:
    return value.is_unchanged(given) if isinstance(value, BuiltInput) else identical(value, given)


def _part(result: Any, part: int) -> Any:
    if isinstance(result, list | tuple) and len(result) > part:
        return result[part]
    raise TypeError(f"it should return {part + 2} things or more, as the docstring says; mind the brackets")


def copy_arguments(arguments: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """The arguments of one call: copies, or built for a function whose globals are `namespace`."""
    return {
        name: value.build(namespace) if isinstance(value, BuiltInput) else _copied(value)
        for name, value in arguments.items()
    }


def _copied(value: Any) -> Any:
    """A deep copy. What is given most often is copied faster than `copy.deepcopy` would."""
    if type(value) in (int, float, str, bool, type(None)):
        return value
    if type(value) is np.ndarray and value.dtype != object:
        return value.copy(order="K")
    if type(value) in (list, tuple):
        return type(value)(_copied(item) for item in value)
    if type(value) is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
        return copy_of(value)
    return copy.deepcopy(value)


def failure_of(error: BaseException) -> Failure:
    """The exception as a student should read it: without the frames of libraries and of the course."""
    try:
        message = " ".join(str(error).split())[:300]
    except Exception:
        message = ""
    bases = tuple(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins" and c is not object)
    return Failure(type(error).__name__, message, tuple(_own_lines(error.__traceback__))[-KEPT_LINES:], bases)


def _own_lines(trace: TracebackType | None) -> Iterator[tuple[int, str]]:
    for frame, number in traceback.walk_tb(trace):
        filename = frame.f_code.co_filename
        if not _of_a_library(filename):
            yield number, linecache.getline(filename, number).strip()


@functools.cache
def _of_a_library(filename: str) -> bool:
    return filename.startswith("<frozen ") or os.path.realpath(filename).startswith(LIBRARIES)


def _share(mine: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return any(np.shares_memory(a, b) for a in mine for b in theirs if a.size and b.size)


def _arrays(value: Any) -> list[np.ndarray]:
    """All arrays of numbers in a value."""
    if isinstance(value, np.ndarray):
        return [value] if value.dtype != object else []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [array for item in value if type(item) not in NUMBERS for array in _arrays(item)]
    return []

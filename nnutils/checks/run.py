"""Run a function on cases and note what it did: results, errors, arguments changed in place, draws from elsewhere.

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
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

import numpy as np

from nnutils.checks.compare import agree, identical
from nnutils.checks.draws import Noted, elsewhere, generators_in, noting, others, state_of, twin
from nnutils.checks.made import Made
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
    """An exception: its class, its message, and the student's own lines on its way, outermost first."""

    kind: str
    message: str
    lines: tuple[tuple[int, str], ...] = ()
    bases: tuple[str, ...] = ()  # Python's own exceptions that its class is or is derived from


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
    lazy: str = (
        ""  # one of LAZY, where that was returned and gives its items one by one; they are in `result`
    )


@dataclass(frozen=True)
class _Call:
    """One call of a function: what it was given, and what came of it."""

    given: dict[str, Any]
    result: Any = None
    failure: Failure | None = None
    lazy: str = ""
    noted: Noted = field(default_factory=list)


def run(function: Callable[..., Any], cases: Iterable[dict[str, Any]], part: int | None = None) -> list[Run]:
    """Run `function` on a fresh copy of every case's arguments, handed over by position.

    With `part`, that part of a returned tuple is kept and the others are not: they are the student's own business.

    Raises
    ------
    KeyboardInterrupt: Ctrl-C. A check stops as any other cell does.
    """
    return [run_case(function, arguments, part) for arguments in cases]


def run_case(function: Callable[..., Any], arguments: dict[str, Any], part: int | None = None) -> Run:
    """Run `function` on a fresh copy of one case's arguments; where one is a random generator, again, and with another one."""
    first = _call(function, arguments, part)
    if first.failure is not None:
        return Run(failure=first.failure)
    changed = tuple(name for name, value in arguments.items() if not _kept(value, first.given[name]))
    mine = _arrays(first.result)
    shared = tuple(name for name, value in first.given.items() if mine and _shares(mine, _arrays(value)))
    found = Run(first.result, None, changed, shared, lazy=first.lazy)
    draws = generators_in(arguments)
    if not draws:
        return found
    again, other = _call(function, arguments, part), _call(function, others(arguments), part)
    if again.failure is not None:
        return Run(failure=again.failure)
    return replace(
        found,
        repeatable=_same(first.result, again.result),
        drew=any(not identical(state_of(arguments[name]), state_of(first.given[name])) for name in draws),
        varies=other.failure is not None or not _same(first.result, other.result),
        elsewhere=elsewhere(first.noted, other.noted),
    )


def _same(one: Any, other: Any) -> bool:
    return identical(one, other) or agree(one, other, 1e-12)


def _call(function: Callable[..., Any], arguments: dict[str, Any], part: int | None) -> _Call:
    given: dict[str, Any] = {}
    noted: Noted = []
    namespace = getattr(function, "__globals__", {})
    try:
        given = fresh(arguments, namespace)
        models = models_in(given)
        with noting(namespace, noted) if generators_in(arguments) else contextlib.nullcontext():
            result = function(*given.values())
            lazy = _lazy(result)
            result = sent(list(result) if lazy else result, models)
        return _Call(given, result if part is None else _part(result, part), None, lazy, noted)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # exit() among them: a check must not end the notebook
        return _Call(given, failure=failure_of(error))


def _lazy(result: Any) -> str:
    name = type(result).__name__
    return (name if name in LAZY else "iterator") if isinstance(result, Iterator) else ""


def _kept(value: Any, given: Any) -> bool:
    return value.kept(given) if isinstance(value, Made) else identical(value, given)


def _part(result: Any, part: int) -> Any:
    if isinstance(result, list | tuple) and len(result) > part:
        return result[part]
    raise TypeError(f"it should return {part + 2} things or more, as the docstring says; mind the brackets")


def fresh(arguments: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """The arguments of one call: copies, or made for a function that lives in `namespace`."""
    return {
        name: value.make(namespace) if isinstance(value, Made) else _copied(value)
        for name, value in arguments.items()
    }


def _copied(value: Any) -> Any:
    """A deep copy; of what is most often given, a fast one."""
    if type(value) in (int, float, str, bool, type(None)):
        return value
    if type(value) is np.ndarray and value.dtype != object:
        return value.copy(order="K")
    if type(value) in (list, tuple):
        return type(value)(_copied(item) for item in value)
    if type(value) is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
        return twin(value)
    return copy.deepcopy(value)


def failure_of(error: BaseException) -> Failure:
    """The exception as a student should read it: without the frames of libraries and of the course."""
    try:
        message = " ".join(str(error).split())[:300]
    except Exception:
        message = ""
    bases = tuple(
        one.__name__ for one in type(error).__mro__ if one.__module__ == "builtins" and one is not object
    )
    return Failure(type(error).__name__, message, tuple(_own_lines(error.__traceback__))[-KEPT_LINES:], bases)


def _own_lines(trace: TracebackType | None) -> Iterator[tuple[int, str]]:
    for frame, number in traceback.walk_tb(trace):
        filename = frame.f_code.co_filename
        if not _of_a_library(filename):
            yield number, linecache.getline(filename, number).strip()


@functools.cache
def _of_a_library(filename: str) -> bool:
    return filename.startswith("<frozen ") or os.path.realpath(filename).startswith(LIBRARIES)


def _shares(mine: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return any(np.shares_memory(one, other) for one in mine for other in theirs if one.size and other.size)


def _arrays(value: Any) -> list[np.ndarray]:
    """All arrays of numbers in a value."""
    if isinstance(value, np.ndarray):
        return [value] if value.dtype != object else []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [array for item in value if type(item) not in NUMBERS for array in _arrays(item)]
    return []

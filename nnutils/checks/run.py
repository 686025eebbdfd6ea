"""Run a function on cases and note what it did: results, errors, arguments changed in place, draws from elsewhere.

Nothing here knows an exercise or an expected value: the grader runs this module beside a stranger's code.
"""

from __future__ import annotations

import copy
import inspect
import linecache
import os
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from nnutils.checks.compare import difference, identical

LIBRARIES = tuple(
    os.path.dirname(os.path.realpath(place)) + os.sep
    for place in (os.__file__, os.path.dirname(np.__file__), os.path.dirname(__file__))
)


@dataclass(frozen=True)
class Failure:
    """An exception: its class, its message, and the student's own lines on its way, outermost first."""

    kind: str
    message: str
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """What a function did with one case."""

    result: Any = None
    failure: Failure | None = None
    changed: tuple[str, ...] = ()  # arguments that were changed in place
    shared: tuple[str, ...] = ()  # arguments whose memory a returned array shares
    repeatable: bool = True  # the same rng gives the same result again


def run(function: Callable[..., Any], cases: Iterable[dict[str, Any]]) -> list[Run]:
    """Run `function` on a fresh copy of every case's arguments, handed over by position."""
    return [run_case(function, arguments) for arguments in cases]


def run_case(function: Callable[..., Any], arguments: dict[str, Any]) -> Run:
    """Run `function` on a fresh copy of one case's arguments; where one is a random generator, run it twice."""
    result, failure, given = _call(function, arguments)
    if failure is not None:
        return Run(failure=failure)
    changed = tuple(name for name in arguments if not identical(arguments[name], given[name]))
    shared = tuple(name for name, value in given.items() if _shares(result, value))
    repeatable = True
    if any(isinstance(value, np.random.Generator) for value in arguments.values()):
        again, second_failure, _ = _call(function, arguments)
        repeatable = second_failure is None and difference(result, again, 1e-12) is None
    return Run(result, None, changed, shared, repeatable)


def _call(
    function: Callable[..., Any], arguments: dict[str, Any]
) -> tuple[Any, Failure | None, dict[str, Any]]:
    given = copy.deepcopy(arguments)
    try:
        result = function(*given.values())
        return (list(result) if inspect.isgenerator(result) else result), None, given
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        return None, failure_of(error), given


def failure_of(error: BaseException) -> Failure:
    """The exception as a student should read it: without the frames of libraries and of the checks."""
    return Failure(type(error).__name__, str(error), tuple(_own_lines(error.__traceback__)))


def _own_lines(trace: TracebackType | None) -> Iterable[tuple[int, str]]:
    for frame, number in traceback.walk_tb(trace):
        filename = frame.f_code.co_filename
        if not os.path.realpath(filename).startswith(LIBRARIES):
            yield number, linecache.getline(filename, number).strip()


def _shares(result: Any, argument: Any) -> bool:
    return any(
        np.shares_memory(mine, theirs)
        for mine in _arrays(result)
        for theirs in _arrays(argument)
        if mine.size and theirs.size
    )


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value] if value.dtype != object else []
    if isinstance(value, list | tuple):
        return [array for item in value for array in _arrays(item)]
    return []

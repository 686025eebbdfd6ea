"""Run a function on cases and note what it did: results, errors, arguments changed in place, draws from elsewhere.

Nothing here knows an exercise or an expected value: the grader runs this module beside a stranger's code.
"""

from __future__ import annotations

import copy
import functools
import linecache
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from nnutils.checks.compare import difference, identical
from nnutils.givens.made import Made
from nnutils.givens.sent import models_in, sent

PACKAGES = os.path.dirname(os.path.dirname(np.__file__))
NNUTILS = os.path.dirname(os.path.dirname(__file__))
LIBRARIES = tuple(
    os.path.realpath(place) + os.sep for place in (os.path.dirname(os.__file__), PACKAGES, NNUTILS)
)
KEPT_LINES = 5
NUMBERS = (int, float, bool, np.float64, np.int64)


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
    drew: bool = True  # a random generator among the arguments was used


def run(function: Callable[..., Any], cases: Iterable[dict[str, Any]], part: int | None = None) -> list[Run]:
    """Run `function` on a fresh copy of every case's arguments, handed over by position. Ctrl-C stops the rest, too.

    With `part`, that part of a returned tuple is kept and the others are not: they are the student's own business.
    """
    runs: list[Run] = []
    for arguments in cases:
        stopped = runs and runs[-1].failure and runs[-1].failure.kind == "KeyboardInterrupt"
        runs.append(runs[-1] if stopped else run_case(function, arguments, part))
    return runs


def run_case(function: Callable[..., Any], arguments: dict[str, Any], part: int | None = None) -> Run:
    """Run `function` on a fresh copy of one case's arguments; where one is a random generator, run it twice."""
    result, failure, given = _call(function, arguments, part)
    if failure is not None:
        return Run(failure=failure)
    changed = tuple(name for name, value in arguments.items() if not _kept(value, given[name]))
    mine = _arrays(result)
    shared = tuple(name for name, value in given.items() if mine and _shares(mine, _arrays(value)))
    states = [(_state(arguments[name]), _state(given[name])) for name in _generators(arguments)]
    if not states:
        return Run(result, None, changed, shared)
    again, failure, _ = _call(function, arguments, part)
    if failure is not None:
        return Run(failure=failure)
    repeatable = difference(result, again, 1e-12) is None
    drew = any(not identical(before, after) for before, after in states)
    return Run(result, None, changed, shared, repeatable, drew)


def _generators(arguments: dict[str, Any]) -> list[str]:
    return [name for name, value in arguments.items() if isinstance(value, np.random.Generator)]


def _state(rng: np.random.Generator) -> tuple[Any, int]:
    """What tells whether a generator was drawn from, or had children."""
    bits = rng.bit_generator
    return dict(bits.state), getattr(bits.seed_seq, "n_children_spawned", 0)


def _call(
    function: Callable[..., Any], arguments: dict[str, Any], part: int | None
) -> tuple[Any, Failure | None, dict[str, Any]]:
    given: dict[str, Any] = {}
    try:
        given = fresh(arguments, getattr(function, "__globals__", {}))
        models = models_in(given)
        result = function(*given.values())
        result = list(result) if isinstance(result, Iterator) else result
        result = sent(result, models)
        return (result if part is None else _part(result, part)), None, given
    except BaseException as error:  # Ctrl-C and exit() among them: a check must not end the notebook
        return None, failure_of(error), given


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
        return _twin(value)
    return copy.deepcopy(value)


def _twin(rng: np.random.Generator) -> np.random.Generator:
    """A generator of its own that draws the same. A fifth of the time of a deep copy."""
    seeds = rng.bit_generator.seed_seq
    names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
    bits = np.random.PCG64(np.random.SeedSequence(**{name: getattr(seeds, name) for name in names}))
    bits.state = rng.bit_generator.state  # type: ignore[assignment]
    return np.random.Generator(bits)


def failure_of(error: BaseException) -> Failure:
    """The exception as a student should read it: without the frames of libraries and of the course."""
    try:
        message = " ".join(str(error).split())[:300]
    except Exception:
        message = ""
    return Failure(type(error).__name__, message, tuple(_own_lines(error.__traceback__))[-KEPT_LINES:])


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

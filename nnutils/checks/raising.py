"""Cases in which an answer should raise an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.run import Failure, Run
from nnutils.checks.shown import a, show


@dataclass(frozen=True)
class Raises:
    """What a generator of cases yields for an error: its class, and the arguments by position and by name."""

    kind: type[Exception]
    arguments: tuple[Any, ...]
    named: dict[str, Any]


def raises(kind: type[Exception], *arguments: Any, **named: Any) -> Raises:
    """A case in which an answer should raise `kind` or a subclass, with any message.

    Raises
    ------
    TypeError: `kind` is none of Python's own exceptions: only these can be recognised in every process.
    """
    if not (isinstance(kind, type) and issubclass(kind, Exception) and kind.__module__ == "builtins"):
        raise TypeError(f"raises takes one of Python's own exceptions, not {kind!r}")
    return Raises(kind, arguments, named)


class Raising(dict[str, Any]):
    """The arguments of such a case. To the function that is called they are like any others."""

    def __init__(self, kind: type[Exception], arguments: dict[str, Any]) -> None:
        super().__init__(arguments)
        self.kind = kind


@dataclass(frozen=True)
class Unraised:
    """An error that should have come and did not: for which arguments, and what came instead."""

    kind: str
    where: str
    got: str
    lines: tuple[tuple[int, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.where} it should raise {self.kind}, yours {self.got}"


def unraised(arguments: Raising, one: Run) -> Unraised | Failure | None:
    """What is wrong with a run that should raise an error, or None. How a process was lost is no error of the function's."""
    failure = one.failure
    if failure is None or failure.bases:
        return None if raised(arguments, one) else _unraised(arguments, one)
    return failure


def _unraised(arguments: Raising, one: Run) -> Unraised:
    failure = one.failure
    got = f"raises {told(failure)}" if failure else f"returned {show(one.result)}"
    return Unraised(a(arguments.kind.__name__), _where(arguments), got, failure.lines if failure else ())


def raised(arguments: Raising, one: Run) -> bool:
    """Whether a run raised the error that is asked for."""
    return one.failure is not None and arguments.kind.__name__ in one.failure.bases


def told(failure: Failure) -> str:
    """An exception in words."""
    return f"{failure.kind}: {failure.message}".rstrip(": ")


def _where(arguments: Raising) -> str:
    """The arguments that an error is about: the strings, else all that are no arrays."""
    plain = {
        name: value
        for name, value in arguments.items()
        if not isinstance(value, np.ndarray) and not callable(value)
    }
    texts = {name: value for name, value in plain.items() if isinstance(value, str)}
    return (
        f"for {', '.join(f'{name} {show(value)}' for name, value in (texts or plain).items()) or 'this case'}"
    )

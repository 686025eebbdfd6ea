"""A bound on the grader's own work on what a stranger's code returned."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nnutils.checks.run import Failure, Run

TIMES, BESIDES = (
    16,
    32 << 10,
)  # how much larger than the right result one may be that is judged: times, and bytes
TOO_LARGE = Failure("TooLarge", "what it returns is far larger than what is asked for")


class TooLong(BaseException):
    """The work took longer than it may. It is no Exception, because a judge that catches those must not catch it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong inside the block after so many CPU seconds, and again each second, where the system can (POSIX).

    Only the main thread can be interrupted. In another one the size of what is compared is the only bound.
    """
    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _interrupt(*_: object) -> None:
    raise TooLong


def bounded(runs: Sequence[Run], right: Sequence[Run]) -> list[Run]:
    """The runs of a judged exercise, of which those with far larger results than the right ones have failed.

    A judge accepts any shape, and its work may grow with the cube of it, in one call of NumPy that nothing can interrupt.
    """
    pairs = zip(runs, right, strict=True)
    return [
        Run(failure=TOO_LARGE) if _size(run.result) > TIMES * _size(asked.result) + BESIDES else run
        for run, asked in pairs
    ]


def _size(value: Any) -> int:
    """The bytes of a result, where each object counts as much as a number."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, list | tuple | dict):
        return 8 + sum(map(_size, value.values() if isinstance(value, dict) else value))
    return len(value) if isinstance(value, str) else 8

"""A bound on the grader's own work on what a stranger's code returned."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooLong(BaseException):
    """The work took longer than it may. No plain Exception: a judge that catches those must not catch it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong in what is done within, after so many CPU seconds and then each second, where the system can (POSIX).

    A thread that is not the first one cannot be told: there the size of what is compared is the only bound.
    """
    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(*_: object) -> None:
    raise TooLong

"""Measure and end the processes that a child may have started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import sys
import time
from pathlib import Path

REPORT = struct.Struct("<idq")  # of a child that ended: wait status, CPU seconds, bytes at the peak
USED = struct.Struct("<d")  # CPU seconds of a child that runs


def cpu_of(process: int) -> float:
    """The CPU seconds that a process has used, with all its threads (Linux); -1 where the system does not tell."""
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            return time.clock_gettime(~process << 3 | 2)  # the clock's number, see clock_getcpuclockid(3)
    return -1.0


def become_reaper() -> None:
    """Become the parent of all orphans among this process's descendants, instead of init (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def end_descendants() -> None:
    """Kill all descendants of this process: as PID 1 every other process of its name space, else what `become_reaper` catches."""
    if os.getpid() == 1:
        return _end_name_space()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def _end_name_space() -> None:
    with contextlib.suppress(ProcessLookupError):  # when no process is left
        while True:
            os.kill(-1, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.wait()


def _children() -> list[int]:
    with contextlib.suppress(OSError):
        return [*map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())]
    return []

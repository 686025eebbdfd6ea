"""Attacks of the grader's own on its walls, tried by a process behind them before any answer is: which walls hold."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable

from coursekit.sandbox import kernel
from coursekit.sandbox.places import NNUTILS

PYTHON = "Python"  # told among the walls where an answer's Python still works behind them


def held() -> list[str]:
    """The walls that hold this process, each tried from within, and "Python" where that still works."""
    kernel.remember()
    tries: dict[str, Callable[[], object]] = {
        "files": _open_a_file, "network": _reach_out, "processes": _touch_a_process, "system calls": _trace,
        "rights": _use_rights,
    }  # fmt: skip
    held = [wall for wall, attack in tries.items() if _fails(attack)]
    return held if _fails(_work) else [*held, PYTHON]


def _fails(attack: Callable[[], object]) -> bool:
    try:
        return attack() is False
    except (OSError, ImportError):
        return True


def _open_a_file() -> bool:
    """Whether something that must be out of reach can be read."""
    others = ("/etc/passwd", "/proc/self/status", "/proc/1/environ") if sys.platform == "linux" else ()
    for place in (NNUTILS / "lessons" / "start_here" / "exercises" / "__init__.py", *others):
        with contextlib.suppress(OSError):
            open(place, "rb").close()
            return True
    with contextlib.suppress(OSError):
        return bool(os.listdir("/Users"))
    return False


def _reach_out() -> None:
    with socket.socket(
        socket.AF_INET, socket.SOCK_DGRAM
    ) as probe:  # nothing is sent: it looks for a way only
        probe.connect(("127.0.0.1", 9))


def _touch_a_process() -> bool:
    """Whether a process can be started, or one beyond its name space be sent a signal, itself or through a pipe."""
    beyond = os.getppid()
    with contextlib.suppress(OSError):
        if os.fork() == 0:
            os._exit(0)
        return True
    if beyond > 1:
        for send in (_signal, _signal_through_a_pipe):
            with contextlib.suppress(OSError, ImportError):
                send(beyond)
                return True
    return False


def _signal(process: int) -> None:
    os.kill(process, 0)


def _signal_through_a_pipe(process: int) -> None:
    """Make a process the owner of a pipe, which would get a signal when something is written into it. Nothing is."""
    import fcntl

    for end in os.pipe():
        fcntl.fcntl(end, 8, process)  # F_SETOWN


def _trace() -> bool:
    return not kernel.KNOWN or kernel.call("ptrace", 0, 0, 0, 0) == 0


def _use_rights() -> bool:
    return kernel.has_capabilities() if kernel.KNOWN else os.geteuid() == 0


def _work() -> None:
    """What an answer may need: a module that was not imported yet, and a file to write into nothing."""
    import zoneinfo  # noqa: F401

    import numpy.testing

    import nnutils.lessons.dropout.given  # noqa: F401

    assert numpy.testing
    open(os.devnull, "w").close()

"""The sandbox's self-test: attack each wall from behind it, before any answer runs, and report which walls hold."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import sys
from collections.abc import Callable

from coursekit.sandbox import kernel
from coursekit.sandbox.places import FILES, UNLISTED

PYTHON = "Python"  # reported among the walls if an answer's Python still works behind them


def held() -> list[str]:
    """The walls that hold this process, each attacked from within, and "Python" if that still works."""
    kernel.remember()
    attacks: dict[str, Callable[[], object]] = {
        "files": _open_a_file,
        # Nothing is sent: the kernel only looks for a way.
        "network": lambda: socket.socket(type=socket.SOCK_DGRAM).connect(("127.0.0.1", 9)),
        "processes": _start_or_signal,
        "system calls": lambda: not kernel.KNOWN or kernel.call("ptrace", 0, 0, 0, 0) == 0,
        "rights": lambda: kernel.has_capabilities() if kernel.KNOWN else os.geteuid() == 0,
    }
    held = [wall for wall, attack in attacks.items() if _fails(attack)]
    return held if _fails(_work) else [*held, PYTHON]


def _fails(attack: Callable[[], object]) -> bool:
    try:
        return attack() is False
    except (OSError, ImportError):
        return True


def _open_a_file() -> bool:
    """Whether a file of the course that is not listed, or a file of the system, can be read."""
    system = ("/etc/passwd", "/proc/self/status", "/proc/1/environ") if sys.platform == "linux" else ()
    for place in (*UNLISTED, *system):
        with contextlib.suppress(OSError):
            open(place, "rb").close()
            return True
    with contextlib.suppress(OSError):
        return bool(os.listdir("/Users"))
    return False


def _start_or_signal() -> bool:
    """Whether a process can be started, or one beyond the namespace be sent a signal, directly or through a pipe."""
    import fcntl

    beyond = os.getppid()
    with contextlib.suppress(OSError):
        if os.fork() == 0:
            os._exit(0)
        return True
    kill = functools.partial(os.kill, beyond, 0)
    # 8 is F_SETOWN: whatever is written into the pipe would send the owner a signal. Nothing is.
    own_a_pipe = functools.partial(fcntl.fcntl, os.pipe()[0], 8, beyond)
    return beyond > 1 and not (_fails(kill) and _fails(own_a_pipe))


def _work() -> None:
    """Do what an answer may need: import a module that was not imported yet, read the course's files, open /dev/null."""
    import zoneinfo  # noqa: F401

    import numpy.testing

    assert numpy.testing
    for file in FILES:
        open(file, "rb").close()
    open(os.devnull, "w").close()

"""A process that has imported what answers need and nothing else, and forks one child for each submission (Linux, macOS).

`python -m coursekit.sandbox.zygote FD SETUP` listens on the socket FD. "F" with a file descriptor forks a child that serves
on it; the reply is its pid. "U" asks for the CPU seconds that the child has used. "R" ends the child after it had a moment to end
itself, "K" at once; both also end all that it started, and the reply says how it ended and what it used.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import signal
import socket
import struct
import sys
import time
from pathlib import Path

import numpy.fft
import numpy.linalg
import numpy.ma
import numpy.polynomial
import numpy.random  # noqa: F401  (imported here once, for all children)

from coursekit.sandbox.child import Reply, serve
from coursekit.sandbox.codec import INPUTS
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.places import MODULES
from coursekit.sandbox.setup import REPORT, USED, Setup, from_arguments
from coursekit.sandbox.walls import build


def main() -> None:
    """Fork on request until the other end closes."""
    control, setup = from_arguments()
    for module in MODULES.values():
        if INPUTS.fullmatch(module):  # what arguments are built of
            importlib.import_module(module)
    reply = importlib.import_module(setup.service).reply if setup.service else None
    confinement = build(setup.limits, os.getcwd()) if setup.walls else Confinement(setup.limits)
    become_reaper()  # only now: with namespaces this is another process than before
    gc.collect()
    gc.freeze()  # children do not touch, and so do not copy, what is here already
    gc.disable()  # nor does a collection here copy it for those to come
    child = 0
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if word == b"F":
            child = _fork(control, descriptors[0], confinement, setup, reply)
            control.sendall(struct.pack("<i", child))
        elif word == b"U":
            control.sendall(USED.pack(_cpu_of(child) if child else -1.0))
        elif child:
            report, child = _end(child, patience=0.5 if word == b"R" else 0.0), 0
            if word:
                control.sendall(report)
        if not word:
            return


def _fork(
    control: socket.socket, descriptor: int, confinement: Confinement, setup: Setup, reply: Reply | None
) -> int:
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            gc.enable()
            control.close()
            serve(socket.socket(fileno=descriptor), confinement, setup.hooks, reply)
            code = 0
        finally:
            os._exit(code)
    os.close(descriptor)
    return pid


def _cpu_of(process: int) -> float:
    """The CPU seconds that a process has used, with all its threads (Linux); -1 where the system does not tell."""
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            return time.clock_gettime(~process << 3 | 2)  # the clock's number, see clock_getcpuclockid(3)
    return -1.0


def _end(child: int, patience: float) -> bytes:
    """End the child and all that it started. Within `patience` seconds it may end by itself, and the report says how."""
    until = time.monotonic() + patience
    pid, status, used = os.wait4(child, os.WNOHANG)
    while not pid and time.monotonic() < until:
        time.sleep(0.0005)
        pid, status, used = os.wait4(child, os.WNOHANG)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    if not pid:
        _, status, used = os.wait4(child, 0)
    end_descendants()
    return REPORT.pack(status, used.ru_utime + used.ru_stime)


def become_reaper() -> None:
    """Become the parent of all orphans among this process's descendants, instead of init (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def end_descendants() -> None:
    """Kill all descendants of this process: as PID 1 every other process of its namespace, else what `become_reaper` catches."""
    until = time.monotonic() + 10
    while os.getpid() == 1 or time.monotonic() < until:
        for pid in [-1] if os.getpid() == 1 else _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def _children() -> list[int]:
    with contextlib.suppress(OSError):
        return [*map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())]
    return []


if __name__ == "__main__":
    main()

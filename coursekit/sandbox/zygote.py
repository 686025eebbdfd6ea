"""A process that has imported what answers need and nothing else, and forks one child for each submission (POSIX).

`python -m coursekit.sandbox.zygote FD SECONDS MEMORY WALLS HOOKS THREADS` listens on the socket FD: "F" with a file
descriptor forks a child that serves on it and tells its pid; "U" tells the CPU seconds that it has used; "R" waits a moment
for the child's end and "K" does not, then all that it started is ended, too, and told is how it ended and what it used.
WALLS and HOOKS are 1 or 0: whether to have them. THREADS is how many a child may start. With a last word "models", Keras is
imported, too.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import os
import pkgutil
import signal
import socket
import struct
import sys
import time

import numpy.fft
import numpy.linalg
import numpy.ma
import numpy.polynomial
import numpy.random  # noqa: F401  (imported here once, for all children)

import nnutils.lessons
from coursekit.sandbox.child import serve
from coursekit.sandbox.lock import (
    REPORT,
    USED,
    Limits,
    Lock,
    become_reaper,
    cpu_of,
    end_all,
    end_all_below,
)
from coursekit.sandbox.walls import build


def main() -> None:
    """Fork on request until the other end closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    limits = Limits(float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[6]))
    hooks = sys.argv[5] == "1"
    for lesson in pkgutil.iter_modules(nnutils.lessons.__path__, "nnutils.lessons."):
        if importlib.util.find_spec(f"{lesson.name}.given"):
            importlib.import_module(f"{lesson.name}.given")  # what arguments are made of
    if sys.argv[7:] == ["models"]:
        importlib.import_module("coursekit.sandbox.judging")
    lock = _lock(limits) if sys.argv[4] == "1" else Lock(limits)
    become_reaper()  # after the lock, which may have put another process in this one's place
    gc.collect()
    gc.freeze()  # children do not touch, and so do not copy, what is here already
    gc.disable()  # nor does a collection here copy it for those to come
    child = 0
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if word == b"F":
            child = _fork(control, descriptors[0], lock, hooks)
            control.sendall(struct.pack("<i", child))
        elif word == b"U":
            control.sendall(USED.pack(cpu_of(child) if child else -1.0))
        elif child:
            report, child = _end(child, patience=0.5 if word == b"R" else 0.0), 0
            if word:
                control.sendall(report)
        if not word:
            return


def _lock(limits: Limits) -> Lock:
    """The lock with the best walls to be had here. From here on this may be another process."""
    return Lock(limits, build(os.getcwd(), lambda walls, keep: Lock(limits, walls).close(keep)))


def _fork(control: socket.socket, descriptor: int, lock: Lock, hooks: bool) -> int:
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            gc.enable()
            control.close()
            serve(socket.socket(fileno=descriptor), lock, hooks)
            code = 0
        finally:
            os._exit(code)
    os.close(descriptor)
    return pid


def _end(child: int, patience: float) -> bytes:
    """End the child and all that it left. How it ended of itself is kept, where it does within `patience` seconds."""
    until = time.monotonic() + patience
    pid, status, used = os.wait4(child, os.WNOHANG)
    while not pid and time.monotonic() < until:
        time.sleep(0.0005)
        pid, status, used = os.wait4(child, os.WNOHANG)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    if not pid:
        _, status, used = os.wait4(child, 0)
    end_all() if os.getpid() == 1 else end_all_below()
    return REPORT.pack(status, used.ru_utime + used.ru_stime, used.ru_maxrss << 10)


if __name__ == "__main__":
    main()

"""A process that has imported what answers need and nothing else, and forks one child for each submission (POSIX).

`python -m nnutils.grading.zygote FD SECONDS MEMORY` listens on the socket FD: "F" with a file descriptor forks a child
that serves on it and tells its pid; "R" waits a moment for the child's end and "K" does not, then all that it started is
ended, too, and told is how it ended and what it used.
"""

from __future__ import annotations

import contextlib
import gc
import os
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

from nnutils.grading.child import serve
from nnutils.grading.sandbox import REPORT, Limits, become_reaper, end_all_below


def main() -> None:
    """Fork on request until the other end closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    limits = Limits(float(sys.argv[2]), int(sys.argv[3]))
    become_reaper()
    gc.collect()
    gc.freeze()  # children do not touch, and so do not copy, what is here already
    child = 0
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if word == b"F":
            child = _fork(control, descriptors[0], limits)
            control.sendall(struct.pack("<i", child))
        elif child:
            report, child = _end(child, patience=0.5 if word == b"R" else 0.0), 0
            if word:
                control.sendall(report)
        if not word:
            return


def _fork(control: socket.socket, descriptor: int, limits: Limits) -> int:
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            control.close()
            serve(socket.socket(fileno=descriptor), limits)
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
    end_all_below()
    return REPORT.pack(status, used.ru_utime + used.ru_stime, used.ru_maxrss << 10)


if __name__ == "__main__":
    main()

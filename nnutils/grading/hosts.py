"""Where the children come from: forked from a zygote, or started one by one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from nnutils.grading.sandbox import REPORT, Limits

START = 120.0  # seconds that a process may take to start on a busy machine
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0", "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8",
}  # fmt: skip


class Zygote:
    """Children forked from a process that has imported what they need (POSIX)."""

    def __init__(self, limits: Limits, folder: str) -> None:
        self.limits, self.folder = limits, folder
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        """Fork a child; returns the socket to it. A zygote that is gone is started anew."""
        if self._process is None or self._process.poll() is not None:
            self._control, theirs = socket.socketpair()
            self._control.settimeout(START)
            self._process = _python("nnutils.grading.zygote", theirs, self.limits, self.folder)
            theirs.close()
        mine, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"F"], [theirs.fileno()])
        if len(self._control.recv(4)) < 4:
            raise OSError("the process that starts the children is gone")
        return mine

    def end(self, kill: bool) -> tuple[int | None, float, int]:
        """End the child and all that it started: its wait status, CPU seconds, bytes at the peak."""
        try:
            self._control.sendall(b"K" if kill else b"R")
            report = self._control.recv(REPORT.size)
        except OSError:
            report = b""
        if len(report) < REPORT.size:
            self.close()
            return None, 0.0, 0
        return REPORT.unpack(report)

    def close(self) -> None:
        if self._process is not None:
            self._control.close()
            _end(self._process)
            self._process = None


class Process:
    """Children that are started one by one, where processes cannot be forked (Windows)."""

    def __init__(self, limits: Limits, folder: str) -> None:
        self.limits, self.folder = limits, folder
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        mine, theirs = socket.socketpair()
        with theirs:
            self._process = _python("nnutils.grading.child", theirs, self.limits, self.folder)
        return mine

    def end(self, kill: bool) -> tuple[int | None, float, int]:
        """End the child, and on Windows what it started; its exit status as a wait status."""
        if self._process is None:
            return None, 0.0, 0
        code = _end(self._process, kill)
        self._process = None
        return (code << 8 if code >= 0 else -code), 0.0, 0

    def close(self) -> None:
        self.end(kill=True)


def _python(module: str, theirs: socket.socket, limits: Limits, folder: str) -> subprocess.Popen:
    """Start a module as a program, with a clean environment in an empty folder and one socket."""
    share = getattr(theirs, "share", None)
    arguments = ["0" if share else str(theirs.fileno()), str(limits.seconds), str(limits.memory)]
    keep = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", "-B", "-m", module, *arguments],
        stdin=subprocess.PIPE if share else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT | keep,
        cwd=folder,
        pass_fds=() if share else (theirs.fileno(),),
        start_new_session=True,
    )
    if share and process.stdin:
        process.stdin.write(share(process.pid))
        process.stdin.close()
    return process


def _end(process: subprocess.Popen, kill: bool = False) -> int:
    """Let a process end, or end it; returns its exit code."""
    if not kill:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(15)
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True)
    else:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()

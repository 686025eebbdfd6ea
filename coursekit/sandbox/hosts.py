"""Where the children come from: forked from a zygote (Linux, macOS), or started one by one (Windows)."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from coursekit.sandbox.places import apple_profile
from coursekit.sandbox.setup import REPORT, USED, Setup

START = 120.0  # seconds that a process may take to start on a busy machine
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0", "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8",
    "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "MALLOC_ARENA_MAX": "2",
}  # fmt: skip


class Zygote:
    """Children forked from a process that has imported what they need.

    "Zygote" is Android's word for such a process: each child is a copy of it, and starts in some milliseconds.
    """

    def __init__(self, setup: Setup, folder: str) -> None:
        self.setup, self.folder = setup, folder
        on_a_mac = sys.platform == "darwin" and os.path.exists("/usr/bin/sandbox-exec")
        self.around = ("/usr/bin/sandbox-exec", "-p", apple_profile()) if setup.walls and on_a_mac else ()
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        """Fork a child; returns the socket to it. A zygote that has ended is started again. Raises OSError if that fails."""
        if self._process is None or self._process.poll() is not None:
            self._control, theirs = socket.socketpair()
            self._control.settimeout(START)
            with theirs:
                self._process = _python("zygote", theirs, self.setup, self.folder, self.around)
        mine, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"F"], [theirs.fileno()])
            if len(self._control.recv(4)) < 4:
                raise OSError("the process that starts the children is gone")
        except OSError:
            if self.around:  # Python cannot live in macOS' sandbox here: the next try goes without walls
                self.around, self.setup = (), replace(self.setup, walls=False)
            raise
        return mine

    def end(self, kill: bool) -> tuple[int | None, float]:
        """End the child and all that it started: its wait status and CPU seconds. A status of None means: the zygote is gone."""
        report = self._ask(b"K" if kill else b"R", REPORT.size)
        if len(report) == REPORT.size:
            return REPORT.unpack(report)
        self.close()
        return None, 0.0

    def used(self) -> float:
        """The CPU seconds that the child has used; -1 where the system does not tell."""
        said = self._ask(b"U", USED.size)
        return USED.unpack(said)[0] if len(said) == USED.size else -1.0

    def close(self) -> None:
        """End the zygote."""
        if self._process is not None:
            self._control.close()
            _end(self._process)
            self._process = None

    def _ask(self, word: bytes, size: int) -> bytes:
        with contextlib.suppress(OSError):
            self._control.sendall(word)
            return self._control.recv(size)
        return b""


class Process:
    """Children that are started one by one, where processes cannot be forked. They have no walls and no service."""

    def __init__(self, setup: Setup, folder: str) -> None:
        self.setup, self.folder = setup, folder
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        """Start a child; returns the socket to it."""
        mine, theirs = socket.socketpair()
        with theirs:
            self._process = _python("child", theirs, self.setup, self.folder)
        return mine

    def end(self, kill: bool) -> tuple[int | None, float]:
        """End the child, and on Windows what it started; its exit status as a wait status."""
        if self._process is None:
            return None, 0.0
        code = _end(self._process, kill)
        self._process = None
        return (code << 8 if code >= 0 else -code), 0.0

    def used(self) -> float:
        """-1: Windows does not tell the CPU seconds of another process."""
        return -1.0

    def close(self) -> None:
        """End the child."""
        self.end(kill=True)


def _python(
    module: str, theirs: socket.socket, setup: Setup, folder: str, around: tuple[str, ...] = ()
) -> subprocess.Popen:
    """Start a module of this package as a program, with a clean environment, in an empty folder, with one socket."""
    share = getattr(theirs, "share", None)  # Windows, where a socket cannot be inherited
    keep = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE") if name in os.environ}
    python = [*around, sys.executable, "-P", "-s", "-B", "-m", f"{__package__}.{module}"]
    process = subprocess.Popen(
        [*python, *setup.arguments(theirs)],
        stdin=subprocess.PIPE if share else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT | keep | {"KERAS_HOME": folder, "MPLCONFIGDIR": folder},
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

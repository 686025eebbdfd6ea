"""Where the children come from: forked from a zygote, or started one by one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from coursekit.sandbox.lock import REPORT, USED, Limits, cpu_of
from coursekit.sandbox.places import apple_profile

START = 120.0  # seconds that a process may take to start on a busy machine
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0", "PYTHONPATH": str(Path(__file__).parents[3]), "LANG": "C.UTF-8",
}  # fmt: skip
KERAS = {
    "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "MALLOC_ARENA_MAX": "2",
}  # fmt: skip


class Zygote:
    """Children forked from a process that has imported what they need (POSIX); with `models`, Keras too."""

    def __init__(
        self, limits: Limits, folder: str, walls: bool = True, hooks: bool = True, models: bool = False
    ) -> None:
        self.folder, self.arguments = folder, _arguments(limits, walls, hooks)
        self.arguments += ["models"] if models else []
        self.around = ("/usr/bin/sandbox-exec", "-p", apple_profile()) if walls and _on_a_mac() else ()
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        """Fork a child; returns the socket to it. A zygote that is gone is started anew."""
        try:
            return self._start()
        except OSError:
            if not self.around:
                raise
        self.around = ()  # the zygote cannot live in what macOS puts around it: without walls, then
        self.arguments = [*self.arguments[:2], "0", *self.arguments[3:]]
        self.close()
        return self._start()

    def _start(self) -> socket.socket:
        if self._process is None or self._process.poll() is not None:
            self._control, theirs = socket.socketpair()
            self._control.settimeout(START)
            self._process = _python(
                "coursekit.sandbox.zygote", theirs, self.arguments, self.folder, self.around
            )
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

    def used(self) -> float:
        """The CPU seconds that the child has used; -1 where that cannot be told."""
        try:
            self._control.sendall(b"U")
            said = self._control.recv(USED.size)
        except OSError:
            return -1.0
        return USED.unpack(said)[0] if len(said) == USED.size else -1.0

    def alive(self) -> bool:
        """Whether it could start another child."""
        return self._process is not None

    def close(self) -> None:
        if self._process is not None:
            self._control.close()
            _end(self._process)
            self._process = None


class Process:
    """Children that are started one by one, where processes cannot be forked (Windows)."""

    def __init__(
        self, limits: Limits, folder: str, walls: bool = True, hooks: bool = True, models: bool = False
    ) -> None:
        self.folder, self.arguments = folder, _arguments(limits, False, hooks)
        self._process: subprocess.Popen | None = None

    def start(self) -> socket.socket:
        mine, theirs = socket.socketpair()
        with theirs:
            self._process = _python("coursekit.sandbox.child", theirs, self.arguments, self.folder)
        return mine

    def end(self, kill: bool) -> tuple[int | None, float, int]:
        """End the child, and on Windows what it started; its exit status as a wait status."""
        if self._process is None:
            return None, 0.0, 0
        code = _end(self._process, kill)
        self._process = None
        return (code << 8 if code >= 0 else -code), 0.0, 0

    def used(self) -> float:
        return cpu_of(self._process.pid) if self._process else -1.0

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        self.end(kill=True)


def _keras(folder: str) -> dict[str, str]:
    return KERAS | {"KERAS_HOME": folder, "MPLCONFIGDIR": folder}


def _arguments(limits: Limits, walls: bool, hooks: bool) -> list[str]:
    return [str(limits.seconds), str(limits.memory), str(int(walls)), str(int(hooks)), str(limits.threads)]


def _on_a_mac() -> bool:
    return sys.platform == "darwin" and os.path.exists("/usr/bin/sandbox-exec")


def _python(
    module: str, theirs: socket.socket, words: list[str], folder: str, around: tuple[str, ...] = ()
) -> subprocess.Popen:
    """Start a module as a program, with a clean environment in an empty folder and one socket."""
    share = getattr(theirs, "share", None)
    arguments = ["0" if share else str(theirs.fileno()), *words]
    keep = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE") if name in os.environ}
    process = subprocess.Popen(
        [*around, sys.executable, "-P", "-s", "-B", "-m", module, *arguments],
        stdin=subprocess.PIPE if share else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=ENVIRONMENT | keep | (_keras(folder) if "models" in words else {}),
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

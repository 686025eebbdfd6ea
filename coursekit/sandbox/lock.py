"""What a child that runs a stranger's code may use, and how everything that it started is ended.

The layers: a session of its own; limits on time, memory and files; a uid without rights where the grader is root; the walls
that the operating system holds (`walls`). Python's hooks are no layer: they are error messages, which tell a student in words
what is refused, and one line of code takes them away.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.sandbox.places import NNUTILS, SANDBOX, is_hidden
from coursekit.sandbox.walls import Walls

NOBODY = 65534
REPORT = struct.Struct("<idq")  # of a child that ended: wait status, CPU seconds, bytes at the peak
USED = struct.Struct("<d")  # CPU seconds of a child that runs
LIBRARIES = ("nnutils", "keras", "tensorflow", "sklearn", "torch", "scipy")  # whose ready answers are refused
REFUSED = (
    "ctypes.", "fcntl.", "ftplib.", "gc.", "http.", "os.chmod", "os.chown", "os.exec", "os.fork", "os.kill", "os.link",
    "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.setxattr", "os.spawn", "os.startfile",
    "os.symlink", "os.system", "os.truncate", "os.utime", "pty.", "resource.", "shutil.", "signal.", "smtplib.", "socket.",
    "sqlite3.", "subprocess.", "urllib.", "winreg.",
)  # fmt: skip
PATHS = ("open", "os.listdir", "os.scandir")


@dataclass(frozen=True)
class Limits:
    """What one child may use: CPU seconds for one exercise, bytes of memory, threads beside its first."""

    seconds: float = 10.0
    memory: int = 1 << 30
    threads: int = 0

    @property
    def cpu(self) -> int:
        """CPU seconds of a whole child: far above what one exercise is allowed, for when nobody watches it any more."""
        return math.ceil(self.seconds) * 20 + 10


class Lock:
    """What a child gives up before it runs a stranger's code. Made once; `close` costs a child about a millisecond."""

    def __init__(self, limits: Limits, walls: Walls | None = None) -> None:
        self.limits, self.walls = limits, walls or Walls()
        places = [Path(sys.prefix), Path(sys.base_prefix), Path(np.__file__), NNUTILS, SANDBOX]
        root = os.name == "posix" and os.geteuid() == 0
        self.nobody = root and all(_open_to_all(place.resolve()) for place in places)

    def close(self, keep: int) -> list[str]:
        """Lock this process up, but for the file descriptor `keep`; returns the names of the layers that hold."""
        layers = []
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.setsid()
            _silence(keep, *self.walls.keep)
            layers = ["session", *_limit(self.limits), *self._drop_rights()]
        self.walls.close()
        return [*layers, *self.walls.held]

    def _drop_rights(self) -> list[str]:
        """Become nobody where the grader is root and nobody could still read the libraries."""
        if not self.nobody:
            return []
        import resource

        with contextlib.suppress(OSError):  # in a name space that knows one user only
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            resource.setrlimit(resource.RLIMIT_NPROC, (self.limits.threads,) * 2)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            return ["nobody"]
        return []


def hook(allows: tuple[str, ...]) -> None:
    """Let Python say in words what an answer has no use for; `allows`: libraries. No wall: a line of an answer takes it away."""
    homes = (NNUTILS, sys.prefix, sys.base_prefix, "/usr/share/zoneinfo")
    own, *others = (os.path.join(os.path.realpath(place), "") for place in homes)

    def told(event: str, args: tuple) -> None:
        if event == "import" and _is_refused(str(args[0]), allows):
            raise ImportError(f"{args[0]} is not there for answers: write out the formula with NumPy instead")
        if event.startswith(REFUSED):
            raise PermissionError(f"an answer has no use for {event}")
        if event in PATHS and not isinstance(args[0], int) and os.fsdecode(args[0] or ".") != os.devnull:
            place = os.path.join(os.path.realpath(os.fsdecode(args[0] or ".")), "")
            module = "nnutils." + place.removeprefix(own).rstrip(os.sep).removesuffix(".py").replace(
                os.sep, "."
            )
            writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
            mine = place.startswith(own) and not _is_refused(module, allows)
            if writes or not (mine or (place.startswith(tuple(others)) and not place.startswith(own))):
                raise PermissionError("an answer has no use for this file or folder")

    sys.addaudithook(told)


def end_all() -> None:
    """Kill every process but this one, the first of its name space, until none is left."""
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.kill(-1, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.wait()


def end_all_below() -> None:
    """Kill the children of this process and all that they left behind, which comes to it as their reaper (Linux)."""
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


def cpu_of(process: int) -> float:
    """The CPU seconds that a process has used, with all its threads (Linux); -1 where the system does not tell."""
    try:
        return (
            time.clock_gettime(~process << 3 | 2) if sys.platform == "linux" else -1.0
        )  # clock_getcpuclockid(3)
    except OSError:
        return -1.0


def become_reaper() -> None:
    """Let orphans of this process's descendants come to it instead of to init."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _children() -> Iterator[int]:
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    with contextlib.suppress(OSError):
        yield from map(int, own.read_text().split())


def _silence(*keep: int) -> None:
    """No input, no output, and no file descriptor but those to keep."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    first = 3
    for number in sorted(keep):
        os.closerange(first, number)
        first = max(number + 1, 3)
    os.closerange(first, 4096)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115


def _limit(limits: Limits) -> list[str]:
    import resource as r

    wanted = {
        r.RLIMIT_CPU: limits.cpu,
        r.RLIMIT_AS: limits.memory,
        r.RLIMIT_FSIZE: 0,
        r.RLIMIT_NOFILE: 64,
        r.RLIMIT_CORE: 0,
    }
    if os.geteuid():
        wanted[r.RLIMIT_NPROC] = limits.threads  # no further process: it has no use for one
    done = True
    for what, value in wanted.items():
        try:
            r.setrlimit(what, (value, value))
        except (ValueError, OSError):  # macOS knows no limit on the address space
            done = False
    return ["limits"] if done else ["some limits"]


def _open_to_all(place: Path) -> bool:
    return all(one.stat().st_mode & 0o005 for one in [place, *place.parents])


def _is_refused(module: str, allows: tuple[str, ...]) -> bool:
    """Whether an answer may not import a module: the answers never, other libraries only where the exercise allows them."""
    root, _, rest = module.partition(".")
    allowed = root in {one.partition(".")[0] for one in allows}
    if root in ("nnutils", "coursekit"):
        part = rest.partition(".")[0].lower()
        return is_hidden(module) or not (allowed or part in ("", "lessons", "checks"))
    return root in LIBRARIES and not allowed

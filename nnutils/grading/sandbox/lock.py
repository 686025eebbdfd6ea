"""What a child gives up before it runs a stranger's code.

The layers: a session of its own; limits on time, memory and files; a user without rights where the grader is root; and the walls
that the operating system holds (`walls`).
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import numpy as np

from nnutils.grading.sandbox.places import FILES, PACKAGE
from nnutils.grading.sandbox.setup import Limits
from nnutils.grading.sandbox.walls import Walls

NOBODY = 65534


class Confinement:
    """What a child gives up, made once for all children; `enter` costs a child about a millisecond."""

    def __init__(self, limits: Limits, walls: Walls | None = None) -> None:
        self.limits, self.walls = limits, walls or Walls()
        places = [Path(sys.prefix), Path(sys.base_prefix), Path(np.__file__), PACKAGE]
        root = os.name == "posix" and os.geteuid() == 0
        readable = all(file.stat().st_mode & 0o004 for file in FILES)
        self.nobody = root and readable and all(_is_open_to_all(place.resolve()) for place in places)

    def enter(self, keep: int) -> list[str]:
        """Confine this process, but leave it the file descriptor `keep`; returns the names of the layers that hold."""
        layers = []
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.setsid()
            _close_all_but(keep, *self.walls.descriptors)
            layers = ["session", _limit(self.limits), *self._drop_rights()]
        self.walls.enter()
        return [*layers, *self.walls.held]

    def _drop_rights(self) -> list[str]:
        """Become the user `nobody` if the grader is root and if `nobody` can still read the libraries."""
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


def _close_all_but(*keep: int) -> None:
    """No input, no output, and no file descriptor but those to keep."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    kept = sorted(number for number in keep if number > 2)
    for first, last in zip([2, *kept], [*kept, 4096], strict=True):
        os.closerange(first + 1, last)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115


def _limit(limits: Limits) -> str:
    import resource as r

    wanted = {
        r.RLIMIT_CPU: limits.cpu, r.RLIMIT_AS: limits.memory, r.RLIMIT_FSIZE: 0, r.RLIMIT_NOFILE: 64, r.RLIMIT_CORE: 0,
    }  # fmt: skip
    if os.geteuid():
        wanted[r.RLIMIT_NPROC] = limits.threads  # no further process
    held = "limits"
    for what, value in wanted.items():
        try:
            r.setrlimit(what, (value, value))
        except (ValueError, OSError):  # macOS knows no limit on the address space
            held = "some limits"
    return held


def _is_open_to_all(place: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 for folder in [place, *place.parents])

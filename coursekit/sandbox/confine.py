"""What a child gives up before it runs a stranger's code."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coursekit.sandbox import kernel, seccomp
from coursekit.sandbox.landlock import Ruleset
from coursekit.sandbox.places import FILES, NNUTILS
from coursekit.sandbox.setup import Limits

NOBODY = 65534


@dataclass
class Confinement:
    """The layers around a child, prepared once for all children; `enter` costs a child about a millisecond.

    `level` names the walls that stand around the zygote and its children, `held` those that the self-test could not break.
    """

    limits: Limits
    level: str = "none"
    held: list[str] = field(default_factory=list)
    ruleset: Ruleset | None = None
    filter: list[seccomp.Step] = field(default_factory=list)

    def enter(self, keep: int) -> list[str]:
        """Confine this process, but leave it the file descriptor `keep`; returns the names of the layers that hold.

        The layers: a session of its own; limits on time, memory and files; a user without rights where the grader is root; and
        walls that the kernel holds.
        """
        layers = []
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.setsid()
            _close_all_but(keep, *([self.ruleset.descriptor] if self.ruleset else []))
            layers = ["session", _limit(self.limits), *_drop_rights(self.limits.threads)]
        if self.level != "none":
            kernel.prctl(kernel.NO_NEW_PRIVS, 1)
            kernel.drop_capabilities()
            if self.ruleset:
                self.ruleset.enforce()
            if self.filter:
                seccomp.install(self.filter, os.getpid())
        kernel.forget()
        return [*layers, *self.held]


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


def _drop_rights(threads: int) -> list[str]:
    """Become the user `nobody` if the grader is root and if `nobody` can still read the libraries."""
    import resource

    if os.geteuid() == 0 and _nobody_can_read():
        with contextlib.suppress(OSError):  # in a namespace that knows one user only
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
            os.setresuid(NOBODY, NOBODY, NOBODY)
            return ["nobody"]
    return []


def _nobody_can_read() -> bool:
    roots = {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, np.__file__, NNUTILS)}
    folders = roots.union(*(place.parents for place in roots))
    return all(path.stat().st_mode & 0o005 for path in (*folders, *FILES))

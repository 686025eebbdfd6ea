"""Walls around a stranger's code that the operating system holds.

What a machine allows is not looked up but tried: a scout builds the walls, sends a child against each of them, and says which
ones held. Only those are told as layers; the others are told in words that an instructor understands.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.sandbox import kernel, landlock, namespaces, scout, seccomp
from coursekit.sandbox.places import DEVICES, hidden_places, python_places

KEPT = ("files", "network", "processes")  # without any of these only Python itself is in an answer's way
NEEDED = ("files", "network", "processes", "rights")  # what `required` asks for, beside the limits
MISSING = {
    "files": "files: an answer that breaks out of Python can read what the grader's user can read, such as other submissions",
    "network": "network: an answer that breaks out of Python can reach the network",
    "processes": "processes: an answer that breaks out of Python can start programs and end the user's other ones",
    "rights": "rights: an answer that breaks out of Python has the rights of root",
    "system calls": "system calls: rare parts of the kernel are open to an answer that breaks out of Python",
    "limits": "limits: this system knows no limit on an answer's memory",
}
REMEDIES = {
    "linux": "allow user name spaces (on Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; elsewhere: "
    "sudo sysctl user.max_user_namespaces=15000), start a container with --security-opt seccomp=unconfined, or take "
    "Linux 5.13 or newer, which has Landlock",
    "darwin": "grade on Linux, for example in a virtual machine or a container",
    "win32": "grade on Linux, for example in WSL 2 or a container",
}
LEVELS = ("name spaces", "filters alone", "system calls alone", "none")


class SandboxMissing(RuntimeError):
    """The sandbox was required, or there is none at all, and this machine does not allow it."""

    def __init__(self, missing: list[str], instead: str = "") -> None:
        todo = REMEDIES.get(sys.platform, REMEDIES["darwin"])
        lines = [f"  {line}" for line in missing] + [f"What helps: {todo}."] + ([instead] if instead else [])
        super().__init__("\n".join(["This machine allows no full sandbox. Missing:", *lines]))


@dataclass
class Walls:
    """The walls that were built around this process, and those that each of its children builds around itself."""

    level: str = "none"
    held: list[str] = field(default_factory=list)  # proven by a scout
    ruleset: landlock.Ruleset | None = None
    filter: seccomp.Filter | None = None

    def close(self) -> None:
        """Build the child's own walls, from within: from here on it has only what the rules give it."""
        if self.level != "none":
            kernel.prctl(kernel.NO_NEW_PRIVS, 1)
            kernel.drop_capabilities()
            if self.ruleset:
                self.ruleset.enforce()
            if self.filter:
                self.filter.install(os.getpid())
        kernel.forget()

    @property
    def keep(self) -> tuple[int, ...]:
        """The file descriptors that `close` needs."""
        return (self.ruleset.descriptor,) if self.ruleset else ()


def missing(held: list[str]) -> list[str]:
    """What a machine does not hold, in words, the gravest first."""
    return [words for wall, words in MISSING.items() if wall not in held]


def require(held: list[str]) -> None:
    """Raises SandboxMissing where a wall that a full sandbox needs did not hold."""
    if not {*NEEDED, "limits"} <= {*held}:
        raise SandboxMissing(missing(held))


def demand_one(held: list[str]) -> None:
    """Raises SandboxMissing where nothing but Python would keep an answer from this machine."""
    if not {*KEPT} & {*held}:
        raise SandboxMissing(missing(held), "To grade without it all the same, say --sandbox off.")


def build(root: str, lock: Callable[[Walls, int], object]) -> Walls:
    """The best walls that this machine allows. May return in another process, the first one of its name spaces.

    `lock` is what a child does with its walls before it runs anything; it gets the file descriptor that stays open.
    """
    found: dict[str, list[str]] = {}
    for level in LEVELS if kernel.KNOWN else ("none",):
        found[level] = _scouted(level, root, lock)
        if {*NEEDED, scout.PYTHON} <= {*found[level]}:
            break
    working = [level for level, held in found.items() if scout.PYTHON in held]
    if (
        not working and sys.platform == "darwin"
    ):  # Python cannot live in what stands around it: the host tries without
        sys.exit("no Python inside sandbox-exec")
    best = max(working, key=lambda level: len(found[level]), default="none")
    walls = _built(best, root)
    if walls.level == best:
        walls.held = [wall for wall in found[best] if wall != scout.PYTHON]
    return walls


def _built(level: str, root: str) -> Walls:
    if level == "none":
        return Walls()
    places, hidden = python_places(), hidden_places()
    if level == "name spaces" and not namespaces.enter(root, places, hidden, DEVICES):
        return Walls()
    walls = Walls(level)
    with contextlib.suppress(OSError, KeyError):
        walls.filter = seccomp.Filter()
    if level == "system calls alone":  # Python cannot live behind a list of files here: the rest is kept
        return walls
    with contextlib.suppress(OSError):
        real = [Path(os.path.realpath(place)) for place in places]
        walls.ruleset = landlock.Ruleset(real, hidden, DEVICES)
    return walls


def _scouted(level: str, root: str, lock: Callable[[Walls, int], object]) -> list[str]:
    """Build walls in a process of their own, and send a child against them: which ones held."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.close(ours)
            walls = _built(level, root)
            if level == walls.level and os.fork() == 0:
                lock(walls, theirs)
                os.write(theirs, json.dumps(scout.held()).encode())
                os._exit(0)
            os.close(theirs)
            os.wait()
        os._exit(0)
    os.close(theirs)
    with open(ours, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(said) if said else []

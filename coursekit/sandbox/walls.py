"""Walls: protections around a stranger's code that the operating system enforces.

What a machine allows is not looked up but tried: a self-test builds the walls, attacks each of them from a child, and says which
ones held. Only those are reported as layers; the others are reported in words that an instructor understands.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys

from coursekit.sandbox import kernel, landlock, namespaces, seccomp, self_test
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.places import python_places
from coursekit.sandbox.setup import Limits

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
    "linux": "allow user namespaces (on Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; elsewhere: "
    "sudo sysctl user.max_user_namespaces=15000), start a container with --security-opt seccomp=unconfined, or take "
    "Linux 5.13 or newer, which has Landlock",
    "darwin": "grade on Linux, for example in a virtual machine or a container",
    "win32": "grade on Linux, for example in WSL 2 or a container",
}
LEVELS = ("namespaces", "filters alone", "system calls alone", "none")


class SandboxMissing(RuntimeError):
    """The sandbox was required, or there is none at all, and this machine does not allow it."""

    def __init__(self, held: list[str], instead: str = "") -> None:
        todo = REMEDIES.get(sys.platform, REMEDIES["darwin"])
        lines = [*(f"  {line}" for line in missing(held)), f"What helps: {todo}.", instead]
        super().__init__("\n".join(["This machine allows no full sandbox. Missing:", *filter(None, lines)]))


def missing(held: list[str]) -> list[str]:
    """What does not hold on a machine, in words, the gravest first."""
    return [words for wall, words in MISSING.items() if wall not in held]


def require(held: list[str]) -> None:
    """Raises SandboxMissing where a wall that a full sandbox needs did not hold."""
    if not {*NEEDED, "limits"} <= {*held}:
        raise SandboxMissing(held)


def demand_one(held: list[str]) -> None:
    """Raises SandboxMissing where nothing but Python would keep an answer from this machine."""
    if not {*KEPT} & {*held}:
        raise SandboxMissing(held, "To grade without it all the same, say --sandbox off.")


def build(limits: Limits, root: str) -> Confinement:
    """The strongest confinement that this machine allows; `root` is an empty folder.

    The first level that holds completely is taken, else the one that holds most. NOTE: with namespaces this returns in another
    process, the first one of the new namespace.
    """
    found: dict[str, list[str]] = {}
    for level in LEVELS if kernel.KNOWN else ("none",):
        found[level] = _tested(level, limits, root)
        if {*NEEDED, self_test.PYTHON} <= {*found[level]}:
            break
    working = [level for level, held in found.items() if self_test.PYTHON in held]
    if not working and sys.platform == "darwin":  # no Python in sandbox-exec: the host tries without it
        sys.exit("no Python inside sandbox-exec")
    best = max(working, key=lambda level: len(found[level]), default="none")
    confinement = _built(best, limits, root)
    if confinement.level == best:
        confinement.held = [wall for wall in found[best] if wall != self_test.PYTHON]
    return confinement


def _built(level: str, limits: Limits, root: str) -> Confinement:
    places = python_places()
    if level == "none" or (level == "namespaces" and not namespaces.enter(root, places)):
        return Confinement(limits)
    built = Confinement(limits, level, filter=seccomp.steps(kernel.MACHINE))
    if level != "system calls alone":  # which is for a machine where Python cannot live with a list of files
        with contextlib.suppress(OSError):
            built.ruleset = landlock.Ruleset(places)
    return built


def _tested(level: str, limits: Limits, root: str) -> list[str]:
    """Build walls in a process of their own, and attack them from a child: which ones held."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.close(ours)
            built = _built(level, limits, root)
            if level == built.level and os.fork() == 0:
                built.enter(theirs)
                os.write(theirs, json.dumps(self_test.held()).encode())
                os._exit(0)
            os.close(theirs)
            os.wait()
        os._exit(0)
    os.close(theirs)
    with open(ours, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(said) if said else []

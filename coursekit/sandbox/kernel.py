"""The Linux system calls that the walls are made of, through ctypes. Nothing here decides anything.

The functions are made once, in the zygote, so that they cost a child nothing; a child throws them away before it runs anything.
Numbers: the kernel's `asm/unistd_64.h` and `asm-generic/unistd.h`. Pages: man7.org, section 2.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
RDONLY, NOSUID, NODEV, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 0x1000, 0x4000, 0x40000
DETACH, SETATTR_RECURSIVE = 2, 0x8000
DEATH_SIGNAL, SECCOMP, NO_NEW_PRIVS = 1, 22, 38  # what prctl is asked for
CAPABILITIES = struct.pack("Ii", 0x20080522, 0)  # version 3 of the calls, for this process
MACHINE = platform.machine()
NUMBERS = {  # of calls that the C library has no function for; newer ones have the same number on all machines
    "x86_64": {"pivot_root": 155, "capget": 125, "capset": 126, "ptrace": 101},
    "aarch64": {"pivot_root": 41, "capget": 90, "capset": 91, "ptrace": 117},
}
COMMON = {
    "mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446,
}  # fmt: skip
KNOWN = sys.platform == "linux" and MACHINE in NUMBERS

_libraries = list[ctypes.CDLL]()


def remember() -> None:
    """Make the functions, also anew for a self-test in a child."""
    if KNOWN:
        _libraries.append(ctypes.CDLL(None, use_errno=True))


def forget() -> None:
    """Throw the functions away: nothing in a child needs them any more."""
    _libraries.clear()


def unshare(flags: int) -> None:
    """Move this process (for NEWPID: its children) into new namespaces."""
    _c("unshare", flags)


def prctl(what: int, *values: object) -> None:
    """Change one attribute of this process; the values are ints or a pointer."""
    padded = [ctypes.c_ulong(v) if isinstance(v, int) else v for v in (*values, 0, 0, 0, 0)[:4]]
    _c("prctl", what, *padded)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or a folder a second time."""
    texts = [os.fsencode(text) or None for text in (source, target, kind)]
    _c("mount", *texts, ctypes.c_ulong(flags), options.encode() or None)


def make_read_only(target: str) -> None:
    """Make a mount and all below it read-only, also for programs that would gain rights (Linux 5.12)."""
    attributes = struct.pack("4Q", RDONLY | NOSUID, 0, 0, 0)  # to set, to clear, propagation, user namespace
    call(
        "mount_setattr",
        -100,
        target.encode(),
        SETATTR_RECURSIVE,
        attributes,
        ctypes.c_size_t(len(attributes)),
    )


def change_root(root: str) -> None:
    """Make a mount point the root of this namespace and detach the old root: nothing outside has a path any more."""
    os.chdir(root)
    call("pivot_root", b".", b".")
    _c("umount2", b".", DETACH)
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up every right that this user does not have anyway."""
    call("capset", CAPABILITIES, bytes(24))


def has_capabilities() -> bool:
    """Whether this process has any right beyond those of its user."""
    held = ctypes.create_string_buffer(24)
    call("capget", CAPABILITIES, held)
    return any(held.raw)


def call(name: str, *arguments: object) -> int:
    """Make a system call that the C library has no function for.

    Raises
    ------
    OSError: the kernel refuses it, or does not know it.
    """
    number = COMMON.get(name) or NUMBERS[MACHINE][name]
    return _c("syscall", ctypes.c_long(number), *arguments)


def _c(function: str, *arguments: object) -> int:
    """Call a function of the C library."""
    if not _libraries:
        raise OSError("this system's calls are not known")
    result = getattr(_libraries[-1], function)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


remember()

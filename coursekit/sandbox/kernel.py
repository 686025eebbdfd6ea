"""The Linux system calls that the walls are made of, through ctypes. Nothing here decides anything.

The functions are made once, in the zygote, so that a fork costs nothing; a child throws them away before it runs anything.
Numbers: the kernel's `asm/unistd_64.h` and `asm-generic/unistd.h`. Pages: man7.org, section 2.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
RDONLY, NOSUID, NODEV, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 0x1000, 0x4000, 0x40000
DETACH, SETATTR_RECURSIVE = 2, 0x8000
DEATH_SIGNAL, SECCOMP, CHILD_SUBREAPER, NO_NEW_PRIVS = 1, 22, 36, 38  # what prctl is asked for
MACHINE = platform.machine()
NUMBERS = {  # the same on both since Linux 5.1, where new calls are numbered alike
    "x86_64": {"pivot_root": 155, "capget": 125, "capset": 126, "ptrace": 101},
    "aarch64": {"pivot_root": 41, "capget": 90, "capset": 91, "ptrace": 117},
}
COMMON = {
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}
KNOWN = sys.platform == "linux" and MACHINE in NUMBERS

_libraries = [ctypes.CDLL(None, use_errno=True)] if KNOWN else []
_CAPABILITIES = 0x20080522  # version 3 of the header


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def forget() -> None:
    """Throw the functions away: nothing in a child needs them any more."""
    _libraries.clear()


def remember() -> None:
    """Make the functions anew, for a scout that tries what holds."""
    if KNOWN:
        _libraries.append(ctypes.CDLL(None, use_errno=True))


def unshare(flags: int) -> None:
    """Move this process (for processes: its children) into name spaces of its own."""
    _checked(_library().unshare(flags))


def prctl(what: int, *values: int) -> None:
    """Change one thing about this process."""
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    _checked(_library().prctl(what, *padded))


def seccomp(program: ctypes.Structure) -> None:
    """Install a filter for all system calls from here on (mode 2)."""
    _checked(
        _library().prctl(
            SECCOMP, ctypes.c_ulong(2), ctypes.byref(program), ctypes.c_ulong(0), ctypes.c_ulong(0)
        )
    )


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or a folder a second time."""
    texts = [os.fsencode(text) or None for text in (source, target, kind)]
    _checked(_library().mount(*texts, ctypes.c_ulong(flags), options.encode() or None))


def make_read_only(target: str) -> None:
    """Make a mount and all below it read-only, also for programs that would gain rights (Linux 5.12)."""
    wanted = _MountAttributes(RDONLY | NOSUID)
    size = ctypes.c_size_t(ctypes.sizeof(wanted))
    call("mount_setattr", -100, target.encode(), SETATTR_RECURSIVE, ctypes.byref(wanted), size)


def change_root(root: str) -> None:
    """Make a mount point the root of this name space and let go of the old one: nothing outside can be named any more."""
    os.chdir(root)
    call("pivot_root", b".", b".")
    _checked(_library().umount2(b".", DETACH))
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up every right that is not the uid's own."""
    header, nothing = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    call("capset", ctypes.byref(header), ctypes.byref(nothing))


def has_capabilities() -> bool:
    """Whether this process has any right that is not the uid's own."""
    header, held = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    call("capget", ctypes.byref(header), ctypes.byref(held))
    return any(held)


def call(name: str, *arguments: object) -> int:
    """Make a system call that the C library has no function for.

    Raises
    ------
    OSError: the kernel refuses it, or does not know it.
    """
    number = COMMON.get(name) or NUMBERS[MACHINE][name]
    return _checked(_library().syscall(ctypes.c_long(number), *arguments))


def _library() -> ctypes.CDLL:
    if not _libraries:
        raise OSError("this system's calls are not known")
    return _libraries[-1]


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result

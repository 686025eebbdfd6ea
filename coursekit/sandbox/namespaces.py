"""A world of their own for the children: no network, no other processes, only the files that they need (Linux).

The zygote moves into it once, and its children are born there. They share it one after the other, never at a time: a child
is ended with everything that it started before the next one begins, and nothing in this world can be written to.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from coursekit.sandbox import kernel


def enter(root: str, places: Iterable[Path], hidden: Iterable[Path], devices: Iterable[Path]) -> bool:
    """Move into name spaces of its own as their first process; whether that was allowed.

    It returns in a new process, which the kernel ends as soon as the old one ends; when the new one ends, the kernel ends
    everything that it started. The file system is an empty one mounted on the folder `root`, with `places` in it, read-only.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        _leave(root=user == 0)
    except OSError:
        return False
    _map(user, group)
    own = set()
    for flag in (kernel.NEWNET, kernel.NEWIPC, kernel.NEWUTS, kernel.NEWNS, kernel.NEWPID):
        with contextlib.suppress(OSError):
            kernel.unshare(flag)
            own.add(flag)
    _become_first()
    if (
        os.getpid() == 1 and kernel.NEWNS in own
    ):  # nothing is ever mounted in the old world; /proc, which the new files leave out, is what finds the processes to end
        with contextlib.suppress(OSError):
            _furnish(root, places, hidden, devices)
    return True


def _leave(root: bool) -> None:
    """Get the right to make name spaces: root has it, anybody else gets it in a user name space of their own."""
    if root:
        with contextlib.suppress(OSError):
            kernel.unshare(kernel.NEWUTS)
            return
    kernel.unshare(kernel.NEWUSER)


def _map(user: int, group: int) -> None:
    """Stay who it was in a new user name space; in the old one this is refused, and not needed."""
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with contextlib.suppress(OSError):
            Path(f"/proc/self/{file}").write_text(text)


def _become_first() -> None:
    """Go on as the first process of the new name space; the old process stays only to end with it."""
    pid = os.fork()
    if pid:
        os.closerange(3, 4096)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0x7F)
    kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what the first process does not handle does not reach it


def _furnish(root: str, places: Iterable[Path], hidden: Iterable[Path], devices: Iterable[Path]) -> None:
    kernel.mount("none", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
    kernel.mount("none", root, "tmpfs", kernel.NOSUID | kernel.NODEV, "mode=755,size=1m")
    for place in places:
        _bind(root, place)
    for device in devices:
        _bind(root, device)
    os.makedirs(f"{root}/proc/self")
    os.symlink("/nothing", f"{root}/proc/self/exe")  # TensorFlow ends the process where it cannot ask this
    for place in hidden:
        if os.path.isdir(f"{root}{place}"):
            kernel.mount("none", f"{root}{place}", "tmpfs", kernel.NOSUID | kernel.NODEV, "mode=755,size=4k")
        elif os.path.exists(f"{root}{place}"):
            kernel.mount(os.devnull, f"{root}{place}", flags=kernel.BIND)
    kernel.make_read_only(root)
    kernel.change_root(root)


def _bind(root: str, place: Path) -> None:
    """Put a file or folder where it is in the old world, with the symbolic links on the way to it."""
    at = _way(root, place)
    if at is None:
        return
    target = f"{root}{at}"
    if at.is_dir():
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT))
    if not os.path.ismount(target):
        kernel.mount(str(at), target, flags=kernel.BIND | kernel.RECURSIVE)


def _way(root: str, place: Path, links: int = 0) -> Path | None:
    """Where a path really leads, or None; makes the links on the way."""
    for one in [*reversed(place.parents), place]:
        if one.is_symlink() and links < 40:
            target = one.parent / os.readlink(one)
            os.makedirs(f"{root}{one.parent}", exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.symlink(os.readlink(one), f"{root}{one}")
            rest = place.relative_to(one)
            return _way(root, Path(os.path.normpath(target / rest)), links + 1)
    return place if place.exists() else None

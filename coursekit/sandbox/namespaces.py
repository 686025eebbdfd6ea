"""Namespaces for the children: no network, no other processes, only the files that they need (Linux).

The zygote moves into them once, and its children are born there. They share them one after the other, never at the same time: a
child is ended with everything that it started before the next one begins, and nothing in there can be written to.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from coursekit.sandbox import kernel
from coursekit.sandbox.places import DEVICES, FILES, HIDDEN


def enter(root: str, places: Iterable[Path]) -> bool:
    """Move into new namespaces as their first process; returns whether that was allowed.

    It returns in a new process, which the kernel ends as soon as the old one ends; when the new one ends, the kernel ends
    everything that it started. The file system is an empty one, mounted on the folder `root`, in which only `places` and the
    listed files of the course are, read-only.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        _unshare_user(is_root=user == 0)
    except OSError:
        return False
    mapping = {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}
    for file, text in mapping.items():
        with contextlib.suppress(OSError):  # refused, and not needed, outside a new user namespace
            Path(f"/proc/self/{file}").write_text(text)
    own = set()
    for flag in (kernel.NEWNET, kernel.NEWIPC, kernel.NEWUTS, kernel.NEWNS, kernel.NEWPID):
        with contextlib.suppress(OSError):
            kernel.unshare(flag)
            own.add(flag)
    _become_first()
    # Nothing is ever mounted outside. Without PID 1 the old /proc, which is not in `root`, is needed to end processes.
    if os.getpid() == 1 and kernel.NEWNS in own:
        with contextlib.suppress(OSError):
            _mount_all(root, places)
    return True


def _unshare_user(is_root: bool) -> None:
    """Get the right to make namespaces: root has it, other users get it in a new user namespace."""
    if is_root:
        with contextlib.suppress(OSError):
            kernel.unshare(kernel.NEWUTS)
            return
    kernel.unshare(kernel.NEWUSER)


def _become_first() -> None:
    """Continue as the first process of the new namespace; the old process only stays to end together with it."""
    pid = os.fork()
    if pid:
        os.closerange(3, 4096)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0x7F)
    kernel.prctl(kernel.DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the first process only receives signals that it handles


def _mount_all(root: str, places: Iterable[Path]) -> None:
    kernel.mount("none", "/", flags=kernel.RECURSIVE | kernel.PRIVATE)
    _mount_empty(root)
    for place in (*places, *DEVICES):
        _bind(root, place)
    for place in HIDDEN:
        if os.path.isdir(f"{root}{place}"):
            _mount_empty(f"{root}{place}")
    for file in FILES:
        _bind(root, file)
    os.makedirs(f"{root}/proc/self")
    os.symlink("/nothing", f"{root}/proc/self/exe")  # without it TensorFlow ends the process
    kernel.make_read_only(root)
    kernel.change_root(root)


def _mount_empty(folder: str) -> None:
    kernel.mount("none", folder, "tmpfs", kernel.NOSUID | kernel.NODEV, "mode=755,size=1m")


def _bind(root: str, place: Path) -> None:
    """Make a file or folder visible in the new root under the path that it has outside."""
    real = _resolved(root, place)
    if not real.exists():
        return
    target = Path(f"{root}{real}")
    (target if real.is_dir() else target.parent).mkdir(parents=True, exist_ok=True)
    if not real.is_dir():
        os.close(os.open(target, os.O_CREAT))
    if not os.path.ismount(target):
        kernel.mount(str(real), str(target), flags=kernel.BIND | kernel.RECURSIVE)


def _resolved(root: str, place: Path, links: int = 0) -> Path:
    """The path without symbolic links; recreates in the new root the links that it follows, 40 at most."""
    for path in [*reversed(place.parents), place]:
        if path.is_symlink() and links < 40:
            link = Path(f"{root}{path}")
            link.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                link.symlink_to(path.readlink())
            target = os.path.normpath(path.parent / path.readlink() / place.relative_to(path))
            return _resolved(root, Path(target), links + 1)
    return place

"""Error messages for answers that try what the sandbox refuses. This is no protection: one line of code removes a hook."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from coursekit.sandbox.places import HIDDEN, MODULES
from nnutils.checks.facts import READY_MADE

REFUSED = (  # the beginnings of audit events
    "ctypes.", "fcntl.", "ftplib.", "gc.", "http.", "os.chmod", "os.chown", "os.exec", "os.fork", "os.kill", "os.link",
    "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.setxattr", "os.spawn", "os.startfile",
    "os.symlink", "os.system", "os.truncate", "os.utime", "pty.", "resource.", "shutil.", "signal.", "smtplib.", "socket.",
    "sqlite3.", "subprocess.", "urllib.", "winreg.",
)  # fmt: skip
OWN_FILES = {os.path.realpath(file): module for file, module in MODULES.items()}
OWN_FOLDERS = {os.path.dirname(file) for file in OWN_FILES}
LIBRARIES = [os.path.realpath(place) for place in (sys.prefix, sys.base_prefix, "/usr/share/zoneinfo")]
PATHS = ("open", "os.listdir", "os.scandir")


def install(allows: tuple[str, ...]) -> None:
    """Let Python raise an error with a plain message for what an answer should not do. allows: libraries that it may import."""

    def hook(event: str, args: tuple) -> None:
        if event == "import" and _is_refused(str(args[0]), allows):
            raise ImportError(f"{args[0]} is not there for answers: write out the formula with NumPy instead")
        if event.startswith(REFUSED):
            raise PermissionError(f"an answer has no use for {event}")
        if event in PATHS and not isinstance(args[0], int) and os.fsdecode(args[0] or ".") != os.devnull:
            writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or not _may_read(os.path.realpath(os.fsdecode(args[0] or ".")), event, allows):
                raise PermissionError("an answer has no use for this file or folder")

    sys.addaudithook(hook)


def _may_read(place: str, event: str, allows: tuple[str, ...]) -> bool:
    """Whether a folder may be listed or a file opened: libraries, and files of the course whose module may be imported."""
    if place in OWN_FOLDERS and event != "open":
        return True
    if place in OWN_FILES:
        return not _is_refused(OWN_FILES[place], allows)
    return _is_in(place, LIBRARIES) and not _is_in(place, HIDDEN)


def _is_in(place: str, folders: Iterable[str | Path]) -> bool:
    return os.path.join(place, "").startswith(tuple(os.path.join(folder, "") for folder in folders))


def _is_refused(module: str, allows: tuple[str, ...]) -> bool:
    """Whether an answer may not import a module: of the course only what is listed, other libraries only if they are allowed."""
    root, _, rest = module.partition(".")
    allowed = root in {path.partition(".")[0] for path in allows}
    if root in ("nnutils", "coursekit"):
        free = rest.partition(".")[0] in ("", "lessons", "checks")
        return module not in MODULES.values() or not (allowed or free)
    return root in READY_MADE and not allowed

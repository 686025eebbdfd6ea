"""A temporary folder for one run. Folders that killed runs left behind are removed at the next start."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from pathlib import Path

LOCK = ".in-use"
YOUNG = 60.0  # seconds: in so young a folder, its process may not have made the lock yet


class InUse(OSError):
    """Another process works here."""


class OwnFolder:
    """A folder `PREFIX…` in the temporary directory, which is locked for as long as its process lives."""

    def __init__(self, prefix: str) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            with contextlib.suppress(OSError):
                _remove_if_left(left)
        self._folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)
        self._lock: int | None = locked(self.path / LOCK)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self._folder.cleanup()


def _remove_if_left(folder: Path) -> None:
    """Remove a folder of this user's whose process is gone: the lock in it is free."""
    about = folder.lstat()
    mine = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
    old = time.time() - about.st_mtime >= YOUNG
    if old and mine and stat.S_ISDIR(about.st_mode) and (folder / LOCK).is_file():
        os.close(locked(folder / LOCK))
        shutil.rmtree(folder)


def locked(file: Path) -> int:
    """A file descriptor that holds a lock on the file, until it is closed or the process ends in any way.

    Raises
    ------
    InUse: another process holds it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise
        why = "another run is writing into this folder: let it end"
        raise InUse(errno.EAGAIN, why, str(file)) from None
    return handle

"""A temporary folder of a run; what killed runs left behind is removed at the next start."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from nnutils.grading.log import LogInUse, locked

LOCK = ".in-use"


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
    """Remove a folder of this user's whose process is gone: the lock in it is free. One without a lock is just being made."""
    about = folder.lstat()
    mine = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
    if not stat.S_ISDIR(about.st_mode) or not mine or not (folder / LOCK).is_file():
        return
    with contextlib.suppress(LogInUse):
        os.close(locked(folder / LOCK))
        shutil.rmtree(folder)

"""log.jsonl: a line of JSON for each graded notebook, appended at once, so that a run which is killed loses nothing."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from coursekit.grading.result import Result
from coursekit.own_folder import locked

SYNC_EVERY = 5.0  # seconds
Key = tuple[str, str, str, str]  # student, lesson, file, SHA-256


class Log:
    """The log, open for appending or, with `write=False`, only for reading.

    Held in memory is where the last line on each notebook lies, and nothing of what it says.
    """

    def __init__(self, file: Path, write: bool = True) -> None:
        self.file, self.skipped = file, 0
        self._at: dict[bytes, int] = {}
        self._reading = threading.Lock()  # `find` is called by the threads that hand out the work, too
        self._lock = locked(file.with_name(f".{file.stem}.lock")) if write else None
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._to = os.open(file, flags, 0o644) if write else None
        self._from = file.open("rb") if write or file.is_file() else None
        self._end, self._synced = self._read(), time.monotonic()
        if self._to is not None and os.fstat(self._to).st_size > self._end:
            os.ftruncate(self._to, self._end)  # the line that a killed run was writing

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._at)

    def append(self, result: Result) -> None:
        """Write a result at the end of the log, in one piece.

        Raises
        ------
        OSError: the disk is full; what was begun is taken back.
        """
        assert self._to is not None, "the log is open for reading only"
        line = f"{json.dumps(result.row())}\n".encode()
        if os.write(self._to, line) < len(line):
            os.ftruncate(self._to, self._end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.file))
        self._note(result, self._end)
        self._end += len(line)
        if time.monotonic() - self._synced > SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        """Wait until the disk has what was written."""
        if self._to is not None:
            os.fsync(self._to)
        self._synced = time.monotonic()

    def find(self, key: Key) -> Result | None:
        """The last result on a notebook, read from the file; None where there is none."""
        place = self._at.get(_digest(key))
        if place is None or self._from is None:
            return None
        return self._result(place)

    def results(self) -> Iterator[Result]:
        """The last result on every notebook, in the order of the file, one at a time."""
        for place in sorted(self._at.values()):
            yield self._result(place)

    def close(self) -> None:
        """Bring everything to the disk, and let another run have the log."""
        if self._from is not None:
            self._from.close()
        if self._to is not None:
            self.sync()
            os.close(self._to)
        if self._lock is not None:
            os.close(self._lock)
        self._from, self._to, self._lock = None, None, None

    def _result(self, offset: int) -> Result:
        assert self._from is not None
        with self._reading:
            self._from.seek(offset)
            line = self._from.readline()
        return Result.of_row(json.loads(line))

    def _read(self) -> int:
        """Note where the results lie; returns where the last whole line ends. Lines that hold no result are counted."""
        end = 0
        for line in self._from or ():
            if not line.endswith(b"\n"):
                break
            try:
                self._note(Result.of_row(json.loads(line)), end)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self.skipped += 1
            end += len(line)
        return end

    def _note(self, result: Result, offset: int) -> None:
        self._at[_digest(key_of(result))] = offset


def key_of(result: Result) -> Key:
    """What tells one notebook from all others."""
    return result.student, result.lesson, result.file, result.sha256


def _digest(key: Key) -> bytes:
    return hashlib.blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=16).digest()

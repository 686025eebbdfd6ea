"""log.jsonl: a line of JSON for each graded notebook, appended at once, so that a run which is killed loses nothing.

A line without a student holds the rules of the course, where these have changed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursekit.grading.result import Result
from coursekit.sandbox.own_folder import locked

SYNC_EVERY = 5.0  # seconds
Key = tuple[str, str, str, str]  # student, lesson, file, SHA-256


class Log(contextlib.AbstractContextManager["Log"]):
    """The log, open for appending or, with `write=False`, only for reading.

    Memory holds only where the last line on each notebook begins, and nothing of its content.
    """

    def __init__(self, file: Path, write: bool = True) -> None:
        self.file, self.skipped = file, 0
        self._offsets: dict[bytes, int] = {}
        self._rules: dict[str, Any] = {}  # of the course, as the last line about them says
        self._reading = threading.Lock()  # `find` is also called by the threads that send tasks to workers
        self._lock = locked(file.with_name(f".{file.stem}.lock")) if write else None
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._output = os.open(file, flags, 0o644) if write else None
        self._input = file.open("rb") if write or file.is_file() else None
        self._end, self._synced = self._read(), time.monotonic()
        if self._output is not None and os.fstat(self._output).st_size > self._end:
            os.ftruncate(self._output, self._end)  # the line that a killed run was writing

    def __exit__(self, *_: object) -> None:
        """Bring everything to the disk, and let another run have the log."""
        if self._input is not None:
            self._input.close()
        if self._output is not None:
            self.sync()
            os.close(self._output)
        if self._lock is not None:
            os.close(self._lock)
        self._input, self._output, self._lock = None, None, None

    def append(self, result: Result) -> None:
        """Write a result at the end of the log, in one piece.

        Raises
        ------
        OSError: the disk is full; the part of the line that was written is removed.
        """
        start = self._end
        self._write(result.row())
        self._offsets[_digest(key_of(result))] = start

    def note_rules(self, rules: dict[str, Any]) -> None:
        """Write the rules of the course, and when that was, if the last line about them says others.

        Raises
        ------
        OSError: as `append`.
        """
        rules = json.loads(json.dumps(rules))  # as they are read again
        if rules != self._rules:
            self._write({"since": datetime.now(UTC).isoformat(timespec="seconds"), "rules": rules})
            self._rules = rules

    def _write(self, row: dict[str, Any]) -> None:
        assert self._output is not None, "the log is open for reading only"
        line = f"{json.dumps(row)}\n".encode()
        if os.write(self._output, line) < len(line):
            os.ftruncate(self._output, self._end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.file))
        self._end += len(line)
        if time.monotonic() - self._synced > SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        """Wait until everything that was written is on the disk."""
        if self._output is not None:
            os.fsync(self._output)
        self._synced = time.monotonic()

    def find(self, key: Key) -> Result | None:
        """The last result on a notebook, read from the file; None where there is none."""
        offset = self._offsets.get(_digest(key))
        return None if offset is None else self._result(offset)

    def results(self) -> Iterator[Result]:
        """The last result on every notebook, in the order of the file, one at a time."""
        return map(self._result, sorted(self._offsets.values()))

    def _result(self, offset: int) -> Result:
        assert self._input is not None, "the log is closed"
        with self._reading:
            self._input.seek(offset)
            line = self._input.readline()
        return Result.of_row(json.loads(line))

    def _read(self) -> int:
        """Note where each result begins; returns where the last whole line ends. Lines that hold no result are counted."""
        end = 0
        for line in self._input or ():
            if not line.endswith(b"\n"):
                break
            try:
                row = json.loads(line)
                if "rules" in row:
                    self._rules = dict(row["rules"])
                else:
                    self._offsets[_digest(key_of(Result.of_row(row)))] = end
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self.skipped += 1
            end += len(line)
        return end


def key_of(result: Result) -> Key:
    """What identifies a notebook among all others."""
    return result.student, result.lesson, result.file, result.sha256


def _digest(key: Key) -> bytes:
    return hashlib.blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=16).digest()

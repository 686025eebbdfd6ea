"""What a student has done, kept in one small file in the working folder.

The file is written whole to a neighbour and moved over the old one, so that a crash leaves the old or the new and never half. A
damaged file is set aside under another name and said so. `NNUTILS_RECORD` names another file; `NNUTILS_RECORD=off` keeps
the record in memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.verdict import Verdict

FILE = "nnutils-progress.json"
Record = dict[str, dict[str, Any]]
_in_memory: Record = {}


def path() -> Path | None:
    """The record's file, or None where it is kept in memory."""
    name = os.environ.get("NNUTILS_RECORD", FILE)
    return None if name == "off" else Path(name)


def load() -> Record:
    """All that is recorded: name → {"status", "tries", "hints", "mistakes", ...}."""
    file = path()
    if file is None:
        return _in_memory
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(data, dict) and all(isinstance(entry, dict) for entry in data.values()):
            return data
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        pass
    _set_aside(file)
    return {}


def entry(name: str) -> dict[str, Any]:
    """What is recorded of one exercise or question."""
    return load().get(name, {})


def update(name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the entry of one exercise or question and write the record. A folder that cannot be written to is no error."""
    file = path()
    with _alone(file):
        record = load()
        change(record.setdefault(name, {}))
        if file is not None:
            _write(file, record)


def note_verdict(exercise: Exercise, verdict: Verdict) -> None:
    """Keep the verdict of a check. A pass stays a pass."""
    if verdict.status == "not attempted":
        return

    def change(entry: dict[str, Any]) -> None:
        entry["tries"] = _count(entry, "tries") + 1
        if entry.get("status") != "passed":
            entry["status"] = verdict.status
        if verdict.mistake:
            met = entry.get("mistakes")
            entry["mistakes"] = sorted({*(met if isinstance(met, list) else []), verdict.mistake})

    update(exercise.name, change)


def note_answer(question: Question, right: bool) -> None:
    """Keep the answer of a quiz question. A right answer stays right."""

    def change(entry: dict[str, Any]) -> None:
        entry["tries"] = _count(entry, "tries") + 1
        entry["status"] = "passed" if right or entry.get("status") == "passed" else "failed"

    update(question.name, change)


def note_hint(exercise: Exercise) -> int:
    """Open one more hint; returns how many are open."""
    opened = 0

    def change(entry: dict[str, Any]) -> None:
        nonlocal opened
        opened = entry["hints"] = min(_count(entry, "hints") + 1, len(exercise.hints))

    update(exercise.name, change)
    return opened


def _count(entry: dict[str, Any], key: str) -> int:
    value = entry.get(key, 0)
    return value if isinstance(value, int) else 0


def _write(file: Path, record: Record) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(record, new, indent=1, sort_keys=True)
        os.replace(name, file)
    except OSError as error:
        print(f"(your progress could not be kept in {file}: {error.strerror})", file=sys.stderr)


def _set_aside(file: Path) -> None:
    """Move a damaged file out of the way, never over an earlier one."""
    aside = next(
        p
        for i in range(1, 10_000)
        if not (p := file.with_name(f"{file.stem}.damaged-{i}{file.suffix}")).exists()
    )
    with contextlib.suppress(OSError):
        file.rename(aside)
        print(f"({file.name} was damaged; it is kept as {aside.name} and a new one begins)", file=sys.stderr)


@contextlib.contextmanager
def _alone(file: Path | None) -> Iterator[None]:
    """Hold a lock beside the file, for two notebooks at once; a lock older than five seconds was left by a crash."""
    if file is None:
        yield
        return
    lock = file.with_name(f".{file.name}.lock")
    held = False
    for _ in range(200):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            held = True
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > 5:
                    lock.unlink()
            time.sleep(0.01)
        except OSError:
            break  # a folder that cannot be written to: _write will say so
    try:
        yield
    finally:
        if held:
            lock.unlink(missing_ok=True)

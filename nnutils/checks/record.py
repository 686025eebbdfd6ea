"""What a student has done, kept in one small file in the working folder.

The file is written whole, so that a crash leaves the old content or the new and never half. A damaged file is kept under another
name, and a message says so. `NNUTILS_RECORD` names another file; `NNUTILS_RECORD=off` keeps the record in memory.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.verdict import Verdict
from nnutils.files import replacing

FILE = "nnutils-progress.json"
DONE = ("passed", "deferred")
Record = dict[str, dict[str, Any]]
_unwritten: dict[
    Path | None, Record
] = {}  # entries that could not be written, or have no file to be written to


def path() -> Path | None:
    """The record's file, or None where it is kept in memory."""
    name = os.environ.get("NNUTILS_RECORD") or FILE
    return None if name == "off" else Path(name)


def load() -> Record:
    """All that is recorded: name → {"status", "tries", "hints", "mistakes", ...}."""
    file = path()
    return (_read(file) or {}) | _unwritten.get(file, {})


def entry(name: str) -> dict[str, Any]:
    """What is recorded of one exercise or question."""
    return load().get(name, {})


def update(name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the entry of one exercise or question and write the record. What cannot be written is kept in memory."""
    file = path()
    with _locked(file):
        written = _read(file)
        record = (written or {}) | _unwritten.get(file, {})
        change(record.setdefault(name, {}))
        if file is not None and written is not None and _write(file, record):
            _unwritten.pop(file, None)
        else:
            _unwritten.setdefault(file, {})[name] = record[name]


def note_verdict(exercise: Exercise, verdict: Verdict) -> None:
    """Keep the verdict of a check. A pass stays a pass."""

    def change(entry: dict[str, Any]) -> None:
        _try(entry, verdict.status)
        if verdict.mistake:
            met = entry.get("mistakes")
            entry["mistakes"] = sorted({*(met if isinstance(met, list) else []), verdict.mistake})

    if verdict.status != "not attempted":
        update(exercise.name, change)


def note_answer(question: Question, right: bool) -> None:
    """Keep the answer of a quiz question. A right answer stays right."""
    update(question.name, lambda entry: _try(entry, "passed" if right else "failed"))


def note_choice(question: Question, letter: str) -> None:
    """Keep the answer of a quiz question whose right option only grading knows."""
    update(question.name, lambda entry: entry.update(status="deferred", choice=letter))


def note_hint(exercise: Exercise) -> int:
    """Open one more hint; returns how many are open."""

    def change(entry: dict[str, Any]) -> None:
        entry["hints"] = min(_count(entry, "hints") + 1, len(exercise.hints))

    update(exercise.name, change)
    return hints_open(exercise)


def hints_open(exercise: Exercise) -> int:
    """How many hints of an exercise are open."""
    return _count(entry(exercise.name), "hints")


def _try(entry: dict[str, Any], status: str) -> None:
    """Count one more try. Its status takes the place of any but "passed"."""
    entry["tries"] = _count(entry, "tries") + 1
    if entry.get("status") != "passed":
        entry["status"] = status


def _count(entry: dict[str, Any], key: str) -> int:
    value = entry.get(key, 0)
    return max(value, 0) if isinstance(value, int) else 0


def _read(file: Path | None) -> Record | None:
    """The record in a file, empty where there is none; None where a file is there and cannot be read."""
    if file is None:
        return None
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        _say_once(file, error)
        return None
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and all(isinstance(entry, dict) for entry in data.values()):
        return data
    names = (f"{file.stem}.damaged-{i}{file.suffix}" for i in itertools.count(1))
    aside = next(path for path in map(file.with_name, names) if not path.exists())
    with contextlib.suppress(OSError):
        file.rename(aside)
        print(f"({file.name} was damaged; it is kept as {aside.name} and a new one begins)", file=sys.stderr)
    return {}


def _write(file: Path, record: Record) -> bool:
    """Write the record; whether that was possible."""
    try:
        file.parent.stat()  # a folder that is not there is not made
        with replacing(file) as part, part.open("w", encoding="utf-8") as new:
            json.dump(record, new, indent=1, sort_keys=True)
    except OSError as error:
        _say_once(file, error)
        return False
    return True


def _say_once(file: Path, error: OSError) -> None:
    if file not in _unwritten:
        _unwritten[file] = {}
        print(f"(your progress cannot be kept in {file}: {error.strerror})", file=sys.stderr)


@contextlib.contextmanager
def _locked(file: Path | None) -> Iterator[None]:
    """Hold a lock beside the file, for two notebooks at once. A lock older than five seconds was left by a crash."""
    lock = file and file.with_name(f".{file.name}.lock")
    held = lock is not None and _take(lock)
    try:
        yield
    finally:
        if lock and held:
            lock.unlink(missing_ok=True)


def _take(lock: Path) -> bool:
    for _ in range(200):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            return True
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > 5:
                    lock.unlink()
            time.sleep(0.01)
        except OSError:
            break  # a folder that cannot be written to: _write will say so
    return False

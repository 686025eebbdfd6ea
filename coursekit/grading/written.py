"""What the last run wrote into DIR: what somebody has changed since is kept, and what is not written again is moved away."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable
from pathlib import Path

from nnutils.files import write_whole

FILE, OLD = "written.json", "old"


def keep_changed(out: Path) -> list[str]:
    """Before the outputs are written: keep each file that was changed by hand since the last run; a line for each."""
    lines = []
    for name, digest in _read(out).items():
        file = out / name
        if file.is_file() and _digest(file) != digest:
            kept = _free(file.with_name(f"{file.stem}.changed{file.suffix}"))
            file.rename(kept)
            lines.append(
                f"{name} was changed by hand after it was written: it is kept as {kept.name} and written anew. "
                "To change points for good, say it in a table for --adjust"
            )
    return lines


def note_written(out: Path, files: Iterable[Path]) -> list[str]:
    """Note the files that were written now; move those of earlier runs that were not into a folder. A line for each."""
    written = {
        file.relative_to(out).as_posix(): _digest(file)
        for file in files
        if file.is_file() and file.is_relative_to(out) and file.name != "log.jsonl"
    }
    names = [name for name in sorted(_read(out).keys() - written.keys()) if (out / name).is_file()]
    for name in names:
        moved = _free(out / OLD / name)
        moved.parent.mkdir(parents=True, exist_ok=True)
        (out / name).rename(moved)
    lines = [
        f"{name} is of an earlier run and was not written now: it is in {OLD}/"
        for name in names
        if "/" not in name
    ]
    for folder, own in itertools.groupby(
        (name for name in names if "/" in name), lambda name: name.rpartition("/")[0]
    ):
        pages = [*own]
        are = "is of an earlier run and was" if len(pages) == 1 else "are of an earlier run and were"
        what = pages[0] if len(pages) == 1 else f"{len(pages)} files in {folder}/"
        lines.append(f"{what} {are} not written now: {'it is' if len(pages) == 1 else 'they are'} in {OLD}/")
    write_whole(out / FILE, json.dumps(written, indent=1, sort_keys=True) + "\n")
    return lines


def _read(out: Path) -> dict[str, str]:
    """Name → digest, of the last run; nothing where its list is missing or damaged, or names files elsewhere."""
    try:
        found = json.loads((out / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: digest
        for name, digest in found.items()
        if isinstance(digest, str) and ".." not in Path(name).parts and not Path(name).is_absolute()
    }


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _free(file: Path) -> Path:
    """The path, or the same with a number where there is something already."""
    places = [file, *(file.with_name(f"{file.stem}-{number}{file.suffix}") for number in range(2, 1000))]
    return next(place for place in places if not place.exists())

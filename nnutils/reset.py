"""`reset`: begin a lesson anew. What was written so far is kept in the same folder under another name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from nnutils.checks.errors import UnknownName

ROOT = Path(__file__).parents[1]
# Only in a release; the whole course makes the copy from lessons/ (coursekit.authoring.reset).
HANDED_OUT = Path(__file__).parent / "notebooks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils reset`."""
    parser.add_argument(
        "lessons", nargs="+", metavar="LESSON", help="a number or a name, as 4, 04 or 04_dropout"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="the folder of your notebooks (default: the course's notebooks/, else the current folder)",
    )


def run(options: argparse.Namespace, originals: Mapping[str, Callable[[], str]] | None = None) -> int:
    """Write new copies; returns the exit code, 2 where there is no such lesson or a copy cannot be written.

    originals: lesson → what gives the text of its notebook. By default these are the notebooks of a release.
    """
    folder = options.folder or _default_folder()
    if originals is None:
        originals = {
            file.stem: partial(file.read_text, encoding="utf-8")
            for file in sorted(HANDED_OUT.glob("*.ipynb"))
        }
    try:
        for name in lessons_named([*originals], options.lessons):
            print(renew(folder / f"{name}.ipynb", originals[name]()))
    except (UnknownName, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def renew(file: Path, text: str) -> str:
    """Write a notebook anew, keep the one that is there, and return a line that says so."""
    if file.exists() and file.read_bytes() == text.encode():
        return f"{file} is as it was handed out"
    kept = set_aside(file) if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return f"{file} is new" + (f"; what you had is kept as {kept.name}" if kept else "")


def set_aside(file: Path) -> Path:
    """Rename a notebook, never over an earlier one; returns its new place."""
    places = (file.with_name(f"{file.stem}.mine-{number}.ipynb") for number in range(1, 10_000))
    return file.rename(next(place for place in places if not place.exists()))


def lessons_named(every: Sequence[str], words: Iterable[str]) -> list[str]:
    """The lessons, such as 04_dropout, that the words mean: 4, 04, dropout or 04_dropout.

    Raises
    ------
    UnknownName: a word means none.
    """
    meant = []
    for word in words:
        found = [name for name in every if word in {name, name[3:], name[:2], str(int(name[:2]))}]
        if not found:
            raise UnknownName(f"there is no lesson {word!r}; there are {', '.join(every) or 'none'}")
        meant += found
    return meant


def _default_folder() -> Path:
    """The notebooks of the course that this nnutils lies in; where it was installed without them, the current folder."""
    return ROOT / "notebooks" if (ROOT / "course.py").exists() else Path()

"""`reset`: start a lesson again. The old notebook is kept in the same folder under another name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from nnutils.checks.errors import UnknownName
from nnutils.files import write_whole

ROOT = Path(__file__).parents[1]
# Only a release has this folder; the whole course makes the copies from lessons/ (coursekit.authoring.reset).
HANDED_OUT = Path(__file__).parent / "notebooks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils reset`."""
    parser.add_argument(
        "lessons", nargs="+", metavar="LESSON", help="a number or a name, as 4, 04 or 04_dropout"
    )
    add_folder(parser)


def add_folder(parser: argparse.ArgumentParser) -> None:
    """The option that names the folder of the student's notebooks; `folder_of` reads it."""
    text = "the folder of your notebooks (default: the course's notebooks/, else the current folder)"
    parser.add_argument("--folder", type=Path, metavar="DIR", help=text)


def run(options: argparse.Namespace, originals: Mapping[str, Callable[[], str]] | None = None) -> int:
    """Write new copies. Returns the exit code: 2 if there is no such lesson or a copy cannot be written.

    originals: lesson → a function that returns the text of its notebook; by default the notebooks of a release.
    """
    folder = folder_of(options)
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
    """Write a notebook, keep the one that is there, and return a line that says so."""
    if file.exists() and file.read_bytes() == text.encode():
        return f"{file} is as it was handed out"
    kept = set_aside(file) if file.exists() else None
    write_whole(file, text)
    return f"{file} is new" + (f"; what you had is kept as {kept.name}" if kept else "")


def set_aside(file: Path) -> Path:
    """Rename a notebook, never over another file, and return its new path."""
    places = (file.with_name(f"{file.stem}.mine-{number}.ipynb") for number in range(1, 10_000))
    return file.rename(next(place for place in places if not place.exists()))


def lessons_named(every: Sequence[str], words: Iterable[str]) -> list[str]:
    """The lessons, such as 04_dropout, for these words: 4, 04, dropout or 04_dropout.

    Raises
    ------
    UnknownName: there is no lesson for a word.
    """
    chosen = []
    for word in words:
        found = [name for name in every if word in {name, name[3:], name[:2], str(int(name[:2]))}]
        if not found:
            raise UnknownName(f"there is no lesson {word!r}; there are {', '.join(every) or 'none'}")
        chosen += found
    return chosen


def folder_of(options: argparse.Namespace) -> Path:
    """The folder that was named, or the course's notebooks/ if this nnutils is part of a course, or the current folder."""
    return options.folder or (ROOT / "notebooks" if (ROOT / "course.py").exists() else Path())

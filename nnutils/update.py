"""`update`: the notebooks as they are handed out now, with the answers of yours. What you had is kept under another name."""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nnutils.files import write_whole
from nnutils.reset import HANDED_OUT, ROOT, add_folder, folder_of, set_aside
from nnutils.words import listed

Notebook = dict[str, Any]
KEPT_GUESS = re.compile(r'^predict\("(\w+)"', re.MULTILINE)
FOLDER = "course/"  # in which a release lies in its zip
PACKAGE = "nnutils/notebooks/"  # where a release holds the notebooks as they were handed out


class NotUpdated(Exception):
    """Why nothing was updated, and what to do about it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils update`."""
    parser.add_argument(
        "bundle",
        nargs="?",
        type=Path,
        metavar="ZIP",
        help="the new course.zip that you were given; without it, the notebooks of the course that is installed",
    )
    add_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Take the new course over. Returns the exit code: 2 if the bundle is none, or something cannot be read or written."""
    try:
        before = dict[str, str]()  # without a bundle it is not known which release the notebooks are from
        if options.bundle:
            before = handed_out()
            unpack(options.bundle, ROOT)
        for line in renew_all(folder_of(options), before, handed_out()):
            print(line)
    except (NotUpdated, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def handed_out() -> dict[str, str]:
    """Lesson → the text of its notebook, as this release hands it out."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(HANDED_OUT.glob("*.ipynb"))}


def unpack(bundle: Path, root: Path) -> None:
    """Put the files of a bundle into the place of those in root, but for the notebooks that students work in.

    Raises
    ------
    NotUpdated: root holds no release, or the file is no bundle of the course. Nothing has been written then.
    """
    if not (root / "course.py").exists() or not (root / PACKAGE).is_dir():
        raise NotUpdated(f"{root} is not a course that came as a zip: unpack {bundle.name} into a new folder")
    try:
        with zipfile.ZipFile(bundle) as opened:
            names = [name for name in opened.namelist() if not name.endswith("/")]
            files = {name.removeprefix(FOLDER): opened.read(name) for name in names}
    except (OSError, zipfile.BadZipFile) as error:
        raise NotUpdated(f"{bundle} cannot be read as a zip: {error}") from None
    unsafe = [name for name in files if ".." in Path(name).parts or Path(name).is_absolute()]
    if unsafe or not {"course.py", "nnutils/__init__.py"} <= files.keys():
        raise NotUpdated(f"{bundle} is not a course.zip as `release` writes it")
    for file in (root / "nnutils").rglob("*"):
        if file.is_file() and file.relative_to(root).as_posix() not in files:
            file.unlink()
    for name, content in files.items():
        if not name.startswith("notebooks/"):
            write_whole(root / name, content)


def renew_all(folder: Path, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Bring each notebook of a folder to what is handed out now, and say what was done.

    before: lesson → its notebook as the student got it; a lesson of which that is not known is left out.
    """
    files = [file for file in sorted(folder.glob("[0-9][0-9]_*.ipynb")) if ".mine-" not in file.name]
    mine = {file.stem.partition("_")[2]: file for file in files}
    old = {name.partition("_")[2]: text for name, text in before.items()}
    for name, text in now.items():
        topic = name.partition("_")[2]
        yield renew(mine.get(topic), old.get(topic), folder / f"{name}.ipynb", text)


def renew(mine: Path | None, before: str | None, place: Path, now: str) -> str:
    """Write a notebook with the answers of an earlier copy, which is kept, and return a line that says so."""
    if not mine:
        write_whole(place, now)
        return f"{place} is new"
    text = mine.read_text(encoding="utf-8")
    if mine == place and text == now:
        return f"{place} is as it is handed out now"
    if text == before:
        mine.unlink()
        write_whole(place, now)
        return f"{place} is new; you had not worked in it"
    if mine == place and (_holds(text, now) if before is None else before == now):
        return f"{place} is left as it is: the lesson has not changed"
    kept = set_aside(mine)
    return write_joined(kept, before, place, now)


def _holds(mine: str, now: str) -> bool:
    """Whether a notebook has all cells of `now` that are not to be answered, in their order."""
    try:
        cells, handed = json.loads(mine)["cells"], json.loads(now)
        places = [cell for _, cell in _answer_cells(handed)]
        left = iter([_source(cell) for cell in cells])
        return all(_source(cell) in left for cell in handed["cells"] if cell not in places)
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


def write_joined(kept: Path, before: str | None, place: Path, now: str) -> str:
    """Write `now` with the answers of a notebook that was set aside, and return a line that says so."""
    try:
        mine = json.loads(kept.read_text(encoding="utf-8"))
        merged, taken, gone = merge(mine, json.loads(before or "{}"), json.loads(now))
    except (ValueError, TypeError, AttributeError, KeyError):
        write_whole(place, now)
        told = "It could not be read as a notebook, so no answer was taken from it"
    else:
        write_whole(place, json.dumps(merged, indent=1, ensure_ascii=False) + "\n")
        told = f"Your answers were taken over: {listed(taken)}" if taken else "It held no answer"
        told += f". No longer in the lesson: {listed(gone)}" if gone else ""
    return f"{place} is new; what you had is kept as {kept.name}. {told}"


def merge(mine: Notebook, before: Notebook, now: Notebook) -> tuple[Notebook, list[str], list[str]]:
    """`now` with the answers of `mine`; the names of those taken over; the names of those that `now` has no place for.

    An answer is a cell whose text is neither that of `before` nor that of `now`. `before` may be empty, if it is not known.
    """
    given = [dict(_answer_cells(notebook)) for notebook in (before, now)]
    answers = {
        name: cell
        for name, cell in _answer_cells(mine)
        if all(_source(cell) != _source(cells[name]) for cells in given if name in cells)
    }
    places = given[1]
    for name in answers.keys() & places.keys():
        places[name]["source"] = answers[name]["source"]
    taken, gone = ([name for name in answers if (name in places) == there] for there in (True, False))
    return now, taken, gone


def _answer_cells(notebook: Notebook) -> Iterator[tuple[str, Notebook]]:
    """The name and the cell of each exercise and question, which nbgrader knows, and of each prediction, which stands before
    the cell that keeps it."""
    cells = notebook.get("cells", [])
    for place, cell in enumerate(cells):
        following = cells[place + 1] if place + 1 < len(cells) else {"source": ""}
        name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        kept = KEPT_GUESS.search(_source(following))
        if name.endswith("-answer"):
            yield name.removesuffix("-answer"), cell
        elif cell["cell_type"] == "code" and kept:
            yield kept.group(1), cell


def _source(cell: Notebook) -> str:
    return "".join(cell["source"]).strip()

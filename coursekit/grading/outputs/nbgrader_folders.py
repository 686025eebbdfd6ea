"""The folders beside nbgrader's gradebook in which its formgrader and its `generate_feedback` look for notebooks.

nbgrader.apps.api and nbgrader.coursedir of nbgrader 0.9.6: submitted/STUDENT/ASSIGNMENT/ is what was handed in, with its time
in timestamp.txt; autograded/STUDENT/ASSIGNMENT/ is what a person looks at, whose cells carry the grade_ids of the gradebook.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from coursekit.grading.intake.names import safe_name
from coursekit.grading.intake.topics import file_name
from coursekit.grading.log import Key, key_of
from coursekit.grading.outputs.shared import Say
from coursekit.grading.policy import submitted
from coursekit.grading.reading.notebook import Unreadable, code_cells, read
from coursekit.grading.result import Mark
from nnutils.files import replacing, write_whole

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
KINDS = ("code", "markdown", "raw")
MOST = 5_000  # cells
UNREAD = "This file could not be read. It is in the folder `submitted`."
ADDED = "The cells below were not found in the notebook: they were added for the grades and comments."


def write_folders(root: Path, marks: Iterable[Mark], paths: Mapping[Key, Path], say: Say) -> None:
    """Write submitted/ and autograded/ below nbgrader's course folder `root`, for the marks whose files are at `paths`.

    What nbgrader itself has collected stays; another notebook that lies in the same place is kept under another name.

    Raises
    ------
    OSError: a folder cannot be written.
    """
    for mark in marks:
        path, name = paths.get(key_of(mark.result)), file_name(mark.lesson)
        if path is None:
            continue
        if safe_name(mark.student) != mark.student:
            say(f"{mark.student}: this name cannot be a folder of nbgrader's; formgrader shows no notebook")
            continue
        handed_in, graded = (root / part / mark.student / name for part in ("submitted", "autograded"))
        if handed_in.resolve() not in path.resolve().parents:
            _keep_copy(path, handed_in / f"{name}{path.suffix.lower()}")
            _stamp(handed_in, mark)
        notebook = json.dumps(_shown(path, name), ensure_ascii=False, indent=1)
        write_whole(graded / f"{name}.ipynb", f"{notebook}\n".encode("utf-8", "replace"))
        _stamp(graded, mark)


def _keep_copy(path: Path, target: Path) -> None:
    """Copy a file; one that is there already and differs gets another name."""
    if target.is_file() and target.read_bytes() != path.read_bytes():
        places = (target.with_name(f"{target.stem}.{number}.earlier") for number in range(1, 1000))
        target.rename(next(place for place in places if not place.exists()))
    with replacing(target) as part:
        shutil.copyfile(path, part)


def _stamp(folder: Path, mark: Mark) -> None:
    """nbgrader takes a submission for graded if its time is that of the gradebook, or if both have none."""
    if time := submitted(mark.result):
        write_whole(folder / "timestamp.txt", f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC")
    else:
        (folder / "timestamp.txt").unlink(missing_ok=True)


def _shown(path: Path, name: str) -> dict[str, Any]:
    """The notebook with the cells' own text, no outputs, and the course's metadata of nbgrader on the cells that are graded."""
    course = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    known = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in course["cells"]
        if "nbgrader" in cell["metadata"]
    }
    cells = [*_cells_of(path, known)]
    if known:
        cells += [_cell("markdown", ADDED), *known.values()]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    return {"cells": cells, "metadata": course["metadata"], "nbformat": 4, "nbformat_minor": 5}


def _cells_of(path: Path, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a file. One that `known` holds, by grade_id, gets its metadata, and is taken out of `known`."""
    try:
        content = read(path)
        sources = code_cells(path)  # it is a notebook, or a script
        data = json.loads(content.decode("utf-8-sig")) if path.suffix.lower() == ".ipynb" else {}
    except (Unreadable, ValueError, RecursionError, MemoryError):
        yield _cell("markdown", UNREAD)
        return
    if not data:
        yield from (_cell("code", source) for source in sources)
    for cell in data.get("cells", [])[:MOST]:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind in KINDS:
            made, own = _cell(kind, _text_of(cell)), known.get(_grade_id(cell))
            if own and own["cell_type"] == kind:
                made["metadata"] = known.pop(_grade_id(cell))["metadata"]
                if own["metadata"]["nbgrader"]["locked"]:
                    made["source"] = own["source"]
            yield made


def _text_of(cell: dict[str, Any]) -> str:
    lines = cell.get("source")
    return "".join(line for line in (lines if isinstance(lines, list) else [lines]) if isinstance(line, str))


def _grade_id(cell: dict[str, Any]) -> str:
    """The grade_id that a student's cell carries; empty where it has none."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = found.get("grade_id") if isinstance(found, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _cell(kind: str, source: str) -> dict[str, Any]:
    rest: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **rest}

"""The cells of a lesson as nbgrader knows them: for each item one that holds the answer and one that is graded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.result import Mark

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


@dataclass(frozen=True)
class Cell:
    """A cell with a grade_id; `graded` ones have points, the others hold answers."""

    name: str
    graded: bool
    points: float
    source: str
    kind: str = "code"


def cells_of(lesson: str, mark: Mark) -> Iterator[Cell]:
    """The cells of a lesson's items, with their sources where the course's notebooks are at hand.

    An item that is extra credit has 0 points: nbgrader counts what it earns beside the maximum.
    """
    sources = _sources(NOTEBOOKS / f"{file_name(lesson)}.ipynb")
    for item in mark.result.items:
        answer, check = f"{item.name}-answer", f"{item.name}-check"
        points = 0.0 if item.name in mark.extra_items else float(item.max)
        yield Cell(answer, False, 0.0, sources.get(answer, ""))
        yield Cell(check, True, points, sources.get(check, ""))


def _sources(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    named = [(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in cells]
    return {name: source if isinstance(source, str) else "".join(source) for name, source in named if name}

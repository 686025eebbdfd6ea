"""Gradescope's results.json for each notebook, as its autograders write it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coursekit.grading.intake.names import page_name
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import line, remarks
from coursekit.grading.result import Item, Mark
from nnutils.files import write_whole


def write(folder: Path, marks: Iterable[Mark]) -> list[Path]:
    """Write folder/NN_topic/STUDENT/results.json for each mark; returns the files."""
    files = []
    for mark in marks:
        file = folder / file_name(mark.lesson) / page_name(mark.student) / "results.json"
        text = json.dumps(results(mark), ensure_ascii=False, indent=1)
        files.append(write_whole(file, f"{text}\n".encode("utf-8", "replace")))
    return files


def results(mark: Mark) -> dict[str, Any]:
    """The document of one mark. Its score counts, so that it holds what the rules took off or added."""
    result = mark.result
    return {
        "score": mark.points,
        "output": "\n".join(remarks(mark)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(result.seconds, 3),
        "tests": [_test(i, item, item.name in mark.extra_items) for i, item in enumerate(result.items, 1)],
        "extra_data": {
            "student": mark.student,
            "max": mark.max,
            "file": result.file,
            "sha256": result.sha256,
        },
    }


def _test(place: int, item: Item, extra: bool) -> dict[str, Any]:
    return {
        "name": item.name,
        "number": str(place),
        "score": item.points or 0.0,
        "max_score": 0 if extra or item.points is None else item.max,
        "status": "passed" if item.status == "passed" else "failed",
        "output": line(item),
        "output_format": "text",
        "visibility": "visible",
    }

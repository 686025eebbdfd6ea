"""Gradescope's results.json for each notebook, as its autograders write it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coursekit.grading.intake.csvfile import replace_whole
from coursekit.grading.intake.names import page_name
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs import summary
from coursekit.grading.result import Item, Mark


def write(folder: Path, marks: Iterable[Mark]) -> list[Path]:
    """Write folder/NN_topic/STUDENT/results.json for each mark; returns the files."""
    return [
        replace_whole(
            folder / file_name(mark.lesson) / page_name(mark.student) / "results.json", _bytes(mark)
        )
        for mark in marks
    ]


def results(mark: Mark) -> dict[str, Any]:
    """The document of one mark. Its score counts, so that what the rules took off or added holds."""
    head = [text for text in (mark.result.problem, mark.late, mark.extra) if text]
    return {
        "score": mark.points,
        "output": "\n".join(head),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(mark.result.seconds, 3),
        "tests": [
            _test(i, item, item.name in mark.extra_items) for i, item in enumerate(mark.result.items, 1)
        ],
        "extra_data": {
            "student": mark.student,
            "max": mark.max,
            "file": mark.result.file,
            "sha256": mark.result.sha256,
        },
    }


def _test(place: int, item: Item, extra: bool) -> dict[str, Any]:
    graded = item.points is not None
    return {
        "name": item.name,
        "number": str(place),
        "score": item.points or 0.0,
        "max_score": item.max if graded and not extra else 0,
        "status": "passed" if item.status == "passed" else "failed",
        "output": summary.line(item),
        "output_format": "text",
        "visibility": "visible",
    }


def _bytes(mark: Mark) -> bytes:
    return (json.dumps(results(mark), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")

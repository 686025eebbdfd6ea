"""Gradescope's results.json: the document that an autograder leaves in its container.

Its form: docs/specs.md of gradescope/autograder_samples, and https://gradescope-autograders.readthedocs.io/en/latest/specs/ .
All texts are plain: Gradescope shows the format "text" as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.grading.outputs.shared import line, remarks
from coursekit.grading.result import Item, Mark
from nnutils.words import sentence


def results(mark: Mark, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The document of one mark, with further lines for the student. Its score holds what the rules took off or added."""
    return problem("\n".join([*map(sentence, remarks(mark)), *notes]), mark.points) | {
        "execution_time": round(mark.result.seconds, 3),
        "extra_data": {"sha256": mark.result.sha256, "sandbox": [*mark.result.sandbox]},
        "tests": [
            _test(i, item, item.name in mark.extra_items) for i, item in enumerate(mark.result.items, 1)
        ],
    }


def problem(text: str, score: float = 0.0) -> dict[str, Any]:
    """A document without tests: a sentence about what was handed in."""
    return {
        "score": score,
        "output": text,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # what the grader prints is for instructors
        "tests": [],
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

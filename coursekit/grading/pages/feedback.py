"""A page of feedback for each student: what was right, what was not and why, and where to read on. It tells no expected value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.intake.names import page_name
from coursekit.grading.pages.page import write_page
from coursekit.grading.result import Item, Mark

ORDER = ("partly right", "failed", "not attempted")  # in which to turn to what is not right yet
MOST_UNREAD = 20  # lines


def write_feedback(
    folder: Path, student: str, marks: Sequence[Mark], name: str | None = None, unread: Sequence[str] = ()
) -> None:
    """Write a student's page, of all their lessons, into `folder`.

    `name` is what the page calls the student; `unread` holds a line for each file that could not be graded.

    Raises
    ------
    OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    graded = [item for mark in marks for item in mark.result.items if item.points is not None]
    write_page(
        folder / f"{page_name(student)}.html", "feedback.html", f"Feedback for {name or student}",
        marks=marks, graded=graded, first=_first(marks), unread=unread, MOST_UNREAD=MOST_UNREAD,
    )  # fmt: skip


def _first(marks: Sequence[Mark]) -> tuple[str, Item] | None:
    """The topic and the item to turn to first; None where everything that counts is right."""
    read = (mark for mark in marks if not mark.result.problem)
    counting = ((mark.lesson, item) for mark in read for item in mark.result.items if item.max)
    to_do = [(lesson, item) for lesson, item in counting if item.status in ORDER]
    return min(to_do, key=lambda place: ORDER.index(place[1].status), default=None)

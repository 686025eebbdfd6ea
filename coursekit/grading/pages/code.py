"""A page of what each student wrote, for the teaching staff: the cells that differ from what was handed out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.pages.handed_in import MAX_CELLS, Cell
from coursekit.grading.pages.page import write_page
from coursekit.grading.pages.people import Named
from coursekit.grading.result import Mark

Shown = Sequence[tuple[Mark, Sequence[Cell]]]


def write_code(file: Path, named: Named, shown: Shown) -> None:
    """Write the page of a student; `shown` has the cells of each of their lessons.

    Raises
    ------
    OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_page(file, "code.html", f"Code of {named.called}", named=named, shown=shown, most=MAX_CELLS)

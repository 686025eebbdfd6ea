"""The notebooks that were handed in, read again for the pages that show code. The log never holds any."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.pages.similarity import Work
from coursekit.grading.reading.extract import Notebook, extract
from coursekit.grading.reading.notebook import Unreadable, code_cells
from coursekit.grading.reading.statements import Statement
from coursekit.grading.result import Item, Result
from nnutils.checks.catalogue import lessons

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
BOUND = re.compile(r"^(?:def[ \t]+(\w+)|(\w+)[ \t]*=(?!=))", re.MULTILINE)  # at the left margin
MAX_TEXT = 20_000  # characters of a cell that are shown
MAX_CELLS = 80  # of a notebook
MAX_HELPERS = 20  # functions besides the answer


@dataclass(frozen=True)
class Cell:
    """A cell in which something stands that was not handed out, and the items that it answers."""

    number: int  # among the code cells, from 1
    source: str
    items: tuple[Item, ...]
    cut: bool  # only its first characters are shown


@dataclass
class HandedIn:
    """The files that were handed in, as far as they are at hand: SHA-256 → path."""

    files: Mapping[str, str | Path] = field(default_factory=dict)

    def cells(self, result: Result) -> list[Cell] | None:
        """The cells of a notebook that a student wrote or changed; None where the notebook is not at hand."""
        sources = self._sources(result.sha256)
        if sources is None:
            return None
        given, items = handed_out(result.lesson), {item.name: item for item in result.items}
        own = [(number, source) for number, source in enumerate(sources, 1) if source.strip() not in given]
        return [
            Cell(number, source[:MAX_TEXT].strip("\n"), _bound(source, items), len(source) > MAX_TEXT)
            for number, source in own
            if source.strip()
        ]

    def answers(self, work: Work, names: Collection[str]) -> dict[str, list[Statement]] | None:
        """Exercise → its answer and the functions of the notebook that it calls; None where that cannot be read."""
        sources = self._sources(work.sha256)
        if sources is None:
            return None
        try:
            notebook = extract(sources)
        except Unreadable:
            return None
        given = handed_out(work.lesson)
        found = {name: _with_helpers(notebook, name, work.exercises, given) for name in names}
        return {name: functions for name, functions in found.items() if functions}

    def _sources(self, sha256: str) -> list[str] | None:
        path = self.files.get(sha256) if sha256 else None
        try:
            return code_cells(Path(path)) if path else None
        except Unreadable:
            return None


def _bound(source: str, items: Mapping[str, Item]) -> tuple[Item, ...]:
    """The items that a cell answers, by the names that it defines."""
    names = dict.fromkeys(function or name for function, name in BOUND.findall(source[:MAX_TEXT]))
    return tuple(items[name] for name in names if name in items)


def _with_helpers(
    notebook: Notebook, name: str, exercises: Collection[str], given: Collection[str]
) -> list[Statement]:
    """The definition that counts, and the functions of the notebook that it calls, other exercises aside."""
    defined = notebook.definitions(name)
    own = [definition for definition in defined if definition.source.strip() not in given]
    found, seen = (own or defined)[-1:], {name, *exercises}
    for function in found:  # grows while it is gone through
        for other in sorted(function.reads - seen):
            seen.add(other)
            found += notebook.definitions(other)[-1:] if len(found) <= MAX_HELPERS else []
    return found


@functools.cache
def handed_out(topic: str) -> frozenset[str]:
    """The code cells of a lesson as students get it; none where the course no longer has it."""
    file = NOTEBOOKS / f"{file_name(topic)}.ipynb" if topic in lessons() else None
    if file is None or not file.is_file():
        return frozenset()
    return frozenset(source.strip() for source in code_cells(file))


def joined(functions: Sequence[Statement]) -> str:
    """The text of an answer: its functions, one below the other."""
    return "\n".join(function.source for function in functions)

"""A lesson's page, made of the cells of its built notebook."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import nbformat

from coursekit.authoring.lesson import Lesson
from coursekit.site.explorers import Frames, widget
from coursekit.site.items import TITLE, exercise_box, prediction_box, question_box
from coursekit.site.markup import code, folded
from coursekit.site.outputs import shown
from nnutils.checks.catalogue import find_exercise, find_question

TO_WORK = (
    '<p class="worth">Hints and answers are folded. To write, run and check them yourself, open '
    "<code>notebooks/{name}.ipynb</code> with <code>python3 course.py lab</code>.</p>"
)
BUTTON = (
    '<p class="live"><a class="button" href="../{address}">Work on it here</a> <span class="worth">In this browser, without an '
    'install: <a href="../docs/students.html#in-the-browser">what it can do</a>.</span></p>'
)


@dataclass
class LessonPage:
    """A lesson's page and the pictures that it shows, by the names of their files."""

    lesson: Lesson
    frames: Frames | None  # of its explorer
    change: Callable[[str], str]  # what is done with the text of a cell: links and terms
    live: str = ""  # the address of the lesson in the browser, from the site's root
    pictures: dict[str, bytes] = field(default_factory=dict)

    def text(self) -> str:
        """The page as Markdown."""
        notebook = nbformat.read(self.lesson.solution, as_version=4)
        first, *others = self._parts(notebook.cells)
        first = first.replace(
            "# ", f"# {self.lesson.name[:2]} ", 1
        )  # as the list of pages and the search have it
        button = [BUTTON.format(address=self.live)] if self.live else []
        return "\n\n".join([first, *button, TO_WORK.format(name=self.lesson.name), *others]) + "\n"

    def _parts(self, cells: list[Any]) -> Iterator[str]:
        asked = ""  # the title of an exercise, or the text of a question or prediction; its name is in the cell that follows
        for cell in cells:
            role, name = role_of(cell)
            if role == "asked":
                asked = cell.source
            elif role == "guess":
                yield prediction_box(self.change(asked), name)
            elif role == "answer" and asked.startswith("**Question**"):
                yield question_box(self.change(asked), find_question(name))
            elif role == "answer":
                yield exercise_box(asked, cell.source, find_exercise(name))
            elif role == "text":
                yield self.change(cell.source)
            elif role == "code":
                yield from self._code(cell)

    def _code(self, cell: Any) -> Iterator[str]:
        *before, last = cell.source.strip().split("\n")
        if (
            self.frames
            and last == f"{self.frames.name}()"
            and (not before or only_imports("\n".join(before)))
        ):
            yield widget(self.frames, "../_static/explorers")
            return
        source = code(cell.source)
        yield folded("Imports", source, "imports") if only_imports(cell.source) else source
        yield from shown(cell, self.pictures, self.lesson.name)


def role_of(cell: Any) -> tuple[str, str]:
    """What a cell is to its page, and the name of its exercise, question or prediction.

    asked: what a task asks for; answer: of an exercise or a question; guess: where a student writes one; text; code; or nothing,
    for what only a notebook needs: its checks.
    """
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    if grade_id:
        name, _, part = grade_id.rpartition("-")
        return ("answer" if part == "answer" else "", name)
    if cell.cell_type == "markdown":
        is_asked = TITLE.fullmatch(cell.source) or re.match(r"\*\*(Question|Predict)\*\* ", cell.source)
        return ("asked" if is_asked else "text", "")
    if cell.metadata.get("deletable") is not False:
        return ("code", "")
    guess = re.search(r"^(\w+) = None", cell.source, re.MULTILINE)
    return ("guess", guess[1]) if guess else ("", "")


def only_imports(source: str) -> bool:
    """Whether a cell only imports names."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a command of IPython
        return False
    return bool(body) and all(isinstance(line, ast.Import | ast.ImportFrom) for line in body)

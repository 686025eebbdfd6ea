"""Pages of the grader, made of templates: one file each that loads nothing, for light and dark screens, paper and screen readers.

Jinja escapes every expression of a template, and all HTML stands in the templates: what a student wrote stays text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coursekit.grading.pages import guesses
from coursekit.grading.result import Item, number
from nnutils.checks.catalogue import find_exercise, find_question, lessons
from nnutils.checks.errors import UnknownName
from nnutils.words import counted, listed, sentence

Found = TypeVar("Found")

LESSONS = Path(__file__).parents[3] / "lessons"
SIGNS = {"passed": "✔", "partly right": "◐", "failed": "✘", "not attempted": "○", "not graded": "–"}
CLASSES = dict(zip(SIGNS, ("passed", "partly", "failed", "not", "ungraded"), strict=True))  # in the CSS

LINES = {
    "same": "=",
    "renamed": "≈",
    "given": "·",
    "other": "",
}  # signs between lines that stand side by side


def write_page(file: Path, template: str, title: str, **content: object) -> None:
    """Write a page: a template of the folder `templates`, with a title and whatever else it asks for.

    Raises
    ------
    OSError: it cannot be written.
    """
    html = ENVIRONMENT.get_template(template).render(content, title=title)
    file.write_text("\n".join(map(_printable, html.split("\n"))), encoding="utf-8", newline="\n")


def _printable(line: str) -> str:
    """A line without control characters and without those that turn the direction of writing."""
    return line if line.isprintable() else "".join(char if char.isprintable() else " " for char in line)


def known(find: Callable[[str], Found], name: str) -> Found | None:
    """What `find` knows by this name; None where the course no longer has it."""
    try:
        return find(name)
    except UnknownName:
        return None


def title_of(topic: str) -> str:
    """A lesson's number and heading: Lesson 04: Dropout."""
    module = lessons().get(topic)
    title = next((line[4:] for line in _source(topic) if line.startswith("# # ")), topic.replace("_", " "))
    return f"Lesson {module.NUMBER:02d}: {title}" if module else f"Lesson {title}"


def section_of(topic: str, name: str) -> str | None:
    """The heading of the lesson's section with this exercise or question; None where the lessons' files are missing."""
    return _sections(topic).get(name)


def _asked(item: Item) -> str:
    """What an exercise or question asks, in a sentence or two; nothing where the course no longer has it."""
    if item.kind == "question":
        question = known(find_question, item.name)
        return question.text if question else ""
    exercise = known(find_exercise, item.name)
    first = (exercise.__doc__ or "").strip().partition("\n\n")[0] if exercise else ""
    return " ".join(first.split())


@functools.cache
def _sections(topic: str) -> dict[str, str]:
    """Exercise or question → heading above it."""
    found, heading = {}, ""
    for line in _source(topic):
        if title := re.fullmatch(r"# #{1,3} (.+)", line):
            heading = title[1]
        elif name := re.fullmatch(r"(\w+)", line):
            found[name[1]] = heading
    return found


@functools.cache
def _source(topic: str) -> tuple[str, ...]:
    """The lines of a lesson; none where the lessons' files are missing."""
    module = lessons().get(topic)
    file = LESSONS / f"{module.NUMBER:02d}_{topic}.py" if module else None
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file and file.is_file() else ()


ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals.update(
    SIGNS=SIGNS, CLASSES=CLASSES, LINES=LINES, section_of=section_of, title_of=title_of
)
ENVIRONMENT.globals["lesson_number"] = lambda topic: title_of(topic).removeprefix("Lesson ").partition(":")[0]
ENVIRONMENT.filters["guesses_in_words"] = guesses.in_words
ENVIRONMENT.globals["has_hints"] = lambda name: known(find_exercise, name) is not None
ENVIRONMENT.filters.update(
    asked=_asked,
    counted=counted,
    listed=listed,
    number=number,
    sentence=sentence,
)
PARTS = ENVIRONMENT.get_template("parts.html").module
for macro in ("code", "marked", "status", "cases"):  # kept, since the pages of a class repeat a few of them
    ENVIRONMENT.filters[macro] = functools.lru_cache(4096)(getattr(PARTS, macro))

"""The papers of all lessons on one page."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.authoring.lesson import Lesson
from coursekit.authoring.table import title
from coursekit.site.glossary import text_of
from coursekit.site.links import quoted, sections

HEADINGS = ("papers to read", "references", "read on")


def references(lessons: Sequence[Lesson]) -> str:
    """The page of papers, by lesson."""
    parts = ["# References", "What each lesson recommends to read, and why."]
    for lesson in lessons:
        listed = [text for heading, text in sections(text_of(lesson)) if heading.casefold() in HEADINGS]
        if listed:
            parts += [
                f"## {lesson.name[:2]} {title(lesson)}",
                f"[The lesson](lessons/{lesson.name}.md)",
                *map(quoted, listed),
            ]
    return "\n\n".join(parts) + "\n"

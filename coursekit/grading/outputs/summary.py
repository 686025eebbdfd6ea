"""A mark in plain words, for the places of other programs that show a text."""

from __future__ import annotations

from coursekit.grading.result import Item, Mark, number


def lines(mark: Mark) -> list[str]:
    """What a student should know: what was applied, then a line for each item. Never an expected value."""
    head = [text for text in (mark.result.problem, mark.late, mark.extra) if text]
    return [*(_sentence(text) for text in head), *(line(item) for item in mark.result.items)]


def line(item: Item) -> str:
    """One item: its name, status, points and what was found."""
    points = f"{number(item.points)} of {item.max}" if item.points is not None else f"– of {item.max}"
    return f"{item.name}: {item.status}, {points}. {_plain(item.sentence)}".strip()


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{_plain(text[1:])}."

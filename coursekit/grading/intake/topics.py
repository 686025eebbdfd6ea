"""Which lesson a file is: by its name, else by the exercises that it defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from coursekit.grading.intake.members import MAX_FILE
from nnutils.checks.catalogue import exercises_of
from nnutils.checks.catalogue import lessons as catalogue

COPY_MARK = re.compile(r"(\s*\(\d+\)|[-_ ]copy\d*)+$", re.IGNORECASE)  # of browsers and of JupyterLab
NUMBER = re.compile(r"(?:lesson)?[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE)
KERNEL = re.compile(rb'"kernelspec"\s*:\s*\{[^{}]{0,2000}"language"\s*:\s*"([^"\\]{1,40})"')
INFO = re.compile(
    rb'"language_info"\s*:\s*\{(?:[^{}]|\{[^{}]{0,400}\}){0,2000}?"name"\s*:\s*"([^"\\]{1,40})"'
)
DEFINITION = re.compile(rb"\bdef (\w{1,100})\(")


class UnknownLesson(ValueError):
    """No lesson of the course is called so."""


def lesson_called(text: str) -> str:
    """The topic that somebody means by a topic or a number: dropout, 4, 04, 04_dropout.

    Raises
    ------
    UnknownLesson: there is none.
    """
    plain = text.strip().casefold().replace(" ", "_").replace("-", "_")
    for topic, module in catalogue().items():
        number = f"{module.NUMBER:02d}"
        named = plain in (topic, f"{number}_{topic}", f"lesson_{number}")
        if named or (plain.isdecimal() and int(plain) == module.NUMBER):
            return topic
    raise UnknownLesson(f"there is no lesson {text!r}; the lessons are {', '.join(catalogue())}")


def lessons_called(texts: Iterable[str] | None) -> list[str]:
    """The topics of the lessons that are meant, in the course's order; without any text, of all.

    Raises
    ------
    UnknownLesson: one of the texts means none.
    """
    meant = {lesson_called(text) for text in texts or catalogue()}
    return [topic for topic in catalogue() if topic in meant]


def file_name(topic: str) -> str:
    """The name of a lesson's notebook, without the ending."""
    return f"{catalogue()[topic].NUMBER:02d}_{topic}"


def topic_of(stem: str, lessons: Mapping[str, int]) -> str | None:
    """The lesson that a file name names: by its topic, else by its number; None where it names none or two."""
    plain = re.sub(r"[^a-z0-9]+", "_", COPY_MARK.sub("", stem).lower())
    named = [topic for topic in lessons if re.search(rf"(?<![a-z]){topic}(?![a-z])", plain)]
    named = [topic for topic in named if not any(topic != other and topic in other for other in named)]
    if len(named) == 1:
        return named[0]
    number = NUMBER.match(stem)
    same = [topic for topic, own in lessons.items() if number and own == int(number[1])]
    return same[0] if same and not named else None


def topic_within(path: Path, lessons: Mapping[str, int]) -> str | None:
    """The lesson whose exercises a notebook defines, for a file whose name tells none; None where it is in doubt."""
    if path.stat().st_size > MAX_FILE:
        return None
    defined = {name.decode() for name in DEFINITION.findall(path.read_bytes())}
    known = [topic for topic in lessons if topic in catalogue()]
    counts = {topic: len(defined & {one.name for one in exercises_of(topic)}) for topic in known}
    most = [topic for topic, count in counts.items() if count and count == max(counts.values())]
    return most[0] if len(most) == 1 else None


def foreign_language(path: Path) -> str | None:
    """The language of a notebook's kernel, as its metadata has it, where that is not Python."""
    if path.stat().st_size > MAX_FILE:
        return None
    said = (KERNEL.search(data) or INFO.search(data)) if (data := path.read_bytes()) else None
    language = said[1].decode(errors="replace") if said else "python"
    return None if "python" in language.casefold() else language

"""Which lesson a name or a file means: by its topic, else by the exercises that the file defines, else by its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from coursekit.grading.intake.archives import MAX_FILE
from nnutils.checks.catalogue import exercises_of, lessons, questions_of

COPY_MARK = re.compile(r"(\s*\(\d+\)|[-_ ]copy\d*)+$", re.IGNORECASE)  # of browsers and of JupyterLab
NUMBER = re.compile(r"(?:lesson)?[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE)
KERNEL = re.compile(rb'"kernelspec"\s*:\s*\{[^{}]{0,2000}"language"\s*:\s*"([^"\\]{1,40})"')
INFO = re.compile(
    rb'"language_info"\s*:\s*\{(?:[^{}]|\{[^{}]{0,400}\}){0,2000}?"name"\s*:\s*"([^"\\]{1,40})"'
)
DEFINITION = re.compile(rb"\bdef (\w{1,100})\(")


class UnknownLesson(ValueError):
    """The course has no lesson of this name."""


def lesson_called(text: str) -> str:
    """The topic that a topic or a number means: dropout, 4, 04, 04_dropout.

    Raises
    ------
    UnknownLesson: there is none.
    """
    plain = re.sub("[ -]", "_", text.strip().casefold())
    number = int(plain) if plain.isdecimal() else None
    for topic, module in lessons().items():
        if number == module.NUMBER or plain in (topic, file_name(topic), f"lesson_{module.NUMBER:02d}"):
            return topic
    raise UnknownLesson(f"there is no lesson {text!r}; the lessons are {', '.join(lessons())}")


def lessons_called(texts: Iterable[str] | None) -> list[str]:
    """The topics that these texts mean, in the course's order; without any text, all topics.

    Raises
    ------
    UnknownLesson: one of the texts means none.
    """
    meant = {lesson_called(text) for text in texts or lessons()}
    return [topic for topic in lessons() if topic in meant]


def file_name(topic: str) -> str:
    """The name of a lesson's notebook, without the ending."""
    return f"{lessons()[topic].NUMBER:02d}_{topic}"


def lesson_place(topic: str) -> tuple[int, str]:
    """For sorting topics in the order of the lessons; a topic that is no lesson comes last."""
    order = [*lessons()]
    return order.index(topic) if topic in order else len(order), topic


def item_names(topic: str) -> list[str]:
    """The names of a lesson's exercises and questions."""
    return [exercise.name for exercise in exercises_of(topic)] + [
        question.name for question in questions_of(topic)
    ]


def topic_named(stem: str) -> str | None:
    """The lesson whose topic stands in a file name; None where there is none or two."""
    plain = re.sub(r"[^a-z0-9]+", "_", COPY_MARK.sub("", stem).lower())
    named = [topic for topic in lessons() if re.search(rf"(?<![a-z]){topic}(?![a-z])", plain)]
    named = [topic for topic in named if not any(topic != other and topic in other for other in named)]
    return named[0] if len(named) == 1 else None


def topic_numbered(stem: str) -> str | None:
    """The lesson whose number begins a file name without any topic.

    A number alone is only a hint: lessons were once numbered differently.
    """
    number = NUMBER.match(stem)
    of_number = (topic for topic, module in lessons().items() if number and int(number[1]) == module.NUMBER)
    return next(of_number, None)


def besides_lesson(stem: str) -> str:
    """What a file name holds besides its lesson: ann for 04_dropout_ann; often nothing."""
    plain, topic = COPY_MARK.sub("", stem), topic_named(stem)
    words = topic.replace("_", r"[\W_]+") if topic else ""
    lesson = rf"(?:lesson)?[\W_]*(?:\d{{1,2}})?[\W_]*{words}" if topic else rf"^{NUMBER.pattern}"
    return re.sub(lesson, " ", plain, count=1, flags=re.IGNORECASE).strip(" _-.,()")


def topic_within(path: Path) -> str | None:
    """The lesson whose exercises a notebook defines, for a file whose name has no topic; None where it is in doubt."""
    if path.stat().st_size > MAX_FILE:
        return None
    defined = {name.decode() for name in DEFINITION.findall(path.read_bytes())}
    counts = {
        topic: len(defined & {exercise.name for exercise in exercises_of(topic)}) for topic in lessons()
    }
    most = [topic for topic, count in counts.items() if count and count == max(counts.values())]
    return most[0] if len(most) == 1 else None


def foreign_language(path: Path) -> str | None:
    """The language of a notebook's kernel, as its metadata has it, where that is not Python."""
    if path.stat().st_size > MAX_FILE:
        return None
    data = path.read_bytes()
    match = KERNEL.search(data) or INFO.search(data)
    language = match[1].decode(errors="replace") if match else "python"
    return None if "python" in language.casefold() else language

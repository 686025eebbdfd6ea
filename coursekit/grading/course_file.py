"""course.toml: the rules of a course for a whole term. All of it is checked before anything is graded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from coursekit.grading.csvfile import noted
from coursekit.grading.intake.timesheets import DATE_FORMAT as EXAMPLE
from coursekit.grading.intake.topics import UnknownLesson, file_name, lesson_called
from coursekit.grading.options import ALL_LESSONS
from coursekit.grading.rules import (
    BadRule,
    items_called,
    near,
    parse_late,
    parse_time,
    points_called,
    zone_called,
)
from nnutils.checks.catalogue import lessons

NAME = "course.toml"
EVERY = "all"  # in [deadlines]: for the lessons without a line of their own
COMMAND_LINE = (
    "out",
    "regrade",
    "dry_run",
    "sandbox",
    "jobs",
    "scheduler",
    "config",
)
MOST_POINTS = 1000
SOME_TIME = datetime(2026, 11, 30, 18, 2)


class BadCourseFile(ValueError):
    """course.toml cannot be used; the message has a line for everything that is to be mended."""


def course_file(config: Path | None, out: Path) -> Path | None:
    """The file that --config names, or else the course.toml that lies beside the folder `out`, if there is one."""
    beside = out.absolute().with_name(NAME)
    return config or (beside if beside.is_file() else None)


def read_course_file(file: Path) -> dict[str, Any]:
    """The options that a course.toml says, by name. Files are named from the folder in which it lies.

    Raises
    ------
    BadCourseFile: anything in it is wrong; the message says everything that is.
    """
    reader, found = _Reader(file.absolute().parent), dict[str, Any]()
    rules = _parsed(file)
    # the time zone comes first, because the deadlines need it
    for key in sorted(rules, key=lambda key: key != "timezone"):
        with noted(reader.wrong, f"{key}: "):
            if key not in KEYS:
                raise BadRule(_unknown(key))
            found[key] = KEYS[key](reader, rules[key])
    with noted(reader.wrong, "points: "):
        points_called(found.get("points", {}), found.get("leave_out", ()))
    if reader.wrong:
        raise BadCourseFile("\n".join(f"{file}: {line}" for line in reader.wrong))
    return found


def _parsed(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadCourseFile(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadCourseFile(f"{file} is not in UTF-8: save it in that encoding") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = text.splitlines()[int(place[1]) - 1 :][:1] if place else []
        shown = f": `{line[0].strip()[:80]}`" if line else ""
        raise BadCourseFile(
            f'{file}{shown} is no TOML: {error}. Texts and times stand in quotes, as in late = "10%/day"'
        ) from None


def _unknown(key: str) -> str:
    """What to do with a key that does not exist."""
    name = key.replace("-", "_")
    if name == "seed_secret":
        return "a secret does not belong in a file: set the environment variable NNUTILS_SEED_SECRET"
    if name in COMMAND_LINE:
        return f"this is no rule of a course: give it with the command, as --{name.replace('_', '-')}"
    return "there is no such rule" + (near(name, [*KEYS]) or f"; the rules are {', '.join(KEYS)}")


@dataclass
class _Reader:
    """What the values of one file need to be read: its folder, its time zone, and a place for what is wrong."""

    folder: Path
    zone: tzinfo | None = None
    wrong: list[str] = field(default_factory=list)

    def lines(self, name: str, value: Any, read: Callable[[str, Any], tuple[str, Any]]) -> dict[str, Any]:
        """What `read` makes of each line below [name]."""
        if not isinstance(value, dict):
            raise BadRule(f"write a line for each one below a line [{name}]")
        found = dict[str, Any]()
        for key, cell in value.items():
            with noted(self.wrong, f"[{name}] {key}: "):
                if key in KEYS:
                    raise BadRule(f"this belongs above [{name}]: put all tables at the end of the file")
                own, item = read(key, cell)
                if own in found:
                    raise BadRule("this is named twice: keep one line")
                found[own] = item
        return found


def _text(_: _Reader, value: Any) -> str:
    if not isinstance(value, str):
        raise BadRule(f"{value!r} is no text: write it in quotes")
    if not value.strip():
        raise BadRule("this is empty: write something between the quotes, or delete the line")
    return value


def _switch(_: _Reader, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRule(f"{value!r} is neither true nor false; write one of the two, without quotes")
    return value


def _number(_: _Reader, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise BadRule(f"{value!r} is no number above 0 and below 1000000; write it without quotes")
    return value


def _file(reader: _Reader, value: Any) -> Path:
    """A file that is read."""
    file = reader.folder / _text(reader, value)
    if not file.is_file():
        raise BadRule(f"there is no file {file}")
    return file


def _paths(reader: _Reader, value: Any) -> list[str]:
    """One file or folder that is read, or a list of them."""
    paths = [reader.folder / _text(reader, one) for one in (value if isinstance(value, list) else [value])]
    if missing := next((path for path in paths if not path.exists()), None):
        raise BadRule(f"there is no {missing}")
    return [*map(str, paths)]


def _place(reader: _Reader, value: Any) -> Path:
    """A file or folder that is written."""
    return reader.folder / _text(reader, value)


def _zone(reader: _Reader, value: Any) -> str:
    reader.zone = zone_called(_text(reader, value))
    return str(value)


def _date_format(reader: _Reader, value: Any) -> str:
    form = _text(reader, value)
    try:
        found = datetime.strptime(SOME_TIME.strftime(form), form)
    except ValueError as error:
        raise BadRule(f"{form!r} cannot be used ({error}): write it like {EXAMPLE!r}") from None
    if found != SOME_TIME:
        raise BadRule(
            f"{form!r} leaves out a part of the date or of the time of day: write it like {EXAMPLE!r}"
        )
    return form


def _late(reader: _Reader, value: Any) -> str:
    parse_late(_text(reader, value))
    return str(value)


def _lesson(text: str) -> str:
    try:
        return lesson_called(text)
    except UnknownLesson:
        names = [*lessons(), *map(file_name, lessons())]
        raise BadRule(f"there is no lesson {text!r}, write 04 or dropout{near(text, names)}") from None


def _deadlines(reader: _Reader, value: Any) -> dict[str, str]:
    """Lesson → its deadline, with a time zone."""

    def read(key: str, cell: Any) -> tuple[str, str]:
        text = cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
        return ALL_LESSONS if key == EVERY else _lesson(key), parse_time(text, reader.zone).isoformat()

    return reader.lines("deadlines", value, read)


def _names(reader: _Reader, value: Any) -> list[str]:
    """Names of exercises and questions."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise BadRule('write a list of names, such as ["what_failed", "dropout.dropout_mask"]')
    for name in value:
        items_called(name)
    return value


def _points(reader: _Reader, value: Any) -> dict[str, int]:
    """Name of an exercise or question → what it is worth."""

    def read(name: str, most: Any) -> tuple[str, int]:
        items_called(name)
        if most == 0:
            raise BadRule("an item without points is left out: name it in leave_out, not here")
        if type(most) is not int or not 0 < most <= MOST_POINTS:
            raise BadRule(f"{most!r} is no whole number from 1 to {MOST_POINTS}")
        return name, most

    nested = isinstance(value, dict)  # TOML reads the dot in dropout.dropout_mask = 3 as a table in a table
    plain = {} if nested else value
    for name, cell in value.items() if nested else ():
        plain |= (
            {f"{name}.{item}": own for item, own in cell.items()} if isinstance(cell, dict) else {name: cell}
        )
    return reader.lines("points", plain, read)


def _columns(reader: _Reader, value: Any) -> dict[str, str]:
    """Lesson → the name of its column."""
    return reader.lines("columns", value, lambda key, cell: (_lesson(key), _text(reader, cell)))


def _files_of(name: str) -> Callable[[_Reader, Any], list[str]]:
    """Reads one file, a list of files, or a file for each lesson, as [LESSON=]FILE."""

    def read(reader: _Reader, value: Any) -> list[str]:
        if not isinstance(value, dict):
            return [str(_file(reader, file)) for file in (value if isinstance(value, list) else [value])]
        found = reader.lines(name, value, lambda key, cell: (_lesson(key), _file(reader, cell)))
        return [f"{lesson}={file}" for lesson, file in found.items()]

    return read


KEYS: dict[str, Callable[[_Reader, Any], Any]] = {  # an option of Options → what reads it
    "timezone": _zone,
    "deadlines": _deadlines,
    "late": _late,
    "extensions": _file,
    "times": _files_of("times"),
    "date_format": _date_format,
    "file_times": _switch,
    "adjust": _file,
    "extra": _names,
    "leave_out": _names,
    "points": _points,
    "roster": _file,
    "canvas": _file,
    "blackboard": _file,
    "brightspace": _file,
    "sheet": _file,
    "columns": _columns,
    "moodle": _files_of("moodle"),
    "moodle_import": _switch,
    "nbgrader": _place,
    "compare_with": _paths,
    "time_limit": _number,
    "memory_limit": _number,
}

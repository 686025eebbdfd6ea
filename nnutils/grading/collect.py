"""Find the submissions in a folder: whose notebook is which lesson."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

COPY_MARK = re.compile(r"(\s*\(\d+\)|[-_ ]copy\d*)+$", re.IGNORECASE)  # of browsers and of JupyterLab
NUMBER = re.compile(r"(?:lesson)?[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE)
NOT_WORK = re.compile(r"\.|__pycache__$|timestamp\.txt$|nnutils-progress")  # what comes along with a notebook


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one lesson."""

    student: str
    topic: str
    path: Path


@dataclass
class Collection:
    """The submissions of a folder, and a line for everything in it that is none."""

    submissions: list[Submission] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def students(self) -> list[str]:
        return sorted({one.student for one in self.submissions})


def collect(folder: Path, lessons: dict[str, int]) -> Collection:
    """The submissions in `folder`, which holds one folder a student; `lessons` is topic → number.

    Understood are SUBMISSIONS/<student>/NN_topic.ipynb and nbgrader's submitted/<student>/<assignment>/*.ipynb, with
    `folder` being `submitted` or what contains it. Links are left out: they could point at another student's work.

    Raises
    ------
    NotADirectoryError: `folder` is no folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    root = folder / "submitted" if (folder / "submitted").is_dir() else folder
    found = Collection()
    for place in sorted(root.iterdir()):
        if NOT_WORK.match(place.name):
            continue
        if place.is_dir():
            _collect_student(place, lessons, found)
        else:
            found.left_out.append(f"{place.name}: left out, it does not lie in a student's folder")
    return found


def topic_of(stem: str, lessons: dict[str, int]) -> str | None:
    """The lesson that a file name names: by its topic, else by its number; None where it names none or two."""
    plain = re.sub(r"[^a-z0-9]+", "_", COPY_MARK.sub("", stem).lower())
    named = [topic for topic in lessons if re.search(rf"(?<![a-z]){topic}(?![a-z])", plain)]
    named = [topic for topic in named if not any(topic != other and topic in other for other in named)]
    if len(named) == 1:
        return named[0]
    number = NUMBER.match(stem)
    same = [topic for topic, own in lessons.items() if number and own == int(number[1])]
    return same[0] if same and not named else None


def _collect_student(place: Path, lessons: dict[str, int], found: Collection) -> None:
    before, unknown = len(found.submissions), []
    for path in _files(place):
        topic = topic_of(path.stem, lessons)
        shown = f"{place.name}/{path.relative_to(place).as_posix()}"
        if path.suffix.lower() != ".ipynb":
            unknown.append(path.relative_to(place).as_posix())
        elif not stat.S_ISREG(path.lstat().st_mode):
            found.left_out.append(f"{shown}: left out, it is a link or no plain file")
        elif topic is None:
            found.left_out.append(f"{shown}: left out, its name names no lesson of the course")
        else:
            found.submissions.append(Submission(place.name, topic, path))
    if unknown:
        found.left_out.append(f"{place.name}: left out what is no notebook: {_some(unknown)}")
    if len(found.submissions) == before:
        found.left_out.append(f"{place.name}: no notebook of a lesson")


def _files(place: Path) -> Iterator[Path]:
    """The files below a folder, without hidden folders; links to folders are not followed."""
    for folder, names, files in os.walk(place, followlinks=False):
        names[:] = sorted(name for name in names if not NOT_WORK.match(name))
        yield from (Path(folder, name) for name in sorted(files) if not NOT_WORK.match(name))


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")

"""The files of one place, that is of one student or one group: which are notebooks of a lesson, and what the others are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.grading.intake.archives import NOTEBOOKS, FoundFile
from coursekit.grading.intake.layouts import NOT_WORK
from coursekit.grading.intake.platform_names import GRADESCOPE, MOODLE, ONLINE_TEXT
from coursekit.grading.intake.submission import Candidate, Collection, Sender
from coursekit.grading.intake.topics import topic_named, topic_numbered, topic_within
from coursekit.grading.intake.wrong_uploads import WrongUploads, why_not
from coursekit.grading.reading.notebook import SCRIPT

MOST = 5  # messages of one kind about what was left out of one place, and names in such a message
MOST_LOOKED_INTO = 100  # notebooks of one place whose names tell no lesson
OF_ANOTHER = (
    "its name names no lesson of the course, and it holds no exercise of one: is it of another course?"
)
NO_FOLDER = "it does not lie in a student's folder"


@dataclass
class Place:
    """What one student, or one group, handed in."""

    name: str
    files: list[FoundFile]
    senders: Sequence[Sender]
    stamps: bool  # nbgrader's time stamps lie beside the notebooks
    use_mtime: bool
    clone: bool  # of a repository, whose other files are the assignment's
    found: Collection  # takes the messages
    wrong: WrongUploads  # takes the files that are no notebooks
    looked_into: int = 0  # notebooks whose names tell no lesson
    others: list[FoundFile] = field(default_factory=list)

    def candidates(self) -> Iterator[Candidate]:
        """The place's notebooks; a message for every other file goes into the collection."""
        if not self.senders:
            gradescope = GRADESCOPE.fullmatch(self.name)
            nobody = "Gradescope names nobody who handed it in" if gradescope else NO_FOLDER
            self.found.left_out.append(f"{self.name}: left out, {nobody}")
            return
        moodle = MOODLE.fullmatch(self.name)
        if moodle and moodle["kind"] == ONLINE_TEXT:
            self.wrong.add_text(self.senders, self.files)
            return
        notebooks = self._notebooks()
        if notebooks:
            self._say_what_else()
        else:
            self.wrong.add(self.senders, self.others, self._topic_by_name)
        yield from self._with_senders(notebooks)

    def _with_senders(self, notebooks: list[tuple[FoundFile, str]]) -> Iterator[Candidate]:
        """The candidates. The script of a lesson that is there as a notebook, too, is left out: it is an export of it."""
        topics = {topic for file, topic in notebooks if file.suffix != SCRIPT}
        for file, topic in notebooks:
            if file.suffix == SCRIPT and topic in topics:
                why = f"left out, since the notebook of {topic} is there, too"
                self.found.notes.append(f"{file.shown}: {why}")
                continue
            for sender in self.senders:
                if candidate := Candidate.of(file, topic, sender, self._time(file, sender)):
                    yield candidate

    def _notebooks(self) -> list[tuple[FoundFile, str]]:
        """The notebooks and scripts, each with its lesson; `others` takes the other files."""
        notebooks, trouble = list[tuple[FoundFile, str]](), list[tuple[FoundFile, str]]()
        for file in self.files:
            if NOT_WORK.match(file.name):
                continue
            topic = self._topic(file, file.path) if file.path and file.suffix in NOTEBOOKS else None
            if file.trouble and file.suffix in (*NOTEBOOKS, ".zip"):
                trouble.append((file, file.trouble))
            elif topic:
                notebooks.append((file, topic))
            elif file.suffix == ".ipynb" and not why_not(file):
                trouble.append((file, OF_ANOTHER))
            else:
                self.others.append(file)
        for file, why in trouble[:MOST]:
            self.wrong.say(self.senders, file, why)
        if trouble[MOST:]:
            self.found.left_out.append(f"{self.name}: {len(trouble) - MOST} more left out for such reasons")
        return notebooks

    def _say_what_else(self) -> None:
        """Lines about the files that are no notebooks, beside those that are."""
        for file in self.others:
            if file.suffix == ".ipynb":
                self.wrong.say(
                    self.senders, file, f"its name names no lesson of the course, and {why_not(file)}"
                )
        shown = ["/".join(file.parts[1:]) or file.name for file in self.others if file.suffix != ".ipynb"]
        if shown and not self.clone:
            names = ", ".join(shown[:MOST]) + (f" and {len(shown) - MOST} more" if shown[MOST:] else "")
            self.found.left_out.append(f"{self.name}: left out what is no notebook: {names}")

    def _stem(self, file: FoundFile) -> str:
        """The name that the student gave a file, without the ending."""
        original = self.senders[0].owner.original if len(file.parts) == 1 else ""
        return Path(original or file.name).stem

    def _topic_by_name(self, file: FoundFile) -> str | None:
        stem = self._stem(file)
        return topic_named(stem) or topic_numbered(stem)

    def _topic(self, file: FoundFile, path: Path) -> str | None:
        if topic := topic_named(self._stem(file)):
            return topic
        self.looked_into += 1
        topic = topic_within(path) if self.looked_into <= MOST_LOOKED_INTO else None
        return topic or topic_numbered(self._stem(file))

    def _time(self, file: FoundFile, sender: Sender) -> str | None:
        """When it was handed in, as the platform or nbgrader says, else by the file's time where that may be believed.

        No time stamp in a student's own archive is believed. nbgrader's is submitted/<student>/<assignment>/timestamp.txt.
        """
        time = sender.owner.submitted
        if not time and self.stamps and not file.packed and len(file.parts) > 2:
            place = (*file.parts[:2], "timestamp.txt")
            stamps = (
                stamp.path for stamp in self.files if stamp.parts == place and stamp.path and not stamp.packed
            )
            time = next(map(_time_in, stamps), None)
        if time or not self.use_mtime or sender.owner.downloaded or file.modified is None:
            return time
        return file.modified.isoformat(timespec="seconds")


def _time_in(file: Path) -> str | None:
    """The time in nbgrader's timestamp.txt: 2026-11-21 08:44:55.123456 UTC, or another zone's name."""
    try:
        moment, _, zone = file.read_text(encoding="utf-8")[:100].strip().rpartition(" ")
        return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (OSError, ValueError, LookupError):
        return None

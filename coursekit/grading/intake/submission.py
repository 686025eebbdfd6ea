"""What is found in a download: submissions, notebooks that may become one, and messages about everything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from coursekit.grading.intake.archives import FoundFile
from coursekit.grading.intake.layouts import Owner
from coursekit.grading.intake.timesheets import Due
from coursekit.grading.intake.topics import file_name

NEVER = datetime.min.replace(tzinfo=UTC)
Key = tuple[str, str]  # student, topic


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's notebook of one lesson."""

    student: str
    topic: str
    path: Path
    submitted: str | None = None  # ISO 8601 with an offset, where it is known
    note: str = ""  # for the student: why this notebook was chosen, where there were several


@dataclass
class Collection:
    """The submissions, a message for everything else, and a message for what the instructor should know of them."""

    submissions: list[Submission] = field(default_factory=list)  # one for each student and lesson
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)  # student → messages about files left out
    due: dict[Key, Due] = field(default_factory=dict)  # what the platform says about deadlines

    @property
    def students(self) -> list[str]:
        return sorted({submission.student for submission in self.submissions})


@dataclass(frozen=True)
class Sender:
    """Who handed in a place: what its name says, and who that is."""

    owner: Owner
    student: str  # the name in the results
    by_id: bool = False  # the roster knows the owner by the platform's own number


@dataclass(frozen=True)
class Candidate:
    """A file that may count as a student's notebook of a lesson."""

    submission: Submission
    sender: Sender
    name: str  # that the student gave the file
    rank: tuple[bool, int, str]  # for sorting by the name: the lesson's own name first

    @classmethod
    def of(cls, file: FoundFile, topic: str, sender: Sender, time: str | None) -> Candidate | None:
        """The candidate that a file is; None for a file that was not unpacked."""
        if file.path is None:
            return None
        name = sender.owner.original or file.name
        rank = Path(name).stem != file_name(topic), len(file.parts), file.shown
        return cls(Submission(sender.student, topic, file.path, time), sender, name, rank)

    @property
    def key(self) -> Key:
        return self.submission.student, self.submission.topic

    @property
    def turn(self) -> tuple[datetime, int]:
        """When it came, as far as the platform tells: the time, or Canvas' running number of its uploads."""
        time = self.submission.submitted
        return datetime.fromisoformat(time) if time else NEVER, self.sender.owner.upload

"""Of several notebooks of one student and lesson one counts: the last by the platform's own time, else one by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from coursekit.grading.intake.archives import Found
from coursekit.grading.intake.layouts import Owner

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's notebook of one lesson."""

    student: str
    topic: str
    path: Path
    submitted: str | None = None  # ISO 8601 with an offset, where it is known
    note: str = ""  # what the student should know of the choice, where there were several


@dataclass(frozen=True)
class Candidate:
    """A notebook that may count; `by_id` says that the roster knows its owner by the platform's own number."""

    student: str
    topic: str
    file: Found
    path: Path
    owner: Owner
    submitted: str | None = None
    by_id: bool = False

    @property
    def name(self) -> str:
        """The name that the student gave the file."""
        return self.owner.original or self.file.name

    @property
    def turn(self) -> tuple[datetime, int]:
        """When it came, as far as the platform tells: the time, or Canvas' running number of its uploads."""
        return datetime.fromisoformat(self.submitted) if self.submitted else NEVER, self.owner.upload


def told_apart(candidates: Iterable[Candidate], lines: list[str]) -> list[Candidate]:
    """The candidates; where two people's names lead to one student of the roster, those are nobody of it."""
    found = list(candidates)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        if one.owner.number:
            numbers[one.student, one.topic].add(one.owner.number)
    for i, one in enumerate(found):
        if len(numbers[one.student, one.topic]) > 1 and not one.by_id:
            label = f"{one.owner.label} ({one.owner.number})"
            lines.append(f"{label}: not the only one who could be {one.student}; graded under this name")
            found[i] = replace(one, student=label)
    return found


def chosen(candidates: Iterable[Candidate], lessons: Mapping[str, int]) -> Iterator[Submission]:
    """The one notebook of each student and lesson that counts."""
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in candidates:
        groups[one.student, one.topic].append(one)
    for (student, topic), some in groups.items():
        one, why = _one(some, f"{lessons[topic]:02d}_{topic}")
        note = f"{len(some)} notebooks of this lesson were handed in; only `{one.name}` is graded: {why}"
        yield Submission(student, topic, one.path, one.submitted, note if len(some) > 1 else "")


def _one(some: list[Candidate], lesson: str) -> tuple[Candidate, str]:
    """The candidate that counts, and why."""
    latest = max(one.turn for one in some)
    last = [one for one in some if one.turn == latest]
    if len(last) == 1:
        return last[0], "it is the last that was handed in"
    one = min(last, key=lambda one: (Path(one.name).stem != lesson, len(one.file.parts), one.file.shown))
    if Path(one.name).stem == lesson:
        return one, "it has the lesson's own name, and no time tells which came last"
    return one, "its name comes first, and no time tells which came last"

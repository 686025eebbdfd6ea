"""Find the submissions in a folder or a zip: whose notebook is which lesson, and when it was handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.grading.intake import layouts
from coursekit.grading.intake.archives import FoundFile, Listing, listing
from coursekit.grading.intake.layouts import NOT_WORK, Owner, by_place, unwrapped
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import (
    file_name,
    foreign_language,
    topic_named,
    topic_numbered,
    topic_within,
)
from coursekit.grading.reading.notebook import SCRIPT, Unreadable, code_cells

NEVER = datetime.min.replace(tzinfo=UTC)
MOST = 5  # messages of one kind about what was left out of one place, and names in such a message
MOST_LOOKED_INTO = 100  # notebooks of one place whose names tell no lesson
NO_FOLDER = "it does not lie in a student's folder"


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
    unread: dict[str, list[str]] = field(
        default_factory=dict
    )  # student → a message for each file that is left out

    @property
    def students(self) -> list[str]:
        return sorted({submission.student for submission in self.submissions})


@dataclass(frozen=True)
class _Candidate:
    """A notebook that may count."""

    submission: Submission
    owner: Owner
    by_id: bool  # the roster knows the owner by the platform's own number
    name: str  # that the student gave the file
    rank: tuple[bool, int, str]  # for sorting by the name: the lesson's own name first

    @property
    def key(self) -> tuple[str, str]:
        return self.submission.student, self.submission.topic

    @property
    def turn(self) -> tuple[datetime, int]:
        """When it came, as far as the platform tells: the time, or Canvas' running number of its uploads."""
        time = self.submission.submitted
        return datetime.fromisoformat(time) if time else NEVER, self.owner.upload


def collect(
    source: Path,
    unpacked: Path | None = None,
    roster: Roster | None = None,
    use_mtime: bool = False,
) -> Collection:
    """The submissions in `source`, a folder or a zip. Nothing in `source` is changed.

    Of several notebooks of one student and lesson one is taken, and its note says so.

    Understood are <student>/NN_topic.ipynb, nbgrader's submitted/<student>/<assignment>/*.ipynb (`source` is
    `submitted` or contains it), and what Canvas, Moodle and Gradescope let you download. A student's zip is
    opened, one level deep, and unpacked below `unpacked`. Links are left out: they could point at another student's work.

    Raises
    ------
    NotADirectoryError: it is neither a folder nor a zip. BadArchive: the zip cannot be opened. NoRoom: the disk is full.
    """
    root = source / "submitted" if (source / "submitted").is_dir() else source
    listed = unwrapped(listing(root, unpacked), root)
    stamps = listed.of_nbgrader or (root.is_dir() and root.name == "submitted")
    found = Collection(left_out=list(listed.lines), notes=list(roster.lines) if roster else [])
    places, metadata = by_place(listed), _metadata(listed, found)
    single = {files[0].name for files in places.values() if files and len(files[0].parts) == 1}
    owners = layouts.owners(places, single, metadata)
    # Moodle numbers participants again in each assignment: the roster's numbers may be those of another one.
    clues = (clue for group in owners.values() for owner in group for clue in owner.clues)
    numbered = roster is not None and any(roster.find([clue]) for clue in clues if clue[0] == "moodle")
    candidates = list[_Candidate]()
    for name, files in sorted(places.items()):
        students = [(owner, *_student(owner, roster, numbered, found)) for owner in owners[name]]
        place = _Place(name, files, students, stamps, use_mtime, found)
        candidates += place.candidates()
    found.submissions += _chosen(_told_apart(candidates, found.notes))
    found.notes += _remarks(found)
    return found


@dataclass
class _Place:
    """What one student, or one group, handed in."""

    name: str
    files: list[FoundFile]
    owners: list[
        tuple[Owner, str, bool]
    ]  # the student's name in the results, and whether the roster knows the number
    stamps: bool  # nbgrader's time stamps lie beside the notebooks
    use_mtime: bool
    found: Collection  # takes the messages
    looked_into: int = 0  # notebooks whose names tell no lesson

    def candidates(self) -> Iterator[_Candidate]:
        """The place's notebooks; a message for every other file goes into the collection."""
        left_out = self.found.left_out
        if not self.owners:
            gradescope = layouts.GRADESCOPE.fullmatch(self.name)
            nobody = "Gradescope names nobody who handed it in" if gradescope else NO_FOLDER
            left_out.append(f"{self.name}: left out, {nobody}")
            return
        before = len(left_out)
        notebooks = self._notebooks()
        if lines := left_out[before:]:
            for _, student, _ in self.owners:
                self.found.unread.setdefault(student, []).extend(lines)
        if not notebooks:
            left_out.append(f"{self.name}: no notebook of a lesson")
        yield from self._with_owners(notebooks)

    def _with_owners(self, notebooks: list[tuple[FoundFile, str]]) -> Iterator[_Candidate]:
        """The candidates. The script of a lesson that is there as a notebook, too, is left out: it is an export of it."""
        topics = {topic for file, topic in notebooks if file.suffix != SCRIPT}
        for file, topic in notebooks:
            if file.suffix == SCRIPT and topic in topics:
                why = f"left out, since the notebook of {topic} is there, too"
                self.found.notes.append(f"{file.shown}: {why}")
                continue
            for owner, student, by_id in self.owners:
                if file.path:
                    submission = Submission(student, topic, file.path, self._time(file, owner))
                    name = owner.original or file.name
                    rank = Path(name).stem != file_name(topic), len(file.parts), file.shown
                    yield _Candidate(submission, owner, by_id, name, rank)

    def _notebooks(self) -> list[tuple[FoundFile, str]]:
        """The notebooks and scripts, each with its lesson."""
        notebooks, others, trouble = list[tuple[FoundFile, str]](), list[str](), list[str]()
        for file in self.files:
            if NOT_WORK.match(file.name):
                continue
            topic = self._topic(file, file.path) if file.path and file.suffix in (".ipynb", SCRIPT) else None
            if file.trouble and file.suffix in (".ipynb", ".zip", SCRIPT):
                trouble.append(f"{file.shown}: left out, {file.trouble}")
            elif topic:
                notebooks.append((file, topic))
            elif file.suffix == ".ipynb":
                self.found.left_out.append(f"{file.shown}: left out, {_no_lesson(file)}")
            else:
                others.append("/".join(file.parts[1:]) or file.name)
        self.found.left_out += trouble[:MOST]
        if trouble[MOST:]:
            self.found.left_out.append(f"{self.name}: {len(trouble) - MOST} more left out for such reasons")
        if others:
            names = ", ".join(others[:MOST]) + (f" and {len(others) - MOST} more" if others[MOST:] else "")
            self.found.left_out.append(f"{self.name}: left out what is no notebook: {names}")
        return notebooks

    def _topic(self, file: FoundFile, path: Path) -> str | None:
        original = self.owners[0][0].original if len(file.parts) == 1 else ""
        stem = Path(original or file.name).stem
        if (topic := topic_named(stem)) is None:
            self.looked_into += 1
            if self.looked_into <= MOST_LOOKED_INTO:
                topic = topic_within(path)
        return topic or topic_numbered(stem)

    def _time(self, file: FoundFile, owner: Owner) -> str | None:
        """When it was handed in, as Gradescope or nbgrader say, else by the file's time where that may be believed.

        No time stamp in a student's own archive is believed. nbgrader's is submitted/<student>/<assignment>/timestamp.txt.
        """
        time = owner.submitted
        if not time and self.stamps and not file.packed and len(file.parts) > 2:
            place = (*file.parts[:2], "timestamp.txt")
            stamps = (
                stamp.path for stamp in self.files if stamp.parts == place and stamp.path and not stamp.packed
            )
            time = next(map(_time_in, stamps), None)
        if time or not self.use_mtime or owner.downloaded or file.modified is None:
            return time
        return file.modified.isoformat(timespec="seconds")


def _no_lesson(file: FoundFile) -> str:
    """The message about a notebook that neither its name nor its exercises assign to a lesson."""
    why = "it holds no exercise of one: is it of another course?"
    try:
        code_cells(file.path) if file.path else None
    except Unreadable as error:
        why = str(error)
    return f"its name names no lesson of the course, and {why}"


def _student(owner: Owner, roster: Roster | None, numbered: bool, found: Collection) -> tuple[str, bool]:
    """An owner's name in the results, and whether the roster knows their number."""
    if owner.odd:
        found.notes.append(f"{owner.label}: {owner.odd}")
    if roster is None:
        return owner.label, False
    clues = [clue for clue in owner.clues if numbered or clue[0] != "moodle"]
    person = roster.find_by_readings(owner.readings) if owner.readings else roster.find(clues)
    if person:
        return person.student, owner.number in person.ids.values()
    label = f"{owner.label} (not on the roster)" if roster.named(owner.label) else owner.label
    found.notes.append(f"{label}: not on the roster; graded under this name")
    return label, False


def _told_apart(candidates: list[_Candidate], notes: list[str]) -> Iterator[_Candidate]:
    """The candidates; where the names of two people fit one student of the roster, neither is taken for that student."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for candidate in candidates:
        numbers[candidate.key] |= {candidate.owner.number} - {""}
    for candidate in candidates:
        if len(numbers[candidate.key]) > 1 and not candidate.by_id:
            owner, student = candidate.owner, candidate.submission.student
            label = f"{owner.label} ({owner.number})"
            notes.append(f"{label}: not the only one who could be {student}; graded under this name")
            candidate = replace(candidate, submission=replace(candidate.submission, student=label))
        yield candidate


def _chosen(candidates: Iterable[_Candidate]) -> Iterator[Submission]:
    """The notebook of each student and lesson that counts: the last by the platform's own time, else one by its name."""
    groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.key].append(candidate)
    for group in groups.values():
        if len(group) == 1:
            yield group[0].submission
            continue
        group.sort(key=lambda candidate: candidate.rank)
        chosen = max(group, key=lambda candidate: candidate.turn)  # of equals the first by its name
        why = "it is the last that was handed in"
        if sum(candidate.turn == chosen.turn for candidate in group) > 1:
            why = "its name comes first" if chosen.rank[0] else "it has the lesson's own name"
            why += ", and no time tells which came last"
        note = f"{len(group)} notebooks of this lesson were handed in; only `{chosen.name}` is graded: {why}"
        yield replace(chosen.submission, note=note)


def _remarks(found: Collection) -> Iterator[str]:
    """Messages about choices, about kernels of another language, and about names that differ only in case.

    On some systems, pages of feedback whose names differ only in case are one file.
    """
    for submission in found.submissions:
        if submission.note:
            yield f"{submission.student}/{submission.path.name}: {submission.note}"
    for submission in found.submissions:
        if language := foreign_language(submission.path):
            yield f"{submission.student}/{submission.path.name}: its kernel is for {language}, not for Python"
    seen: dict[str, str] = {}
    for student in found.students:
        if (other := seen.setdefault(student.casefold(), student)) != student:
            yield f"{other} and {student} differ only in case: are they one student?"


def _metadata(listed: Listing, found: Collection) -> dict[str, list[Owner]]:
    """What Gradescope says about the places, if the file that says it is there and can be read."""
    file = next((file for file in listed.files if file.parts == (layouts.METADATA,)), None)
    if file is None:
        return {}
    try:
        if file.path is None:
            raise ValueError(file.trouble)
        return layouts.read_metadata(file.path)
    except ValueError as error:
        found.left_out.append(f"{layouts.METADATA}: {error}; the folders' own names are used")
        return {}


def _time_in(file: Path) -> str | None:
    """The time in nbgrader's timestamp.txt: 2026-11-21 08:44:55.123456 UTC, or another zone's name."""
    try:
        moment, _, zone = file.read_text(encoding="utf-8")[:100].strip().rpartition(" ")
        return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (OSError, ValueError, LookupError):
        return None

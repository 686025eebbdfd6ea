"""Find the submissions in a folder or a zip: whose notebook is which lesson, and when it was handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.grading.intake import layouts
from coursekit.grading.intake.archives import FoundFile, Listing, listing
from coursekit.grading.intake.layouts import NOT_WORK, Owner, by_place, unwrapped
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import foreign_language, topic_of, topic_within
from coursekit.grading.reading.notebook import SCRIPT, Unreadable, code_cells

NEVER = datetime.min.replace(tzinfo=UTC)
MOST = 5  # messages of one kind about what was left out of one place, and names in such a message
MOST_LOOKED_INTO = 100  # notebooks of one place whose names tell no lesson
NO_LESSON = "its name names no lesson of the course, and"


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
    """A notebook that may count; `by_id` says that the roster knows its owner by the platform's own number."""

    student: str
    topic: str
    file: FoundFile
    path: Path
    owner: Owner
    submitted: str | None
    by_id: bool

    @property
    def name(self) -> str:
        """The name that the student gave the file."""
        return self.owner.original or self.file.name

    @property
    def turn(self) -> tuple[datetime, int]:
        """When it came, as far as the platform tells: the time, or Canvas' running number of its uploads."""
        return datetime.fromisoformat(self.submitted) if self.submitted else NEVER, self.owner.upload


def collect(
    source: Path,
    lessons: Mapping[str, int],
    unpacked: Path | None = None,
    roster: Roster | None = None,
    use_mtime: bool = False,
) -> Collection:
    """The submissions in `source`, a folder or a zip; `lessons` is topic → number. Nothing in `source` is changed.

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
    # Moodle numbers participants anew for each assignment: the roster's numbers may be those of another one.
    clues = {
        clue for those in owners.values() for owner in those for clue in owner.clues if clue[0] == "moodle"
    }
    numbered = roster is not None and any(roster.find([clue]) for clue in clues)
    candidates = list[_Candidate]()
    for name, files in sorted(places.items()):
        students = [_student(owner, roster, numbered, found) for owner in owners[name]]
        candidates += _Place(
            name, files, owners[name], students, lessons, stamps, use_mtime, found
        ).candidates()
    found.submissions += _chosen(_told_apart(candidates, found.notes), lessons)
    found.notes += _remarks(found)
    return found


@dataclass
class _Place:
    """What one student, or one group, handed in."""

    name: str
    files: list[FoundFile]
    owners: list[Owner]
    students: list[tuple[str, bool]]  # as `_student` gives them
    lessons: Mapping[str, int]
    stamps: bool  # nbgrader's time stamps lie beside the notebooks
    use_mtime: bool
    found: Collection  # takes the messages
    looked_into: int = 0  # notebooks whose names tell no lesson

    def candidates(self) -> Iterator[_Candidate]:
        """The place's notebooks; a message for every other file goes into the collection."""
        left_out = self.found.left_out
        if not self.owners:
            nobody = "it does not lie in a student's folder"
            if layouts.GRADESCOPE.fullmatch(self.name):
                nobody = "Gradescope names nobody who handed it in"
            left_out.append(f"{self.name}: left out, {nobody}")
            return
        before = len(left_out)
        notebooks = self._without_exports(self._notebooks())
        if lines := left_out[before:]:
            for student, _ in self.students:
                self.found.unread.setdefault(student, []).extend(lines)
        if not notebooks:
            left_out.append(f"{self.name}: no notebook of a lesson")
        for owner, (student, by_id) in zip(self.owners, self.students, strict=True):
            for file, topic in notebooks:
                if file.path:
                    time = self._time(file, owner)
                    yield _Candidate(student, topic, file, file.path, owner, time, by_id)

    def _notebooks(self) -> list[tuple[FoundFile, str]]:
        """The notebooks and scripts, each with its lesson."""
        notebooks, others, trouble = list[tuple[FoundFile, str]](), list[str](), list[str]()
        for file in self.files:
            if NOT_WORK.match(file.name):
                continue
            topic = self._topic(file) if file.suffix in (".ipynb", SCRIPT) and file.path else None
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

    def _without_exports(self, notebooks: list[tuple[FoundFile, str]]) -> list[tuple[FoundFile, str]]:
        """Without the scripts of lessons that are there as a notebook, too: they are exports of it."""
        topics, kept = {topic for file, topic in notebooks if file.suffix != SCRIPT}, []
        for file, topic in notebooks:
            if file.suffix == SCRIPT and topic in topics:
                self.found.notes.append(
                    f"{file.shown}: left out, since the notebook of {topic} is there, too"
                )
            else:
                kept.append((file, topic))
        return kept

    def _topic(self, file: FoundFile) -> str | None:
        original = self.owners[0].original if len(file.parts) == 1 else file.name
        by_name = topic_of(Path(original or file.name).stem, self.lessons)
        if by_name or not file.path:
            return by_name
        self.looked_into += 1
        return topic_within(file.path, self.lessons) if self.looked_into <= MOST_LOOKED_INTO else None

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
    try:
        code_cells(file.path) if file.path else None
    except Unreadable as error:
        return f"{NO_LESSON} {error}"
    return f"{NO_LESSON} it holds no exercise of one: is it of another course?"


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
        if candidate.owner.number:
            numbers[candidate.student, candidate.topic].add(candidate.owner.number)
    for candidate in candidates:
        student, owner = candidate.student, candidate.owner
        if len(numbers[student, candidate.topic]) > 1 and not candidate.by_id:
            label = f"{owner.label} ({owner.number})"
            notes.append(f"{label}: not the only one who could be {student}; graded under this name")
            yield replace(candidate, student=label)
        else:
            yield candidate


def _chosen(candidates: Iterable[_Candidate], lessons: Mapping[str, int]) -> Iterator[Submission]:
    """The notebook of each student and lesson that counts: the last by the platform's own time, else one by its name."""
    groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.student, candidate.topic].append(candidate)
    for (student, topic), group in groups.items():
        chosen, why = _choice(group, f"{lessons[topic]:02d}_{topic}")
        note = f"{len(group)} notebooks of this lesson were handed in; only `{chosen.name}` is graded: {why}"
        yield Submission(student, topic, chosen.path, chosen.submitted, note if len(group) > 1 else "")


def _choice(group: list[_Candidate], lesson: str) -> tuple[_Candidate, str]:
    """The candidate that counts, and why."""
    latest = max(candidate.turn for candidate in group)
    last = [candidate for candidate in group if candidate.turn == latest]
    if len(last) == 1:
        return last[0], "it is the last that was handed in"
    first = min(
        last,
        key=lambda candidate: (
            Path(candidate.name).stem != lesson,
            len(candidate.file.parts),
            candidate.file.shown,
        ),
    )
    why = "it has the lesson's own name" if Path(first.name).stem == lesson else "its name comes first"
    return first, f"{why}, and no time tells which came last"


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

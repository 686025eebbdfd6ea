"""Find the submissions in a folder or a zip: whose notebook is which lesson, and when it was handed in."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from coursekit.grading.intake import layouts
from coursekit.grading.intake.archives import Found, Listing, listing
from coursekit.grading.intake.chosen import Candidate, Submission, chosen, told_apart
from coursekit.grading.intake.layouts import Owner
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import foreign_language, topic_of, topic_within
from coursekit.grading.intake.tops import NOT_WORK, by_place, unwrapped
from coursekit.grading.reading.notebook import SCRIPT, Unreadable, code_cells

MOST = 5  # lines about what was left out of one place for the same kind of reason
MOST_LOOKED_INTO = 100  # notebooks of one place whose names tell no lesson


@dataclass
class Collection:
    """The submissions, a line for everything that is none, and a line for what the instructor should know of the others."""

    submissions: list[Submission] = field(default_factory=list)  # one for each student and lesson
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Student → a line for each file that could not be taken.
    unread: dict[str, list[str]] = field(default_factory=dict)

    @property
    def students(self) -> list[str]:
        return sorted({one.student for one in self.submissions})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The option that decides what counts as the time of a submission."""
    parser.add_argument(
        "--use-mtime",
        action="store_true",
        help="where nothing else tells when a notebook was handed in, believe its file's time (a copy may change it)",
    )


def collect(
    source: Path,
    lessons: Mapping[str, int],
    unpacked: Path | None = None,
    roster: Roster | None = None,
    use_mtime: bool = False,
) -> Collection:
    """The submissions in `source`, a folder or a zip; `lessons` is topic → number. Nothing in `source` is changed.

    Of several notebooks of one student and lesson one is taken, and its note says so.

    Understood are <student>/NN_topic.ipynb, nbgrader's submitted/<student>/<assignment>/*.ipynb (`source` being
    `submitted` or what contains it), and what Canvas, Moodle and Gradescope let you download. A student's zip is
    opened, once, and unpacked below `unpacked`. Links are left out: they could point at another student's work.

    Raises
    ------
    NotADirectoryError: it is neither a folder nor a zip. BadArchive: the zip cannot be opened. NoRoom: the disk is full.
    """
    root = source / "submitted" if (source / "submitted").is_dir() else source
    listed = unwrapped(listing(root, unpacked), root)
    stamps = listed.of_nbgrader or (root.is_dir() and root.name == "submitted")
    found = Collection(left_out=list(listed.lines), notes=list(roster.lines) if roster else [])
    metadata = _metadata(listed, found)
    places = by_place(listed)
    single = {files[0].name for files in places.values() if files and len(files[0].parts) == 1}
    owners = layouts.owners(places, single, metadata)
    numbered = _knows_numbers(roster, owners)
    candidates = list[Candidate]()
    for place, files in sorted(places.items()):
        one = _Place(place, files, owners[place], lessons, stamps, use_mtime)
        candidates += one.candidates(found, roster, numbered)
    found.submissions += chosen(told_apart(candidates, found.notes), lessons)
    found.notes += [f"{one.student}/{one.path.name}: {one.note}" for one in found.submissions if one.note]
    found.notes += _foreign(found.submissions)
    found.notes += _one_name_twice(found.students)
    return found


def _knows_numbers(roster: Roster | None, owners: Mapping[str, list[Owner]]) -> bool:
    """Whether the roster has the participant numbers of this assignment of Moodle's: those of another one say nothing."""
    clues = (clue for some in owners.values() for one in some for clue in one.clues if clue[0] == "moodle")
    return roster is not None and any(roster.find([clue]) for clue in clues)


@dataclass
class _Place:
    """A folder, a zip or a single file at the top of what was handed in."""

    name: str
    files: list[Found]
    owners: list[Owner]
    lessons: Mapping[str, int]
    stamps: bool  # nbgrader's time stamps lie beside the notebooks
    use_mtime: bool
    looked_into: int = 0  # notebooks whose names tell no lesson

    def candidates(self, found: Collection, roster: Roster | None, numbered: bool) -> Iterator[Candidate]:
        """The place's notebooks; what is to be said of the others goes into the collection."""
        if not self.owners:
            found.left_out.append(f"{self.name}: left out, {self._nobody()}")
            return
        students = [_student(owner, roster, numbered, found) for owner in self.owners]
        before = len(found.left_out)
        notebooks = self._notebooks(found)
        for student, _ in students:
            if lines := found.left_out[before:]:
                found.unread.setdefault(student, []).extend(lines)
        for owner, (student, by_id) in zip(self.owners, students, strict=True):
            for file, topic in notebooks:
                if file.path:
                    when = self._time(file, owner)
                    yield Candidate(student, topic, file, file.path, owner, when, by_id)
        if not notebooks:
            found.left_out.append(f"{self.name}: no notebook of a lesson")

    def _nobody(self) -> str:
        if layouts.GRADESCOPE.fullmatch(self.name):
            return "Gradescope names nobody who handed it in"
        return "it does not lie in a student's folder"

    def _notebooks(self, found: Collection) -> list[tuple[Found, str]]:
        notebooks, unknown, trouble = list[tuple[Found, str]](), list[str](), list[str]()
        for file in (one for one in self.files if not NOT_WORK.match(one.name)):
            script = file.suffix == SCRIPT
            topic = self._topic(file) if (script or file.suffix == ".ipynb") and file.path else None
            if file.trouble and file.suffix in (".ipynb", ".zip", SCRIPT):
                trouble.append(f"{file.shown}: left out, {file.trouble}")
            elif file.suffix != ".ipynb" and topic is None:
                unknown.append("/".join(file.parts[1:]) or file.name)
            elif topic is None:
                found.left_out.append(f"{file.shown}: left out, {_no_lesson(file)}")
            else:
                notebooks.append((file, topic))
        found.left_out += trouble[:MOST]
        if trouble[MOST:]:
            found.left_out.append(f"{self.name}: {len(trouble) - MOST} more left out for such reasons")
        if unknown:
            found.left_out.append(f"{self.name}: left out what is no notebook: {_some(unknown)}")
        return self._without_copies(notebooks, found)

    def _without_copies(
        self, notebooks: list[tuple[Found, str]], found: Collection
    ) -> list[tuple[Found, str]]:
        """Without the scripts of lessons that are there as a notebook, too: they are exports of it."""
        whole = {topic for file, topic in notebooks if file.suffix != SCRIPT}
        for file, topic in notebooks:
            if file.suffix == SCRIPT and topic in whole:
                found.notes.append(f"{file.shown}: left out, since the notebook of {topic} is there, too")
        return [(file, topic) for file, topic in notebooks if file.suffix != SCRIPT or topic not in whole]

    def _topic(self, file: Found) -> str | None:
        original = self.owners[0].original if len(file.parts) == 1 else file.name
        by_name = topic_of(Path(original or file.name).stem, self.lessons)
        if by_name or not file.path:
            return by_name
        self.looked_into += 1
        return topic_within(file.path, self.lessons) if self.looked_into <= MOST_LOOKED_INTO else None

    def _time(self, file: Found, owner: Owner) -> str | None:
        """When it was handed in, as Gradescope or nbgrader tell, else by the file's time where that may be believed.

        Nothing that lies in a student's own archive is believed.
        """
        told = owner.submitted or self._stamp(file)
        if told or not self.use_mtime or owner.downloaded or file.modified is None:
            return told
        return file.modified.isoformat(timespec="seconds")

    def _stamp(self, file: Found) -> str | None:
        """The time that nbgrader put into the folder of an assignment: submitted/<student>/<assignment>."""
        if not self.stamps or file.packed or len(file.parts) < 3:
            return None
        beside = (*file.parts[:2], "timestamp.txt")
        stamps = (one.path for one in self.files if one.parts == beside and one.path and not one.packed)
        return next(map(_stamped, stamps), None)


def _no_lesson(file: Found) -> str:
    """What to say of a notebook that neither its name nor its exercises assign to a lesson."""
    try:
        code_cells(file.path) if file.path else None
    except Unreadable as error:
        return f"its name names no lesson of the course, and {error}"
    return "its name names no lesson of the course, and it holds no exercise of one: is it of another course?"


def _student(owner: Owner, roster: Roster | None, numbered: bool, found: Collection) -> tuple[str, bool]:
    """What the results call an owner, and whether the roster knows their number."""
    if owner.odd:
        found.notes.append(f"{owner.label}: {owner.odd}")
    if roster is None:
        return owner.label, False
    clues = [clue for clue in owner.clues if numbered or clue[0] != "moodle"]
    person = roster.agreeing(owner.readings) if owner.readings else roster.find(clues)
    if person:
        return person.student, owner.number in person.ids.values()
    taken = roster.named(owner.label) is not None
    label = f"{owner.label} (not on the roster)" if taken else owner.label
    found.notes.append(f"{label}: not on the roster; graded under this name")
    return label, False


def _foreign(submissions: Iterable[Submission]) -> Iterator[str]:
    """A line for each notebook whose kernel speaks another language."""
    for one in submissions:
        if language := foreign_language(one.path):
            yield f"{one.student}/{one.path.name}: its kernel is for {language}, not for Python"


def _one_name_twice(students: Iterable[str]) -> list[str]:
    """A line for students whose names differ only in case: their pages of feedback are one file on some systems."""
    seen: dict[str, str] = {}
    pairs = [(seen.setdefault(one.casefold(), one), one) for one in students]
    return [
        f"{one} and {other} differ only in case: are they one student?"
        for one, other in pairs
        if one != other
    ]


def _metadata(listed: Listing, found: Collection) -> dict[str, list[Owner]]:
    file = next((one for one in listed.files if one.parts == (layouts.METADATA,)), None)
    if file is None:
        return {}
    try:
        if file.path is None:
            raise ValueError(file.trouble)
        return layouts.read_metadata(file.path)
    except ValueError as error:
        found.left_out.append(f"{layouts.METADATA}: {error}; the folders' own names are used")
        return {}


def _stamped(file: Path) -> str | None:
    """The time in nbgrader's timestamp.txt: 2026-11-21 08:44:55.123456 UTC, or another zone's name."""
    try:
        text = file.read_text(encoding="utf-8")[:100].strip()
        moment, _, zone = text.rpartition(" ")
        told = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    except (OSError, ValueError, LookupError):
        return None
    return told.isoformat()


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")

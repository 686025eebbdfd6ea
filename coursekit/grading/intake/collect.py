"""Find the submissions in a folder or a zip: whose notebook is which lesson, and when it was handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from coursekit.grading.intake.archives import FoundFile, Listing, listing
from coursekit.grading.intake.gradescope import read_container, read_export
from coursekit.grading.intake.layouts import (
    Download,
    Owner,
    blackboard_names,
    by_place,
    downloads_in,
    github_prefix,
    owners,
    unwrapped,
)
from coursekit.grading.intake.place import Place
from coursekit.grading.intake.platform_names import CONTAINER_METADATA, GRADESCOPE_METADATA
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.side_by_side import give_owners
from coursekit.grading.intake.submission import Candidate, Collection, Sender, Submission
from coursekit.grading.intake.timesheets import HERE, NO_SHEETS, Timesheets
from coursekit.grading.intake.topics import foreign_language
from coursekit.grading.intake.wrong_uploads import WrongUploads
from nnutils.words import counted
from nnutils.words import listed as in_words

__all__ = ["Collection", "Submission", "collect"]


def collect(
    source: Path,
    unpacked: Path | None = None,
    roster: Roster | None = None,
    use_mtime: bool = False,
    zone: tzinfo | None = None,
    sheets: Timesheets = NO_SHEETS,
) -> Collection:
    """The submissions in `source`, a folder, a zip or one notebook. Nothing in `source` is changed.

    Of several notebooks of one student and lesson one is taken, and its note says so.

    `platform_names` says what is understood; nbgrader's submitted/<student>/<assignment>/*.ipynb is found in `submitted` and
    in the folder that contains it. A student's zip is opened, one level deep, and unpacked below `unpacked`. Links are left out:
    they could point at another student's work. `zone` is the zone of times in names (None: this machine's); `sheets` are the
    platforms' tables of times.

    Raises
    ------
    NotADirectoryError: it is none of them, or it holds downloads. BadArchive: the zip cannot be opened. NoRoom: the disk is full.
    BadTable: a table of times does not say which lesson it is about, and there are several.
    """
    root = source / "submitted" if (source / "submitted").is_dir() else source
    listed = unwrapped(listing(root, unpacked), root)
    if downloads := downloads_in(listed):
        what = f"{counted(len(downloads), 'download')} of a platform ({in_words(downloads)})"
        raise NotADirectoryError(
            f"{source} holds {what}: name one of them, each with a folder of results of its own"
        )
    stamps = listed.of_nbgrader or (root.is_dir() and root.name == "submitted")
    found = Collection(left_out=list(listed.lines), notes=list(roster.lines) if roster else [])
    places, owned, clone = _places(listed, root, zone, roster, found)
    # Moodle numbers participants again in each assignment: the roster's numbers may be those of another one.
    clues = (clue for group in owned.values() for owner in group for clue in owner.clues)
    numbered = roster is not None and any(roster.find([clue]) for clue in clues if clue[0] == "moodle")
    candidates, wrong = list[Candidate](), WrongUploads(found)
    for name, files in sorted(places.items()):
        senders = [_sender(owner, roster, numbered, found) for owner in owned[name]]
        place = Place(name, files, senders, stamps, use_mtime, clone, found, wrong)
        candidates += place.candidates()
    candidates += wrong.candidates(candidates)
    found.notes += (line for sheet in sheets.sheets for line in sheet.lines)
    timed = _timed(candidates, sheets, roster, found)
    found.submissions += _chosen(_told_apart(timed, found.notes))
    found.notes = [*dict.fromkeys([*found.notes, *_remarks(found)])]
    return found


def _places(
    listed: Listing, root: Path, zone: tzinfo | None, roster: Roster | None, found: Collection
) -> tuple[dict[str, list[FoundFile]], dict[str, list[Owner]], bool]:
    """The files of each place, its owners, and whether the places are clones of repositories."""
    try:
        if container := read_container(root):
            return {root.name: listed.files}, {root.name: container}, False
    except ValueError as error:
        found.left_out.append(f"{CONTAINER_METADATA}: {error}; the files' own names are used")
    places = by_place(listed)
    single = {files[0].name for files in places.values() if files and len(files[0].parts) == 1}
    prefix = github_prefix(listed, root)
    download = Download(single, _metadata(listed, found), blackboard_names(listed), prefix, zone)
    owned = owners(places, download)
    name = root.resolve().parent.name if root.suffix.lower() in (".ipynb", ".py") else root.resolve().stem
    found.notes += give_owners(places, owned, listed.name or name, roster)
    if zone is None and any(owner.clock for group in owned.values() for owner in group):
        found.notes.append(HERE)
    return places, owned, bool(prefix)


def _metadata(listed: Listing, found: Collection) -> dict[str, list[Owner]]:
    """What Gradescope says about the places, if the file that says it is there and can be read."""
    file = next((file for file in listed.files if file.parts == (GRADESCOPE_METADATA,)), None)
    if file is None:
        return {}
    try:
        if file.path is None:
            raise ValueError(file.trouble)
        return read_export(file.path)
    except ValueError as error:
        found.left_out.append(f"{GRADESCOPE_METADATA}: {error}; the folders' own names are used")
        return {}


def _timed(
    candidates: Iterable[Candidate], sheets: Timesheets, roster: Roster | None, found: Collection
) -> list[Candidate]:
    """The candidates with the times of the platforms' tables; the collection takes what these say about deadlines."""
    candidates = [*candidates]
    if not sheets.sheets:
        return candidates
    sheets.check({candidate.submission.topic for candidate in candidates})
    timed = []
    for candidate in candidates:
        student, topic = candidate.key
        person = roster.named(student) if roster else None
        known = [*person.ids.items(), ("name", person.name)] if person else []
        clues = [*candidate.sender.owner.clues, *(clue for clue in known if clue[0] != "moodle")]
        stamp = sheets.find(topic, clues)
        if stamp and stamp.due:
            found.due[candidate.key] = stamp.due
        if stamp and stamp.submitted:
            submission = replace(candidate.submission, submitted=stamp.submitted.isoformat())
            candidate = replace(candidate, submission=submission)
        timed.append(candidate)
    return timed


def _sender(owner: Owner, roster: Roster | None, numbered: bool, found: Collection) -> Sender:
    """An owner with their name in the results."""
    if owner.odd:
        found.notes.append(f"{owner.label}: {owner.odd}")
    if roster is None:
        return Sender(owner, owner.label)
    clues = [clue for clue in owner.clues if numbered or clue[0] != "moodle"]
    person = roster.find_by_readings(owner.readings) if owner.readings else roster.find(clues)
    if person:
        return Sender(owner, person.student, owner.number in person.ids.values())
    label = f"{owner.label} (not on the roster)" if roster.named(owner.label) else owner.label
    found.notes.append(f"{label}: not on the roster; graded under this name")
    return Sender(owner, label)


def _told_apart(candidates: Iterable[Candidate], notes: list[str]) -> Iterator[Candidate]:
    """The candidates; where the names of two people fit one student of the roster, neither is taken for that student."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    candidates = [*candidates]
    for candidate in candidates:
        numbers[candidate.key] |= {candidate.sender.owner.number} - {""}
    for candidate in candidates:
        if len(numbers[candidate.key]) > 1 and not candidate.sender.by_id:
            owner, student = candidate.sender.owner, candidate.submission.student
            label = f"{owner.label} ({owner.number})"
            notes.append(f"{label}: not the only one who could be {student}; graded under this name")
            candidate = replace(candidate, submission=replace(candidate.submission, student=label))
        yield candidate


def _chosen(candidates: Iterable[Candidate]) -> Iterator[Submission]:
    """The notebook of each student and lesson that counts: the last by the platform's own time, else one by its name."""
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
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

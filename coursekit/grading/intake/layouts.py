"""Whose work a file is, by the name that a platform gave to what it let you download (`platform_names` has the patterns).

A *place* is what lies at the top of a download and belongs to somebody: a folder, a zip or a single file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from coursekit.grading.intake.archives import FoundFile, Listing
from coursekit.grading.intake.names import safe_name, spelled
from coursekit.grading.intake.platform_names import (
    BLACKBOARD,
    BLACKBOARD_NAME,
    BLACKBOARD_TIME,
    BRIGHTSPACE,
    CANVAS,
    GITHUB,
    GOOGLE,
    GRADESCOPE_METADATA,
    MOODLE,
    READING,
    TWO_READINGS,
    time_in,
)
from coursekit.grading.intake.topics import COPY_MARK, topic_named

NOT_WORK = re.compile(r"timestamp\.txt$|nnutils-progress")  # files that come with a notebook
WRAPPERS = re.compile(r"submissions?|submitted|assignment_\d+_export", re.IGNORECASE)
DRIVE_ZIP = re.compile(r"-\d{8}T\d{6}Z-\d+(-\d+)*$")  # what Google Drive adds to a folder's name
PATTERNS = (GOOGLE, BRIGHTSPACE, MOODLE, BLACKBOARD, CANVAS)  # of equals the last one holds
OF_FOLDERS = (MOODLE, BRIGHTSPACE)  # they have folders as well as single files
Clues = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Owner:
    """Who handed in a place, as its name says."""

    label: str  # their name in the results where no roster knows them
    clues: Clues  # as Roster.find takes them
    original: str = ""  # the file's own name, where the place is one file
    submitted: str | None = None
    clock: bool = False  # the time in the name has no zone
    downloaded: bool = False  # the times of the files are those of the download
    number: str = ""  # the platform's own id of the student
    upload: int = 0  # the platform's running number of the file
    readings: Clues = ()  # (name, Canvas' id), where the name can be read in several ways
    odd: str = ""  # what is odd about the name


@dataclass(frozen=True)
class Download:
    """What is known of a download besides the names of its places."""

    files: Collection[str] = ()  # the places that are single files
    gradescope: Mapping[str, list[Owner]] = field(default_factory=dict)
    blackboard: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # attempt → (name, user)
    prefix: str = ""  # of each folder's name, where GitHub Classroom made them
    zone: tzinfo | None = None  # of the times in names; None: this machine's


def unwrapped(listed: Listing, root: Path) -> Listing:
    """The listing without the one folder that holds everything, where that is not a student's."""
    tops = {file.parts[0] for file in listed.files} | {folder[0] for folder in listed.folders}
    submitted = "submitted" in tops and root.is_file()
    top = "submitted" if submitted else next(iter(tops), "")
    if not submitted and (len(tops) != 1 or not _is_wrapper(top, listed, root)):
        return listed
    files = [
        replace(file, parts=file.parts[1:])
        for file in listed.files
        if file.parts[0] == top and file.parts[1:]
    ]
    folders = {folder[1:] for folder in listed.folders if folder[0] == top and folder[1:]}
    inner = Listing(files, folders, listed.lines, of_nbgrader=submitted, name=top)
    return inner if submitted else unwrapped(inner, root)


def downloads_in(listed: Listing) -> list[str]:
    """The folders and zips at the top, if each of them holds what a platform gave of several students; else none.

    One student could make such a folder. So others beside it are taken for students, and it is, too.
    """
    below = {folder[0]: set[str]() for folder in listed.folders}
    for file in listed.files:
        if len(file.parts) > 1:
            below.setdefault(file.parts[0], set()).add(file.parts[1])
    return sorted(below) if all(map(_is_download, below.values())) else []


def _is_download(names: set[str]) -> bool:
    matches = [match for match in _matches(names, names).values() if match.re is not GOOGLE]
    return GRADESCOPE_METADATA in names or len({match["user"] for match in matches}) > 1


def by_place(listed: Listing) -> dict[str, list[FoundFile]]:
    """The files of each place."""
    places: dict[str, list[FoundFile]] = defaultdict(list, {folder[0]: [] for folder in listed.folders})
    for file in listed.files:
        if file.parts != (GRADESCOPE_METADATA,) and not (len(file.parts) == 1 and NOT_WORK.match(file.name)):
            places[file.parts[0]].append(file)
    for name in [name for name in places if (found := BLACKBOARD.fullmatch(name)) and not found["original"]]:
        del places[name]  # Blackboard's own note on an attempt
    if "index.html" in places and any(map(BRIGHTSPACE.fullmatch, places)):
        del places["index.html"]
    return places


def owners(places: Iterable[str], download: Download) -> dict[str, list[Owner]]:
    """Place → who handed it in; nobody where a file tells no name.

    Where several students of Moodle or Brightspace have the same name, their labels hold the number.
    """
    places = [*places]
    matches = _matches([place for place in places if place not in download.gradescope], download.files)
    named = {
        (match["name"], match["user"]) for match in matches.values() if match.re in (MOODLE, BRIGHTSPACE)
    }
    same_name = Counter(safe_name(name) for name, _ in named)
    found = {}
    for place in places:
        if place in download.gradescope:
            found[place] = download.gradescope[place]
        elif match := matches.get(place):
            found[place] = [_owner(match, place, same_name, download)]
        else:
            found[place] = [] if place in download.files else [_owner_of_folder(place, download.prefix)]
    return found


def _matches(places: Collection[str], files: Collection[str]) -> dict[str, re.Match[str]]:
    """Place → the match of its platform's pattern.

    A student can choose a file name that looks like another platform's. So the pattern that most places have comes first.
    """
    found: dict[re.Pattern[str], dict[str, re.Match[str]]] = {}
    for pattern in PATTERNS:
        fitting = [
            place
            for place in places
            if pattern in OF_FOLDERS or place in files or (place.endswith(".zip") and pattern is not GOOGLE)
        ]
        found[pattern] = {place: match for place in fitting if (match := pattern.fullmatch(place))}
    if all(match["user"].isdigit() and not match["name"] for match in found[CANVAS].values()):
        found[CANVAS] = {}  # a file name that begins with two numbers, such as 12_34_dropout.ipynb
    named = {place: match for place, match in found[GOOGLE].items() if _names_lesson(match)}
    if 2 * len(named) <= len(found[GOOGLE]):  # " - " is in the names of other files, too
        found[GOOGLE] = named
    order = sorted(PATTERNS, key=lambda pattern: len(found[pattern]))
    return {place: match for pattern in order for place, match in found[pattern].items()}


def github_prefix(listed: Listing, root: Path) -> str:
    """What GitHub Classroom put before each student's login: the assignment's name; empty if the folders are not its clones."""
    names = {folder[0] for folder in listed.folders}
    if match := GITHUB.fullmatch(listed.name or root.resolve().name):
        prefix = f"{match['assignment']}-"
        return prefix if names and all(name.startswith(prefix) for name in names) else ""
    if len(names) > 1 and names <= listed.clones:
        first, last = min(names), max(names)
        same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
        return first[: first.rfind("-", 0, same) + 1]
    return ""


def blackboard_names(listed: Listing) -> dict[str, tuple[str, str]]:
    """The name of an attempt up to its time → (name, user), as Blackboard's note on the attempt says."""
    found = {}
    for file in listed.files:
        match = BLACKBOARD.fullmatch(file.name) if len(file.parts) == 1 and file.path else None
        if match and not match["original"] and file.path:
            first = file.path.read_bytes()[:1000].decode("utf-8-sig", "replace").partition("\n")[0]
            name = BLACKBOARD_NAME.fullmatch(first.strip())
            attempt = file.name.removesuffix(".txt")
            if name and attempt[: match.start("word") - 1].endswith(f"_{name['user']}"):
                found[attempt] = (name["name"], name["user"])
    return found


def _is_wrapper(top: str, listed: Listing, root: Path) -> bool:
    """Whether the only folder at the top is the course's: by its name, or by what an LMS put directly into it."""
    if any(file.parts == (top,) for file in listed.files) or top.lower().endswith(".zip"):
        return False
    below = {file.parts[1] for file in listed.files if len(file.parts) > 1}
    if GRADESCOPE_METADATA in below or GITHUB.fullmatch(top) or _matches(below, below):
        return True
    stem = DRIVE_ZIP.sub("", COPY_MARK.sub("", root.stem))
    return root.is_file() and (stem == top or bool(WRAPPERS.fullmatch(top)))


def _names_lesson(match: re.Match[str]) -> bool:
    return topic_named(Path(match["original"]).stem) is not None


def _owner(match: re.Match[str], place: str, same_name: Counter[str], download: Download) -> Owner:
    if match.re is CANVAS:
        return _owner_of_canvas(match, place)
    if match.re is BLACKBOARD:
        return _owner_of_blackboard(match, place, download)
    name, original = match["name"], match["original"] or ""
    if match.re is GOOGLE:
        return Owner(safe_name(name), (("name", name),), original, downloaded=True)
    label, number = safe_name(name), match["user"]
    if same_name[label] > 1:
        label = safe_name(f"{name}_{number}")
    if match.re is BRIGHTSPACE:
        submitted = _isoformat(time_in(match["time"], download.zone))
        clues: Clues = (("brightspace", number), ("name", name))
        return Owner(label, clues, original, submitted, bool(submitted), downloaded=True, number=number)
    clues = (
        ("moodle", number),
        ("name", name),
        ("grouped", name),
    )  # the name may follow a group of the roster's
    return Owner(label, clues, original, downloaded=True, number=number)


def _owner_of_folder(place: str, prefix: str) -> Owner:
    stem = Path(place).stem if place.lower().endswith(".zip") else place
    name = spelled(stem)
    odd = "its name is not UTF-8" if name != unicodedata.normalize("NFC", stem) else ""
    label = name.removeprefix(prefix) or name
    return Owner(label, (("any", label),), downloaded=bool(prefix), odd=odd)


def _owner_of_blackboard(match: re.Match[str], place: str, download: Download) -> Owner:
    attempt = place[: match.end("time")]
    name, user = download.blackboard.get(attempt, ("", match["user"]))
    submitted = _isoformat(time_in(match["time"], download.zone, BLACKBOARD_TIME))
    clues = (("any", user), ("name", name))
    original = match["original"] or ""
    return Owner(safe_name(user), clues, original, submitted, bool(submitted), downloaded=True, number=user)


def _owner_of_canvas(match: re.Match[str], place: str) -> Owner:
    """Who a file of Canvas' is by. A student can choose a file name with numbers that look like somebody else's id."""
    name, user, upload = match["name"] or "", match["user"], int(match["file"])
    if TWO_READINGS.match(match["original"]):
        found = READING.finditer(place)
        readings = [(place[: read.start()].removesuffix("_LATE"), read["user"]) for read in found]
        return Owner(safe_name(place), (), place, downloaded=True, upload=upload, readings=tuple(readings))
    label = safe_name("_".join(filter(None, (name, user))))
    clues = (("canvas", user), ("squashed", name))
    return Owner(label, clues, match["original"], downloaded=True, number=user, upload=upload)


def _isoformat(time: datetime | None) -> str | None:
    return time.isoformat() if time else None

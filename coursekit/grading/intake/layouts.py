"""Whose work a file is: the names that Canvas, Moodle and Gradescope give to what they let you download.

Canvas (lib/content_zipper.rb): name_[LATE_]user_file_original, the name in lower case without spaces; anonymous:
[LATE_]anon_id_file_original. Moodle (mod/assign/classes/downloader.php): Full Name_number_assignsubmission_file, as a
folder or before the file's own name. Gradescope: submission_id/, and submission_metadata.yml says who and when.

A *place* is what lies at the top of a download and belongs to somebody: a folder, a zip or a single file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from coursekit.grading.intake.archives import FoundFile, Listing
from coursekit.grading.intake.names import safe_name, spelled
from coursekit.grading.intake.topics import COPY_MARK

CANVAS = re.compile(
    r"(?:(?P<name>(?!LATE_).+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_\w+?)_(?P<file>\d+)_(?P<original>.+)",
    re.DOTALL,
)
# Where a file's own name begins so, its first numbers may be the ids.
TWO_READINGS = re.compile(r"\d{3,}_|\d+_\d+_")
READING = re.compile(r"(?:^|_)(?=(?P<user>\d+)_\d+_)")
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<original>.*)", re.DOTALL)
GRADESCOPE = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"
MAX_METADATA = 100 << 20
NOT_WORK = re.compile(r"timestamp\.txt$|nnutils-progress")  # files that come with a notebook
WRAPPERS = re.compile(r"submissions?|submitted|assignment_\d+_export", re.IGNORECASE)
Clues = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Owner:
    """Who handed in a place, as its name says."""

    label: str  # their name in the results where no roster knows them
    clues: Clues  # as Roster.find takes them
    original: str = ""  # the file's own name, where the place is one file
    submitted: str | None = None
    downloaded: bool = False  # the times of the files are those of the download
    number: str = ""  # the platform's own number of the student
    upload: int = 0  # the platform's running number of the file
    readings: Clues = ()  # (name, Canvas' id), where the name can be read in several ways
    odd: str = ""  # what is odd about the name


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
    inner = Listing(files, folders, listed.lines, of_nbgrader=submitted)
    return inner if submitted else unwrapped(inner, root)


def by_place(listed: Listing) -> dict[str, list[FoundFile]]:
    """The files of each place."""
    places: dict[str, list[FoundFile]] = defaultdict(list, {folder[0]: [] for folder in listed.folders})
    for file in listed.files:
        if file.parts != (METADATA,) and not (len(file.parts) == 1 and NOT_WORK.match(file.name)):
            places[file.parts[0]].append(file)
    return places


def owners(
    places: Iterable[str], files: set[str], metadata: Mapping[str, list[Owner]]
) -> dict[str, list[Owner]]:
    """Place → who handed it in; nobody where a file tells no name. `files` are the places that are single files.

    Where several students of Moodle have the same name, their labels hold the number.
    """
    places = list(places)
    moodle = {place: match for place in places if (match := MOODLE.fullmatch(place))}
    numbers = {(match["name"], match["number"]) for match in moodle.values()}
    same_name = Counter(safe_name(name) for name, _ in numbers)
    found: dict[str, list[Owner]] = {}
    for place in places:
        if place in metadata:
            found[place] = metadata[place]
        elif match := moodle.get(place):
            found[place] = [_owner_of_moodle(match, same_name)]
        else:
            found[place] = _owners_by_name(place, place in files)
    return found


def read_metadata(file: Path) -> dict[str, list[Owner]]:
    """Gradescope's submission_metadata.yml: folder → its submitters.

    Raises
    ------
    ValueError: it cannot be read.
    """
    try:
        if file.stat().st_size > MAX_METADATA:
            raise ValueError(f"it has more than {MAX_METADATA >> 20} MB")
        data = yaml.load(file.read_bytes(), _Loader)
    except (OSError, yaml.YAMLError, RecursionError, UnicodeError) as error:
        raise ValueError(f"it cannot be read ({str(error).splitlines()[0]})") from None
    if not isinstance(data, dict):
        raise ValueError("it holds no submissions")
    return {str(place): _submitters(entry) for place, entry in data.items() if isinstance(entry, dict)}


def _is_wrapper(top: str, listed: Listing, root: Path) -> bool:
    """Whether the only folder at the top is the course's: by its name, or by what an LMS put directly into it."""
    if any(file.parts == (top,) for file in listed.files) or top.lower().endswith(".zip"):
        return False
    below = {file.parts[1] for file in listed.files if len(file.parts) > 1}
    if any(name == METADATA or MOODLE.fullmatch(name) or CANVAS.fullmatch(name) for name in below):
        return True
    return root.is_file() and (COPY_MARK.sub("", root.stem) == top or bool(WRAPPERS.fullmatch(top)))


def _owners_by_name(place: str, is_file: bool) -> list[Owner]:
    is_zip = place.lower().endswith(".zip")
    canvas = CANVAS.fullmatch(place) if is_file or is_zip else None
    if canvas or is_file:
        return [_owner_of_canvas(canvas, place)] if canvas else []
    stem = Path(place).stem if is_zip else place
    name = spelled(stem)
    odd = "its name is not UTF-8" if name != unicodedata.normalize("NFC", stem) else ""
    return [Owner(name, (("any", name),), odd=odd)]


def _owner_of_canvas(match: re.Match[str], place: str) -> Owner:
    """Who a file of Canvas' is by. A student can choose a file name with numbers that look like somebody else's id."""
    name, user, upload = match["name"] or "", match["user"], int(match["file"])
    if TWO_READINGS.match(match["original"]):
        found = READING.finditer(place)
        readings = [(place[: read.start()].removesuffix("_LATE"), read["user"]) for read in found]
        return Owner(safe_name(place), (), place, None, True, "", upload, tuple(readings))
    label = safe_name("_".join(filter(None, (name, user))))
    return Owner(label, (("canvas", user), ("squashed", name)), match["original"], None, True, user, upload)


def _owner_of_moodle(match: re.Match[str], same_name: Counter[str]) -> Owner:
    """Who a place of Moodle's is by: the number, else the whole name, else the name after a group of the roster's."""
    name, number = match["name"], match["number"]
    label = safe_name(name)
    if same_name[label] > 1:
        label = safe_name(f"{name}_{number}")
    clues = (("moodle", number), ("name", name), ("grouped", name))
    return Owner(label, clues, match["original"], None, True, number)


def _submitters(entry: dict[Any, Any]) -> list[Owner]:
    submitted, people = _moment(entry.get(":created_at")), entry.get(":submitters")
    found = []
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            name, sid, email = (str(person.get(key) or "").strip() for key in (":name", ":sid", ":email"))
            clues = (("sis", sid), ("student", sid), ("email", email), ("login", email), ("name", name))
            if label := sid or email or name:
                found.append(Owner(safe_name(label), clues, submitted=submitted, downloaded=True))
    return found


def _moment(value: Any) -> str | None:
    if isinstance(value, datetime):  # YAML's times without a zone are UTC
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.isoformat() if moment.tzinfo else None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain values alone; of Ruby's own objects, the values in them."""


def _plain(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plain)

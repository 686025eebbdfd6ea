"""Whose work a place is: the names that Canvas, Moodle and Gradescope give to what they let you download.

Canvas (lib/content_zipper.rb): name_[LATE_]user_file_original, the name in lower case without spaces; anonymous:
[LATE_]anon_id_file_original. Moodle (mod/assign/classes/downloader.php): Full Name_number_assignsubmission_file, as a
folder or before the file's own name. Gradescope: submission_id/, and submission_metadata.yml says who and when.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from coursekit.grading.intake.names import safe_name, spelled

CANVAS = re.compile(
    r"(?:(?P<name>(?!LATE_).+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_\w+?)_(?P<file>\d+)_(?P<original>.+)",
    re.DOTALL,
)
TWO_READINGS = re.compile(
    r"\d{3,}_|\d+_\d+_"
)  # where a file's own name begins so, its first numbers may be the ids
READING = re.compile(r"(?:^|_)(?=(?P<user>\d+)_\d+_)")
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<original>.*)", re.DOTALL)
GRADESCOPE = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"
MAX_METADATA = 100 << 20


@dataclass(frozen=True)
class Owner:
    """Who handed a place in, as its name tells."""

    label: str  # what they are called where no roster knows them
    clues: tuple[tuple[str, str], ...]  # as Roster.find takes them
    original: str = ""  # the file's own name, where the place is one file
    submitted: str | None = None
    downloaded: bool = False  # the times of its files are those of the download
    number: str = ""  # the platform's own number of the student
    upload: int = 0  # the platform's running number of the file
    readings: tuple[
        tuple[str, str], ...
    ] = ()  # (name, Canvas' id), where a file's name can be read in several ways
    odd: str = ""  # what is odd about the name


@dataclass(frozen=True)
class CanvasName:
    """What Canvas' name for a file says."""

    name: str
    user: str
    late: bool
    original: str
    file: int


def canvas_name(file: str) -> CanvasName | None:
    """What a file name says, if it is one of Canvas'."""
    said = CANVAS.fullmatch(file)
    if said is None:
        return None
    return CanvasName(
        said["name"] or "", said["user"], bool(said["late"]), said["original"], int(said["file"])
    )


def owners(
    places: Iterable[str], files: set[str], metadata: Mapping[str, list[Owner]]
) -> dict[str, list[Owner]]:
    """Place → who handed it in; nobody where a file tells no name. `files` are the places that are single files."""
    found = {place: _of_place(place, place in files, metadata) for place in places}
    return _told_apart(found)


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


def _of_place(place: str, is_file: bool, metadata: Mapping[str, list[Owner]]) -> list[Owner]:
    if place in metadata:
        return metadata[place]
    if said := MOODLE.fullmatch(place):
        return [_of_moodle(said)]
    if is_file:
        canvas = canvas_name(place)
        return [_of_canvas(canvas, place)] if canvas else []
    stem = Path(place).stem if place.lower().endswith(".zip") else place
    canvas = canvas_name(place) if stem != place else None
    if canvas:
        return [_of_canvas(canvas, place)]
    odd = "its name is not UTF-8" if spelled(stem) != unicodedata.normalize("NFC", stem) else ""
    return [Owner(spelled(stem), (("any", spelled(stem)),), odd=odd)]


def _of_canvas(said: CanvasName, place: str) -> Owner:
    """Who a file of Canvas' is by. A name with numbers in it could be chosen to be read as somebody else's number."""
    if TWO_READINGS.match(said.original):
        readings = [
            (place[: one.start()].removesuffix("_LATE"), one["user"]) for one in READING.finditer(place)
        ]
        return Owner(safe_name(place), (), place, None, True, "", said.file, tuple(readings))
    label = safe_name("_".join(filter(None, (said.name, said.user))))
    clues = (("canvas", said.user), ("squashed", said.name))
    return Owner(label, clues, said.original, None, True, said.user, said.file)


def _of_moodle(said: re.Match[str]) -> Owner:
    """Who a place of Moodle's is by: the number, else the whole name, else the name after a group of the roster's."""
    name, number = said["name"], said["number"]
    clues = (("moodle", number), ("name", name), ("grouped", name))
    return Owner(safe_name(name), clues, said["original"] or "", None, True, number)


def _told_apart(found: dict[str, list[Owner]]) -> dict[str, list[Owner]]:
    """Moodle's places, with the number where a name is borne by several."""
    numbers = {(said["name"], said["number"]) for place in found if (said := MOODLE.fullmatch(place))}
    names = Counter(safe_name(name) for name, _ in numbers)
    for place, those in found.items():
        said = MOODLE.fullmatch(place)
        if said and those and names[those[0].label] > 1:
            found[place] = [replace(those[0], label=safe_name(f"{said['name']}_{said['number']}"))]
    return found


def _submitters(entry: dict[Any, Any]) -> list[Owner]:
    submitted = _moment(entry.get(":created_at"))
    listed = entry.get(":submitters")
    people = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [owner for owner in (_submitter(one, submitted) for one in people) if owner]


def _submitter(one: dict[Any, Any], submitted: str | None) -> Owner | None:
    name, sid, email = (str(one.get(key) or "").strip() for key in (":name", ":sid", ":email"))
    label = sid or email or name
    clues = (("sis", sid), ("student", sid), ("email", email), ("login", email), ("name", name))
    return Owner(safe_name(label), clues, submitted=submitted, downloaded=True) if label else None


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

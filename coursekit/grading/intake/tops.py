"""The places at the top of what was handed in, without the folder that only wraps them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from coursekit.grading.intake import layouts
from coursekit.grading.intake.archives import Found, Listing
from coursekit.grading.intake.topics import COPY_MARK

NOT_WORK = re.compile(r"timestamp\.txt$|nnutils-progress")  # what comes along with a notebook
WRAPPERS = re.compile(r"submissions?|submitted|assignment_\d+_export", re.IGNORECASE)


def unwrapped(listed: Listing, root: Path) -> Listing:
    """The listing without the one folder that holds everything, where that is no student's."""
    tops = {one.parts[0] for one in listed.files} | {one[0] for one in listed.folders}
    top = next(iter(tops), "")
    submitted = "submitted" in tops and root.is_file()
    if not submitted and (len(tops) != 1 or not _wraps(top, listed, root)):
        return listed
    top = "submitted" if submitted else top
    files = [
        replace(one, parts=one.parts[1:]) for one in listed.files if one.parts[0] == top and one.parts[1:]
    ]
    folders = {one[1:] for one in listed.folders if one[0] == top and one[1:]}
    inner = Listing(files, folders, listed.lines, of_nbgrader=submitted)
    return unwrapped(inner, root) if not submitted else inner


def _wraps(top: str, listed: Listing, root: Path) -> bool:
    """Whether the only folder at the top is the course's: by its name, or by what an LMS put right below it."""
    if any(one.parts == (top,) for one in listed.files) or top.lower().endswith(".zip"):
        return False
    below = {one.parts[1] for one in listed.files if len(one.parts) > 1}
    lms = any(
        one == layouts.METADATA or layouts.MOODLE.fullmatch(one) or layouts.canvas_name(one) for one in below
    )
    named = root.is_file() and COPY_MARK.sub("", root.stem) == top
    return bool(lms or named or (root.is_file() and WRAPPERS.fullmatch(top)))


def by_place(listed: Listing) -> dict[str, list[Found]]:
    """The files by what lies at the top: a folder, a zip or a single file."""
    places: dict[str, list[Found]] = defaultdict(list)
    for one in listed.folders:
        places[one[0]] = []
    for file in listed.files:
        if file.parts != (layouts.METADATA,) and not (len(file.parts) == 1 and NOT_WORK.match(file.name)):
            places[file.parts[0]].append(file)
    return places

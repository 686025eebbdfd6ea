"""Notebooks that lie side by side, without a folder for each student: whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.intake.archives import NOTEBOOKS, FoundFile
from coursekit.grading.intake.layouts import Owner
from coursekit.grading.intake.names import safe_name
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import besides_lesson, topic_named, topic_numbered, topic_within
from nnutils.words import counted, listed

MOST = 5  # names in a message


def give_owners(
    places: dict[str, list[FoundFile]], owners: dict[str, list[Owner]], name: str, roster: Roster | None
) -> Iterator[str]:
    """Give an owner to each notebook that lies loose, where no folder or platform's name tells one; a line that says so.

    Several notebooks of one lesson are of several students: each is called as the rest of its file's name. Otherwise all are one
    student's, who is called as the folder, `name`, unless the roster knows the rest of a file's name.
    """
    loose = {
        place: files[0]
        for place, files in places.items()
        if not owners[place] and files and len(files[0].parts) == 1 and files[0].suffix in NOTEBOOKS
    }
    held = {
        place
        for place, files in places.items()
        if owners[place] and any(file.suffix in NOTEBOOKS for file in files)
    }
    copies = {place for place in held if any(_of_google(owner) for owner in owners[place])}
    if not loose or held - copies:
        return
    lessons = Counter((_lesson(file), file.suffix) for file in loose.values())
    several = bool(copies) or any(count > 1 for (lesson, _), count in lessons.items() if lesson)
    for place, file in loose.items():
        rest = safe_name(besides_lesson(Path(file.name).stem) or Path(file.name).stem)
        label = rest if several or (roster and roster.find([("any", rest)])) else safe_name(name)
        owners[place] = [Owner(label, (("any", label),), file.name)]
    students = [*dict.fromkeys(owners[place][0].label for place in loose)]
    whose = f"{listed(students[:MOST])}{' and others' if students[MOST:] else ''}, as their names say"
    if not several and len(students) == 1:
        whose = f"one student, {students[0]}"
    notebooks = counted(len(loose), "notebook")
    yield f"{notebooks} without a folder for each student: graded as the work of {whose}"


def _of_google(owner: Owner) -> bool:
    return bool(owner.original) and not owner.number and not owner.readings


def _lesson(file: FoundFile) -> str | None:
    stem = Path(file.name).stem
    return topic_named(stem) or (topic_within(file.path) if file.path else None) or topic_numbered(stem)

"""The pages of feedback as platforms take them back in bulk: a zip a lesson for Moodle or Canvas, and one of all pages.

Moodle (mod/assign/feedback/file/importziplib.php): Full name_number_assignsubmission_file/any name; the number is the
participant's, as in the download. Canvas (infer_comment_context_from_filename in app/models/abstract_assignment.rb): the
names of the download; the first two numbers in a name are the student's and the file's. Canvas shows what it gets under the
name of the file that was handed in, so that feedback on a notebook has to be a notebook.
"""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from coursekit.grading.intake.names import page_name
from coursekit.grading.intake.platform_names import CANVAS, MOODLE
from coursekit.grading.intake.topics import file_name
from coursekit.grading.outputs.shared import lines
from coursekit.grading.pages.page import title_of
from coursekit.grading.result import Mark, number
from nnutils.files import replacing

DATE = (1980, 1, 1, 0, 0, 0)  # the same marks make the same zip


def write_zips(out: Path, marks: Iterable[Mark]) -> list[Path]:
    """Write out/feedback.zip, and of each lesson what Moodle or Canvas takes, from the pages in out/feedback; the files.

    Raises
    ------
    OSError: a page or a zip cannot be read or written.
    """
    with contextlib.ExitStack() as stack:
        zips: dict[str, zipfile.ZipFile] = {}
        told = set[str]()
        for mark in marks:
            page = out / "feedback" / f"{page_name(mark.student)}.html"
            if not page.is_file():
                continue
            members = {**_of_platforms(mark, page)}
            if page.name not in told:
                told.add(page.name)
                members["feedback.zip", page.name] = page.read_bytes()
            for (name, member), content in members.items():
                if name not in zips:
                    part = stack.enter_context(replacing(out / name))
                    zips[name] = stack.enter_context(zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED))
                if member not in zips[name].NameToInfo:
                    zips[name].writestr(zipfile.ZipInfo(member, DATE), content, zipfile.ZIP_DEFLATED)
    return [out / name for name in sorted(zips)]


def _of_platforms(mark: Mark, page: Path) -> dict[tuple[str, str], bytes]:
    """(zip, member) → content, from the name under which the platform had handed out the file."""
    lesson = file_name(mark.lesson)
    for part in PurePosixPath(mark.result.file).parts:
        if found := MOODLE.fullmatch(part):
            folder = f"{found['name']}_{found['user']}_assignsubmission_file"
            return {(f"feedback-moodle-{lesson}.zip", f"{folder}/feedback_{lesson}.html"): page.read_bytes()}
        if CANVAS.fullmatch(part):
            return {(f"feedback-canvas-{lesson}.zip", part): _in_the_form_of(part, mark, page)}
    return {}


def _in_the_form_of(name: str, mark: Mark, page: Path) -> bytes:
    """The feedback as a notebook where the file that was handed in is one, else the page."""
    if not name.endswith(".ipynb"):
        return page.read_bytes()
    title = f"# Feedback: {title_of(mark.lesson)}\n\n**{number(mark.points) or '0'} of {mark.max} points**\n"
    rows = [title, *(f"\n- {line}" for line in lines(mark))]
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": rows}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()

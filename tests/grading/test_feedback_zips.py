"""Feedback in bulk: zips whose names the platforms know, with what is on a student's page."""

import json
import re
import zipfile

import pytest

from coursekit.grading.outputs.feedback_zips import write_zips
from coursekit.grading.pages.feedback import write_feedback

from .made import mark

LESSON = "00_start_here"


@pytest.fixture
def zips(tmp_path):
    """Write the pages and the zips of marks; name of the zip → its members, as (name, content)."""

    def of(*marks):
        for one in marks:
            write_feedback(tmp_path / "feedback", one.student, [one])
        found = {}
        for file in write_zips(tmp_path, marks):
            with zipfile.ZipFile(file) as opened:
                found[file.name] = {name: opened.read(name) for name in opened.namelist()}
        return found

    return of


def test_moodle_gets_a_page_in_the_folder_that_it_named(zips):
    """As importziplib.php reads it: the parts between underscores are name, participant, type and name of a plugin."""
    folder = "Ann Smith_4711_assignsubmission_file"
    before = "Bob Öz_4712_assignsubmission_file_00_start_here.ipynb"  # as older releases hand out
    found = zips(
        mark("ann", file=f"ann/{folder}_/work/00_start_here.ipynb"), mark("bob", file=f"bob/{before}")
    )
    members = found[f"feedback-moodle-{LESSON}.zip"]
    assert [*members] == [
        f"{folder}/feedback_{LESSON}.html",
        f"Bob Öz_4712_assignsubmission_file/feedback_{LESSON}.html",
    ]
    for member, number in zip(members, ("4711", "4712"), strict=True):
        _, participant, kind, plugin = member.partition("/")[0].split("_", 4)
        assert (participant, kind, plugin) == (number, "assignsubmission", "file")
    assert b"Feedback for ann" in members[f"{folder}/feedback_{LESSON}.html"]


def test_canvas_gets_a_notebook_under_the_name_of_its_download(zips):
    """As Canvas reads it: the first two numbers are the user's and the attachment's."""
    name = "smithann_LATE_9005_70009_00_start_here-1.ipynb"
    members = zips(mark("ann", 0.5, file=f"ann/{name}"))[f"feedback-canvas-{LESSON}.zip"]
    assert [*members] == [name]
    assert [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2] == ["9005", "70009"]
    (cell,) = json.loads(members[name])["cells"]
    text = "".join(cell["source"])
    assert "0.5 of 3 points" in text
    assert "- feature_means: partly right, 0.5 of 1." in text
    assert "A row is an example & not <a feature>." in text


def test_a_page_where_the_file_was_no_notebook(zips):
    members = zips(mark("ann", file="ann/smithann_9005_70009_00_start_here.zip"))
    assert b"<html" in members[f"feedback-canvas-{LESSON}.zip"]["smithann_9005_70009_00_start_here.zip"]


def test_all_pages_are_in_one_zip_each_once(zips):
    found = zips(mark("ann"), mark("ann", lesson="dropout"), mark("bob"))
    assert [*found] == ["feedback.zip"]
    assert [*found["feedback.zip"]] == ["ann.html", "bob.html"]


def test_the_same_marks_make_the_same_zips(zips, tmp_path):
    zips(mark("ann"))
    before = (tmp_path / "feedback.zip").read_bytes()
    zips(mark("ann"))
    assert (tmp_path / "feedback.zip").read_bytes() == before


def test_nothing_is_left_behind_where_a_page_cannot_be_read(zips, tmp_path):
    (tmp_path / "feedback").mkdir()
    assert write_zips(tmp_path, [mark("ann")]) == []
    assert not [*tmp_path.glob("*.zip")]

"""What is handed in instead of a notebook: it counts once, its student is named, and it is not "nothing"."""

import pytest

from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.roster import read_roster

from .made import table, zipped

PAGE = "<!doctype html><html></html>"


@pytest.fixture
def found(tmp_path):
    """Collect a zip: what is found in it."""

    def run(content, roster=None):
        return collect(zipped(tmp_path / "in.zip", content), tmp_path / "unpacked", roster)

    return run


def _rows(found):
    return [(one.student, one.topic, one.path.name) for one in found.submissions]


def test_a_page_instead_of_a_notebook_is_a_submission_that_cannot_be_read(found):
    content = {
        "ann/04_dropout.ipynb": "{}",
        "bob/04_dropout.html": PAGE,
        "eve/print.pdf": "%PDF",
        "eve/x.csv": "1",
    }
    both = found(content)
    assert _rows(both)[1:] == [("bob", "dropout", "04_dropout.html"), ("eve", "dropout", "print.pdf")]
    assert both.left_out == [] and both.unread == {}  # the worker says why, in one line


def test_a_page_beside_the_notebook_is_not_looked_at(found):
    both = found({"ann/04_dropout.ipynb": "{}", "ann/04_dropout.html": PAGE})
    assert len(both.submissions) == 1 and both.left_out == [
        "ann: left out what is no notebook: 04_dropout.html"
    ]


def test_without_a_lesson_it_gets_one_line_with_the_student(found, tmp_path):
    """Of several lessons nothing tells which one was meant."""
    roster = read_roster(table(tmp_path / "r.csv", "login,ID", "ann,101", "bob,102"))
    content = {f"ann_101_{i}_{name}.ipynb": "{}" for i, name in enumerate(("04_dropout", "00_start_here"))}
    both = found(content | {"bob_102_7_homework.html": PAGE}, roster)
    assert both.students == ["ann"]
    assert both.left_out == [
        "bob: left out what is no notebook of a lesson: bob_102_7_homework.html (the file is an HTML page: hand in the "
        "notebook itself (File, Download), and not the page that shows it)"
    ]
    assert both.unread == {"bob": both.left_out}


def test_a_cut_notebook_without_the_lessons_name_counts_for_the_only_lesson(found):
    both = found(
        {"ann/04_dropout.ipynb": "{}", "bob/homework.ipynb": '{"cells": [', "eve/notes.txt": "hello"}
    )
    assert _rows(both)[1:] == [("bob", "dropout", "homework.ipynb")]
    assert [line.partition(":")[0] for line in both.left_out] == ["eve"]


def test_the_texts_of_moodles_editor_are_one_line_for_the_class(found):
    content = {f"A{i}_{i}_assignsubmission_file/04_dropout.ipynb": "{}" for i in range(9)}
    content |= {f"A{i}_{i}_assignsubmission_onlinetext/onlinetext.html": "<p>" for i in range(10)}
    both = found(content)
    assert len(both.submissions) == 10 and _rows(both)[-1] == ("A9", "dropout", "onlinetext.html")
    assert both.left_out == ["9 texts of Moodle's editor left out (online text): notebooks are files"]


def test_a_name_cannot_make_somebody_elses_file(found, tmp_path):
    """On each platform a student chooses a file name that is another platform's for somebody else."""
    roster = read_roster(
        table(tmp_path / "r.csv", "login,ID,Identifier,name", "ann,101,1,A", "eve,102,2,eve", "bob,103,3,bob")
    )
    other = "x_ann_attempt_2026-11-01-00-00-00_04_dropout.ipynb"
    canvas = {f"eve_102_5_{other}": "{}", "bob_103_6_04_dropout.ipynb": "{}"}
    assert found(canvas, roster).students == ["bob", "eve"]
    names = {"eve": "ann_101_9_04_dropout.ipynb", "bob": "x_1_assignsubmission_file_04_dropout.ipynb"}
    names |= {"zoe": "04_dropout.ipynb"}
    blackboard = {f"HW_{who}_attempt_2026-11-30-00-00-00_{name}": "{}" for who, name in names.items()}
    assert found(blackboard, roster).students == ["bob", "eve", "zoe"]
    brightspace = {
        f"{len(name)}-9 - {who} - Nov 30, 2026 602 PM - {name}": "{}" for who, name in names.items()
    }
    assert found(brightspace, roster).students == ["bob", "eve", "zoe"]

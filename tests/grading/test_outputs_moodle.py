"""Moodle's grading worksheet and its grade import."""

import csv

import pytest

from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs import BadOutput, moodle

from .made import mark, table

SHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments",
    'Participant 11,Ann Smith,ann@x.org,Submitted,,3.00,Yes,"Monday, 2 December 2026, 1:05 PM",-,',
    "Participant 12,Dan Poe,dan@x.org,No submission,,3.00,Yes,-,-,by hand",
    "Participant 13,=Al Po,,Submitted,2,3.00,Yes,-,-,",
)


@pytest.fixture
def fill(tmp_path):
    def run(*marks, sheet=SHEET, lesson=None, roster=None):
        said = []
        source = table(tmp_path / "sheet.csv", *sheet)
        (file,) = moodle.write(tmp_path, lesson, source, marks, roster, said.append)
        with file.open(encoding="utf-8", newline="") as text:
            return file.name, [*csv.DictReader(text)], said

    return run


def test_grades_and_comments_are_filled_in_and_the_rest_stays(fill):
    name, rows, said = fill(mark("Ann Smith", 0.5), mark("dan@x.org"))
    assert name == "moodle-00_start_here.csv" and not said
    assert [row["Grade"] for row in rows] == ["0.5", "1", "2"]
    assert rows[0]["Feedback comments"].split("<br>") == [
        "feature_means: partly right, 0.5 of 1.",
        "what_is_a_row: failed, 0 of 1. A row is an example &amp; not &lt;a feature&gt;.",
        "what_failed: not attempted, 0 of 1.",
    ]
    assert rows[1]["Feedback comments"] == "by hand"
    assert rows[2]["Full name"] == "'=Al Po" and rows[2]["Last modified (grade)"] == "-"
    assert rows[0]["Last modified (submission)"] == "Monday, 2 December 2026, 1:05 PM"


def test_a_number_of_another_assignment_is_nobody(fill, tmp_path):
    """Moodle numbers participants anew in each assignment, so a number alone means nobody, or somebody else."""
    _, rows, said = fill(mark("Ann Smith_11", 0.5), mark("Dan Poe_11", 0.25))
    assert rows[0]["Grade"] == "0.5" and rows[1]["Grade"] == "" and "Dan Poe_11: not in sheet.csv" in said[0]
    roster = read_roster(
        table(
            tmp_path / "r.csv", "Identifier,Full name", "Participant 12,Ann Smith", "Participant 11,Dan Poe"
        )
    )
    _, rows, _ = fill(mark("Participant 12", 0.5), roster=roster)
    assert [row["Grade"] for row in rows] == ["0.5", "", "2"]


def test_blind_marking_goes_by_the_number(fill):
    blind = ["Identifier,Status,Grade,Last modified (grade)", "Participant 11,x,,-", "Participant 12,x,,-"]
    _, rows, _ = fill(mark("Participant 12", 0.5), mark("Participant_11", 0.25), sheet=blind)
    assert [row["Grade"] for row in rows] == ["0.25", "0.5"]


def test_another_maximum_is_scaled_and_said(fill):
    sheet = [line.replace("3.00", "100.00") for line in SHEET]
    _, rows, said = fill(mark("Ann Smith", 1.0), sheet=sheet)
    assert rows[0]["Grade"] == "33.33"
    assert said == ["sheet.csv: the maximum is 100 in Moodle and 3 here; grades are scaled to Moodle's"]


def test_the_lesson_must_be_clear(fill):
    with pytest.raises(BadOutput, match="there are 2 lessons: say whose worksheet it is, as --moodle 4="):
        fill(mark("a"), mark("a", lesson="dropout"))
    name, rows, _ = fill(mark("Ann Smith", 0.5), mark("Ann Smith", lesson="dropout"), lesson="dropout")
    assert name == "moodle-04_dropout.csv" and rows[0]["Grade"] == "1"


def test_what_was_applied_stands_first_in_the_comment(fill):
    one = mark("Ann Smith", problem="the file is damaged")
    _, rows, _ = fill(one)
    assert rows[0]["Feedback comments"].startswith("The file is damaged.<br>feature_means")


def test_the_grade_import_has_a_column_for_each_lesson(tmp_path):
    roster = read_roster(
        table(tmp_path / "r.csv", "Username,Full name,Email address", "ann,Ann Smith,ann@x.org")
    )
    marks = [mark("ann", 0.5), mark("ann", lesson="dropout"), mark("=zoe", 0.25)]
    (file,) = moodle.write_import(tmp_path / "moodle.csv", marks, roster)
    with file.open(encoding="utf-8", newline="") as text:
        rows = [*csv.reader(text)]
    assert rows == [
        ["Student", "Full name", "Username", "Email address", "00_start_here", "04_dropout"],
        ["ann", "Ann Smith", "ann", "ann@x.org", "0.5", "1"],
        ["'=zoe", "", "", "", "0.25", ""],
    ]

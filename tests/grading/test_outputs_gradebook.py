"""The gradebooks of Blackboard and Brightspace, and any table of students, filled in."""

import csv

import pytest

from coursekit.grading import outputs
from coursekit.grading.csvfile import BadTable, read_table
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs import BadOutput, gradebook
from coursekit.grading.outputs.gradebook import BLACKBOARD, BRIGHTSPACE, SHEET
from coursekit.grading.outputs.shared import UNLESS
from coursekit.grading.policy import Course

from .made import mark, options, table

ULTRA = (
    '"Last Name","First Name","Username","Student ID","Last Access","Availability",'
    '"Lesson 00 [Total Pts: 6 Score] |664617","Quiz [Total Pts: 10 Score] |664618","Overall [Total Pts: up to 16 Score] |1"',
    '"van der Berg","Pieter","pberg","","2026-11-30","Yes","","9","9"',
    '"Smith","Ann","asmith","S2","","Yes","1","","1"',
    '"=cmd()","Bob","bob","S3","","Yes","Needs Grading","",""',
)
D2L = (
    "OrgDefinedId,Username,Last Name,First Name,Email,00_start_here Points Grade <Numeric MaxPoints:3 Weight:10>,"
    "Quiz Points Grade <Numeric MaxPoints:5>,End-of-Line Indicator",
    "#101,#asmith,Smith,Ann,a@x.org,,4,#",
    "#102,#dpoe,Poe,Dan,d@x.org,2,,#",
)
CLASSROOM = (
    "Last Name,First Name,Email Address,Attendance,Lesson 00",
    "Smith,Ann,ann@x.org,-3,",
    "Class average,,,,2.1",
    "=Poe,Dan,dan@x.org,1,2",
)


@pytest.fixture
def fill(tmp_path):
    """Fill a table in: the rows that come out, and what was said."""

    def run(form, lines, *marks, columns=(), roster=None, encoding="utf-8"):
        said = []
        source = table(tmp_path / "export.csv", *lines, encoding=encoding)
        gradebook.check(form, read_table(source), dict(columns))
        (file,) = gradebook.write(
            form, tmp_path / "out.csv", source, marks, roster, dict(columns), said.append
        )
        read = read_table(file)
        return [[*read.header], *([*row] for _, row in read.rows)], said

    return run


def test_blackboard_finds_its_columns_by_their_ids(fill, tmp_path):
    rows, said = fill(BLACKBOARD, ULTRA, mark("pberg", 0.5), mark("asmith"), mark("nobody"))
    assert rows == [
        ["Last Name", "First Name", "Username", "Student ID", "Lesson 00 [Total Pts: 6 Score] |664617"],
        ["van der Berg", "Pieter", "pberg", "", "1"],
        ["Smith", "Ann", "asmith", "S2", "2"],
        ["'=cmd()", "Bob", "bob", "S3", "Needs Grading"],
    ]
    name = "Lesson 00 [Total Pts: 6 Score] |664617"
    assert said == [
        "nobody: not in export.csv; the mark of 00_start_here is not in out.csv",
        f"{name}: has 6 points in Blackboard and 3 here; marks are scaled to those",
        f"{name}: 1 mark of export.csv replaced (1 → 2). To keep a mark given by hand, use --adjust",
    ]
    text = (tmp_path / "out.csv").read_text()
    assert text.startswith('"Last Name","First Name"')  # every cell stands in quotes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_blackboards_tabs_and_encoding_stay(fill, tmp_path, encoding):
    lines = ["\t".join(next(csv.reader([line]))) for line in ULTRA]
    rows, _ = fill(BLACKBOARD, lines, mark("asmith"), encoding=encoding)
    assert rows[2][-1] == "2" and "\t" in (tmp_path / "out.csv").read_text(encoding)


def test_blackboard_makes_a_column_of_a_title(fill):
    rows, said = fill(BLACKBOARD, ULTRA, mark("asmith", lesson="dropout"))
    assert [row[-1] for row in rows] == ["04_dropout", "", "1", ""]
    assert said == [
        "04_dropout: no column of export.csv is called so. Blackboard will make a new one" + UNLESS
    ]


def test_a_calculated_column_is_never_taken_and_a_letter_is_refused(fill):
    with pytest.raises(BadOutput, match="has no column 'Overall'"):
        fill(BLACKBOARD, ULTRA, mark("asmith"), columns={"start_here": "Overall"})
    letters = [line.replace("6 Score", "6 Letter") for line in ULTRA]
    with pytest.raises(BadOutput, match="shows no points: set it to Score in Blackboard"):
        fill(BLACKBOARD, letters, mark("asmith"))


def test_brightspace_gets_its_ids_and_its_end_of_line(fill):
    rows, said = fill(BRIGHTSPACE, D2L, mark("asmith", 0.5), mark("102"), mark("asmith", lesson="dropout"))
    assert rows == [
        [
            "OrgDefinedId", "Username", "00_start_here Points Grade <Numeric MaxPoints:3 Weight:10>",
            "04_dropout Points Grade <Numeric MaxPoints:3>", "End-of-Line Indicator",
        ],
        ["#101", "#asmith", "0.5", "1", "#"],
        ["#102", "#dpoe", "1", "", "#"],
    ]  # fmt: skip
    assert (
        "1 mark of export.csv replaced (2 → 1)" in said[-1] and "Brightspace will make a new one" in said[0]
    )


def test_brightspace_with_one_key_only(fill):
    lines = ["OrgDefinedId,End-of-Line Indicator", "#101,#", "#102,#"]
    rows, _ = fill(BRIGHTSPACE, lines, mark("102", 0.5))
    assert rows[0][1] == "00_start_here Points Grade <Numeric MaxPoints:3>" and rows[2] == [
        "#102",
        "0.5",
        "#",
    ]


def test_a_sheet_keeps_all_that_it_holds(fill):
    rows, said = fill(SHEET, CLASSROOM, mark("ann@x.org", 0.5), mark("dan@x.org", lesson="dropout"))
    assert rows == [
        ["Last Name", "First Name", "Email Address", "Attendance", "Lesson 00", "04_dropout"],
        ["Smith", "Ann", "ann@x.org", "-3", "0.5", ""],
        ["Class average", "", "", "", "2.1", ""],
        ["'=Poe", "Dan", "dan@x.org", "1", "2", "1"],
    ]
    assert said == []


def test_students_are_found_through_the_roster(fill, tmp_path):
    roster = read_roster(
        table(tmp_path / "r.csv", "login,name,email", "x1,Ann Smith,ann@x.org", "x2,Dan Poe,")
    )
    rows, _ = fill(SHEET, CLASSROOM, mark("x1", 0.5), roster=roster)
    assert rows[1][4] == "0.5"
    rows, _ = fill(BLACKBOARD, ULTRA, mark("x1", 0.5), roster=roster)
    assert rows[2][-1] == "1"


def test_a_column_can_be_named(fill):
    rows, _ = fill(BRIGHTSPACE, D2L, mark("asmith", 0.5), columns={"start_here": "Quiz"})
    assert rows[0][2] == "Quiz Points Grade <Numeric MaxPoints:5>" and [row[2] for row in rows[1:]] == [
        "0.83",
        "",
    ]


def test_what_is_no_gradebook_is_refused(fill):
    with pytest.raises(BadTable, match="has no column 'Username'"):
        fill(BLACKBOARD, CLASSROOM)
    for form in (BRIGHTSPACE, SHEET):
        with pytest.raises(BadTable, match="has no column of ids"):
            fill(form, ["Colour,Shape", "red,round"])


def test_the_options_write_these_files(tmp_path):
    lines = {"blackboard": (ULTRA, "gc.xls"), "brightspace": (D2L, "d.csv"), "sheet": (CLASSROOM, "s.csv")}
    given = [
        word
        for name, (rows, file) in lines.items()
        for word in (f"--{name}", str(table(tmp_path / file, *rows)))
    ]
    chosen = options(*given, out=tmp_path / "out")
    outputs.check(chosen)
    files = outputs.write(chosen, Course(), [mark("asmith"), mark("ann@x.org")], say=lambda line: None)
    assert [file.name for file in files] == ["grades.csv", "blackboard.xls", "brightspace.csv", "sheet.csv"]

"""A gradebook export of Canvas, filled in."""

import csv

import pytest

from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs import BadOutput, canvas
from coursekit.grading.result import Mark

from .made import mark, table

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (70),00_start_here (77),Final Score"
EXPORT = (
    HEAD,
    ",,,,,Manual Posting,,",
    "    Points Possible,,,,,5,3,(read only)",
    '"Smith, Ann",101,S1,asmith,A,4,,80',
    '"Poe, Dan",102,S2,,A,5,2,80',
    '"Ex, Eve",103,S3,eex,A,,EX,80',
    '"=""Zed, Zoe""",104,S4,zzed,A,1,N/A,80',
    '"=cmd(), Bob",105,S5,bob,A,1,,80',
    '"Student, Test",199,,t3st,A,,,',
)


@pytest.fixture
def fill(tmp_path):
    """Fill the export in: the rows that come out, and what was said."""

    def run(*marks, export=EXPORT, columns=(), roster=None, encoding="utf-8"):
        said = []
        source = table(tmp_path / "export.csv", *export, encoding=encoding)
        (file,) = canvas.write(tmp_path / "out.csv", source, marks, roster, dict(columns), said.append)
        with file.open(encoding=encoding, newline="") as text:
            return [*csv.reader(text)], said

    return run


def test_rows_ids_and_points_possible_stay(fill):
    rows, said = fill(mark("asmith", 0.5), mark("102"), mark("eex"), mark("Zed Zoe"), mark("bob", 0.25))
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "00_start_here (77)"],
        ["", "", "", "", "", ""],
        ["    Points Possible", "", "", "", "", "3"],
        ["Smith, Ann", "101", "S1", "asmith", "A", "0.5"],
        ["Poe, Dan", "102", "S2", "", "A", "1"],
        ["Ex, Eve", "103", "S3", "eex", "A", "EX"],
        ['="Zed, Zoe"', "104", "S4", "zzed", "A", "N/A"],
        ["'=cmd(), Bob", "105", "S5", "bob", "A", "0.25"],
        ["Student, Test", "199", "", "t3st", "A", ""],
    ]
    told = "00_start_here (77): 1 mark of export.csv replaced (2 → 1). To keep a mark given by hand, use --adjust"
    assert said == [told]


def test_the_id_decides_between_students_of_one_name(fill):
    """Without a roster: a file's name holds Canvas' id, so that two of one name get their own marks."""
    export = (*EXPORT, '"An, Nguyễn Văn",9012,S8,x,A,,,', '"An, Nguyễn Văn",9013,S9,y,A,,,')
    rows, said = fill(mark("annguyễnvăn_9012", 1.0), mark("annguyễnvăn_9013", 0.5), export=export)
    assert [row[-1] for row in rows[-2:]] == ["1", "0.5"] and said == []


def test_without_a_mark_a_cell_stays(fill):
    rows, _ = fill(mark("asmith"))
    assert [row[-1] for row in rows[3:]] == ["1", "2", "EX", "N/A", "", ""]


def test_a_lesson_without_a_column_gets_a_new_one(fill):
    rows, said = fill(mark("asmith", lesson="dropout"))
    assert [row[-1] for row in rows[:4]] == [
        "04_dropout",
        "",
        "3",
        "1",
    ] and "will make a new assignment" in said[0]


@pytest.mark.parametrize(
    "title",
    [
        "Lesson 00 (9)",
        "start here (9)",
        "Start_Here (9)",
        "00 (9)",
        "lesson-00-start-here (9)",
        "00_start_here (9)",
    ],
)
def test_titles_that_are_the_lessons(fill, title):
    rows, said = fill(mark("asmith"), export=[line.replace("00_start_here (77)", title) for line in EXPORT])
    assert rows[0][-1] == title and not said


@pytest.mark.parametrize(
    "title", ["Quiz start here (9)", "00_start_here retake (9)", "start_here", "Lesson 000 bonus (9)"]
)
def test_titles_that_only_resemble_it_are_left_alone(fill, title):
    rows, said = fill(mark("asmith"), export=[line.replace("00_start_here (77)", title) for line in EXPORT])
    assert rows[0][-1] == "00_start_here" and "new assignment" in said[0]


def test_a_column_can_be_named_and_two_are_a_question(fill):
    rows, said = fill(mark("asmith"), columns={"start_here": "Quiz 1"})
    assert rows[0][-1] == "Quiz 1 (70)" and [row[-1] for row in rows[3:5]] == ["1.67", "5"]
    assert said == [
        "Quiz 1 (70): has 5 points in Canvas and 3 here; marks are scaled to Canvas'",
        "Quiz 1 (70): 1 mark of export.csv replaced (4 → 1.67). To keep a mark given by hand, use --adjust",
    ]
    both = [line.replace("Quiz 1 (70)", "Lesson 00 (70)") for line in EXPORT]
    with pytest.raises(BadOutput, match="'Lesson 00 \\(70\\)', '00_start_here \\(77\\)' are all called"):
        fill(mark("asmith"), export=both)


def test_extra_credit_is_scaled_as_the_rest(fill):
    one = mark("asmith", 1.0)
    rows, _ = fill(Mark(one.result, 1.0, 2, extra_items=("what_failed",)))
    assert rows[3][-1] == "1.5"


def test_what_is_left_out_for_one_student_costs_that_student_nothing(fill):
    """Canvas knows one maximum: 2 of 2 are as much there as 3 of 3."""
    own = mark("asmith", 1.0)
    rows, _ = fill(Mark(own.result, 2.0, 2), Mark(mark("102").result, 2.0, 3))
    assert [row[-1] for row in rows[3:5]] == ["3", "2"]
    new = [line.replace("00_start_here (77)", "Quiz 2 (71)") for line in EXPORT]
    rows, _ = fill(Mark(own.result, 2.0, 2), Mark(mark("102").result, 2.0, 3), export=new)
    assert [row[-1] for row in rows[3:5]] == ["3", "2"]


def test_students_are_found_through_the_roster(fill, tmp_path):
    roster = read_roster(
        table(tmp_path / "r.csv", "login,name,ID", "x1,Ann Smith,101", "x2,Dan Poe,", "x3,Who Else,")
    )
    rows, said = fill(mark("x1", 0.5), mark("x2", 0.75), mark("x3"), roster=roster)
    assert [row[-1] for row in rows[3:5]] == ["0.5", "0.75"]
    assert said[:1] == ["x3: not in export.csv; the mark of 00_start_here is not in out.csv"]


def test_canvas_own_names_are_found_without_a_roster(fill):
    rows, said = fill(mark("smithann_101", 0.5), mark("poedan_101", 0.75))
    assert rows[3][-1] == "0.5" and said[0].startswith("poedan_101: not in")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_and_the_delimiter_stay(fill, encoding):
    rows, _ = fill(mark("asmith"), encoding=encoding)
    assert rows[3][-1] == "1"
    with_semicolons = [HEAD.replace(",", ";"), "Points Possible;;;;;5;3;", "Smith Ann;101;S1;asmith;A;4;;80"]
    rows, _ = fill(mark("asmith"), export=with_semicolons)
    assert rows[2][0].startswith("Smith Ann;101;S1;asmith")


def test_the_export_itself_can_be_the_roster(tmp_path):
    export = [line.replace('"Poe, Dan",102,S2,,', '"Poe, Dan",102,S2,dpoe,') for line in EXPORT]
    roster = read_roster(table(tmp_path / "export.csv", *export))
    assert [one.student for one in roster.people] == ["asmith", "dpoe", "eex", "zzed", "bob"]

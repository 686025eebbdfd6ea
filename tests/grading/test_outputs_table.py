"""grades.csv, and how the outputs are asked for and written."""

import csv

import pytest

from coursekit.grading import outputs
from coursekit.grading.intake import roster
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs import BadOutput
from coursekit.grading.outputs.shared import UNLESS
from coursekit.grading.outputs.table import with_missing, write_grades
from coursekit.grading.policy import Course, policy_of
from coursekit.grading.result import Mark

from .made import mark, options, result, table


def _rows(file):
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [*csv.DictReader(text)]


@pytest.fixture
def people(tmp_path):
    return roster.read_roster(
        table(tmp_path / "r.csv", "login,name,section", "ann,=Ann Smith,A", "bob,Bob Öz,B")
    )


def test_todays_columns_stay_and_new_ones_follow(tmp_path, people):
    late = Mark(
        result("ann", submitted="2026-12-01T10:00:00+01:00"), 0.5, 3, "5 days late: 50 % off", "what is extra"
    )
    (file,) = write_grades(tmp_path / "grades.csv", [late, mark("zoe", 0.25, problem="@damaged")], people)
    assert file.read_bytes()[:3] == b"\xef\xbb\xbf"
    ann, zoe = _rows(file)
    assert [*ann] == [
        *("student", "lesson", "points", "max", "problem"),
        *(f"start_here.{name}" for name in ("feature_means", "what_is_a_row", "what_failed")),
        *("name", "section", "submitted", "earned", "late", "extra", "adjusted"),
    ]
    assert (ann["points"], ann["earned"], ann["late"], ann["name"]) == (
        "0.5",
        "1",
        "5 days late: 50 % off",
        "'=Ann Smith",
    )
    assert ann["submitted"] == "2026-12-01T10:00:00+01:00" and ann["extra"] == "what is extra"
    assert (zoe["name"], zoe["problem"], zoe["start_here.feature_means"]) == (
        "",
        "handed in, but cannot be read: @damaged",
        "0.25",
    )


def test_items_stand_in_the_order_of_lessons_and_items(tmp_path):
    other = mark("ann", lesson="dropout", items=tuple(reversed(result().items)))
    header = [*_rows(*write_grades(tmp_path / "g.csv", [other, mark("ann")]))[0]]
    assert header[5:8] == ["start_here.feature_means", "start_here.what_is_a_row", "start_here.what_failed"]
    assert header[8:11] == ["dropout.what_failed", "dropout.what_is_a_row", "dropout.feature_means"]


def test_who_handed_in_nothing_has_a_row_of_zero(people):
    marks = [*with_missing([mark("ann"), mark("ann", lesson="dropout"), mark("zoe")], people)]
    assert [(one.student, one.lesson, one.points, one.max) for one in marks] == [
        ("ann", "start_here", 1.0, 3),
        ("ann", "dropout", 1.0, 3),
        ("bob", "start_here", 0.0, 3),
        ("bob", "dropout", 0.0, 3),
        ("zoe", "start_here", 1.0, 3),
    ]
    bob = marks[2].result
    assert bob.problem == "nothing was handed in" and {item.points for item in bob.items} == {0.0}
    assert with_missing([mark("zoe")], None) == [mark("zoe")]


def test_nobody_gets_0_points_for_work_that_may_be_theirs(tmp_path):
    rows = ("login,name", "ann1,Ann Smith", "ann2,Ann Smith", "bob,Bob Ray")
    people = read_roster(table(tmp_path / "roster.csv", *rows))
    for unsure in ("Ann Smith_70001", "Ann Smith", "Ann Smith (70001)", "Smith Ann (not on the roster)"):
        assert [one.student for one in with_missing([mark(unsure)], people)] == [unsure, "bob"]
    stranger = with_missing(
        [mark("Bob Ray_70003")], people
    )  # there is only one Bob Ray here, with another number
    assert len([*stranger]) == 4


def test_marks_of_nothing_stand_in_the_order_of_the_lessons(people):
    """Also where the first student who handed in something handed in a later lesson."""
    marks = with_missing([mark("ann", lesson="dropout"), mark("zoe")], people)
    assert [(one.student, one.lesson) for one in marks] == [
        *(("ann", "start_here"), ("ann", "dropout"), ("bob", "start_here"), ("bob", "dropout")),
        ("zoe", "start_here"),
    ]


def test_without_options_there_is_grades_csv_alone(tmp_path):
    plain = options(out=tmp_path / "out")
    assert outputs.write(plain, Course(), [mark()]) == [tmp_path / "out" / "grades.csv"]
    assert outputs.write(plain, Course(), []) and _rows(tmp_path / "out" / "grades.csv") == []


def test_everything_at_once(tmp_path, people):
    canvas = table(
        tmp_path / "c.csv",
        "Student,ID,SIS Login ID,Section",
        "Points Possible,,,",
        "Ann Smith,1,ann,",
        "Bob,2,bob,",
    )
    moodle = table(
        tmp_path / "m.csv", "Identifier,Full name,Grade,Last modified (grade)", "Participant 7,Bob Öz,,-"
    )
    words = [
        "--canvas",
        str(canvas),
        "--moodle",
        f"0={moodle}",
    ]
    words += ["--nbgrader", str(tmp_path / "book.db"), "--deadline", "2026-12-01T00:00Z"]
    chosen = options(*words, out=tmp_path / "out", moodle_import=True)
    outputs.check(chosen)
    said = []
    course = Course(people, policy_of(chosen, people))
    files = outputs.write(chosen, course, [mark("ann"), mark("bob")], say=said.append)
    names = [file.relative_to(tmp_path).as_posix() for file in files]
    assert names == [
        *("out/grades.csv", "out/canvas.csv", "out/moodle-00_start_here.csv", "out/moodle.csv"),
        "book.db",
    ]
    assert all(file.stat().st_size for file in files)
    assert not list(tmp_path.rglob(".*"))  # nothing half written is left
    assert said == [
        "00_start_here: no column of c.csv is called so. Canvas will make a new assignment" + UNLESS,
        "ann: not in m.csv; the mark of 00_start_here is not in moodle-00_start_here.csv",
    ]


def test_one_that_fails_does_not_stop_the_others(tmp_path):
    chosen = options("--canvas", str(tmp_path / "absent.csv"), out=tmp_path / "out", moodle_import=True)
    with pytest.raises(BadOutput, match=r"canvas\.csv was not written: .*absent\.csv cannot be read"):
        outputs.write(chosen, Course(), [mark()], say=print)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"grades.csv", "moodle.csv"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--canvas", "{}/m.csv"], "no column 'ID'"),
        (["--canvas", "{}/n.csv"], "no row 'Points Possible'"),
        (["--moodle", "{}/c.csv"], "no column 'Identifier'"),
        (["--moodle", "zumba={}/m.csv"], "no lesson 'zumba'"),
        (["--nbgrader", "{}/m.csv"], "no gradebook of nbgrader"),
        (["--blackboard", "{}/c.csv"], "no column 'Username'"),
    ],
)
def test_what_cannot_be_filled_in_is_said_before_grading(tmp_path, words, why):
    table(tmp_path / "c.csv", "Student,ID,Section", "Points Possible,,", "Ann,1,")
    table(tmp_path / "n.csv", "Student,ID,Section", "Ann,1,")
    table(tmp_path / "m.csv", "Identifier,Full name,Grade,Last modified (grade)")
    with pytest.raises(ValueError, match=why):
        outputs.check(options(*(word.format(tmp_path) for word in words)))


def test_a_named_column_has_to_be_there(tmp_path):
    table(tmp_path / "c.csv", "Student,ID,Section", "Points Possible,,", "Ann,1,")
    for columns, why in (({"dropout": "X"}, "has no column 'X'"), ({"zumba": "X"}, "no lesson 'zumba'")):
        with pytest.raises(ValueError, match=why):
            outputs.check(options("--canvas", str(tmp_path / "c.csv"), columns=columns))

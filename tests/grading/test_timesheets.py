"""When notebooks were handed in, as Moodle, Canvas and GitHub Classroom say it in a file of their own."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from coursekit.grading.csvfile import BadTable
from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.platform_names import time_in
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.intake.timesheets import Timesheets, read_timesheet
from coursekit.grading.times import own_tables, sheets_of

from .made import options, table

HEAD = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (submission),Last modified (grade)"
MOODLE = (
    HEAD,
    'Participant 1,Ann Smith,ann@x.org,Submitted for grading,,30,"Tuesday, 1 December 2026, 10:00 PM",-',
    'Participant 2,Bo Li,bo@x.org,Submitted for grading - 1 day 2 hours late,,30,"Thursday, 3 December 2026, 1:59 AM",-',
    "Participant 3,Cem Öz,cem@x.org,"
    '"Submitted for grading - Extension granted until: Friday, 4 December 2026, 11:59 PM",,30,'
    '"Friday, 4 December 2026, 8:00 AM",-',
    "Participant 4,Eve N,eve@x.org,No submission - Assignment is overdue by: 3 days,,30,-,-",
)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Monday, 30 November 2026, 6:02 PM", "2026-11-30 18:02"),
        ("Wednesday, September 23, 2026, 12:05 AM", "2026-09-23 00:05"),
        ("Nov 30, 2026 602 PM", "2026-11-30 18:02"), ("Montag, 30. November 2026, 18:02", "2026-11-30 18:02"),
        ("lundi 30 novembre 2026, 18:02", "2026-11-30 18:02"), ("martedì, 3 febbraio 2026, 08:02", "2026-02-03 08:02"),
        ("martes, 3 de marzo de 2026, 08:02", "2026-03-03 08:02"), ("Mittwoch, 2. März 2026, 08:02", "2026-03-02 08:02"),
        ("maandag, 5 oktober 2026, 8:02 PM", "2026-10-05 20:02"), ("domingo, 6 de setembro de 2026, 18:02", "2026-09-06 18:02"),
        ("2026년 11월 30일 월요일 오후 6:02", "2026-11-30 18:02"), ("2026年 11月 30日(月曜日) 18:02", "2026-11-30 18:02"),
        ("2026-11-30 18:02:11", "2026-11-30 18:02:11"), ("30/11/2026, 18:02", None), ("-", None), ("soon", None), ("", None),
        ("Monday, 30 November 2026", None), ("Monday, 31 November 2026, 6:02 PM", None),
        ("Monday, 30 November 2026, 18:02 PM", None),
        ("понедельник, 30 ноября 2026, 18:02", None),
    ],
)  # fmt: skip
def test_a_time_is_read_or_left_alone(text, time):
    assert time_in(text, UTC) == (datetime.fromisoformat(f"{time}+00:00") if time else None)


def test_a_time_is_read_as_it_is_said_to_be_written():
    assert time_in("30/11/2026, 18:02", UTC, "%d/%m/%Y, %H:%M") == datetime(2026, 11, 30, 18, 2, tzinfo=UTC)
    assert time_in("11/30/2026, 18:02", UTC, "%d/%m/%Y, %H:%M") is None
    summer = time_in("1 July 2026, 6:02 PM", ZoneInfo("Europe/Berlin"))
    assert summer.isoformat() == "2026-07-01T18:02:00+02:00"
    assert time_in("1 July 2026, 6:02 PM", None).tzinfo is not None


@pytest.fixture
def class_of_moodle(tmp_path):
    for number, name in enumerate(("Ann Smith", "Bo Li", "Cem Öz"), 1):
        folder = tmp_path / "in" / f"{name}_{number}_assignsubmission_file"
        folder.mkdir(parents=True)
        (folder / "04_dropout.ipynb").write_text("{}")
    return tmp_path / "in"


def _read(file, topic=None, **more):
    return Timesheets([read_timesheet(file, topic, UTC, **more)])


def test_moodles_worksheet(class_of_moodle, tmp_path):
    sheets = _read(table(tmp_path / "w.csv", *MOODLE))
    found = collect(class_of_moodle, sheets=sheets)
    times = {one.student: one.submitted for one in found.submissions}
    assert times["Ann Smith"] == "2026-12-01T22:00:00+00:00" and times["Bo Li"] == "2026-12-03T01:59:00+00:00"
    due = {student: (due.moment.isoformat(), due.own) for (student, _), due in found.due.items()}
    assert due == {
        "Bo Li": ("2026-12-01T23:59:00+00:00", False),
        "Cem Öz": ("2026-12-04T23:59:00+00:00", True),
    }


def test_moodles_newer_worksheet_has_the_due_date(class_of_moodle, tmp_path):
    rows = [f"{MOODLE[0]},Due date", *(f'{row},"Tuesday, 1 December 2026, 11:59 PM"' for row in MOODLE[1:])]
    rows[1] = rows[1].replace("1 December 2026, 11:59", "8 December 2026, 11:59")
    found = collect(class_of_moodle, sheets=_read(table(tmp_path / "w.csv", *rows)))
    assert {student: due.moment.day for (student, _), due in found.due.items()} == {
        "Ann Smith": 8,
        "Bo Li": 1,
        "Cem Öz": 4,
    }
    assert {student for (student, _), due in found.due.items() if due.own} == {"Ann Smith", "Cem Öz"}


def test_a_worksheet_says_whose_lesson_it_is_where_there_are_several(class_of_moodle, tmp_path):
    (class_of_moodle / "Ann Smith_1_assignsubmission_file" / "00_start_here.ipynb").write_text("{}")
    file = table(tmp_path / "w.csv", *MOODLE)
    with pytest.raises(BadTable, match="there are 2 lessons: say whose times these are, as --times 4="):
        collect(class_of_moodle, sheets=_read(file))
    found = collect(class_of_moodle, sheets=_read(file, "dropout"))
    assert {one.topic: bool(one.submitted) for one in found.submissions if one.student == "Ann Smith"} == {
        "dropout": True,
        "start_here": False,
    }


def test_a_time_of_moodles_that_cannot_be_read_says_what_to_do(tmp_path):
    rows = [row.replace("Tuesday, 1 December 2026, 10:00 PM", "01/12/2026, 22:00") for row in MOODLE]
    file = table(tmp_path / "w.csv", *rows)
    with pytest.raises(BadTable, match=r"w\.csv, line 2: '01/12/2026, 22:00' .* date_format"):
        _read(file)


def _submission(number, **more):
    return {
        "user_id": number,
        "cached_due_date": "2026-12-01T22:59:59Z",
        "submitted_at": "2026-12-01T20:00:00Z",
        **more,
    }


CANVAS = [
    _submission(101, attachments=[{"display_name": "04_dropout-1.ipynb"}]),
    _submission(102, submitted_at="2026-12-02T22:59:59Z", late=True, seconds_late=86400),
    _submission(103, cached_due_date="2026-12-08T22:59:59Z"),
    _submission(
        104, cached_due_date=None, submitted_at="2026-12-02T22:59:59Z", late=True, seconds_late=86400
    ),
    _submission(105, submitted_at="2026-12-04T00:00:00Z", late_policy_status="none"),
    _submission(106, submitted_at=None),
]


@pytest.mark.parametrize("grouped", [False, True])
def test_canvas_submissions(tmp_path, grouped):
    for i, entry in enumerate(CANVAS):
        name = f"x_{entry['user_id']}_{i}_04_dropout.ipynb"
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text("{}")
    file = tmp_path / "s.json"
    file.write_text(json.dumps([{"user_id": 1, "submissions": CANVAS}] if grouped else CANVAS))
    found = collect(tmp_path / "in", sheets=_read(file))
    times = [one.submitted and one.submitted[:10] for one in found.submissions]
    assert times == ["2026-12-01", "2026-12-02", "2026-12-01", "2026-12-02", "2026-12-04", None]
    due = {student: (due.moment.isoformat()[:10], due.own) for (student, _), due in found.due.items()}
    assert due == {
        "x_101": ("2026-12-01", False), "x_102": ("2026-12-01", False), "x_103": ("2026-12-08", True),
        "x_104": ("2026-12-01", False), "x_105": ("2026-12-04", True), "x_106": ("2026-12-01", False),
    }  # fmt: skip


def test_canvas_own_late_policy_is_noticed(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "04_dropout.ipynb").write_text("{}")
    file = tmp_path / "s.json"
    file.write_text(
        json.dumps([_submission(101, points_deducted=2.0, user={"login_id": "ann", "name": "Ann"})])
    )
    roster = read_roster(table(tmp_path / "r.csv", "login,name", "ann,Ann Smith"))
    found = collect(tmp_path, sheets=_read(file), roster=roster)
    assert found.submissions[0].submitted == "2026-12-01T20:00:00+00:00"
    assert any("taken points off 1 submissions" in line and "twice" in line for line in found.notes)


def test_a_page_of_canvas_that_was_saved_in_a_browser(tmp_path):
    (tmp_path / "submissions.txt").write_text(f"while(1);{json.dumps(CANVAS)}")
    given = options("--times", str(tmp_path / "submissions.txt"))
    assert own_tables(given) == [] and len(sheets_of(given).sheets[0].stamps) == len(CANVAS)


@pytest.mark.parametrize("text", ["", "{}", "[1, {}]", '{"errors": []}', "[" * 10**5])
def test_json_that_is_not_canvas(tmp_path, text):
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(BadTable, match="Canvas' API"):
        _read(tmp_path / "s.json")


def test_github_classrooms_grades(tmp_path):
    (tmp_path / "hw-submissions" / "hw-kim").mkdir(parents=True)
    (tmp_path / "hw-submissions" / "hw-kim" / "04_dropout.ipynb").write_text("{}")
    file = table(
        tmp_path / "g.csv",
        "assignment_name,github_username,roster_identifier,submission_timestamp,points_awarded",
        "hw,kim,s1,2026-12-01 22:59:59 UTC,0",
        "hw,lee,s2,,0",
    )
    found = collect(tmp_path / "hw-submissions", sheets=_read(file))
    assert [(one.student, one.submitted) for one in found.submissions] == [
        ("kim", "2026-12-01T22:59:59+00:00")
    ]


def test_which_tables_are_the_instructors_own(tmp_path):
    own, moodle = table(tmp_path / "t.csv", "student,lesson,submitted"), table(tmp_path / "w.csv", *MOODLE)
    given = options("--times", str(own), "--times", f"4={moodle}", timezone="Asia/Seoul")
    assert own_tables(given) == [own]
    stamps = sheets_of(given).sheets[0].stamps
    assert [stamp.submitted.isoformat() for stamp in stamps["Participant 1"]] == ["2026-12-01T22:00:00+09:00"]
    assert not sheets_of(
        options("--moodle", str(moodle))
    ).sheets  # without rules for lateness they are not needed
    assert sheets_of(options("--moodle", str(moodle), "--late", "10%")).sheets
    with pytest.raises(ValueError, match="name the file alone"):
        own_tables(options("--times", f"4={own}"))
    with pytest.raises(ValueError, match="there is no time zone 'Mars': write it like"):
        sheets_of(options(timezone="Mars"))

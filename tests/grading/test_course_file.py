"""course.toml: what it may say, and that everything wrong is said at once, before anything is graded."""

import re
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.course_file import KEYS, BadCourseFile, read_course_file
from coursekit.grading.csvfile import read_table
from coursekit.grading.options import Options
from coursekit.grading.policy import Policy, policy_of
from coursekit.grading.result import Item
from coursekit.grading.rules import points_called

from .made import options, result, table

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "instructors.md"
HALF = "import numpy as np\ndef feature_means(X):\n    return X.mean(axis=0) if len(X) > 1 else X[0] * 0 + 7"


@pytest.fixture
def write(tmp_path):
    """Write a course.toml."""

    def to(text, encoding="utf-8"):
        file = tmp_path / "course.toml"
        file.write_bytes(text.encode(encoding))
        return file

    return to


@pytest.fixture
def wrong(write):
    """The lines about what is wrong with a course.toml, without its name."""

    def said(text):
        file = write(text)
        with pytest.raises(BadCourseFile) as error:
            read_course_file(file)
        return str(error.value).replace(f"{file}: ", "").splitlines()

    return said


def test_an_empty_file_says_nothing(write):
    assert read_course_file(write("")) == read_course_file(write("# nothing yet\n", "utf-8-sig")) == {}


def test_the_example_of_the_guide_is_complete_and_right(tmp_path, monkeypatch):
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "2025" / "graded").mkdir(parents=True)
    for name in ("graded/log.jsonl", "submissions.zip"):
        (tmp_path / "2025" / name).touch()
    for name in re.findall(r'"([\w-]+\.csv)"', example):
        table(tmp_path / name, "student,lesson,days,submitted,points,reason,who,login")
    (tmp_path / "course.toml").write_text(example, encoding="utf-8")
    said = read_course_file(tmp_path / "course.toml")
    assert {*said} == {*KEYS}
    policy = policy_of(Options(submissions=tmp_path, out=tmp_path / "out", **said))
    assert policy.late and policy.deadlines and policy.extra and policy.points


def test_every_key_is_an_option(tmp_path):
    assert {*KEYS} <= {*vars(options())}


def test_dates_are_texts_or_tomls_own(write):
    text = """
        [deadlines]
        all = "2026-12-01 23:59"
        04 = 2026-12-08T12:00:00
        "lesson 05" = "2026-12-08 12:00"
    """
    found = read_course_file(write('timezone = "Asia/Seoul"\n' + text))["deadlines"]
    assert found[""] == "2026-12-01T23:59:00+09:00"
    assert found["dropout"] == "2026-12-08T12:00:00+09:00" and len(found) == 3


def test_tables_of_times(write, tmp_path):
    """One file, several, or one for each lesson; how their times are written."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).touch()
    a, b = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    form = "%d/%m/%Y, %H:%M"
    text = f'date_format = "{form}"\ntimes = "a.csv"'
    assert read_course_file(write(text)) == {"date_format": form, "times": [a]}
    assert read_course_file(write('times = ["a.csv", "b.csv"]'))["times"] == [a, b]
    assert read_course_file(write('[times]\n04 = "b.csv"'))["times"] == [f"dropout={b}"]


def test_earlier_terms(write, tmp_path, wrong):
    """Of the files and folders that are compared with, each has to be there."""
    (tmp_path / "log.jsonl").touch()
    (tmp_path / "old").mkdir()
    log, old = str(tmp_path / "log.jsonl"), str(tmp_path / "old")
    assert read_course_file(write('compare_with = "log.jsonl"'))["compare_with"] == [log]
    assert read_course_file(write('compare_with = ["log.jsonl", "old"]'))["compare_with"] == [log, old]
    assert wrong('compare_with = ["log.jsonl", "gone"]') == [f"compare_with: there is no {tmp_path / 'gone'}"]


def test_all_that_is_wrong_is_said_at_once(wrong):
    lines = wrong("""
        lat = "10%/day"
        late = "10"
        roster = "absent.csv"
        seed_secret = "x"
        jobs = 4
        extra = ["feature_mean"]
        leave_out = "what_failed"
        file_times = "yes"
        time_limit = -1
        canvas = 3
        [deadlines]
        99 = "2026-12-01T23:59Z"
        dropuot = "2026-12-01T23:59Z"
        00 = "2026-12-01 23:59"
        01 = "soon"
        02 = 2026-12-01
        [points]
        feature_means = 0.5
        "dropout.dropout_mask" = 0
        zumba = 1
    """)
    expected = [
        ("lat", "did you mean 'late'"),
        ("late", "write it like 10%/day"),
        ("roster", "there is no file /"),
        ("seed_secret", "NNUTILS_SEED_SECRET"),
        ("jobs", "give it with the command, as --jobs"),
        ("extra", "did you mean 'feature_means'"),
        ("leave_out", "write a list of names"),
        ("file_times", "neither true nor false"),
        ("time_limit", "no number above 0"),
        ("canvas", "write it in quotes"),
        ("[deadlines] 99", "there is no lesson '99'"),
        ("[deadlines] dropuot", "did you mean 'dropout'"),
        ("[deadlines] 00", "has no time zone"),
        ("[deadlines] 01", "is no time"),
        ("[deadlines] 02", "has no time of day"),
        ("[points] feature_means", "no whole number"),
        ("[points] dropout.dropout_mask", "name it in leave_out"),
        ("[points] zumba", "no exercise or question 'zumba'"),
    ]
    assert len(lines) == len(expected), lines
    for line, (place, why) in zip(lines, expected, strict=True):
        assert line.startswith(f"{place}: ") and why in line


def test_what_is_named_twice_or_stands_below_a_table_is_told(wrong):
    assert wrong('leave_out = ["what_failed"]\n[points]\nwhat_failed = 2') == [
        "points: 'what_failed' is named twice, with other points or in leave_out: keep one"
    ]
    lines = wrong('[deadlines]\n4 = "2026-12-01T23:59Z"\n04 = "2026-12-02T23:59Z"\nlate = "10%/day"')
    assert lines == [
        "[deadlines] 04: this is named twice: keep one line",
        "[deadlines] late: this belongs above [deadlines]: put all tables at the end of the file",
    ]


@pytest.mark.parametrize(
    ("form", "why"), [("%Q", "cannot be used"), ("%d/%m/%Y", "leaves out a part"), ("", "this is empty")]
)
def test_a_form_of_dates_that_reads_no_date_is_refused(wrong, form, why):
    (line,) = wrong(f'date_format = "{form}"')
    assert line.startswith("date_format: ") and why in line


def test_what_is_no_toml_is_shown_with_its_line(wrong):
    (line,) = wrong('roster = "r.csv"\nlate = 10%/day\n')
    assert "`late = 10%/day` is no TOML" in line and "in quotes" in line


def test_another_encoding_and_a_file_that_is_not_there_are_told(write, tmp_path):
    for file, why in (
        (write("# \u00e9", "latin-1"), "is not in UTF-8"),
        (tmp_path / "absent", "cannot be read"),
    ):
        with pytest.raises(BadCourseFile, match=why):
            read_course_file(file)


# What counts


@pytest.mark.parametrize(
    ("cases", "points", "most", "after"),
    [
        ((True, False, False), 0.33, 3, 1.0),  # a third of 3, and not 3 times 0.33
        ((True, True, True), 1.0, 4, 4.0),
        ((), 0.5, 3, 1.5),
        ((True, False), 0.0, 3, 0.0),  # half of the cases are right, and they earn nothing
        ((True,), 1.0, 0, 0.0),
    ],
)
def test_an_item_is_weighed(cases, points, most, after):
    items = (Item("feature_means", "exercise", "passed", points, 1, cases=cases), *result().items[1:])
    mark = Policy(points={("start_here", "feature_means"): most}).mark(result(items=items))
    assert mark.points == mark.result.items[0].points == after
    assert mark.max == 2 + most and mark.result.items[0].max == most


def test_what_is_left_out_or_weighed_is_told():
    names = points_called({"feature_means": 3, "what_is_a_row": 1}, ["what_failed"])
    mark = Policy(points=names).mark(result())
    assert mark.extra == "feature_means counts 3 instead of 1, what_failed is left out: it does not count"
    assert (mark.points, mark.max) == (3.0, 4)


def test_an_item_of_another_lesson_is_left_alone():
    assert Policy(points=points_called({}, ["dropout_mask"])).mark(result()).extra == ""


# The command


@pytest.fixture
def grade(tmp_path, capsys):
    def run(*words):
        code = cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / "out"), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def _grades(tmp_path):
    grades = read_table(tmp_path / "out" / "grades.csv")
    return {row[0]: dict(zip(grades.header, row, strict=True)) for _, row in grades.rows}


def test_a_weight_changes_all_outputs_and_runs_nothing(submit, grade, write, tmp_path):
    submit("ann/00_start_here.ipynb", HALF)
    assert grade()[0] == 0
    before, (first,) = _grades(tmp_path)["ann"], (tmp_path / "out" / "log.jsonl").read_text().splitlines()
    write('leave_out = ["what_failed"]\n[points]\nfeature_means = 4\n')
    code, out, err = grade()
    assert code == 0 and "(1 of them before)" in out and f"rules of the course: {tmp_path}/course.toml" in err
    after = _grades(tmp_path)["ann"]
    assert (
        float(after["points"]) == 4 * float(before["points"]) and int(after["max"]) == int(before["max"]) + 2
    )
    page = (tmp_path / "out" / "feedback" / "ann.html").read_text(encoding="utf-8")
    assert "feature_means counts 4 instead of 1" in page
    assert "what_failed is left out" in page and " of 4</td>" in page and "does not count</td>" in page
    lines = (tmp_path / "out" / "log.jsonl").read_text().splitlines()
    assert lines[0] == first and len(lines) == 2 and '"start_here.feature_means": 4' in lines[1]
    assert grade()[0] == 0 and (tmp_path / "out" / "log.jsonl").read_text().splitlines() == lines


def test_the_command_line_goes_before_the_file(submit, grade, write, tmp_path):
    submit("ann/00_start_here.ipynb", HALF)
    table(tmp_path / "t.csv", "student,lesson,submitted", "ann,00,2026-12-02 08:00")
    write('timezone = "+01:00"\ntimes = "t.csv"\nlate = "10%/day"\n[deadlines]\nall = "2026-12-01 23:59"\n')

    def late(*words):
        assert grade(*words)[0] == 0
        return _grades(tmp_path)["ann"]["late"]

    by = "8 hours 1 minute late, which counts as 1 day"
    assert late() == f"{by}: 10 % off"
    assert late("--late", "30%/day") == f"{by}: 30 % off"
    assert late("--deadline", "2026-12-03T00:00Z") == ""
    assert late("--deadline", "04=2026-12-03T00:00Z") == f"{by}: 10 % off"
    assert late("--deadline", "00=2026-12-03T00:00Z") == ""


def test_which_file_is_read(submit, grade, write, tmp_path):
    """The one beside --out, or the one that is named; one that lies only beside the submissions is told and not used."""
    submit("ann/00_start_here.ipynb", HALF)
    write("zumba = 1")
    code, _, err = grade()
    assert code == 2 and "zumba: there is no such rule" in err and not (tmp_path / "out").exists()
    other = tmp_path / "other.toml"
    other.write_text('extra = ["feature_means"]', encoding="utf-8")
    assert grade("--config", str(other))[0] == 0 and _grades(tmp_path)["ann"]["extra"]
    code = cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / "else" / "out")])
    assert code == 0
    assert grade("--config", str(tmp_path / "absent.toml"))[0] == 2


def test_a_file_that_lies_beside_the_submissions_alone_is_told(submit, write, tmp_path, capsys):
    submit("ann/00_start_here.ipynb", HALF)
    write('extra = ["feature_means"]')
    assert cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / "else" / "out")]) == 0
    assert f"{tmp_path}/course.toml is not used" in capsys.readouterr().err

"""`course.py grade` from the folder to the files."""

import csv
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.log import Log
from nnutils.checks.catalogue import find_exercise, find_question

ROOT = Path(__file__).resolve().parents[2]
NUMPY = "import numpy as np"
HONEST = "def feature_means(X):\n    return np.mean(X, axis=0)"
WRONG = "def feature_means(X):\n    return X[0] * 1.5"
NOISE = "def feature_means(X):\n    while True: pass"


@pytest.fixture
def quiz():
    return f'what_is_a_row = "{find_question("what_is_a_row").answer}"'


@pytest.fixture
def grade(tmp_path, capsys):
    def run(*options, folder="submissions"):
        code = cli.main(
            ["grade", str(tmp_path / folder), "--out", str(tmp_path / "out"), "--time-limit", "1", *options]
        )
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def _rows(tmp_path):
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["student"], row["lesson"]): row for row in csv.DictReader(file)}


def _digest(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path, path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]


def test_a_class_is_graded(submit, grade, tmp_path, quiz):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST, quiz)
    submit("bob/00_start_here (1).ipynb", NUMPY, WRONG, "what_is_a_row = 'z'")
    submit("dan/00_start_here.ipynb", NOISE, quiz)
    submit("eve/00_start_here.ipynb").write_bytes(b'{"cells": [')
    submit("eve/diary.ipynb")
    submit("zoe/00_start_here.ipynb", NUMPY, HONEST)
    before = _digest(tmp_path / "submissions")
    code, out, err = grade()
    assert code == 1
    assert _digest(tmp_path / "submissions") == before
    rows = _rows(tmp_path)
    assert {row["student"]: row["points"] for row in rows.values()} == {
        "ann": "2",
        "bob": "0",
        "dan": "1",
        "eve": "0",
        "zoe": "1",
    }
    assert (
        rows["ann", "start_here"]["start_here.feature_means"] == "1"
        and rows["ann", "start_here"]["start_here.what_is_a_row"] == "1"
    )
    assert {row["max"] for row in rows.values()} == {"7"}
    assert (
        rows["eve", "start_here"]["problem"]
        == "handed in, but cannot be read: the file is cut off: it ends in the middle of the notebook"
        and rows["dan", "start_here"]["problem"] == ""
    )
    assert "4 of 5 notebooks of 5 students graded" in out
    assert "dan/00_start_here.ipynb: feature_means: it did not come back within 1 s" in err
    assert (
        "eve/00_start_here.ipynb: the file is cut off" in err
        and "eve/diary.ipynb: left out" in err
        and "5/5" in err
    )
    log = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text().splitlines()]
    assert sorted(line["student"] for line in log) == ["ann", "bob", "dan", "eve", "zoe"]  # as they came
    ann = next(line for line in log if line["student"] == "ann")
    assert ann["items"][0]["cases"] == [True] * 4 and "hooks" in ann["sandbox"]
    assert ann["settings"] and ann["seconds"] > 0 and all(item["version"] for item in ann["items"])
    assert sorted(path.stem for path in (tmp_path / "out" / "feedback").iterdir()) == [
        "ann",
        "bob",
        "dan",
        "eve",
        "zoe",
    ]


def test_all_read_is_0_and_a_second_run_gives_the_same_bytes(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    assert grade()[0] == 0
    first = [(tmp_path / "out" / name).read_bytes() for name in ("grades.csv", "feedback/ann.html")]
    assert grade()[0] == 0
    assert [(tmp_path / "out" / name).read_bytes() for name in ("grades.csv", "feedback/ann.html")] == first
    assert len((tmp_path / "out" / "log.jsonl").read_text().splitlines()) == 1  # nothing was graded again


def test_nbgraders_layout(submit, grade, tmp_path):
    submit("submitted/ann/ps1/00_start_here.ipynb", NUMPY, HONEST)
    assert grade()[0] == 0 and _rows(tmp_path)["ann", "start_here"]["points"] == "1"


def test_one_of_two_notebooks_counts_and_the_page_says_which(submit, grade, tmp_path):
    submit("ann/00_start_here (1).ipynb", NUMPY, HONEST)
    submit("ann/00_start_here.ipynb", NUMPY, WRONG)
    code, _, err = grade()
    said = "2 notebooks of this lesson were handed in; only `00_start_here.ipynb` is graded: it has the lesson's own name"
    assert code == 0 and _rows(tmp_path)["ann", "start_here"]["points"] == "0" and said in err
    page = (tmp_path / "out" / "feedback" / "ann.html").read_text(encoding="utf-8")
    assert "only <code>00_start_here.ipynb</code> is graded" in page


def test_wrong_lesson_is_told(submit, grade, tmp_path):
    submit("ann/01_data_splits.ipynb", NUMPY, HONEST)
    code, _, err = grade()
    assert code == 0 and _rows(tmp_path)["ann", "data_splits"]["points"] == "0"
    assert "holds exercises of start_here and none of data_splits" in err


@pytest.mark.parametrize("folder", ["absent", "empty", "file"])
def test_nothing_to_grade_is_2(grade, tmp_path, folder):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    code, _, err = grade(folder=folder)
    assert code == 2 and err.strip() and "Traceback" not in err


def test_out_among_the_submissions_is_refused(submit, tmp_path, capsys):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    for out in ("submissions", "submissions/out"):
        assert cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / out)]) == 2
    assert "never written to" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "submissions").iterdir()] == ["ann"]


def test_secret_changes_no_grade(submit, grade, tmp_path):
    for student in ("ann", "bob"):
        submit(f"{student}/00_start_here.ipynb", NUMPY, HONEST)
    assert grade("--seed-secret", "s3cret")[0] == 0
    assert {row["points"] for row in _rows(tmp_path).values()} == {"1"}
    assert not any(b"s3cret" in path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))


def _known_by_heart():
    """An answer that looks at its inputs and returns what the notebook's own cases expect."""
    exercise = find_exercise("feature_means")
    table = {case["X"].tobytes().hex(): exercise.reference(**case).tolist() for case in exercise.draw()}
    return f"def feature_means(X):\n    return np.array({table!r}.get(X.tobytes().hex(), 0.0))"


def test_an_answer_that_knows_the_notebooks_cases_fails_with_a_secret(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, _known_by_heart())
    submit("bob/00_start_here.ipynb", NUMPY, HONEST)
    assert grade()[0] == 0
    assert {name: row["points"] for (name, _), row in _rows(tmp_path).items()} == {"ann": "1", "bob": "1"}
    assert grade("--seed-secret", "s3cret")[0] == 0
    assert {name: row["points"] for (name, _), row in _rows(tmp_path).items()} == {"ann": "0", "bob": "1"}


def test_feedback_is_readable_safe_and_tells_no_value(submit, grade, tmp_path, quiz):
    evil = (
        "def feature_means(X):\n    raise type('<script>alert(1)</script>', (Exception,), {})('</td>`<b>`')"
    )
    submit("<i>&ann/00_start_here.ipynb", NUMPY, evil, "what_is_a_row = '<b>'")
    submit("bob/00_start_here.ipynb", NUMPY, WRONG, quiz)
    grade()
    page = next((tmp_path / "out" / "feedback").glob("_i_&ann-*.html")).read_text(encoding="utf-8")
    assert "<script" not in page and "<b>" not in page and "<i>" not in page and "&lt;script&gt;" in page
    for word in (
        '<html lang="en">',
        "<title>Feedback for",
        "<caption>",
        'scope="col"',
        "prefers-color-scheme: dark",
        "default-src 'none'",
    ):
        assert word in page
    assert not re.search(r'(src|href)="', page)
    page = (tmp_path / "out" / "feedback" / "bob.html").read_text(encoding="utf-8")
    assert (
        "does not hold the right values" in page
        and 'hint("feature_means")' in page
        and "Examples are rows" in page
    )
    assert not re.search(r"\d\.\d", page.partition("<main>")[2])  # no value of any case


def test_any_number_of_jobs_writes_the_same(submit, grade, tmp_path):
    for number in range(6):
        submit(f"s{number}/00_start_here.ipynb", NUMPY, HONEST if number % 2 else WRONG)
    tables = []
    for jobs in ("1", "3"):
        assert grade("--jobs", jobs, "--regrade", "all")[0] == 0
        tables.append((tmp_path / "out" / "grades.csv").read_bytes())
    assert tables[0] == tables[1]


def test_dry_run_writes_nothing_and_tells_all(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    submit("ann/diary.ipynb")
    code, out, _ = grade("--dry-run")
    assert code == 0 and not (tmp_path / "out").exists()
    assert "graded: ann/00_start_here.ipynb" in out and "diary" in out and "1 to be graded" in out
    grade()
    before = _digest(tmp_path / "out")
    submit("bob/00_start_here.ipynb", NUMPY, WRONG)
    code, out, _ = grade("--dry-run")
    assert "graded: bob/00_start_here.ipynb" in out and "ann/00_start_here.ipynb" not in out
    assert out.endswith("1 to be graded, 0 again, 1 carried over; nothing was written\n")
    assert "diary" in out and _digest(tmp_path / "out") == before


@pytest.mark.parametrize(
    "options",
    [
        ["--regrade", "no_such_lesson"],
        ["--late", "10%/day"],
        ["--roster", "absent.csv"],
        ["--canvas", "absent.csv"],
    ],
    ids=lambda options: options[0],
)
def test_what_cannot_be_done_is_2(submit, grade, tmp_path, options):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    code, _, err = grade(*options)
    assert code == 2 and err.strip() and "Traceback" not in err and not (tmp_path / "out").exists()


def test_a_file_is_no_place_for_the_results(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    (tmp_path / "out").write_text("mine")
    code, _, err = grade()
    assert code == 2 and "is a file: name a folder" in err and (tmp_path / "out").read_text() == "mine"


def test_a_sandbox_that_is_required_and_missing_is_3(submit, grade, tmp_path, monkeypatch):
    from coursekit.grading.engine import local

    refuse = 'import sys; sys.stdin.readline(); print(\'{"refused": "no name spaces here"}\')'
    monkeypatch.setattr(local, "WORKER", (sys.executable, "-c", refuse))
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    code, _, err = grade("--sandbox", "required")
    assert code == 3 and "no name spaces here" in err and not (tmp_path / "out" / "grades.csv").exists()


def test_a_wall_that_is_missing_is_1_and_is_said(submit, grade, tmp_path, monkeypatch):
    real = "import coursekit.grading.engine.worker as w; from coursekit.sandbox.runner import Runner; "
    real += "Runner.missing = property(lambda self: ['files: can be read']); w.main()"
    monkeypatch.setattr("coursekit.grading.engine.local.WORKER", (sys.executable, "-P", "-c", real))
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    code, _, err = grade()
    assert code == 1 and "missing in the sandbox of this machine: files: can be read" in err
    assert _rows(tmp_path)["ann", "start_here"]["points"] == "1"
    assert grade("--sandbox", "off", "--regrade", "all")[0] == 0  # who says so knows it


def test_rules_roster_and_report(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\nann,Ann Arbor\nbob,Bob Builder\n")
    (tmp_path / "course.toml").write_text('extra = ["feature_means"]\nmoodle_import = true\n')
    code, _, _ = grade("--roster", str(roster))
    rows = _rows(tmp_path)
    assert code == 0 and rows["ann", "start_here"]["name"] == "Ann Arbor"
    assert rows["ann", "start_here"]["max"] == "6" and rows["bob", "start_here"]["points"] == "0"
    out = tmp_path / "out"
    assert (out / "moodle.csv").exists() and "Class report" in (out / "report.html").read_text()
    assert "Ann Arbor" in (out / "feedback" / "ann.html").read_text()


def test_a_time_of_somebody_who_handed_in_nothing_is_said_and_no_other(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    times = tmp_path / "times.csv"
    rows = ("student,lesson,submitted", "ann,00,2026-12-01T08:00Z", "zoe,00,2026-12-01T08:00Z")
    times.write_text("\n".join(rows))
    (tmp_path / "course.toml").write_text('times = "times.csv"\n')
    code, _, err = grade()
    assert code == 0 and _rows(tmp_path)["ann", "start_here"]["submitted"] == "2026-12-01T08:00:00+00:00"
    assert f"{times}, line 3: nothing was handed in by 'zoe'" in err and "by 'ann'" not in err


def test_a_zip(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    shutil.make_archive(str(tmp_path / "handed_in"), "zip", tmp_path / "submissions")
    assert grade(folder="handed_in.zip")[0] == 0
    assert _rows(tmp_path)["ann", "start_here"]["points"] == "1"
    code, out, _ = grade("--dry-run", folder="handed_in.zip")
    assert code == 0 and "1 carried over" in out


def test_two_runs_do_not_write_one_folder(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    (tmp_path / "out").mkdir()
    with Log(tmp_path / "out" / "log.jsonl"):
        code, _, err = grade()
    assert code == 2 and "another run" in err and not (tmp_path / "out" / "grades.csv").exists()
    assert grade()[0] == 0


def test_help_is_a_manual_page_and_every_option_is_in_the_guide(capsys):
    with pytest.raises(SystemExit):
        cli.main(["grade", "--help"])
    page = capsys.readouterr().out
    for part in (
        "what to grade:",
        "rules:",
        "files for platforms",
        "how:",
        "examples:",
        "files below DIR, for students:",
        "exit codes:",
    ):
        assert part in page
    guide = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - {"--help"}
    assert len(options) > 12 and {one for one in options if f"`{one}" not in guide} == set()

"""`nnutils grade` from the folder to the files."""

import csv
import hashlib
import json
import re

import pytest

from nnutils import cli
from nnutils.checks.catalogue import find_question

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
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
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
    assert {row["max"] for row in rows.values()} == {"3"}
    assert (
        rows["eve", "start_here"]["problem"] == "the file is damaged: it holds no JSON"
        and rows["dan", "start_here"]["problem"] == ""
    )
    assert "4 of 5 notebooks of 5 students graded" in out
    assert "dan/00_start_here.ipynb: feature_means: it did not come back within 1 s" in err
    assert (
        "eve/00_start_here.ipynb: the file is damaged" in err
        and "eve/diary.ipynb: left out" in err
        and "5/5" in err
    )
    log = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text().splitlines()]
    assert [line["student"] for line in log] == ["ann", "bob", "dan", "eve", "zoe"]
    assert log[0]["items"][0]["cases"] == [True] * 4 and "hooks" in log[0]["sandbox"]
    assert sorted(path.stem for path in (tmp_path / "out" / "feedback").iterdir()) == [
        "ann",
        "bob",
        "dan",
        "eve",
        "zoe",
    ]


def test_all_read_is_0_and_grading_again_gives_the_same_bytes(submit, grade, tmp_path):
    submit("ann/00_start_here.ipynb", NUMPY, HONEST)
    assert grade()[0] == 0
    first = [(tmp_path / "out" / name).read_bytes() for name in ("grades.csv", "feedback/ann.html")]
    assert grade()[0] == 0
    assert [(tmp_path / "out" / name).read_bytes() for name in ("grades.csv", "feedback/ann.html")] == first
    assert len((tmp_path / "out" / "log.jsonl").read_text().splitlines()) == 2  # appended


def test_nbgraders_layout(submit, grade, tmp_path):
    submit("submitted/ann/ps1/00_start_here.ipynb", NUMPY, HONEST)
    assert grade()[0] == 0 and _rows(tmp_path)["ann", "start_here"]["points"] == "1"


def test_the_better_of_two_notebooks_counts(submit, grade, tmp_path):
    submit("ann/00_start_here (1).ipynb", NUMPY, HONEST)
    submit("ann/00_start_here.ipynb", NUMPY, WRONG)
    code, _, err = grade()
    assert (
        code == 0 and _rows(tmp_path)["ann", "start_here"]["points"] == "1" and "the better one counts" in err
    )


def test_wrong_lesson_is_told(submit, grade, tmp_path):
    submit("ann/01_data_splits.ipynb", NUMPY, HONEST)
    code, _, err = grade()
    assert code == 0 and _rows(tmp_path)["ann", "data_splits"]["points"] == "0"
    assert "holds exercises of start_here and none of data_splits" in err


def test_a_fault_of_the_grader_stops_nothing(submit, grade, tmp_path, monkeypatch):
    from nnutils.grading import assess

    real = assess.answer_of
    monkeypatch.setattr(
        assess,
        "answer_of",
        lambda notebook, *rest: 1 / 0 if "BAD" in notebook.bindings else real(notebook, *rest),
    )
    submit("ann/00_start_here.ipynb", "BAD = 1", NUMPY, HONEST)
    submit("bob/00_start_here.ipynb", NUMPY, HONEST)
    code, _, err = grade()
    assert code == 1 and "the grader itself failed on it (ZeroDivisionError" in err
    assert [row["points"] for row in _rows(tmp_path).values()] == ["0", "1"]


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
    assert not any("s3cret" in path.read_text() for path in (tmp_path / "out").rglob("*.*"))


def test_feedback_is_readable_safe_and_tells_no_value(submit, grade, tmp_path, quiz):
    evil = (
        "def feature_means(X):\n    raise type('<script>alert(1)</script>', (Exception,), {})('</td>`<b>`')"
    )
    submit("<i>&ann/00_start_here.ipynb", NUMPY, evil, "what_is_a_row = '<b>'")
    submit("bob/00_start_here.ipynb", NUMPY, WRONG, quiz)
    grade()
    page = (tmp_path / "out" / "feedback" / "<i>&ann.html").read_text(encoding="utf-8")
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

"""`course.py grade` from what a learning platform lets you download to what it takes back."""

import csv
import io

from coursekit import cli

from .conftest import notebook
from .made import table, zipped

RIGHT = "import numpy as np\ndef feature_means(X):\n    return np.mean(X, axis=0)"


def test_from_canvas_to_canvas(tmp_path, capsys):
    inner = io.BytesIO()
    zipped(inner, {"hw/00_start_here.ipynb": notebook(RIGHT), "../../evil.ipynb": "x"})
    content = {
        "smithann_101_9001_00_start_here.ipynb": notebook(RIGHT),
        "poedan_LATE_102_9002_00_start_here.ipynb": notebook(RIGHT),
        "ozcem_103_9003_homework.zip": inner.getvalue(),
        "whomay_105_9004_00_start_here.ipynb": '{"cells": [',
    }
    source = zipped(tmp_path / "submissions.zip", content)
    before = source.read_bytes()
    students = (
        '"Smith, Ann",101,asmith,A,',
        '"Poe, Dan",102,dpoe,A,',
        '"Oz, Cem",103,coz,A,',
        '"Gone, Gil",104,ggone,A,',
    )
    head = ("Student,ID,SIS Login ID,Section,Lesson 00 (77)", "    Points Possible,,,,30")
    export = table(tmp_path / "export.csv", *head, *students)
    table(tmp_path / "times.csv", "student,lesson,submitted", "dpoe,00,2026-12-02T08:00+01:00")
    files = [
        "--roster",
        export,
        "--canvas",
        export,
    ]
    rules = [
        "--deadline",
        "2026-12-01T23:59+01:00",
        "--late",
        "10%/day",
    ]
    extra = 'times = "times.csv"\nextra = ["what_failed"]\nmoodle_import = true\n'
    (tmp_path / "course.toml").write_text(extra, encoding="utf-8")
    words = ["grade", source, "--out", tmp_path / "out", "--jobs", "1", *files, *rules]
    assert cli.main([str(word) for word in words]) == 1  # one is damaged
    said = capsys.readouterr().err
    assert "../../evil.ipynb: left out, its place lies outside of the zip" in said
    assert "whomay_105: not on the roster; graded under this name" in said
    assert source.read_bytes() == before and not list(tmp_path.rglob("evil.ipynb"))
    with (tmp_path / "out" / "canvas.csv").open(encoding="utf-8", newline="") as text:
        grades = {row["SIS Login ID"]: row["Lesson 00 (77)"] for row in csv.DictReader(text)}
    assert grades == {"": "30", "asmith": "5", "dpoe": "4.5", "coz": "5", "ggone": "0"}
    assert (
        (tmp_path / "out" / "moodle.csv").read_text().splitlines()[1].startswith("asmith,Ann Smith,asmith,1")
    )

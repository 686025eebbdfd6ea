"""A run that is killed goes on where it was, and a second run grades only what changed."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from coursekit import cli
from coursekit.sandbox import kernel
from coursekit.sandbox.own_folder import LOCK, OwnFolder
from nnutils.checks.catalogue import exercises_of, questions_of

from .conftest import notebook

ANSWERS = {
    "right": "def feature_means(X):\n    return X.mean(axis=0)",
    "sum": "def feature_means(X):\n    return X.sum(axis=0)",
    "partly": "def feature_means(X):\n    return X.mean(axis=0) + (len(X) == 1)",
    "raises": "def feature_means(X):\n    return X / None",
}
COUNT = 60
posix = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")


@pytest.fixture
def classroom(tmp_path):
    """Sixty submissions, two of which cannot be read."""
    for number in range(COUNT):
        folder = tmp_path / "submissions" / f"s{number:02d}"
        folder.mkdir(parents=True)
        answer = [*ANSWERS.values()][number % len(ANSWERS)]
        text = notebook("import numpy as np", answer, f"# {number}") if number % 30 else "{"
        (folder / "00_start_here.ipynb").write_text(text, encoding="utf-8")
    return tmp_path / "submissions"


def _command(folder, out):
    yes = [] if kernel.KNOWN else ["--sandbox", "off"]
    return [
        sys.executable,
        "-m",
        "coursekit.cli",
        "grade",
        str(folder),
        "--out",
        str(out),
        "--jobs",
        "2",
        *yes,
    ]


def _lines(out):
    text = (out / "log.jsonl").read_text() if (out / "log.jsonl").exists() else ""
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def _kill_somewhere(command, out, rng):
    """Start a run and kill it with SIGKILL when the log has grown by a random number of lines, or a little later."""
    target = len(_lines(out)) + rng.randrange(1, 15)
    folder = out.parent / "tmp"
    folder.mkdir(exist_ok=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | {"TMPDIR": str(folder)}, **quiet)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        log = out / "log.jsonl"
        if log.exists() and log.read_bytes().count(b"\n") >= target:
            break
        time.sleep(0.001)
    time.sleep(rng.random() * 0.02)
    process.send_signal(signal.SIGKILL)
    return process.wait()


@posix
@pytest.mark.slow
def test_sigkill_at_random_moments_loses_nothing_and_grades_nothing_twice(classroom, tmp_path):
    assert subprocess.run(_command(classroom, tmp_path / "calm"), capture_output=True).returncode == 1
    out, rng = tmp_path / "killed", random.Random(5)
    ends = [_kill_somewhere(_command(classroom, out), out, rng) for _ in range(4)]
    assert -signal.SIGKILL in ends
    between = len(_lines(out))
    assert 0 < between < COUNT, "the kills came too late to tell anything"
    done = subprocess.run(_command(classroom, out), capture_output=True, text=True)
    assert done.returncode == 1 and "58 of 60 notebooks" in done.stdout, done.stderr
    students = [line["student"] for line in _lines(out)]
    assert len(students) == len(set(students)) == COUNT
    assert (out / "grades.csv").read_bytes() == (tmp_path / "calm" / "grades.csv").read_bytes()
    assert f"{COUNT - between}/{COUNT - between}" in done.stderr  # the others were not touched
    until = time.monotonic() + 30
    while (left := list((tmp_path / "tmp").glob("nnutils-grading-*"))) and time.monotonic() < until:
        time.sleep(0.1)
    (tmp_path / "tmp" / "nnutils-submissions-of-another").mkdir()  # it is only being made
    for one in (tmp_path / "tmp").iterdir():
        os.utime(one, (0, 0))
    with OwnFolder("nnutils-submissions-") as live:
        again = subprocess.run(
            _command(classroom, out), capture_output=True, env=os.environ | {"TMPDIR": str(tmp_path / "tmp")}
        )
        assert again.returncode == 1 and live.is_dir()
    assert [one.name for one in (tmp_path / "tmp").iterdir()] == ["nnutils-submissions-of-another"]
    assert left == []  # the workers of the killed runs noticed, and tidied up


@posix
def test_only_folders_of_ended_processes_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os, sys, tempfile; tempfile.tempdir = sys.argv[1]; from coursekit.sandbox.own_folder import OwnFolder; "
    code += "mine = OwnFolder('nnutils-x-'); (mine.path / 'work').mkdir(); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)])
    (tmp_path / "nnutils-y-other").mkdir()
    (tmp_path / "nnutils-x-being-made").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / LOCK).touch()
    (tmp_path / "nnutils-x-link").symlink_to(tmp_path / "elsewhere")
    assert len(list(tmp_path.glob("nnutils-x-*"))) == 3
    with OwnFolder("nnutils-x-"):
        assert len(list(tmp_path.glob("nnutils-x-*"))) == 4  # what is young may be on its way to its lock
    for one in tmp_path.glob("nnutils-x-*"):
        os.utime(one, (0, 0), follow_symlinks=False)
    with OwnFolder("nnutils-x-") as first, OwnFolder("nnutils-x-") as second:
        assert first.is_dir() and second.is_dir() and first != second
        os.utime(first, (0, 0))
        OwnFolder("nnutils-x-").close()
        assert first.is_dir()  # its process lives
        left = {one.name for one in tmp_path.iterdir()} - {first.name, second.name}
        assert left == {"nnutils-y-other", "nnutils-x-being-made", "nnutils-x-link", "elsewhere"}
    assert not first.exists() and (tmp_path / "elsewhere" / LOCK).exists()


@posix
def test_ctrl_c_is_130_and_goes_on(classroom, tmp_path):
    out = tmp_path / "out"
    heard = {
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    }  # a shell's background job ignores it
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(_command(classroom, out), **pipes, **heard)
    while len(_lines(out)) < 5 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    assert b"was stopped" in process.communicate()[1] and process.returncode == 130
    assert subprocess.run(_command(classroom, out), capture_output=True).returncode == 1
    assert len(_lines(out)) == COUNT


@pytest.fixture
def two(tmp_path):
    """Two graded submissions, and what grades them again: (kinds by student, log)."""
    for student in ("ann", "bob"):
        folder = tmp_path / "submissions" / student
        folder.mkdir(parents=True)
        (folder / "00_start_here.ipynb").write_text(notebook(ANSWERS["right"], f"# {student}"))
    out = tmp_path / "out"

    def grade(*options):
        assert cli.main(["grade", str(tmp_path / "submissions"), "--out", str(out), *options]) == 0
        return [line["student"] for line in _lines(out)]

    assert sorted(grade()) == ["ann", "bob"]
    return grade, tmp_path


def _doctored(file, change):
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row in rows:
        change(row)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_a_changed_file_is_graded_again_and_no_other(two):
    grade, folder = two
    (folder / "submissions/ann/00_start_here.ipynb").write_text(notebook(ANSWERS["sum"]))
    assert grade()[2:] == ["ann"]
    with (folder / "out/grades.csv").open(encoding="utf-8-sig") as file:
        assert [row["points"] for row in csv.DictReader(file)] == ["0.25", "1"]


@pytest.mark.parametrize(
    "option", ["--time-limit=5", "--memory-limit=900", "--seed-secret=x", "--sandbox=off"]
)
def test_other_settings_grade_all_again(two, option):
    assert sorted(two[0](option)[2:]) == ["ann", "bob"]


@pytest.mark.parametrize("what", ["all", "start_here", "00", "feature_means", "start_here.feature_means"])
def test_regrade_forces(two, what):
    assert sorted(two[0]("--regrade", what)[2:]) == ["ann", "bob"]
    assert len(two[0]("--regrade", "dropout")) == 4


def test_a_mended_exercise_is_graded_again_and_the_others_are_carried_over(two):
    grade, folder = two
    mended = questions_of("start_here")[0].name

    def change(row):
        for item in row["items"]:
            item["sentence"] = "as before"
            if item["name"] == mended and row["student"] == "ann":
                item["version"] = "of the old text"

    _doctored(folder / "out/log.jsonl", change)
    assert grade()[2:] == ["ann"]
    items = {item["name"]: item for item in _lines(folder / "out")[-1]["items"]}
    assert items["feature_means"]["sentence"] == "as before" and items[mended]["sentence"] != "as before"


def test_a_mended_exercise_is_run_again(two):
    grade, folder = two

    def change(row):
        item = next(one for one in row["items"] if one["name"] == "feature_means")
        item |= {"version": "with a wrong case", "points": 0.0, "status": "failed"}

    _doctored(folder / "out/log.jsonl", change)
    assert len(grade()) == 4
    assert [line["points"] for line in _lines(folder / "out")[2:]] == [1, 1]


def test_what_the_grader_failed_on_is_tried_again(two):
    grade, folder = two
    _doctored(
        folder / "out/log.jsonl",
        lambda row: row.update(
            problem="the grader itself failed on it (x)" if row["student"] == "bob" else None
        ),
    )
    assert grade()[2:] == ["bob"]


def test_every_exercise_of_the_lesson_has_a_version(two):
    names = {one.name for one in (*exercises_of("start_here"), *questions_of("start_here"))}
    for line in _lines(two[1] / "out"):
        assert {item["name"] for item in line["items"] if item["version"]} == names

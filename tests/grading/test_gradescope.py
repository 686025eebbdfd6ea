"""What Gradescope's container runs, on a copy of its folders, and the document that it reads."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

from coursekit import cli
from coursekit.grading.gradescope import __main__ as container
from coursekit.grading.gradescope.results import results
from coursekit.grading.result import Item, Mark

from .conftest import notebook
from .made import mark, result

RIGHT = "import numpy as np\ndef feature_means(X):\n    return np.mean(X, axis=0)"
KEYS = {
    "score", "output", "output_format", "visibility", "stdout_visibility", "tests", "execution_time", "extra_data",
}  # fmt: skip
TEST = {"name", "number", "score", "max_score", "status", "output", "output_format", "visibility"}
METADATA = {  # as docs/submission_metadata.md of gradescope/autograder_samples shows it
    "id": 123456,
    "created_at": "2026-12-02T14:22:32.365935-07:00",
    "assignment": {"due_date": "2026-12-01T23:00:00.000000-07:00", "id": 25828, "total_points": "7.0"},
    "users": [{"email": "ann@example.com", "id": 1234, "name": "Ann"}, {"email": "bo@example.com", "id": 1, "name": "Bo"}],
    "previous_submissions": [],
}  # fmt: skip


def test_a_document_holds_a_test_for_each_item():
    told = results(mark("ann", 0.5), ["readme.txt: left out"])
    assert set(told) == KEYS and told["score"] == 0.5 and told["stdout_visibility"] == "hidden"
    assert told["output"] == "readme.txt: left out"
    assert [(one["name"], one["score"], one["max_score"], one["status"]) for one in told["tests"]] == [
        ("feature_means", 0.5, 1, "failed"),
        ("what_is_a_row", 0.0, 1, "failed"),
        ("what_failed", 0.0, 1, "failed"),
    ]
    assert all(set(one) == TEST for one in told["tests"])


def test_the_rules_hold_in_the_score_and_are_said():
    extra = "what_failed is extra credit: 0 of 1"
    told = results(Mark(result(), 0.8, 2, "2 days late: 20 % off", extra, ("what_failed",)))
    assert told["score"] == 0.8 and told["output"] == f"2 days late: 20 % off.\nWhat_failed{extra[11:]}."
    assert [one["max_score"] for one in told["tests"]] == [1, 1, 0]


def test_what_was_not_graded_has_no_maximum():
    model = Item("model", "exercise", "not graded", None, 3, "It returns a model.\x1b[31m")
    (told,) = results(mark(items=(model,)))["tests"]
    assert told["max_score"] == 0
    assert told["output"] == "model: not graded, – of 3. It returns a model. [31m"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The zip of lesson 00, unpacked as Gradescope does."""
    folder = tmp_path_factory.mktemp("gradescope")
    (folder / "course.toml").write_text('late = "10%/day"\nextra = ["what_failed"]\n', encoding="utf-8")
    words = ["autograder", "00", "--out", str(folder), "--config", str(folder / "course.toml")]
    assert cli.main([*words, "--sandbox", "best" if sys.platform == "linux" else "off"]) == 0
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(folder / "source")
    return folder / "source"


@pytest.fixture
def grade(unpacked, tmp_path):
    """Grade files as the container does: name → content; returns the document."""

    def run(files, metadata=METADATA):
        (tmp_path / "source").symlink_to(unpacked)
        (tmp_path / "submission").mkdir()
        for name, content in files.items():
            (tmp_path / "submission" / name).write_text(content, encoding="utf-8")
        (tmp_path / "submission_metadata.json").write_text(json.dumps(metadata) if metadata else "{")
        assert container.main(tmp_path) == 0
        return json.loads((tmp_path / "results" / "results.json").read_text())

    yield run
    container.signal.alarm(0)


def test_a_notebook_is_graded_with_the_rules_of_the_zip(grade):
    told = grade({"00_start_here.ipynb": notebook(RIGHT), "notes.txt": "x"})
    assert told["score"] == 0.9 and told["output"].startswith(
        "15 hours 23 minutes late, which counts as 1 day: 10 % off.\n"
    )
    assert "notes.txt" not in told["output"]
    scores = {one["name"]: (one["score"], one["max_score"]) for one in told["tests"]}
    assert scores["feature_means"] == (1.0, 1) and scores["what_failed"] == (0.0, 0)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "No notebook of this lesson was found in what you handed in. Hand in 00_start_here.ipynb."),
        ({"readme.md": "hello"}, "Hand in 00_start_here.ipynb."),
        ({"other.ipynb": notebook("x = 1")}, "other.ipynb: left out"),
        ({"01_data_splits.ipynb": "{"}, "Hand in 00_start_here.ipynb."),
        ({"00_start_here.ipynb": '{"cells": ['}, "The file is cut off: it ends in the middle of the notebook."),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_gets_a_sentence(grade, files, said):
    told = grade(files)
    assert told["score"] == 0 and said in told["output"], told["output"]


def test_of_two_notebooks_one_is_graded_and_said(grade):
    told = grade({"00_start_here.ipynb": notebook(RIGHT), "00_start_here (1).ipynb": notebook("x = 1")}, None)
    assert told["score"] == 1 and "only `00_start_here.ipynb` is graded" in told["output"]
    assert "late" not in told["output"]  # there were no times


def test_the_name_of_a_file_changes_neither_who_handed_in_nor_how_late_it_is(grade):
    """It looks like a download of Google Classroom, where the name before the dash is the student's."""
    told = grade({"Ann Smith - 00_start_here.ipynb": notebook(RIGHT)})
    assert told["score"] == 0.9 and "10 % off" in told["output"]


def test_a_fault_of_the_grader_is_no_fault_of_the_student(grade, monkeypatch):
    monkeypatch.setattr(container.grade, "run", lambda parsed: 1 / 0)
    monkeypatch.setattr(container, "main", lambda root, real=container.main: 1 - real(root))
    assert grade({"00_start_here.ipynb": notebook(RIGHT)})["output"] == container.BROKEN


def test_a_run_that_takes_too_long_is_stopped_and_said(grade, monkeypatch):
    def late(parsed):
        container.signal.raise_signal(container.signal.SIGALRM)

    monkeypatch.setattr(container.grade, "run", late)
    assert grade({"00_start_here.ipynb": notebook(RIGHT)})["output"] == container.STOPPED


def test_a_group_is_one_student_and_no_users_are_somebody():
    assert container.student_of(METADATA) == "ann@example.com+bo@example.com"
    assert container.student_of({}) == container.student_of({"users": [3, {}]}) == "student"


def test_times_count_only_where_a_rule_asks_for_them():
    rules = {"topic": "start_here", "late": None, "deadline": None, "extra": [], "secret": "", "points": {}}
    assert not container.policy_of(rules, METADATA, "ann").times
    late = container.policy_of(rules | {"late": "10%/day"}, METADATA, "ann")
    assert late.deadline("ann", "start_here").isoformat() == "2026-12-01T23:00:00-07:00"
    own = rules | {"late": "10%/day", "deadline": "2026-12-03T00:00Z"}
    assert container.policy_of(own, METADATA, "ann").deadline("ann", "start_here").day == 3
    for odd in ({"created_at": "soon", "assignment": {"due_date": None}}, {"assignment": 3}):
        assert container.policy_of(rules | {"late": "10%/day"}, odd, "ann").times == {}


@pytest.mark.skipif(os.name != "posix", reason="the scripts are for Gradescope's Linux")
def test_the_scripts_of_the_zip(unpacked, tmp_path):
    """run_autograder with this Python in the place of the one that setup.sh installs; without one it still says something."""
    os.symlink(unpacked, tmp_path / "source")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission/00_start_here.ipynb").write_text(notebook(RIGHT))
    environment = os.environ | {"AUTOGRADER_ROOT": str(tmp_path)}

    def run():
        subprocess.run(
            ["bash", unpacked / "run_autograder"], env=environment, capture_output=True, check=True
        )
        return json.loads((tmp_path / "results/results.json").read_text())

    assert run()["output"].startswith("The grader did not start.")
    (tmp_path / "venv/bin").mkdir(parents=True)
    python = tmp_path / "venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    assert run()["score"] == 1
    assert (tmp_path / "results/results.json").stat().st_mode & 0o077 == 0
    for script in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", unpacked / script], capture_output=True).returncode == 0

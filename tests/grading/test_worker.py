"""What a worker reads and writes, in the test's own process: its command is another one only in what it starts."""

import dataclasses
import io
import json
import os
import signal
import sys

import pytest

from coursekit.grading.engine import worker
from coursekit.grading.engine.task import Settings, Task
from coursekit.sandbox import runner
from coursekit.sandbox.walls import SandboxMissing

SETTINGS = Settings(seconds=2.0, memory=600 << 20, sandbox="off")
RIGHT = "def feature_means(X):\n    return X.mean(axis=0)"


@pytest.fixture
def work(monkeypatch, capfd):
    """A function: run a worker on these lines of input; returns the rows that it wrote and what went to stderr."""
    before = signal.getsignal(signal.SIGTERM)

    def run(settings, *tasks):
        rows = [dataclasses.asdict(settings), *(task.row() for task in tasks)]
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{json.dumps(row)}\n" for row in rows)))
        worker.main()
        out, err = capfd.readouterr()
        return [json.loads(line) for line in out.splitlines()], err

    yield run
    signal.signal(signal.SIGTERM, before)


def task_of(student, path):
    file = f"{student}/00.ipynb"
    return Task(student=student, topic="start_here", file=file, path=str(path), sha256="aa")


def test_it_says_that_it_is_ready_and_then_a_result_for_each_task(work, submit):
    good = task_of("ann", submit("ann/00_start_here.ipynb", RIGHT))
    (ready, first, second), _ = work(SETTINGS, good, task_of("bob", "/nowhere/00.ipynb"))
    assert ready["ready"] == os.getpid() and any(line.startswith("files: ") for line in ready["missing"])
    assert (first["student"], first["problem"]) == ("ann", None)
    assert [item["points"] for item in first["items"] if item["name"] == "feature_means"] == [1]
    assert second["student"] == "bob" and second["problem"]  # and it goes on


def test_what_others_print_does_not_come_between_the_results(work, monkeypatch):
    def prints(limits, sandbox):
        os.write(1, b"a library says something\n")
        raise SandboxMissing(["files"])

    monkeypatch.setattr(worker, "Runner", prints)
    (row,), err = work(SETTINGS)
    assert "refused" in row and "a library says something" in err


def test_a_sandbox_that_cannot_be_had_is_told_and_nothing_is_graded(work, monkeypatch, submit):
    def refuse(held):
        raise SandboxMissing([])

    monkeypatch.setattr(runner, "require", refuse)
    required = dataclasses.replace(SETTINGS, sandbox="required")
    (row,), _ = work(required, task_of("ann", submit("ann/00_start_here.ipynb", RIGHT)))
    assert row["refused"].startswith("This machine allows no full sandbox. Missing:")


def test_it_ends_quietly_when_the_command_is_gone(work, monkeypatch):
    ours, theirs = os.pipe()
    os.dup2(theirs, 1)
    os.close(ours)
    os.close(theirs)
    assert work(SETTINGS) == ([], "")


def test_a_signal_to_end_lets_it_tidy_up(work, submit):
    work(SETTINGS)
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 143

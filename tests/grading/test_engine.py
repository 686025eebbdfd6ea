"""The workers: one that dies is replaced, one that is slow holds up nobody; and what is graded anew of a notebook."""

import dataclasses
import itertools
import os
import sys
import time

import pytest

from coursekit.grading.engine.local import CannotStart, NoSandbox, Workers
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.engine.worker import GradingSession
from coursekit.grading.reading.extract import extract
from coursekit.grading.result import Item

SETTINGS = Settings(seconds=2.0, memory=600 << 20)
HONEST = "def feature_means(X):\n    return X.mean(axis=0)"
STUB = """
import json, os, sys, time
settings = sys.stdin.readline()
print(json.dumps({"ready": os.getpid()}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    name = task["student"]
    with open(TRIED, "a") as file:
        file.write(name + "\\n")
    if name == "dies" or (name == "dies once" and open(TRIED).read().count(name) == 1):
        os._exit(7)
    if name == "babbles":
        print("no json", flush=True)
        continue
    time.sleep(2 if name == "slow" else 0)
    row = {"student": name, "lesson": task["topic"], "file": task["file"], "sha256": "", "items": [], "notes": [], "sandbox": []}
    print(json.dumps(row), flush=True)
"""


def _task(student, path=""):
    return Task(student, "start_here", f"{student}/00.ipynb", "aa", str(path))


@pytest.fixture
def stub(tmp_path):
    """A worker that grades nothing and does what the student's name says."""
    tried = tmp_path / "tried"
    return (sys.executable, "-c", STUB.replace("TRIED", repr(str(tried)))), tried


def _graded(command, names, jobs=2):
    with Workers(SETTINGS, jobs, command) as workers:
        return {result.student: result for result in workers.grade(_task(name) for name in names)}


def test_a_worker_that_dies_is_replaced_and_its_task_tried_once_more(stub):
    command, tried = stub
    names = ["ann", "dies once", "bob", "dies", "cem", "babbles", *(f"s{i}" for i in range(20))]
    found = _graded(command, names)
    assert sorted(found) == sorted(names)
    assert {name for name, result in found.items() if result.problem} == {"dies", "babbles"}
    assert (
        "the grader itself failed on it" in found["dies"].problem and "exit code 7" in found["dies"].problem
    )
    count = tried.read_text().splitlines().count
    assert [count(name) for name in ("ann", "dies once", "dies", "babbles")] == [1, 2, 2, 2]
    assert found["dies"].max == 7 and found["dies"].points == 0


def test_a_slow_one_holds_up_nobody(stub):
    command, _ = stub
    with Workers(SETTINGS, 2, command) as workers:
        order = [result.student for result in workers.grade(map(_task, ["slow", *"abcdefgh"]))]
    assert order == [*"abcdefgh", "slow"]


def test_workers_that_cannot_start_say_so():
    with pytest.raises(CannotStart, match="exit code 3"):
        _graded((sys.executable, "-c", "import sys; sys.exit(3)"), ["ann"])


def test_a_sandbox_that_cannot_be_had_is_told(tmp_path):
    refuse = 'import sys; sys.stdin.readline(); print(\'{"refused": "no namespaces"}\')'
    with pytest.raises(NoSandbox, match="no namespaces"):
        _graded((sys.executable, "-c", refuse), ["ann"])


def test_a_fault_in_what_yields_the_tasks_comes_through(stub):
    def tasks():
        yield _task("ann")
        raise KeyError("lost")

    with Workers(SETTINGS, 2, stub[0]) as workers, pytest.raises(KeyError):
        list(workers.grade(tasks()))


def test_real_workers_grade_and_end(submit):
    paths = {name: submit(f"{name}/00_start_here.ipynb", HONEST) for name in ("ann", "bob", "cem")}
    with Workers(SETTINGS, 2) as workers:
        found = list(workers.grade(_task(name, path) for name, path in paths.items()))
        pids = [connection._process.pid for connection in workers._connections if connection._process]
    assert [result.points for result in found] == [1, 1, 1] and pids
    until = time.monotonic() + 10
    while any(map(_is_there, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_is_there, pids))


def test_a_run_that_is_stopped_takes_few_tasks_ahead_and_ends_its_workers(stub):
    taken = itertools.count()
    with Workers(SETTINGS, 2, stub[0]) as workers:
        found = list(itertools.islice(workers.grade(_task(f"s{number}") for number in taken), 5))
        assert len(found) == 5 and next(taken) <= 5 + 2 * 2
        pids = [connection._process.pid for connection in workers._connections if connection._process]
    assert pids and not any(map(_is_there, pids))


CRASHING = """
import os, signal
from coursekit.grading.reading import statements
real = statements.parse
def parse(source):
    if "CRASH" in source:
        os.kill(os.getpid(), signal.SIGSEGV)
    return real(source)
statements.parse = parse
from coursekit.grading.engine.worker import main
main()
"""


def test_a_parser_that_crashes_costs_its_own_submission_only(submit):
    names = ["ann", "bob", "cem", "dana"]
    cells = {name: ["CRASH = 1", HONEST] if name == "bob" else [HONEST] for name in names}
    paths = {name: submit(f"{name}/00_start_here.ipynb", *cells[name]) for name in names}
    with Workers(SETTINGS, 1, (sys.executable, "-c", CRASHING)) as workers:
        found = {
            result.student: result for result in workers.grade(_task(name, paths[name]) for name in names)
        }
    assert [found[name].points for name in names] == [1, 0, 1, 1]
    assert (
        found["bob"].problem == "the grader itself failed on it (its worker ended (exit code -11))"
        and found["bob"].max == 7
    )
    assert [name for name in names if found[name].problem] == ["bob"]


def _is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_fault_of_the_grader_stops_nothing(submit, monkeypatch):
    from coursekit.grading import grade_notebook

    real = grade_notebook.answer_of
    monkeypatch.setattr(
        grade_notebook,
        "answer_of",
        lambda book, *rest, **more: 1 / 0 if "BAD" in book.bindings else real(book, *rest, **more),
    )
    with GradingSession(SETTINGS) as session:
        bad = session.grade(_task("ann", submit("ann/00_start_here.ipynb", "BAD = 1", HONEST)))
        good = session.grade(_task("bob", submit("bob/00_start_here.ipynb", HONEST)))
    assert bad.problem == "the grader itself failed on it (ZeroDivisionError: division by zero)"
    assert (bad.points, bad.max, good.points, good.problem) == (0, 7, 1, None)


def test_bytes_instead_of_a_file(submit):
    path = submit("ann/00_start_here.ipynb", HONEST)
    with GradingSession(SETTINGS) as session:
        of_file, of_bytes = session.grade(_task("ann", path)), session.grade(_task("ann"), path.read_bytes())
    assert _timeless(of_file) == _timeless(of_bytes) and of_file.points == 1


def _timeless(result):
    items = tuple(dataclasses.replace(item, seconds=0) for item in result.items)
    return dataclasses.replace(result, cpu=0, seconds=0, items=items)


TOY = {
    "toy_double": "def toy_double(x):\n    return 2 * x",
    "toy_quadruple": "def toy_quadruple(x):\n    return toy_double(toy_double(x))",
    "toy_shuffle": "def toy_shuffle(x, rng):\n    return rng.permutation(x)",
}


def _regraded(grader, earlier, *again):
    """The names of the items that were graded again."""
    book = extract([*TOY.values()])
    items, _ = grader.grade_notebook(book, "toy_lesson", "ann", {item.name: item for item in earlier}, again)
    return [item.name for item in items if item.kind == "exercise" and item.sentence != "carried"]


def test_only_what_is_asked_for_is_graded_again(toy, runner):
    from coursekit.grading.grade_notebook import Grader

    grader = Grader(runner)
    items, _ = grader.grade_notebook(extract([*TOY.values()]), "toy_lesson", "ann")
    earlier = [dataclasses.replace(item, sentence="carried") for item in items]
    assert _regraded(grader, earlier, "toy_quadruple") == ["toy_quadruple"]
    assert _regraded(grader, earlier) == []
    wrong = [
        dataclasses.replace(item, status="failed") if item.name == "toy_double" else item for item in earlier
    ]
    assert _regraded(grader, wrong, "toy_double") == [item.name for item in items]  # what may call it, too


def test_tasks_and_settings_are_plain_data():
    item = Item("f", "exercise", "passed", 1.0, 1, cases=(True,))
    task = dataclasses.replace(_task("ann"), earlier=(item,), again=("f",))
    assert Task.of_row(task.row()) == task
    settings = Settings(secret="a")
    assert settings.digest == Settings(secret="a").digest != Settings(secret="b").digest != settings.digest
    assert "secret" not in settings.digest

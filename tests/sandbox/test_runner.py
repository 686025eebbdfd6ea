# ruff: noqa: E501  (a cell on a line)
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from coursekit.sandbox import runner as runners
from coursekit.sandbox.hooks import _is_refused
from coursekit.sandbox.hosts import Process
from coursekit.sandbox.program import Program
from coursekit.sandbox.setup import Limits

ROOT = Path(__file__).parents[2]
CASES = [{"X": np.random.default_rng(rows).normal(size=(rows, 3))} for rows in (5, 1, 4, 2)]


def _run(runner, body):
    runner.renew()
    source = f"def feature_means(X):\n    {body}"
    return runner.run(Program([("code cell 1", 1, source)], "feature_means"), CASES)


def test_child_knows_no_exercise_and_no_heavy_library():
    code = "import sys, coursekit.sandbox.zygote; print([m for m in sys.modules if m.startswith(('nnutils.lessons.dropout.exercises', 'nnutils.figures', 'matplotlib', 'keras'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_layers_are_told(runner):
    _run(runner, "return 1")
    assert {"session", "hooks"} <= set(runner.layers) and any("limits" in layer for layer in runner.layers)


def test_child_is_reused_and_cpu_counted(runner):
    before = runner.cpu
    _run(runner, "return 1")
    child = runner._child
    _run(runner, "return 2")
    assert runner._child is child
    assert runner.restart() == 0 and runner.cpu > before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there is no zygote")
def test_lost_zygote_is_replaced_and_costs_nobody_anything(runner):
    _run(runner, "return 1")
    os.kill(runner._host._process.pid, 9)
    runner._host._process.wait()
    outcome = _run(runner, "return X.mean(axis=0)")  # in its child, or again in another one
    assert outcome.lost is None and outcome.runs[0].failure is None
    runner.restart()
    assert _run(runner, "return X.mean(axis=0)").runs[0].failure is None


def test_processes_started_one_by_one_do_the_same(monkeypatch):
    monkeypatch.setattr(runners, "Zygote", Process)
    with runners.Runner(Limits(seconds=2)) as runner:
        assert _run(runner, "return X.mean(axis=0)").runs[0].result.shape == (3,)
        assert "exit code 5" in _run(runner, "import os; os._exit(5)").lost
        assert "did not come back" in _run(runner, "\n    while True: pass").lost
        assert _run(runner, "return 1").runs[3].result == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what another process has used")
def test_what_counts_is_computing_and_waiting_has_an_end():
    with runners.Runner(Limits(seconds=0.8)) as runner:
        assert _run(runner, "import time; time.sleep(0.1); return X.mean(axis=0)").lost is None  # 4 cases
        assert "within 0.8 s of waiting" in _run(runner, "import time; time.sleep(60)").lost
        assert "within 0.8 s of computing" in _run(runner, "\n    while True: pass").lost


class Told:
    """A host whose child has used so many CPU seconds at each look."""

    def __init__(self, *seconds):
        self.seconds = iter(seconds)

    def used(self):
        return next(self.seconds)


def test_a_drop_at_a_time_is_no_way_round_the_end():
    clock = runners.Clock(Told(0.0, 1.0, 7.0), 5.0, 60.0)
    clock._seen -= 1
    clock.look()
    clock.look()  # at once again: nothing is asked
    clock._seen -= 1
    with pytest.raises(TimeoutError):
        clock.look()
    assert "of computing" in clock.lasted


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's children in /proc")
def test_nothing_is_left_behind(runner):
    _run(runner, "\n    while True: pass")
    runner.restart()
    outer = runner._host._process.pid  # with namespaces, the zygote is its only child
    inner = _children(outer)
    assert len(inner) <= 1 and not any(_children(pid) for pid in inner)


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


DAEMON = """
import os, sys, time
from coursekit.sandbox.zygote import become_reaper, end_descendants
become_reaper()
if os.fork() == 0:  # a child that starts a daemon and ends
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        for _ in range(5):
            os.fork()
        open(sys.argv[1], "w").close()
        time.sleep(60)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]): time.sleep(.01)
end_descendants()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to another process than init")
def test_daemons_and_their_children_are_ended(tmp_path):
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", DAEMON, str(tmp_path / "up")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=30,
    )
    assert done.stdout.strip() == "none", done.stderr
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("module", "allows", "refused"),
    [
        ("nnutils.lessons.dropout.exercises", ("nnutils.network",), True), ("nnutils.network", (), True), ("nnutils.network", ("nnutils.network",), False),
        ("nnutils.lessons.dropout.given", (), False), ("keras.layers", (), True), ("keras.layers", ("keras",), False), ("math", (), False),
        ("nnutils", (), False), ("nnutils.Exercises", (), True), ("kerasx", (), False),
    ],
)  # fmt: skip
def test_which_modules_an_answer_may_import(module, allows, refused):
    assert _is_refused(module, allows) is refused


LITTLE = """import time
    until = time.monotonic() + 4 * (len(X) == 1)
    while time.monotonic() < until:
        turn = time.process_time() + 0.005
        while time.process_time() < turn: pass
        time.sleep(0.03)
    return X.mean(axis=0)"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what another process has used")
def test_an_answer_on_a_busy_machine_has_its_time(runner):
    """It gets a seventh of a processor, and takes twice its limit by the clock."""
    outcome = _run(runner, LITTLE)
    assert outcome.lost is None and all(run.failure is None for run in outcome.runs)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what another process has used")
def test_a_loop_is_ended_by_what_it_used(runner):
    runner.restart()
    before = runner.cpu
    outcome = _run(runner, "\n    while True: pass")
    assert outcome.lost == "it did not come back within 2 s of computing: does a loop never end?"
    assert 1.9 < runner.cpu - before < 5


@pytest.mark.parametrize(
    "wait", ["import time\n    time.sleep(60)", "import threading\n    threading.Event().wait()"]
)
def test_an_answer_that_only_waits_is_ended_after_its_limit(runner, wait):
    begun = time.monotonic()
    assert _run(runner, wait).lost.startswith("it did not come back within 2 s")
    assert 2 <= time.monotonic() - begun < 20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what another process has used")
def test_by_the_clock_there_is_an_end_and_once_for_a_notebook(monkeypatch):
    monkeypatch.setattr(runners, "PATIENCE", 1)
    with runners.Runner(Limits(seconds=1)) as runner:
        endless = LITTLE.replace("4 *", "99 *").replace("== 1", "> 0").replace("0.005", "0.002")
        assert "within 2 s by the clock" in _run(runner, endless).lost
        assert runner.patience == 0  # for the other answers of this notebook
        assert "within 2 s by the clock" in _run(runner, endless).lost  # of the next one


def test_what_an_answer_before_has_used_is_not_counted(runner):
    """One child serves many exercises: each has the whole time."""
    busy = "import time\n    until = time.process_time() + 0.35\n    while time.process_time() < until: pass\n    return X.mean(axis=0)"
    for _ in range(3):
        assert _run(runner, busy).lost is None  # 1.4 s each, in the same child

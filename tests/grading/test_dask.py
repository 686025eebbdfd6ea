"""The same on a Dask cluster, one of whose workers is killed midway. Dask is an extra: the tests are skipped without it."""

import csv
import json
import os
import signal
import threading
import time

import pytest

from coursekit import cli
from coursekit.grading.engine import cluster as clusters

from .conftest import notebook

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed: pip install 'distributed>=2025.1'"
)
RIGHT = "def feature_means(X):\n    return X.mean(axis=0)"
SLOW = "import time\ndef feature_means(X):\n    time.sleep(0.05)\n    return X.mean(axis=0)"
COUNT = 30


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster


@pytest.fixture
def grade(tmp_path):
    def run(*options):
        return cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / "out"), *options])

    return run


def _lines(tmp_path):
    log = tmp_path / "out" / "log.jsonl"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _kill_one_after(tmp_path, pids, count, killed):
    until = time.monotonic() + 60
    while len(_lines(tmp_path)) < count:
        time.sleep(0.01)
        if time.monotonic() > until or killed:
            return
    os.kill(pids[0], signal.SIGKILL)
    killed.append(len(_lines(tmp_path)))


@pytest.mark.slow
def test_all_are_graded_once_although_a_worker_is_killed_midway(cluster, grade, tmp_path):
    for number in range(COUNT):
        folder = tmp_path / "submissions" / f"s{number:02d}"
        folder.mkdir(parents=True)
        (folder / "00_start_here.ipynb").write_text(notebook(SLOW if number % 5 else RIGHT, f"# {number}"))
    (tmp_path / "submissions" / "s07" / "00_start_here.ipynb").write_text("{")
    pids = [worker.pid for worker in cluster.workers.values()]
    killed = []
    killer = threading.Thread(target=_kill_one_after, args=(tmp_path, pids, 6, killed))
    killer.start()
    code = grade("--scheduler", cluster.scheduler_address)
    killer.join()
    assert code == 1  # one file is damaged
    assert 6 <= killed[0] < COUNT
    students = [line["student"] for line in _lines(tmp_path)]
    assert len(students) == len(set(students)) == COUNT
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8-sig") as file:
        points = {row["student"]: row["points"] for row in csv.DictReader(file)}
    assert points == {f"s{number:02d}": "0" if number == 7 else "1" for number in range(COUNT)}


def test_no_scheduler_is_2(grade, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(clusters, "CONNECT", 1)
    folder = tmp_path / "submissions" / "ann"
    folder.mkdir(parents=True)
    (folder / "00_start_here.ipynb").write_text(notebook(RIGHT))
    assert grade("--scheduler", "tcp://127.0.0.1:9") == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err

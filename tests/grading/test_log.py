"""The log: appended whole, read back by place, mended after a kill."""

import json

import pytest

from coursekit.grading.log import Log, key_of
from coursekit.grading.result import Item, Result
from coursekit.sandbox.own_folder import InUse


def _result(student, points=1.0, sha256="aa"):
    item = Item("f", "exercise", "passed", points, 2, cases=(True, False), version="v1")
    return Result(student, "start_here", f"{student}/00.ipynb", sha256, (item,), prints={"f": [1, 2]})


def test_what_is_appended_is_found_again(tmp_path):
    file = tmp_path / "log.jsonl"
    with Log(file) as log:
        for student in ("ann", "böb", "\udcff"):
            log.append(_result(student))
        assert log.find(key_of(_result("böb"))) == _result("böb")
        assert log.find(key_of(_result("ann", sha256="bb"))) is None
    with Log(file) as log:
        assert [one.student for one in log.results()] == ["ann", "böb", "\udcff"]


def test_the_last_line_on_a_notebook_holds(tmp_path):
    with Log(tmp_path / "log.jsonl") as log:
        for points in (0.0, 2.0):
            log.append(_result("ann", points))
        assert log.find(key_of(_result("ann"))).points == 2 and len([*log.results()]) == 1
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("torn", [1, 10, 200])
def test_a_torn_last_line_is_cut_off(tmp_path, torn):
    file = tmp_path / "log.jsonl"
    with Log(file) as log:
        log.append(_result("ann"))
        log.append(_result("bob"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-torn])
    with Log(file, write=False) as log:
        assert len([*log.results()]) == 1 and file.read_bytes() == whole[:-torn]  # a reader mends nothing
    with Log(file) as log:
        assert len([*log.results()]) == 1
        log.append(_result("bob"))
    assert file.read_bytes() == whole


def test_lines_of_something_else_are_left_alone(tmp_path):
    file = tmp_path / "log.jsonl"
    file.write_text('no json\n{"student": "ann"}\n[1]\n\n')
    with Log(file) as log:
        log.append(_result("ann"))
        assert log.skipped == 4 and len([*log.results()]) == 1
    assert file.read_text().startswith("no json\n") and json.loads(file.read_text().splitlines()[-1])


def test_one_writer_at_a_time(tmp_path):
    with Log(tmp_path / "log.jsonl"), pytest.raises(InUse, match="another run"):
        Log(tmp_path / "log.jsonl")
    with Log(tmp_path / "log.jsonl") as log:
        assert [*log.results()] == []

import json
import os
import subprocess
import sys
import time

import pytest

from nnutils.checks import hint, progress, record, solution
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.verdict import Verdict


def count(name="one"):
    record.update(name, lambda entry: entry.update(tries=entry.get("tries", 0) + 1))


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_record_is_one_readable_file(own_record, tmp_path):
    count("b")
    count("a")
    count("a")
    assert json.loads(own_record.read_text()) == {"a": {"tries": 2}, "b": {"tries": 1}}
    assert files(tmp_path) == ["progress.json"]


def test_off_keeps_it_in_memory(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNUTILS_RECORD", "off")
    count()
    count()
    assert record.entry("one") == {"tries": 2}
    assert files(tmp_path) == []


@pytest.mark.parametrize("value", [None, ""])
def test_default_is_in_the_working_folder(monkeypatch, tmp_path, value):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NNUTILS_RECORD") if value is None else monkeypatch.setenv("NNUTILS_RECORD", value)
    count()
    assert files(tmp_path) == ["nnutils-progress.json"]


DEEP = "[" * 100_000


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "null", "\x00\xff", DEEP], ids=range(7))
def test_damaged_file_is_set_aside_and_said_so(own_record, tmp_path, capsys, text):
    own_record.write_bytes(text.encode("latin-1"))
    count()
    assert json.loads(own_record.read_text()) == {"one": {"tries": 1}}
    assert (tmp_path / "progress.damaged-1.json").read_bytes() == text.encode("latin-1")
    assert "was damaged" in capsys.readouterr().err
    own_record.write_text("{")
    count()
    assert files(tmp_path) == ["progress.damaged-1.json", "progress.damaged-2.json", "progress.json"]


@pytest.mark.parametrize(
    "entry",
    [{"tries": "x"}, {"hints": "x"}, {"hints": -3}, {"hints": None}, {"mistakes": 3}, {"status": 5}, {}],
)
def test_odd_entries_do_no_harm(own_record, toy, entry, capsys):
    own_record.write_text(json.dumps({"scaled": entry}))
    record.note_verdict(toy, Verdict("failed", "", mistake="twice"))
    assert record.entry("scaled")["mistakes"] == ["twice"]
    solution("scaled")
    hint("scaled")
    progress()
    assert "hint 1 of 3" in capsys.readouterr().out


@pytest.mark.parametrize("stage", ["dump", "replace"])
def test_crash_leaves_the_old_record(own_record, tmp_path, monkeypatch, stage):
    count()
    before = own_record.read_bytes()

    def crash(*args, **kwargs):
        if stage == "dump":
            args[1].write('{"half')
        raise KeyboardInterrupt

    monkeypatch.setattr(*((record.json, "dump") if stage == "dump" else (record.os, "replace")), crash)
    with pytest.raises(KeyboardInterrupt):
        count()
    assert own_record.read_bytes() == before
    assert files(tmp_path) == ["progress.json"]


KILLED = """
import os
from nnutils.checks import record
record.json.dump = lambda data, file, **rest: (file.write('{"half'), file.flush(), os._exit(9))
record.update("one", lambda entry: entry.update(tries=7))
"""


def test_killed_process_leaves_the_old_record_and_no_lock_for_long(own_record, tmp_path):
    count()
    before = own_record.read_bytes()
    assert subprocess.run([sys.executable, "-c", KILLED]).returncode == 9
    assert own_record.read_bytes() == before
    lock = tmp_path / ".progress.json.lock"
    assert lock.exists()
    os.utime(lock, (time.time() - 10,) * 2)
    count()
    assert record.entry("one") == {"tries": 2}
    assert not lock.exists()


COUNTING = """
from nnutils.checks import record
for i in range(60):
    record.update("both", lambda entry: entry.update(tries=entry.get("tries", 0) + 1))
    record.update("own {0}", lambda entry: entry.update(tries=i + 1))
"""


def test_two_notebooks_at_once_lose_nothing():
    both = [subprocess.Popen([sys.executable, "-c", COUNTING.format(name)]) for name in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    assert record.load() == {"both": {"tries": 120}, "own a": {"tries": 60}, "own b": {"tries": 60}}


def refuse(*args, **kwargs):
    raise PermissionError(13, "Permission denied")


def test_folder_that_cannot_be_written_to(own_record, monkeypatch, capsys, toy):
    own_record.write_text('{"other": {"tries": 3}}')
    opened = record.Path.open
    monkeypatch.setattr(record.os, "open", refuse)
    monkeypatch.setattr(
        record.Path,
        "open",
        lambda path, mode="r", *rest, **named: (refuse if "w" in mode else opened)(
            path, mode, *rest, **named
        ),
    )
    for number in (1, 2, 3):
        assert record.note_hint(toy) == number  # kept in memory, so that hints go on
    assert record.load() == {"other": {"tries": 3}, "scaled": {"hints": 3}}
    assert capsys.readouterr().err.count("cannot be kept") == 1
    monkeypatch.undo()


def test_what_could_not_be_written_is_written_later(own_record, capsys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record.os, "replace", refuse)
        count()
    assert not own_record.exists()
    count("two")
    assert json.loads(own_record.read_text()) == {"one": {"tries": 1}, "two": {"tries": 1}}


def test_file_that_cannot_be_read_is_not_overwritten(own_record, monkeypatch, capsys):
    own_record.write_text('{"other": {"tries": 3}}')
    monkeypatch.setattr(type(own_record), "read_text", refuse)
    count()
    assert record.entry("one") == {"tries": 1}
    monkeypatch.undo()
    assert own_record.read_text() == '{"other": {"tries": 3}}'


@pytest.mark.parametrize("place", ["missing/progress.json", "file/progress.json", "."])
def test_impossible_places(monkeypatch, tmp_path, place, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NNUTILS_RECORD", str(tmp_path / place))
    count()
    assert record.entry("one") == {"tries": 1}
    assert "cannot be kept" in capsys.readouterr().err


def test_hints_open_one_by_one_and_then_the_solution(toy, capsys, monkeypatch):
    monkeypatch.setattr("nnutils.checks.help.plain_source", lambda reference: "the answer")
    solution("scaled")
    assert "3 hints are left" in capsys.readouterr().out
    for number in (1, 2, 3):
        hint(toy)
        text = capsys.readouterr().out
        assert f"hint {number} of 3" in text
        assert text.count("\n  ") == number + 1
        solution("scaled")
        assert (capsys.readouterr().out == "the answer\n") is (number == 3)
    hint("scaled")
    assert "hint 3 of 3" in capsys.readouterr().out


def test_solution_opens_after_a_pass(capsys):
    exercise = find_exercise("feature_means")
    record.note_verdict(exercise, Verdict("passed", "passed"))
    solution("feature_means")
    text = capsys.readouterr().out
    assert text.startswith("def feature_means(X):")
    names = {}
    exec(text, names)
    assert callable(names["feature_means"])


@pytest.mark.parametrize("function", [hint, solution])
def test_help_needs_a_name(function, toy):
    with pytest.raises(TypeError, match="name an exercise"):
        function(3)

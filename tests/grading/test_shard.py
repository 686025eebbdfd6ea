"""Three shards, merged, are one run."""

import json

import pytest

from coursekit import cli
from coursekit.grading.engine.plan import shard_of
from coursekit.grading.engine.shards import Shard

from .conftest import notebook

RIGHT = "def feature_means(X):\n    return X.mean(axis=0)"
SUM = "def feature_means(X):\n    return X.sum(axis=0)"
STUDENTS = [f"s{number}" for number in range(24)]


@pytest.fixture
def grade(tmp_path, capsys):
    for number, student in enumerate(STUDENTS):
        folder = tmp_path / "submissions" / student
        folder.mkdir(parents=True)
        (folder / "00_start_here.ipynb").write_text(notebook(RIGHT if number % 3 else SUM, f"# {number}"))
        (folder / "00_start_here (1).ipynb").write_text(notebook(SUM, f"# {number}"))
    (tmp_path / "submissions" / "s0" / "cat.png").write_bytes(b"")

    def run(out, *options):
        code = cli.main(["grade", str(tmp_path / "submissions"), "--out", str(tmp_path / out), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def _merge(tmp_path, capsys, *folders):
    folders = [str(tmp_path / folder) for folder in folders]
    code = cli.main(["grade", "--merge", *folders, "--out", str(tmp_path / "merged")])
    return code, capsys.readouterr().err


def test_three_shards_merged_are_one_run(grade, tmp_path, capsys):
    assert grade("whole")[0] == 0
    for number in (1, 2, 3):
        assert grade("a" if number < 3 else "b", "--shard", f"{number}/3")[0] == 0
    assert not (tmp_path / "a" / "grades.csv").exists()
    code, err = _merge(tmp_path, capsys, "a", "b")
    assert code == 0 and "cat.png" in err
    whole, merged = tmp_path / "whole", tmp_path / "merged"
    assert (merged / "grades.csv").read_bytes() == (whole / "grades.csv").read_bytes()
    pages = [sorted(file.name for file in (folder / "feedback").iterdir()) for folder in (whole, merged)]
    assert pages[0] == pages[1]
    for page in pages[0]:
        assert (whole / "feedback" / page).read_bytes() == (merged / "feedback" / page).read_bytes()
    lines = (merged / "log.jsonl").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 24
    assert _merge(tmp_path, capsys, "a", "b")[0] == 0  # again: the log stays as it is
    assert (merged / "log.jsonl").read_text().splitlines() == lines


def test_missing_and_unfinished_shards_are_named(grade, tmp_path, capsys):
    for number in (1, 3):
        assert grade("a", "--shard", f"{number}/3")[0] == 0
    code, err = _merge(tmp_path, capsys, "a")
    assert code == 1 and "shard 2 of 3 is missing" in err and "shard 1" not in err
    assert (tmp_path / "merged" / "grades.csv").exists()
    (tmp_path / "a" / "shard-3-of-3.json").unlink()
    code, err = _merge(tmp_path, capsys, "a")
    assert code == 1 and "shard 3 of 3 has not ended" in err


def test_nothing_to_merge_is_2(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    code, err = _merge(tmp_path, capsys, "a")
    assert code == 2 and "no log-1-of-n.jsonl" in err


def test_a_shard_is_resumed_like_any_run(grade, tmp_path):
    grade("a", "--shard", "1/2")
    lines = (tmp_path / "a" / "log-1-of-2.jsonl").read_text()
    grade("a", "--shard", "1/2")
    assert (tmp_path / "a" / "log-1-of-2.jsonl").read_text() == lines
    assert {json.loads(line)["student"] for line in lines.splitlines()} == {
        student for student in STUDENTS if shard_of(student, "start_here", 2) == 1
    }


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/3"])
def test_what_is_no_shard(grade, text, capsys):
    with pytest.raises(SystemExit) as end:
        grade("a", f"--shard={text}")
    assert end.value.code == 2 and "is no shard" in capsys.readouterr().err


def test_shards_split_evenly_and_the_same_everywhere():
    counts = [0, 0, 0]
    for number in range(3000):
        counts[shard_of(f"student {number}", "dropout", 3) - 1] += 1
    assert min(counts) > 900
    assert shard_of("ann", "dropout", 5) == 5 and Shard.of_text("2/5") == Shard(2, 5)

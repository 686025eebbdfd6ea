"""`python3 course.py new`: the skeleton of a lesson, and what is refused."""

import shutil
import subprocess
import sys

import pytest

from coursekit import cli
from coursekit.authoring import new
from coursekit.authoring.lesson import ROOT, lessons

NEXT = len(lessons())


def called(root, *words):
    return cli.main(["new", *map(str, words), "--root", str(root)])


@pytest.fixture
def root(tmp_path):
    """A checkout of the lessons' texts alone."""
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def written(root):
    return {path for path in root.rglob("*") if path.is_file() and ".ruff_cache" not in path.parts}


def test_every_file_is_written_and_the_map_has_a_row(root, capsys):
    before = written(root)
    start = root / "lessons" / "00_start_here.py"
    text = start.read_text(encoding="utf-8")
    assert called(root, NEXT, "label_smoothing", "--exercise", "smooth_labels") == 0
    package = "nnutils/lessons/label_smoothing"
    wanted = [
        f"lessons/{NEXT}_label_smoothing.py",
        f"{package}/__init__.py",
        f"{package}/questions.py",
        f"{package}/exercises/__init__.py",
        f"{package}/exercises/smooth_labels.py",
        "tests/lessons/test_label_smoothing.py",
    ]
    assert written(root) - before == {root / name for name in wanted}
    said = capsys.readouterr().out.splitlines()
    assert said[: len(wanted)] == [f"{name} written" for name in wanted]
    assert f"`python3 course.py lint {NEXT}`" in said[-1]
    lines, old = start.read_text(encoding="utf-8").splitlines(), text.splitlines()
    row = f"# | [{NEXT} Label smoothing]({NEXT}_label_smoothing.ipynb) | TODO: its question | 60 |"
    assert [line for line in lines if line not in old] == [row]
    assert lines[lines.index(row) - 1].startswith(f"# | [{NEXT - 1} ") and len(lines) == len(old) + 1


def test_the_exercise_is_called_as_the_topic_by_default(root):
    assert called(root, NEXT, "label_smoothing") == 0
    exercise = root / "nnutils" / "lessons" / "label_smoothing" / "exercises" / "label_smoothing.py"
    assert "def label_smoothing(x):" in exercise.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words, sentence",
    [
        ((NEXT + 1, "new"), f"a new lesson takes the next free number, {NEXT}, not {NEXT + 1}"),
        ((4, "new"), f"a new lesson takes the next free number, {NEXT}, not 04"),
        ((NEXT, "dropout"), "the topic dropout is taken by 04_dropout"),
        ((NEXT, "Label-smoothing"), "'Label-smoothing' is no name: use small letters, digits and _"),
        ((NEXT, "lambda"), "'lambda' is no name"),
        ((NEXT, "../up"), "'../up' is no name"),
        ((NEXT, "new", "--exercise", "2nd"), "'2nd' is no name"),
        (
            (NEXT, "adam_update"),
            "the lesson momentum_rmsprop_adam has an exercise or question called adam_update",
        ),
        (
            (NEXT, "new", "--exercise", "first_step"),
            "has an exercise or question called first_step: choose another",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(root, words, sentence, capsys):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert called(root, *words) == 2
    assert sentence in capsys.readouterr().err
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_each_file_of_the_skeleton_is_used_and_formatted(root):
    assert {path.name for path in new.SKELETON.iterdir()} == {*new.FILES.values()}
    assert called(root, NEXT, "a_topic_with_a_long_name", "--exercise", "an_exercise_with_a_long_name") == 0
    for words in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "."], cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout

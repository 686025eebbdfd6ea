"""`python3 course.py new`: the skeleton of a lesson, and what is refused."""

import re
import shutil
import subprocess
import sys

import pytest

from coursekit import cli
from coursekit.authoring import new
from coursekit.authoring.lesson import ROOT, lessons

NEXT = lessons()[-1].number + 1


def called(root, *words):
    return cli.main(["new", *map(str, words), "--root", str(root)])


@pytest.fixture
def root(tmp_path):
    """A checkout of the lessons' texts alone, and so much of nnutils that ruff takes it for the course's own."""
    for name in ("__init__.py", "checks/exercise.py", "checks/prediction.py"):
        (tmp_path / "nnutils" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "nnutils" / name).write_text('"""Own."""\n', encoding="utf-8")
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def written(root):
    return {path for path in root.rglob("*") if path.is_file() and ".ruff_cache" not in path.parts}


def test_every_file_is_written_and_the_map_has_a_row(root, capsys):
    before = written(root)
    start = root / "lessons" / "00_start_here.py"
    text = start.read_text(encoding="utf-8")
    assert called(root, NEXT, "class_weights", "--exercise", "weigh_classes") == 0
    package = "nnutils/lessons/class_weights"
    wanted = [
        f"lessons/{NEXT}_class_weights.py",
        f"{package}/__init__.py",
        f"{package}/questions.py",
        f"{package}/predictions.py",
        f"{package}/exercises/__init__.py",
        f"{package}/exercises/weigh_classes.py",
        "tests/lessons/test_class_weights.py",
    ]
    assert written(root) - before == {root / name for name in wanted}
    said = capsys.readouterr().out.splitlines()
    assert said[: len(wanted)] == [f"{name} written" for name in wanted]
    assert f"`python3 course.py lint {NEXT}`" in said[-1]
    lines, old = start.read_text(encoding="utf-8").splitlines(), text.splitlines()
    row = f"# | [{NEXT} Class weights]({NEXT}_class_weights.ipynb) | TODO: its question | 60 |"
    assert [line for line in lines if line not in old] == [row]
    assert lines[lines.index(row) - 1].startswith(f"# | [{NEXT - 1} ") and len(lines) == len(old) + 1


def test_a_free_number_gets_its_row_in_order(root):
    gone, start = lessons(root)[9], root / "lessons/00_start_here.py"
    gone.source.unlink()
    lines = start.read_text(encoding="utf-8").splitlines(keepends=True)
    start.write_text("".join(line for line in lines if f"({gone.name}.ipynb)" not in line), encoding="utf-8")
    assert called(root, gone.number, "class_weights") == 0
    rows = re.findall(r"^# \| \[(\d\d) ", start.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted(rows) and f"{gone.number:02d}" in rows


def test_one_more_exercise_of_each_kind_is_written_and_listed(root, capsys):
    assert called(root, NEXT, "class_weights", "--kind", "derive") == 0
    package = root / "nnutils" / "lessons" / "class_weights"
    assert 'kind="derive",' in (package / "exercises" / "class_weights.py").read_text(encoding="utf-8")
    (package / "given.py").write_text(
        '"""Given."""\n\nfrom pathlib import Path\n\nHERE = Path()\n', encoding="utf-8"
    )
    names = ["class_weights"]
    for kind in ("write", "derive", "repair", "design"):
        names.append(f"a_{kind}")
        capsys.readouterr()
        assert called(root, NEXT, "class_weights", "--exercise", names[-1], "--kind", kind) == 0
        said = capsys.readouterr().out
        assert (
            f"Put a cell tagged exercise with the name a_{kind} into lessons/{NEXT}_class_weights.py" in said
        )
        assert f'kind="{kind}",' in (package / "exercises" / f"a_{kind}.py").read_text(encoding="utf-8")
    index = (package / "exercises" / "__init__.py").read_text(encoding="utf-8")
    assert re.findall(r"import (\w+)$", index, re.MULTILINE) == names
    assert re.findall(r'"(\w+)",', index) == names
    given = (package / "given.py").read_text(encoding="utf-8")
    assert given.count("def try_a_design(design: Any, seed: int) -> float:") == 1
    imports = "from pathlib import Path\nfrom typing import Any\n\nimport numpy as np\n\nHERE = Path()\n"
    assert given.startswith(f'"""Given."""\n\n{imports}')


def test_the_exercise_is_called_as_the_topic_by_default(root):
    assert called(root, NEXT, "class_weights") == 0
    exercise = root / "nnutils" / "lessons" / "class_weights" / "exercises" / "class_weights.py"
    assert "def class_weights(x):" in exercise.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words, sentence",
    [
        ((NEXT + 1, "new"), f"a new lesson takes a free number from 00 to {NEXT}, not {NEXT + 1}"),
        ((4, "new"), "the number 04 is taken by 04_dropout"),
        (
            (4, "dropout"),
            "the lesson 04_dropout is there already: name its new exercise with --exercise NAME",
        ),
        ((4, "dropout", "--kind", "repair"), "name its new exercise with --exercise NAME"),
        ((NEXT, "dropout"), "the topic dropout is taken by 04_dropout"),
        (
            (NEXT, "new", "--kind", "design"),
            "a lesson begins with an exercise to write or derive: add the design",
        ),
        (
            (4, "dropout", "--exercise", "dropout_mask"),
            "the lesson dropout has an item called dropout_mask: choose",
        ),
        ((NEXT, "Class-weights"), "'Class-weights' is no name: use small letters, digits and _"),
        ((NEXT, "lambda"), "'lambda' is no name"),
        ((NEXT, "../up"), "'../up' is no name"),
        ((NEXT, "new", "--exercise", "2nd"), "'2nd' is no name"),
        (
            (NEXT, "adam_update"),
            "the lesson momentum_rmsprop_adam has an item called adam_update",
        ),
        (
            (NEXT, "new", "--exercise", "first_step"),
            "has an item called first_step: choose another",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(root, words, sentence, capsys):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert called(root, *words) == 2
    assert sentence in capsys.readouterr().err
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_each_file_of_the_skeleton_is_used_and_formatted(root):
    used = {*new.FILES.values(), *new.OF_A_KIND.values(), new.TRIAL}
    assert {path.name for path in new.SKELETON.iterdir()} == used
    assert called(root, NEXT, "a_topic_with_a_long_name", "--exercise", "an_exercise_with_a_long_name") == 0
    for kind in ("repair", "design"):
        name = f"another_exercise_with_a_long_name_to_{kind}"
        assert called(root, NEXT, "a_topic_with_a_long_name", "--exercise", name, "--kind", kind) == 0
    for words in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "."], cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout

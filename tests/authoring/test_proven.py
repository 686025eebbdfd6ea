"""What was proved once is not proved again, until something that it depends on changes."""

import shutil
from pathlib import Path

import pytest

from coursekit.authoring import proven
from nnutils.checks.catalogue import find_exercise

ROOT = Path(__file__).parents[2]
EXERCISE = find_exercise("split_sizes")
FOLDER = "nnutils/lessons/data_splits"
OWN = f"{FOLDER}/exercises/split_sizes.py"
ONE_MORE = ("import numpy as np", "import numpy as np\n\nMORE = 1")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A copy of what proofs depend on, with no proof kept yet."""
    for package in ("nnutils", "coursekit"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    for file in ("notebooks/01_data_splits.ipynb", "lessons/01_data_splits.py"):
        (tmp_path / file).parent.mkdir()
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "test.py").write_text("a test", encoding="utf-8")
    (tmp_path / "test_grading.py").write_text("SEED = 1", encoding="utf-8")
    monkeypatch.setattr(proven, "ROOT", tmp_path)
    monkeypatch.setattr(proven, "FILE", tmp_path / "proven.json")
    monkeypatch.delenv("NNUTILS_SEEDS", raising=False)
    for cached in (proven._kept, proven.digest.imports, proven.digest.code):
        cached.cache_clear()
    yield tmp_path
    for cached in (proven._kept, proven.digest.imports, proven.digest.code):
        cached.cache_clear()


def all_proofs(root):
    exercise = proven.exercise_proof(EXERCISE, "test_it", root / "test.py")
    copy = proven.copy_proof(root / "notebooks" / "01_data_splits.ipynb")
    return exercise | copy | proven.grading_proof("data_splits", "test_it", root / "test_grading.py")


def test_a_kept_proof_holds(root, monkeypatch):
    assert not proven.holds(all_proofs(root))
    proven.keep(all_proofs(root))
    proven.keep({"another": "one"})
    assert (
        proven.holds(all_proofs(root))
        and proven.holds({"another": "one"})
        and not proven.holds({"another": "two"})
    )
    monkeypatch.setenv("NNUTILS_SEEDS", "all")
    assert not proven.holds(all_proofs(root))


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        (OWN, "You rounded up.", "You rounded up!", 3),
        (OWN, "@split_sizes.variant", "# a comment\n@split_sizes.variant", 0),
        ("nnutils/checks/compare.py", *ONE_MORE, 3),
        (f"{FOLDER}/questions.py", "import", "import math, ", 2),
        (f"{FOLDER}/exercises/group_split.py", *ONE_MORE, 2),
        ("test.py", "a test", "another", 1),
        ("test_grading.py", "1", "2", 1),
        ("requirements.txt", "numpy==", "numpy===", 3),
        ("notebooks/01_data_splits.ipynb", "Train", "train", 1),
        ("nnutils/optimizers/elementwise.py", *ONE_MORE, 2),
        ("nnutils/search.py", *ONE_MORE, 0),
        ("nnutils/__init__.py", "import os", "import os\n\nMORE = 1", 1),
        ("coursekit/sandbox/codec.py", *ONE_MORE, 1),
        ("coursekit/grading/reading/statements.py", "import ast", "import ast\n\nMORE = 1", 1),
        ("coursekit/grading/pages/feedback.py", "import", "import math, ", 0),
    ],
)
def test_a_change_ends_the_proofs_that_depend_on_it(root, file, old, new, changed):
    before, path = all_proofs(root), root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for cached in (proven.digest.imports, proven.digest.code):
        cached.cache_clear()
    after = all_proofs(root)
    assert before.keys() == after.keys()
    assert sum(before[name] != after[name] for name in before) == changed

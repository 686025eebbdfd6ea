"""docs/maintainers.md: its walk through adding a lesson works as it stands there."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from coursekit.authoring.lesson import ROOT, lessons

NEXT = lessons()[-1].number + 1
COPIED = ("nnutils", "coursekit", "lessons", "docs/notation.md", "README.md", "pyproject.toml", "conftest.py")
BLOCK = re.compile(
    r"(?:Write this to `(?P<file>[^`]+)`:\n\n)?```(?P<kind>python|console)\n(?P<text>.*?)```", re.DOTALL
)
COMMANDS = {  # `python3 course.py` would make a .venv first: here the tests' own Python runs the job
    "test": ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
}


@pytest.fixture(scope="module")
def section():
    """The text of the walk, for the number after the last one now."""
    page = (ROOT / "docs" / "maintainers.md").read_text(encoding="utf-8")
    text = page.partition("\n## To add a lesson\n")[2].partition("\n## ")[0]
    return re.sub(r"\b22(?=_| |`|\n|\.)", str(NEXT), text)


@pytest.fixture
def copy(tmp_path):
    """What is needed of the course, to be changed."""
    for name in COPIED:
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__", ".ruff_cache"))
        else:
            shutil.copy(ROOT / name, place)
    return tmp_path


def run(copy, command):
    """What a command of the page prints, and its exit code."""
    program, script, verb, *words = command.split()
    assert (program, script) == ("python3", "course.py")
    known = COMMANDS.get(verb, ["-m", "coursekit.cli", verb])
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, *known, *words], cwd=copy, env=environment, capture_output=True, text=True
    )
    return done.stdout, done.stderr, done.returncode


def test_the_walk_does_what_it_says(copy, section):
    blocks = [*BLOCK.finditer(section)]
    assert section.count("```") == 2 * len(blocks)
    commands = []
    for block in blocks:
        if block["kind"] == "python":
            assert (copy / block["file"]).exists(), f"{block['file']}: `new` writes it first"
            (copy / block["file"]).write_text(block["text"], encoding="utf-8")
            continue
        for command, expected in re.findall(r"\$ (.*)\n((?:[^$].*\n)*)", block["text"]):
            commands.append(command.split()[2])
            said, error, code = run(copy, command)
            assert code == (1 if expected else 0), said + error
            assert not expected or said == expected
    assert commands == ["new", "new", "build", "build", "test", "lint"]
    name = f"{NEXT}_class_weights"
    sources = [
        "\n".join(cell.source for cell in read(copy, folder, name)) for folder in ("solutions", "notebooks")
    ]
    for source, answered in zip(sources, (True, False), strict=True):
        assert "class_weights = check(class_weights)" in source
        assert 'predict("rare_weight", rare_weight)' in source
        assert ("return len(y) / (n_classes * counts)" in source) is answered
        assert ("np.unique(y)" in source) is answered and "np.unique(y_hat)" in source
    printed = [
        output.text
        for cell in read(copy, "solutions", name)
        for output in cell.get("outputs", ())[:1]
        if "text" in output
    ]
    assert any("healthy 0.53, ill 10.00" in text for text in printed)


def read(copy, folder, name):
    return nbformat.read(copy / folder / f"{name}.ipynb", as_version=4).cells


def test_what_new_writes_can_be_built_and_lint_says_what_is_left(copy):
    number = NEXT
    assert run(copy, f"python3 course.py new {number} a_topic --exercise a_name")[2] == 0
    for kind in ("derive", "repair", "design"):
        added = run(copy, f"python3 course.py new {number} a_topic --exercise a_{kind} --kind {kind}")
        assert added[2] == 0, added[1]
    lesson = copy / "lessons" / f"{number}_a_topic.py"
    cells = "".join(f'# %% tags=["exercise"]\na_{kind}\n\n' for kind in ("derive", "repair", "design"))
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(
        text.replace("# %% [markdown]\n# ## Quiz", f"{cells}# %% [markdown]\n# ## Quiz"), encoding="utf-8"
    )
    said, error, code = run(copy, f"python3 course.py build {number}")
    assert code == 0, error
    said, error, code = run(copy, f"python3 course.py lint {number}")
    assert code == 1
    left = said.count("to do: ")
    files = [path for path in copy.rglob("*") if path.suffix == ".py" and path.is_file()]
    lines = [
        line
        for path in files
        if "a_topic" in str(path.relative_to(copy))
        for line in path.read_text().splitlines()
    ]
    assert left == sum("TODO" in line for line in lines) > 15
    others = [line for line in said.splitlines()[:-1] if "to do: " not in line]
    package, place = "nnutils/lessons/a_topic/exercises", f"lessons/{number}_a_topic.py"
    assert others == [
        f"the map at the end of lesson 00 does not say the question of {number}_a_topic: write it there",
        f"README.md has no row for {number}_a_topic: run `python3 course.py table {number}`",
        f"{place} has 1 question: it must have 3",
        f"{place} has 1 claim: it must have 3",
        f"{package}/a_name.py: a_name has 1 mistake: it must have 4",
        f"{package}/a_name.py: a_name has 1 variant: it must have 2",
        f"{package}/a_derive.py: a_derive has 1 mistake: it must have 4",
        f"{package}/a_derive.py: a_derive has 1 variant: it must have 2",
        f"{place} has 1 prediction: it must have 2",
        *(
            f"{place} does not say the threshold {limit} of a_design: write it in the text"
            for limit in (0.4, 0.6, 0.8)
        ),
        f"{place} names no baseline of a_design: say in the text what nothing of it or all of it reaches",
    ]

"""`update`: new texts of the lessons, the answers of a student kept, from git and from a zip; nothing is lost."""

import argparse
import json
import subprocess
import zipfile

import pytest

from coursekit.authoring import update as by_git
from nnutils import update

NAME = "04_dropout"


def notebook(text="Dropout.", stub="def mask(u):\n    ...", answer=None, guess=None, extra=()):
    """A notebook with an exercise, a prediction and a question; answer and guess are None as it is handed out."""
    marked = {"nbgrader": {"grade_id": "mask-answer", "solution": True}}
    asked = {"nbgrader": {"grade_id": "why-answer", "solution": True}}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [text]},
        {"cell_type": "code", "metadata": marked, "source": [answer or stub], "outputs": []},
        {"cell_type": "code", "metadata": {}, "source": [guess or "peak = None"], "outputs": []},
        {
            "cell_type": "code",
            "metadata": {},
            "source": ["from nnutils import predict\n", 'predict("peak", peak)'],
        },
        {"cell_type": "code", "metadata": asked, "source": ["why = None"], "outputs": []},
        *({"cell_type": "code", "metadata": {}, "source": [source]} for source in extra),
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def sources(file):
    return ["".join(cell["source"]) for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]]


MINE = "def mask(u):\n    return u < 0.8"
OLD = notebook()
NEW = notebook(text="Dropout, told better.", stub="def mask(u, keep):\n    ...")


# One notebook


def renewed(folder, mine, before=OLD, now=NEW, name=NAME):
    if mine is not None:
        (folder / f"{NAME}.ipynb").write_text(mine, encoding="utf-8")
    (line,) = update.renew_all(folder, {NAME: before} if before else {}, {name: now})
    return line


def test_a_notebook_whose_lesson_has_not_changed_is_left_alone(tmp_path):
    mine = notebook(text="Dropout.", answer=MINE, extra=["print(1)"])
    for before in (OLD, None):  # None: nobody knows which release it is from
        assert "has not changed" in renewed(tmp_path, mine, before, OLD)
    assert "has not changed" in renewed(tmp_path, mine.replace("Dropout.", "My notes."), OLD, OLD)
    assert "is kept as" in renewed(tmp_path, mine, None, NEW)
    assert [file.name for file in tmp_path.glob("*.mine-*")] == [f"{NAME}.mine-1.ipynb"]


def test_a_lesson_that_asks_for_another_function_or_lost_a_cell_has_changed(tmp_path):
    mine = notebook(answer=MINE, extra=["print(1)"])
    other = notebook(stub="def mask(u, keep):\n    ...")
    for before, now in ((OLD, other), (notebook(extra=["print(1)"]), OLD)):
        assert "Your answers were taken over: mask" in renewed(tmp_path, mine, before, now)
        (tmp_path / f"{NAME}.ipynb").unlink()


def test_answers_and_guesses_move_into_the_new_text_and_the_old_notebook_is_kept(tmp_path):
    mine = notebook(answer=MINE, guess="peak = 300", extra=["print(1)"])
    line = renewed(tmp_path, mine)
    assert sources(tmp_path / f"{NAME}.ipynb") == [
        "Dropout, told better.",
        MINE,
        "peak = 300",
        'from nnutils import predict\npredict("peak", peak)',
        "why = None",
    ]
    assert (tmp_path / f"{NAME}.mine-1.ipynb").read_text(encoding="utf-8") == mine
    assert "kept as 04_dropout.mine-1.ipynb. Your answers were taken over: mask and peak" in line


def test_a_stub_that_was_left_becomes_the_new_stub(tmp_path):
    renewed(tmp_path, notebook(guess="peak = 300"))
    assert sources(tmp_path / f"{NAME}.ipynb")[1:3] == ["def mask(u, keep):\n    ...", "peak = 300"]


def test_where_the_old_text_is_not_known_a_stub_as_it_is_now_is_no_answer(tmp_path):
    line = renewed(tmp_path, notebook(guess="peak = 300"), before=None, now=notebook(text="Better."))
    assert line.endswith("Your answers were taken over: peak")


def test_a_notebook_that_nobody_worked_in_leaves_no_copy(tmp_path):
    assert renewed(tmp_path, OLD).endswith("is new; you had not worked in it")
    assert renewed(tmp_path, NEW).endswith("is as it is handed out now")
    assert [file.name for file in tmp_path.iterdir()] == [f"{NAME}.ipynb"]
    assert sources(tmp_path / f"{NAME}.ipynb")[0] == "Dropout, told better."


def test_a_lesson_that_is_new_is_written(tmp_path):
    assert renewed(tmp_path, None).endswith("is new")
    assert (tmp_path / f"{NAME}.ipynb").read_text(encoding="utf-8") == NEW


def test_a_lesson_with_another_number_keeps_its_answers(tmp_path):
    renewed(tmp_path, notebook(answer=MINE), name="05_dropout")
    assert sources(tmp_path / "05_dropout.ipynb")[1] == MINE
    assert {file.name for file in tmp_path.iterdir()} == {"05_dropout.ipynb", f"{NAME}.mine-1.ipynb"}


def test_an_answer_without_a_place_is_told(tmp_path):
    now = json.loads(NEW)
    del now["cells"][1]
    line = renewed(tmp_path, notebook(answer=MINE), now=json.dumps(now))
    assert line.endswith("It held no answer. No longer in the lesson: mask")


@pytest.mark.parametrize("broken", ["<<<<<<< HEAD\n{", "[]", '{"cells": [{}]}', '{"cells": 3}'])
def test_what_is_no_notebook_is_kept_and_told(tmp_path, broken):
    line = renewed(tmp_path, broken)
    assert "It could not be read as a notebook" in line
    assert (tmp_path / f"{NAME}.ipynb").read_text(encoding="utf-8") == NEW
    assert (tmp_path / f"{NAME}.mine-1.ipynb").read_text(encoding="utf-8") == broken


# From git


def git(folder, *words):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def commit(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "a change")


@pytest.fixture
def clones(tmp_path):
    """A course and a student's clone of it."""
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    theirs.mkdir()
    git(theirs, "init", "--initial-branch", "main")
    commit(theirs, {f"notebooks/{NAME}.ipynb": OLD, "notebooks/05_x.ipynb": OLD, "course.py": "1"})
    git(tmp_path, "clone", str(theirs), str(mine))
    return theirs, mine


def run(mine, *words):
    parser = argparse.ArgumentParser()
    by_git.add_arguments(parser)
    return by_git.run(parser.parse_args(words), mine)


def test_a_clone_in_which_somebody_worked_is_updated(clones, capsys):
    theirs, mine = clones
    worked = notebook(answer=MINE)
    for name in (NAME, "05_x"):
        (mine / f"notebooks/{name}.ipynb").write_text(worked, encoding="utf-8")
    commit(theirs, {f"notebooks/{NAME}.ipynb": NEW, "course.py": "2"})
    assert run(mine) == 0
    assert sources(mine / f"notebooks/{NAME}.ipynb")[:2] == ["Dropout, told better.", MINE]
    assert (mine / "course.py").read_text(encoding="utf-8") == "2"
    assert (mine / "notebooks/05_x.ipynb").read_text(encoding="utf-8") == worked
    assert (mine / f"notebooks/{NAME}.mine-1.ipynb").read_text(encoding="utf-8") == worked
    assert len([*(mine / "notebooks").iterdir()]) == 3
    assert "1 new commit of the course taken over" in capsys.readouterr().out
    assert run(mine) == 0
    assert capsys.readouterr().out == "the course is up to date\n"


def test_a_lesson_that_was_renumbered_or_taken_out(clones, capsys):
    theirs, mine = clones
    for name in (NAME, "05_x"):
        (mine / f"notebooks/{name}.ipynb").write_text(notebook(answer=MINE), encoding="utf-8")
    git(theirs, "rm", f"notebooks/{NAME}.ipynb", "notebooks/05_x.ipynb")
    commit(theirs, {"notebooks/07_dropout.ipynb": NEW})
    assert run(mine) == 0
    assert sources(mine / "notebooks/07_dropout.ipynb")[1] == MINE
    assert (
        "there is no lesson x any more; your notebook is kept as 05_x.mine-1.ipynb" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("changed", "undo the change with `git checkout HEAD -- course.py`"),
        ("committed", "this clone has 1 commit of its own"),
        ("in the way", "git could not take over what is new"),
        ("gone", "git could not ask for what is new"),
    ],
)
def test_where_git_cannot_go_on_nothing_is_changed(clones, trouble, sentence, capsys):
    theirs, mine = clones
    commit(theirs, {f"notebooks/{NAME}.ipynb": NEW, "new.py": "theirs"})
    worked = notebook(answer=MINE)
    if trouble == "committed":
        commit(mine, {"own.py": "1"})
    elif trouble == "gone":
        theirs.rename(theirs.with_name("moved"))
    else:
        name = "course.py" if trouble == "changed" else "new.py"
        (mine / name).write_text("mine", encoding="utf-8")
    (mine / f"notebooks/{NAME}.ipynb").write_text(worked, encoding="utf-8")
    assert run(mine) == 2
    assert sentence in capsys.readouterr().err
    assert (mine / f"notebooks/{NAME}.ipynb").read_text(encoding="utf-8") == worked
    assert {file.name for file in (mine / "notebooks").iterdir()} == {f"{NAME}.ipynb", "05_x.ipynb"}


def test_a_zip_is_not_for_the_whole_course(clones, capsys):
    assert run(clones[1], "course.zip") == 2
    assert "this is the whole course" in capsys.readouterr().err


# From a zip


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course that came as a zip, in which somebody worked."""
    root = tmp_path / "course"
    files = {"course.py": "1", "nnutils/__init__.py": "", "nnutils/gone.py": "", "docs/students.md": "old"}
    files |= {f"{folder}/{NAME}.ipynb": OLD for folder in ("notebooks", "nnutils/notebooks")}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / f"notebooks/{NAME}.ipynb").write_text(notebook(answer=MINE), encoding="utf-8")
    monkeypatch.setattr(update, "ROOT", root)
    monkeypatch.setattr(update, "HANDED_OUT", root / "nnutils/notebooks")
    return root


def bundle(folder, **more):
    files = {"course.py": "2", "nnutils/__init__.py": "", "docs/students.md": "new", **more}
    files |= {f"{place}/{NAME}.ipynb": NEW for place in ("notebooks", "nnutils/notebooks")}
    with zipfile.ZipFile(folder / "new.zip", "w") as opened:
        for name, text in files.items():
            opened.writestr(f"course/{name}", text)
    return folder / "new.zip"


def update_from(file, root):
    parser = argparse.ArgumentParser()
    update.add_arguments(parser)
    return update.run(parser.parse_args([str(file), "--folder", str(root / "notebooks")]))


def test_a_new_zip_takes_the_place_of_the_old_one_and_answers_stay(course, tmp_path, capsys):
    assert update_from(bundle(tmp_path), course) == 0
    assert sources(course / f"notebooks/{NAME}.ipynb")[:2] == ["Dropout, told better.", MINE]
    assert (course / f"notebooks/{NAME}.mine-1.ipynb").exists()
    assert (course / "docs/students.md").read_text(encoding="utf-8") == "new"
    assert not (course / "nnutils/gone.py").exists()
    assert "Your answers were taken over: mask" in capsys.readouterr().out


def test_what_is_no_bundle_changes_nothing(course, tmp_path, capsys):
    (tmp_path / "torn.zip").write_bytes(bundle(tmp_path).read_bytes()[:100])
    bad = {
        tmp_path / "absent.zip": "cannot be read as a zip",
        tmp_path / "torn.zip": "cannot be read as a zip",
        bundle(tmp_path, **{"../course.py": "3"}): "is not a course.zip",
    }
    before = {file: file.read_bytes() for file in course.rglob("*") if file.is_file()}
    for file, sentence in bad.items():
        assert update_from(file, course) == 2
        assert sentence in capsys.readouterr().err
    assert {file: file.read_bytes() for file in course.rglob("*") if file.is_file()} == before


def test_a_zip_needs_a_course_that_came_as_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(update, "ROOT", tmp_path)
    assert update_from(bundle(tmp_path), tmp_path) == 2
    assert "unpack new.zip into a new folder" in capsys.readouterr().err

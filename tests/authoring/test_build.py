"""The build: what it writes, what it calls stale, whose work it leaves alone."""

import argparse
import shutil
from pathlib import Path

import nbformat
import pytest

from coursekit import cli
from coursekit.authoring import build, digest
from coursekit.authoring.execute import execute
from coursekit.authoring.lesson import Lesson, LessonError, lessons
from coursekit.authoring.rules import course, kinds
from nnutils.checks import catalogue

ROOT = Path(__file__).parents[2]
SMALL = """# %% [markdown]
# # Small

# %%
from nnutils import check, measured, predict, quiz
from nnutils.lessons.start_here import NUMBER

# %% tags=["exercise"]
feature_means

# %% tags=["exercise"]
joined_mean

# %% tags=["exercise"]
nearest_mean

# %% tags=["predict"]
read_by_the_means

# %%
measured("read_by_the_means", 90)

# %% [markdown]
# Baselines: tiny weights, a small rate, a large rate. Points at 60 % and 85 %.

# %% tags=["exercise"]
recipe

# %% tags=["quiz"]
what_is_a_row

# %% tags=["quiz"]
what_failed

# %%
print(feature_means([[1, 2], [3, 4]] @ __import__("numpy").eye(2)), NUMBER)
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course of lesson 00 alone."""
    monkeypatch.setattr(course, "modules", lambda: {"start_here": catalogue.lessons()["start_here"]})
    monkeypatch.setattr(kinds, "SHORT_SHARE", 1)  # of one lesson nothing is a fifth
    (tmp_path / "lessons").mkdir()
    for name in ("README.md", "pyproject.toml", "lessons/ruff.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "lessons" / "00_start_here.py").write_text(SMALL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def lesson(root):
    return lessons(root)[0]


def run(root, *words):
    parser = argparse.ArgumentParser()
    build.add_arguments(parser)
    return build.run(parser.parse_args([*words, "--root", str(root)]))


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def test_the_answer_stands_in_the_solution_and_a_stub_in_the_student_copy(lesson):
    solution, student = lesson.notebook(answers=True), lesson.notebook(answers=False)
    assert "### BEGIN SOLUTION\n    return X.mean(axis=0)\n    ### END SOLUTION" in "".join(sources(solution))
    assert "return X.mean" not in "".join(sources(student))
    assert "# YOUR CODE HERE\n    raise NotImplementedError()" in "".join(sources(student))
    assert [cell.id for cell in solution.cells] == [cell.id for cell in student.cells]


def test_a_question_shows_its_options_and_hides_its_letter(lesson):
    student = "\n".join(sources(lesson.notebook(answers=False)))
    assert "- **a** One example, with all its features" in student
    assert 'what_is_a_row = None  # your answer: "a", "b", "c" or "d"' in student


def test_generated_cells_carry_nbgraders_metadata(lesson):
    cells = {cell.id: cell.metadata.get("nbgrader") for cell in lesson.notebook(answers=True).cells}
    assert cells["feature_means-answer"]["solution"] and not cells["feature_means-answer"]["grade"]
    check = cells["feature_means-check"]
    assert check["grade"] and check["locked"] and check["points"] == 1 and check["schema_version"] == 3


@pytest.mark.parametrize(
    "cell", ["import numpy", "dropout_mask, alpha_dropout", "dropout_mask\nalpha_dropout"]
)
def test_a_tagged_cell_that_says_no_single_exercise_is_refused(root, cell):
    (root / "lessons" / "00_start_here.py").write_text(f'# %% tags=["exercise"]\n{cell}\n', encoding="utf-8")
    with pytest.raises(LessonError, match="holds the name of one and nothing else"):
        lessons(root)[0].notebook(answers=True)


def test_an_exercise_of_another_lesson_is_refused(root):
    (root / "lessons" / "00_start_here.py").write_text(
        '# %% tags=["exercise"]\ndropout_mask\n', encoding="utf-8"
    )
    with pytest.raises(LessonError, match="dropout_mask stands in the lesson dropout"):
        lessons(root)[0].notebook(answers=True)


def test_a_built_lesson_is_current_until_it_is_edited(root, lesson, capsys):
    assert run(root, "--check") == 1
    assert run(root) == 0
    assert run(root, "--check") == 0
    before = {path: path.read_bytes() for path in root.rglob("*.ipynb")}
    assert len(before) == 2 and run(root, "--force") == 0
    assert before == {path: path.read_bytes() for path in root.rglob("*.ipynb")}, (
        "a build is the same byte for byte"
    )
    lesson.source.write_text(SMALL + "\n# %%\nprint(1)\n", encoding="utf-8")
    capsys.readouterr()
    assert run(root, "--check") == 1
    assert (
        "notebooks/00_start_here.ipynb is stale" in (said := capsys.readouterr().out)
        and "solutions/00" in said
    )


def test_a_check_names_broken_rules_and_what_cannot_be_built(root, lesson, capsys):
    assert run(root) == 0
    assert run(root, "--check") == 0
    assert capsys.readouterr().out.endswith("1 lesson, nothing is stale and no rule is broken\n")
    lesson.source.write_text(SMALL.replace("# # Small", "# Small!"), encoding="utf-8")
    assert run(root, "--check", "0") == 1
    said = capsys.readouterr().out
    assert "lessons/00_start_here.py has no title: begin its first cell with `# # Title`" in said
    assert "lessons/00_start_here.py:2 has an exclamation mark" in said
    lesson.source.write_text(SMALL.replace("\nwhat_failed", "\ngone"), encoding="utf-8")
    assert run(root, "--check", "0") == 1
    said = capsys.readouterr().out
    assert "lessons/00_start_here.py cannot be built: there is no quiz question called 'gone'" in said
    assert "lessons/00_start_here.py has 0 cells tagged quiz that name what_failed: it must have 1" in said


def test_a_notebook_without_a_lesson_is_told(root, capsys):
    run(root)
    shutil.copy(root / "notebooks" / "00_start_here.ipynb", root / "notebooks" / "99_gone.ipynb")
    assert run(root, "--check") == 1
    assert "notebooks/99_gone.ipynb has no lesson" in capsys.readouterr().out


def test_a_students_work_is_never_overwritten_without_asking(root, lesson, capfd):
    assert run(root) == 0
    file = root / "notebooks" / "00_start_here.ipynb"
    mine = nbformat.read(file, as_version=4)
    mine.cells[1].source += "\nmy_work = 1"
    nbformat.write(mine, file)
    lesson.source.write_text(SMALL.replace("# # Small", "# # Smaller"), encoding="utf-8")
    assert run(root) == 0
    assert "left alone" in capfd.readouterr().out
    assert "my_work" in file.read_text(encoding="utf-8")
    assert run(root, "--force") == 0
    assert "kept as 00_start_here.mine-1.ipynb" in capfd.readouterr().out
    assert "my_work" in (root / "notebooks" / "00_start_here.mine-1.ipynb").read_text(encoding="utf-8")
    assert "Smaller" in file.read_text(encoding="utf-8")


def test_a_lesson_is_begun_anew(tmp_path, capsys):
    file = tmp_path / "04_dropout.ipynb"
    file.write_text("spoilt")
    for _ in range(2):
        assert cli.main(["reset", "4", "--folder", str(tmp_path)]) == 0
    assert file.read_text(encoding="utf-8") == build.student_text(Lesson(ROOT / "lessons" / "04_dropout.py"))
    assert (
        file.with_name("04_dropout.mine-1.ipynb").read_text() == "spoilt" and len([*tmp_path.iterdir()]) == 2
    )
    assert capsys.readouterr().out.splitlines() == [
        f"{file} is new; what you had is kept as 04_dropout.mine-1.ipynb",
        f"{file} is as it was handed out",
    ]
    assert cli.main(["reset", "nowhere"]) == 2
    assert "there is no lesson 'nowhere'; there are 00_start_here, 01_" in capsys.readouterr().err


def test_a_copy_that_was_only_run_is_replaced(root):
    assert run(root) == 0
    file = root / "notebooks" / "00_start_here.ipynb"
    ran = nbformat.read(file, as_version=4)
    ran.cells[1].execution_count = 7
    nbformat.write(ran, file)
    assert not build.was_edited(file)
    assert run(root) == 0
    assert nbformat.read(file, as_version=4).cells[1].execution_count is None
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "cell, sentence",
    [
        ("from nnutils import claim\nclaim('one is two', 1, equal=2)", "this does not hold: one is two"),
        ("1 / 0", "division by zero"),
        ("from nnutils.lessons.start_here.exercises import gone", "cannot import name 'gone'"),
    ],
)
def test_after_an_error_both_notebooks_stay_as_they_were(root, lesson, cell, sentence, capfd):
    wrong = f"# %%\n{cell}\n"
    lesson.source.write_text(wrong, encoding="utf-8")
    assert run(root) == 1
    assert sentence in capfd.readouterr().err
    assert [*root.rglob("*.ipynb")] == []
    lesson.source.write_text(SMALL, encoding="utf-8")
    assert run(root) == 0
    before = {path: path.read_bytes() for path in root.rglob("*.*")}
    lesson.source.write_text(wrong, encoding="utf-8")
    assert run(root, "--force") == 1
    assert sentence in capfd.readouterr().err
    assert {path: path.read_bytes() for path in root.rglob("*.*")} == before | {lesson.source: wrong.encode()}


@pytest.mark.parametrize("name", ["0", "00", "start_here", "00_start_here"])
def test_a_lesson_goes_by_number_topic_or_name(root, name):
    assert [lesson.name for lesson in lessons(root, [name])] == ["00_start_here"]


def test_an_unknown_lesson_is_told(root, capsys):
    assert run(root, "nowhere") == 2
    assert "there is no lesson 'nowhere'; there are 00_start_here" in capsys.readouterr().err


def test_only_outputs_that_are_alike_in_every_run_are_kept():
    cells = [
        "import sys; print('a'); print('b'); print('noise', file=sys.stderr)",
        "import ipywidgets; ipywidgets.IntSlider(3)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    execute(notebook)
    (printed,), (shown,) = (cell.outputs for cell in notebook.cells)
    assert printed.name == "stdout" and printed.text == "a\nb\n"
    assert set(shown.data) == {"text/plain"} and "widgets" not in notebook.metadata


def test_the_digest_follows_code_and_not_words(tmp_path):
    package, lesson = tmp_path / "nnutils", tmp_path / "00_x.py"
    package.mkdir()
    (package / "__init__.py").write_text("")
    lesson.write_text("from nnutils import used\n")
    notebook = Lesson(ROOT / "lessons" / "00_start_here.py").notebook(answers=True)

    def stamp(used, unused="y = 1\n"):
        (package / "used.py").write_text(used)
        (package / "unused.py").write_text(unused)
        digest.code.cache_clear()
        digest.imports.cache_clear()
        return digest.of_solution(notebook, lesson, tmp_path)

    first = stamp('"""Doc."""\nx = "# no comment"\n')
    assert (
        first
        == stamp('"""Other words,\nlonger."""\n\nx = "# no comment"  # why\n')
        == stamp('x = "# no comment"\n', "y = 2\n")
    )
    assert first != stamp('x = "# another"\n')


def test_all_lessons_of_the_repository_are_built():
    stale = [line for lesson in lessons(ROOT) for line in build.stale_lines(lesson)]
    assert stale + build.orphans(ROOT) == []

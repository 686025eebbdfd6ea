"""A student's days in a real JupyterLab: answers, a restart, another day, a new copy of the course, a lesson begun anew."""

import json
import shutil
import subprocess
import sys

import pytest

from coursekit.authoring import update
from nnutils.checks.catalogue import exercises_of, questions_of
from tests.browser.conftest import NOT_OF_THE_COURSE, ROOT

pytestmark = pytest.mark.browser
NAME, NEXT = "00_start_here", "01_data_splits"
RIGHT = "def feature_means(X):\n    return X.mean(axis=0)"


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=folder, check=True)


@pytest.fixture(scope="module")
def course(lab, tmp_path_factory):
    """A student's clone, which JupyterLab serves, and where it was cloned from."""
    origin, mine = tmp_path_factory.mktemp("origin"), lab.root / "course"
    shutil.copytree(ROOT / "notebooks", origin / "notebooks", ignore=NOT_OF_THE_COURSE)
    git(origin, "init", "--quiet", ".")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "-m", "the course")
    git(lab.root, "clone", "--quiet", str(origin), str(mine))
    return mine, origin


@pytest.fixture(scope="module")
def first_day(lab, course):
    """Lesson 00 as it was handed out, run to its end."""
    notebook = lab.open(f"course/notebooks/{NAME}.ipynb")
    notebook.run_all()
    assert notebook.errors() == []
    return notebook


def text_of(file):
    return "\n".join("".join(cell["source"]) for cell in json.loads(file.read_text("utf-8"))["cells"])


def test_answers_are_told_what_they_are(first_day, course, picture):
    assert "not attempted yet" in first_day.output("= check(feature_means)")
    first_day.answer("def feature_means", "def feature_means(X):\n    return X.mean(axis=1)")
    assert "These are the means of the rows" in first_day.run("= check(feature_means)")
    picture(first_day.cell("= check(feature_means)"), "a-wrong-answer")
    first_day.answer("def feature_means", RIGHT)
    assert "passed" in first_day.run("= check(feature_means)")
    picture(first_day.cell("= check(feature_means)"), "a-right-answer")
    first_day.answer("what_is_a_row = ", 'what_is_a_row = "b"')
    assert "b is not it" in first_day.run('quiz("what_is_a_row"')
    done = json.loads((course[0] / "notebooks" / "nnutils-progress.json").read_text("utf-8"))
    assert done["feature_means"]["status"] == "passed" and len(done["feature_means"]["mistakes"]) == 1


def test_after_a_restart_a_check_says_what_to_run(first_day, picture):
    first_day.rewrite("def feature_means", RIGHT)
    first_day.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    first_day.idle()
    said = first_day.run("= check(feature_means)")
    assert "'feature_means' is not defined" in said and "Run All Above Selected Cell" in said
    picture(first_day.cell("= check(feature_means)"), "a-check-after-a-restart")
    first_day.run("def feature_means")
    assert "passed" in first_day.run("= check(feature_means)")


def test_on_day_two_run_all_above_is_enough(lab, course):
    """In another lesson: the cells above its second check are quickly run."""
    cells = json.loads((ROOT / "solutions" / f"{NEXT}.ipynb").read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    right = next(source for source in sources if source.startswith("def split_sizes"))
    notebook = lab.open(f"course/notebooks/{NEXT}.ipynb")
    notebook.rewrite("def split_sizes", right)
    notebook.save()
    lab.close()
    notebook = lab.begin(f"course/notebooks/{NEXT}.ipynb")
    notebook.select("= check(shuffle_split)")
    menu = lab.page.get_by_role("menubar").get_by_role("menuitem", name="Run")
    menu.click()
    lab.page.get_by_role("menuitem", name="Run All Above Selected Cell").click()
    lab.page.wait_for_timeout(500)
    notebook.idle()
    assert notebook.errors() == []
    assert "passed" in notebook.output("= check(split_sizes)")
    assert "not attempted yet" in notebook.run("= check(shuffle_split)")
    assert "stopped" not in notebook.run("file = pick(")


def test_progress_leads_to_the_lessons_and_review_asks(lab, course, picture):
    folder = course[0] / "notebooks"
    done = {item.name: {"status": "passed"} for item in exercises_of("start_here")}
    done |= {item.name: {"status": "passed", "tries": 1} for item in questions_of("start_here")}
    (folder / "nnutils-progress.json").write_text(json.dumps(done), encoding="utf-8")
    notebook = lab.open(f"course/notebooks/{NAME}.ipynb")
    words = 'from nnutils import progress, review  # progress("start_here")'
    notebook.answer('progress("start_here")', words + "\nprogress()")
    cell = notebook.cell(words)
    assert "Next: " in cell.inner_text() and "01 data splits" in cell.inner_text()
    assert cell.locator("tbody tr").count() == cell.locator("tbody a").count() == 22
    picture(cell, "progress")

    notebook.answer(words, words + "\nreview()")
    assert "2 due today" in notebook.output(words)
    picture(cell, "review")
    notebook.answer(words, words + '\nreview("b")')
    assert "Asked again in" in notebook.output(words)
    notebook.answer(words, words + "\nreview()")
    assert "1 due today" in notebook.output(words)

    notebook.answer(words, words + "\nprogress()")
    cell.get_by_role("link", name="04 dropout").click()
    opened = "jupyterapp.shell.currentWidget?.context?.path"
    lab.wait(f"{opened} === 'course/notebooks/04_dropout.ipynb'")
    lab.page.wait_for_selector("h1:visible:has-text('Dropout')")


def test_an_open_notebook_after_an_update(lab, course, picture):
    """The answer is in the new text; a window that still shows the old one says so when it is saved, and can load it."""
    mine, origin = course
    file = mine / "notebooks" / f"{NAME}.ipynb"
    git(mine, "checkout", "--quiet", "--", ".")
    notebook = lab.open(f"course/notebooks/{NAME}.ipynb")
    notebook.rewrite("def feature_means", RIGHT)
    notebook.save()
    changed = origin / "notebooks" / f"{NAME}.ipynb"
    changed.write_text(
        changed.read_text("utf-8").replace("# Start here", "# Begin here", 1), encoding="utf-8"
    )
    git(origin, "commit", "--quiet", "-am", "a new text")

    assert "feature_means" in update.pull(mine)[-1]
    assert "# Begin here" in text_of(file) and RIGHT in text_of(file)

    notebook.rewrite("what_failed = None", 'what_failed = "a"')
    lab.command("docmanager:save")
    dialog = lab.page.locator(".jp-Dialog")
    dialog.get_by_text("changed on disk").wait_for()
    picture(lab.page, "update-while-it-is-open")
    dialog.get_by_role("button", name="Revert").click()
    lab.page.wait_for_selector("h1:has-text('Begin here')")
    assert RIGHT.splitlines()[1] in notebook.cell("def feature_means").inner_text()
    kept = file.with_name(f"{NAME}.mine-1.ipynb")
    assert "# Start here" in text_of(kept) and RIGHT in text_of(kept)


def test_a_lesson_is_begun_anew(lab, course):
    mine, _ = course
    file = mine / "notebooks" / f"{NAME}.ipynb"
    notebook = lab.open(f"course/notebooks/{NAME}.ipynb")
    notebook.rewrite("what_failed = None", 'what_failed = "b"')
    notebook.save()
    lab.close()
    before = set(file.parent.glob("*.mine-*"))
    verb = [sys.executable, "-m", "coursekit.cli", "reset", "0", "--folder", str(file.parent)]
    said = subprocess.run(verb, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    (kept,) = set(file.parent.glob("*.mine-*")) - before
    assert kept.name in said and 'what_failed = "b"' in text_of(kept)
    notebook = lab.open(f"course/notebooks/{NAME}.ipynb")
    assert "None" in notebook.cell("what_failed = ").inner_text()

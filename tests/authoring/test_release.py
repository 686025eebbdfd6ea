"""The bundle that students get works by itself and holds no answer."""

import inspect
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

from coursekit import cli
from coursekit.authoring import proof, release
from coursekit.grading.intake.topics import lessons_called
from nnutils.checks.catalogue import find_exercise, find_question, lessons, questions_of
from nnutils.checks.faults import plain_source


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A bundle of three lessons, unpacked."""
    folder = tmp_path_factory.mktemp("release")
    assert cli.main(["release", "--out", str(folder), "--lessons", "00", "1", "dropout"]) == 0
    with zipfile.ZipFile(folder / "course.zip") as archive:
        archive.extractall(folder)
    return folder / "course"


def _student(course, *lines):
    """What a student's notebook prints, run beside the bundle's own nnutils."""
    code = "\n".join(
        [
            f"import sys; sys.path.insert(0, {str(course)!r})",
            "import numpy as np",
            "from nnutils import *",
            *lines,
        ]
    )
    environment = {"NNUTILS_RECORD": "off", "PATH": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=course, env=environment
    )
    return done.stdout + done.stderr


def test_bundle_holds_what_students_need_and_nothing_else(course):
    files = {path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file()}
    assert {
        "README.md",
        "course.py",
        "requirements.txt",
        "docs/students.md",
        "notebooks/04_dropout.ipynb",
    } <= files
    assert {name for name in files if name.startswith("notebooks/")} == {
        f"notebooks/{name}.ipynb" for name in ("00_start_here", "01_data_splits", "04_dropout")
    }
    assert not [
        name for name in files if name.split("/")[0] in ("solutions", "lessons", "tests", "coursekit")
    ]
    assert {name.split("/")[2] for name in files if name.startswith("nnutils/lessons/")} == {
        "__init__.py",
        "start_here",
        "dropout",
        "data_splits",
    }
    for name in ("dropout", "data_splits"):
        lesson = course / f"nnutils/lessons/{name}"
        assert {file.name for file in (lesson / "exercises").iterdir()} <= {
            "__init__.py",
            "exercises.key",
            "__pycache__",
        }
        for module in ("exercises/__init__.py", "questions.py"):
            assert len((lesson / module).read_text().splitlines()) < 12


def test_right_wrong_and_missing_answers_are_told_apart(course):
    right = plain_source(find_exercise("dropout_mask").reference)
    assert "✔ dropout_mask: passed" in _student(course, right, "check(dropout_mask)")
    mistake = find_exercise("dropout_mask").mistakes[0]
    said = _student(
        course,
        _source(mistake.function),
        f"{mistake.name}.__name__ = 'dropout_mask'",
        f"check({mistake.name})",
    )
    assert f"✘ dropout_mask: {mistake.sentence}".replace("`", "") in said
    assert "Cells that call dropout_mask stop until it is right" in said
    missing = (
        "def dropout_mask(u, keep_prob):\n    raise NotImplementedError()\ndropout_mask = check(dropout_mask)"
    )
    said = _student(course, missing, "dropout_mask(np.zeros(2), 0.5)")
    assert "○ dropout_mask: not attempted yet" in said and "dropout_mask is not solved yet" in said


def _source(function):
    lines, _ = inspect.getsourcelines(function)
    start = next(i for i, line in enumerate(lines) if line.startswith("def "))
    return "".join(lines[start:])


def test_what_needs_a_judge_and_questions_are_noted(course):
    right = plain_source(find_exercise("split_sizes").reference) + plain_source(
        find_exercise("shuffle_split").reference
    )
    assert "● shuffle_split: it runs" in _student(course, right, "check(shuffle_split)")
    name = questions_of("dropout")[0].name
    assert f"● {name}: b is noted" in _student(course, f"quiz({name!r}, 'b')")


def test_solutions_stay_with_the_instructor(course):
    said = _student(course, "for _ in range(3): hint('dropout_mask')", "solution('dropout_mask')")
    assert find_exercise("dropout_mask").hints[2] not in said and "hint 2 of 2" in said
    assert "your instructor keeps the solution" in said and "is open now" not in said
    assert "rng.random" not in said.partition("your instructor")[2]


def test_bundle_is_the_same_byte_for_byte(tmp_path):
    for name in ("a", "b"):
        assert cli.main(["release", "--out", str(tmp_path / name), "--lessons", "00"]) == 0
    assert (tmp_path / "a/course.zip").read_bytes() == (tmp_path / "b/course.zip").read_bytes()


def test_quiz_feedback_is_a_choice():
    def holds(told):
        files = release.bundle(["start_here"], told)
        return (
            find_question("what_is_a_row").options[0].reason.encode()
            in files["nnutils/lessons/start_here/questions.key"]
        )

    assert holds(True) and not holds(False)


LEAKS = {
    "an answer in a notebook": (
        "notebooks/04_dropout.ipynb",
        "def dropout_mask(u, keep_prob):\n    return u < keep_prob",
    ),
    "an answered question": ("notebooks/04_dropout.ipynb", None),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_found(name, tmp_path, monkeypatch, capsys):
    file, source = LEAKS[name]
    original = release.bundle

    def leaking(topics, *settings):
        files = original(topics, *settings)
        notebook = json.loads(files[file])
        if source:
            notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": source})
        else:
            question = questions_of("dropout")[0].name
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"]).replace(f"{question} = None", f"{question} = 'a'")
        return files | {file: json.dumps(notebook).encode()}

    monkeypatch.setattr(release, "bundle", leaking)
    assert cli.main(["release", "--out", str(tmp_path), "--lessons", "04"]) == 1
    assert "No bundle was written" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_leaked_module_is_found(monkeypatch):
    files = release.bundle(["dropout"])
    whole = (release.ROOT / "nnutils/lessons/dropout/exercises/dropout_forward.py").read_bytes()
    with pytest.raises(proof.AnswerInside, match=r"exercises/dropout_forward\.py holds the line"):
        list(
            proof.prove(files | {"nnutils/lessons/dropout/exercises/dropout_forward.py": whole}, ["dropout"])
        )


def test_an_unknown_lesson_gets_a_clear_line(tmp_path, capsys):
    assert cli.main(["release", "--out", str(tmp_path), "--lessons", "99"]) == 2
    assert "no lesson '99'" in capsys.readouterr().err


def test_lessons_are_named_by_number_or_topic():
    assert lessons_called(["4", "00", "data_splits", "04_dropout"]) == [
        "start_here",
        "data_splits",
        "dropout",
    ]
    assert lessons_called(None) == list(lessons())


@pytest.mark.skipif(os.name != "posix", reason="the script is for GitHub's Linux")
def test_the_workflow_for_github_says_how_far_a_repository_is(course, tmp_path):
    """Its own script, on a notebook with one right answer and an error, beside the bundle's nnutils."""
    job = yaml.safe_load(release.WORKFLOW)["jobs"]["check"]
    script = next(step["run"] for step in job["steps"] if "jupyter" in step.get("run", ""))
    shutil.copytree(course / "nnutils", tmp_path / "nnutils")
    right = "import numpy as np\ndef feature_means(X):\n    return np.mean(X, axis=0)"
    cells = ["from nnutils import check", right, "1 / 0", "feature_means = check(feature_means)"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(book, tmp_path / "notebooks" / "00_start_here.ipynb")
    python = str(Path(sys.executable).parent)
    given = {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    given |= {"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=os.environ | given, check=True, capture_output=True
    )
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("```\n") and "1 of 7" in summary and "Next: " in summary


def test_the_workflow_comes_only_where_it_is_asked_for(course, tmp_path):
    assert not (course / ".github").exists()
    assert cli.main(["release", "--out", str(tmp_path), "--lessons", "00", "--github"]) == 0
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        assert archive.read("course/.github/workflows/check.yml").decode() == release.WORKFLOW


def test_the_whole_course_holds_no_answer():
    """A bundle of all lessons is the default, and lines of one lesson may stand in another one's modules by chance."""
    topics = [*lessons()]
    steps = proof.prove(release.bundle(topics), topics)
    assert "no answer is in the files" in next(steps) and "no question is answered" in next(steps)

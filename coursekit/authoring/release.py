"""`python3 course.py release`: write what students get, as one zip: notebooks, helper package, commands, and no answer."""

from __future__ import annotations

import argparse
import pickle
import re
import sys
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from coursekit.authoring.proof import AnswerInside, prove
from coursekit.grading.intake.topics import UnknownLesson, file_name, lessons_called
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.released import question_without_answer, without_answers
from nnutils.files import replacing

ROOT = Path(__file__).parents[2]
NAME = "course"
PAGE_CONFIG = ".jupyter/labconfig/page_config.json"
WHOLE = ("LICENSE", "course.py", "environment.yml", "pyproject.toml", "requirements.txt", PAGE_CONFIG)
JOBS = ("  test  ", "  JOB  ")  # lines of course.py's help that only the whole course has
GUIDES = ("students.md", "notation.md", "conventions.md")
# A section of a guide that is not true of a release.
ALONE = re.compile(r"^## If you have the whole course\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
INSIDE = ("exercises", "questions.py")  # parts of a lesson's folder that stay with the instructor
DATE = (1980, 1, 1, 0, 0, 0)  # the same bundle, byte for byte, whenever it is made
MODULE = '''"""The {what} of lesson {number:02d}, as released: without answers."""

from pathlib import Path

from nnutils.checks.released import exercises_from

globals().update(exercises_from(Path(__file__).parent / "{what}.key", __name__))
'''
README = """# The course

You need Python 3.11 to 3.13. This opens JupyterLab at the first lesson:

    python3 course.py lab

The first start takes some minutes and about 3 GB: it makes `.venv` beside this file and installs what the lock lists.
On Windows say `py course.py lab`. docs/students.md says what you can ask of a notebook: checks, hints, progress.
`python3 course.py reset 04` begins lesson 04 anew and keeps your copy. When you are given a newer course.zip,
`python3 course.py update course.zip` takes it over and keeps your answers.

Where notebooks run elsewhere (JupyterHub, Colab, Kaggle), `pip install course.zip` there installs all that they import.
Copy `notebooks/` to that place; `nnutils reset 04` writes lesson 04 anew into the current folder.

{told}
"""
WORKFLOW = """\
# At each push: run the notebooks and show how far they are. This is feedback, and no mark: a student can change it.
# https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: $GITHUB_STEP_SUMMARY is shown with the run.
name: Check
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
      - run: pip install --quiet -r requirements.txt
      - name: Run the notebooks
        run: |
          export PYTHONPATH="$PWD" NNUTILS_RECORD="$RUNNER_TEMP/progress.json"
          cd notebooks
          for notebook in *.ipynb; do
            jupyter execute --allow-errors --timeout=600 "$notebook" || echo "$notebook could not be run to its end"
          done
          (echo '```'; python -c "from nnutils import progress; progress()"; echo '```') | tee -a "$GITHUB_STEP_SUMMARY"
"""
WITHHELD = (
    "There are no answers in this folder. A check tells whether yours is right and which mistake it is, from stored results; "
    "exercises with many right answers, and the questions, are looked at when your work is graded. A cell that needs an "
    "exercise you have not solved stops and names it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py release`."""
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help=f"where {NAME}.zip is written")
    add("--lessons", nargs="+", metavar="NN", help="only these lessons, by number or topic (default: all)")
    feedback = "let quizzes tell at once what is right and why: then the right letters are in the bundle"
    add("--quiz-feedback", action="store_true", help=feedback)
    github = "also a workflow for GitHub, which runs the notebooks at each push and shows how far they are"
    add("--github", action="store_true", help=github)
    hints = "how many hints of each exercise: the third is nearly the answer, often a line of it (default: 2)"
    add("--hints", type=int, choices=range(4), default=2, help=hints)


def run(options: argparse.Namespace) -> int:
    """Write the bundle and prove that no answer is inside; returns 0, 1 where one is, 2 for wrong usage."""
    try:
        topics = lessons_called(options.lessons)
        files = bundle(topics, options.quiz_feedback, options.hints)
        if options.github:
            files[".github/workflows/check.yml"] = WORKFLOW.encode()
        proofs = list(prove(files, topics, options.hints))
        file = _write(options.out / f"{NAME}.zip", files)
    except AnswerInside as error:
        print(f"No bundle was written: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run `python3 course.py build`", file=sys.stderr)
        return 2
    except (OSError, UnknownLesson) as error:
        print(error, file=sys.stderr)
        return 2
    for line in proofs:
        print(f"✔ {line}")
    print(f"{file}: {len(topics)} lessons, {len(files)} files, {file.stat().st_size / 2**20:.1f} MB")
    return 0


def bundle(topics: list[str], quiz_feedback: bool = False, hints: int = 2) -> dict[str, bytes]:
    """Path in the bundle → content."""
    files = {name: (ROOT / name).read_bytes() for name in WHOLE}
    lines = files["course.py"].decode().splitlines(keepends=True)
    files["course.py"] = "".join(line for line in lines if not line.startswith(JOBS)).encode()
    told = WITHHELD if not quiz_feedback else WITHHELD.replace(", and the questions,", "")
    files["README.md"] = README.format(told=told).encode()
    for name in GUIDES:
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        files[f"docs/{name}"] = ALONE.sub("", text).encode()
    files |= dict(package(topics, INSIDE))
    for topic in topics:
        name = file_name(topic)
        notebook = (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
        files[f"notebooks/{name}.ipynb"] = notebook
        files[f"nnutils/notebooks/{name}.ipynb"] = notebook  # for `reset`
        files |= _lesson(topic, quiz_feedback, hints)
    return dict(sorted(files.items()))


def package(topics: list[str], without: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """The files of nnutils, of the lessons only these topics, and `without` these parts of a lesson's folder."""
    folder = ROOT / "nnutils"
    for path in sorted(folder.rglob("*")):
        place, *parts = path.relative_to(folder).parts
        taken = place != "lessons" or len(parts) < 2 or (parts[0] in topics and parts[1] not in without)
        if path.is_file() and taken and "__pycache__" not in path.parts:
            yield f"nnutils/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _lesson(topic: str, quiz_feedback: bool, hints: int) -> dict[str, bytes]:
    """What stands in the place of a lesson's exercises and questions."""
    folder, number = f"nnutils/lessons/{topic}", lessons()[topic].NUMBER
    exercises = {exercise.name: without_answers(exercise, hints) for exercise in exercises_of(topic)}
    questions = {item.name: question_without_answer(item, quiz_feedback) for item in questions_of(topic)}
    return {
        f"{folder}/exercises/__init__.py": MODULE.format(number=number, what="exercises").encode(),
        f"{folder}/exercises/exercises.key": _pickled(exercises, {}),
        f"{folder}/questions.py": MODULE.format(number=number, what="questions").encode(),
        f"{folder}/questions.key": _pickled({}, questions),
    }


def _pickled(exercises: dict[str, Any], questions: dict[str, Any]) -> bytes:
    return pickle.dumps({"exercises": exercises, "questions": questions}, protocol=4)


def _write(file: Path, files: dict[str, bytes]) -> Path:
    with replacing(file) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return file

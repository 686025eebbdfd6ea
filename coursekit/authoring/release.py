"""`nnutils release`: what students get, as one zip: notebooks, helper package, the commands, and no answer."""

from __future__ import annotations

import argparse
import pickle
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.authoring.proof import AnswerInside, prove
from coursekit.grading.intake.topics import UnknownLesson, file_name, lessons_called
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.released import question_without_answer, without_answers

ROOT = Path(__file__).parents[2]
NAME = "course"
WHOLE = (
    "LICENSE",
    "course.py",
    "environment.yml",
    "pyproject.toml",
    "requirements.txt",
    ".jupyter/labconfig/page_config.json",
)
JOBS = ("  test  ", "  JOB  ")  # lines of course.py's help that only the whole course has
GUIDES = ("students.md", "notation.md", "conventions.md")
LEARN_ALONE = "If you have the whole course"  # a section of a guide that is not true of a release
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
`python3 course.py reset 04` begins lesson 04 anew and keeps your copy.

Where notebooks run elsewhere (JupyterHub, Colab, Kaggle), `pip install course.zip` there installs all that they import.
Copy `notebooks/` to that place; `nnutils reset 04` writes lesson 04 anew into the current folder.

{told}
"""
WITHHELD = (
    "There are no answers in this folder. A check tells whether yours is right and which mistake it is, from stored results; "
    "exercises with many right answers, and the questions, are looked at when your work is graded. A cell that needs an "
    "exercise you have not solved stops and names it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils release`."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=f"where {NAME}.zip is written")
    parser.add_argument(
        "--lessons", nargs="+", metavar="NN", help="only these lessons, by number or topic (default: all)"
    )
    parser.add_argument(
        "--quiz-feedback",
        action="store_true",
        help="let quizzes tell at once what is right and why: then the right letters are in the bundle",
    )
    parser.add_argument(
        "--hints",
        type=int,
        choices=range(4),
        default=2,
        help="how many hints of each exercise: the third is nearly the answer, often a line of it (default: 2)",
    )


def run(options: argparse.Namespace) -> int:
    """Write the bundle and prove that no answer is inside; returns 0, 1 where one is, 2 for wrong usage."""
    try:
        topics = lessons_called(options.lessons)
        files = bundle(topics, options.quiz_feedback, options.hints)
        proofs = list(prove(files, topics, options.hints))
        options.out.mkdir(parents=True, exist_ok=True)
        file = options.out / f"{NAME}.zip"
        _write(file, files)
    except AnswerInside as error:
        print(f"No bundle was written: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run `nnutils build`", file=sys.stderr)
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
    files["course.py"] = _without(files["course.py"], JOBS)
    told = WITHHELD if not quiz_feedback else WITHHELD.replace(", and the questions,", "")
    files["README.md"] = README.format(told=told).encode()
    files |= {f"docs/{name}": _guide((ROOT / "docs" / name).read_text(encoding="utf-8")) for name in GUIDES}
    files |= dict(_package(topics))
    for topic in topics:
        name = file_name(topic)
        notebook = (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
        files |= {
            f"notebooks/{name}.ipynb": notebook,
            f"nnutils/notebooks/{name}.ipynb": notebook,
        }  # to reset
        files |= _lesson(topic, quiz_feedback, hints)
    return dict(sorted(files.items()))


def _without(content: bytes, starts: tuple[str, ...]) -> bytes:
    """A text without the lines that start so."""
    lines = content.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(starts)).encode()


def _guide(text: str) -> bytes:
    """A page of docs/ without the sections on what only the whole course has."""
    return re.sub(rf"^## {LEARN_ALONE}\n.*?(?=^## |\Z)", "", text, flags=re.DOTALL | re.MULTILINE).encode()


def _package(topics: list[str]) -> Iterator[tuple[str, bytes]]:
    package = ROOT / "nnutils"
    for path in sorted(package.rglob("*")):
        place, *parts = path.relative_to(package).parts
        released = place != "lessons" or len(parts) < 2 or (parts[0] in topics and parts[1] not in INSIDE)
        if path.is_file() and released and "__pycache__" not in path.parts:
            yield f"nnutils/{path.relative_to(package).as_posix()}", path.read_bytes()


def _lesson(topic: str, quiz_feedback: bool, hints: int) -> dict[str, bytes]:
    folder, number = f"nnutils/lessons/{topic}", lessons()[topic].NUMBER
    exercises = {
        "exercises": {one.name: without_answers(one, hints) for one in exercises_of(topic)},
        "questions": {},
    }
    questions = {one.name: question_without_answer(one, quiz_feedback) for one in questions_of(topic)}
    return {
        f"{folder}/exercises/__init__.py": MODULE.format(number=number, what="exercises").encode(),
        f"{folder}/exercises/exercises.key": pickle.dumps(exercises, protocol=4),
        f"{folder}/questions.py": MODULE.format(number=number, what="questions").encode(),
        f"{folder}/questions.key": pickle.dumps({"exercises": {}, "questions": questions}, protocol=4),
    }


def _write(file: Path, files: dict[str, bytes]) -> None:
    beside = file.with_name(f".{file.name}")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    beside.replace(file)

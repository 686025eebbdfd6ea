"""`nnutils release`: what students get, as one zip: notebooks, helper package, the two commands, and no answer."""

from __future__ import annotations

import argparse
import ast
import functools
import json
import pickle
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from nnutils.checks.catalogue import exercises_of, lessons, questions_of, topics_of
from nnutils.checks.help import answer_source
from nnutils.checks.keyed import head_of, sealed, sealed_question

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
GUIDES = ("students.md", "notation.md", "conventions.md")
INSIDE = (
    "authoring",
    "grading",
    "exercises",
    "benchmarking",
)  # parts of nnutils that stay with the instructor
DATE = (1980, 1, 1, 0, 0, 0)  # the same bundle, byte for byte, whenever it is made
MODULE = '''"""Lesson {number:02d}, as released: its exercises without their answers."""

from pathlib import Path

from nnutils.checks.keyed import opened

NUMBER, MINUTES = {number}, {minutes}
globals().update(opened(Path(__file__).with_suffix(".key"), __name__))
'''
README = """# The course

You need Python 3.11 to 3.13. This opens JupyterLab at the first lesson:

    python3 course.py lab

The first start takes a minute or two, since it makes `.venv` beside this file and installs what the lock lists.
On Windows say `py course.py lab`. docs/students.md says what you can ask of a notebook: checks, hints, progress.

{told}
"""
WITHHELD = (
    "There are no answers in this folder. A check tells whether yours is right and which mistake it is, from stored results; "
    "exercises with many right answers, and the questions, are looked at when your work is graded. A cell that needs an "
    "exercise you have not solved stops and names it."
)


class AnswerInside(RuntimeError):
    """A bundle would hold an answer."""


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
        topics = topics_of(options.lessons)
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
    except (OSError, LookupError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in proofs:
        print(f"✔ {line}")
    print(f"{file}: {len(topics)} lessons, {len(files)} files, {file.stat().st_size / 2**20:.1f} MB")
    return 0


def bundle(topics: list[str], quiz_feedback: bool = False, hints: int = 2) -> dict[str, bytes]:
    """Path in the bundle → content."""
    files = {name: (ROOT / name).read_bytes() for name in WHOLE}
    told = WITHHELD if not quiz_feedback else WITHHELD.replace(", and the questions,", "")
    files["README.md"] = README.format(told=told).encode()
    files |= {f"docs/{name}": (ROOT / "docs" / name).read_bytes() for name in GUIDES}
    files |= dict(_package())
    for topic in topics:
        name = f"{lessons()[topic].NUMBER:02d}_{topic}"
        files[f"notebooks/{name}.ipynb"] = (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
        files |= _lesson(topic, quiz_feedback, hints)
    return dict(sorted(files.items()))


def prove(files: dict[str, bytes], topics: list[str], hints: int = 2) -> Iterator[str]:
    """A line for each thing that was proved of a bundle with so many hints.

    Raises
    ------
    AnswerInside: one of them does not hold.
    """
    lines = sum(_no_line_of(topic, files, hints) for topic in topics)
    yield f"none of the {lines} lines of answers stands in a notebook, an exercise module, a given or a stored result"
    questions = sum(_no_letter_of(topic, files) for topic in topics)
    yield f"none of {questions} questions is answered in its notebook"
    for count, what in _graded(files, topics):
        yield f"{count} {what}"
    yield _starts(files, topics)


def _package() -> Iterator[tuple[str, bytes]]:
    package = ROOT / "nnutils"
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.is_file() and inside.parts[0] not in INSIDE and "__pycache__" not in inside.parts:
            yield f"nnutils/{inside.as_posix()}", path.read_bytes()
    yield "nnutils/exercises/__init__.py", (package / "exercises" / "__init__.py").read_bytes()


def _lesson(topic: str, quiz_feedback: bool, hints: int) -> dict[str, bytes]:
    module = lessons()[topic]
    kept = {
        "exercises": {one.name: sealed(one, hints) for one in exercises_of(topic)},
        "questions": {one.name: sealed_question(one, quiz_feedback) for one in questions_of(topic)},
    }
    text = MODULE.format(number=module.NUMBER, minutes=module.MINUTES)
    stem = f"nnutils/exercises/{topic}"
    return {f"{stem}.py": text.encode(), f"{stem}.key": pickle.dumps(kept, protocol=4)}


def _no_line_of(topic: str, files: dict[str, bytes], hints: int) -> int:
    """How many lines of a lesson's answers were looked for, everywhere but in the numerics, which are the course's library."""
    places = {
        name: content.decode("utf-8", "replace")
        for name, content in files.items()
        if name.startswith(("notebooks/", "nnutils/exercises/", "nnutils/givens/"))
    }
    places |= {name: _code_of(json.loads(text)) for name, text in places.items() if name.endswith(".ipynb")}
    lines = {
        line
        for one in exercises_of(topic)
        for line in _telling(answer_source(one))
        if line not in _given(hints)
    }
    lines -= _shown()
    for line in sorted(lines):
        whole = re.compile(
            rf"(?<![\w.]){re.escape(line)}(?![ \t]*[\w.,(\[<=*/+-])"
        )  # not a part of another line
        where = next((name for name, text in places.items() if whole.search(text)), None)
        if where:
            raise AnswerInside(f"{where} holds the line {line!r} of an answer of {topic}")
    return len(lines)


@functools.cache
def _given(hints: int) -> str:
    """What every student is given: docstrings, questions, and so many hints, of which the third is nearly the answer."""
    exercises = [one for topic in lessons() for one in exercises_of(topic)]
    questions = [one for topic in lessons() for one in questions_of(topic)]
    told = [text for one in exercises for text in (head_of(one), *one.hints[:hints])]
    return "\n".join(
        [*told, *(text for one in questions for text in (one.text, *(option.text for option in one.options)))]
    )


def _telling(source: str) -> list[str]:
    """The lines of an answer's body that say something: no docstring, no brackets alone."""
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    body = [line.partition("  #")[0].strip() for line in source.splitlines()[function.body[0].end_lineno :]]
    return [line for line in body if len(line) >= 16 and any(sign in line for sign in "=([<*/+-")]


@functools.cache
def _shown() -> set[str]:
    """The lines of the lessons' own demonstrations, which everybody is given."""
    sources = sorted((ROOT / "lessons").glob("*.py"))
    lines = (line for source in sources for line in source.read_text(encoding="utf-8").splitlines())
    return {line.partition("  #")[0].strip() for line in lines}


def _code_of(notebook: dict) -> str:
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")


def _no_letter_of(topic: str, files: dict[str, bytes]) -> int:
    name = f"notebooks/{lessons()[topic].NUMBER:02d}_{topic}.ipynb"
    code = _code_of(json.loads(files[name]))
    for question in questions_of(topic):
        if f"{question.name} = None" not in code:
            raise AnswerInside(f"{name} answers the question {question.name}")
    return len(questions_of(topic))


def _graded(files: dict[str, bytes], topics: list[str]) -> Iterator[tuple[int, str]]:
    """Grade the bundle's own notebooks: they must earn nothing."""
    from nnutils.grading.assess import Grader
    from nnutils.grading.sandbox.lock import Limits
    from nnutils.grading.sandbox.runner import Runner

    with Runner(Limits()) as runner:
        for topic in topics:
            name = f"notebooks/{lessons()[topic].NUMBER:02d}_{topic}.ipynb"
            cells = [
                "".join(one["source"])
                for one in json.loads(files[name])["cells"]
                if one["cell_type"] == "code"
            ]
            items, _ = Grader(runner).grade(cells, topic, "nobody")
            earned = next((item.name for item in items if item.points), None)
            if earned:
                raise AnswerInside(f"{name} earns points for {earned}")
    yield len(topics), "notebooks, graded as they are, earn 0 points"


STARTS = """
from nnutils.checks.catalogue import exercises_of, lessons, questions_of, topics_of
from nnutils import check
import contextlib, io
for topic in lessons():
    for one in exercises_of(topic):
        try:
            one(*[None] * len(one.signature.parameters))
        except NotImplementedError:
            continue
        raise SystemExit(f"{one.name} can be called")
print(sum(len(exercises_of(topic)) for topic in lessons()), sum(len(questions_of(topic)) for topic in lessons()))
"""


def _starts(files: dict[str, bytes], topics: list[str]) -> str:
    """Unpack the bundle and import it: all exercises are there, and calling one says that it is not solved."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        done = subprocess.run([sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {folder!r})\n{STARTS}"],
                              cwd=folder, capture_output=True, text=True)  # fmt: skip
    wanted = (
        f"{sum(len(exercises_of(one)) for one in topics)} {sum(len(questions_of(one)) for one in topics)}"
    )
    if done.returncode or done.stdout.strip() != wanted:
        raise AnswerInside(
            f"the bundle does not work by itself: {done.stderr.strip()[-300:] or done.stdout.strip()}"
        )
    exercises, questions = wanted.split()
    return (
        f"unpacked, it knows {exercises} exercises and {questions} questions, and no exercise can be called"
    )


def _write(file: Path, files: dict[str, bytes]) -> None:
    beside = file.with_name(f".{file.name}")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    beside.replace(file)

"""What is tried on a bundle before students get it: that no answer is inside, and that it works by itself."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.assess import Grader
from coursekit.grading.intake.topics import file_name
from coursekit.grading.reading.notebook import cells_of
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.help import answer_source
from nnutils.checks.released import head_of

ROOT = Path(__file__).parents[2]


class AnswerInside(RuntimeError):
    """A bundle would hold an answer."""


def prove(files: dict[str, bytes], topics: list[str], hints: int = 2) -> Iterator[str]:
    """A line for each thing that was proved of a bundle with so many hints.

    Raises
    ------
    AnswerInside: one of them does not hold.
    """
    code = {topic: cells_of(files[_notebook(topic)]) for topic in topics}
    places = {name: "\n".join(cells_of(files[name])) for name in files if name.endswith(".ipynb")}
    places |= {
        name: content.decode("utf-8", "replace")
        for name, content in files.items()
        if name.startswith("nnutils/lessons/") and not name.endswith(("plots.py", "explorer.py"))
    }
    lines = sum(_no_line_of(topic, places, hints) for topic in topics)
    yield f"no answer is in the files: {lines} lines of code that give an answer away were searched for, and none was found"
    questions = sum(_no_letter_of(topic, places) for topic in topics)
    yield f"no question is answered in a notebook: {questions} questions were looked at"
    _earn_nothing(code)
    yield f"an untouched notebook earns 0 points: {len(topics)} notebooks were graded as they are"
    yield _starts(files, topics)


def _notebook(topic: str) -> str:
    return f"notebooks/{file_name(topic)}.ipynb"


def _no_line_of(topic: str, places: dict[str, str], hints: int) -> int:
    """How many lines of a lesson's answers were looked for, everywhere but in the numerics, which are the course's library."""
    told = {line for one in exercises_of(topic) for line in _telling(answer_source(one))}
    lines = {line for line in told - _shown() if line not in _given(hints)}
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


def _no_letter_of(topic: str, places: dict[str, str]) -> int:
    for name in (_notebook(topic), f"nnutils/{_notebook(topic)}"):
        for question in questions_of(topic):
            if f"{question.name} = None" not in places[name]:
                raise AnswerInside(f"{name} answers the question {question.name}")
    return len(questions_of(topic))


def _earn_nothing(code: dict[str, list[str]]) -> None:
    """Grade the bundle's own notebooks."""
    with Runner(Limits()) as runner:
        for topic, cells in code.items():
            items, _ = Grader(runner).grade(cells, topic, "nobody")
            earned = next((item.name for item in items if item.points), None)
            if earned:
                raise AnswerInside(f"{_notebook(topic)} earns points for {earned}")


STARTS = """
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
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
    return f"it works unpacked: {exercises} exercises and {questions} questions were found, and no exercise gives its answer"

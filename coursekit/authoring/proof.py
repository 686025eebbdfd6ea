"""Prove of a bundle, before students get it, that no answer is inside and that it works by itself."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coursekit.grading.grade_notebook import Grader
from coursekit.grading.intake.topics import file_name
from coursekit.grading.reading.notebook import sources_of
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.faults import plain_source
from nnutils.checks.released import head_of

ROOT = Path(__file__).parents[2]
STARTS = """
import sys; sys.path.insert(0, sys.argv[1])
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
for topic in lessons():
    for exercise in exercises_of(topic):
        try:
            exercise(*[None] * len(exercise.signature.parameters))
        except NotImplementedError:
            continue
        raise SystemExit(f"{exercise.name} can be called")
print(sum(len(exercises_of(topic)) for topic in lessons()), sum(len(questions_of(topic)) for topic in lessons()))
"""


class AnswerInside(RuntimeError):
    """A bundle would hold an answer, or does not work."""


def prove(files: dict[str, bytes], topics: list[str], hints: int = 2) -> Iterator[str]:
    """A line for each thing that was proved of a bundle with so many hints. `files`: path in the bundle → content.

    Raises
    ------
    AnswerInside: one of them does not hold.
    """
    texts = {name: "\n".join(sources_of(files[name]).code) for name in files if name.endswith(".ipynb")}
    texts |= {
        name: content.decode("utf-8", "replace")
        for name, content in files.items()
        if name.startswith("nnutils/lessons/") and not name.endswith(("plots.py", "explorer.py"))
    }
    told, shown = _told(hints), _shown()
    lines = sum(_search_for_answers(topic, texts, told, shown) for topic in topics)
    yield f"no answer is in the files: {lines} lines of code that give an answer away were searched for, and none was found"
    questions = sum(_search_for_letters(topic, texts) for topic in topics)
    yield f"no question is answered in a notebook: {questions} questions were looked at"
    with Runner(Limits()) as runner:
        for topic in topics:
            items, _ = Grader(runner).grade(sources_of(files[_notebook(topic)]).code, topic, "nobody")
            for item in items:
                if item.points:
                    raise AnswerInside(f"{_notebook(topic)} earns points for {item.name}")
    yield f"an untouched notebook earns 0 points: {len(topics)} notebooks were graded as they are"
    exercises = sum(len(exercises_of(topic)) for topic in topics)
    _start(files, f"{exercises} {questions}")
    yield f"it works unpacked: {exercises} exercises and {questions} questions were found, and no exercise gives its answer"


def _notebook(topic: str) -> str:
    return f"notebooks/{file_name(topic)}.ipynb"


def _search_for_answers(topic: str, texts: dict[str, str], told: str, shown: set[str]) -> int:
    """Search the texts for the lines of a lesson's answers; returns how many lines were searched for.

    A line that every student is `told` or `shown` gives nothing away. In the lesson's own notebook one other line is too much.
    Elsewhere one line is no answer, since loops and sums look alike: there half of the lines of one answer are. The numerics,
    the course's library, are not searched.
    """
    searched = set[str]()
    for exercise in exercises_of(topic):
        answer = {*_telling_lines(plain_source(exercise.reference))} - shown
        secret = sorted(line for line in answer if line not in told)
        searched |= {*secret}
        for name, text in texts.items():
            found = [line for line in secret if line in text and _whole(line).search(text)]
            if found and (name.endswith(_notebook(topic)) or 2 * len(found) >= len(secret)):
                raise AnswerInside(f"{name} holds the line {found[0]!r} of an answer of {topic}")
    return len(searched)


@functools.cache
def _whole(line: str) -> re.Pattern[str]:
    """Finds a line as a whole, not as a part of another line."""
    return re.compile(rf"(?<![\w.]){re.escape(line)}(?![ \t]*[\w.,(\[<=*/+-])")


def _search_for_letters(topic: str, texts: dict[str, str]) -> int:
    """See that a lesson's notebooks answer no question; returns how many questions there are."""
    for name in (_notebook(topic), f"nnutils/{_notebook(topic)}"):
        for question in questions_of(topic):
            if f"{question.name} = None" not in texts[name]:
                raise AnswerInside(f"{name} answers the question {question.name}")
    return len(questions_of(topic))


def _told(hints: int) -> str:
    """What every student is told: docstrings, questions, and so many hints, of which the third is nearly the answer."""
    found = []
    for topic in lessons():
        for exercise in exercises_of(topic):
            found += [exercise.faulty or head_of(exercise), *exercise.hints[:hints]]
        for question in questions_of(topic):
            found += [question.text, *(option.text for option in question.options)]
    return "\n".join(found)


def _shown() -> set[str]:
    """The lines of the lessons' own demonstrations, which every student is shown."""
    sources = sorted((ROOT / "lessons").glob("*.py"))
    lines = (line for source in sources for line in source.read_text(encoding="utf-8").splitlines())
    return {line.partition("  #")[0].strip() for line in lines}


def _telling_lines(source: str) -> list[str]:
    """The lines of an answer's body that say something: no docstring, no brackets alone."""
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    body = [line.partition("  #")[0].strip() for line in source.splitlines()[function.body[0].end_lineno :]]
    return [line for line in body if len(line) >= 16 and any(sign in line for sign in "=([<*/+-")]


def _start(files: dict[str, bytes], wanted: str) -> None:
    """Unpack the bundle and import it: all exercises are there, and calling one says that it is not solved."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        command = [sys.executable, "-P", "-c", STARTS, folder]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode or done.stdout.strip() != wanted:
        said = done.stderr.strip()[-300:] or done.stdout.strip()
        raise AnswerInside(f"the bundle does not work by itself: {said}")

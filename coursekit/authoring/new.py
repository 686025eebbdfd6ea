"""`python3 course.py new`: write the skeleton of a lesson, which can be built at once; `lint` says what is left to do."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path
from string import Template

from coursekit.authoring.lesson import ROOT, lessons
from coursekit.authoring.rules.course import ruff
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.files import write_whole
from nnutils.words import capital

MINUTES = 60
SKELETON = Path(__file__).parent / "skeleton"
FILES = {  # what is written: from which file of the skeleton
    "lessons/${name}.py": "lesson.txt",
    "nnutils/lessons/${topic}/__init__.py": "package.txt",
    "nnutils/lessons/${topic}/questions.py": "questions.txt",
    "nnutils/lessons/${topic}/exercises/__init__.py": "exercises.txt",
    "nnutils/lessons/${topic}/exercises/${exercise}.py": "exercise.txt",
    "tests/lessons/test_${topic}.py": "tests.txt",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py new`."""
    parser.add_argument("number", type=int, metavar="NN", help="the next free number")
    parser.add_argument("topic", help="small letters, digits and _, as label_smoothing")
    parser.add_argument(
        "--exercise", metavar="NAME", help="the name of the first exercise's function (default: the topic)"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Write the skeleton; returns the exit code, 2 where the number, the topic or the name cannot be taken."""
    exercise = options.exercise or options.topic
    refused = _refused(options.root, options.number, options.topic, exercise)
    if refused:
        print(refused, file=sys.stderr)
        return 2
    number = f"{options.number:02d}"
    name, title = f"{number}_{options.topic}", capital(options.topic.replace("_", " "))
    words = {"name": name, "topic": options.topic, "exercise": exercise, "title": title, "minutes": MINUTES}
    words |= {"number": options.number, "two_digits": number}
    files = {Template(place).substitute(words): source for place, source in FILES.items()}
    for file, source in files.items():
        text = (SKELETON / source).read_text(encoding="utf-8")
        write_whole(options.root / file, Template(text).substitute(words))
        print(f"{file} written")
    ruff(options.root, "format", *files)  # a long name may need another line
    print(_add_row(options.root, name, title))
    print(
        f"Now run `python3 course.py build {number}`, and `python3 course.py lint {number}`: it says what is left to do."
    )
    return 0


def _refused(root: Path, number: int, topic: str, exercise: str) -> str | None:
    """Why such a lesson cannot be made, or None."""
    every = lessons(root)
    free = max((lesson.number for lesson in every), default=-1) + 1
    if number != free:
        return f"a new lesson takes the next free number, {free:02d}, not {number:02d}"
    for word in (topic, exercise):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word) or keyword.iskeyword(word):
            return f"{word!r} is no name: use small letters, digits and _, and begin with a letter"
    taken = next((lesson.name for lesson in every if lesson.topic == topic), None)
    if taken or topic in modules() or (root / "nnutils" / "lessons" / topic).exists():
        return f"the topic {topic} is taken by {taken or f'nnutils/lessons/{topic}'}"
    for other in modules():
        names = {item.name for item in exercises_of(other)} | {item.name for item in questions_of(other)}
        if exercise in names:
            return f"the lesson {other} has an exercise or question called {exercise}: choose another with --exercise NAME"
    return None


def _add_row(root: Path, name: str, title: str) -> str:
    """Put the lesson below the last row of the map in lesson 00; returns a line that says so."""
    start = root / "lessons" / "00_start_here.py"
    lines = start.read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("# |"))
    lines.insert(last + 1, f"# | [{name[:2]} {title}]({name}.ipynb) | TODO: its question | {MINUTES} |")
    write_whole(start, "\n".join(lines) + "\n")
    return f"lessons/{start.name} has a row for it in its map"

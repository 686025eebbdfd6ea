"""`python3 course.py new`: write the skeleton of a lesson, or one more exercise; `lint` says what is left to do."""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path
from string import Template

from coursekit.authoring.lesson import ROOT, Lesson, lessons
from coursekit.authoring.rules.course import ruff
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.checks.exercise import KINDS
from nnutils.files import write_whole
from nnutils.words import capital

MINUTES = 60
SKELETON = Path(__file__).parent / "skeleton"
EXERCISE = "nnutils/lessons/${topic}/exercises/${exercise}.py"
FILES = {  # what is written for a lesson: from which file of the skeleton
    "lessons/${name}.py": "lesson.txt",
    "nnutils/lessons/${topic}/__init__.py": "package.txt",
    "nnutils/lessons/${topic}/questions.py": "questions.txt",
    "nnutils/lessons/${topic}/predictions.py": "predictions.txt",
    "nnutils/lessons/${topic}/exercises/__init__.py": "exercises.txt",
    EXERCISE: "exercise.txt",
    "tests/lessons/test_${topic}.py": "tests.txt",
}
OF_A_KIND = {"repair": "repair.txt", "design": "design.txt"}  # else as a lesson's first exercise
TRIAL = "given.txt"
GIVEN = '"""What lesson ${two_digits} gives: the trials of its designs."""\n'
IMPORTS = "from typing import Any\n\nimport numpy as np\n"  # what a trial uses
ROW = re.compile(r"# \| \[(\d\d) ")  # of the map in lesson 00


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py new`."""
    add = parser.add_argument
    add("number", type=int, metavar="NN", help="a free number, or that of the lesson that gets an exercise")
    add("topic", help="small letters, digits and _, as class_weights")
    add(
        "--exercise",
        metavar="NAME",
        help="the name of the exercise's function (default for a new lesson: the topic)",
    )
    add("--kind", choices=KINDS, default="write", help="the kind of the exercise (default: write)")
    add("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Write the skeleton; returns the exit code, 2 where the number, the topic or the name cannot be taken."""
    exercise, number = options.exercise or options.topic, f"{options.number:02d}"
    name, title = f"{number}_{options.topic}", capital(options.topic.replace("_", " "))
    old = next((lesson for lesson in lessons(options.root) if lesson.name == name), None)
    unnamed = f"the lesson {name} is there already: name its new exercise with --exercise NAME"
    refused = (
        (unnamed if old and not options.exercise else None)
        or _name_refused(options.topic, exercise)
        or (None if old else _lesson_refused(options.root, options.number, options.topic, options.kind))
    )
    if refused:
        print(refused, file=sys.stderr)
        return 2
    words = {"name": name, "topic": options.topic, "exercise": exercise, "title": title, "minutes": MINUTES}
    words |= {"number": options.number, "two_digits": number, "kind": options.kind}
    if old:
        _add_exercise(options.root, old, words)
    else:
        _write(options.root, FILES, words)
        print(_add_row(options.root, name, title))
        print(f"Now run `python3 course.py build {number}`, and ", end="")
    print(f"`python3 course.py lint {number}` says what is left to do.")
    return 0


def _name_refused(topic: str, exercise: str) -> str | None:
    """Why there can be no such exercise, or None."""
    for word in (topic, exercise):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word) or keyword.iskeyword(word):
            return f"{word!r} is no name: use small letters, digits and _, and begin with a letter"
    for other in modules():
        items = (exercises_of(other), questions_of(other), predictions_of(other))
        if exercise in {item.name for some in items for item in some}:
            return f"the lesson {other} has an item called {exercise}: choose another with --exercise NAME"
    return None


def _lesson_refused(root: Path, number: int, topic: str, kind: str) -> str | None:
    """Why such a lesson cannot be made, or None."""
    names = {lesson.number: lesson.name for lesson in lessons(root)}
    last = max(names, default=-1) + 1
    if number in names:
        return f"the number {number:02d} is taken by {names[number]}"
    if not 0 <= number <= last:
        return f"a new lesson takes a free number from 00 to {last:02d}, not {number:02d}"
    taken = next((name for name in names.values() if name[3:] == topic), None)
    if taken or topic in modules() or (root / "nnutils" / "lessons" / topic).exists():
        return f"the topic {topic} is taken by {taken or f'nnutils/lessons/{topic}'}"
    if kind in OF_A_KIND:
        return f"a lesson begins with an exercise to write or derive: add the {kind} afterwards, by the same command"
    return None


def _write(root: Path, files: dict[str, str], words: dict[str, object]) -> None:
    """Write files of the skeleton, with these words in it."""
    filled = {Template(place).substitute(words): source for place, source in files.items()}
    for file, source in filled.items():
        text = (SKELETON / source).read_text(encoding="utf-8")
        write_whole(root / file, Template(text).substitute(words))
        print(f"{file} written")
    ruff(root, "format", *filled)  # a long name may need another line


def _add_exercise(root: Path, lesson: Lesson, words: dict[str, object]) -> None:
    """Write one more exercise of a lesson, and put it at the end of its list."""
    package, kind, exercise = f"nnutils/lessons/{lesson.topic}", words["kind"], words["exercise"]
    if kind == "design":
        _add_trial(root, f"{package}/given.py", words)
    _write(root, {EXERCISE: OF_A_KIND.get(str(kind), FILES[EXERCISE])}, words)
    listing = f"{package}/exercises/__init__.py"
    index = root / listing
    head, names, tail = index.read_text(encoding="utf-8").rpartition("\n__all__")
    line = f"from nnutils.lessons.{lesson.topic}.exercises.{exercise} import {exercise}"
    last = tail.rindex("]")
    listed = f'{tail[:last].rstrip().removesuffix(",")},\n    "{exercise}",\n{tail[last:]}'
    write_whole(index, f"{head.rstrip()}\n{line}\n{names}{listed}")
    ruff(root, "format", listing)
    print(f"{listing} lists it")
    print(f"Put a cell tagged exercise with the name {exercise} into lessons/{lesson.source.name}; ", end="")


def _add_trial(root: Path, place: str, words: dict[str, object]) -> None:
    """Put the trial of a design at the end of the lesson's given.py."""
    file = root / place
    text = file.read_text(encoding="utf-8") if file.exists() else Template(GIVEN).substitute(words)
    for line in filter(None, IMPORTS.splitlines()):
        if line not in text.splitlines():
            first = re.search(r"^(import|from) (?!__future__)", text, re.MULTILINE)
            start = first.start() if first else len(text)
            text = f"{text[:start]}{line}\n{text[start:]}"
    trial = Template((SKELETON / TRIAL).read_text(encoding="utf-8")).substitute(words)
    write_whole(file, text + trial)
    ruff(root, "check", "--select=I", "--fix", "--quiet", place)
    ruff(root, "format", place)
    print(f"{place} has its trial")


def _add_row(root: Path, name: str, title: str) -> str:
    """Put the lesson into the map in lesson 00, in the order of the numbers; returns a line that says so."""
    start = root / "lessons" / "00_start_here.py"
    lines = start.read_text(encoding="utf-8").splitlines()
    numbers = {place: row[1] for place, line in enumerate(lines) if (row := ROW.match(line))}
    after = [place for place, number in numbers.items() if number < name[:2]]
    own = f"# | [{name[:2]} {title}]({name}.ipynb) | TODO: its question | {MINUTES} |"
    lines.insert(max(after) + 1 if after else min(numbers), own)
    write_whole(start, "\n".join(lines) + "\n")
    return f"lessons/{start.name} has a row for it in its map"

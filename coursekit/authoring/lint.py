"""`python3 course.py lint`: say in sentences which rules a lesson breaks: what is wrong, where, and what to do."""

from __future__ import annotations

import argparse
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coursekit.authoring.lesson import Lesson, LessonError, add_lessons, lessons
from coursekit.authoring.rules import course, exercises, kinds, replicated, text
from coursekit.authoring.rules.draft import Draft
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.checks.errors import UnknownName
from nnutils.words import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py lint`."""
    add_lessons(parser, executes=False)
    parser.epilog = (
        "Lessons that are named have their exercises run, too, but for those that need Keras: the tests run them. "
        "Without a name, the rules of the course as a whole are asked."
    )


def run(options: argparse.Namespace) -> int:
    """Print a sentence for each broken rule; returns the exit code: 0 none, 1 some, 2 no such lesson."""
    try:
        chosen = lessons(options.root, options.lessons)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return 2
    named = bool(options.lessons)
    broken = broken_rules(chosen, options.root, whole=not named, running=named)
    print(*broken, sep="\n", end="\n" * bool(broken))
    rest = (
        "; `python3 course.py lint` asks the rules of the course as a whole" if named and not broken else ""
    )
    result = counted(len(broken), "broken rule") if broken else "no rule is broken"
    print(f"{counted(len(chosen), 'lesson')}, {result}{rest}")
    return bool(broken)


def broken_rules(chosen: list[Lesson], root: Path, whole: bool = False, running: bool = False) -> list[str]:
    """A sentence for each rule that a lesson breaks.

    `whole`: the rules of the course, too. `running`: run the exercises, too, but for those that need Keras.
    """
    unreadable = _cannot_be_imported()
    if unreadable:
        return unreadable
    with warnings.catch_warnings(), np.errstate(all="ignore"):  # mistakes divide by zero on purpose
        warnings.simplefilter("ignore")
        found = [line for lesson in chosen for line in _broken_by(lesson, running)]
    found += course.broken_rules(root) if whole else []
    return [*dict.fromkeys(found)]


def _cannot_be_imported() -> list[str]:
    """A sentence for each lesson whose package raises an error when it is imported: no rule can be asked then."""
    found = []
    for topic in modules():
        try:
            exercises_of(topic), questions_of(topic)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f" ({Path(frame.filename).name}:{frame.lineno})" if Path(frame.filename).is_file() else ""
            found.append(
                f"nnutils/lessons/{topic} cannot be imported: {type(error).__name__}: {error}{where}"
            )
    return found


def _broken_by(lesson: Lesson, running: bool) -> Iterator[str]:
    if lesson.topic not in modules():
        yield f"nnutils/lessons/{lesson.topic} is missing: `python3 course.py new` writes it together with a lesson"
        return
    draft, number = Draft.of(lesson, keras=False), modules()[lesson.topic].NUMBER
    if number != lesson.number:
        yield f"nnutils/lessons/{lesson.topic}/__init__.py has NUMBER = {number}: write {lesson.number}"
    rules = [*course.RULES, *text.RULES, *exercises.RULES, *kinds.RULES, *replicated.RULES]
    for rule in [*rules, *[*exercises.RUNNING, *kinds.RUNNING] * running]:
        try:
            yield from rule(draft)
        except SyntaxError as error:
            yield f"{draft.place}:{error.lineno} is no Python: {error.msg}"
        except (LessonError, RuntimeError) as error:  # an exercise that cannot be shown, or not be run
            yield f"{draft.place}: {error}"

"""`nnutils self-test`: before an instructor trusts the grader, it grades what it must know the grade of."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from coursekit.grading.assess import Grader, blank
from coursekit.grading.intake.topics import UnknownLesson, file_name, lessons_called
from coursekit.grading.paste import CannotPaste, cells_of
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.notebook import code_cells
from coursekit.grading.result import Item, number
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import exercises_of, lessons, reached
from nnutils.checks.exercise import Exercise

ROOT = Path(__file__).parents[2]


@dataclass
class Trial:
    """What the grader made of one lesson: points, and a line for everything that it should not have said."""

    topic: str
    solution: str = ""
    untouched: str = ""
    mistakes: int = 0
    named: int = 0
    variants: int = 0
    attacks: int = 0
    skipped: int = 0
    ungraded: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The lesson's row of the table that is printed."""
        head = f"{lessons()[self.topic].NUMBER:02d} {self.topic}"
        caught = f"{self.mistakes} mistakes, {self.named} named"
        rest = f", {len(self.ungraded)} exercises not graded" if self.ungraded else ""
        return (
            f"{'✘' if self.wrong else '✔'} {head:<36} solution {self.solution:>8}, untouched {self.untouched:>6}, "
            f"{caught}, {self.variants} other right answers{rest}"
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils self-test`."""
    parser.add_argument("--lessons", nargs="+", metavar="NN", help="only these lessons, by number or topic")
    parser.add_argument(
        "--seed-secret", metavar="TEXT", help="with the cases of a class that is graded with this secret"
    )


def run(options: argparse.Namespace) -> int:
    """Try the grader on all lessons; returns 0 where it is right about everything, 1 where not, 2 for wrong usage."""
    try:
        topics = lessons_called(options.lessons)
    except UnknownLesson as error:
        print(error, file=sys.stderr)
        return 2
    trials = []
    with Runner(Limits()) as runner:
        for topic in tqdm(topics, file=sys.stderr, unit="lesson", dynamic_ncols=True, disable=None):
            trials.append(trial(topic, Grader(runner, options.seed_secret)))
            tqdm.write(trials[-1].line(), file=sys.stdout)
            for line in trials[-1].wrong:
                tqdm.write(f"    {line}", file=sys.stdout)
    wrong = sum(len(one.wrong) for one in trials)
    print(_summary(trials))
    print(f"{wrong} verdicts are wrong: do not grade with it" if wrong else "Every verdict is right.")
    return 1 if wrong else 0


def trial(topic: str, grader: Grader) -> Trial:
    """Grade a lesson's solution, its untouched student copy, every mistake and every variant."""
    found = Trial(topic)
    name = f"{file_name(topic)}.ipynb"
    items, _ = grader.grade(code_cells(ROOT / "solutions" / name), topic, "solution")
    found.solution = _points(items)
    found.ungraded = [item.name for item in items if item.points is None]
    found.wrong += [f"solution: {_said(item)}" for item in items if item.points not in (None, item.max)]
    items, _ = grader.grade(code_cells(ROOT / "notebooks" / name), topic, "untouched")
    found.untouched = _points(items)
    found.wrong += [f"untouched copy: {_said(item)}" for item in items if item.points]
    for exercise in exercises_of(topic):
        if exercise.name not in found.ungraded:
            _try_all(exercise, grader, found)
    return found


def _try_all(exercise: Exercise, grader: Grader, found: Trial) -> None:
    for mistake in exercise.mistakes:
        for item in _graded(exercise, mistake.function, grader, found):
            found.mistakes += 1
            found.named += item.mistake == mistake.name
            if item.points is None or item.points >= item.max:
                found.wrong.append(f"mistake {mistake.name}: {_said(item)}")
    for variant in exercise.variants:
        for item in _graded(exercise, variant, grader, found):
            found.variants += 1
            if item.points != item.max:
                found.wrong.append(f"right answer {variant.__name__}: {_said(item)}")
    for item in _items(exercise, attack_on(exercise), grader):
        found.attacks += 1
        if item.points:
            found.wrong.append(f"attack through another exercise: {_said(item)}")


def attack_on(exercise: Exercise) -> list[str]:
    """Cells that try to catch the course's own answer where it is lent to another exercise, one that calls it if there is one."""
    others = [one for one in exercises_of(exercise.lesson) if one is not exercise]
    callers = [one for one in others if exercise in reached(one)]
    elsewhere = (one for topic in lessons() for one in exercises_of(topic) if one is not exercise)
    bait = callers[0] if callers else others[-1] if others else next(elsewhere)
    arguments = ", ".join(exercise.signature.parameters)
    return [
        f"from {bait.reference.__module__} import {bait.name}",
        f"CAUGHT = globals().get({exercise.name!r})",
        f"def {exercise.name}({arguments}):\n    {bait.name}\n    return CAUGHT({arguments})",
    ]


def _graded(exercise: Exercise, function: object, grader: Grader, found: Trial) -> Iterator[Item]:
    """The item of a function that is handed in as an answer; none where it cannot be handed in."""
    try:
        cells = cells_of(function, exercise.name)  # type: ignore[arg-type]
    except CannotPaste:
        found.skipped += 1
        return
    yield from _items(exercise, cells, grader)


def _items(exercise: Exercise, cells: list[str], grader: Grader) -> Iterator[Item]:
    """The item of an exercise in a notebook of these cells; the others of its lesson are not looked at."""
    others = {one.name: one for one in blank(exercise.lesson, "") if one.name != exercise.name}
    items, _ = grader.grade_notebook(extract(cells), exercise.lesson, "self-test", earlier=others)
    yield next(item for item in items if item.name == exercise.name)


def _points(items: list[Item]) -> str:
    graded = [item for item in items if item.points is not None]
    return (
        f"{number(sum(item.points or 0.0 for item in graded)) or '0'} of {sum(item.max for item in graded)}"
    )


def _said(item: Item) -> str:
    return f"{item.name} got {number(item.points)} of {item.max} points, {item.status}: {item.sentence}"


def _summary(trials: list[Trial]) -> str:
    mistakes, variants, skipped, named, attacks = (
        sum(getattr(one, name) for one in trials)
        for name in ("mistakes", "variants", "skipped", "named", "attacks")
    )
    text = (
        f"{len(trials)} lessons: {mistakes} mistakes, {named} of them told as themselves, "
        f"{variants} other right answers, {attacks} attacks on the course's own answers"
    )
    left = f"; {skipped} answers that have no source of their own were not tried" if skipped else ""
    ungraded = sum(len(one.ungraded) for one in trials)
    return text + left + (f"; {ungraded} exercises are not graded" if ungraded else "") + "."

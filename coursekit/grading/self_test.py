"""`course.py self-test`: before an instructor trusts the grader, it grades answers whose grade is known."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from coursekit.grading.grade_notebook import Grader, blank
from coursekit.grading.intake.topics import UnknownLesson, file_name, lessons_called
from coursekit.grading.paste import CannotPaste, cells_of
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.notebook import code_cells
from coursekit.grading.result import Item, number
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import exercises_of, lessons, reached
from nnutils.checks.exercise import Exercise
from nnutils.words import counted

ROOT = Path(__file__).parents[2]


@dataclass
class Trial:
    """The grader tried on one lesson: the points that it gave, counts, and a line for every wrong verdict."""

    topic: str
    grader: Grader
    solution: str = ""
    untouched: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    ungraded: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Grade the lesson's solution, its untouched student copy, every mistake, every variant, and an attack."""
        name = f"{file_name(self.topic)}.ipynb"
        items, _ = self.grader.grade(code_cells(ROOT / "solutions" / name), self.topic, "solution")
        self.solution, self.ungraded = _points(items), [item.name for item in items if item.points is None]
        for item in items:
            self._expect(item.points in (None, item.max), "solution", item)
        items, _ = self.grader.grade(code_cells(ROOT / "notebooks" / name), self.topic, "untouched")
        self.untouched = _points(items)
        for item in items:
            self._expect(not item.points, "untouched copy", item)
        for exercise in exercises_of(self.topic):
            if exercise.name not in self.ungraded:
                self._try_all(exercise)

    def _try_all(self, exercise: Exercise) -> None:
        for mistake in exercise.mistakes:
            for item in self._graded(exercise, mistake.function):
                self.counts["mistakes"] += 1
                self.counts["named"] += any(
                    mistake.is_told_as(told) for told in exercise.mistakes if told.name == item.mistake
                )
                less = item.points is not None and item.points < item.max
                self._expect(less, f"mistake {mistake.name}", item)
        for variant in exercise.variants:
            for item in self._graded(exercise, variant):
                self.counts["variants"] += 1
                self._expect(item.points == item.max, f"right answer {variant.__name__}", item)
        for baseline in exercise.baselines:
            for item in self._graded(exercise, baseline.function):
                self.counts["baselines"] += 1
                self._expect(not item.points, f"baseline {baseline.name}", item)
        self.counts["attacks"] += 1
        item = self._item(exercise, attack_on(exercise))
        self._expect(not item.points, "attack through another exercise", item)

    def _graded(self, exercise: Exercise, function: Callable[..., object]) -> Iterator[Item]:
        """The item of a function that is handed in as an answer; none where it cannot be handed in."""
        try:
            cells = cells_of(function, exercise.name)
        except CannotPaste:
            self.counts["skipped"] += 1
        else:
            yield self._item(exercise, cells)

    def _item(self, exercise: Exercise, cells: list[str]) -> Item:
        """The item of an exercise in a notebook of these cells; the others of its lesson are not graded."""
        others = {item.name: item for item in blank(self.topic) if item.name != exercise.name}
        items, _ = self.grader.grade_notebook(extract(cells), self.topic, "self-test", earlier=others)
        return next(item for item in items if item.name == exercise.name)

    def _expect(self, right: bool, what: str, item: Item) -> None:
        if not right:
            points = f"{number(item.points)} of {item.max} points"
            self.wrong.append(f"{what}: {item.name} got {points}, {item.status}: {item.sentence}")

    def line(self) -> str:
        """The lesson's row of the table that is printed."""
        head = f"{lessons()[self.topic].NUMBER:02d} {self.topic}"
        caught = f"{self.counts['mistakes']} mistakes, {self.counts['named']} named"
        rest = f", {len(self.ungraded)} exercises not graded" if self.ungraded else ""
        return (
            f"{'✘' if self.wrong else '✔'} {head:<36} solution {self.solution:>8}, untouched {self.untouched:>6}, "
            f"{caught}, {self.counts['variants']} other right answers{rest}"
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `course.py self-test`."""
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
            trials.append(trial := Trial(topic, Grader(runner, options.seed_secret)))
            trial.run()
            for line in (trial.line(), *(f"    {wrong}" for wrong in trial.wrong)):
                tqdm.write(line, file=sys.stdout)
    wrong = sum(len(trial.wrong) for trial in trials)
    print(_summary(trials))
    print(f"{wrong} verdicts are wrong: do not grade with it" if wrong else "Every verdict is right.")
    return 1 if wrong else 0


def attack_on(exercise: Exercise) -> list[str]:
    """Cells that try to catch the course's own answer where another exercise gets it, one that calls it if there is one."""
    others = [other for other in exercises_of(exercise.lesson) if other is not exercise]
    callers = [other for other in others if exercise in reached(other)]
    elsewhere = (other for topic in lessons() for other in exercises_of(topic) if other is not exercise)
    bait = next(iter([*callers[:1], *others[-1:]]), None) or next(elsewhere)
    arguments = ", ".join(exercise.signature.parameters)
    return [
        f"from {bait.reference.__module__} import {bait.name}",
        f"CAUGHT = globals().get({exercise.name!r})",
        f"def {exercise.name}({arguments}):\n    {bait.name}\n    return CAUGHT({arguments})",
    ]


def _points(items: Iterable[Item]) -> str:
    graded = [(item.points, item.max) for item in items if item.points is not None]
    points, most = sum(points for points, _ in graded), sum(most for _, most in graded)
    return f"{number(points) or '0'} of {most}"


def _summary(trials: list[Trial]) -> str:
    counts = sum((trial.counts for trial in trials), Counter[str]())
    text = (
        f"{counted(len(trials), 'lesson')}: {counted(counts['mistakes'], 'mistake')}, {counts['named']} of them told as "
        f"themselves, {counted(counts['variants'], 'other right answer')}, "
        f"{counted(counts['attacks'], 'attack')} on the course's own answers"
    )
    if counts["baselines"]:
        text += f", {counted(counts['baselines'], 'plain design')}"
    if counts["skipped"]:
        text += f"; {counts['skipped']} answers that have no source of their own were not tried"
    ungraded = sum(len(trial.ungraded) for trial in trials)
    return text + (f"; {ungraded} exercises are not graded" if ungraded else "") + "."

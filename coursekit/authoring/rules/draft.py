"""A lesson with all that its rules look at: text, exercises, questions, and its place among the other lessons."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.lesson import Lesson, lessons, split_answer
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.prediction import Prediction

TAGGED = re.compile(r'tags=\["(?:exercise|quiz|predict)"\]\n(\w+)$', re.MULTILINE)


@dataclass(frozen=True)
class Draft:
    """A lesson as its author left it. `others` are the lessons before and after it; `keras`: run exercises that need Keras."""

    lesson: Lesson
    minutes: int
    exercises: list[Exercise]
    questions: list[Question]
    predictions: list[Prediction]
    others: list[Lesson]
    root: Path
    keras: bool = True

    @classmethod
    def of(cls, lesson: Lesson, keras: bool = True) -> Draft:
        """The draft of a lesson.

        Raises
        ------
        KeyError: nnutils has no package for the lesson's topic.
        """
        topic = lesson.topic
        exercises, questions, predictions = exercises_of(topic), questions_of(topic), predictions_of(topic)
        others = [other for other in lessons(lesson.root) if other != lesson and other.topic in modules()]
        return cls(
            lesson, modules()[topic].MINUTES, exercises, questions, predictions, others, lesson.root, keras
        )

    @property
    def place(self) -> str:
        """The lesson's file, as a message names it."""
        return self.shown(self.lesson.source)

    @property
    def taught(self) -> bool:
        """Whether it teaches something: all lessons but 00, which shows the tools."""
        return self.lesson.number > 0

    @property
    def items(self) -> list[Exercise | Question | Prediction]:
        return [*self.exercises, *self.questions, *self.predictions]

    @property
    def files(self) -> list[Path]:
        """All files of the lesson: its text, its package, its tests."""
        package = self.root / "nnutils" / "lessons" / self.lesson.topic
        found = [self.lesson.source, *sorted(package.rglob("*.py")), self.tests]
        return [file for file in found if file.exists()]

    @property
    def tests(self) -> Path:
        """The file of the tests of this lesson alone."""
        return self.root / "tests" / "lessons" / f"test_{self.lesson.topic}.py"

    @functools.cached_property
    def text(self) -> str:
        return self.lesson.source.read_text(encoding="utf-8")

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @functools.cached_property
    def student_text(self) -> str:
        """All that a student is shown: the lesson's text, what exercises ask for, and the questions with their options."""
        asked = [split_answer(exercise)[0] for exercise in self.exercises]
        asked += [item.text for item in self.predictions]
        for question in self.questions:
            asked += [question.text, *(option.text for option in question.options)]
        return "\n".join([re.sub("^# ?", "", self.text, flags=re.MULTILINE), *asked])

    @property
    def tagged(self) -> list[str]:
        """The names of the exercises, questions and predictions that have a cell, in the order of their cells."""
        return TAGGED.findall(self.text)

    def shown(self, file: Path) -> str:
        """A file as a message names it: relative to the checkout."""
        return (file.relative_to(self.root) if file.is_relative_to(self.root) else file).as_posix()

    def where(self, item: Exercise | Question | Prediction) -> str:
        """The beginning of a sentence about an exercise, a question or a prediction: its file and its name."""
        if isinstance(item, Prediction):
            return f"nnutils/lessons/{self.lesson.topic}/predictions.py: the prediction {item.name}"
        if isinstance(item, Question):
            return f"nnutils/lessons/{self.lesson.topic}/questions.py: the question {item.name}"
        return f"{self.shown(Path(inspect.getsourcefile(item.reference) or ''))}: {item.name}"

    def before(self, exercise: Exercise) -> list[Exercise]:
        """The exercises of the lesson that stand before this one, which it may call."""
        return self.exercises[: [item.name for item in self.exercises].index(exercise.name)]


Rule = Callable[[Draft], Iterator[str]]  # what is wrong, where, and what to do: one sentence each

"""Grade one notebook: what each exercise and question of its lesson earns, and why."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coursekit.grading import designs, models, words
from coursekit.grading.bounded import TooLong, at_most, bounded
from coursekit.grading.reading.answers import Answer, answer_of
from coursekit.grading.reading.cells import BROKEN
from coursekit.grading.reading.extract import Notebook, extract
from coursekit.grading.reading.notebook import Unreadable
from coursekit.grading.reading.program import Step
from coursekit.grading.result import Item
from coursekit.grading.versions import of_exercise, of_question
from coursekit.sandbox.codec import CodecError
from coursekit.sandbox.runner import Runner
from nnutils.checks import trial
from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.catalogue import exercises_of, lessons, predictions_of, questions_of
from nnutils.checks.compare import identical
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.prediction import BadGuess, Guess
from nnutils.checks.run import Run
from nnutils.checks.verdict import Verdict, compare_with_expected
from nnutils.words import sentence

NOTHING: Mapping[str, Item] = {}
MAX_COMPARING = 10.0  # CPU seconds for comparing the results of one answer, which takes milliseconds
UNCOMPARABLE = (ArithmeticError, TypeError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Grader:
    """Grades notebooks with one runner. With a `secret` each student gets cases of their own."""

    runner: Runner
    secret: str | None = None
    _expected: dict[str, ExpectedResults] = field(default_factory=dict)

    def grade(self, cells: list[str], topic: str, student: str) -> tuple[list[Item], list[str]]:
        """The items of a lesson, in its order, and a line for everything odd in the notebook."""
        return self.grade_notebook(extract(cells), topic, student)

    def grade_notebook(
        self,
        notebook: Notebook,
        topic: str,
        student: str,
        earlier: Mapping[str, Item] = NOTHING,
        again: Collection[str] = (),
    ) -> tuple[list[Item], list[str]]:
        """Like `grade`. Of the items graded `earlier`, by name, those named in `again` are graded again, the others kept.

        If an answer was right and is wrong now, or the other way round, the exercises after it are graded again, too: they may
        call it.
        """
        items: list[Item] = []
        changed = False
        self.runner.renew()
        try:
            for exercise in exercises_of(topic):
                old = earlier.get(exercise.name)
                if old and not changed and exercise.name not in again:
                    items.append(old)
                    continue
                failed = {item.name for item in items if item.status != "passed"}
                items.append(self._timed(notebook, exercise, failed, student))
                changed = changed or bool(old and (old.status == "passed") != (items[-1].status == "passed"))
        finally:
            self.runner.restart()
        items += [
            _answered(question, notebook.answers.get(question.name)) for question in questions_of(topic)
        ]
        return items, [*notebook.broken, *_misnamed(notebook, topic)]

    def seed(self, exercise: Exercise, student: str) -> int:
        """The seed of a student's cases: the notebook's own, or one that nobody knows without the secret.

        Of a design it is never the notebook's, and the same for the whole class: all are measured on the same data.
        """
        design = exercise.kind == "design"
        if self.secret is None:
            return trial.hidden_seed(exercise) if design else exercise.seed
        text = f"{'design' if design else student}\0{exercise.name}".encode()
        return int.from_bytes(hmac.digest(self.secret.encode(), text, hashlib.sha256)[:8], "big")

    def _expected_results(self, exercise: Exercise, student: str) -> ExpectedResults:
        """The student's cases with what the reference returns; computed once if all students share them."""
        if self.secret is not None:
            return ExpectedResults(exercise, exercise.draw(self.seed(exercise, student)))
        if exercise.name not in self._expected:
            self._expected[exercise.name] = ExpectedResults(
                exercise, exercise.draw(self.seed(exercise, student))
            )
        return self._expected[exercise.name]

    def _timed(self, notebook: Notebook, exercise: Exercise, failed: set[str], student: str) -> Item:
        start = time.monotonic()
        item = self._exercise(notebook, exercise, failed, student)
        return replace(
            item,
            version=of_exercise(exercise),
            seconds=round(time.monotonic() - start, 3),
        )

    def _exercise(self, notebook: Notebook, exercise: Exercise, failed: set[str], student: str) -> Item:
        if exercise.needs_keras and (why := models.unavailable()):
            return _item(exercise, "not graded", f"{why}.", points=None)
        expected = self._expected_results(exercise, student)
        values = (value for case in expected.cases for value in case.values())
        needs = {value.function for value in values if isinstance(value, EarlierAnswer)}
        item, program = self._read(notebook, expected, failed, needs, student)
        if item.status in ("failed", "partly right") and not item.lost:
            # Right when the notebook is run from the top is right: a helper may have another meaning further below.
            other, _ = self._read(notebook, expected, failed, needs, student, but=program)
            item = max(item, other, key=lambda found: found.points or 0.0)
        return item

    def _read(
        self,
        notebook: Notebook,
        expected: ExpectedResults,
        failed: set[str],
        needs: set[str],
        student: str,
        but: tuple[Step, ...] | None = None,
    ) -> tuple[Item, tuple[Step, ...]]:
        """The item of an answer, with what its names have at the end of the notebook, and its program.

        but: that program. With it, the names have what they have when the notebook is run; nothing is graded twice.
        """
        exercise = expected.exercise
        try:
            answer = answer_of(notebook, exercise, failed, needs, as_run=but is not None)
            refusal = refused(answer)
        except Unreadable:
            raise
        except BROKEN:  # it is too deep, or a number in it too long, to be written down again
            return _item(exercise, "failed", words.TOO_DEEP), ()
        if refusal or answer.program == but:
            return refusal or _item(exercise, "failed"), answer.program
        return self._tried_out(answer, expected, student), answer.program

    def _tried_out(self, answer: Answer, expected: ExpectedResults, student: str) -> Item:
        exercise = answer.exercise
        try:
            return self._run(answer, expected, student)
        except CodecError as error:
            why = f"Its inputs cannot be sent to the sandbox ({error})."
        except models.KerasFails as error:
            why = f"Keras cannot be used in the sandbox here ({error})."
        except TooLong:
            self._expected.pop(exercise.name, None)  # the interrupt may have left it half made
            return _item(exercise, "failed", words.TOO_LONG)
        return _item(exercise, "not graded", why, points=None)

    def _run(self, answer: Answer, expected: ExpectedResults, student: str) -> Item:
        """The item of an answer that is run."""
        exercise = answer.exercise
        if exercise.needs_keras:
            verdict, told, outcome = models.keras_runner(self.runner).assess(answer, expected.cases)
        else:
            outcome = self.runner.run(answer.as_program(), expected.cases)
            verdict, told = _compared(expected, outcome.runs)
        names = answer.notebook_globals_read(outcome.callables)
        if names and verdict.status != "not attempted":
            return _item(
                exercise, "failed", words.globals_read(names), cases=verdict.cases, lost=outcome.lost
            )
        if verdict.status == "passed" and exercise.kind == "design":
            return self._tried(expected, [run.result for run in outcome.runs], student)
        if verdict.status == "passed" and not exercise.needs_keras:
            told = answer.warning()
        status, points = verdict.status, round(exercise.points * verdict.share, 2)
        if answer.lent and status == "failed" and points:
            points, told = 0.0, f"{told} {words.LENT}"
        if points and not exercise.needs_keras and self._knows_fixed_cases_alone(expected, verdict):
            status, points, told = "failed", 0.0, f"{told} {words.BY_HEART}"
        status = "partly right" if status == "failed" and points else status
        return _item(
            exercise, status, told, points, mistake=verdict.mistake, cases=verdict.cases, lost=outcome.lost
        )

    def _tried(self, expected: ExpectedResults, answers: list[Any], student: str) -> Item:
        """The item of a design: its points follow the thresholds that it reaches."""
        exercise = expected.exercise
        tried = designs.try_design(
            self.runner, exercise, expected.cases, answers, self.seed(exercise, student)
        )
        points = round(exercise.points * sum(tried.reached) / len(tried.reached), 2)
        status = "passed" if all(tried.reached) else "partly right" if points else "failed"
        return _item(exercise, status, tried.told, points, cases=tried.reached, reached=tried.value)

    def _knows_fixed_cases_alone(self, expected: ExpectedResults, verdict: Verdict) -> bool:
        """Whether only fixed cases are right, the same for all students, although this student has cases of their own."""
        if self.secret is None or all(verdict.cases):
            return False
        pairs = zip(expected.cases, expected.exercise.draw(), strict=True)
        fixed = [identical(own, shared) for own, shared in pairs]
        right = zip(verdict.cases, fixed, strict=True)
        return not all(fixed) and not any(passed and not same for passed, same in right)


def _compared(expected: ExpectedResults, runs: Sequence[Run]) -> tuple[Verdict, str]:
    """The verdict on the runs, and the sentence to it; results that cannot be compared are wrong.

    Raises
    ------
    TooLong: comparing takes more than MAX_COMPARING.
    """
    with at_most(MAX_COMPARING):
        exercise = expected.exercise
        if exercise.judged and exercise.kind != "design" and expected.runs:
            runs = bounded(runs, expected.runs)
        try:
            verdict = compare_with_expected(expected, runs)
        except UNCOMPARABLE:
            verdict = Verdict("failed", "the results cannot be compared", cases=(False,) * len(runs))
        return verdict, words.of_verdict(verdict, expected, runs)


def refused(answer: Answer) -> Item | None:
    """The item of an answer that is not run, because it is empty or not allowed; None if it can be run."""
    exercise = answer.exercise
    if isinstance(answer.function, Exercise):
        return _item(exercise, "failed", "It is the course's own version: write a function of your own.")
    if answer.instead is not None:
        return _item(exercise, "failed", sentence(answer.instead))
    if answer.function is None:
        return _item(exercise, "not attempted", f"The notebook defines no function {exercise.name}.")
    if answer.is_stub():
        return _item(exercise, "not attempted")
    objection = answer.objection()
    return _item(exercise, "failed", sentence(objection)) if objection else None


def _item(exercise: Exercise, status: str, told: str = "", points: float | None = 0.0, **more: Any) -> Item:
    return Item(exercise.name, "exercise", status, points, exercise.points, words.cut(told), **more)


def blank(topic: str) -> list[Item]:
    """The items of a lesson whose notebook could not be read."""
    exercises = [
        _item(exercise, "not attempted", version=of_exercise(exercise)) for exercise in exercises_of(topic)
    ]
    return [*exercises, *(_answered(question, None) for question in questions_of(topic))]


def _answered(question: Question, answer: str | None) -> Item:
    letter, options = (answer or "").strip().lower(), dict(question.lettered())
    item = Item(
        question.name, "question", "not attempted", 0.0, question.points, version=of_question(question)
    )
    if not letter:
        return item
    if letter not in options:
        return replace(item, status="failed", sentence=f"{letter[:20]!r} is none of the options.")
    item = replace(item, status="failed", sentence=options[letter].reason, chosen=letter)
    return replace(item, status="passed", points=float(item.max)) if options[letter].right else item


def guesses_in(notebook: Notebook, topic: str) -> dict[str, Guess]:
    """The guesses for the lesson's predictions, by name. They are worth nothing; the class report counts them."""
    found: dict[str, Guess] = {}
    for asked in predictions_of(topic):
        with contextlib.suppress(BadGuess):
            found[asked.name] = asked.form.read(notebook.guesses.get(asked.name))
    return found


def _misnamed(notebook: Notebook, topic: str) -> list[str]:
    """A line for the instructor if the notebook has nothing of its lesson."""

    def defined(lesson: str) -> int:
        return sum(bool(notebook.definitions(exercise.name)) for exercise in exercises_of(lesson))

    if defined(topic):
        return []
    other = max(lessons(), key=defined)
    if defined(other):
        return [f"it holds exercises of {other} and none of {topic}: is the file named rightly?"]
    asked = {item.name for item in blank(topic)}
    found = asked & {*notebook.bindings, *notebook.answers} or notebook.broken
    return [] if found else [f"it holds nothing of lesson {topic}: is it a notebook of another course?"]

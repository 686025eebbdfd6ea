"""Grade one notebook: what each exercise and question of its lesson earns, and why."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coursekit.grading import models, words
from coursekit.grading.bounded import TooLong, at_most
from coursekit.grading.reading.answers import Answer, answer_of
from coursekit.grading.reading.extract import Notebook, extract
from coursekit.grading.reading.whole import TRUST, whole
from coursekit.grading.result import Item
from coursekit.grading.versions import of_exercise, of_question
from coursekit.sandbox.codec import CodecError
from coursekit.sandbox.runner import Runner
from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.compare import identical
from nnutils.checks.exercise import Arguments, Exercise, Question
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.run import Run
from nnutils.checks.verdict import Verdict, compare_with_expected

NOTHING: Mapping[str, Item] = {}
JUDGING = (
    10.0  # CPU seconds for holding one answer's results against what is asked for, which takes milliseconds
)


@dataclass(frozen=True)
class Grader:
    """Grades notebooks with one runner. With a `secret` each student gets cases of their own."""

    runner: Runner
    secret: str | None = None
    execute: str = "answers"  # or "all": the whole notebook
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

        Where that turns an answer from right to wrong or back, the exercises after it, which may call it, are graded again, too.
        """
        items: list[Item] = []
        shifted = False
        self.runner.renew()
        try:
            for exercise in exercises_of(topic):
                old = earlier.get(exercise.name)
                if old and exercise.name not in again and not shifted:
                    items.append(old)
                    continue
                failed = {one.name for one in items if one.status != "passed"}
                items.append(self._timed(notebook, exercise, failed, student))
                shifted = shifted or bool(old and (old.status == "passed") != (items[-1].status == "passed"))
        finally:
            self.runner.restart()
        items += [
            _question(question, notebook.answers.get(question.name)) for question in questions_of(topic)
        ]
        return items, [*notebook.broken, *_misnamed(notebook, topic)]

    def seed(self, exercise: Exercise, student: str) -> int:
        """The seed of a student's cases: the notebook's own, or one that nobody knows without the secret."""
        if self.secret is None:
            return exercise.seed
        text = f"{student}\0{exercise.name}".encode()
        return int.from_bytes(hmac.digest(self.secret.encode(), text, hashlib.sha256)[:8], "big")

    def _expected_of(self, exercise: Exercise, student: str) -> ExpectedResults:
        """The cases and what the course's own functions make of them: computed once where all students share them."""
        if self.secret is not None:
            return ExpectedResults(exercise, exercise.draw(self.seed(exercise, student)))
        if exercise.name not in self._expected:
            self._expected[exercise.name] = ExpectedResults(exercise, exercise.draw())
        return self._expected[exercise.name]

    def _timed(self, notebook: Notebook, exercise: Exercise, failed: set[str], student: str) -> Item:
        start = time.monotonic()
        item = self._exercise(notebook, exercise, failed, student)
        seconds = round(time.monotonic() - start, 3)
        ran_whole = self.execute == "all" and not models.concerns(exercise)
        trust = TRUST if ran_whole else ""
        return replace(item, version=of_exercise(exercise), seconds=seconds, trust=trust)

    def _exercise(self, notebook: Notebook, exercise: Exercise, failed: set[str], student: str) -> Item:
        expected = self._expected_of(exercise, student)
        cases = expected.cases
        asks_for_models = models.concerns(exercise)
        if asks_for_models and (why := models.unavailable()):
            return _not_graded(exercise, f"{why}.")
        answer = answer_of(notebook, exercise, failed, _looked_up(cases))
        early = _without_running(answer)
        if early is not None:
            return early
        if asks_for_models:
            return self._model(answer, cases)
        entire = self.execute == "all"
        try:
            program = whole(answer, notebook) if entire else answer.as_program()
            outcome = self.runner.run(program, cases)
        except CodecError as error:
            return _not_graded(exercise, f"Its inputs cannot be sent to the sandbox ({error}).")
        try:
            with at_most(JUDGING):
                verdict = _judge(expected, outcome.runs)
                sentence = words.of_verdict(verdict, expected, outcome.runs)
        except TooLong:
            self._expected.pop(exercise.name, None)  # it may have been interrupted in what others share
            return _nothing(exercise, "failed", words.TOO_LONG)
        names = [] if entire else answer.notebook_globals_read(outcome.callables)
        if names and verdict.status != "not attempted":
            return _reads_globals(exercise, names, verdict, outcome.lost)
        sentence = sentence if entire or verdict.status != "passed" else answer.warning()
        item = _scored(answer, verdict, sentence, outcome.lost)
        if item.points and self._by_heart(expected, verdict):
            return replace(item, status="failed", points=0.0, sentence=f"{item.sentence} {words.BY_HEART}")
        return item

    def _by_heart(self, expected: ExpectedResults, verdict: Verdict) -> bool:
        """Whether a student with cases of their own has only those right that everybody has: fixed ones, for an edge."""
        if self.secret is None or all(verdict.cases):
            return False
        pairs = zip(expected.cases, expected.exercise.draw(), strict=True)
        fixed = [identical(own, shared) for own, shared in pairs]
        return not all(fixed) and not any(
            right and not same for right, same in zip(verdict.cases, fixed, strict=True)
        )

    def _model(self, answer: Answer, cases: Sequence[Arguments]) -> Item:
        """The item of an answer that returns a model. It is run with what it needs of its notebook, whatever `execute` says."""
        exercise = answer.exercise
        try:
            judged = models.models_of(self.runner).judged(answer, cases)
        except CodecError as error:
            return _not_graded(exercise, f"Its inputs cannot be sent to the sandbox ({error}).")
        except RuntimeError as error:
            return _not_graded(exercise, f"Keras cannot be used in the sandbox here ({error}).")
        names, lost = answer.notebook_globals_read(judged.outcome.callables), judged.outcome.lost
        if names and judged.verdict.status != "not attempted":
            item = _reads_globals(exercise, names, judged.verdict, lost)
        else:
            item = _scored(answer, judged.verdict, judged.sentence, lost)
        return item


def _reads_globals(exercise: Exercise, names: list[str], verdict: Verdict, lost: str | None) -> Item:
    sentence = words.leaning(names)
    return Item(
        exercise.name, "exercise", "failed", 0.0, exercise.points, sentence, None, verdict.cases, lost
    )


def blank(topic: str, why: str) -> list[Item]:
    """The items of a lesson whose notebook could not be read."""
    return [
        *(_blank(one, "exercise", of_exercise(one), why) for one in exercises_of(topic)),
        *(_blank(one, "question", of_question(one), why) for one in questions_of(topic)),
    ]


def _blank(one: Exercise | Question, kind: str, version: str, why: str) -> Item:
    return Item(one.name, kind, "not attempted", 0.0, one.points, why, version=version)


def _without_running(answer: Answer) -> Item | None:
    """The item of an answer that need not be run, or None."""
    exercise = answer.exercise
    if isinstance(answer.function, Exercise):
        return _nothing(exercise, "failed", "It is the course's own version: write a function of your own.")
    if answer.instead is not None:
        return _nothing(exercise, "failed", words.sentence(answer.instead))
    if answer.function is None:
        return _nothing(exercise, "not attempted", f"The notebook defines no function {exercise.name}.")
    if answer.is_stub():
        return _nothing(exercise, "not attempted", "")
    objection = answer.objection()
    return _nothing(exercise, "failed", words.sentence(objection)) if objection else None


def _looked_up(cases: Sequence[Arguments]) -> set[str]:
    """The names of the earlier answers that make arguments of the cases."""
    return {value.function for case in cases for value in case.values() if isinstance(value, EarlierAnswer)}


def _judge(expected: ExpectedResults, runs: Sequence[Run]) -> Verdict:
    """The verdict on the runs; results that the comparison cannot cope with are wrong."""
    try:
        return compare_with_expected(expected, runs)
    except (ArithmeticError, TypeError, ValueError, RecursionError, MemoryError):
        return Verdict("failed", "the results cannot be compared", cases=(False,) * len(runs))


def _scored(answer: Answer, verdict: Verdict, sentence: str, lost: str | None) -> Item:
    """The item of an answer that was run. What calls the course's own version of another exercise earns all or nothing."""
    exercise = answer.exercise
    points = round(exercise.points * verdict.share, 2) if verdict.status != "not attempted" else 0.0
    if answer.lent and verdict.status == "failed" and points:
        points, sentence = 0.0, f"{sentence} {words.LENT}"
    status = "partly right" if verdict.status == "failed" and points else verdict.status
    return Item(
        exercise.name,
        "exercise",
        status,
        points,
        exercise.points,
        sentence,
        verdict.mistake,
        verdict.cases,
        lost,
    )


def _nothing(exercise: Exercise, status: str, sentence: str) -> Item:
    return Item(exercise.name, "exercise", status, 0.0, exercise.points, sentence)


def _not_graded(exercise: Exercise, sentence: str) -> Item:
    return Item(exercise.name, "exercise", "not graded", None, exercise.points, sentence)


def _question(question: Question, answer: str | None) -> Item:
    letter = answer.strip().lower() if answer else ""
    options = dict(question.lettered())
    status, points, sentence = "not attempted", 0.0, ""
    if letter and letter not in options:
        status, sentence = "failed", f"{letter[:20]!r} is none of the options."
    elif letter == question.answer:
        status, points, sentence = "passed", float(question.points), options[letter].reason
    elif letter:
        status, sentence = "failed", options[letter].reason
    version = of_question(question)
    chosen = letter if letter in options else ""
    return Item(
        question.name, "question", status, points, question.points, sentence, version=version, chosen=chosen
    )


def _misnamed(notebook: Notebook, topic: str) -> list[str]:
    """A line where the notebook has nothing of its lesson."""
    if any(notebook.definitions(one.name) for one in exercises_of(topic)):
        return []
    held = {
        name: sum(bool(notebook.definitions(one.name)) for one in exercises_of(name)) for name in lessons()
    }
    other = max(held, key=lambda name: held[name])
    if not held[other]:
        asked = {one.name for one in exercises_of(topic)} | {one.name for one in questions_of(topic)}
        found = asked & {*notebook.bindings, *notebook.answers} or notebook.broken
        return [] if found else [f"it holds nothing of lesson {topic}: is it a notebook of another course?"]
    return [f"it holds exercises of {other} and none of {topic}: is the file named rightly?"]

"""What every exercise and every lesson must have, and that the checks tell right from wrong with the notebook's own cases."""

import ast
import builtins
import dis
import inspect
import subprocess
import sys

import numpy as np
import pytest

from coursekit.authoring.lesson import STUB, split_answer
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.check import examine
from nnutils.checks.exercise import Raising
from nnutils.checks.expected import raised
from nnutils.checks.help import answer_source
from nnutils.checks.lazy import keras
from nnutils.checks.run import run

EXERCISES = [exercise for topic in lessons() for exercise in exercises_of(topic)]
QUESTIONS = [question for topic in lessons() for question in questions_of(topic)]
MISTAKES = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes]
VARIANTS = [(exercise, variant) for exercise in EXERCISES for variant in exercise.variants]


def of(exercise):
    return f"{exercise.lesson}-{exercise.name}"


each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=of)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=of)
each_lesson = pytest.mark.parametrize("topic", lessons())
each_mistake = pytest.mark.parametrize(
    "exercise, mistake", MISTAKES, ids=[f"{of(exercise)}-{mistake.name}" for exercise, mistake in MISTAKES]
)
each_variant = pytest.mark.parametrize(
    "exercise, variant",
    VARIANTS,
    ids=[f"{of(exercise)}-{variant.__name__}" for exercise, variant in VARIANTS],
)


def as_cell(exercise, source):
    """The function that a notebook's cell defines which holds the source: it knows np and the exercises before it."""
    every = exercises_of(exercise.lesson)
    names = {"__name__": "__main__", "np": np} | {one.name: one for one in every[: every.index(exercise)]}
    names |= {"keras": keras} if "keras" in exercise.allows else {}
    exec(compile(source, "<cell>", "exec"), names)
    return names[exercise.name]


@each_exercise
def test_stub_is_not_attempted(exercise):
    head, _ = split_answer(exercise)
    assert examine(exercise, as_cell(exercise, f"{head}\n{STUB}")).status == "not attempted"


@each_exercise
def test_reference_passes_as_a_cell_of_its_own(exercise):
    verdict = examine(exercise, as_cell(exercise, answer_source(exercise)))
    assert verdict.status == "passed", verdict


@each_variant
def test_variant_passes(exercise, variant):
    verdict = examine(exercise, variant)
    assert verdict.status == "passed", verdict


@each_mistake
def test_mistake_is_told_as_itself(exercise, mistake):
    verdict = examine(exercise, mistake.function)
    assert (verdict.status, verdict.mistake, verdict.headline) == ("failed", mistake.name, mistake.sentence)
    assert not all(verdict.cases)


@each_exercise
def test_names_of_mistakes_and_their_sentences_differ(exercise):
    for values in ([one.name for one in exercise.mistakes], [one.sentence for one in exercise.mistakes]):
        assert len({*values}) == len(values)


@each_exercise
def test_enough_of_everything(exercise):
    assert len(exercise.mistakes) >= 4
    assert len({*exercise.variants}) >= 2
    assert len(exercise.draw()) >= 3
    assert len({*exercise.hints}) == 3
    assert exercise.points >= 1
    assert exercise.minutes >= 1


@each_exercise
def test_variants_are_written_otherwise(exercise):
    bodies = [_body(one) for one in (exercise.reference, *exercise.variants)]
    assert len({*bodies}) == len(bodies)


def _body(function):
    """A function's code without its name, docstring and decorators."""
    body = ast.parse(inspect.getsource(function)).body[0].body
    return "".join(
        ast.dump(node) for node in body if not isinstance(getattr(node, "value", None), ast.Constant)
    )


@each_exercise
def test_docstring_tells_shapes_and_result(exercise):
    text = inspect.getdoc(exercise.reference)
    assert text.split("\n\n")[0].endswith((".", ":"))
    assert "eturn" in text
    silent = [name for name in exercise.signature.parameters if name not in text]
    assert not silent, f"it does not say what {silent} are"


@each_exercise
def test_reference_is_pure(exercise):
    cases = exercise.draw()
    for case, one in zip(cases, run(exercise.reference, cases), strict=True):
        assert raised(case, one) if isinstance(case, Raising) else one.failure is None
        assert not one.changed
        assert one.repeatable
        assert not (exercise.fresh and one.shared)


@each_exercise
def test_reference_is_complete_in_itself(exercise):
    every = exercises_of(exercise.lesson)
    known = {"np", *vars(builtins), *(one.name for one in every[: every.index(exercise)])}
    known |= {"keras"} if "keras" in exercise.allows else set()
    assert not {*_free_names(exercise.reference.__code__)} - known


def _free_names(code):
    yield from (step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if inspect.iscode(inner):
            yield from _free_names(inner)


@each_exercise
def test_cases_are_the_same_for_the_same_seed(exercise):
    first, second = (run(exercise.reference, exercise.draw(5)) for _ in range(2))
    assert exercise.judged or repr([one.result for one in first]) == repr([one.result for one in second])


@each_question
def test_question_gives_a_reason_for_every_option(question):
    assert 3 <= len(question.options) <= 6
    assert question.text.strip()
    for option in question.options:
        assert len(option.reason.split()) >= 3, option.text
    for part in ("text", "reason"):
        values = [getattr(option, part) for option in question.options]
        assert len({*values}) == len(values)


@each_lesson
def test_lesson_has_exercises_and_questions(topic):
    assert len(exercises_of(topic)) >= (1 if topic == "start_here" else 3)
    assert len(questions_of(topic)) >= 1
    assert sum(exercise.minutes for exercise in exercises_of(topic)) <= lessons()[topic].MINUTES


def test_right_answers_are_not_always_the_same_letter():
    letters = [question.answer for question in QUESTIONS]
    assert max(letters.count(letter) for letter in letters) <= max(2, 0.5 * len(letters))


def test_names_and_numbers_are_unique():
    names = [one.name for one in (*EXERCISES, *QUESTIONS)]
    numbers = [module.NUMBER for module in lessons().values()]
    assert len({*names}) == len(names)
    assert len({*numbers}) == len(numbers)


def test_exercises_load_nothing_heavy():
    code = "import sys; from nnutils.checks.catalogue import lessons; lessons(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tensorflow", "keras", "sklearn", "matplotlib", "IPython", "scipy", "pandas"}
    assert not heavy & {*run.stdout.split()}

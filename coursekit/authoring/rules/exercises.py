"""The rules of a lesson's exercises and questions: of what they are made, and that the check tells right from wrong."""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import textwrap
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.authoring.lesson import unanswered
from coursekit.authoring.rules.draft import Draft, Rule
from nnutils.checks import faults, trial
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise, Mistake, Question, Raising
from nnutils.checks.expected import raised
from nnutils.checks.faults import plain_source
from nnutils.checks.lazy import keras
from nnutils.checks.run import run
from nnutils.words import counted, listed

LEAST_MISTAKES, LEAST_VARIANTS, LEAST_CASES, HINTS = 4, 2, 3, 3
FEWEST_MISTAKES = {"repair": 2**faults.LEAST - 1, "design": 0}  # of a design the trial says what is wrong
LEAST_OPTIONS, MOST_OPTIONS, LEAST_WORDS = 3, 6, 3
LONGER = 1.15  # the right option: at most so many times the characters of the longest wrong one, and 3 more


def an_exercise_has_enough(draft: Draft) -> Iterator[str]:
    """Four mistakes, two variants, three cases, three hints; points and minutes."""
    for exercise in draft.exercises:
        found = {
            "mistake": (len(exercise.mistakes), FEWEST_MISTAKES.get(exercise.kind, LEAST_MISTAKES)),
            "variant": (len({*exercise.variants}), LEAST_VARIANTS),
            "different hint": (len({*exercise.hints}), HINTS),
            "point": (exercise.points, 1),
            "minute": (exercise.minutes, 1),
        }
        try:
            found["case"] = (len(exercise.draw()), 1 if exercise.kind == "design" else LEAST_CASES)
        except Exception as error:
            yield f"{draft.where(exercise)}: its cases cannot be drawn: {type(error).__name__}: {error}"
        for what, (count, least) in found.items():
            if count < least:
                yield f"{draft.where(exercise)} has {counted(count, what)}: it must have {least}"
        if len({*exercise.hints}) > HINTS:
            yield f"{draft.where(exercise)} has {len({*exercise.hints})} different hints: it must have {HINTS}"


def mistakes_are_told_apart(draft: Draft) -> Iterator[str]:
    """Two mistakes of an exercise have different names and different sentences."""
    for exercise in draft.exercises:
        for what in ("name", "sentence"):
            values = [getattr(mistake, what) for mistake in exercise.mistakes]
            for value in sorted({value for value in values if values.count(value) > 1}):
                yield f"{draft.where(exercise)}: {values.count(value)} mistakes have the same {what}: {value}"


def variants_are_written_differently(draft: Draft) -> Iterator[str]:
    """No variant has the code of the reference or of another variant."""
    for exercise in draft.exercises:
        seen = {_code(exercise.reference): exercise.name}
        for variant in exercise.variants:
            other = seen.setdefault(_code(variant), variant.__name__)
            if other != variant.__name__ or variant is exercise.reference:
                yield f"{draft.where(exercise)}: the variant {variant.__name__} has the code of {other}: write it differently"


def _code(function: Callable[..., Any]) -> str:
    """A function's code without its name, docstring and decorators."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    constant = (isinstance(getattr(node, "value", None), ast.Constant) for node in definition.body)
    return "".join(
        ast.dump(node) for node, skipped in zip(definition.body, constant, strict=True) if not skipped
    )


def docstrings_are_a_contract(draft: Draft) -> Iterator[str]:
    """A docstring begins with a sentence, names every argument, and says what is returned."""
    for exercise in draft.exercises:
        text = inspect.getdoc(exercise.reference) or ""
        if not text.split("\n\n")[0].endswith((".", ":")):
            yield f"{draft.where(exercise)}: its docstring must begin with a sentence that ends with a full stop"
        if "eturn" not in text:
            yield f"{draft.where(exercise)}: its docstring must say what is returned, with the shape: `Returns ...`"
        silent = [f"`{name}`" for name in exercise.signature.parameters if name not in text]
        if silent:
            yield f"{draft.where(exercise)}: its docstring must describe {listed(silent)}, with the shape"


def a_reference_is_complete_in_itself(draft: Draft) -> Iterator[str]:
    """A reference uses its arguments, np (keras where allowed), and exercises that stand before it: a student has no more."""
    for exercise in draft.exercises:
        known = {*vars(builtins), *_names_in_a_cell(draft, exercise)}
        for name in sorted({*_free_names(exercise.reference.__code__)} - known):
            yield f"{draft.where(exercise)}: the reference uses {name}, which its cell does not know: define it inside"


def _free_names(code: types.CodeType) -> Iterator[str]:
    yield from (step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if inspect.iscode(inner):
            yield from _free_names(inner)


def questions_give_reasons(draft: Draft) -> Iterator[str]:
    """A question has three to six different options, each with a different reason of some words."""
    for question in draft.questions:
        if not question.text.strip():
            yield f"{draft.where(question)} has no text"
        if not LEAST_OPTIONS <= len(question.options) <= MOST_OPTIONS:
            yield f"{draft.where(question)} has {counted(len(question.options), 'option')}: it must have 3 to 6"
        for option in question.options:
            if len(option.reason.split()) < LEAST_WORDS:
                yield f"{draft.where(question)}: say why the option {option.text!r} is right or wrong"
        for part in ("text", "reason"):
            if len({getattr(option, part) for option in question.options}) < len(question.options):
                yield f"{draft.where(question)}: two options have the same {part}"
        if _betrays(question):
            told = "is the longest by far, which tells it: move a part of it into its reason"
            yield f"{draft.where(question)}: the right option {told}"


def _betrays(question: Question) -> bool:
    """Whether the right option can be told by its length."""
    (own,) = (len(option.text) for option in question.options if option.right)
    others = [len(option.text) for option in question.options if not option.right]
    return own > LONGER * max(others, default=own) + 3


def a_stub_is_not_attempted(draft: Draft) -> Iterator[str]:
    """What a student gets counts as not attempted."""
    for exercise in _run(draft):
        status = examine(exercise, _as_cell(draft, exercise, unanswered(exercise))).status
        if status != "not attempted":
            yield f"{draft.where(exercise)}: the check says {status!r} of the stub, not 'not attempted'"


def right_answers_pass(draft: Draft) -> Iterator[str]:
    """The reference, in a cell of its own, and every variant pass."""
    for exercise in _run(draft):
        reference = _as_cell(draft, exercise, plain_source(exercise.reference))
        variants = [(f"variant {variant.__name__}", variant) for variant in exercise.variants]
        for name, function in (("reference", reference), *variants):
            verdict = examine(exercise, function)
            if verdict.status != ("deferred" if exercise.kind == "design" else "passed"):
                said = " ".join([verdict.headline, *verdict.details])
                yield f"{draft.where(exercise)}: the {name} does not pass: {said}"


def mistakes_are_refused_and_named(draft: Draft) -> Iterator[str]:
    """The check refuses each mistake and says its sentence."""
    for exercise in _run(draft):
        for mistake in exercise.mistakes:
            verdict = examine(exercise, mistake.function)
            if exercise.unchanged(mistake.function):  # a repair with all of its faults
                continue
            if verdict.status == "passed":
                yield f"{draft.where(exercise)}: the mistake {mistake.name} passes: add a case in which it is wrong"
            elif verdict.mistake is None or all(verdict.cases):
                said = " ".join([verdict.headline, *verdict.details])
                yield f"{draft.where(exercise)}: the mistake {mistake.name} is refused without its sentence: {said}"
            elif (
                not mistake.is_told_as(told := _called(exercise, verdict.mistake))
                or verdict.headline != told.sentence
            ):
                other = f"{verdict.mistake}: add a case that tells them apart"
                yield f"{draft.where(exercise)}: the mistake {mistake.name} is told as {other}"


def _called(exercise: Exercise, name: str | None) -> Mistake:
    return next(mistake for mistake in exercise.mistakes if mistake.name == name)


def designs_are_told_apart(draft: Draft) -> Iterator[str]:
    """On the data of grading a design's reference and variants reach every threshold, its baselines none."""
    for exercise in _run(draft):
        if exercise.kind == "design" and exercise.trial_of:
            right = [(function.__name__, function) for function in (exercise.reference, *exercise.variants)]
            for name, function in right:
                if not all(trial.reached(exercise, value := _score(exercise, function))):
                    yield f"{draft.where(exercise)}: {name} reaches {value:.3f}, less than the last threshold"
            for baseline in exercise.baselines:
                if any(trial.reached(exercise, value := _score(exercise, baseline.function))):
                    yield f"{draft.where(exercise)}: the baseline {baseline.name} reaches {value:.3f}, which earns points"


def _score(exercise: Exercise, function: Callable[..., Any]) -> float:
    seed = trial.hidden_seed(exercise)
    cases = exercise.draw(seed)
    return trial.score(exercise, cases, [function(**case) for case in cases], seed)


def references_are_pure(draft: Draft) -> Iterator[str]:
    """A reference changes no argument, draws from its rng alone, raises where it should, and returns memory of its own."""
    for exercise in _run(draft):
        cases = exercise.draw()
        runs = run(exercise.reference, cases)
        for number, (case, done) in enumerate(zip(cases, runs, strict=True), start=1):
            where = f"{draft.where(exercise)}: case {number}: the reference"
            if isinstance(case, Raising) and not raised(case, done):
                yield f"{where} does not raise {case.kind.__name__}"
            if done.failure and not isinstance(case, Raising):
                yield f"{where} raises {done.failure.kind}: {done.failure.message}"
            if done.changed:
                yield f"{where} changes its argument {listed(done.changed)}: work on a copy"
            if not done.repeatable:
                yield f"{where} gives another result for the same rng: draw from rng alone"
            if exercise.fresh and done.shared:
                yield f"{where} returns memory of {listed(done.shared)}: return a new array, or leave out fresh=True"


def cases_follow_their_seed(draft: Draft) -> Iterator[str]:
    """The same seed gives the same cases."""
    for exercise in _run(draft):
        first, second = (run(exercise.reference, exercise.draw(5)) for _ in range(2))
        results = [repr([done.result for done in runs]) for runs in (first, second)]
        if not exercise.judged and results[0] != results[1]:
            yield f"{draft.where(exercise)}: the same seed gives other cases: draw them from rng alone"


def _run(draft: Draft) -> list[Exercise]:
    """The exercises that can be run: those whose cases can be drawn, and where `draft.keras` is false, without Keras."""
    return [item for item in draft.exercises if _has_cases(item) and (draft.keras or not item.needs_keras)]


def _has_cases(exercise: Exercise) -> bool:
    try:
        return bool(exercise.draw())
    except Exception:  # `an_exercise_has_enough` tells it
        return False


def _names_in_a_cell(draft: Draft, exercise: Exercise) -> dict[str, Any]:
    """What a notebook's cell knows that holds the answer: np and the exercises before it; keras where it is allowed."""
    names = {"np": np} | {before.name: before for before in draft.before(exercise)}
    return names | ({"keras": keras} if "keras" in exercise.allows else {})


def _as_cell(draft: Draft, exercise: Exercise, source: str) -> Callable[..., Any]:
    """The function that a notebook's cell defines which holds the source."""
    names = {"__name__": "__main__"} | _names_in_a_cell(draft, exercise)
    exec(compile(source, "<cell>", "exec"), names)
    return names[exercise.name]


RULES: tuple[Rule, ...] = (
    an_exercise_has_enough,
    mistakes_are_told_apart,
    variants_are_written_differently,
    docstrings_are_a_contract,
    a_reference_is_complete_in_itself,
    questions_give_reasons,
)
RUNNING: tuple[Rule, ...] = (  # these run answers: about half a second a lesson
    a_stub_is_not_attempted,
    right_answers_pass,
    mistakes_are_refused_and_named,
    designs_are_told_apart,
    references_are_pure,
    cases_follow_their_seed,
)

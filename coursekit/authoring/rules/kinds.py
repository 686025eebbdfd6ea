"""The rules of the kinds of exercises: how many of each a lesson has, and what each kind needs."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from coursekit.authoring.rules.draft import Draft, Rule
from nnutils.checks import faults
from nnutils.checks.exercise import Exercise, Raising
from nnutils.checks.run import run
from nnutils.words import counted, listed

LEAST_BASELINES = 2
SHORT_SHARE = 0.2  # of the write exercises of the course may be one expression


def a_lesson_has_each_kind(draft: Draft) -> Iterator[str]:
    """An exercise to derive or to design, a repair, two predictions. Lesson 00, which only shows the kinds, has one of each."""
    kinds = Counter(exercise.kind for exercise in draft.exercises)
    found = {
        ("exercise to derive or design", "exercises to derive or design"): (
            kinds["derive"] + kinds["design"],
            1,
        ),
        ("repair", "repairs"): (kinds["repair"], 1),
        ("prediction", "predictions"): (len(draft.predictions), 2 if draft.taught else 1),
    }
    for words, (count, least) in found.items():
        if count < least:
            yield f"{draft.place} has {counted(count, *words)}: it must have {least}"


def each_kind_has_what_it_needs(draft: Draft) -> Iterator[str]:
    """A repair has two to four faults; a design a trial, rising thresholds and two baselines. No other kind has any of these."""
    for exercise in draft.exercises:
        where, limits = draft.where(exercise), exercise.thresholds
        for kind, owned in {"repair": exercise.faults, "design": [*limits, *exercise.baselines]}.items():
            if owned and exercise.kind != kind:
                yield f'{where} has what only a {kind} has: write kind="{kind}", or leave out its faults, thresholds or baselines'
        if exercise.kind == "repair" and not faults.LEAST <= len(exercise.faults) <= faults.MOST:
            count = counted(len(exercise.faults), "fault")
            yield f"{where} has {count}: it must have {faults.LEAST} to {faults.MOST}, declared by {exercise.name}.fault(...)"
        if exercise.kind == "design":
            if exercise.trial_of is None:
                yield f"{where} has no trial: write {exercise.name}.trial(a function of given.py)"
            if not limits or sorted({*limits}) != [*limits]:
                yield f"{where} has the thresholds {limits}: it must have some, each higher than the one before"
            if len(exercise.baselines) < LEAST_BASELINES:
                yield f"{where} has {counted(len(exercise.baselines), 'baseline')}: it must have {LEAST_BASELINES}"


def a_fault_is_told_by_what_it_does(draft: Draft) -> Iterator[str]:
    """The sentence of a fault does not hold its code; a name alone it may."""
    for exercise in draft.exercises:
        for fault in exercise.faults:
            for code in (fault.right, fault.wrong):
                if (
                    not code.strip().isidentifier()
                    and len(code.strip()) > 1
                    and code.strip() in fault.sentence
                ):
                    shown = f"shows the code `{code.strip()}`"
                    yield f"{draft.where(exercise)}: the sentence of the fault {fault.name} {shown}: say what it does"


def the_text_states_its_designs(draft: Draft) -> Iterator[str]:
    """The text says what a design must reach, and names a baseline: what that reaches is the measure."""
    lines = (line.removeprefix("#").strip() for line in draft.text.splitlines() if line.startswith("#"))
    prose = " ".join(lines)
    for exercise in draft.exercises:
        for threshold in exercise.thresholds:
            percent = rf"{100 * threshold:.4g} ?(%|percent|points)"
            if not re.search(rf"(?<![\d.])({threshold:g}0*(?![\d.]\d)|{percent})", prose):
                yield f"{draft.place} does not say the threshold {threshold:g} of {exercise.name}: write it in the text"
        names = [baseline.name for baseline in exercise.baselines]
        if names and not any(name.lower() in prose.lower() for name in names):
            yield f"{draft.place} names no baseline of {exercise.name}: say in the text what {listed(names, 'or')} reaches"


def guesses_are_shown_beside_what_was_measured(draft: Draft) -> Iterator[str]:
    """A later cell calls `measured` for each prediction."""
    calls = [node for node in ast.walk(draft.tree) if isinstance(node, ast.Call) and _is_measured(node)]
    lines = {node.args[0].value: node.lineno for node in calls if isinstance(node.args[0], ast.Constant)}
    for item in draft.predictions:
        asked = re.search(rf'tags=\["predict"\]\n{item.name}$', draft.text, re.MULTILINE)
        if lines.get(item.name, 0) <= draft.text[: asked.end() if asked else 0].count("\n"):
            call = f'`measured("{item.name}", value)`'
            yield f"{draft.where(item)} is not shown beside a measurement: call {call} in a cell below it"


def _is_measured(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "measured" and bool(call.args)


def faulty_code_runs(draft: Draft) -> Iterator[str]:
    """What a student gets of a repair runs to its end on every case that asks for no error."""
    for exercise in draft.exercises:
        if exercise.faults and (draft.keras or not exercise.needs_keras):
            cases = exercise.draw()
            code = faults.function_of(
                exercise.faulty, exercise.name, exercise.reference.__globals__, "faulty"
            )
            for number, (case, done) in enumerate(zip(cases, run(code, cases), strict=True), start=1):
                if done.failure and not isinstance(case, Raising):
                    raised = f"raises {done.failure.kind} in case {number}: {done.failure.message}"
                    yield f"{draft.where(exercise)}: the code that students get {raised}"


RULES: tuple[Rule, ...] = (
    a_lesson_has_each_kind,
    each_kind_has_what_it_needs,
    a_fault_is_told_by_what_it_does,
    the_text_states_its_designs,
    guesses_are_shown_beside_what_was_measured,
)
RUNNING: tuple[Rule, ...] = (faulty_code_runs,)


def too_many_are_short(exercises: list[Exercise]) -> Iterator[str]:
    """Of the write exercises of the course at most a fifth are one expression."""
    written = [item for item in exercises if item.kind == "write"]
    short = [item.name for item in written if is_one_expression(item)]
    if len(short) > SHORT_SHARE * len(written):
        these = f"{len(short)} of {counted(len(written), 'exercise')} of the kind write are one expression ({listed(short)})"
        yield f"{these}: at most a fifth may be. Ask for more, or let students derive or repair it"


def is_one_expression(exercise: Exercise) -> bool:
    """Whether the answer is one expression, once names that are used once are replaced by what they stand for."""
    function = ast.parse(faults.plain_source(exercise.reference)).body[0]
    assert isinstance(function, ast.FunctionDef)
    *before, last = [node for node in function.body if not _says_nothing(node)]
    uses = Counter(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )
    return isinstance(last, ast.Return) and all(_stands_for_one(node, uses) for node in before)


def _says_nothing(node: ast.stmt) -> bool:
    """Whether a statement is a docstring or an import."""
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _stands_for_one(node: ast.stmt, uses: Counter[str]) -> bool:
    """Whether a statement gives a value to names that are used once at most; `a, b = x, y` does so, `a, b = f(x)` does not."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    (target,), value = node.targets, node.value
    if isinstance(target, ast.Tuple) and not isinstance(value, ast.Tuple):
        return False
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(name, ast.Name) and uses[name.id] <= 1 for name in names)

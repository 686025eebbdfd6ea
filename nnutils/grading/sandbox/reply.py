"""What may come out of a process that an answer ran in and that knows the exercise: a verdict in the course's own words."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nnutils.checks import standard
from nnutils.checks.catalogue import lessons
from nnutils.checks.exercise import Exercise
from nnutils.checks.run import Run
from nnutils.checks.verdict import Verdict
from nnutils.givens import models as givens
from nnutils.grading import words
from nnutils.grading.sandbox.codec import CodecError

JUDGING = Path(__file__).with_name("judging.py")
SAID_NOTHING = "the result does not have the properties that the docstring asks for"


def said(
    exercise: Exercise, runs: Sequence[Run], reply: dict[str, Any], credible: Callable[[Any], str]
) -> tuple[Verdict, str]:
    """The verdict in a reply, and its sentence, which is the course's own where a mistake is named.

    Raises
    ------
    CodecError: it is none of this exercise.
    """
    bits, name = reply.get("cases"), reply.get("mistake")
    mistakes = {one.name: one for one in exercise.mistakes}
    if not isinstance(bits, list) or len(bits) != len(runs) or not all(type(bit) is bool for bit in bits):
        raise CodecError("a message is no verdict")
    if name is not None and not (type(name) is str and name in mistakes):
        raise CodecError("a message names no mistake of this exercise")
    cases = tuple(bit and run.failure is None for bit, run in zip(bits, runs, strict=True))
    if all(cases):
        return Verdict("passed", "passed", cases=cases), ""
    if name is not None:
        verdict = Verdict("failed", mistakes[name].sentence, (), name, cases)
        return verdict, words.share(verdict) + verdict.headline
    failure = runs[cases.index(False)].failure
    told = words.told(failure) if failure else credible(reply.get("told"))
    verdict = Verdict("failed", told, cases=cases)
    return verdict, words.share(verdict) + words.sentence(told)


def credible(exercise: Exercise, told: Any) -> str:
    """A sentence from a process that an answer ran in and that knows the exercise: one of the course's own, or none at all."""
    file = lessons()[exercise.lesson].__file__ or ""
    known = isinstance(told, str) and len(told) <= 300 and told.isprintable()
    return told if known and _templates(file).fullmatch(told) else SAID_NOTHING


@functools.cache
def _templates(file: str) -> re.Pattern[str]:
    """What a judge of this file may say: its texts, and the texts of what it calls, with little in their gaps."""
    places = (file, givens.__file__, standard.__file__, str(JUDGING))
    trees = [ast.parse(Path(place).read_text(encoding="utf-8")) for place in places if place]
    found = {text for tree in trees for node in ast.walk(tree) if (text := _template(node))}
    return re.compile("|".join(sorted(found)))


def _template(node: ast.AST) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [
        one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None for one in parts
    ]
    if len("".join(text or "" for text in texts)) < 15:
        return ""
    return "".join(r"[^\d]{0,40}" if text is None else re.escape(text) for text in texts)

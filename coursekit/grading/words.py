"""What a student is told about an answer: the kind of the difference, never an expected value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nnutils.checks.expected import BrokenRule, ExpectedResults, Unraised, Wrong
from nnutils.checks.form import Difference
from nnutils.checks.run import Failure, Run
from nnutils.checks.verdict import Verdict
from nnutils.words import sentence

DIFFERENCES = {
    "array": "is no array, and the docstring asks for one: np.array(...) makes one of a list",
    "lazy": "gives its items one by one and only once: return list(...) of it",
    "precision": "is in a lower precision than the docstring asks for: leave out the dtype",
    "value": "does not hold the right values",
    "nan": "holds nan where a number belongs",
    "shape": "has another shape than the docstring asks for",
    "dtype": "is of another kind of number than the docstring asks for",
    "type": "is another kind of thing than the docstring asks for",
    "length": "has another length than the docstring asks for",
    "keys": "has other keys than the docstring asks for",
}
TELLING = {  # errors whose message is about the code and not about its inputs
    "AttributeError", "EOFError", "ImportError", "IndentationError", "MemoryError", "ModuleNotFoundError", "NameError",
    "NotImplementedError", "PermissionError", "RecursionError", "SyntaxError", "UnboundLocalError",
}  # fmt: skip
TOO_LONG = "The results take too long to compare, often because they are far larger than what is asked for."
TOO_DEEP = "It cannot be read: its code is nested too deeply, or holds a number that is too long."
LENT = "It calls the course's own version of another exercise, so it earns points only if all its cases are right."
BY_HEART = "Only cases that are the same for everybody are right: these alone earn nothing."
LOST = {"TimeLimit", "ProcessEnded", "Unreadable", "TooLarge"}  # failures whose message is the whole sentence
MOST = 1_000  # characters of a sentence: it may list names that the student chose
SAID_NOTHING = "the result does not have the properties that the docstring asks for"


def of_verdict(
    verdict: Verdict, expected: ExpectedResults, runs: Sequence[Run], discreet: bool = False
) -> str:
    """The sentence on a verdict: the mistake's own, else what is wrong in the first case that is wrong.

    discreet: leave out what a judge says, which may hold a name that the answer chose.
    """
    if verdict.status != "failed":
        return ""
    right = sum(verdict.cases)
    share = f"{right} of {len(verdict.cases)} cases are right, the others are not. " if right else ""
    if verdict.mistake:
        return f"{share}{verdict.headline}"
    try:
        wrong_cases = expected.wrong_in(runs)
    except Exception:  # the results cannot be compared
        return "The results cannot be compared with what is asked for."
    wrong = next((wrong for wrong in wrong_cases if wrong is not None), None)
    hidden = discreet and isinstance(wrong, str) and not isinstance(wrong, BrokenRule)
    return share + sentence(SAID_NOTHING if hidden else told(wrong), expected.exercise.words)


def globals_read(names: Sequence[str]) -> str:
    """The sentence on an answer that reads variables of its notebook."""
    them = f"variable {names[0]}" if len(names) == 1 else f"variables {', '.join(names)}"
    return f"It leans on the notebook's {them}: use the function's own arguments instead."


def told(wrong: Wrong) -> str:
    """One difference in words. A judge's sentence is told only if it has no number, which could be an expected value."""
    if isinstance(wrong, Failure):
        return _raised(wrong)
    if isinstance(wrong, Unraised):
        return f"it should raise {wrong.kind} where the docstring says so, and does not"
    if isinstance(wrong, Difference):
        part = wrong.where.partition("[")[0]
        return f"{'the result' if part == 'result' else f'`{part}`'} {DIFFERENCES[wrong.kind]}"
    return wrong if wrong and (isinstance(wrong, BrokenRule) or not re.search(r"\d", wrong)) else SAID_NOTHING


def _raised(failure: Failure) -> str:
    if failure.kind in LOST and not failure.bases:  # and no exception that is called like this
        return failure.message
    message = f": {failure.message[:200]}" if failure.kind in TELLING and failure.message else ""
    line, text = failure.lines[-1] if failure.lines else (0, "")
    where = f" (line {line}: `{text}`)" if text else f" (line {line})" if line else ""
    return f"it raises {failure.kind}{message}{where}"


def cut(text: str) -> str:
    """A sentence, or its beginning where it is too long to be read."""
    return text if len(text) <= MOST else f"{text[:MOST]} …"

"""quiz: a multiple-choice question with a reason for every option."""

from __future__ import annotations

from typing import Any

from nnutils.checks import record
from nnutils.checks.catalogue import find_question
from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import Question
from nnutils.checks.nbgrader import stderr_to_stdout, validates
from nnutils.checks.view import show


def quiz(name: str, answer: Any = None) -> None:
    """Check the answer ("a", "b", ...) to the question called `name`, and give the reason.

    A wrong answer gets the reason why it is wrong; the right one gets the reasons of all options.

    Raises
    ------
    UnknownName: there is no such question.
    CheckFailed: the answer is missing or wrong, and nbgrader validates the notebook.
    """
    question, letter = find_question(name), letter_of(answer)
    chosen = dict(question.lettered()).get(letter) if isinstance(letter, str) else None
    with stderr_to_stdout():
        if chosen and question.withheld:
            record.note_choice(question, letter)
        elif chosen:
            record.note_answer(question, chosen.right)
    status, headline, *lines = _message(question, letter, answer)
    show(status, f"{name}: {headline}", lines)
    if validates() and not question.withheld and not (chosen and chosen.right):
        raise CheckFailed(f"{name}: the question is not answered rightly")


def letter_of(answer: Any) -> Any:
    """An answer as the letters are written; what is no text, as it is."""
    return answer.strip().lower() if isinstance(answer, str) else answer


def _message(question: Question, letter: Any, answer: Any) -> list[str]:
    """The status of an answer, the headline, and the lines below it."""
    options = dict(question.lettered())
    letters = [*options]
    if letter is None or letter is ...:
        return ["not attempted", "not answered yet", f"Choose one of {', '.join(letters)} in the cell above."]
    if not isinstance(letter, str) or letter not in options:
        return [
            "failed",
            f"{answer!r} is none of the options",
            f'Write one of "{letters[0]}" to "{letters[-1]}".',
        ]
    if question.withheld:
        return ["deferred", f"{letter} is noted", "Whether it is right is told when it is graded."]
    reason = options.pop(letter).reason
    if letter != question.answer:
        return ["failed", f"{letter} is not it", reason]
    return [
        "passed",
        f"{letter} is right",
        reason,
        *(f"{x}: {option.reason}" for x, option in options.items()),
    ]

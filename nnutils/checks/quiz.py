"""quiz: a multiple-choice question with a reason for every option."""

from __future__ import annotations

import string
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
    question = find_question(name)
    letter = letter_of(answer)
    options = dict(question.lettered())
    letters = string.ascii_lowercase[: len(options)]
    if letter is None or letter is ...:
        show(
            "not attempted",
            f"{name}: not answered yet",
            [f"Choose one of {', '.join(letters)} in the cell above."],
        )
    elif not isinstance(letter, str) or letter not in options:
        show(
            "failed",
            f"{name}: {answer!r} is none of the options",
            [f'Write one of "{letters[0]}" to "{letters[-1]}".'],
        )
    elif question.withheld:
        with stderr_to_stdout():
            record.note_choice(question, letter)
        show("deferred", f"{name}: {letter} is noted", ["Whether it is right is told when it is graded."])
    else:
        right = options[letter].right
        with stderr_to_stdout():
            record.note_answer(question, right)
        show(
            "passed" if right else "failed",
            f"{name}: {letter} is {'right' if right else 'not it'}",
            _reasons(question, letter),
        )
    if not question.withheld and letter != question.answer and validates():
        raise CheckFailed(f"{name}: the question is not answered rightly")


def letter_of(answer: Any) -> Any:
    """An answer as the letters are written; what is no text, as it is."""
    return answer.strip().lower() if isinstance(answer, str) else answer


def _reasons(question: Question, letter: str) -> list[str]:
    chosen = dict(question.lettered())[letter]
    if not chosen.right:
        return [chosen.reason]
    others = [f"{other}: {option.reason}" for other, option in question.lettered() if other != letter]
    return [chosen.reason, *others]

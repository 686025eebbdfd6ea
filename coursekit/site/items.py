"""Exercises, questions and predictions on a lesson's page: what is asked is seen, hints and answers are folded."""

from __future__ import annotations

import re

from coursekit.authoring.lesson import STUB
from coursekit.site.markup import boxed, code, folded, words
from nnutils.checks.exercise import Exercise, Question

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TITLE = re.compile(r"\*\*(?P<kind>\w+)\*\* `(?P<name>\w+)` · (?P<worth>.+?) · for a hint, .*", re.DOTALL)


def exercise_box(title: str, answer: str, exercise: Exercise) -> str:
    """An exercise: what it is, the code that a student gets, the hints one by one, and the answer.

    title, answer: the sources of the cells that the build makes of it.
    """
    found = TITLE.fullmatch(title)
    kind, worth = (found["kind"], found["worth"]) if found else ("Exercise", "")
    given, right = taken_apart(answer, repair=bool(exercise.faults))
    parts = [f'**{kind}** `{exercise.name}` <span class="worth">{worth}</span>', code(given)]
    number = len(exercise.hints)
    parts += [
        folded(f"Hint {k} of {number}", f"<p>{words(hint)}</p>", "hint")
        for k, hint in enumerate(exercise.hints, 1)
    ]
    faults = "".join(f"<li>{words(fault.sentence)}</li>" for fault in exercise.faults)
    wrong = f"<p>What was wrong:</p><ul>{faults}</ul>\n\n" if faults else ""
    parts.append(folded("Answer", wrong + code(right), "answer"))
    return boxed("\n\n".join(parts), f"task {exercise.kind}", f"exercise-{exercise.name}")


def taken_apart(answer: str, repair: bool) -> tuple[str, str]:
    """What a student gets, and the right function, of the source of a solution's cell."""
    before, _, rest = answer.partition(BEGIN)
    body, _, _ = rest.partition(END)
    if repair:  # the faulty function stands above the right one
        return before.rstrip(), body.strip("\n")
    head = before.rstrip()
    return f"{head}\n{STUB}", f"{head}\n{body.strip(chr(10)).rstrip()}"


def question_box(asked: str, question: Question) -> str:
    """A question with its options; the answer and the reason of each option are folded."""
    rows = "".join(
        f'<li class="{"right" if option.right else "wrong"}"><strong>{letter}</strong> {words(option.reason)}</li>'
        for letter, option in question.lettered()
    )
    right = f"<p><strong>{question.answer}</strong> is right.</p>"
    content = folded("Answer and reasons", f'{right}<ul class="reasons">{rows}</ul>', "answer")
    return boxed(f"{asked}\n\n{content}", "task question", f"question-{question.name}")


def prediction_box(asked: str, name: str) -> str:
    """A prediction: what is asked, to be answered in the head before reading on."""
    note = '<p class="worth">Make your guess before you read on: the run below measures it.</p>'
    return boxed(f"{asked}\n\n{note}", "task prediction", f"prediction-{name}")


def measured_line(text: str) -> str:
    """What a run measured for a prediction, of the line that `measured` prints in a solution."""
    found = re.match(r"◇ (?P<name>\w+): measured (?P<value>.+?); you made no guess", text)
    if not found:
        return code(text, "text", "output")
    link = f'<a href="#prediction-{found["name"]}">your prediction</a>'
    return (
        f'<p class="measured"><strong>Measured: {words(found["value"])}.</strong> Compare it with {link}.</p>'
    )


def claims(text: str) -> tuple[str, str]:
    """The claims of a cell's printed text as a list, and what else it printed."""
    rows, others = list[str](), list[str]()
    for line in text.splitlines():
        if line.startswith("✔ "):
            rows.append(line.removeprefix("✔ "))
        elif rows and line.startswith("  "):
            rows[-1] += " " + line.strip()
        else:
            others.append(line)
    shown = "".join(f"<li>{_claim(row)}</li>" for row in rows)
    return f'<ul class="claims">{shown}</ul>' if rows else "", "\n".join(others).strip("\n")


def _claim(row: str) -> str:
    sentence, told, numbers = row.rpartition(" measured ")
    if not told:
        return words(row)
    measured, needed = [*numbers.split(", needed ", 1), ""][:2]
    return f'{words(sentence)} <span class="worth">measured {words(measured)} · needed {words(needed)}</span>'

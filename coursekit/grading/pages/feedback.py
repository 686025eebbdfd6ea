"""A page of feedback for each student: what was right, what was not and why, and where to read on. No expected value is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coursekit.grading.intake.names import page_name
from coursekit.grading.pages.page import (
    CLASSES,
    SIGNS,
    asked,
    code,
    count,
    listed,
    marked,
    safe,
    section_of,
    status,
    table,
    title_of,
    write_page,
)
from coursekit.grading.result import Item, Mark, number
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.errors import UnknownName

STYLE = """
article { border-left: 5px solid var(--bad); background: var(--soft); padding: .2rem 1rem .6rem; margin: 1rem 0; }
article h3 { margin: .6rem 0 .3rem; }
article code { background: var(--paper); }
.cases { letter-spacing: .1em; white-space: nowrap; }
.next { border-left: 5px solid var(--good); padding: .4rem 1rem; background: var(--soft); }
th:first-child { width: 48%; } td.number { min-width: 4.2rem; }
dl { margin: .4rem 0; } dt { font-weight: 600; font-size: .9rem; color: var(--quiet); } dd { margin: 0 0 .5rem; }
"""


MOST_UNREAD = 20


def write_feedback(
    folder: Path, student: str, marks: Sequence[Mark], name: str | None = None, unread: Sequence[str] = ()
) -> None:
    """Write a student's page, of all their lessons, into `folder`; `name` is what the page calls them.

    `unread` holds a line for each file that could not be taken.

    Raises
    ------
    OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    body = [_summary(marks), *_unread(unread), *(_lesson(one) for one in marks)]
    write_page(folder / f"{page_name(student)}.html", f"Feedback for {name or student}", body, STYLE)


def _unread(lines: Sequence[str]) -> list[str]:
    """What was handed in and is not graded, and why."""
    if not lines:
        return []
    rows = "\n".join(f"<li>{safe(line)}</li>" for line in lines[:MOST_UNREAD])
    more = f"<p>And {len(lines) - MOST_UNREAD} more.</p>" if len(lines) > MOST_UNREAD else ""
    return [f"<section>\n<h2>Handed in and not graded</h2>\n<ul>\n{rows}\n</ul>{more}\n</section>"]


def _summary(marks: Sequence[Mark]) -> str:
    points, most = sum(one.points for one in marks), sum(one.max for one in marks)
    items = [item for one in marks for item in one.result.items if item.points is not None]
    right = sum(item.status == "passed" for item in items)
    total = f"{number(round(points, 2)) or '0'} of {count(most, 'point')} in {count(len(marks), 'lesson')}"
    return f'<p class="lead">{total}: {right} of {len(items)} answers are right.</p>\n{_next(marks)}'


def _next(marks: Sequence[Mark]) -> str:
    """What to turn to first: what is nearly right, then what is wrong, then what is not begun."""
    order = ("partly right", "failed", "not attempted")
    todo = [
        (order.index(item.status), one, item)
        for one in marks
        for item in one.result.items
        if item.status in order
    ]
    if any(one.result.problem for one in marks):
        return '<p class="next"><strong>Next:</strong> hand in again what could not be read, see below.</p>'
    if not todo:
        return '<p class="next">Everything is right. Well done.</p>' if marks else ""
    _, one, item = min(todo, key=lambda entry: entry[0])
    where = _read(one.lesson, item)
    return f'<p class="next"><strong>Next:</strong> {code(item.name)} in lesson {_short(one.lesson)}. {where}</p>'


def _lesson(one: Mark) -> str:
    result = one.result
    head = f"<h2>{safe(title_of(one.lesson))}</h2>\n{_points(one)}"
    notes = [f"<p>{marked(note)}</p>" for note in _notes(one)]
    if result.problem:
        why = f"<p><strong>This notebook could not be graded:</strong> {safe(result.problem)}.</p>"
        more = "<p>Open it in JupyterLab, see that it runs, save it, and hand in that file.</p>"
        return "\n".join(["<section>", head, why, more, *notes, "</section>"])
    again = [item for item in result.items if item.status in ("failed", "partly right")]
    left = [item for item in result.items if item.status == "not attempted"]
    todo = [*(_article(one.lesson, item) for item in again), _left(one.lesson, left)]
    parts = [head, *notes, *todo, _table(one)]
    return "\n".join(["<section>", *filter(None, parts), "</section>"])


def _points(one: Mark) -> str:
    """The points of a lesson, and in words what the course's rules made of them."""
    rules = [safe(text).strip(". ") for text in (one.late, one.extra) if text]
    plain, given = one.result.points, number(one.points) or "0"
    if not rules:
        return f"<p><strong>{given} of {count(one.max, 'point')}</strong></p>"
    return (
        f"<p><strong>{given} of {count(one.max, 'point')}</strong>. Your answers earned {number(plain) or '0'}; "
        f"{listed(rules)}.</p>"
    )


def _notes(one: Mark) -> list[str]:
    """What the student should know about how it was graded."""
    notes = [_sentence(note) for note in one.result.notes]
    ran = any(item.cases for item in one.result.items)
    if ran and not one.result.sandbox:
        notes.append("These answers were graded without a sandbox.")
    return notes


def _table(one: Mark) -> str:
    return table(
        f"All answers in {safe(one.result.file)}",
        ("Exercise or question", "Result", ">Points"),
        (_row(item) for item in one.result.items),
    )


def _row(item: Item) -> str:
    points = f'<td class="number">{number(item.points) or "–"} of {item.max}</td>'
    what = (
        f'<div class="quiet">{marked(asked(item))}</div>'
        if item.kind == "exercise"
        else '<div class="quiet">Question</div>'
    )
    trust = f'<div class="quiet">{marked(_sentence(item.trust))}</div>' if item.trust else ""
    cell = f'<th scope="row">{code(item.name)}</th>'.replace("</th>", f"{what}</th>")
    found = f"<td>{status(item.status)}{_cases(item)}{trust}{_aside(item)}</td>"
    return f"<tr>{cell}{found}{points}</tr>"


def _aside(item: Item) -> str:
    """Why something was not graded, why the chosen option is right, or a warning: what has no article of its own."""
    told = item.status in ("not graded", "passed")
    return f'<div class="quiet">{marked(item.sentence)}</div>' if told and item.sentence else ""


def _cases(item: Item) -> str:
    """A small row of marks, one a case, and the same in words."""
    if not item.cases or item.status == "passed":
        return ""
    marks = "".join(SIGNS["passed" if right else "failed"] for right in item.cases)
    words = f"{sum(item.cases)} of {count(len(item.cases), 'case')} right"
    return f'<div class="quiet"><span class="cases" aria-hidden="true">{marks}</span> {words}</div>'


def _article(topic: str, item: Item) -> str:
    """What was asked, what was found and where to read, of an answer that is not right yet."""
    sign = f'<span class="{CLASSES[item.status]}" aria-hidden="true">{SIGNS[item.status]}</span>'
    heading = f"<h3>{sign} {code(item.name)}: {item.status}</h3>"
    told = marked(item.sentence) or "The result is not what is asked for."
    pairs = [
        ("What was asked", marked(asked(item))),
        ("What was found", told),
        ("Read on", _read(topic, item)),
    ]
    rows = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in pairs if text)
    return f"<article>\n{heading}\n<dl>{rows}</dl>\n</article>"


def _left(topic: str, items: Sequence[Item]) -> str:
    if not items:
        return ""
    lines = "\n".join(
        f'<li>{code(one.name)}{_why(one)} <span class="quiet">{_read(topic, one)}</span></li>'
        for one in items
    )
    return f"<h3>{SIGNS['not attempted']} Not attempted yet</h3>\n<ul>\n{lines}\n</ul>"


def _why(item: Item) -> str:
    return f": {marked(item.sentence)}" if item.sentence else "."


def _read(topic: str, item: Item) -> str:
    """The section to read, and how to get a hint. How many there are is not said: a release holds some of them."""
    if item.kind == "question":
        return "Look through the lesson again, then choose again."
    section = section_of(topic, item.name)
    read = f"Read the section “{safe(section)}”" if section else "Read the lesson again"
    try:
        find_exercise(item.name)
    except UnknownName:
        return f"{read}."
    return f'{read}; for a hint run <code>hint("{safe(item.name)}")</code> in the notebook.'


def _short(topic: str) -> str:
    return safe(title_of(topic).removeprefix("Lesson ").partition(":")[0])


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."

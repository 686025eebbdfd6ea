"""A page of feedback for each student: one file, readable without a network, by a screen reader, in light and in dark."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from nnutils.checks.catalogue import find_exercise, lessons
from nnutils.grading.result import Item, Result, number

LESSONS = Path(__file__).parents[2] / "lessons"
SIGNS = {"passed": "✔", "partly right": "◐", "failed": "✘", "not attempted": "○", "not graded": "–"}
STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #c8c8c8; --soft: #f4f4f4;
  --good: #00568c; --bad: #a63c00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #161616; --line: #4a4a4a; --soft: #242424; --good: #7cc4f0; --bad: #ffa366; } }
body { font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
caption { text-align: left; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--soft); }
td.points { text-align: right; white-space: nowrap; }
.status { white-space: nowrap; font-weight: 600; }
.passed { color: var(--good); } .failed, .partly { color: var(--bad); }
code { background: var(--soft); padding: 0 .25em; }
td code { overflow-wrap: anywhere; }
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{total}</p>
{lessons}
</main>
</body>
</html>
"""


def write_feedback(folder: Path, student: str, results: Sequence[Result]) -> None:
    """Write a student's page, of all their lessons."""
    folder.mkdir(exist_ok=True)
    text = page(student, results)
    (folder / f"{student}.html").write_text(text, encoding="utf-8", errors="xmlcharrefreplace", newline="\n")


def page(student: str, results: Sequence[Result]) -> str:
    """The HTML of a student's page. Everything that comes from a submission is escaped."""
    points, most = sum(one.points for one in results), sum(one.max for one in results)
    total = (
        f"{number(round(points, 2))} of {most} points in {len(results)} lesson{'s' * (len(results) != 1)}."
    )
    sections = "\n".join(_lesson(one) for one in results)
    return PAGE.format(title=f"Feedback for {_safe(student)}", style=STYLE, total=total, lessons=sections)


def section_of(topic: str, name: str) -> str | None:
    """The heading of the lesson's section in which an exercise or question stands, where the lessons are at hand."""
    source = LESSONS / f"{lessons()[topic].NUMBER:02d}_{topic}.py"
    if not source.is_file():
        return None
    before, found, _ = source.read_text(encoding="utf-8").partition(
        f"from nnutils.exercises.{topic} import {name}\n"
    )
    headings = re.findall(r"^# #{1,3} (.+)$", before, re.MULTILINE)
    return headings[-1] if found and headings else None


def _lesson(one: Result) -> str:
    name = f"Lesson {lessons()[one.lesson].NUMBER:02d}, {one.lesson.replace('_', ' ')}"
    notes = "".join(f"<p>{_safe(note)}.</p>" for note in (one.problem, *one.notes) if note)
    head = "".join(
        f'<th scope="col">{word}</th>' for word in ("Exercise", "Result", "Points", "What was found")
    )
    rows = "\n".join(_row(one.lesson, item) for item in one.items)
    caption = f"<caption>{number(one.points)} of {one.max} points, {_safe(one.file)}</caption>"
    return (
        f"<section>\n<h2>{name}</h2>\n{notes}<table>\n{caption}\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</section>"
    )


def _row(topic: str, item: Item) -> str:
    sign = f'<span aria-hidden="true">{SIGNS[item.status]}</span>'
    status = f'<td class="status {item.status.split()[0]}">{sign} {item.status}</td>'
    points = f'<td class="points">{number(item.points) or "–"} of {item.max}</td>'
    name = item.name.replace("_", "_<wbr>")
    told = " ".join(filter(None, (_marked(item.sentence), _advice(topic, item))))
    return f'<tr><th scope="row"><code>{name}</code></th>{status}{points}<td>{told}</td></tr>'


def _advice(topic: str, item: Item) -> str:
    """Where to read on, for what is not right yet."""
    if item.status in ("passed", "not graded"):
        return ""
    if item.kind == "question":
        return "Read the lesson once more, then answer again."
    section = section_of(topic, item.name)
    read = f"Read the section “{_safe(section)}” again" if section else "Read the lesson again"
    hints = len(find_exercise(item.name).hints)
    return f'{read}; for a hint (there are {hints}), run <code>hint("{item.name}")</code> in the notebook.'


def _marked(text: str) -> str:
    """Escaped text, with code between backticks set as code."""
    pieces = _safe(text).split("`")
    return "".join(f"<code>{piece}</code>" if odd % 2 else piece for odd, piece in enumerate(pieces))


def _safe(text: str) -> str:
    """Escaped text without control characters."""
    return html.escape("".join(char if char.isprintable() else " " for char in text))

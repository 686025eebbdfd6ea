"""How verdicts look: plain text for a terminal, nbval and screen readers; the same words in a card beside it."""

from __future__ import annotations

import functools
import html
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise
from nnutils.checks.verdict import Verdict
from nnutils.words import counted

SIGNS = {"passed": "✔", "failed": "✘", "not attempted": "○", "deferred": "●", "hint": "?", "guess": "◇"}
BOX = "padding:.4em .9em;margin:.2em 0;max-width:52em;line-height:1.45"
COLOURS = {  # Okabe-Ito
    "passed": "#0072B2", "failed": "#D55E00", "not attempted": "#999999", "deferred": "#56B4E9", "hint": "#009E73",
    "guess": "#CC79A7",
}  # fmt: skip
INK = {
    "passed": "#FFFFFF"
}  # of a sign on its colour, else black; so it can be read in light and in dark themes
BADGE = "font-weight:700;border-radius:.3em;padding:0 .35em"


class Link(NamedTuple):
    """A cell of a table that leads to a file beside the notebook."""

    text: str
    file: str

    def __str__(self) -> str:
        return self.text


def told(function: Callable[..., None]) -> Callable[..., None]:
    """The function of a student's word, which shows a name that does not exist in a sentence, and no traceback."""

    @functools.wraps(function)
    def telling(*arguments: Any, **named: Any) -> None:
        try:
            function(*arguments, **named)
        except UnknownName as error:
            show("not attempted", str(error))

    return telling


def show_verdict(exercise: Exercise, verdict: Verdict) -> None:
    """Show the verdict on an answer."""
    points = counted(exercise.points, "point")
    if verdict.status == "passed":
        lines = [f"{points}, {counted(len(verdict.cases), 'case')}", *verdict.details]
    elif verdict.status == "deferred":
        lines = [points, *verdict.details]
    else:
        goes_on = f"The notebook goes on with the course's own {exercise.name}."
        if exercise.answer_key is not None:
            goes_on = f"Cells that call {exercise.name} stop until it is right."
        help_line = f' For a hint: `hint("{exercise.name}")`' if exercise.hints else ""
        lines = [*verdict.details, goes_on + help_line]
    show(verdict.status, f"{exercise.name}: {verdict.headline}", lines)


def show(status: str, headline: str, lines: Sequence[str] = ()) -> None:
    """Show one message: in a notebook as text and as a card, elsewhere as text."""
    text = "\n".join([f"{SIGNS[status]} {headline}", *(f"  {line}" for line in lines)]).replace("`", "")
    if not _in_notebook():
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": card(status, headline, lines)}, raw=True)


def show_table(header: Sequence[str], rows: Sequence[Sequence[str | Link]], note: str = "") -> None:
    """Show a table and a sentence below it: in a notebook as text and as HTML, elsewhere as text."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    text = "\n".join([*lines, *([note] if note else [])])
    if not _in_notebook():
        print(text)
        return
    from IPython.display import display

    titled = '<th scope="col" style="text-align:left">{}</th>'
    head = "".join(titled.format(html.escape(cell)) if cell else "<td></td>" for cell in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    below = f"<p>{_marked(note)}</p>" if note else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
    display({"text/plain": text, "text/html": table}, raw=True)


def _cell(cell: str | Link) -> str:
    text = html.escape(str(cell))
    linked = f'<a href="{html.escape(cell.file)}">{text}</a>' if isinstance(cell, Link) else text
    return f'<td style="text-align:left">{linked}</td>'


def card(status: str, headline: str, lines: Sequence[str] = ()) -> str:
    """The message as HTML: a coloured bar, the sign and the headline, then a line each."""
    colour = COLOURS[status]
    rows = "".join(f'<div style="margin-top:.25em">{_marked(line)}</div>' for line in lines)
    return (
        f'<div role="status" style="border-left:5px solid {colour};{BOX}">'
        f'<div><span style="background:{colour};color:{INK.get(status, "#000000")};{BADGE}" aria-hidden="true">'
        f"{SIGNS[status]}</span> "
        f"<strong>{_marked(headline)}</strong></div>{rows}</div>"
    )


def _marked(line: str) -> str:
    """HTML of a line; code between backticks is set as code."""
    pieces = html.escape(line, quote=False).split("`")
    return "".join(f"<code>{piece}</code>" if odd % 2 else piece for odd, piece in enumerate(pieces))


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs this. IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")

"""How verdicts look: plain text for a terminal, nbval and screen readers; the same words in a card beside it."""

from __future__ import annotations

import html
import sys
from collections.abc import Sequence

from nnutils.checks.exercise import Exercise
from nnutils.checks.verdict import Verdict

SIGNS = {"passed": "✔", "failed": "✘", "not attempted": "○", "deferred": "●", "hint": "?"}
BOX = "padding:.4em .9em;margin:.2em 0;max-width:52em;line-height:1.45"
COLOURS = {
    "passed": "#0072B2",
    "failed": "#D55E00",
    "not attempted": "#999999",
    "deferred": "#56B4E9",
    "hint": "#009E73",
}  # Okabe-Ito


def show_verdict(exercise: Exercise, verdict: Verdict) -> None:
    """Show the verdict on an answer."""
    show(verdict.status, f"{exercise.name}: {verdict.headline}", _lines(exercise, verdict))


def show(status: str, headline: str, lines: Sequence[str] = ()) -> None:
    """Show one message: in a notebook as text and as a card, elsewhere as text."""
    text = "\n".join([f"{SIGNS[status]} {headline}", *(f"  {line}" for line in lines)]).replace("`", "")
    if not _in_notebook():
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": card(status, headline, lines)}, raw=True)


def card(status: str, headline: str, lines: Sequence[str] = ()) -> str:
    """The message as HTML: a coloured bar, the sign and the headline, then a line each."""
    colour = COLOURS[status]
    rows = "".join(f'<div style="margin-top:.25em">{_marked(line)}</div>' for line in lines)
    return (
        f'<div role="status" style="border-left:5px solid {colour};{BOX}">'
        f'<div><span style="color:{colour};font-weight:700" aria-hidden="true">{SIGNS[status]}</span> '
        f"<strong>{_marked(headline)}</strong></div>{rows}</div>"
    )


def _lines(exercise: Exercise, verdict: Verdict) -> list[str]:
    if verdict.status == "passed":
        counts = f"{_plural(exercise.points, 'point')}, {_plural(len(verdict.cases), 'case')}"
        return [counts, *verdict.details]
    if verdict.status == "deferred":
        return [_plural(exercise.points, "point")]
    goes_on = f"The notebook goes on with the course's own {exercise.name}."
    if exercise.answer_key is not None:
        goes_on = f"Cells that call {exercise.name} stop until it is right."
    help_line = f' For a hint: `hint("{exercise.name}")`' if exercise.hints else ""
    return [*verdict.details, goes_on + help_line]


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _marked(line: str) -> str:
    """HTML of a line; code between backticks is set as code."""
    pieces = html.escape(line, quote=False).split("`")
    return "".join(f"<code>{piece}</code>" if odd % 2 else piece for odd, piece in enumerate(pieces))


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs this. IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")

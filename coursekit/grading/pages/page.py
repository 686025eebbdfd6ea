"""What all pages of the grader share: one HTML file without a network, for light and dark, paper, phones, screen readers."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from coursekit.grading.result import Item
from nnutils.checks.catalogue import find_exercise, find_question, lessons
from nnutils.checks.errors import UnknownName

LESSONS = Path(__file__).parents[3] / "lessons"
SIGNS = {"passed": "✔", "partly right": "◐", "failed": "✘", "not attempted": "○", "not graded": "–"}
CLASSES = {status: status.split()[0] if status != "not graded" else "ungraded" for status in SIGNS}
STYLE = """
:root { color-scheme: light dark; --ink: #1b1c20; --quiet: #555b66; --paper: #fff; --soft: #f3f5f8; --line: #cfd4dc;
  --good: #0b5a94; --bad: #a63c00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef2; --quiet: #a9b0bd; --paper: #15171b; --soft: #21252c;
  --line: #414853; --good: #7cc4f0; --bad: #ffa366; } }
* { box-sizing: border-box; }
body { font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.35rem; margin: 2.8rem 0 .6rem; padding-top: .7rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.8rem 0 .4rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--good); }
.lead { font-size: 1.15rem; }
.quiet { color: var(--quiet); font-size: .9rem; font-weight: 400; }
th.plain { font-weight: 400; }
.scroll { overflow-x: auto; margin: .8rem 0 1.6rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .3rem 0; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--soft); font-size: .9rem; }
tbody th { font-weight: 600; }
.scroll[tabindex] tbody th { overflow-wrap: anywhere; min-width: 8rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { background: var(--soft); padding: 0 .25em; border-radius: 3px; overflow-wrap: anywhere; font-size: .93em; }
.status { white-space: nowrap; font-weight: 600; }
.passed { color: var(--good); } .failed, .partly { color: var(--bad); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 34rem) { body { padding: .8rem .7rem 3rem; } th, td { padding: .4rem .35rem; } h1 { font-size: 1.5rem; } }
@media print { :root { --ink: #000; --quiet: #444; --paper: #fff; --soft: #f3f5f8; --line: #bbb; --good: #0b5a94;
  --bad: #a63c00; } html { font-size: 9.5pt; } body { max-width: none; padding: 0; } h2, h3 { break-after: avoid; }
  tr, article, li, svg { break-inside: avoid; } thead { display: table-header-group; } .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
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
{body}
</main>
</body>
</html>
"""


def write_page(file: Path, title: str, body: Iterable[str], style: str = "") -> None:
    """Write a page; `title` is plain text, `body` are pieces of HTML."""
    text = PAGE.format(title=safe(title), style=STYLE + style, body="\n".join(filter(None, body)))
    file.write_text(text, encoding="utf-8", errors="xmlcharrefreplace", newline="\n")


def safe(text: str) -> str:
    """Escaped text without control characters and without what turns the direction of writing."""
    return html.escape("".join(char if char.isprintable() else " " for char in text))


def marked(text: str) -> str:
    """Escaped text, with code between backticks set as code."""
    pieces = safe(text).split("`")
    return "".join(f"<code>{piece}</code>" if odd % 2 else piece for odd, piece in enumerate(pieces))


def code(name: str) -> str:
    """A name as code that may break at its underscores."""
    return f"<code>{safe(name).replace('_', '_<wbr>')}</code>"


def table(caption: str, head: Sequence[str], rows: Iterable[str], wide: bool = False) -> str:
    """A table of rows that are HTML already; a `wide` one scrolls by itself on a narrow screen. `caption` is HTML, too."""
    cells = "".join(f'<th scope="col"{_aligned(word)}>{word.removeprefix(">")}</th>' for word in head)
    body = "\n".join(rows)
    text = f"<table>\n<caption>{caption}</caption>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    label = re.sub(r"<[^>]*>", "", caption)
    return f'<div class="scroll"{_focus(label) if wide else ""}>{text}</div>'


def status(one: str) -> str:
    """A status as a sign and a word."""
    sign = f'<span aria-hidden="true">{SIGNS[one]}</span>'
    return f'<span class="status {CLASSES[one]}">{sign} {one}</span>'


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 student, 2 students."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them: a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def title_of(topic: str) -> str:
    """A lesson's number and heading, as text: Lesson 04: Dropout."""
    module = lessons().get(topic)
    title = next((line[4:] for line in _source(topic) if line.startswith("# # ")), topic.replace("_", " "))
    return f"Lesson {module.NUMBER:02d}: {title}" if module else f"Lesson {title}"


def asked(item: Item) -> str:
    """What an exercise or question asks, in a sentence or two; nothing where the course no longer has it."""
    try:
        if item.kind == "question":
            return find_question(item.name).text
        text = find_exercise(item.name).__doc__ or ""
    except UnknownName:
        return ""
    return " ".join(text.strip().partition("\n\n")[0].split())


def section_of(topic: str, name: str) -> str | None:
    """The heading of the lesson's section in which an exercise or question stands, where the lessons are at hand."""
    return _sections(topic).get(name)


@functools.cache
def _sections(topic: str) -> dict[str, str]:
    """Exercise or question → heading above it."""
    found, heading = {}, ""
    for line in _source(topic):
        title = re.fullmatch(r"# #{1,3} (.+)", line)
        name = re.fullmatch(r"(\w+)", line)
        heading = title[1] if title else heading
        if name and heading:
            found[name[1]] = heading
    return found


@functools.cache
def _source(topic: str) -> tuple[str, ...]:
    """The lines of a lesson; none where the lessons are not at hand."""
    module = lessons().get(topic)
    file = LESSONS / f"{module.NUMBER:02d}_{topic}.py" if module else None
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file and file.is_file() else ()


def _aligned(word: str) -> str:
    return ' class="number"' if word.startswith(">") else ""


def _focus(label: str) -> str:
    return f' tabindex="0" role="region" aria-label="{label}"'

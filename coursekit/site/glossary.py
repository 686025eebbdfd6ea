"""The field's terms: each stands in bold where a lesson first explains it, and the glossary quotes that sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from coursekit.authoring.lesson import Lesson
from coursekit.authoring.table import title
from coursekit.site.links import CODE, quoted
from coursekit.site.markup import slug
from nnutils.words import capital

BOLD = re.compile(r"\*\*([^*]+?)\*\*")
END = re.compile(r"(?<=[.?!])(?<!al\.)\s+(?=[A-Z*$\"“(])")
LABELS = frozenset(
    (Path(__file__).parent / "labels.txt").read_text(encoding="utf-8").splitlines()
)  # bold, and no terms
START = re.compile(r"(- |\d+\. |#+ )?(\*\*[^*]+[.:]\*\* )?")  # what leads a block: a mark, a label
MOST_WORDS, SHORT = 5, 10
BACK = re.compile(
    r"(\(?They|Then|It|Its|This|That|These|Those|There|So|Such|Here|Both|The (second|third|ratio|other)|Another|One)\b"
)


@dataclass(frozen=True)
class Term:
    """A term, the lesson that explains it first, and the sentence of the lesson's text, as Markdown."""

    words: str
    lesson: Lesson
    sentence: str

    @property
    def anchor(self) -> str:
        """The name of its place on the lesson's page."""
        return f"term-{slug(self.words)}"


def terms_of(lessons: Sequence[Lesson]) -> list[Term]:
    """The terms of some lessons, in the order in which they are explained."""
    found: dict[str, Term] = {}
    for lesson in lessons:
        subject = f"-{slug(title(lesson))}-"
        for words, sentence in _bold(text_of(lesson)):
            key, term = _key(words), Term(words, lesson, sentence)
            before = found.setdefault(key, term)
            if (
                before.lesson != lesson
                and f"-{key}-" in subject
                and f"-{key}-" not in f"-{slug(title(before.lesson))}-"
            ):
                found[key] = term  # named in passing before, and the subject of this lesson
    return [*found.values()]


def _key(words: str) -> str:
    """What two ways to write a term have in common: one and several of it are the same."""
    name = slug(words)
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


def text_of(lesson: Lesson) -> str:
    """The prose of a lesson's source."""
    lines, prose = list[str](), False
    for line in lesson.source.read_text(encoding="utf-8").splitlines():
        if line.startswith("# %%"):
            prose = line.startswith("# %% [markdown]")
            lines.append("")
        elif prose:
            lines.append(line.removeprefix("#").removeprefix(" "))
    return "\n".join(lines)


def _bold(text: str) -> Iterator[tuple[str, str]]:
    """The terms of a text and the sentence of each."""
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)", text)]
    for k, block in enumerate(blocks):
        if block.startswith("|"):
            continue
        formula = f"\n\n{blocks[k + 1]}" if blocks[k + 1 : k + 2] and blocks[k + 1].startswith("$$") else ""
        sentences = END.split(START.sub("", block, count=1))
        for n, sentence in enumerate(sentences):
            for found in BOLD.finditer(CODE.sub("", sentence)):
                if is_term(found[1]):
                    leads = n == len(sentences) - 1 and not sentence.endswith((".", "?", "!"))
                    yield found[1], _with_neighbours(sentences, n) + formula * leads


def _with_neighbours(sentences: Sequence[str], n: int) -> str:
    """A sentence; after the one before it where it points back, and before the next one where it is short."""
    first = n - bool(n and BACK.match(sentences[n]))
    last = n + (len(" ".join(sentences[first : n + 1]).split()) < SHORT)
    return " ".join(sentences[first : last + 1])


def is_term(words: str) -> bool:
    """Whether words in bold are a term of the field."""
    plain = " ".join(words.split())
    ends = plain.endswith((".", ":", "?", '"'))
    return not (
        ends or plain.casefold() in LABELS or len(plain.split()) > MOST_WORDS or re.match(r"[\d\"]", plain)
    )


def marked(text: str, lesson: Lesson, terms: Sequence[Term], done: set[str]) -> str:
    """The Markdown of a lesson, with a place to link to where a term of its own stands first. `done`: anchors that are set."""
    own = {_key(term.words): term for term in terms if term.lesson == lesson}

    def place(found: re.Match[str]) -> str:
        term = own.get(_key(found[1]))
        if term is None or term.anchor in done or not is_term(found[1]):
            return found[0]
        done.add(term.anchor)
        return f'<span id="{term.anchor}"></span>{found[0]}'

    return BOLD.sub(place, text)


def glossary(terms: Sequence[Term]) -> str:
    """The page of all terms."""
    lines = [
        "# Glossary",
        "Each term with the sentence in which a lesson explains it first. The link leads to that place.",
    ]
    ordered = sorted(terms, key=lambda term: _letters(term.words))
    for letter, group in groupby(ordered, key=lambda term: _letters(term.words)[:1].upper()):
        lines.append(f"## {letter}")
        for term in group:
            page = f"lessons/{term.lesson.name}.html#{term.anchor}"
            where = f'<a href="{page}">lesson {term.lesson.name[:2]}, {title(term.lesson)}</a>'
            lines.append(
                f"**{capital(' '.join(term.words.split()))}** · {where}\n: {_indented(term.sentence)}"
            )
    return "\n\n".join(lines) + "\n"


def _letters(words: str) -> str:
    """What a term is sorted by: its letters, without the mathematics before them."""
    return re.sub(r"^\W*(\$[^$]*\$)?\W*", "", words).casefold()


def _indented(text: str) -> str:
    """A definition in Markdown; what was stressed is plain here, since the term stands above it."""
    return BOLD.sub(r"\1", quoted(text)).replace("\n", "\n  ")

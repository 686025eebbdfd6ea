"""Two answers beside each other, line by line: which lines are the same, and which are so but for the names."""

from __future__ import annotations

import ast
import difflib
import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.pages.handed_in import HandedIn, handed_out, joined
from coursekit.grading.pages.page import known, write_page
from coursekit.grading.pages.similarity import Pair
from coursekit.grading.reading.statements import Statement
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.exercise import Exercise
from nnutils.checks.faults import plain_source

SAME, RENAMED, GIVEN, OTHER = "same", "renamed", "given", "other"
MAX_LINES = 250  # of an answer
MINE = "\0"  # stands for each name that an author chose
WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Row:
    """A line of each of two answers, or of one of them."""

    left: str | None
    right: str | None
    kind: str  # SAME; RENAMED: the same but for names; GIVEN: the same, and the course has it, too; OTHER


@dataclass(frozen=True)
class Compared:
    """An exercise that two students answered, side by side."""

    lesson: str
    exercise: str
    rows: tuple[Row, ...]
    cut: bool

    @property
    def agree(self) -> int:
        """Lines that are the same, or so but for names, and that the course does not have."""
        return sum(row.kind in (SAME, RENAMED) for row in self.rows)

    @property
    def own(self) -> int:
        """Lines that the course does not have."""
        return sum(row.kind != GIVEN for row in self.rows)


def compared(pair: Pair, first: HandedIn, second: HandedIn) -> list[Compared] | None:
    """What the two students of a pair wrote, where the evidence is strongest first; None where a file is not at hand."""
    found = list[Compared]()
    order = {(shared.lesson, shared.exercise): -shared.weight for shared in pair.shared}
    for left, right in pair.works:
        lesson, names = left.lesson, [name for name in left.exercises if name in right.exercises]
        ours, theirs = first.answers(left, names), second.answers(right, names)
        if ours is None or theirs is None:
            return None
        found += (
            _compared(lesson, name, ours[name], theirs[name])
            for name in names
            if name in ours and name in theirs
        )
    return sorted(found, key=lambda each: order.get((each.lesson, each.exercise), 0.0))


def write_pair(file: Path, pair: Pair, names: tuple[str, str], found: Sequence[Compared]) -> None:
    """Write the page of a pair, whose students are called `names`.

    Raises
    ------
    OSError: it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_page(file, "side_by_side.html", "Two answers side by side", pair=pair, names=names, found=found)


def _compared(lesson: str, name: str, left: Sequence[Statement], right: Sequence[Statement]) -> Compared:
    exercise = known(find_exercise, name)
    parameters = {*exercise.signature.parameters} if exercise else set()
    ours, theirs = (_lines(functions, {name, *parameters}) for functions in (left, right))
    given = _given(lesson, name)
    rows = _rows(ours[:MAX_LINES], theirs[:MAX_LINES], lambda line: bool({line[1], _plain(line[0])} & given))
    return Compared(lesson, name, tuple(rows), max(len(ours), len(theirs)) > MAX_LINES)


Line = tuple[str, str]  # the text, and the text for comparing


def _lines(functions: Sequence[Statement], kept: set[str]) -> list[Line]:
    """The lines of an answer that hold something; for comparing, all names that its author chose are one name."""
    own = {name for function in functions for name in _names(function.node)} - kept
    return _keyed(joined(functions), own)


def _plain(line: str) -> str:
    return " ".join(line.split())


def _keyed(text: str, own: set[str]) -> list[Line]:
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    return [
        (line, " ".join(WORD.sub(lambda word: MINE if word[0] in own else word[0], line).split()))
        for line in lines
    ]


def _names(node: ast.AST) -> Iterator[str]:
    """The names that a function gives: to itself, to functions in it, to arguments and variables."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef):
            yield inner.name
        elif isinstance(inner, ast.arg):
            yield inner.arg
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id


def _rows(ours: Sequence[Line], theirs: Sequence[Line], is_given: Callable[[Line], bool]) -> Iterator[Row]:
    keys = [key for _, key in ours], [key for _, key in theirs]
    for what, a, b, c, d in difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        for left, right in itertools.zip_longest(ours[a:b], theirs[c:d]):
            kind = OTHER
            if what == "equal":
                kind = GIVEN if is_given(left) else SAME if left[0].split() == right[0].split() else RENAMED
            yield Row(left[0] if left else None, right[0] if right else None, kind)


@functools.cache
def _given(lesson: str, name: str) -> frozenset[str]:
    """The lines that were handed out with an exercise, and those of the course's own answer: as they are, and for comparing.

    As they are, because a docstring may hold a word that is a variable of the course's and none of the student's.
    """
    handed = [
        source
        for source in handed_out(lesson)
        if re.search(rf"^def {re.escape(name)}\(", source, re.MULTILINE)
    ]
    exercise = known(find_exercise, name)
    texts = [*handed, *([_reference(exercise)] if exercise else [])]
    kept = {name, *(exercise.signature.parameters if exercise else ())}
    lines = [line for text in texts for line in _keyed(text, _names_in(text) - kept)]
    return frozenset(form for line, key in lines for form in (_plain(line), key))


def _names_in(text: str) -> set[str]:
    try:
        return {*_names(ast.parse(text))}
    except SyntaxError:
        return set()


def _reference(exercise: Exercise) -> str:
    try:
        return plain_source(exercise.reference)
    except OSError:  # declared where no source is at hand
        return ""

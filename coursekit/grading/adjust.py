"""`--adjust`: what a person decides about points, which every later run keeps. Each row says who decided, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from coursekit.grading.csvfile import BadTable, noted, read_table
from coursekit.grading.intake.topics import item_names, lesson_called
from coursekit.grading.result import Item, Mark, Result, number
from coursekit.grading.rules import BadRule, near

EVERYBODY, TOTAL = "everybody", "total"
FULL, OUT = "full", "out"
CHANGE = re.compile(r"(?P<sign>\+|-|plus |minus )?\s*(?P<points>\d{1,4}(?:[.,]\d{1,2})?)")


@dataclass(frozen=True)
class Decision:
    """A row of the table: the points of an item, or of a whole lesson, as a person has decided."""

    student: str  # or EVERYBODY
    lesson: str
    item: str  # or TOTAL
    points: Decimal | None  # None: full points, or left out
    word: str  # "", "plus", "minus", FULL or OUT
    reason: str
    who: str
    place: str  # the file and the line

    def of(self, before: Decimal, most: Decimal | None) -> Decimal:
        """What becomes of points. An item has at least 0 and at most its maximum, a total at least 0."""
        if self.points is None:
            return most or before
        sign = {"plus": 1, "minus": -1}.get(self.word)
        after = max(self.points if sign is None else before + sign * self.points, Decimal(0))
        return after if most is None else min(after, most)

    def told(self, before: str) -> str:
        """The sentence about it."""
        return f"{self.who} decided so, before it was {before}: {self.reason}"


@dataclass(frozen=True)
class Adjustments:
    """All that was decided. What is decided for everybody comes first, then what is decided for one."""

    decisions: tuple[Decision, ...] = ()

    def items(self, result: Result) -> Result:
        """The result with the points of its items as they were decided."""
        own = [made for made in self._of(result.student, result.lesson) if made.item != TOTAL]
        if not own:
            return result
        items = {item.name: item for item in result.items}
        for made in own:
            if made.item in items:
                items[made.item] = _adjusted(items[made.item], made)
        return replace(result, items=tuple(items.values()))

    def total(self, mark: Mark) -> Mark:
        """The mark with the points of the lesson as they were decided, after all other rules."""
        for made in self._of(mark.student, mark.lesson):
            if made.item == TOTAL:
                points = made.of(Decimal(str(mark.points)), None)
                words = "; ".join(filter(None, [mark.adjusted, made.told(number(mark.points) or "0")]))
                mark = replace(mark, points=float(points), adjusted=words)
        return mark

    def rows(self) -> list[dict[str, str]]:
        """The decisions as the table has them."""
        return [
            {
                "student": made.student, "lesson": made.lesson, "item": made.item,
                "points": " ".join([made.word, *([] if made.points is None else [str(made.points)])]).strip(),
                "reason": made.reason, "who": made.who,
            }
            for made in self.decisions
        ]  # fmt: skip

    def unmatched(self, students: Iterable[str]) -> list[str]:
        """A line for each decision about somebody who handed in nothing, which therefore does nothing."""
        known = {EVERYBODY, *students}
        return [
            f"{made.place}: nothing was handed in by {made.student!r}"
            for made in self.decisions
            if made.student not in known
        ]

    def _of(self, student: str, lesson: str) -> list[Decision]:
        own = [made for made in self.decisions if made.lesson == lesson]
        return [made for who in (EVERYBODY, student) for made in own if made.student == who]


def read_adjustments(file: Path, student_called: Callable[[str], str]) -> Adjustments:
    """The decisions of a table with student, lesson, item, points, reason and who.

    `student_called` finds the student whom a cell means, and raises ValueError where there is none.

    Raises
    ------
    BadTable: a column or a reason is missing, there is no such student, lesson or item, or a row stands twice. All rows are
    looked at, and the message has a line for each that is wrong.
    """
    table = read_table(file)
    names = ("student", "lesson", "points", "reason", "who")
    student, lesson, points, reason, who = map(table.needed, names)
    item, lines, made = table.column("item"), dict[tuple[str, str, str], int](), list[Decision]()
    wrong = list[str]()
    for line, row in table.rows:
        with noted(wrong), table.errors_at(line):
            topic = lesson_called(row[lesson])
            named = (row[item] if item is not None else "") or TOTAL
            if named != TOTAL and named not in item_names(topic):
                raise BadRule(
                    f"lesson {topic} has no exercise or question {named!r}, and for the lesson say {TOTAL}"
                    + near(named, item_names(topic))
                )
            for column in (reason, who):
                if not row[column]:
                    raise BadRule(f"the column {table.header[column]!r} is empty: say who decided, and why")
            everybody = row[student].lower() == EVERYBODY
            person = EVERYBODY if everybody else student_called(row[student])
            if (before := lines.setdefault((person, topic, named), line)) != line:
                raise BadRule(f"line {before} is about the same: keep one")
            amount, word = _change(row[points], named)
            place = f"{file}, line {line}"
            made.append(Decision(person, topic, named, amount, word, row[reason], row[who], place))
    if wrong:
        raise BadTable("\n".join(wrong))
    return Adjustments(tuple(made))


def _change(text: str, item: str) -> tuple[Decimal | None, str]:
    """The points of a cell, and whether they are added, taken off, or are what counts."""
    plain = text.strip().lower()
    if plain in (FULL, OUT) and item != TOTAL:
        return None, plain
    found = CHANGE.fullmatch(plain)
    if not found:
        more = f", {FULL} or {OUT}" if item != TOTAL else ""
        raise BadRule(f"{text!r} is no change of points: write 2, plus 1, minus 0.5{more}")
    sign = {"+": "plus", "-": "minus"}.get(found["sign"] or "", (found["sign"] or "").strip())
    return Decimal(found["points"].replace(",", ".")), sign


def _adjusted(item: Item, made: Decision) -> Item:
    told = made.told("not graded" if item.points is None else f"{number(item.points)} of {item.max}")
    sentence = f"{item.sentence} ({told})" if item.sentence else f"{told[:1].upper()}{told[1:]}"
    if made.word == OUT:
        return replace(item, points=None, status="not graded", sentence=sentence)
    points = made.of(Decimal(str(item.points or 0)), Decimal(item.max))
    status = "passed" if points == item.max else "partly right" if points else item.status
    status = "failed" if status in ("passed", "partly right", "not graded") and not points else status
    return replace(item, points=float(points), status=status, sentence=sentence)

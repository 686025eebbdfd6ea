"""How the rules of a course are written: a penalty, a time, a length of time, the name of an exercise."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from coursekit.grading.intake.topics import item_names, lesson_called
from nnutils.checks.catalogue import lessons
from nnutils.words import counted

MINUTES = {"week": 10_080, "day": 1_440, "hour": 60, "minute": 1}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|mins?|m)", re.IGNORECASE)
RATE = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*(?:/|per)\s*(week|day|hour|min(?:ute)?)", re.IGNORECASE)
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
EXAMPLE = "write it like 10%/day or 10%/day,max=50%,grace=15min, or 10% for any lateness"


class BadRule(ValueError):
    """A rule makes no sense; the message says how to write it."""


@dataclass(frozen=True)
class LateRule:
    """What lateness costs: `percent` of the points for each unit that has begun, at most `most` percent.

    Who is late by no more than `grace` loses nothing; who is later is late from the deadline on. `marked` is what somebody
    loses of whom it is only known that they are late.
    """

    percent: Decimal
    unit: str  # a key of MINUTES; empty: however late
    most: Decimal = Decimal(100)
    grace: timedelta = timedelta()
    marked: Decimal | None = None

    def of_mark(self) -> tuple[Decimal, str]:
        """The same, where a platform only marks that somebody is late."""
        if self.marked is None:
            return Decimal(0), "late, as Canvas says; by how much is not known: nothing off"
        return self.marked / 100, f"late, as Canvas says: {_percent(self.marked)} off"

    def applied(self, late: timedelta) -> tuple[Decimal, str]:
        """The share of the points that a lateness costs, and the sentence about it."""
        if late <= self.grace:
            words = f"{duration(late)} late: within the grace of {duration(self.grace)}, nothing off"
            return Decimal(0), words
        if not self.unit:
            return self.percent / 100, f"{duration(late)} late: {_percent(self.percent)} off"
        begun = math.ceil(late / timedelta(minutes=MINUTES[self.unit]))
        percent = min(self.percent * begun, self.most)
        capped = ", the most that lateness costs" if self.percent * begun > self.most else ""
        by, counts_as = duration(late), counted(begun, self.unit)
        words = f"{by} late" if by == counts_as else f"{by} late, which counts as {counts_as}"
        return percent / 100, f"{words}: {_percent(percent)} off{capped}"


def parse_late(text: str) -> LateRule:
    """The rule that a text like 10%/day,max=50%,grace=15min,marked=20% says, or 10% alone for any lateness.

    Raises
    ------
    BadRule: it says none.
    """
    first, *others = (part.strip() for part in text.split(","))
    rate = RATE.fullmatch(first)
    if not (found := rate or SHARE.fullmatch(first)):
        raise BadRule(f"{first!r} is no penalty for lateness: {EXAMPLE}")
    percent = Decimal(found[1])
    most, grace, marked = Decimal(100), timedelta(), None if rate else percent
    for other in others:
        key, _, value = (part.strip() for part in other.partition("="))
        if key == "max" and (share := SHARE.fullmatch(value)):
            most = Decimal(share[1])
        elif key == "marked" and (share := SHARE.fullmatch(value)):
            marked = Decimal(share[1])
        elif key == "grace":
            grace = parse_length(value)
        else:
            raise BadRule(
                f"{other!r} in a penalty for lateness is neither max=…%, marked=…% nor grace=…: {EXAMPLE}"
            )
    if max(percent, most, marked or 0) > 100:
        raise BadRule(f"more than 100 % cannot be taken off: {EXAMPLE}")
    return LateRule(percent, _unit(rate[2]) if rate else "", most, grace, marked)


def parse_length(text: str) -> timedelta:
    """A length of time such as 15min, 2 h, 1day or 1day 12h.

    Raises
    ------
    BadRule: it is none.
    """
    if not text or LENGTH.sub("", text).strip():
        raise BadRule(f"{text!r} is no length of time: write it like 15min, 2h or 1day")
    parts = [float(number) * MINUTES[_unit(unit)] for number, unit in LENGTH.findall(text)]
    return timedelta(minutes=sum(parts))


def parse_time(text: str, zone: tzinfo | None = None) -> datetime:
    """A moment in ISO 8601, with its time zone; where it names none, `zone` is meant.

    Raises
    ------
    BadRule: it is none, has no time of day, or no zone is known.
    """
    example = "2026-12-01T23:59" if zone else "2026-12-01T23:59+01:00"
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRule(f"{text!r} is no time: write it like {example}") from None
    if ":" not in text:
        raise BadRule(f"{text!r} has no time of day: write it like {example}")
    if moment.tzinfo is None and zone is None:
        raise BadRule(f"{text!r} has no time zone: write it like {example}, or with Z for UTC")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def zone_called(name: str) -> tzinfo:
    """The time zone of a name such as Asia/Seoul, which knows summer time, or of an offset such as +09:00.

    Raises
    ------
    BadRule: there is none of this name.
    """
    if offset := OFFSET.fullmatch(name.strip()):
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if length < timedelta(days=1):
            return timezone(-length if offset[1] == "-" else length)
    known = available_timezones()
    if name.strip() in known:
        return ZoneInfo(name.strip())
    guess = near(name, known) or near(name, {zone.rpartition("/")[2]: zone for zone in sorted(known)})
    raise BadRule(f"there is no time zone {name!r}: write it like Asia/Seoul, or like +09:00{guess}")


def items_called(name: str) -> frozenset[tuple[str, str]]:
    """The (topic, item) of an exercise or question, named alone or as lesson.exercise; several if lessons share the name.

    Raises
    ------
    BadRule: there is none of that name. UnknownLesson: there is no such lesson.
    """
    lesson, _, item = name.strip().rpartition(".")
    topics = {lesson_called(lesson)} if lesson else {*lessons()}
    known = {(topic, name) for topic in topics for name in item_names(topic)}
    meant = {(topic, item) for topic in topics} & known
    if not meant:
        where = f" in lesson {lesson}" if lesson else ""
        guess = near(item, {item for _, item in known})
        raise BadRule(f"there is no exercise or question {item!r}{where}{guess}")
    return frozenset(meant)


def points_called(points: Mapping[str, int], leave_out: Iterable[str]) -> dict[tuple[str, str], int]:
    """(topic, item) → its points in this course; 0 of what is left out.

    Raises
    ------
    BadRule, UnknownLesson: a name means nothing, or an item is named twice.
    """
    found = dict[tuple[str, str], int]()
    for name, most in [*points.items(), *((name, 0) for name in leave_out)]:
        for item in items_called(name):
            if found.setdefault(item, most) != most:
                raise BadRule(f"{name!r} is named twice, with other points or in leave_out: keep one")
    return found


def near(name: str, known: Iterable[str] | Mapping[str, str]) -> str:
    """The question whether a name was meant that looks like this one; empty if there is none. A mapping has what to propose."""
    found = difflib.get_close_matches(name.casefold(), alike := {one.casefold(): one for one in known}, n=1)
    if not found:
        return ""
    meant = alike[found[0]]
    return f"; did you mean {known[meant] if isinstance(known, Mapping) else meant!r}?"


def duration(length: timedelta) -> str:
    """A length of time in words, of two units at most: 2 days, 1 day 3 hours, 20 minutes."""
    minutes = math.ceil(length.total_seconds() / 60)
    parts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    words = [counted(number, unit) for unit, number in parts.items() if number]
    return " ".join(words[:2]) or "0 minutes"


def _percent(number: Decimal) -> str:
    return f"{number.normalize():f} %"


def _unit(text: str) -> str:
    """The unit that a text such as d, Days or min means."""
    return next(unit for unit in MINUTES if unit[0] == text[0].lower())

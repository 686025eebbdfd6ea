"""The class: who hands in what, when and how, and what is true of it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.answers import Answer, answers
from coursekit.grading.rehearsal.habits import copied, in_own_hand
from coursekit.grading.rehearsal.notebooks import BROKEN, ODD, PLAIN, Form, filled
from coursekit.grading.rehearsal.people import Student, students

DEADLINE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
RULE = "10%/day,max=50%,grace=15min"
LATE = (  # how late, in words, and the share that RULE takes
    (timedelta(hours=3), "3 hours late", Decimal("0.1")),
    (timedelta(days=1, hours=12), "a day and a half late", Decimal("0.2")),
    (timedelta(days=9), "9 days late", Decimal("0.5")),
    (timedelta(minutes=10), "10 minutes late", Decimal(0)),
)
COPIED, UNFINISHED = 0.5, 0.2  # the share of right answers in work that is copied, and in a first try


@dataclass(frozen=True)
class Work:
    """What one student handed in for one lesson, and what is true of it."""

    student: Student
    topic: str
    file: str  # the student's own name for it
    content: bytes
    submitted: datetime
    answers: tuple[Answer, ...]  # of a file that cannot be read, none
    form: Form = PLAIN
    late: str = ""  # in words
    share_off: Decimal = Decimal(0)  # what the late rule takes
    copy_of: Student | None = None
    first: Work | None = None  # what was handed in before, and replaced

    @property
    def readable(self) -> bool:
        return self.form.readable

    @property
    def earned(self) -> Decimal:
        """The points before the late rule."""
        return sum(
            (Decimal(str(answer.points)) for answer in self.answers if answer.points is not None), Decimal(0)
        )

    def mark(self, times_known: bool, marked: Decimal = Decimal(0)) -> Decimal:
        """The points that count. `marked` is the share that is taken where it is only known that it is late."""
        share = self.share_off if times_known else marked if self.late else Decimal(0)
        return (self.earned * (1 - share)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def remarks(self) -> list[str]:
        """What is special about it, in words."""
        again = "handed in again" if self.first else ""
        copy = f"copied from {self.copy_of.login}" if self.copy_of else ""
        return [text for text in (self.form.words, self.late, again, copy) if text]


@dataclass(frozen=True)
class Classroom:
    """The students, and what they handed in."""

    students: tuple[Student, ...]
    topics: tuple[str, ...]
    works: tuple[Work, ...]

    def of(self, topic: str) -> list[Work]:
        """What was handed in for a lesson."""
        return [work for work in self.works if work.topic == topic]


def classroom(count: int, topics: Sequence[str], seed: int = 0) -> Classroom:
    """A class of so many students. With the same arguments it is the same class."""
    rng = random.Random(f"class {seed}")
    people = students(count, rng)
    present = people[: count - max(1, count // 15)]  # the last ones hand in nothing
    skills = {student: rng.choice((0.95, 0.8, 0.6, 0.4)) for student in present}
    drawn = rng.sample(present, 2 * max(1, count // 15))
    copies = dict(zip(drawn[::2], drawn[1::2], strict=True))  # who copies → from whom, in all lessons
    skills |= dict.fromkeys(copies.values(), COPIED)
    works = [work for topic in topics for work in _lesson(topic, present, skills, copies, seed)]
    return Classroom(tuple(people), tuple(topics), tuple(works))


def _lesson(
    topic: str,
    present: Sequence[Student],
    skills: Mapping[Student, float],
    copies: Mapping[Student, Student],
    seed: int,
) -> Iterator[Work]:
    """What the class hands in for a lesson."""
    rng = random.Random(f"{topic} {seed}")
    roles = _roles(present, [*copies, *copies.values()], rng)
    written = {student: _written(topic, skills[student], seed, student) for student in present}
    for student in present:
        source, first = copies.get(student), None
        own = written[source] if source else written[student]
        if source:
            own = [
                replace(answer, source=copied(answer.source, rng)) if answer.source else answer
                for answer in own
            ]
        if student in roles.again:
            before = _written(topic, UNFINISHED, seed + 1, student)
            first = _work(student, topic, before, PLAIN, rng, timedelta(hours=-100))
        work = _work(student, topic, own, roles.forms.get(student, PLAIN), rng, timedelta())
        if student in roles.late:
            by, words, share = roles.late[student]
            work = replace(work, submitted=DEADLINE + by, late=words, share_off=share)
        yield replace(work, copy_of=source, first=first)


@dataclass(frozen=True)
class _Roles:
    """Who does what in one lesson."""

    forms: dict[Student, Form]
    late: dict[Student, tuple[timedelta, str, Decimal]]
    again: set[Student]


def _roles(present: Sequence[Student], copying: Sequence[Student], rng: random.Random) -> _Roles:
    others = [student for student in present if student not in copying]
    rng.shuffle(others)
    some = max(1, round(len(present) / 10))
    broken, rest = others[:some], others[some:]
    forms = dict(zip(broken, itertools.cycle(BROKEN), strict=False))
    forms |= dict(zip(rest[: 1 + len(rest) // 2], rng.sample(ODD, len(ODD)), strict=False))
    late = rng.sample([*rest, *copying], min(len(present) - some, max(2, len(present) // 6)))
    return _Roles(forms, dict(zip(late, itertools.cycle(LATE), strict=False)), {*rest[-some:]})


def _written(topic: str, skill: float, seed: int, student: Student) -> list[Answer]:
    """A student's answers, each in their own hand."""
    rng = random.Random(f"{topic} {seed} {student.number}")
    return [
        replace(answer, source=in_own_hand(answer.source, rng)) if answer.source else answer
        for answer in answers(topic, skill, rng)
    ]


def _work(
    student: Student, topic: str, own: Sequence[Answer], form: Form, rng: random.Random, shift: timedelta
) -> Work:
    notebook, name = filled(topic, own, rng), file_name(topic)
    file, content = form.save(notebook, name)
    before = timedelta(minutes=rng.randrange(30, 70 * 60))
    known = tuple(own) if form.readable else ()
    return Work(student, topic, file, content, DEADLINE - before + shift, known, form)

"""The command line of `course.py grade`: all its options, with their types, their defaults and their help."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from coursekit.grading.engine.task import SANDBOX, Settings
from coursekit.grading.intake.topics import lesson_called

DESCRIPTION = """\
Grade the notebooks of a class. Each answer runs in a process of its own that knows no
solution; its results are compared here. A run that is killed goes on where it was when it
is started again, and only what has changed since is graded anew. Nothing among the
submissions is changed. What holds for a whole term (deadlines, extensions, what counts)
stands in course.toml; an option of the command line goes before it.
"""
EPILOG = """\
examples:
  python3 course.py grade submissions --out graded
  python3 course.py grade submissions --out graded --dry-run
  python3 course.py grade canvas.zip --out graded --seed-secret "$(cat secret.txt)" --jobs 8
  python3 course.py grade submissions --out graded --regrade dropout

files below DIR:
  grades.csv        a row for each student and lesson, a column for each exercise
  feedback/         a page of HTML for each student; feedback.zip holds them all, and
                    feedback-moodle-NN_topic.zip and feedback-canvas-NN_topic.zip are what
                    these platforms take back, if the notebooks come from there
  code/             a page for each student with what they wrote; alike/ has a page for each
                    pair of students whose work is alike. Both are for the staff alone
  report.html       what the class got right and wrong, for the staff
  log.jsonl         a line for each graded notebook: what everything else is made of;
                    keep it, and a later run grades only what is new or changed

exit codes:
  0    every submission was graded
  1    some could not be read, or the grader failed on them; a file or page could not be
       written, or the disk is full; a wall of the sandbox is missing
  2    wrong usage, nothing to grade, no worker can be started, or another run is writing
       to DIR
  3    --sandbox required, and this machine has not got it; or it has no walls at all, and
       --sandbox off was not said
  130  stopped with Ctrl-C; the same command goes on from there
"""
HELP = """
what to grade
    SUBMISSIONS: a folder with one folder a student, nbgrader's `submitted`, an LMS's folder or zip file, or one notebook
    --out DIR: where everything is written
    --config FILE: the rules of the course (default: the course.toml that lies beside DIR, if there is one)
    --roster FILE: a CSV of the course's students: names, ids, and a row for who submitted nothing
    --regrade WHAT: grade again although nothing changed: all, or the name of a lesson or an exercise; may be repeated
    --dry-run: say what would be graded, and write nothing
rules of the course
    --deadline TIME: 2026-12-01T23:59+01:00 for all lessons, or LESSON=TIME for one (repeat)
    --late RULE: what lateness costs: 10%%/day, or 10%%/day,max=50%%,grace=15min, or 10%% for any lateness; marked=20%% is \
for what Canvas only marks as LATE
    --times [LESSON=]FILE: when notebooks were handed in: Moodle's grading worksheet, Canvas' submissions, GitHub \
Classroom's grades, or a CSV with student, lesson and submitted; may be repeated
    --adjust FILE: a CSV of what a person has decided: student (or everybody), lesson, item (or total), points (2, plus 1, \
minus 0.5, full, out), reason and who
files for learning platforms
    --canvas FILE: fill in this gradebook export of Canvas: DIR/canvas.csv
    --blackboard FILE: fill in this gradebook that Blackboard let you download: DIR/blackboard.csv (or .xls)
    --brightspace FILE: fill in this grades export of Brightspace: DIR/brightspace.csv
    --sheet FILE: fill in any table of students, such as Google Classroom's sheet: DIR/sheet.csv
    --moodle [LESSON=]FILE: fill in this grading worksheet of Moodle, one for each lesson: DIR/moodle-NN_topic.csv
    --nbgrader FILE: the gradebook.db of nbgrader 0.9.6 in its course folder, and beside it what formgrader shows
how
    --seed-secret TEXT: give each student cases of their own, which follow from this text and their name; the environment \
variable NNUTILS_SEED_SECRET does the same and is in no list of processes
    --time-limit SECONDS: CPU seconds for one exercise (default: 10); by the clock up to 20 times that, for busy machines
    --memory-limit MB: for one submission (default: 1024)
    --sandbox {best,required,off}: best: the walls that the machine has, and exit code 1 where one is missing, 3 where all \
are; required: all of them or exit code 3; off: only limits (default: best)
class report
    --anonymous: also write DIR/report-anonymous.html, which names nobody, for showing it to the class
    --compare-with PATH: an earlier term's log.jsonl: DIR/report.html lists pairs across terms, too; a folder or zip of that \
term's submissions besides shows the code of both; may be repeated
machines
    --jobs N: worker processes (default: the processors here)
    --scheduler ADDRESS: grade on the Dask cluster whose scheduler is at ADDRESS, as tcp://host:8786; needs Dask here and \
on its workers: pip install 'distributed>=2025.1'
"""
ALL_LESSONS = ""  # the key of a deadline that holds for every lesson without one of its own
NO_RULES: Mapping[str, Any] = {}


def positive(text: str) -> float:
    """A number above 0, for argparse."""
    value = float(text)
    if not 0 < value < 1e6:
        raise ValueError
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 < value <= 1024:
        raise ValueError
    return value


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Options:
    """All that a run is told, by the command line and by course.toml. HELP and `course_file.KEYS` explain the options."""

    submissions: Path
    out: Path
    config: Path | None = None  # the course.toml that was read
    roster: Path | None = None
    regrade: list[str] = field(default_factory=list)
    dry_run: bool = False
    deadlines: dict[str, str] = field(default_factory=dict)  # lesson, or ALL_LESSONS → time
    late: str | None = None
    timezone: str | None = None  # of times that name none
    extensions: Path | None = None
    times: list[str] = field(default_factory=list)
    date_format: str | None = None
    adjust: Path | None = None
    extra: list[str] = field(default_factory=list)
    leave_out: list[str] = field(default_factory=list)
    points: dict[str, int] = field(default_factory=dict)  # exercise or question → its points
    file_times: bool = False
    anonymous: bool = False
    compare_with: list[str] = field(default_factory=list)
    canvas: Path | None = None
    blackboard: Path | None = None
    brightspace: Path | None = None
    sheet: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)  # lesson → its column in a platform's gradebook
    moodle: list[str] = field(default_factory=list)
    moodle_import: bool = False
    nbgrader: Path | None = None
    seed_secret: str | None = None
    time_limit: float = 10
    memory_limit: float = 1024
    sandbox: str = SANDBOX[0]
    jobs: int = _cores()
    scheduler: str | None = None

    @classmethod
    def of(cls, parsed: argparse.Namespace, rules: Mapping[str, Any] = NO_RULES) -> Options:
        """What the command line says goes before `rules`, which course.toml says, and these before the defaults.

        A deadline for all lessons replaces those of the file; one for a single lesson is added to them.

        Raises
        ------
        UnknownLesson: a deadline is for a lesson that does not exist. It is a ValueError.
        """
        known = {option.name for option in fields(cls)}
        said = {name: value for name, value in vars(parsed).items() if name in known}
        due = dict(map(_deadline, getattr(parsed, "deadline", ())))
        if due:
            said["deadlines"] = due if ALL_LESSONS in due else {**rules.get("deadlines", {}), **due}
        return cls(**{**rules, **said})

    @property
    def settings(self) -> Settings:
        """The options that decide scores."""
        secret = self.seed_secret or os.environ.get("NNUTILS_SEED_SECRET") or None
        return Settings(self.time_limit, int(self.memory_limit * 2**20), secret, self.sandbox)


def files_named(texts: Iterable[str]) -> list[tuple[str | None, Path]]:
    """Files, each with its lesson if that stands before it, as 4=FILE.

    Raises
    ------
    UnknownLesson: there is no such lesson. It is a ValueError.
    """
    found = list[tuple[str | None, Path]]()
    for text in texts:
        lesson, equals, file = text.partition("=")
        named = equals and not Path(text).exists()
        found.append((lesson_called(lesson), Path(file)) if named else (None, Path(text)))
    return found


def _deadline(text: str) -> tuple[str, str]:
    """The lesson and the time of a --deadline."""
    lesson, equals, time = text.rpartition("=")
    return lesson_called(lesson) if equals else ALL_LESSONS, time


KINDS: dict[str, dict[str, Any]] = {  # what argparse needs to know of an option besides the type of its field
    "submissions": {"type": Path},
    "out": {"type": Path, "required": True},
    "deadline": {"action": "append"},
    "time_limit": {"type": positive},
    "memory_limit": {"type": positive},
    "sandbox": {"choices": SANDBOX},
    "jobs": {"type": _count},
}
TYPES: dict[str, dict[str, Any]] = {
    "bool": {"action": "store_true"},
    "list[str]": {"action": "append"},
    "Path | None": {"type": Path},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `course.py grade`, in groups, and the manual page around them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    types, group = {option.name: str(option.type) for option in fields(Options)}, cast(Any, parser)
    for line in HELP.strip().splitlines():
        head, colon, text = line.strip().partition(": ")
        if not colon:
            group = parser.add_argument_group(head)
            continue
        flag, _, value = head.partition(" ")
        name = flag.strip("-").replace("-", "_").lower()
        words: dict[str, Any] = {"metavar": value or flag} if value or not flag.startswith("-") else {}
        words |= {"default": argparse.SUPPRESS}  # what was not said leaves the place to course.toml
        words |= KINDS.get(name) or TYPES.get(types[name], {})
        group.add_argument(flag if flag.startswith("-") else name, help=text, **words)

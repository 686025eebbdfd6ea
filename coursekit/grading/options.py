"""The command line of `course.py grade`: all its options, with their types, their defaults and their help."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from coursekit.grading.engine.task import SANDBOX, Settings
from coursekit.grading.intake.topics import lesson_called

USAGE = "python3 course.py grade SUBMISSIONS --out DIR [options]"
DESCRIPTION = """\
Grade the notebooks of a class. Each answer runs in a process of its own, which knows no
solution. Nothing among the submissions is changed. A run that was stopped goes on with
the same command, and only what is new or has changed is graded. What holds for the whole
term stands in a file course.toml; an option goes before it. docs/instructors.md says more.
"""
EPILOG = """\
examples:
  python3 course.py grade submissions --out graded
  python3 course.py grade submissions --out graded --dry-run
  python3 course.py grade canvas.zip --out graded --roster gradebook.csv --canvas gradebook.csv
  python3 course.py grade submissions --out graded --regrade dropout

files below DIR, for students:
  feedback/         a page for each student; feedback.zip has all of them, and
                    feedback-moodle-NN_topic.zip and feedback-canvas-NN_topic.zip are for
                    these platforms, if the notebooks come from there
files below DIR, for the staff:
  report.html       what the class got right and wrong; report-anonymous.html names nobody
  grades.csv        a row for each student and lesson, a column for each exercise
  code/, alike/     what each student wrote, and pairs of students whose work is alike
  log.jsonl         what all of this is made of: keep it for the next run

exit codes:
  0    every submission was graded
  1    some could not be read or graded, a file could not be written, the disk is full, or
       a wall of the sandbox is missing
  2    wrong usage, nothing to grade, no worker can be started, or another run is writing
       to DIR
  3    no sandbox: --sandbox required, and a wall is missing; or there is no wall at all
       and you did not say --sandbox off
  130  stopped with Ctrl-C
"""
HELP = """
what to grade
    SUBMISSIONS: a folder with a folder for each student, what a learning platform lets you download (a folder or a zip), \
or one notebook
    --out DIR: where everything is written
    --roster FILE: a CSV of the course's students: who handed in nothing gets a row, too
    --config FILE: the rules of the course (default: the course.toml that lies beside DIR, if there is one)
    --regrade WHAT: grade again although nothing changed: all, a lesson or an exercise (repeat it for several)
    --dry-run: say what would be graded, and write nothing
rules
    --deadline TIME: 2026-12-01T23:59+01:00 for all lessons, or LESSON=TIME for one (repeat it for others)
    --late RULE: what lateness costs: 10%%/day, or 10%%/day,max=50%%,grace=15min, or 10%% for any lateness; marked=20%% is \
for what Canvas only marks as LATE
    --times [LESSON=]FILE: when notebooks were handed in: Moodle's grading worksheet, Canvas' submissions, GitHub \
Classroom's grades, or a CSV with student, lesson and submitted (repeat it for several)
    --adjust FILE: a CSV of what a person has decided about points: student, lesson, item, points, reason, who
files for platforms, which fill in what the platform exported
    --canvas FILE: Canvas' gradebook: DIR/canvas.csv
    --moodle [LESSON=]FILE: Moodle's grading worksheet, one for each lesson: DIR/moodle-NN_topic.csv
    --blackboard FILE: Blackboard's gradebook: DIR/blackboard.csv (or .xls)
    --brightspace FILE: Brightspace's grades: DIR/brightspace.csv
    --sheet FILE: any table of students, such as Google Classroom's sheet: DIR/sheet.csv
    --nbgrader FILE: the gradebook.db of a course folder of nbgrader 0.9.6, and what its formgrader shows
class report
    --compare-with PATH: the log.jsonl of an earlier term: pairs across terms are listed, too; with a folder or zip of that \
term's submissions, also the code of both (repeat it for several)
how
    --seed-secret TEXT: give each student cases of their own, which follow from this text and their name; better set the \
environment variable NNUTILS_SEED_SECRET, which is in no list of processes
    --time-limit SECONDS: CPU seconds for one exercise (default: 10); by the clock up to 20 times as long
    --memory-limit MB: for one submission (default: 1024)
    --sandbox {best,required,off}: best: the walls that this machine has; required: all walls or nothing; off: only limits \
(default: best)
    --jobs N: worker processes (default: the processors here)
    --scheduler ADDRESS: grade on a Dask cluster; ADDRESS is its scheduler's, such as tcp://host:8786
"""
ALL_LESSONS = ""  # the key of a deadline that holds for every lesson without one of its own
NO_RULES: Mapping[str, Any] = {}
MOST, MOST_JOBS = 1_000_000, 1_024


def positive(text: str) -> float:
    """A number above 0, for argparse."""
    with contextlib.suppress(ValueError):
        if 0 < float(text) < MOST:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number above 0 and below {MOST}")


def processes(text: str) -> int:
    """A number of worker processes, for argparse."""
    with contextlib.suppress(ValueError):
        if 0 < int(text) <= MOST_JOBS:
            return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST_JOBS}")


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
    "jobs": {"type": processes},
}
TYPES: dict[str, dict[str, Any]] = {
    "bool": {"action": "store_true"},
    "list[str]": {"action": "append"},
    "Path | None": {"type": Path},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `course.py grade`, in groups, and the manual page around them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.usage, parser.description, parser.epilog = USAGE, DESCRIPTION, EPILOG
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

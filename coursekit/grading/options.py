"""The command line of `course.py grade`: all its options, with their types, their defaults and their help."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from coursekit.grading.engine.shards import Shard
from coursekit.grading.engine.task import EXECUTE, SANDBOX, Settings

DESCRIPTION = """\
Grade the notebooks of a class. Each answer runs in a process of its own that knows no
solution; its results are compared here. A run that is killed goes on where it was when it
is started again, and only what has changed since is graded anew. Nothing among the
submissions is changed.
"""
EPILOG = """\
examples:
  python3 course.py grade submissions --out graded
  python3 course.py grade submissions --out graded --dry-run
  python3 course.py grade canvas.zip --out graded --seed-secret "$(cat secret.txt)" --jobs 8
  python3 course.py grade submissions --out graded --regrade dropout
  python3 course.py grade submissions --out /shared/graded --shard "$TASK/20"    (on 20 machines)
  python3 course.py grade --merge /shared/graded --out final

files below DIR:
  grades.csv        a row for each student and lesson, a column for each exercise
  feedback/         a page of HTML for each student; feedback.zip holds them all, and
                    feedback-moodle-NN_topic.zip and feedback-canvas-NN_topic.zip are what
                    these platforms take back, if the notebooks come from there
  report.html       what the class got right and wrong
  log.jsonl         a line for each graded notebook: what everything else is made of;
                    keep it, and a later run grades only what is new or changed
  log-i-of-n.jsonl  the same for one shard, with shard-i-of-n.json once it has ended

exit codes:
  0    every submission was graded
  1    some could not be read, or the grader failed on them; a file or page could not be
       written, or the disk is full; a wall of the sandbox or a shard is missing
  2    wrong usage, nothing to grade, no worker can be started, or another run is writing
       to DIR
  3    --sandbox required, and this machine has not got it; or it has no walls at all, and
       --sandbox off was not said
  130  stopped with Ctrl-C; the same command goes on from there
"""
HELP = """
what to grade
    SUBMISSIONS: a folder with one folder a student, nbgrader's `submitted`, an LMS's folder or zip file, one notebook; \
with --merge, the folders with the shards' logs
    --shard I/N: only the I-th of N parts, from 1
    --merge: grade nothing: join the shards' logs and write all outputs
    --regrade WHAT: grade again although nothing changed: all, or the name of a lesson or an exercise; may be repeated
    --dry-run: say what would be graded, and write nothing
    --roster FILE: a CSV of the course's students: names, ids, and a row for who submitted nothing
    --use-mtime: where nothing else tells when a notebook was handed in, believe its file's time (a copy may change it)
how
    --seed-secret TEXT: give each student cases of their own, which follow from this text and their name; the environment \
variable NNUTILS_SEED_SECRET does the same and is in no list of processes
    --time-limit SECONDS: CPU seconds for one exercise (default: 10); by the clock up to 20 times that, for busy machines
    --memory-limit MB: for one submission (default: 1024)
    --sandbox {best,required,off}: best: the walls that the machine has, and exit code 1 where one is missing, 3 where all \
are; required: all of them or exit code 3; off: only limits (default: best)
    --execute {answers,all}: answers: of a notebook only what an answer needs; all: every cell from top to bottom, for \
courses whose answers depend on each other's cells (default: answers)
rules of the course
    --deadline TIME: 2026-12-01T23:59+01:00 for all lessons, LESSON=TIME for one (repeat), or a CSV with lesson and deadline
    --late RULE: what lateness costs: 10%%/day, or 10%%/day,max=50%%,grace=15min, or 10%% for any lateness; marked=20%% is \
for what Canvas only marks as LATE
    --extensions FILE: a CSV with student, days and perhaps lesson (a roster's column extension_days does it, too)
    --times [LESSON=]FILE: when notebooks were handed in: Moodle's grading worksheet, Canvas' submissions (JSON), GitHub \
Classroom's grades, or a CSV with student, lesson and submitted, which is believed; may be repeated
    --adjust FILE: a CSV of what a person has decided: student (or everybody), lesson, item (or total), points (2, plus 1, \
minus 0.5, full, out), reason and who
    --extra NAME: an exercise or question (or lesson.exercise) that is extra credit: its points count, the maximum does not
times that a platform writes without a zone
    --time-zone ZONE: the zone that they are in, as Europe/Berlin (default: this machine's)
    --date-format FORM: how Moodle's worksheet writes them, if the month is not a word, as '%%d/%%m/%%Y, %%H:%%M'
output
    --out DIR: where everything is written
    --json: one JSON document on stdout instead of a sentence, for other programs
files for other programs
    --canvas FILE: fill in this gradebook export of Canvas: DIR/canvas.csv
    --canvas-column LESSON=NAME: the column of the export that is a lesson's (default: the one called as the lesson, else \
a new one)
    --moodle [LESSON=]FILE: fill in this grading worksheet of Moodle, one for each lesson: DIR/moodle-NN_topic.csv
    --moodle-import: a table for Moodle's grade import: DIR/moodle.csv
    --gradescope DIR: Gradescope's results.json for each notebook, as DIR/NN_topic/STUDENT/results.json
    --nbgrader FILE: a gradebook of nbgrader 0.9 (SQLite)
machines
    --jobs N: worker processes (default: the processors here)
    --scheduler ADDRESS: grade on the Dask cluster whose scheduler is at ADDRESS, as tcp://host:8786; needs Dask here and \
on its workers: pip install 'distributed>=2025.1'
"""


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise ValueError
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 < value <= 1024:
        raise ValueError
    return value


def _shard(text: str) -> Shard:
    try:
        return Shard.of_text(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no shard: write 2/5 for the second of five") from None


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line says; HELP explains each option."""

    submissions: list[Path]
    shard: Shard | None = None
    merge: bool = False
    regrade: list[str] = field(default_factory=list)
    dry_run: bool = False
    roster: Path | None = None
    use_mtime: bool = False
    seed_secret: str | None = None
    time_limit: float = 10
    memory_limit: float = 1024
    sandbox: str = SANDBOX[0]
    execute: str = EXECUTE[0]
    deadline: list[str] = field(default_factory=list)
    late: str | None = None
    extensions: Path | None = None
    times: list[str] = field(default_factory=list)
    time_zone: str | None = None
    date_format: str | None = None
    adjust: Path | None = None
    extra: list[str] = field(default_factory=list)
    out: Path
    json: bool = False
    canvas: Path | None = None
    canvas_column: list[str] = field(default_factory=list)
    moodle: list[str] = field(default_factory=list)
    moodle_import: bool = False
    gradescope: Path | None = None
    nbgrader: Path | None = None
    jobs: int = _cores()
    scheduler: str | None = None

    @classmethod
    def of(cls, parsed: argparse.Namespace) -> Options:
        """The options that a parser with `add_arguments` found; the others have the defaults of this class."""
        found = {option.name: getattr(parsed, option.name) for option in fields(cls)}
        return cls(**{name: value for name, value in found.items() if value is not None})

    @property
    def settings(self) -> Settings:
        """The options that decide scores."""
        secret = self.seed_secret or os.environ.get("NNUTILS_SEED_SECRET") or None
        memory = int(self.memory_limit * 2**20)
        return Settings(self.time_limit, memory, secret, self.sandbox, self.execute)


KINDS: dict[str, dict[str, Any]] = {  # what argparse needs to know of an option besides the type of its field
    "submissions": {"type": Path, "nargs": "+", "metavar": "SUBMISSIONS"},
    "shard": {"type": _shard},
    "time_limit": {"type": _positive},
    "memory_limit": {"type": _positive},
    "sandbox": {"choices": SANDBOX},
    "execute": {"choices": EXECUTE},
    "out": {"type": Path, "required": True},
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
        words: dict[str, Any] = {"metavar": value} if value else {}
        words |= KINDS.get(name) or TYPES.get(types[name], {})
        group.add_argument(flag if flag.startswith("-") else name, help=text, **words)

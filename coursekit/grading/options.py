"""The command line of `nnutils grade`, and what its help says."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import cast

from coursekit.grading import outputs, policy
from coursekit.grading.engine.shards import Shard
from coursekit.grading.engine.task import EXECUTE, SANDBOX, Settings
from coursekit.grading.intake import collect, roster

DESCRIPTION = """\
Grade the notebooks of a class. Each answer runs in a process of its own that knows no
solution; its results are compared here. A run that is killed goes on where it was when it
is started again, and only what has changed since is graded anew. Nothing among the
submissions is changed.
"""
EPILOG = """\
examples:
  nnutils grade submissions --out graded
  nnutils grade submissions --out graded --dry-run
  nnutils grade canvas.zip --out graded --seed-secret "$(cat secret.txt)" --jobs 8
  nnutils grade submissions --out graded --regrade dropout
  nnutils grade submissions --out /shared/graded --shard "$TASK/20"    (on 20 machines)
  nnutils grade --merge /shared/graded --out final

files below DIR:
  grades.csv        a row for each student and lesson, a column for each exercise
  feedback/         a page of HTML for each student
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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils grade` that belong to no part of it alone."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    what = parser.add_argument_group("what to grade")
    _what(what)
    roster.add_arguments(cast(argparse.ArgumentParser, what))  # a group takes arguments just as a parser does
    collect.add_arguments(cast(argparse.ArgumentParser, what))
    _how(parser.add_argument_group("how"))
    policy.add_arguments(parser)
    _output(parser.add_argument_group("output"))
    outputs.add_arguments(parser)
    _machines(parser.add_argument_group("machines"))


def settings_of(options: argparse.Namespace) -> Settings:
    """What the options say that decides scores."""
    secret = options.seed_secret or os.environ.get("NNUTILS_SEED_SECRET") or None
    memory = int(options.memory_limit * 2**20)
    return Settings(options.time_limit, memory, secret, options.sandbox, options.execute)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _what(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "submissions",
        type=Path,
        nargs="+",
        metavar="SUBMISSIONS",
        help="a folder with one folder a student, nbgrader's `submitted`, or an LMS's folder or zip file; "
        "with --merge, the folders with the shards' logs",
    )
    group.add_argument("--shard", type=_shard, metavar="I/N", help="only the I-th of N parts, from 1")
    group.add_argument(
        "--merge", action="store_true", help="grade nothing: join the shards' logs and write all outputs"
    )
    group.add_argument(
        "--regrade",
        action="append",
        default=[],
        metavar="WHAT",
        help="grade again although nothing changed: all, or the name of a lesson or an exercise; may be repeated",
    )
    group.add_argument("--dry-run", action="store_true", help="say what would be graded, and write nothing")


def _how(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--seed-secret",
        metavar="TEXT",
        help="give each student cases of their own, which follow from this text and their name; "
        "the environment variable NNUTILS_SEED_SECRET does the same and is in no list of processes",
    )
    group.add_argument(
        "--time-limit",
        type=_positive,
        default=10,
        metavar="SECONDS",
        help="CPU seconds for one exercise (default: 10); by the clock up to 20 times that, for busy machines",
    )
    group.add_argument(
        "--memory-limit",
        type=_positive,
        default=1024,
        metavar="MB",
        help="for one submission (default: 1024)",
    )
    group.add_argument(
        "--sandbox",
        choices=SANDBOX,
        default=SANDBOX[0],
        help="best: the walls that the machine has, and exit code 1 where one is missing, 3 where all are; required: all of them "
        "or exit code 3; off: only limits (default: best)",
    )
    group.add_argument(
        "--execute",
        choices=EXECUTE,
        default=EXECUTE[0],
        help="answers: of a notebook only what an answer needs; all: every cell from top to bottom, for courses whose "
        "answers depend on each other's cells (default: answers)",
    )


def _machines(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--jobs",
        type=_count,
        default=cores(),
        metavar="N",
        help="worker processes (default: the processors here)",
    )
    group.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="grade on the Dask cluster whose scheduler is at ADDRESS, as tcp://host:8786; "
        "needs Dask here and on its workers: pip install 'distributed>=2025.1'",
    )


def _output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--out", type=Path, required=True, metavar="DIR", help="where everything is written")
    group.add_argument(
        "--json",
        action="store_true",
        help="one JSON document on stdout instead of a sentence, for other programs",
    )


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

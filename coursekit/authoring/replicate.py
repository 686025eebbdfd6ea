"""`python3 course.py replicate`: do the claims of a lesson hold with other seeds, and how far do their values spread?"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from coursekit.authoring import digest, replication
from coursekit.authoring.execute import kernel_environment
from coursekit.authoring.lesson import Lesson, add_lessons, lessons
from coursekit.authoring.replication import FIRST, Data, Replicated, spans
from coursekit.authoring.rerun import Job, Measured
from nnutils.checks.errors import UnknownName
from nnutils.words import counted

NEXT = "next"
COMMAND = [sys.executable, "-m", "coursekit.authoring.rerun"]
LONGEST = 3600  # seconds that one set may take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py replicate`."""
    add_lessons(parser)
    add = parser.add_argument
    add("--sets", type=int, default=20, metavar="N", help="how many sets of seeds (default: %(default)s)")
    first = f"the first set, or {NEXT}: those after the kept ones (default: %(default)s); sets before {FIRST} are for authors: "
    add("--first", type=_first, default=FIRST, metavar="K", help=f"{first}their result is printed, not kept")
    add("--again", action="store_true", help="run sets that are kept, too")
    add("--keep", action="store_true", help="run nothing: write the page from what was measured before")


def _first(word: str) -> int | str:
    if word == NEXT:
        return word
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"it must be {NEXT} or a whole number from 0, not {word}")
    return int(word)


@dataclass(frozen=True)
class Plan:
    """A lesson, what of it runs, and with which sets."""

    lesson: Lesson
    cells: list[str]
    sentences: list[str]
    version: str  # of the cells
    code: str  # the version of nnutils
    sets: list[int]

    def run(self, number: int) -> Measured:
        """One set, in a process of its own and an empty folder.

        Raises
        ------
        RuntimeError: the process ended without a result.
        """
        job: Job = {"cells": self.cells, "set": number, "keras": any("keras" in cell for cell in self.cells)}
        settings: dict[str, Any] = {
            "capture_output": True,
            "text": True,
            "timeout": LONGEST,
            "encoding": "utf-8",
        }
        env = kernel_environment() | {"MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"}
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(COMMAND, input=json.dumps(job), cwd=folder, env=env, **settings)
        if done.returncode or not done.stdout.strip():
            raise RuntimeError(f"exit code {done.returncode}, last words: {done.stderr.strip()[-300:]}")
        measured: Measured = json.loads(done.stdout.splitlines()[-1])
        return measured


def run(options: argparse.Namespace) -> int:
    """Run, report, write; returns the exit code: 0 all hold in 19 of 20 sets, 1 not, or a set broke off, 2 no such lesson."""
    try:
        chosen = [] if options.keep else lessons(options.root, options.lessons)
        kept = options.first == NEXT or options.first >= FIRST
        data = replication.load(options.root) if kept else {}
        plans = [plan(lesson, data, options) for lesson in chosen]
    except (UnknownName, ValueError) as error:  # a LessonError is a ValueError
        print(error, file=sys.stderr)
        return 2
    if options.keep:
        replication.write(options.root, data)
        return 0
    broken = 0
    try:
        for number, measured, one in _measured(plans, options.jobs):
            if isinstance(measured, Exception):
                broken += 1
                print(f"{one.lesson.name}, set {number} broke off: {measured}", file=sys.stderr)
                continue
            if kept:  # somebody else may have written meanwhile
                data = replication.load(options.root)
            _add(data, one, number, measured)
            if kept:
                replication.write(options.root, data)
    finally:  # after Ctrl-C, too
        names = [one.lesson.name for one in plans if _is_of(data.get(one.lesson.name), one)]
        shown = {name: data[name] for name in names}
        print("\n".join(report(shown)))
    return int(broken > 0 or any(lesson.too_rare() for lesson in shown.values()))


def plan(lesson: Lesson, data: Data, options: argparse.Namespace) -> Plan:
    """What to run of a lesson. Sets that were measured with the same cells are left out, and a change of nnutils is told."""
    cells = cells_of(lesson)
    version, code = digest.of_code("\n".join(cells)), digest.of_numerics(lesson.source)
    old = data.get(lesson.name)
    known = {*old.sets} if old and old.cells == version else set()
    if old and old.cells != version:
        text = f"{lesson.name} has other cells than in {spans(old.sets)}: they are measured anew"
        print(text, file=sys.stderr)
    if old and known and {*old.code} != {code} and not options.again:
        text = f"{lesson.name}: nnutils is another one than in {spans(known)}; --again measures anew"
        print(text, file=sys.stderr)
    first = max([FIRST - 1, *known]) + 1 if options.first == NEXT else options.first
    wanted = range(first, first + options.sets)
    sets = [number for number in wanted if options.again or number not in known]
    return Plan(lesson, cells, sentences_of(cells), version, code, sets)


def cells_of(lesson: Lesson) -> list[str]:
    """The code of the solution without the build's locked cells: those check answers, which tests do, and keep guesses."""
    code = (cell for cell in lesson.notebook(answers=True).cells if cell.cell_type == "code")
    return [cell.source for cell in code if cell.metadata.get("editable", True)]


def sentences_of(cells: list[str]) -> list[str]:
    """The sentences of the claims in the cells, in their order."""
    found: list[str] = []
    for cell in cells:
        calls = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call) and node.args]
        claims = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "claim"]
        firsts = [call.args[0] for call in sorted(claims, key=lambda call: call.lineno)]
        found += [str(first.value) for first in firsts if isinstance(first, ast.Constant)]
    return [*dict.fromkeys(found)]


def _measured(plans: list[Plan], jobs: int) -> Iterator[tuple[int, Measured | Exception, Plan]]:
    """Run all sets, so many at once, and say on stderr how far it is."""
    tasks = [(one, number) for one in plans for number in one.sets]
    start, pool = time.monotonic(), ThreadPoolExecutor(max(1, jobs))
    try:
        futures = {pool.submit(one.run, number): (one, number) for one, number in tasks}
        for done, future in enumerate(as_completed(futures), start=1):
            one, number = futures[future]
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield number, error or future.result(), one
            left = _about((time.monotonic() - start) / done * (len(tasks) - done))
            text = f"{done} of {len(tasks)}: {one.lesson.name}, set {number}; {left} left"
            print(text, file=sys.stderr, flush=True)
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C, too: what runs ends, and nothing else begins


def _about(seconds: float) -> str:
    return f"about {counted(round(seconds / 60), 'minute')}" if seconds >= 60 else "less than a minute"


def _is_of(lesson: Replicated | None, one: Plan) -> bool:
    """Whether this was measured with the cells that the lesson has now."""
    return lesson is not None and lesson.cells == one.version


def _add(data: Data, one: Plan, number: int, measured: Measured) -> None:
    """Add a set to the data of its lesson. Sets that ran other cells go."""
    old = data.get(one.lesson.name)
    lesson = old if old and old.cells == one.version else Replicated(one.version)
    lesson.add(number, one.code, measured, one.sentences)
    data[one.lesson.name] = lesson


def report(data: Data) -> Iterator[str]:
    """The lines that are printed at the end: each claim with k of n and the spread of its value, the worst first."""
    for name, lesson in data.items():
        yield f"{name}, {counted(len(lesson.sets), 'set')}"
        for number, errors in lesson.errors.items():
            yield from (f"  set {number}: {error}" for error in errors)
        for sentence, claim in lesson.worst_first():
            missed = [number for number, held in zip(lesson.sets, claim.held, strict=True) if held == "0"]
            where = f"; not in {spans(missed)}" if missed else ""
            bound = f", needed {claim.needed}" if claim.needed else ""
            yield f"  {claim.k_of_n}  {sentence}: {' / '.join(filter(None, claim.spread))}{bound}{where}"
    rare = sum(len(lesson.too_rare()) for lesson in data.values())
    yield f"{counted(rare, 'claim')} below 19 of 20"

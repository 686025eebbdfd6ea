"""`python3 course.py steady`: which printed numbers move on another processor, or under a jitter of the weights, and how far."""

from __future__ import annotations

import argparse
import copy
import os
import platform
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from coursekit.authoring import outputs
from coursekit.authoring.build import solution_is_current
from coursekit.authoring.execute import execute
from coursekit.authoring.lesson import Lesson, add_lessons, lessons
from nnutils.checks.errors import UnknownName
from nnutils.words import counted

IGNORED = "nbval-ignore-output"
JITTER = re.compile(r"jitter-(\d+)")
SHAKE = "from coursekit.authoring.jitter import shake\nshake({})"
# What an older processor lacks: OpenBLAS' kernels, NumPy's own loops, and the matrix products inside TensorFlow.
KERNELS = {
    "nehalem": {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
    },
    "haswell": {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    },
    "skylakex": {"OPENBLAS_CORETYPE": "SkylakeX"},
}
NEEDS = {"nehalem": "sse4_2", "haswell": "avx2", "skylakex": "avx512f"}  # as Linux names an instruction set


@dataclass(frozen=True)
class Moved:
    """A line that a cell of a lesson printed differently in one run."""

    lesson: str
    run: str
    cell: int
    movement: outputs.Movement

    def __str__(self) -> str:
        line = self.movement
        far = "text differs" if line.units is None else f"{line.units:.3g} units of the last digit"
        return f"{self.lesson} cell {self.cell}, {self.run}: {far}\n    - {line.stored}\n    + {line.printed}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py steady`."""
    add_lessons(parser)
    every = ",".join([*KERNELS, "jitter-1", "jitter-2"])
    runs = "what to run, separated by commas: nehalem, haswell, skylakex (kernels of OpenBLAS, NumPy and TensorFlow) and "
    runs += "jitter-N (weights and results times 1 + 1e-13 N(0, 1), seed N) (default: %(default)s)"
    parser.add_argument("--runs", default=every, help=runs)
    since = "only lessons whose solutions differ from that git revision"
    parser.add_argument("--since", metavar="REV", help=since)
    parser.add_argument("--all", action="store_true", help="list what moved by an allowed unit, too")


def run(options: argparse.Namespace) -> int:
    """Run and report; returns the exit code: 0 nothing moved too far, 1 something did, 2 no such lesson or run."""
    try:
        chosen = lessons(options.root, options.lessons)
        runs = _runs(options.runs)
    except (UnknownName, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.since:
        chosen = [lesson for lesson in chosen if lesson.name in _changed(options.root, options.since)]
    stale = [lesson.name for lesson in chosen if not solution_is_current(lesson)]
    if stale:
        print(f"stale, build first: {', '.join(stale)}", file=sys.stderr)
        return 2
    jobs = [(lesson, name) for lesson in chosen for name in runs]
    too_far = 0
    with ProcessPoolExecutor(max(1, options.jobs), get_context("spawn"), max_tasks_per_child=1) as pool:
        futures = [pool.submit(moved_in, lesson, name) for lesson, name in jobs]
        for number, future in enumerate(as_completed(futures), start=1):
            found = future.result()
            refused = [moved for moved in found if not moved.movement.allowed]
            too_far += len(refused)
            shown = found if options.all else refused
            print(*shown, sep="\n", end="\n" * bool(shown), flush=True)
            print(f"{number} of {len(jobs)} runs", file=sys.stderr, flush=True)
    done, lines = counted(len(jobs), "run"), counted(too_far, "line")
    print(f"{done} of {counted(len(chosen), 'lesson')}: {lines} moved further than allowed")
    print(coverage(chosen))
    return int(too_far > 0)


def moved_in(lesson: Lesson, run: str) -> list[Moved]:
    """What moves in one lesson in one run, in the order of its cells."""
    os.environ.update(KERNELS.get(run, {}))
    stored = nbformat.read(lesson.solution, as_version=4)
    again = copy.deepcopy(stored)
    jitter = JITTER.fullmatch(run)
    if jitter:
        again.cells.insert(0, new_code_cell(SHAKE.format(int(jitter[1]))))
    execute(again, allow_errors=True)
    cells = zip(_code(stored), _code(again)[bool(jitter) :], strict=True)
    return [
        Moved(lesson.name, run, number, movement)
        for number, (old, new) in enumerate(cells)
        for movement in _movements(old, new)
    ]


def _movements(stored: Any, printed: Any) -> Iterator[outputs.Movement]:
    """Every line of a cell that differs, the error that it raised, and whether it has more or fewer outputs."""
    tags = stored.metadata.get("tags", [])
    if IGNORED in tags:
        return
    errors = [output for output in printed.outputs if output.output_type == "error"]
    for error in errors:
        yield outputs.Movement("", f"{error.ename}: {error.evalue}", None, False)
    old, new = outputs.texts(stored.outputs), outputs.texts(printed.outputs)
    for (before, key), (after, _) in zip(old, new, strict=False):
        yield from outputs.movements(str(before[key]), str(after[key]), outputs.share_of(tags))
    if len(old) != len(new) and not errors:
        yield outputs.Movement(f"{len(old)} outputs", f"{len(new)} outputs", None, False)


def coverage(chosen: list[Lesson]) -> str:
    """How many cells of the solutions are compared, and how."""
    counts: Counter[str] = Counter()
    for lesson in chosen:
        counts.update(map(compared, _code(nbformat.read(lesson.solution, as_version=4))))
    kinds = ("exactly", "within a unit", "within a stated share", "not at all")
    return "cells compared: " + ", ".join(f"{counts[kind]} {kind}" for kind in kinds)


def compared(cell: Any) -> str:
    """How the outputs of a stored cell are compared."""
    tags = cell.metadata.get("tags", [])
    if IGNORED in tags:
        return "not at all"
    if outputs.share_of(tags):
        return "within a stated share"
    text = outputs.text_of(cell.outputs)
    return "within a unit" if outputs.has_numbers_that_may_move(text) else "exactly"


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _runs(names: str) -> list[str]:
    """The runs by name. Those that this processor cannot do are left out and named on stderr."""
    runs = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in runs if name not in KERNELS and not JITTER.fullmatch(name)]
    if unknown:
        raise ValueError(f"there is no run {', '.join(unknown)}; there are {', '.join(KERNELS)} and jitter-N")
    lacking = [name for name in runs if name in NEEDS and NEEDS[name] not in processor_flags()]
    if lacking:
        print(f"left out, this processor cannot run them: {', '.join(lacking)}", file=sys.stderr)
    return [name for name in runs if name not in lacking]


def processor_flags() -> set[str]:
    """The instruction sets of an x86-64 processor as Linux names them; empty elsewhere."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if platform.machine() == "x86_64" and info.exists() else []
    return {word for line in lines if line.startswith("flags") for word in line.split()}


def _changed(root: Path, revision: str) -> set[str]:
    """The names of the solutions that differ from a revision; of all of them where git does not know it."""
    command = ["git", "diff", "--name-only", revision, "--", "solutions"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        print(f"git does not know {revision}: all lessons are run", file=sys.stderr)
        return {lesson.name for lesson in lessons(root)}
    return {Path(line).stem for line in done.stdout.splitlines()}

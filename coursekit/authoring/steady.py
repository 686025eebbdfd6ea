"""`nnutils steady`: which printed numbers move on another processor, or under a jitter of the weights, and by how much."""

from __future__ import annotations

import argparse
import copy
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from coursekit.authoring import outputs
from coursekit.authoring.build import PACKAGE, choose, solution_is_current
from coursekit.authoring.execute import execute
from coursekit.authoring.lesson import Lesson, lessons
from nnutils.checks.errors import UnknownName

IGNORED = "nbval-ignore-output"
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
NEEDS = {"nehalem": "sse4_2", "haswell": "avx2", "skylakex": "avx512f"}


@dataclass(frozen=True)
class Moved:
    """A line of a cell that one run printed otherwise."""

    lesson: str
    run: str
    cell: int
    movement: outputs.Movement

    def __str__(self) -> str:
        units, one = self.movement.units, self.movement
        far = "text differs" if units is None else f"{units:.3g} units of the last digit"
        return f"{self.lesson} cell {self.cell}, {self.run}: {far}\n    - {one.stored}\n    + {one.printed}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils steady`."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="a number or a name (default: all)")
    parser.add_argument(
        "--runs",
        default=",".join([*KERNELS, "jitter-1", "jitter-2"]),
        help="what to run, separated by commas: nehalem, haswell, skylakex (kernels of OpenBLAS, NumPy and TensorFlow) and "
        "jitter-N (weights and results times 1 + 1e-13 N(0, 1), seed N) (default: %(default)s)",
    )
    parser.add_argument(
        "--since", metavar="REV", help="only lessons whose solutions differ from that git revision"
    )
    parser.add_argument("--all", action="store_true", help="list what moved by an allowed unit, too")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="lessons at once (default: 2)")
    parser.add_argument("--root", type=Path, default=PACKAGE.parent, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Run and report; returns the exit code: 0 nothing moved too far, 1 something did, 2 no such lesson or run."""
    try:
        chosen = choose(lessons(options.root), options.lessons)
        runs = _runs(options.runs)
    except (UnknownName, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.since:
        chosen = [lesson for lesson in chosen if lesson.name in _changed(options.root, options.since)]
    stale = [lesson.name for lesson in chosen if not solution_is_current(lesson, options.root)]
    if stale:
        print(f"stale, build first: {', '.join(stale)}", file=sys.stderr)
        return 2
    jobs = [(lesson, one) for lesson in chosen for one in runs]
    bad = 0
    with ProcessPoolExecutor(max(1, options.jobs), get_context("spawn"), max_tasks_per_child=1) as pool:
        futures = [pool.submit(moved_in, lesson, one, options.root) for lesson, one in jobs]
        for number, future in enumerate(as_completed(futures), start=1):
            found = future.result()
            bad += sum(not one.movement.allowed for one in found)
            shown = [one for one in found if options.all or not one.movement.allowed]
            print(*shown, sep="\n", end="\n" * bool(shown), flush=True)
            print(f"{number} of {len(jobs)} runs", file=sys.stderr, flush=True)
    print(f"{len(jobs)} runs of {len(chosen)} lessons: {bad} lines moved further than they may")
    print(coverage(chosen, options.root))
    return int(bad > 0)


def moved_in(lesson: Lesson, name: str, root: Path) -> list[Moved]:
    """What moves in one lesson in one run, in the order of its cells."""
    os.environ.update(KERNELS.get(name, {}))
    stored = nbformat.read(root / "solutions" / f"{lesson.name}.ipynb", as_version=4)
    fresh = copy.deepcopy(stored)
    jitter = name.startswith("jitter-")
    if jitter:
        source = f"from coursekit.authoring.jitter import shake\nshake({int(name[7:])})"
        fresh.cells.insert(0, new_code_cell(source))
    execute(fresh, go_on=True)
    cells = zip(_code(stored), _code(fresh)[jitter:], strict=True)
    return [
        Moved(lesson.name, name, number, movement)
        for number, (one, other) in enumerate(cells)
        for movement in _movements(one, other)
    ]


def _movements(stored: Any, printed: Any) -> Iterator[outputs.Movement]:
    tags = stored.metadata.get("tags", [])
    if IGNORED in tags:
        return
    errors = [f"{one.ename}: {one.evalue}" for one in printed.outputs if one.output_type == "error"]
    yield from (outputs.Movement("", error, None, False) for error in errors)
    ours, theirs = outputs.texts(stored.outputs), outputs.texts(printed.outputs)
    for (one, key), (other, _) in zip(ours, theirs, strict=False):
        yield from outputs.movements(str(one[key]), str(other[key]), outputs.share_of(tags))
    if len(ours) != len(theirs) and not errors:
        yield outputs.Movement(f"{len(ours)} outputs", f"{len(theirs)} outputs", None, False)


def coverage(chosen: list[Lesson], root: Path) -> str:
    """How many cells of the solutions are compared, and how."""
    counts = {"exactly": 0, "within a unit": 0, "within a stated share": 0, "not at all": 0}
    for lesson in chosen:
        notebook = nbformat.read(root / "solutions" / f"{lesson.name}.ipynb", as_version=4)
        for cell in _code(notebook):
            counts[compared(cell)] += 1
    return "cells compared: " + ", ".join(f"{count} {how}" for how, count in counts.items())


def compared(cell: Any) -> str:
    """How the outputs of a stored cell are compared."""
    tags = cell.metadata.get("tags", [])
    text = outputs.text_of(cell.outputs)
    if IGNORED in tags:
        return "not at all"
    if outputs.share_of(tags):
        return "within a stated share"
    return "within a unit" if outputs.has_numbers_that_may_move(text) else "exactly"


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _runs(names: str) -> list[str]:
    """The runs by name, without those that this processor cannot do, which are named on stderr."""
    runs = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [
        name for name in runs if name not in KERNELS and not (name[:7] == "jitter-" and name[7:].isdigit())
    ]
    if unknown:
        raise ValueError(f"there is no run {', '.join(unknown)}; there are {', '.join(KERNELS)} and jitter-N")
    lacking = [name for name in runs if name in NEEDS and NEEDS[name] not in processor_flags()]
    if lacking:
        print(f"left out, this processor cannot run them: {', '.join(lacking)}", file=sys.stderr)
    return [name for name in runs if name not in lacking]


def processor_flags() -> set[str]:
    """The instruction sets of an x86-64 processor as Linux names them; empty elsewhere."""
    info = Path("/proc/cpuinfo")
    if platform.machine() != "x86_64" or not info.exists():
        return set()
    return {
        word for line in info.read_text().splitlines() if line.startswith("flags") for word in line.split()
    }


def _changed(root: Path, revision: str) -> set[str]:
    """The names of the solutions that differ from a revision; of all of them where git does not know it."""
    command = ["git", "diff", "--name-only", revision, "--", "solutions"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        print(f"git does not know {revision}: all lessons are run", file=sys.stderr)
        return {lesson.name for lesson in lessons(root)}
    return {Path(line).stem for line in done.stdout.splitlines()}

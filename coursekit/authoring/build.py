"""`python3 course.py build`: write solutions/ (executed) and notebooks/ (student copies) from lessons/."""

from __future__ import annotations

import argparse
import multiprocessing
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from coursekit.authoring import digest
from coursekit.authoring.lesson import Lesson, add_lessons, lessons
from coursekit.authoring.lint import broken_rules
from nnutils.checks.errors import UnknownName
from nnutils.files import write_whole
from nnutils.reset import set_aside
from nnutils.words import counted

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of tracebacks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py build`."""
    add_lessons(parser)
    check = "execute and write nothing; say what is stale and which rules are broken, exit 1 if anything is"
    parser.add_argument("--check", action="store_true", help=check)
    force = "build what is not stale, too, and replace edited student copies (kept under another name)"
    parser.add_argument("--force", action="store_true", help=force)


def run(options: argparse.Namespace) -> int:
    """Build or check; returns the exit code: 0 done, 1 not built, stale or a rule broken, 2 no such lesson."""
    try:
        chosen = lessons(options.root, options.lessons)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return 2
    if options.check:
        found = [line for lesson in chosen for line in stale_lines(lesson)]
        found += [] if options.lessons else orphans(options.root)
        found += broken_rules(chosen, options.root, whole=not options.lessons)
        print("\n".join(found) or f"{counted(len(chosen), 'lesson')}, nothing is stale and no rule is broken")
        return bool(found)
    replace = [options.force or _may_replace(lesson.copy) for lesson in chosen]
    # Processes, not threads: nbclient sometimes loses a kernel when two clients share one process.
    with ProcessPoolExecutor(max(1, options.jobs), multiprocessing.get_context("spawn")) as pool:
        return max(pool.map(_build, chosen, [options.force] * len(chosen), replace), default=0)


def stale_lines(lesson: Lesson) -> list[str]:
    """A line for every built file of the lesson that is not what the build would write."""
    stale = []
    try:
        if not lesson.copy.exists() or lesson.copy.read_text(encoding="utf-8") != student_text(lesson):
            stale.append("notebooks")
        if not solution_is_current(lesson):
            stale.append("solutions")
    except Exception as error:  # whatever a lesson or its package raises
        return [f"lessons/{lesson.name}.py cannot be built: {error}"]
    command = f"python3 course.py build {lesson.name}"
    return [f"{folder}/{lesson.name}.ipynb is stale: {command}" for folder in stale]


def orphans(root: Path) -> list[str]:
    """A line for every notebook that no lesson writes."""
    built = {path for lesson in lessons(root) for path in (lesson.solution, lesson.copy)}
    files = sorted(path for folder in ("notebooks", "solutions") for path in (root / folder).glob("*.ipynb"))
    gone = [
        f"{path.parent.name}/{path.name}" for path in files if path not in built and ".mine-" not in path.name
    ]
    return [f"{name} has no lesson: delete it" for name in gone]


def solution_is_current(lesson: Lesson) -> bool:
    """Whether the stored solution has the cells of the lesson and was executed with the code that it depends on."""
    if not lesson.solution.exists():
        return False
    built, wanted = nbformat.read(lesson.solution, as_version=4), lesson.notebook(answers=True)
    stamp = built.metadata.get("nnutils", {}).get("digest")
    return digest.of_cells(built) == digest.of_cells(wanted) and stamp == digest.of_solution(
        wanted, lesson.source
    )


def student_text(lesson: Lesson) -> str:
    """The student's notebook as it is written to the file."""
    notebook = lesson.notebook(answers=False)
    return _text(notebook, digest.of_cells(notebook))


def solution_text(lesson: Lesson) -> str:
    """The executed solution as it is written to the file."""
    from coursekit.authoring.execute import execute

    notebook = lesson.notebook(answers=True)
    stamp = digest.of_solution(notebook, lesson.source)
    return _text(execute(notebook), stamp)


def was_edited(copy: Path) -> bool:
    """Whether a student notebook's cells are not those that the build wrote. One that cannot be read counts as edited."""
    try:
        notebook = nbformat.read(copy, as_version=4)
        return digest.of_cells(notebook) != notebook.metadata.nnutils.digest
    except Exception:
        return True


def _may_replace(copy: Path) -> bool:
    """Whether a student notebook may be replaced: yes unless somebody worked in it, then the terminal is asked."""
    if not copy.exists() or not was_edited(copy):
        return True
    question = f"notebooks/{copy.name} holds somebody's work. Keep it under another name and build anew?"
    return sys.stdin.isatty() and input(f"{question} [y/N] ").strip().lower() == "y"


def _build(lesson: Lesson, force: bool, replace_copy: bool) -> int:
    """Write both notebooks of a lesson. After an error, such as a claim that does not hold, both files stay as they were."""
    try:
        student = student_text(lesson)
        if force or not solution_is_current(lesson):
            write_whole(lesson.solution, solution_text(lesson))
            print(f"solutions/{lesson.name}.ipynb executed and written", flush=True)
        print(_write_copy(lesson.copy, student, replace_copy), flush=True)
        return 0
    except Exception as error:
        print(f"{lesson.name} was not built: {_COLOURS.sub('', str(error))}", file=sys.stderr, flush=True)
        return 1


def _write_copy(file: Path, text: str, replace: bool) -> str:
    """Write the student's notebook and return a line that says so. An edited one is kept under another name."""
    if not replace:
        return f"notebooks/{file.name} holds somebody's work and was left alone (--force keeps it under another name)"
    edited = file.exists() and was_edited(file)
    kept = f" (the edited one is kept as {set_aside(file).name})" if edited else ""
    write_whole(file, text)
    return f"notebooks/{file.name} written{kept}"


def _text(notebook: Any, stamp: str) -> str:
    notebook.metadata["nnutils"] = {"digest": stamp}
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"

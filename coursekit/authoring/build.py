"""`nnutils build`: write solutions/ (executed) and notebooks/ (student copies) from lessons/, or say what is stale."""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import re
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat

from coursekit.authoring import digest
from coursekit.authoring.lesson import Lesson, lessons
from nnutils.checks.errors import UnknownName
from nnutils.reset import lessons_named, set_aside

PACKAGE = Path(__file__).parents[1]
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of tracebacks
HELP = "write solutions/ and notebooks/ from lessons/, or say what is stale"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils build`."""
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="a number or a name, as 4, 04 or 04_dropout (default: all)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="execute and write nothing; say what is stale, exit 1 if anything is",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="build what is not stale, too, and replace edited student copies (kept under another name)",
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="lessons to execute at once (default: 2)"
    )
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Build or check; returns the exit code: 0 done, 1 stale or not built, 2 no such lesson."""
    try:
        chosen = choose(lessons(options.root), options.lessons)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return 2
    if options.check:
        stale = [line for lesson in chosen for line in stale_lines(lesson, options.root)]
        if not options.lessons:
            stale += orphans(options.root)
        print("\n".join(stale) or f"{len(chosen)} lessons, nothing is stale")
        return bool(stale)
    code = max((_student(lesson, options.root, options.force) for lesson in chosen), default=0)
    solve = functools.partial(_solution, root=options.root, force=options.force)
    # Processes, not threads: nbclient sometimes loses a kernel when two clients share one process.
    with ProcessPoolExecutor(max(1, options.jobs), multiprocessing.get_context("spawn")) as pool:
        return max(code, *pool.map(solve, chosen))


def choose(every: list[Lesson], names: Iterable[str]) -> list[Lesson]:
    """The lessons named by number or by name; all of them where none is named.

    Raises
    ------
    UnknownName: there is no such lesson.
    """
    by_name, names = {one.name: one for one in every}, list(names)
    return [by_name[name] for name in lessons_named([*by_name], names)] if names else every


def stale_lines(lesson: Lesson, root: Path) -> list[str]:
    """A line for every built file of the lesson that is not what the build would write."""
    lines = []
    if not _same(root / "notebooks" / f"{lesson.name}.ipynb", student_text(lesson)):
        lines.append(f"notebooks/{lesson.name}.ipynb is stale: nnutils build {lesson.name}")
    if not solution_is_current(lesson, root):
        lines.append(f"solutions/{lesson.name}.ipynb is stale: nnutils build {lesson.name}")
    return lines


def orphans(root: Path) -> list[str]:
    """A line for every notebook that no lesson writes."""
    names = {lesson.name for lesson in lessons(root)}
    files = sorted(path for folder in ("notebooks", "solutions") for path in (root / folder).glob("*.ipynb"))
    return [
        f"{path.parent.name}/{path.name} has no lesson: delete it"
        for path in files
        if path.stem not in names and ".mine-" not in path.name
    ]


def solution_is_current(lesson: Lesson, root: Path) -> bool:
    """Whether the committed solution has the cells of the lesson and was executed with the code that it depends on."""
    file = root / "solutions" / f"{lesson.name}.ipynb"
    if not file.exists():
        return False
    built, wanted = nbformat.read(file, as_version=4), lesson.notebook(answers=True)
    stamp = built.metadata.get("nnutils", {}).get("digest")
    return digest.of_cells(built) == digest.of_cells(wanted) and stamp == digest.of_solution(
        wanted, lesson.source, PACKAGE
    )


def student_text(lesson: Lesson) -> str:
    """The student's notebook as it is written to the file."""
    notebook = lesson.notebook(answers=False)
    notebook.metadata["nnutils"] = {"digest": digest.of_cells(notebook)}
    return _text(notebook)


def solution_text(lesson: Lesson) -> str:
    """The executed solution as it is written to the file."""
    from coursekit.authoring.execute import execute

    notebook = lesson.notebook(answers=True)
    stamp = digest.of_solution(notebook, lesson.source, PACKAGE)
    execute(notebook)
    notebook.metadata["nnutils"] = {"digest": stamp}
    return _text(notebook)


def write_student(lesson: Lesson, root: Path, force: bool = False) -> str:
    """Write the student's notebook; one that was edited is replaced only where asked, and kept under another name."""
    file, text = root / "notebooks" / f"{lesson.name}.ipynb", student_text(lesson)
    kept = ""
    if file.exists() and was_edited(file):
        if not force and not _ask(
            f"notebooks/{file.name} holds somebody's work. Keep it under another name and build anew?"
        ):
            return f"notebooks/{file.name} holds somebody's work and was left alone (--force keeps it under another name)"
        kept = f" (the edited one is kept as {set_aside(file).name})"
    _write(file, text)
    return f"notebooks/{file.name} written{kept}"


def was_edited(file: Path) -> bool:
    """Whether a student notebook's cells are not those that the build wrote. One that cannot be read counts as edited."""
    try:
        notebook = nbformat.read(file, as_version=4)
        return digest.of_cells(notebook) != notebook.metadata.nnutils.digest
    except Exception:
        return True


def _student(lesson: Lesson, root: Path, force: bool) -> int:
    try:
        print(write_student(lesson, root, force), flush=True)
        return 0
    except Exception as error:
        return _not_built(f"notebooks/{lesson.name}", error)


def _solution(lesson: Lesson, root: Path, force: bool) -> int:
    try:
        if force or not solution_is_current(lesson, root):
            _write(root / "solutions" / f"{lesson.name}.ipynb", solution_text(lesson))
            print(f"solutions/{lesson.name}.ipynb executed and written", flush=True)
        return 0
    except Exception as error:
        return _not_built(f"solutions/{lesson.name}", error)


def _not_built(name: str, error: Exception) -> int:
    print(f"{name} was not built: {_COLOURS.sub('', str(error))}", file=sys.stderr, flush=True)
    return 1


def _ask(question: str) -> bool:
    return sys.stdin.isatty() and input(f"{question} [y/N] ").strip().lower() == "y"


def _text(notebook: Any) -> str:
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def _same(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")

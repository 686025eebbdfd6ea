"""`python3 course.py table`: measure what every lesson costs and write the table of lessons into the README."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from coursekit.authoring import replication
from coursekit.authoring.lesson import Lesson, add_lessons, lessons
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of
from nnutils.checks.errors import UnknownName
from nnutils.files import write_whole

START, END = "<!-- lessons: python3 course.py table -->", "<!-- end of lessons -->"
LIMIT_SECONDS, LIMIT_ALL, LIMIT_MB = 40, 700, 1200
LARGE, LIMIT_LARGE = (16, 18, 19, 21), 90  # lessons that train Keras models or very deep networks
COUNTED = ("exercises", "mistakes named", "predictions", "questions")
COLUMNS = (
    "",
    "lesson",
    *COUNTED,
    "claims that hold",
)  # more do not fit beside the titles on a page of GitHub
MEASURE = """
import resource, sys; from pathlib import Path
from coursekit.authoring.execute import execute; from coursekit.authoring import replication
from coursekit.authoring.lesson import Lesson
execute(Lesson(Path(sys.argv[1])).notebook(answers=True))
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == 'darwin' else 1024) / 1e6)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py table`."""
    add_lessons(parser)
    keep = "measure nothing: write the table from what was measured before"
    parser.add_argument("--keep", action="store_true", help=keep)


def run(options: argparse.Namespace) -> int:
    """Measure and write; returns the exit code: 0 done, 1 a lesson is over its budget, 2 no such lesson."""
    store = options.root / "docs" / "measured.json"
    measured: dict[str, Any] = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    try:
        chosen = [] if options.keep else lessons(options.root, options.lessons)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return 2
    with ThreadPoolExecutor(options.jobs) as pool:
        for lesson, numbers in zip(chosen, pool.map(measure, chosen), strict=True):
            measured[lesson.name] = numbers
            print(lesson.name, numbers, flush=True)
    names = [lesson.name for lesson in lessons(options.root)]
    measured = {name: measured[name] for name in names if name in measured}
    write_whole(store, json.dumps(measured, indent=1) + "\n")
    write_table(options.root)
    over = over_budget(measured)
    print("\n".join(over) or "every lesson is within its budget")
    return bool(over)


def measure(lesson: Lesson) -> dict[str, float]:
    """CPU seconds and peak memory in MB of executing the lesson's solution: its kernel and all that starts it."""
    command = [sys.executable, "-c", MEASURE, str(lesson.source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    return {"cpu_seconds": round(seconds, 1), "peak_mb": round(megabytes)}


def over_budget(measured: dict[str, Any]) -> list[str]:
    """A line for every lesson, and for all of them, that costs more than it may."""
    lines = []
    for name, numbers in measured.items():
        limit = LIMIT_LARGE if int(name[:2]) in LARGE else LIMIT_SECONDS
        if numbers["cpu_seconds"] > limit or numbers["peak_mb"] > LIMIT_MB:
            lines.append(f"{name} is over its budget of {limit} s and {LIMIT_MB} MB: {numbers}")
    total = sum(numbers["cpu_seconds"] for numbers in measured.values())
    return [*lines, f"all lessons take {total:.0f} s, over {LIMIT_ALL} s"] if total > LIMIT_ALL else lines


def table(root: Path) -> str:
    """The table as Markdown, one row a lesson; a claim holds where it does in 19 of 20 fresh sets of seeds."""
    replicated = replication.load(root)
    rows: list[tuple[Any, ...]] = [COLUMNS, ("---", "---", *["---:"] * (len(COLUMNS) - 2))]
    sums = [0] * len(COUNTED)
    hold = claims = 0
    for lesson in lessons(root):
        counts = counts_of(lesson.topic)
        sums = [total + count for total, count in zip(sums, counts, strict=True)]
        claimed = replicated.get(lesson.name, replication.Replicated(""))
        rare, number = len(claimed.too_rare()), len(claimed.claims)
        hold, claims = hold + number - rare, claims + number
        link = f"[{title(lesson)}](notebooks/{lesson.name}.ipynb)"
        held = f"{number - rare} of {number}" if number else "not measured"
        rows.append((lesson.name[:2], link, *counts, held))
    rows.append(("", "**all**", *sums, f"{hold} of {claims}"))
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def counts_of(topic: str) -> list[int]:
    """What COUNTED names, of one lesson."""
    exercises = exercises_of(topic)
    mistakes = sum(len(exercise.mistakes) for exercise in exercises)
    return [len(exercises), mistakes, len(predictions_of(topic)), len(questions_of(topic))]


def title(lesson: Lesson) -> str:
    """The lesson's title: its first heading."""
    lines = lesson.source.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("# # ") for line in lines if line.startswith("# # "))


def write_table(root: Path) -> None:
    """Put the table between the README's two marks."""
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    write_whole(readme, f"{before}{START}\n{table(root)}\n{END}{after}")

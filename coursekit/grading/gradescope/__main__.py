"""What Gradescope's container runs: grade what one student, or one group, handed in, and write results.json.

python -m coursekit.grading.gradescope ROOT, where ROOT is /autograder. Its folders are those of docs/specs.md, and the file
submission_metadata.json is that of docs/submission_metadata.md, of gradescope/autograder_samples.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursekit.grading import grade
from coursekit.grading.gradescope.results import problem, results
from coursekit.grading.intake.gradescope import moment_of, read_metadata
from coursekit.grading.intake.names import printable, safe_name
from coursekit.grading.intake.topics import file_name
from coursekit.grading.log import Log
from coursekit.grading.policy import ALL, Policy
from coursekit.grading.result import Result
from coursekit.grading.rules import parse_late, parse_time
from nnutils.files import write_whole

SECONDS = 540  # Gradescope ends a container after 10 minutes, unless the assignment's settings say otherwise
BROKEN = "The grader did not work. This is no fault of yours: please tell your instructor."
STOPPED = "Grading your notebook took too long and was stopped. Does one of your functions hold a loop that never ends?"
NOTHING = "holds no submission"  # in what `grade` says
STOP = 130
INSIDE = "submission"  # the folder of the files in the student's folder
MOST = 20  # lines about files


def main(root: Path) -> int:
    """Grade, and write a document whatever happens; returns the exit code."""
    file, code = root / "results" / "results.json", 0
    _write(file, problem(STOPPED))  # this stands if the container is stopped
    with contextlib.suppress(AttributeError):  # Windows, where only tests run this
        signal.signal(signal.SIGALRM, signal.default_int_handler)  # as Ctrl-C, which ends all processes
        signal.alarm(SECONDS)
    try:
        document = _document(root)
    except Exception:
        traceback.print_exc()
        document, code = problem(BROKEN), 1
    _write(file, document)
    return code


def policy_of(rules: Mapping[str, Any], metadata: Mapping[str, Any], student: str) -> Policy:
    """The rules of the zip. Gradescope's times, and its deadline where the zip has none, count only with a rule about lateness.

    Raises
    ------
    BadRule: a rule makes no sense.
    """
    extra = frozenset((rules["topic"], name) for name in rules["extra"])
    points = {(rules["topic"], name): most for name, most in rules["points"].items()}
    if not rules["late"]:
        return Policy(extra=extra, points=points)
    due = parse_time(rules["deadline"]) if rules["deadline"] else None
    due = due or moment_of(_dict(metadata.get("assignment")).get("due_date"))
    created = moment_of(metadata.get("created_at"))
    times = {(student, rules["topic"]): created} if created else {}
    return Policy({ALL: due} if due else {}, parse_late(rules["late"]), extra, points, times=times)


def student_of(metadata: Mapping[str, Any]) -> str:
    """Who handed it in, in the results: the address, of a group all of them."""
    users = metadata.get("users")
    named = [
        str(user.get("email") or user.get("name") or "")
        for user in (users if isinstance(users, list) else [])
        if isinstance(user, dict)
    ]
    return safe_name("+".join(sorted(filter(None, named)))) if any(named) else "student"


def _document(root: Path) -> dict[str, Any]:
    rules = json.loads((root / "source" / "rules.json").read_text(encoding="utf-8"))
    metadata = _metadata(root / "submission_metadata.json")
    student, topic = student_of(metadata), rules["topic"]
    if rules["secret"]:
        os.environ["NNUTILS_SEED_SECRET"] = rules["secret"]
    with tempfile.TemporaryDirectory() as folder:
        class_, out = Path(folder, "submissions"), Path(folder, "out")
        # one folder deeper, since a file's name at the top of a student's folder could name somebody else
        _copy(root / "submission", class_ / student / INSIDE)
        write_whole(
            out.with_name("course.toml"), f"memory_limit = {rules['memory']}\n"
        )  # `grade` reads it beside `out`
        code, said = _graded([str(class_), "--out", str(out), "--jobs", "1", *rules["options"]])
        graded = list[Result]()
        if (out / "log.jsonl").is_file():
            with Log(out / "log.jsonl", write=False) as log:
                graded = [*log.results()]
    about = [line.removeprefix(f"{student}/") for line in said if line.startswith(f"{student}/")]
    about = [line.removeprefix(f"{INSIDE}/") for line in about]
    if found := next((result for result in graded if result.lesson == topic), None):
        said_already = tuple(filter(None, [found.problem, *(item.lost for item in found.items)]))
        others = [line for line in about if not line.endswith(said_already)]
        return results(policy_of(rules, metadata, student).mark(found), others[:MOST])
    if code == STOP:
        return problem(STOPPED)
    if not graded and not any(NOTHING in line for line in said):
        return problem(BROKEN)
    wanted = f"No notebook of this lesson was found in what you handed in. Hand in {file_name(topic)}.ipynb."
    return problem("\n".join([wanted, *about[:MOST]]))


def _graded(words: list[str]) -> tuple[int, list[str]]:
    """The exit code of `grade`, and the lines that it said; they go on to stderr, which instructors see."""
    parser, said = argparse.ArgumentParser(), io.StringIO()
    grade.add_arguments(parser)
    try:
        with contextlib.redirect_stderr(said):
            code = grade.run(parser.parse_args(words))
    except KeyboardInterrupt:
        code = STOP
    finally:
        sys.stderr.write(said.getvalue())
    return code, said.getvalue().splitlines()


def _copy(source: Path, target: Path) -> None:
    """The files that were handed in, in a folder with the student's name; without links, which could lead anywhere."""
    target.mkdir(parents=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)


def _metadata(file: Path) -> dict[str, Any]:
    """What Gradescope says of the submission; nothing where it says nothing."""
    try:
        return read_metadata(file, json.loads)
    except ValueError:
        return {}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _write(file: Path, document: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    document["output"] = "\n".join(map(printable, document["output"].splitlines()))
    write_whole(file, f"{json.dumps(document, indent=1)}\n")  # ASCII alone, so that any text can be written


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

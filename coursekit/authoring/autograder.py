"""`python3 course.py autograder 04`: the autograder.zip with which Gradescope grades one lesson as it is handed in.

Its form: docs/specs.md, base_images.md and best_practices.md of gradescope/autograder_samples. setup.sh runs once, as root, when
Gradescope builds its image; run_autograder runs, as root, in a new container for each submission.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coursekit.authoring.release import DATE, ROOT, package
from coursekit.grading.course_file import read_course_file
from coursekit.grading.engine.task import SANDBOX
from coursekit.grading.intake.topics import file_name, lesson_called
from coursekit.grading.options import ALL_LESSONS, Options, positive
from coursekit.grading.rules import BadRule, items_called, parse_late, parse_time, points_called, zone_called
from coursekit.sandbox.places import FILES
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.exercise import Exercise, Question
from nnutils.files import replacing

NAME = "autograder.zip"
PARTS = ("grading", "sandbox")  # of coursekit
IMPORTED = ("jinja2", "pyyaml", "tqdm")  # by the grader, besides what nnutils needs
ELSEWHERE = ("extensions", "times", "adjust")  # rules about single students
USUAL, WITH_KERAS = 512, 1024  # MB for one submission, of the 768 that a container has, or of more
OWN = 256  # MB of a container that are the grader's
SETUP = """\
#!/usr/bin/env bash
# A Python for the grader, with the packages of requirements.txt. pip reads PIP_NO_INDEX and PIP_FIND_LINKS, for a place
# without a network.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

python="$(find_python)"
if [ -z "$python" ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates
    python="$(find_python)"
fi
if [ -z "$python" ]; then  # Ubuntu 22.04 has Python 3.10
    python3 -m venv "$root/tools"
    "$root/tools/bin/pip" install --quiet uv
    export UV_PYTHON_INSTALL_DIR="$root/python"  # where answers, which run as the user nobody, can read it, too
    "$root/tools/bin/uv" python install --quiet 3.12
    python="$("$root/tools/bin/uv" python find 3.12)"
fi
"$python" -m venv "$root/venv"
"$root/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir -r "$source/requirements.txt"

# An answer runs as the user nobody, who can read none of these: the answers of the course, the grader, the secret.
(cd "$source" && tr '\\n' '\\0' <hidden.txt | xargs -0 chmod go=)
(umask 077 && "$root/venv/bin/python" -m compileall -q "$source/course")
"""
RUN = """\
#!/usr/bin/env bash
# Grade what is in submission/ and write results/results.json.
root="${AUTOGRADER_ROOT:-/autograder}"
umask 077  # an answer, which runs as the user nobody, can read nothing that is written here
mkdir -p "$root/results"
chmod -R go= "$root/results" "$root/submission_metadata.json" 2>/dev/null
PYTHONPATH="$root/source/course" "$root/venv/bin/python" -m coursekit.grading.gradescope "$root" && exit
[ -s "$root/results/results.json" ] || cat >"$root/results/results.json" <<'END'
{"score": 0, "output": "The grader did not start. This is no fault of yours: please tell your instructor."}
END
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py autograder`."""
    add = parser.add_argument
    add("lesson", metavar="NN", help="the lesson, by number or topic")
    add("--out", type=Path, required=True, metavar="DIR", help=f"where {NAME} is written")
    add("--config", type=Path, metavar="FILE", help="the course.toml whose rules hold (default: none)")
    add(
        "--late",
        metavar="RULE",
        help="what lateness costs: 10%%/day, or 10%%/day,max=50%%,grace=15min (default: nothing)",
    )
    deadline = "where lateness costs: the deadline, as 2026-12-01T23:59+01:00 (default: the assignment's due date in Gradescope)"
    add("--deadline", metavar="TIME", help=deadline)
    secret = (
        "give each student cases of their own; the environment variable NNUTILS_SEED_SECRET does the same"
    )
    add("--seed-secret", metavar="TEXT", default=os.environ.get("NNUTILS_SEED_SECRET", ""), help=secret)
    add(
        "--time-limit",
        type=positive,
        metavar="SECONDS",
        help="CPU seconds for one exercise (default: 10)",
    )
    add("--sandbox", choices=SANDBOX, default=SANDBOX[0], help="as for grade (default: best)")


def run(options: argparse.Namespace) -> int:
    """Write the zip; returns 0, or 2 for wrong usage."""
    try:
        topic = lesson_called(options.lesson)
        said = read_course_file(options.config) if options.config else {}
        rules = rules_of(topic, options, said)
        files = autograder(topic, rules)
        file = _write(options.out / NAME, files)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    items: list[Exercise | Question] = [*exercises_of(topic), *questions_of(topic)]
    own = {item.name: item.points for item in items} | rules["points"]
    points = sum(most for name, most in own.items() if name not in rules["extra"])
    print(f"{file}: {file_name(topic)}, {points} points, {file.stat().st_size / 2**20:.1f} MB")
    if elsewhere := [name for name in ELSEWHERE if name in said]:
        print(f"{options.config}: not in the zip: {', '.join(elsewhere)}. Enter these in Gradescope.")
    if rules["memory"] > USUAL:
        print(
            f"An answer may take {rules['memory']} MB: give the container at least "
            f"{math.ceil((rules['memory'] + OWN) / 1024)} GB of memory in the assignment's settings."
        )
    return 0


def rules_of(topic: str, options: argparse.Namespace, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the zip tells the grader in the container. An option goes before what course.toml has said.

    Raises
    ------
    BadRule, UnknownLesson: a rule makes no sense. Both are ValueErrors.
    """
    late, due = options.late or said.get("late"), said.get("deadlines", {})
    deadline = due.get(topic, due.get(ALL_LESSONS))
    if options.late:
        parse_late(options.late)
    if options.deadline and not late:
        raise BadRule("--deadline needs --late: say what lateness costs")
    if options.deadline:
        zone = zone_called(said["timezone"]) if "timezone" in said else None
        deadline = parse_time(options.deadline, zone).isoformat()
    extra = (item for name in said.get("extra", []) for item in items_called(name))
    points = points_called(said.get("points", {}), said.get("leave_out", []))
    seconds = options.time_limit or said.get("time_limit", Options.time_limit)
    return {
        "topic": topic,
        "late": late,
        "deadline": deadline,
        "extra": [name for lesson, name in extra if lesson == topic],
        "points": {name: most for (lesson, name), most in points.items() if lesson == topic},
        "secret": options.seed_secret,
        "memory": said.get("memory_limit", WITH_KERAS if _needs_keras(topic) else USUAL),
        "options": ["--time-limit", str(seconds), "--sandbox", options.sandbox],
    }


def autograder(topic: str, rules: dict[str, object]) -> dict[str, bytes]:
    """Path in the zip → content."""
    course = dict(package([topic])) | dict(_grader())
    lesson = f"lessons/{file_name(topic)}.py"  # the pages of feedback name its sections
    course[lesson] = (ROOT / lesson).read_bytes()
    files = {f"course/{name}": content for name, content in course.items()}
    files["rules.json"] = f"{json.dumps(rules, indent=1)}\n".encode()
    files["requirements.txt"] = "".join(_requirements(topic)).encode()
    public = {f"course/{file.relative_to(ROOT).as_posix()}" for file in FILES}
    hidden = [name for name in sorted(files) if name not in public and name.endswith((".py", ".json"))]
    files["hidden.txt"] = "".join(f"{name}\n" for name in hidden).encode()
    return files | {"setup.sh": SETUP.encode(), "run_autograder": RUN.encode()}


def _grader() -> Iterator[tuple[str, bytes]]:
    """The grader and its sandbox."""
    folder = ROOT / "coursekit"
    yield "coursekit/__init__.py", (folder / "__init__.py").read_bytes()
    for part in PARTS:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _needs_keras(topic: str) -> bool:
    return any(exercise.needs_keras for exercise in exercises_of(topic))


def _requirements(topic: str) -> Iterator[str]:
    """The lines of the lock that the grader needs for a lesson; Keras and TensorFlow only where answers use them."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    own = next(entry for entry in lock if entry["name"] == "nnutils")
    needed = {*IMPORTED, *(one["name"] for one in own["dependencies"])}
    if _needs_keras(topic):
        needed |= {one["name"] for one in own["optional-dependencies"]["keras"]}
    todo = {*needed}
    while todo:
        found = {
            one["name"] for entry in lock if entry["name"] in todo for one in entry.get("dependencies", ())
        }
        todo = found - needed
        needed |= todo
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines(keepends=True):
        if re.split("[ =]", line)[0] in needed:
            yield line


def _write(file: Path, files: dict[str, bytes]) -> Path:
    """The files at the root of a zip, where Gradescope looks for them."""
    with replacing(file) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, DATE)
            program = name in ("setup.sh", "run_autograder")
            entry.compress_type, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                (0o755 if program else 0o644) << 16,
            )
            archive.writestr(entry, content)
    return file

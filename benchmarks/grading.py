"""What grading costs: `course.py grade` beside nbgrader and Otter on the same submissions, and for 100 to 10 000 submissions.

    .venv/bin/python -m benchmarks.grading [--nbgrader PYTHON] [--otter PYTHON] [--submissions N]
    .venv/bin/python -m benchmarks.grading --scale [100 1000 10000]

PYTHON is an interpreter that has what the lesson's notebook imports, and nbgrader (0.9.6), or otter-grader (7.0.0) and ipykernel.
CPU seconds are those of the command and of all its child processes. nbgrader grades all submissions in one command, with
`solutions/` as its source; Otter runs once for each submission, as in its containers, but without a container.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import contextlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursekit.grading.paste import CannotPaste, cells_of
from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.exercise import Exercise
from nnutils.checks.faults import plain_source

ROOT = Path(__file__).resolve().parents[1]

PEAK = "import resource, sys\nfrom coursekit import cli\ncode = cli.main(sys.argv[1:])\n" + (
    "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\nsys.exit(code)"
)
OTTER_TEST = """from otter.test_files import test_case
OK_FORMAT, name, points = False, "{name}", {points}
@test_case(points={points})
def right(env):
    from nnutils.checks.hidden_tests import assert_passed
    assert_passed("{name}", env["{name}"])
"""
QUIET = {
    "NNUTILS_RECORD": "off",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "MPLBACKEND": "Agg",
}
NO_VARIABLES: Mapping[str, str] = {}


def notebook_name(topic: str) -> str:
    """NN_topic, the name of the lesson's notebook."""
    return f"{lessons()[topic].NUMBER:02d}_{topic}"


def write_class(folder: Path, topic: str, count: int, below: str = "") -> list[Path]:
    """Write submissions as folder/sNNNNN[/below]/NN_topic.ipynb, no two alike; every second one makes known mistakes."""
    text = (ROOT / "notebooks" / f"{notebook_name(topic)}.ipynb").read_text(encoding="utf-8")
    answers = {exercise.name: [*_answers(exercise)] for exercise in exercises_of(topic)}
    files = []
    for number in range(count):
        file = folder / f"s{number:05d}" / below / f"{notebook_name(topic)}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(_filled(json.loads(text), answers, number)), encoding="utf-8")
        files.append(file)
    return files


def _answers(exercise: Exercise) -> Iterator[str]:
    """The source of the right answer, then of each mistake that fits into one cell."""
    yield plain_source(exercise.reference)
    for mistake in exercise.mistakes:
        cells: list[str] = []
        with contextlib.suppress(CannotPaste):
            cells = cells_of(mistake.function, exercise.name)
        if len(cells) == 1:
            yield cells[0]


def _filled(notebook: dict[str, Any], answers: dict[str, list[str]], number: int) -> dict[str, Any]:
    """The notebook of student `number`, with an answer in every answer cell."""
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for place, (name, (right, *wrong)) in enumerate(answers.items()):
        makes_mistake = wrong and number % 2 and (number // 2 + place) % 2
        text = wrong[number // 4 % len(wrong)] if makes_mistake else right
        cells[f"{name}-answer"]["source"] = f"{text}\n# {number}"
    return notebook


def measured(
    command: list[str],
    folder: Path | None = None,
    variables: Mapping[str, str] = NO_VARIABLES,
    ends: Sequence[int] = (0, 1),
) -> tuple[float, float, str]:
    """CPU seconds of a command and its child processes, seconds by the clock, what it wrote to stderr.

    Exit code 1 of a grader says that it graded some submissions and not all.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    env = os.environ | QUIET | {"PYTHONPATH": str(ROOT)} | {**variables}
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ends:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start, done.stderr


def ours(folder: Path, out: Path, *options: str) -> tuple[float, float, int, float]:
    """CPU seconds, seconds, the parent's largest memory in bytes, CPU seconds of the processes that ran answers."""
    command = [sys.executable, "-c", PEAK, "grade", str(folder), "--out", str(out), *options]
    cpu, seconds, said = measured(command)
    peak = int(said.split("peak ")[-1].split()[0]) << (10 if sys.platform == "linux" else 0)
    lines = (json.loads(line) for line in (out / "log.jsonl").open(encoding="utf-8"))
    return cpu, seconds, peak, sum(line["cpu"] for line in lines)


def nbgrader(python: str, folder: Path, topic: str, count: int) -> tuple[float, float, int]:
    """CPU seconds and seconds of `nbgrader autograde`, and how many it graded: under load it loses some."""
    course = folder / "course"
    (course / "source" / "ps1").mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{notebook_name(topic)}.ipynb", course / "source" / "ps1")
    write_class(course / "submitted", topic, count, "ps1")
    path = {"PATH": os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])}
    measured([python, "-m", "nbgrader", "generate_assignment", "ps1"], course, path, ends=(0,))
    cpu, seconds, said = measured([python, "-m", "nbgrader", "autograde", "ps1"], course, path)
    done = len(list((course / "autograded").glob("*/ps1/*.ipynb")))
    if done < count:
        print(f"nbgrader graded {done} of {count}; the end of what it said:\n{said[-1500:]}", file=sys.stderr)
    return cpu, seconds, done


def otter(python: str, folder: Path, topic: str, files: list[Path]) -> tuple[float, float]:
    """CPU seconds and seconds of `otter run` for all submissions. To generate its autograder does not count."""
    (folder / "otter" / "tests").mkdir(parents=True)
    for exercise in exercises_of(topic):
        text = OTTER_TEST.format(name=exercise.name, points=exercise.points)
        (folder / "otter" / "tests" / f"{exercise.name}.py").write_text(text, encoding="utf-8")
    path = {"PATH": os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])}
    command = [str(Path(python).with_name("otter"))]
    generate = ["generate", "-t", "tests", "-o", "auto.zip", "--no-environment"]
    measured([*command, *generate], folder / "otter", path)
    total, clock, scores = 0.0, 0.0, set()
    for number, file in enumerate(files):
        out = folder / "otter" / str(number)
        out.mkdir()
        run = ["run", "-a", "auto.zip", "-o", str(out), "--no-logo", str(file)]
        cpu, seconds, _ = measured([*command, *run], folder / "otter", path)
        total, clock = total + cpu, clock + seconds
        tests = json.loads((out / "results.json").read_text(encoding="utf-8"))["tests"]
        scores.add(sum(test.get("score", 0.0) for test in tests))
    if len(files) > 1 and len(scores) < 2:
        sys.exit(f"Otter gave every submission {scores.pop()} points, but every second one makes mistakes")
    return total, clock


def compare(options: argparse.Namespace) -> None:
    """Print a line for each grader: CPU seconds for a submission, and their ratio to nbgrader's."""
    count, base = options.submissions, 0.0
    print(
        f"{count} submissions of {options.lesson}\n{'':<40} {'CPU s each':>11} {'s each':>8} {'of nbgrader':>12}"
    )
    with tempfile.TemporaryDirectory(prefix="nnutils-benchmark-") as name:
        folder = Path(name)
        if options.nbgrader:
            cpu, seconds, done = nbgrader(options.nbgrader, folder, options.lesson, count)
            if done:  # the ones that it lost are not counted
                base = cpu / done
                line(f"nbgrader autograde ({done} of {count})", base, seconds / done, base)
        files = write_class(folder / "class", options.lesson, count)
        if options.otter:
            cpu, seconds = otter(options.otter, folder, options.lesson, files)
            line("otter run", cpu / count, seconds / count, base)
        for words in ("--jobs 1", "--jobs 2"):
            out = folder / words.replace(" ", "")
            cpu, seconds, *_ = ours(folder / "class", out, *words.split(), "--time-limit", "60")
            line(f"course.py grade {words}", cpu / count, seconds / count, base)


def line(name: str, cpu: float, seconds: float, base: float) -> None:
    """Print the line of a grader, for one submission."""
    print(f"{name:<40} {cpu:11.3f} {seconds:8.3f} {f'{cpu / base:12.3f}' if base else ''}", flush=True)


def scale(options: argparse.Namespace) -> None:
    """Print what a class of each size costs, and what the start and the outputs alone cost."""
    print(
        f"{'submissions':>11} {'s':>8} {'CPU s each':>11} {'beyond answers':>15} {'outputs CPU s':>14} {'parent MB':>10}"
    )
    for count in options.scale:
        with tempfile.TemporaryDirectory(prefix="nnutils-benchmark-") as name:
            folder = Path(name)
            write_class(folder / "class", options.lesson, count)
            cpu, seconds, peak, answers = ours(folder / "class", folder / "out")
            again, *_ = ours(folder / "class", folder / "out")  # nothing is left to grade
            beyond = (cpu - answers) / count
            print(
                f"{count:>11} {seconds:8.1f} {cpu / count:11.4f} {beyond:15.4f} {again:14.1f} {peak / 2**20:10.0f}"
            )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nbgrader", metavar="PYTHON")
    parser.add_argument("--otter", metavar="PYTHON")
    parser.add_argument("--submissions", type=int, default=6, metavar="N")
    parser.add_argument("--lesson", default="exponentially_weighted_averages", metavar="TOPIC")
    parser.add_argument("--scale", type=int, nargs="*", metavar="N")
    options = parser.parse_args()
    if options.scale is None:
        compare(options)
    else:
        options.scale = options.scale or [100, 1_000, 10_000]
        scale(options)


if __name__ == "__main__":
    main()

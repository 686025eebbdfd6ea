"""`nnutils grade`: a folder of submissions → grades.csv, a page of feedback for each student, log.jsonl."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from tqdm import tqdm

from nnutils.checks.catalogue import lessons
from nnutils.grading.assess import Grader, blank
from nnutils.grading.collect import Collection, Submission, collect
from nnutils.grading.feedback import write_feedback
from nnutils.grading.notebook import Unreadable, code_cells
from nnutils.grading.reports import append_log, best, write_grades
from nnutils.grading.result import Item, Result
from nnutils.grading.runner import Runner
from nnutils.grading.sandbox import Limits

GRADED, SOME_UNREAD, USAGE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils grade`."""
    parser.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="a folder with one folder a student, or nbgrader's `submitted`",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="where grades.csv, feedback/ and log.jsonl are written",
    )
    parser.add_argument(
        "--seed-secret",
        metavar="TEXT",
        help="give each student cases of their own, which follow from this text and their name",
    )
    parser.add_argument(
        "--time-limit", type=_positive, default=10, metavar="SECONDS", help="for one exercise (default: 10)"
    )
    parser.add_argument(
        "--memory-limit",
        type=_positive,
        default=1024,
        metavar="MB",
        help="for one submission (default: 1024)",
    )


def run(options: argparse.Namespace) -> int:
    """Grade; returns the exit code: 0 all graded, 1 some submissions could not be read, 2 nothing to do it with."""
    out, folder = options.out.resolve(), options.submissions.resolve()
    if out == folder or folder in out.parents:
        return _refuse("--out lies among the submissions, which are never written to: choose another folder")
    try:
        found = collect(options.submissions, {topic: module.NUMBER for topic, module in lessons().items()})
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _refuse(str(error))
    if not found.submissions:
        return _refuse(
            "\n".join(
                [
                    *found.left_out,
                    f"{options.submissions} holds no submission: expected is <student>/NN_topic.ipynb",
                ]
            )
        )
    limits = Limits(options.time_limit, int(options.memory_limit * 2**20))
    results = _grade_all(found, options.out / "log.jsonl", limits, options.seed_secret)
    kept = best(results)
    write_grades(options.out / "grades.csv", kept)
    for student in found.students:
        write_feedback(options.out / "feedback", student, [one for one in kept if one.student == student])
    unread = [one for one in results if one.problem]
    graded = (
        f"{len(results) - len(unread)} of {len(results)} notebooks of {len(found.students)} students graded"
    )
    print(f"{graded}: {options.out / 'grades.csv'}")
    return SOME_UNREAD if unread else GRADED


def _grade_all(found: Collection, log: Path, limits: Limits, secret: str | None) -> list[Result]:
    results: list[Result] = []
    bar = tqdm(found.submissions, file=sys.stderr, unit="notebook", dynamic_ncols=True)
    for line in found.left_out:
        _say(bar, line)
    with Runner(limits) as runner:
        for submission in bar:
            result = grade_one(submission, Grader(runner, secret))
            append_log(log, result)
            for line in _remarks(result, results):
                _say(bar, f"{result.file}: {line}")
            results.append(result)
    return results


def grade_one(submission: Submission, grader: Grader) -> Result:
    """Grade one notebook. Whatever is wrong with it ends here."""
    runner, notes, digest, problem = grader.runner, list[str](), "", None
    before, items = runner.cpu, list[Item]()
    try:
        digest = hashlib.sha256(submission.path.read_bytes()).hexdigest()
        items, notes = grader.grade(code_cells(submission.path), submission.topic, submission.student)
    except (Unreadable, OSError) as error:
        problem = str(error)
    except Exception as error:  # a fault of the grader: said so, and the others go on
        problem = f"the grader itself failed on it ({type(error).__name__}: {error})"
    items = items or blank(submission.topic, "")
    file = f"{submission.student}/{submission.path.name}"
    used = round(runner.cpu - before, 4)
    layers = tuple(runner.layers) if used else ()
    return Result(
        submission.student,
        submission.topic,
        file,
        digest,
        tuple(items),
        problem,
        tuple(notes),
        layers,
        used,
    )


def _remarks(result: Result, earlier: list[Result]) -> list[str]:
    """What the instructor should know of a notebook: one line a thing."""
    lines = [result.problem] if result.problem else []
    lines += [f"{item.name}: {item.lost}" for item in result.items if item.lost]
    if any((one.student, one.lesson) == (result.student, result.lesson) for one in earlier):
        lines.append(f"another notebook of {result.lesson} by {result.student}: the better one counts")
    return [*lines, *result.notes]


def _say(bar: tqdm, line: str) -> None:
    bar.write("".join(char if char.isprintable() else "?" for char in line), file=sys.stderr)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise ValueError
    return value


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return USAGE

"""Results, marks, tables and zips for the tests of what goes in and out."""

import argparse
import zipfile
from dataclasses import replace

from coursekit.grading.options import Options, add_arguments
from coursekit.grading.result import Item, Mark, Result

ITEMS = (
    Item("feature_means", "exercise", "passed", 1.0, 1),
    Item("what_is_a_row", "question", "failed", 0.0, 1, "A row is an example & not <a feature>."),
    Item("what_failed", "question", "not attempted", 0.0, 1),
)


def result(student="ann", points=1.0, lesson="start_here", **fields):
    """A result whose first item earned `points`."""
    first = Item("feature_means", "exercise", "passed" if points == 1 else "partly right", points, 1)
    given = {"file": f"{student}/00_start_here.ipynb", "sha256": "ab", "items": (first, *ITEMS[1:])}
    return Result(student=student, lesson=lesson, **given | fields)


def mark(student="ann", points=1.0, **fields):
    one = result(student, points, **fields)
    return Mark(one, one.points, one.max)


def table(file, *rows, encoding="utf-8", newline="\n"):
    """A CSV file of lines as they are."""
    file.write_bytes(newline.join([*rows, ""]).encode(encoding))
    return file


def options(*words, out="out", **rules):
    """The options of a command line, and what course.toml says."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return replace(Options.of(parser.parse_args(["submissions", "--out", str(out), *words])), **rules)


def zipped(file, content):
    """A zip of name → text or bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return file

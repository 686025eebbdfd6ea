"""`python3 course.py VERB`: the verbs of instructors and maintainers, and the student's."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nnutils import cli

VERBS = {  # as in nnutils.cli
    "new": ("coursekit.authoring.new", "write the skeleton of a lesson and its row in the map"),
    "lint": ("coursekit.authoring.lint", "say in sentences which rules a lesson breaks, in seconds"),
    "build": (
        "coursekit.authoring.build",
        "write solutions/ and notebooks/ from lessons/, or say what is stale",
    ),
    "steady": (
        "coursekit.authoring.steady",
        "say which printed numbers move on another processor, or when weights change in their last digits",
    ),
    "replicate": (
        "coursekit.authoring.replicate",
        "run lessons with fresh seeds and say in how many of them each claim holds",
    ),
    "table": (
        "coursekit.authoring.table",
        "measure what every lesson costs and write the README's table of lessons",
    ),
    "site": (
        "coursekit.site.build",
        "build the course as a static site: lessons with folded answers, guides, library, glossary",
    ),
    "body": (
        "coursekit.authoring.body",
        "train the networks that come with the package for lesson 18, and write them to nnutils/data/bodies",
    ),
    "release": (
        "coursekit.authoring.release",
        "write the bundle that students get, and prove that no answer is inside",
    ),
    "autograder": (
        "coursekit.authoring.autograder",
        "write the autograder.zip of a lesson that Gradescope takes",
    ),
    "self-test": (
        "coursekit.grading.self_test",
        "grade the solutions, the untouched copies and every mistake, to see whether the grader can be trusted",
    ),
    "grade": ("coursekit.grading.grade", "grade a folder of submissions"),
    **cli.VERBS,
    # in the whole course these two take the notebooks from lessons/ and from git
    **{verb: (f"coursekit.authoring.{verb}", cli.VERBS[verb][1]) for verb in ("reset", "update")},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    return cli.main(arguments, VERBS, "course.py")


if __name__ == "__main__":
    sys.exit(main())

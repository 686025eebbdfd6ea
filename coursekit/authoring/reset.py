"""`python3 course.py reset` in the whole course: the new copy of a lesson is made from lessons/."""

from __future__ import annotations

import argparse
from functools import partial

from coursekit.authoring.build import student_text
from coursekit.authoring.lesson import lessons
from nnutils import reset

add_arguments = reset.add_arguments


def run(options: argparse.Namespace) -> int:
    """Write new copies; returns the exit code."""
    originals = {lesson.name: partial(student_text, lesson) for lesson in lessons()}
    return reset.run(options, originals)

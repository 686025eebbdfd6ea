"""The course's own version of an earlier exercise, for an answer that needs it: code in a namespace of its own."""

from __future__ import annotations

from collections.abc import Mapping

from nnutils.checks.catalogue import reached
from nnutils.checks.exercise import Exercise
from nnutils.checks.help import answer_source

COURSE = "code of the course"
Step = tuple[str, int, str]  # file, first line, source


def lent_program(lent: Mapping[str, Exercise]) -> list[Step]:
    """The steps that bind each name to the course's version of an exercise.

    What a version calls in its turn is bound in its own namespace and not in the answer's.
    """
    return [(COURSE, 1, _bound(name, lent[name])) for name in sorted(lent)]


def _bound(name: str, exercise: Exercise) -> str:
    """One line that binds a name. The namespace of the code is not kept under a name."""
    sources = "\n".join(answer_source(one) for one in reached(exercise))
    return (
        f"{name} = (lambda world: exec({sources!r}, world) or world[{exercise.name!r}])"
        "({'np': __import__('numpy'), '__name__': 'course'})"
    )

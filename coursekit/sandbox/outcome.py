"""What an answer did, as far as its child can be believed."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursekit.sandbox.codec import RESULT_BYTES, CodecError
from nnutils.checks.exercise import Arguments
from nnutils.checks.run import Failure, Run

LOST = ("TimeLimit", "ProcessEnded")  # what only the grader's side can know


@dataclass(frozen=True)
class Outcome:
    """What an answer did. `lost` says how its child was lost, where it was; the cases not run then carry that failure, too."""

    runs: Sequence[Run]
    callables: Sequence[str] = ()
    lost: str | None = None


def checked(run: Any, case: Arguments, size: int) -> Run:
    """What a child says it did, where that can be: arguments that there are, a failure of its own code, a size within limits.

    Raises
    ------
    CodecError: it cannot be.
    """
    if not isinstance(run, Run) or not {*run.changed, *run.shared} <= {*case}:
        raise CodecError("an answer's message is no run")
    if size > 2 * RESULT_BYTES:
        raise CodecError("an answer sends too much")
    return run if run.failure is None else replace(run, result=None, failure=credible(run.failure))


def credible(failure: Failure) -> Failure:
    """A failure that a child tells of. How it was lost it cannot tell: that is a CodecError."""
    if failure.kind in LOST:
        raise CodecError("an answer tells how its process was lost")
    return failure


def discreet(outcome: Outcome) -> Outcome:
    """Without the texts that an answer chooses: it ran beside the course's version of another one, and could tell it."""
    runs = [replace(run, failure=run.failure and _bare(run.failure)) for run in outcome.runs]
    return Outcome(runs, outcome.callables, outcome.lost)


def _bare(failure: Failure) -> Failure:
    known = isinstance(getattr(builtins, failure.kind, None), type) or failure.kind in LOST
    lines = tuple((number, "") for number, _ in failure.lines if 0 < number < 10_000)
    return Failure(
        failure.kind if known else "an error of its own",
        failure.message if failure.kind in LOST else "",
        lines,
        tuple(name for name in failure.bases if isinstance(getattr(builtins, name, None), type)),
    )
